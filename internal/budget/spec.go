package budget

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// Ginkgo's nodes, without the prefixes F, P and X.
var (
	containers = []string{"Describe", "Context", "When"}
	specNodes  = []string{"It", "Specify", "Measure", "DescribeTable", "DescribeTableSubtree", "Entry"}
	hookNodes  = []string{"BeforeEach", "JustBeforeEach", "AfterEach", "JustAfterEach"}
)

// ginkgoNode returns the name of the node that a call declares; empty if it is none.
func ginkgoNode(c *flow.Call) string {
	if c.Fn == nil || c.Fn.Pkg() == nil || !strings.HasPrefix(c.Fn.Pkg().Path(), "github.com/onsi/ginkgo") || testscope.Argument(c.Fn) == 0 {
		return ""
	}
	name := c.Fn.Name()
	if len(name) > 1 && strings.ContainsAny(name[:1], "FPX") && name[1] >= 'A' && name[1] <= 'Z' {
		name = name[1:]
	}
	return name
}

// node adds what a call of ginkgo's needs where it stands: what containers and hooks of the
// suite open is open as long as the process; specs and their hooks are read by themselves.
func (b *builder) node(c *flow.Call) bool {
	switch name := ginkgoNode(c); {
	case name == "":
		return false
	case name == "DeferCleanup":
		b.each(c, func(t target, d *demand) { b.run(c, t.sig(), d) })
	case slices.Contains(specNodes, name) || slices.Contains(hookNodes, name):
	case slices.Contains(containers, name):
		b.each(c, func(t target, d *demand) { b.run(c, t.sig(), d) })
	default:
		b.each(c, func(_ target, d *demand) {
			b.out.tell(d)
			for _, o := range d.all() {
				b.hold(c, o, until{})
			}
		})
	}
	return true
}

// specs returns the specs of ginkgo, each with the hooks around it.
func (r *reader) specs() (all []test) {
	var nodes, hooks []*flow.Call
	for _, f := range r.code.Funcs() {
		for _, c := range f.Calls {
			switch name := ginkgoNode(c); {
			case slices.Contains(hookNodes, name):
				hooks = append(hooks, c)
			case slices.Contains(specNodes, name):
				nodes = append(nodes, c)
			}
		}
	}
	for _, c := range nodes {
		b := &builder{reader: r, f: c.In, out: new(demand)}
		s := sub{Times: 1}
		for _, hook := range hooks {
			if c.In.Within(hook.In) || hook.In.Type() == nil || c.In.Outer().Type() != nil {
				b.each(hook, func(t target, _ *demand) { b.stage(hook, &s.Demand, t) })
			}
		}
		b.each(c, func(t target, _ *demand) { b.stage(c, &s.Demand, t) })
		if b.out.sub(s); b.out.empty() {
			continue
		}
		t := test{Demand: *b.out}
		if len(c.Expr.Args) > 0 {
			t.Name = flow.Text(r.info, c.Expr.Args[0])
		}
		if name := ginkgoNode(c); name == "DescribeTable" || name == "DescribeTableSubtree" {
			t.Any = true
		}
		all = append(all, t)
	}
	return all
}
