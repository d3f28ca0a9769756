package missingcleanup

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
)

// leftInVariables reports calls in test code of functions that put a pool into a package variable,
// for each test another one.
func (c *check) leftInVariables() {
	var all []ownership.Left
	places := map[string]int{} // by variable
	for _, left := range c.owners.Left {
		if !c.eachTest(left) {
			continue
		}
		places[left.Into]++
		if !left.Ended {
			all = append(all, left)
		}
	}
	for _, left := range all {
		if c.sites[left.Call.Expr].Alone && places[left.Into] == 1 {
			continue // one test, and no other that follows
		}
		c.found(left.Call.Expr, replacing{
			Handle: handle{Kind: left.Kind, Opener: left.Opener}, Function: left.Call.Fn.Name(),
			Into: strings.TrimPrefix(left.Name, c.pass.Pkg.Name()+"."), Where: c.endOf(left.Call),
		})
	}
}

// eachTest reports whether a call puts a pool into the variable in any case, for each test.
func (c *check) eachTest(left ownership.Left) bool {
	site := c.sites[left.Call.Expr]
	return site != nil && site.Verdict == lifecycle.PerTest && !site.Single && slices.ContainsFunc(site.Opens, func(o lifecycle.Open) bool {
		return o.Into == left.Into && !o.Once && !o.Closed && !o.Private && !o.Perhaps && o.If == "" && o.Unless == ""
	})
}

// endOf says where what a call opens for a test is to be closed.
func (c *check) endOf(call *flow.Call) string {
	in := call.In.Outer()
	switch registrar := c.registrar(call.At); {
	case isMethod(in) && counterparts[in.Obj.Name()] != "":
		return "in " + counterparts[in.Obj.Name()]
	case call.In.When != 0 && call.In.Decl == nil:
		return "in an AfterEach"
	case registrar != "":
		return "with " + registrar
	}
	return "when the test is over"
}
