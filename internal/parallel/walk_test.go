package parallel_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/ruletest"
)

func TestWalkEndsAtTheBound(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(parallel.Analyzer, nil, func(_ *analysis.Pass, result any, _ ruletest.Say) {
		pkg := result.(*parallel.Package)
		visits := func(left int) (visited, rest int) {
			for _, test := range pkg.Tests {
				pkg.Walk(test.Func, &left, func(*flow.Func, parallel.Where) { visited++ })
			}
			return visited, left
		}
		all, rest := visits(100)
		if all != 3 || rest != 100-5 {
			t.Errorf("%d functions were visited, %d of 100 calls are left", all, rest)
		}
		if visited, rest := visits(3); visited != 2 || rest > 0 {
			t.Errorf("of 3 functions %d were visited, %d calls are left", visited, rest)
		}
	})
	rule.Everywhere = true
	ruletest.Run(t, rule, "../../analyzers/newpool/testdata", "testdata/bound.txtar")
}
