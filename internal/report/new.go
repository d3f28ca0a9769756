package report

import (
	"fmt"
	"strings"

	"github.com/poollint/poollint/internal/finding"
)

// KeepNew drops the findings of which nothing is new: neither a line of their own nor that of
// a witness. Where a witness alone is new, the message says which. The condition is asked
// whether any of some lines of a file is new.
func (r *Report) KeepNew(isNew func(file string, first, last int) bool) {
	for i := range r.Findings {
		f := &r.Findings[i]
		if isNew(f.Pos.Filename, f.Pos.Line, f.End.Line) {
			continue
		}
		for _, w := range f.Witnesses {
			if isNew(w.Pos.Filename, w.Pos.Line, w.Pos.Line) {
				f.New = append(f.New, w)
			}
		}
		if len(f.New) > 0 {
			f.Message += "; new here: " + r.enumerate(f.New)
		}
	}
	r.Keep(func(f finding.Located) bool {
		return len(f.New) > 0 || isNew(f.Pos.Filename, f.Pos.Line, f.End.Line)
	})
}

// maxWitnesses is how many witnesses a message names.
const maxWitnesses = 3

// enumerate names the functions of witnesses, each with its first place.
func (r *Report) enumerate(witnesses []finding.Witness) string {
	var names []string
	seen := map[finding.Witness]bool{}
	for _, w := range witnesses {
		name := fmt.Sprintf("%s:%d", r.Path(w.Pos.Filename), w.Pos.Line)
		if w.In != "" {
			name = fmt.Sprintf("%s (%s)", w.In, name)
			w.Pos.Line, w.Pos.Column, w.Pos.Offset = 0, 0, 0
		}
		if !seen[w] {
			seen[w] = true
			names = append(names, name)
		}
	}
	if more := len(names) - maxWitnesses; more > 0 {
		names = append(names[:maxWitnesses], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
