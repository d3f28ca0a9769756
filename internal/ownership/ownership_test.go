package ownership_test

import (
	"fmt"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/ruletest"
	"github.com/poollint/poollint/internal/testscope"
)

// Beside facts, which name parameters, the cases want, at a call, handle: what it
// obtains and what becomes of it.
func TestFunctions(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(ownership.Analyzer, describe, func(_ *analysis.Pass, result any, say ruletest.Say) {
		for _, h := range result.(*ownership.Package).Handles {
			say(h.Expr().Pos(), "handle", fmt.Sprintf("%v %s", h.Kind, fate(h)))
		}
	})
	ruletest.Run(t, rule, "../../analyzers/newpool/testdata", "testdata/*.txtar")
}

// describe says what a function does with its parameters, by name, running tests left out.
func describe(o types.Object, fact analysis.Fact) string {
	f := fact.(*ownership.Func)
	var parts []string
	for _, g := range f.Gives {
		parts = append(parts, g.String())
	}
	names := func(verb string, set ownership.Set) {
		sig := o.(*types.Func).Signature()
		for i := range sig.Params().Len() + 1 {
			v := sig.Recv()
			if i > 0 {
				v = sig.Params().At(i - 1)
			}
			if set.Has(i) && !testscope.IsTB(v.Type()) { // t.Cleanup sounds like a release
				parts = append(parts, verb+" "+v.Name())
			}
		}
	}
	names("releases", f.Releases)
	names("keeps", f.Keeps)
	names("passes", f.Passes)
	names("later uses", f.Later)
	return strings.Join(parts, ", ")
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
	add(f.Returned != 0, "returned")
	add(f.Closers != 0, "closed by a result")
	add(f.Lasting, "kept for good")
	add(f.Kept && !f.Lasting, "kept")
	add(f.Lost(), "lost")
	add(len(f.Later) > 0, "used later")
	return strings.Join(parts, ", ")
}
