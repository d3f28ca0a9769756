package main

import (
	"fmt"
	"io"
)

// writeTable writes one Markdown row a subject. The ratio is that of the median
// wall times, against the subject named base.
func writeTable(w io.Writer, subjects []*Subject, figures map[*Subject][]Figure, base *Subject) {
	unit := spreadOf(figures[base], wall).Median
	fmt.Fprintf(w, "| what | wall, s: median (min–max) | ratio | CPU, s | peak, MiB | runs |\n|---|---|---|---|---|---|\n")
	for _, s := range subjects {
		t := spreadOf(figures[s], wall)
		fmt.Fprintf(w, "| %s | %.2f (%.2f–%.2f) | %.2f | %.2f | %.0f | %d |\n",
			s.Name, t.Median, t.Min, t.Max, t.Median/unit,
			spreadOf(figures[s], cpu).Median, spreadOf(figures[s], peak).Median, len(figures[s]))
	}
	fmt.Fprintf(w, "\nThe ratio is to %q.\n", base.Name)
}
