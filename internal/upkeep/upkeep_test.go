package upkeep_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ruletest"
	"github.com/poollint/poollint/internal/upkeep"
)

// At a call of Exec the cases want what runs it on its own, or that it may be for somebody.
func TestOwn(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(upkeep.Analyzer, nil, func(pass *analysis.Pass, result any, say ruletest.Say) {
		pkg, graph := result.(*upkeep.Package), upkeep.Graph{}
		graph.Add(pkg.Calls)
		for _, f := range flow.Of(pass).Funcs() {
			for _, call := range f.Calls {
				if call.Fn == nil || call.Fn.Name() != "Exec" {
					continue
				}
				own := graph.Own(pkg.Callers(call.Expr), false)
				if own == "" {
					own = "for somebody"
				}
				say(call.Expr.Pos(), "run", own)
			}
		}
	})
	rule.Requires = append(rule.Requires, flow.Analyzer)
	ruletest.Run(t, rule, "../../analyzers/tenantfilter/testdata", "testdata/*.txtar")
}
