package main

import (
	_ "embed"
	"math"
	"os"
	"strconv"
	"strings"
	"text/template"
)

// Sizes of the chart, in pixels.
const (
	chartLeft  = 460 // where the names end and the scale begins
	chartWidth = 1000
	chartRow   = 24 // the height of a subject
	chartHead  = 12
	chartFoot  = 44
	chartEdge  = 40 // beside the first and the last tick
)

//go:embed chart.svg
var chartText string

var chart = template.Must(template.New("chart").Parse(chartText))

// A chartData is what chart.svg draws.
type chartData struct {
	Width, Height, Left, Bottom int
	Ticks                       []chartTick
	Rows                        []chartRowData
}

type chartTick struct {
	X     float64
	Label string
}

// A chartRowData is a subject's wall times: a point, and a bar to the extremes.
type chartRowData struct {
	Name        string
	Own         bool // poollint itself
	Y           int
	Min, X, Max float64
	Median      string
}

// writeChart draws the wall times on a logarithmic scale, since they lie four
// orders of magnitude apart.
func writeChart(path string, subjects []*Subject, figures map[*Subject][]Figure) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	return chart.Execute(file, layOut(subjects, figures))
}

func layOut(subjects []*Subject, figures map[*Subject][]Figure) chartData {
	low, high := math.Inf(1), math.Inf(-1) // powers of ten
	for _, s := range subjects {
		t := spreadOf(figures[s], wall)
		low, high = min(low, math.Floor(math.Log10(t.Min))), max(high, math.Ceil(math.Log10(t.Max)))
	}
	x := func(seconds float64) float64 {
		share := (math.Log10(seconds) - low) / (high - low)
		return chartLeft + chartEdge + share*(chartWidth-chartLeft-2*chartEdge)
	}
	d := chartData{Width: chartWidth, Height: chartHead + chartRow*len(subjects) + chartFoot, Left: chartLeft}
	d.Bottom = d.Height - chartFoot
	for power := low; power <= high; power++ {
		value := math.Pow(10, power)
		d.Ticks = append(d.Ticks, chartTick{x(value), strconv.FormatFloat(value, 'g', -1, 64)})
	}
	for i, s := range subjects {
		t := spreadOf(figures[s], wall)
		d.Rows = append(d.Rows, chartRowData{
			Name: s.Name, Own: strings.HasPrefix(s.Name, "poollint"),
			Y:   chartHead + chartRow*i + chartRow/2,
			Min: x(t.Min), X: x(t.Median), Max: x(t.Max), Median: strconv.FormatFloat(t.Median, 'g', 3, 64),
		})
	}
	return d
}
