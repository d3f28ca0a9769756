package main

import (
	"fmt"
	"io"
)

// writeTable writes one Markdown row a subject.
func writeTable(w io.Writer, subjects []*Subject, figures map[*Subject][]Figure) {
	fmt.Fprintf(w, "| what | wall, s: median (min–max) | CPU, s | peak, MiB | runs |\n|---|---|---|---|---|\n")
	for _, s := range subjects {
		t := spreadOf(figures[s], wall)
		fmt.Fprintf(w, "| %s | %.3f (%.3f–%.3f) | %.2f | %.0f | %d |\n",
			s.Name, t.Median, t.Min, t.Max, spreadOf(figures[s], cpu).Median, spreadOf(figures[s], peak).Median, len(figures[s]))
	}
}

// A ratio compares the medians of two subjects.
type ratio struct {
	what     string
	of       func(Figure) float64
	over, by string // the names of the subjects
}

var ratios = []ratio{
	{"first run: golangci-lint's time to poollint's", wall, golangciFirst, first},
	{"first run: go vet -vettool's time to poollint's", wall, vettoolFirst, first},
	{"first run: go vet -vettool's time to that of go vet's own analyzers", wall, vettoolFirst, vetFirst},
	{"first run: poollint's time to go list -export's", wall, first, listExport},
	{"first run: poollint's peak to golangci-lint's", peak, first, golangciFirst},
	{"hot: go vet's time to poollint's", wall, vetHot, hot},
	{"hot: poollint's time to go list's", wall, hot, list},
	{"one file edited: poollint's time to go vet's", wall, edited, vetEdited},
	{"empty build cache: go list -export's time to poollint's", wall, compiled, cold},
	{"empty build cache: poollint's time with kept types to that without", wall, coldKept, cold},
}

// writeRatios writes one Markdown row a ratio whose subjects were measured.
func writeRatios(w io.Writer, subjects []*Subject, figures map[*Subject][]Figure) {
	named := map[string][]Figure{}
	for _, s := range subjects {
		named[s.Name] = figures[s]
	}
	fmt.Fprintf(w, "| ratio of medians | |\n|---|---|\n")
	for _, r := range ratios {
		over, by := named[r.over], named[r.by]
		if len(over) > 0 && len(by) > 0 {
			fmt.Fprintf(w, "| %s | %.2f |\n", r.what, spreadOf(over, r.of).Median/spreadOf(by, r.of).Median)
		}
	}
}
