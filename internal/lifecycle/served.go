package lifecycle

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/flow"
)

// servedHere reports whether the test around a call, or another method of its suite, accepts connections itself: what the
// test opens leads to no server but its own. One that dials in turn is a proxy before a server.
func (g *graph) servedHere(c *flow.Call) bool {
	in := c.In.Outer()
	if !in.File.Test {
		return false
	}
	served, known := g.served[in]
	if !known {
		served = g.acceptsIn(in) || slices.ContainsFunc(g.code.Funcs(), func(f *flow.Func) bool { return f.When != 0 && sameSuite(f, in) && g.acceptsIn(f) })
		g.served[in] = served
	}
	return served
}

// sameSuite reports whether two methods are of one type.
func sameSuite(a, b *flow.Func) bool {
	return a.Obj != nil && b.Obj != nil && a.Sig.Recv() != nil && b.Sig.Recv() != nil &&
		flow.Pointee(a.Sig.Recv().Type()) == flow.Pointee(b.Sig.Recv().Type())
}

// acceptsIn reports whether a function, or one of the package that it calls, accepts connections and dials none.
func (g *graph) acceptsIn(f *flow.Func) bool {
	return g.leadsTo(f, accepts, maxHops) && !g.leadsTo(f, dials, maxHops)
}

func (g *graph) leadsTo(f *flow.Func, is func(*flow.Call) bool, hops int) bool {
	return g.anyCall(f, func(c *flow.Call) bool {
		return is(c) || hops > 0 && slices.ContainsFunc(c.Targets(), func(to *flow.Func) bool { return to != f && g.leadsTo(to, is, hops-1) })
	})
}

// accepts reports whether a call is (net.Listener).Accept or its like.
func accepts(c *flow.Call) bool {
	return c.Fn != nil && c.Fn.Pkg() != nil && c.Fn.Pkg().Path() == "net" && (c.Fn.Name() == "Accept" || c.Fn.Name() == "AcceptTCP" || c.Fn.Name() == "AcceptUnix")
}

// dials reports whether a call is net.Dial or its like.
func dials(c *flow.Call) bool {
	return c.Fn != nil && c.Fn.Pkg() != nil && c.Fn.Pkg().Path() == "net" && strings.HasPrefix(c.Fn.Name(), "Dial")
}
