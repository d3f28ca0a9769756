package lifecycle

import (
	"go/types"
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
		types.Identical(flow.Pointee(a.Sig.Recv().Type()), flow.Pointee(b.Sig.Recv().Type()))
}

// acceptsIn reports whether a function, or one of the package that it leads to within a few calls, accepts
// connections, and none dials.
func (g *graph) acceptsIn(f *flow.Func) bool {
	accepts := false
	seen := map[*flow.Func]bool{f: true}
	for next, hops := []*flow.Func{f}, 0; len(next) > 0 && hops <= maxHops; hops++ {
		var called []*flow.Func
		for _, from := range next {
			dials := g.anyCall(from, func(c *flow.Call) bool {
				switch by := ofNet(c.Fn); {
				case strings.HasPrefix(by, "Dial"):
					return true
				case strings.HasPrefix(by, "Accept"):
					accepts = true
				}
				for _, to := range c.Targets() {
					if !seen[to] {
						seen[to] = true
						called = append(called, to)
					}
				}
				return false
			})
			if dials {
				return false
			}
		}
		next = called
	}
	return accepts
}

// ofNet returns the name of a function or method of package net, empty for others: Dial, Accept and their like.
func ofNet(fn *types.Func) string {
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "net" {
		return ""
	}
	return fn.Name()
}
