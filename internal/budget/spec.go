package budget

import (
	"go/ast"
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

// isSpec reports whether a call is that of ginkgo's which stands for the running spec as a test.
func isSpec(c *flow.Call) bool {
	return c.Fn != nil && c.Fn.Pkg() != nil && strings.HasPrefix(c.Fn.Pkg().Path(), "github.com/onsi/ginkgo") && strings.HasPrefix(c.Fn.Name(), "GinkgoT")
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
				b.each(hook, func(_ target, d *demand) { b.staged(hook, &s.Demand, r.declared(hook.In, d)) })
			}
		}
		b.each(c, func(_ target, d *demand) { b.staged(c, &s.Demand, r.declared(c.In, d)) })
		if b.out.sub(s); b.out.empty() {
			continue
		}
		t := test{Demand: *b.out}
		if len(c.Expr.Args) > 0 {
			t.Name = flow.Text(r.info, c.Expr.Args[0])
		}
		name, rounds := ginkgoNode(c), r.declarations(c, maxHops)
		t.Any = name == "DescribeTable" || name == "DescribeTableSubtree" || rounds == 0
		own, _ := b.loops(c.At) // which hold has counted
		for i := range t.Demand.Leaks {
			t.Demand.Leaks[i].Times = min(t.Demand.Leaks[i].Times*max(rounds/max(own, 1), 1), maxTimes)
		}
		all = append(all, t)
	}
	return all
}

// declarations returns how often the code declares a spec, by loops and by calls of the function that it
// stands in; 0 if that does not show.
func (r *reader) declarations(c *flow.Call, hops int) int {
	n, _ := (&builder{reader: r, f: c.In}).loops(c.At)
	f := c.In
	switch {
	case n == 0 || hops == 0:
		return 0
	case f.Type() == nil || f.When != 0 && f.Lit == nil || f.Obj != nil && f.Obj.Name() == "init":
		return n
	case f.Lit != nil:
		call, ok := f.Cursor.Parent().Node().(*ast.CallExpr)
		if !ok || r.code.Call(call) == nil {
			return 0
		}
		return min(n*r.declarations(r.code.Call(call), hops), maxTimes)
	case f.Obj.Exported() || len(f.Uses) > 0:
		return 0
	}
	calls := 0
	for _, call := range f.Callers {
		more := r.declarations(call, hops-1)
		if more == 0 {
			return 0
		}
		calls = min(calls+more, maxTimes)
	}
	return min(n*max(calls, 1), maxTimes)
}

// declared returns what code of a spec needs, with the limits that are given to the function which
// declares the spec.
func (r *reader) declared(in *flow.Func, d *demand) *demand {
	all := d.clone()
	for _, opens := range [][]open{all.Opens, all.Leaks} {
		for i := range opens {
			r.decide(in, &opens[i], maxHops)
		}
	}
	for i := range all.Subs {
		all.Subs[i].Demand = *r.declared(in, &all.Subs[i].Demand)
	}
	return &all
}

// decide gives a pool the largest limit that the callers of the function around give.
func (r *reader) decide(in *flow.Func, o *open, hops int) {
	f := in.Outer()
	if !o.Limit.Waits || hops == 0 || f.Obj == nil || f.Obj.Exported() || len(f.Uses) > 0 {
		return
	}
	var largest *open
	for _, c := range f.Callers {
		p := *o
		(&builder{reader: r, f: c.In}).limit(c, &p)
		r.decide(c.In, &p, hops-1)
		if largest == nil || p.Limit.exceeds(largest.Limit) {
			largest = &p
		}
	}
	if largest != nil {
		*o = *largest
	}
}

// exceeds reports whether a pool may take more connections by l than by m, as far as that is known.
func (l limit) exceeds(m limit) bool {
	unknown := func(l limit) bool { return l.Unknown != "" || l.Waits }
	switch {
	case unknown(l) || unknown(m):
		return !unknown(m)
	case (l.PerCPU > 0) != (m.PerCPU > 0):
		return l.PerCPU > 0
	}
	return max(l.N, l.PerCPU) > max(m.N, m.PerCPU)
}
