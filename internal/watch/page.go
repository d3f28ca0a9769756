package watch

import (
	"embed"
	"html/template"
	"io"
	"strings"
)

//go:embed page.html plot.svg
var templates embed.FS

var page = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"join":  func(words []string) string { return strings.Join(words, " ") },
	"names": func(names []string) string { return strings.Join(names, ", ") },
	"color": color,
}).ParseFS(templates, "*"))

// pageData is what the page shows beside the report itself.
type pageData struct {
	*report
	Plot     plot
	Lines    []line
	Findings []string
	Common   string // what the packages' import paths begin with
}

// Subject and Text are what the page shows of a line.
func (l line) Subject() string { return l.subject }
func (l line) Text() string    { return l.text }

// Title and Ended are what the page shows of a group.
func (g groupReport) Title() string { return g.title() }
func (g groupReport) Ended() string { return g.atEnd() }

// writePage writes the report as one HTML file that needs nothing else.
func (r *report) writePage(w io.Writer) error {
	return page.Execute(w, pageData{report: r, Plot: r.plot(), Lines: r.lines(), Findings: r.findings(), Common: r.common})
}
