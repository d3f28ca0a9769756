package watch

import (
	"fmt"
	"strconv"
	"strings"
)

// The plot's size, and where its axes stand, in pixels.
const (
	plotWidth  = 1040
	plotHeight = 370
	plotLeft   = 40
	plotRight  = plotWidth - 8
	plotTop    = 14
	plotBottom = plotHeight - 46
)

// colors of the packages, in order; further ones begin again.
var colors = []string{"#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#edc948", "#76b7b2", "#9c755f", "#bab0ac"}

func color(group int) string { return colors[group%len(colors)] }

// A plot is the connections over time, in pixels, as plot.svg draws them: the packages
// on top of each other, the limits as lines.
type plot struct {
	Width, Height            int
	Left, Right, Top, Bottom int // the axes
	Xs, Ys                   []tick
	Areas                    []area
	Limits                   []limit
}

// A tick is a value on an axis.
type tick struct {
	At    float64
	Label string
}

// An area is the connections of a package.
type area struct {
	Title, Color string
	Path         string // the d of an SVG path
}

// A limit is a number of connections that has a name.
type limit struct {
	Class, Label string
	At           float64
}

// scale turns values into pixels: zero is at from, end at to.
type scale struct{ from, to, end float64 }

func (s scale) at(value float64) float64 { return s.from + value/s.end*(s.to-s.from) }

// plot lays out the connections over time.
func (r *report) plot() plot {
	x := scale{plotLeft, plotRight, max(r.Seconds, 0.1)}
	usable := r.Server.Usable()
	top := float64(max(r.Total.Peak, r.Limits.Max, 1)) * 1.15
	near := float64(usable) <= 3*top // else its line would leave the packages no room
	if near {
		top = max(top, float64(usable)*1.1)
	}
	y := scale{plotBottom, plotTop, top}
	p := plot{
		Width: plotWidth, Height: plotHeight, Left: plotLeft, Right: plotRight, Top: plotTop, Bottom: plotBottom,
		Xs: ticks(x, 0.1), Ys: ticks(y, 1),
		Limits: []limit{{"max", fmt.Sprintf("-max %d", r.Limits.Max), y.at(float64(r.Limits.Max))}},
	}
	if near {
		p.Limits = append(p.Limits, limit{"server", fmt.Sprintf("the server takes %d", usable), y.at(float64(usable))})
	}
	// The highest sum first, so that each package covers the part below its own.
	for last := len(r.Groups) - 1; last >= 0; last-- {
		g := r.Groups[last]
		p.Areas = append(p.Areas, area{fmt.Sprintf("%s: at most %d", g.title(), g.Peak), color(last), r.path(last, x, y)})
	}
	return p
}

// path draws the sum of the groups up to last over time: each value holds until the next.
func (r *report) path(last int, x, y scale) string {
	var d strings.Builder
	fmt.Fprintf(&d, "M%.1f %.1f", x.at(0), y.at(0))
	end := x.end
	for _, s := range r.Samples {
		sum := 0
		for _, g := range r.Groups[:last+1] {
			sum += s.Packages[g.Name]
		}
		fmt.Fprintf(&d, "H%.1fV%.1f", x.at(s.At), y.at(float64(sum)))
		end = max(end, s.At)
	}
	fmt.Fprintf(&d, "H%.1fV%.1fZ", x.at(end), y.at(0))
	return d.String()
}

// ticks returns round values from 0 to the scale's end, some ten at most and no finer
// than step.
func ticks(s scale, step float64) []tick {
	const most = 12
	for factors, i := []float64{2, 2.5, 2}, 0; s.end/step > most; i++ {
		step *= factors[i%len(factors)] // 1, 2, 5, 10, 20 …
	}
	var ticks []tick
	for value := 0.0; value <= s.end; value += step {
		ticks = append(ticks, tick{s.at(value), strconv.FormatFloat(value, 'g', 4, 64)})
	}
	return ticks
}
