package ownership_test

import (
	"fmt"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/ruletest"
)

// Beside facts the cases want, at a call, handle: what it obtains and what becomes of
// it. Those of packages named details want more: who holds the handle and the error,
// who is to blame, which handles are passed on unless there is an error, and which fields
// are released; those of packages named callees, what is
// called.
func TestFunctions(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(ownership.Analyzer, nil, func(pass *analysis.Pass, result any, say ruletest.Say) {
		pkg, details, callees := result.(*ownership.Package), pass.Pkg.Name() == "details", pass.Pkg.Name() == "callees"
		for _, h := range pkg.Handles {
			say(h.Expr().Pos(), "handle", fmt.Sprintf("%v %s", h.Kind, fate(h)))
			if callees {
				say(h.Expr().Pos(), "callee", h.Callee)
			}
			if details && h.Fate.Passed {
				say(h.Expr().Pos(), "passed", "on")
			}
			if details {
				say(h.Expr().Pos(), "held", fmt.Sprintf("by %s, error %s, given by %s in %s", name(h.Holder), name(h.Err), function(h.Giver()), function(h.In())))
			}
		}
		for _, of := range pass.AllObjectFacts() {
			if fact, ok := of.Fact.(*ownership.Func); ok && of.Object.Pkg() == pass.Pkg && len(fact.Gives) == 0 {
				say(of.Object.Pos(), "fact", "that says nothing")
			}
		}
		for _, obj := range pass.TypesInfo.Defs {
			if field, ok := obj.(*types.Var); ok && details && field.IsField() && releases(pkg, field) {
				say(field.Pos(), "released", field.Name())
			}
		}
	})
	ruletest.Run(t, rule, "../../analyzers/newpool/testdata", "testdata/*.txtar")
}

func releases(pkg *ownership.Package, field *types.Var) bool {
	all, _ := pkg.Releases(field, new(flow.Func))
	return len(all) > 0
}

func name(v *types.Var) string {
	if v == nil {
		return "none"
	}
	return v.Name()
}

func function(f *flow.Func) string {
	if f.Obj == nil {
		return "a literal"
	}
	return f.Obj.Name()
}

func fate(h *ownership.Handle) string {
	f := h.Fate
	parts := []string{}
	add := func(is bool, text string) {
		if is {
			parts = append(parts, text)
		}
	}
	add(h.Dropped, "dropped")
	add(f.Released(), "released")
	add(len(f.OnError) > 0, "released on errors")
	add(f.Returned != 0, "returned")
	add(f.Closers != 0, "closed by a result")
	add(f.Lasting, "kept for good")
	add(f.Kept && !f.Lasting, "kept")
	add(f.Lost(), "lost")
	add(len(f.Later) > 0, "used later")
	return strings.Join(parts, ", ")
}
