package parallel_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/ruletest"
)

// The cases want, at a test that does one thing after another, serial; at a suite's method, hook:
// whether what runs before each does.
func TestSerial(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(parallel.Analyzer, nil, func(_ *analysis.Pass, result any, say ruletest.Say) {
		pkg := result.(*parallel.Package)
		for _, test := range pkg.Tests {
			at := test.Func.Decl.Name.Pos()
			if pkg.Serial([]string{test.Name}) {
				say(at, "serial", test.Name)
			}
			if suite, _, ok := strings.Cut(test.Name, "."); ok {
				say(at, "hook", map[bool]string{true: "in turn", false: "at once"}[pkg.Serial([]string{suite + ".SetupTest"})])
			}
		}
		if !pkg.Serial([]string{`"title"`}) || pkg.Serial(nil) || pkg.Serial([]string{"Unknown"}) {
			t.Error("specs come one after another; of what is not known nothing is")
		}
	})
	rule.Everywhere = true
	ruletest.Run(t, rule, "../../analyzers/newpool/testdata", "testdata/serial.txtar")
}
