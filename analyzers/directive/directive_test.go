package directive

import (
	"fmt"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/passtest"
)

// By itself the analyzer judges the form of directives, after rules what they silence too.
func TestAnalyzer(t *testing.T) {
	t.Parallel()
	form := []string{
		"7: this silences nothing; write //poollint:ignore newpool -- a space",
		"10: there is no rule newpol; did you mean newpool?",
		"13: the directive gives no reason and silences nothing; write //poollint:ignore RULE -- reason",
	}
	silent := &analysis.Analyzer{
		Name: "newpool", Doc: "newpool finds nothing",
		Run: func(*analysis.Pass) (any, error) { return nil, nil },
	}
	for name, c := range map[string]struct {
		analyzer *analysis.Analyzer
		want     []string
	}{
		"alone":        {Analyzer, form},
		"after a rule": {New([]*analysis.Analyzer{silent}).Analyzer, append([]string{"4: the directive silences no finding of newpool; remove it"}, form...)},
	} {
		for _, pkg := range passtest.Analyse(t, c.analyzer, "testdata", "./...") {
			var got []string
			for _, f := range pkg.Result.(*finding.Result).Findings {
				got = append(got, fmt.Sprintf("%d: %s", pkg.Fset.Position(f.Pos).Line, f.Message))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
	}
}
