package isolation_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/isolation"
	"github.com/poollint/poollint/internal/ruletest"
	"github.com/poollint/poollint/internal/testscope"
)

// Beside facts the cases want, at a test, left: what becomes of what it writes; at a call of
// Exec, effect: what its SQL does to tables.
func TestFunctions(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(isolation.Analyzer, nil, func(pass *analysis.Pass, result any, say ruletest.Say) {
		pkg := result.(*isolation.Package)
		for _, f := range flow.Of(pass).Funcs() {
			if f.Obj != nil && f.When&testscope.PerTest != 0 && strings.HasPrefix(f.Obj.Name(), "Test") {
				say(f.Decl.Name.Pos(), "left", left(pkg, f))
			}
			for _, call := range f.Calls {
				if call.Fn != nil && call.Fn.Name() == "Exec" {
					effect, _ := pkg.EffectOfCall(call)
					say(call.Expr.Pos(), "effect", effect.String())
				}
			}
		}
	})
	rule.Everywhere, rule.Requires = true, append(rule.Requires, flow.Analyzer)
	ruletest.Run(t, rule, "../../analyzers/newpool/testdata", "testdata/*.txtar")
}

func left(pkg *isolation.Package, f *flow.Func) string {
	switch {
	case pkg.RollsBack(f):
		return "rolled back"
	case pkg.Cleans(f):
		return "cleaned"
	}
	return "there"
}
