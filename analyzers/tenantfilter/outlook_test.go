package tenantfilter

import (
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/finding"
)

// Where row-level security limits most tables, and nobody has said whether to trust it, one note
// for the whole run says so.
func TestPolicyNote(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		all  []outlook
		note string
	}{
		"most tables":     {[]outlook{{Judged: true, Queries: 3, Scoped: 5, Guarded: 3}}, "3 of 5"},
		"in each package": {[]outlook{{Judged: true, Scoped: 2, Guarded: 2}, {Judged: true, Scoped: 2, Guarded: 2}}, "2 of 2"},
		"half of them":    {[]outlook{{Judged: true, Queries: 3, Scoped: 4, Guarded: 2}}, ""},
		"none":            {[]outlook{{Judged: true, Queries: 3, Scoped: 4}}, ""},
	} {
		var evidence []finding.Evidence
		for _, o := range c.all {
			evidence = append(evidence, finding.Evidence{Data: o})
		}
		notes := notesOf(evidence)
		switch {
		case c.note == "" && len(notes) > 0:
			t.Errorf("%s: %q, want none", name, notes[0].Text)
		case c.note != "" && (len(notes) != 1 || !strings.Contains(notes[0].Text, c.note) || !strings.Contains(notes[0].Text, "rls: trust")):
			t.Errorf("%s: %v, want one note with %q", name, notes, c.note)
		}
	}
}
