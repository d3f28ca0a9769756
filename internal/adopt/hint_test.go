package adopt

import (
	"slices"
	"testing"

	"github.com/poollint/poollint/internal/finding"
)

// A hint is for whoever has many openers to move, and counts those that fail the run.
func TestHint(t *testing.T) {
	t.Parallel()
	many := slices.Repeat([]finding.Located{{Rule: "newpool", Severity: finding.Warning}}, worthwhile)
	few := many[1:]
	for name, c := range map[string]struct {
		findings []finding.Located
		want     string
	}{
		"many":       {many, "poollint adopt shows, as a diff, which of the 10 openers it can move to shared pools"},
		"few":        {few, ""},
		"infos":      {append(few[:len(few):len(few)], finding.Located{Rule: "newpool", Severity: finding.Info}), ""},
		"suppressed": {append(few[:len(few):len(few)], finding.Located{Rule: "newpool", Severity: finding.Warning, Suppressed: "why"}), ""},
		"others":     {append(few[:len(few):len(few)], finding.Located{Rule: "poollimit", Severity: finding.Warning}), ""},
	} {
		if got := Hint(c.findings); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
