package ownership_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/ruletest"
)

// Beside facts the cases want, at a call, handle: what it
// obtains and what becomes of it.
func TestFunctions(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(ownership.Analyzer, nil, func(_ *analysis.Pass, result any, say ruletest.Say) {
		for _, h := range result.(*ownership.Package).Handles {
			say(h.Expr().Pos(), "handle", fmt.Sprintf("%v %s", h.Kind, fate(h)))
		}
	})
	ruletest.Run(t, rule, "../../analyzers/newpool/testdata", "testdata/*.txtar")
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
