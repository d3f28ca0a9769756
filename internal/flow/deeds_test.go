package flow_test

import (
	"fmt"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ruletest"
	"github.com/poollint/poollint/internal/testscope"
)

// The facts of the cases name parameters.
func TestDeeds(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, ruletest.Facts(flow.Analyzer, deeds, nil), "../../analyzers/newpool/testdata", "testdata/*.txtar")
}

// deeds says what a function does with its parameters, by name, running tests left out.
func deeds(o types.Object, fact analysis.Fact) string {
	d := fact.(*flow.Deeds)
	sig := o.(*types.Func).Signature()
	var parts []string
	say := func(verb string, set flow.Params) {
		for i := range set.All {
			if v := flow.ParamOf(sig, i); !testscope.IsTB(v.Type()) { // t.Cleanup sounds like a release
				parts = append(parts, verb+" "+v.Name())
			}
		}
	}
	say("closes", d.Closes)
	say("settles", d.Settles)
	say("calls", d.Calls)
	say("asks", d.Asks)
	say("closes what it gets from", d.Frees)
	say("loses what it gets from", d.Loses)
	say("keeps", d.Keeps)
	say("hands on", d.HandsOn)
	say("later uses", d.Later)
	for i, set := range d.Stores {
		if set != 0 {
			say(flow.ParamOf(sig, i).Name()+" keeps", set)
		}
	}
	for i, set := range d.Returns {
		say(fmt.Sprintf("result %d holds", i), set)
	}
	for i, set := range d.Undoes {
		say(fmt.Sprintf("result %d closes", i), set)
	}
	for i, set := range d.Supplies {
		say(fmt.Sprintf("result %d gives", i), set)
	}
	for _, spared := range d.Spares {
		parts = append(parts, fmt.Sprintf("spares %s of %s", strings.Join(spared.Fields, " and "), flow.ParamOf(sig, spared.Param).Name()))
	}
	if d.NeverReturns {
		parts = append(parts, "never returns")
	}
	return strings.Join(parts, ", ")
}
