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
	plotLeft   = 64
	plotRight  = plotWidth - 165 // the limits' labels stand beside the plot
	plotTop    = 14
	plotBottom = plotHeight - 50
	lineHeight = 18
)

// colors is how many colours the page has for packages. Further packages begin again.
const colors = 8

// color returns the class of a group's colour.
func color(group int) string { return fmt.Sprintf("c%d", group%colors) }

// A plot is the connections over time, in pixels, as plot.svg draws them: the packages
// on top of each other, the limits as lines.
type plot struct {
	Width, Height            int
	Left, Right, Top, Bottom int // the axes
	Xs, Ys                   []tick
	Axis                     string // what the horizontal axis shows
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
	LabelAt      float64 // apart from the other's
}

// scale turns values into pixels: zero is at from, end at to.
type scale struct{ from, to, end float64 }

func (s scale) at(value float64) float64 { return s.from + value/s.end*(s.to-s.from) }

// plot lays out the connections over time.
func (r *report) plot() plot {
	x := scale{plotLeft, plotRight, max(r.Seconds, 0.1)}
	usable := r.Server.Usable()
	top := float64(max(r.Total.Peak, r.Limits.Limit, 1)) * 1.15
	near := float64(usable) <= 3*top // else its line would leave the packages no room
	if near {
		top = max(top, float64(usable)*1.1)
	}
	y := scale{plotBottom, plotTop, top}
	p := plot{
		Width: plotWidth, Height: plotHeight, Left: plotLeft, Right: plotRight, Top: plotTop, Bottom: plotBottom,
		Xs: ticks(x, 0.1), Ys: ticks(y, 1), Axis: "seconds from the start of the command",
		Limits: []limit{newLimit("max", fmt.Sprintf("-limit %d", r.Limits.Limit), y.at(float64(r.Limits.Limit)))},
	}
	if r.Before > 0 {
		p.Axis = "seconds from the start of the first test binary"
	}
	if near {
		p.Limits = append(p.Limits, newLimit("server", fmt.Sprintf("server takes %d", usable), y.at(float64(usable))))
		setApart(&p.Limits[0].LabelAt, &p.Limits[1].LabelAt)
	}
	// The highest sum first, so that each package covers the part below its own.
	for last := len(r.Groups) - 1; last >= 0; last-- {
		g := r.Groups[last]
		p.Areas = append(p.Areas, area{fmt.Sprintf("%s: at most %d", g.title(), g.Peak), color(last), r.path(last, x, y)})
	}
	return p
}

func newLimit(class, label string, at float64) limit { return limit{class, label, at, at} }

// setApart moves two labels until they are a line apart, within the plot.
func setApart(a, b *float64) {
	if *a < *b {
		a, b = b, a // a is the lower one
	}
	if missing := lineHeight - (*a - *b); missing > 0 {
		*a += missing / 2
		*b -= missing / 2
	}
	if below := *a - plotBottom; below > 0 {
		*a -= below
		*b -= below
	}
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
		ticks = append(ticks, tick{s.at(value), strconv.FormatFloat(value, 'g', 10, 64)})
	}
	return ticks
}
