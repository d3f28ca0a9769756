package routes_test

import (
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/routes"
	"github.com/poollint/poollint/internal/ruletest"
)

// The cases want, at a handler, behind: the middlewares on a route to it, in their order.
func TestRoutes(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(routes.Analyzer, nil, func(pass *analysis.Pass, result any, say ruletest.Say) {
		for _, route := range result.(*routes.Package).Routes {
			for _, name := range pass.Pkg.Scope().Names() {
				fn, ok := pass.Pkg.Scope().Lookup(name).(*types.Func)
				if !ok || fn.FullName() != route.Of || !fn.Exported() {
					continue
				}
				behind := make([]string, len(route.Behind))
				for i, of := range route.Behind {
					behind[i] = strings.TrimPrefix(of, pass.Pkg.Path()+".")
				}
				say(fn.Pos(), "behind", "behind "+strings.Join(behind, ", "))
			}
		}
	})
	rule.Everywhere = true
	ruletest.Run(t, rule, "../../analyzers/tenantfilter/testdata/served", "testdata/*.txtar")
}
