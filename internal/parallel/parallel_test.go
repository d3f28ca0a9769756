package parallel_test

import (
	"fmt"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/ruletest"
)

// Beside facts the cases want, at a test, test: whether it runs in parallel; at a
// call of mark, runs: the test that leads to it, and in what it runs.
func TestWhere(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(parallel.Analyzer, nil, func(_ *analysis.Pass, result any, say ruletest.Say) {
		pkg := result.(*parallel.Package)
		left := parallel.MaxCalls
		for _, test := range pkg.Tests {
			say(test.Func.Decl.Name.Pos(), "test", map[bool]string{true: "parallel", false: "serial"}[test.Parallel])
			pkg.Walk(test.Func, &left, func(f *flow.Func, at parallel.Where) {
				for _, call := range f.Calls {
					if call.Fn != nil && call.Fn.Name() == "mark" {
						say(call.Expr.Pos(), "runs", test.Name+where(at))
					}
				}
			})
		}
	})
	rule.Everywhere = true
	ruletest.Run(t, rule, "../../analyzers/newpool/testdata", "testdata/where.txtar")
}

func where(at parallel.Where) (s string) {
	if at.Parallel {
		s += " parallel"
	}
	if at.Repeated {
		s += " repeated"
	}
	if at.Depth > 0 {
		s += fmt.Sprintf(" depth %d", at.Depth)
	}
	return s
}
