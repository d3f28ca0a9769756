package main

import (
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// spreads are the wall times of subjects: a point each, and bars to the extremes.
type spreads []spread

func (s spreads) Len() int                    { return len(s) }
func (s spreads) XY(i int) (x, y float64)     { return s[i].Median, float64(i) }
func (s spreads) XError(i int) (a, b float64) { return s[i].Median - s[i].Min, s[i].Max - s[i].Median }

// writeChart draws the wall times on a logarithmic scale, since they lie four
// orders of magnitude apart.
func writeChart(path string, subjects []*Subject, figures map[*Subject][]Figure) error {
	p := plot.New()
	p.X.Label.Text = "wall time, s"
	p.X.Scale = plot.LogScale{}
	p.X.Tick.Marker = plot.LogTicks{Prec: -1}
	var times spreads
	var names []string
	for _, s := range slices.Backward(subjects) { // the first on top
		times = append(times, spreadOf(figures[s], wall))
		names = append(names, s.Name)
	}
	points, err := plotter.NewScatter(times)
	if err != nil {
		return err
	}
	points.GlyphStyle.Shape = draw.CircleGlyph{}
	points.GlyphStyle.Radius = vg.Points(4)
	bars, err := plotter.NewXErrorBars(times)
	if err != nil {
		return err
	}
	p.Add(plotter.NewGrid(), bars, points)
	p.NominalY(names...)
	return p.Save(11*vg.Inch, vg.Length(len(subjects)+3)*0.27*vg.Inch, path)
}
