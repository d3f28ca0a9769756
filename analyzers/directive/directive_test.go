package directive

import (
	"fmt"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/passtest"
	"github.com/poollint/poollint/internal/ruletest"
)

// silent is a rule that finds nothing.
var silent = &analysis.Analyzer{
	Name: "newpool", Doc: "newpool finds nothing",
	Run: func(*analysis.Pass) (any, error) { return nil, nil },
}

func TestPage(t *testing.T) {
	t.Parallel()
	rule := New([]*analysis.Analyzer{silent})
	ruletest.Page(t, rule, ruletest.Run(t, rule, "testdata", "./..."))
}

// By itself the analyzer judges the form of directives, after rules what they silence too.
func TestAnalyzer(t *testing.T) {
	t.Parallel()
	form := []string{
		"11: this silences nothing; write //poollint:ignore newpool -- a space",
		"15: there is no rule newpol; did you mean newpool?",
		"19: the directive gives no reason and silences nothing; write //poollint:ignore RULE -- reason",
		"23: the directive names no rule; write //poollint:ignore RULE -- reason",
	}
	for name, c := range map[string]struct {
		analyzer *analysis.Analyzer
		want     []string
	}{
		"alone":        {Analyzer, form},
		"after a rule": {New([]*analysis.Analyzer{silent}).Analyzer, append([]string{"7: the directive silences no finding of newpool; remove it"}, form...)},
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
