package main

import (
	"os"

	"github.com/wcharczuk/go-chart/v2"
)

// writeChart draws the median wall times as bars.
func writeChart(path string, subjects []*Subject, figures map[*Subject][]Figure) error {
	graph := chart.BarChart{
		Title:      "wall time, seconds (median)",
		Width:      160 * len(subjects),
		Height:     480,
		BarWidth:   60,
		BarSpacing: 90,
		Background: chart.Style{Padding: chart.Box{Top: 50, Bottom: 20, Left: 20, Right: 20}},
		XAxis:      chart.Style{FontSize: 9, TextWrap: chart.TextWrapWord},
	}
	for _, s := range subjects {
		graph.Bars = append(graph.Bars, chart.Value{Label: s.Name, Value: spreadOf(figures[s], wall).Median})
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := graph.Render(chart.SVG, f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
