package watch

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
)

const (
	plotWidth  = 1040
	plotHeight = 380
)

// colors of the packages, in order; further ones begin again.
var colors = []drawing.Color{
	drawing.ColorFromHex("4e79a7"), drawing.ColorFromHex("f28e2b"), drawing.ColorFromHex("59a14f"), drawing.ColorFromHex("b07aa1"),
	drawing.ColorFromHex("edc948"), drawing.ColorFromHex("76b7b2"), drawing.ColorFromHex("9c755f"), drawing.ColorFromHex("bab0ac"),
}

var (
	colorMax    = drawing.ColorFromHex("d62728")
	colorUsable = drawing.ColorFromHex("222222")
)

func color(group int) drawing.Color { return colors[group%len(colors)] }

// plot draws the connections over time as SVG: the packages on top of each other,
// the limits as lines.
func (r *report) plot() (string, error) {
	end := max(r.Seconds, 0.1)
	top := float64(max(r.Total.Peak, r.Limits.Max)) * 1.15
	var series []chart.Series
	// The highest sum first, so that each package covers the part below its own.
	for last := len(r.Groups) - 1; last >= 0; last-- {
		times, counts := r.steps(last, end)
		series = append(series, chart.ContinuousSeries{
			Style:   chart.Style{StrokeColor: color(last), StrokeWidth: 1, FillColor: color(last)},
			XValues: times, YValues: counts,
		})
	}
	series = append(series, level(fmt.Sprintf("-max %d", r.Limits.Max), r.Limits.Max, end, colorMax)...)
	if usable := r.Server.Usable(); float64(usable) <= 3*top {
		top = max(top, float64(usable)*1.1)
		series = append(series, level(fmt.Sprintf("the server takes %d", usable), usable, end, colorUsable)...)
	}
	graph := chart.Chart{
		Width: plotWidth, Height: plotHeight,
		Background: chart.Style{Padding: chart.Box{Top: 16, Left: 16, Right: 16, Bottom: 16}},
		XAxis:      chart.XAxis{Name: "seconds", Range: &chart.ContinuousRange{Max: end}, Ticks: ticks(end, 0.1)},
		YAxis:      chart.YAxis{AxisType: chart.YAxisSecondary, Range: &chart.ContinuousRange{Max: top}, Ticks: ticks(top, 1)},
		Series:     series,
	}
	var svg bytes.Buffer
	if err := graph.Render(chart.SVG, &svg); err != nil {
		return "", fmt.Errorf("plot the connections: %w", err)
	}
	return strings.Replace(svg.String(), "<svg ", `<svg role="img" aria-label="connections over time" `, 1), nil
}

// steps returns the sum of the groups up to last over time: each value holds until the next.
func (r *report) steps(last int, end float64) (times, counts []float64) {
	add := func(at float64, count int) {
		times, counts = append(times, at), append(counts, float64(count))
	}
	add(0, 0)
	before := 0
	for _, s := range r.Samples {
		sum := 0
		for _, g := range r.Groups[:last+1] {
			sum += s.Packages[g.Name]
		}
		add(s.At, before)
		add(s.At, sum)
		before = sum
	}
	add(max(end, times[len(times)-1]), before)
	return times, counts
}

// ticks returns round values from 0 to end, some ten at most and no finer than step.
func ticks(end, step float64) []chart.Tick {
	const most = 12
	for factors, i := []float64{2, 2.5, 2}, 0; end/step > most; i++ {
		step *= factors[i%len(factors)] // 1, 2, 5, 10, 20 …
	}
	var ticks []chart.Tick
	for value := 0.0; value <= end; value += step {
		ticks = append(ticks, chart.Tick{Value: value, Label: strconv.FormatFloat(value, 'g', 4, 64)})
	}
	return ticks
}

// level draws a limit and names it.
func level(name string, value int, end float64, color drawing.Color) []chart.Series {
	y := float64(value)
	return []chart.Series{
		chart.ContinuousSeries{
			Style:   chart.Style{StrokeColor: color, StrokeWidth: 1.5, StrokeDashArray: []float64{6, 4}},
			XValues: []float64{0, end}, YValues: []float64{y, y},
		},
		chart.AnnotationSeries{
			Style:       chart.Style{StrokeColor: color, FontColor: color, FontSize: 9},
			Annotations: []chart.Value2{{XValue: 0, YValue: y, Label: name}},
		},
	}
}
