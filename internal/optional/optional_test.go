package optional_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/optional"
	"github.com/poollint/poollint/internal/ruletest"
)

// says tells, at a call, whether it gives the tenant.
func says(_ *analysis.Pass, result any, say ruletest.Say) {
	for _, s := range result.(*optional.Package).Steps {
		switch {
		case s.Implements != "": // at the name of a method
		case s.Loaded:
			say(s.Pos, "step", "given")
		case s.On != "":
			say(s.Pos, "step", "asked of callers")
		default:
			say(s.Pos, "step", "left out")
		}
	}
}

func TestSwitches(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, ruletest.Facts(optional.Analyzer, nil, says), "../../analyzers/tenantfilter/testdata", "testdata/*.txtar")
}
