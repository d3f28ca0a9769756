package missingcleanup

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// missesSpecs reports whether a hook that runs before each of some specs obtains what the releases
// leave to some of them: they stand in other specs, or in hooks of containers further inside.
func (c *check) missesSpecs(hook *flow.Func, releases []inspector.Cursor) bool {
	if !hook.Prepares {
		return false
	}
	var nodes []*flow.Func
	for _, at := range releases {
		node := c.nodeAround(at)
		if node == nil {
			return false
		}
		nodes = append(nodes, node)
	}
	return slices.ContainsFunc(specsIn(hook.Parent), func(spec *flow.Func) bool {
		return !slices.ContainsFunc(nodes, func(node *flow.Func) bool { return runsFor(node, spec) })
	})
}

// closesLast reports whether a hook that runs before each of several specs obtains what the releases
// let go of once, when all are over: the handle of the last one.
func (c *check) closesLast(hook *flow.Func, releases []inspector.Cursor) bool {
	return hook.Prepares && len(releases) > 0 && len(specsIn(hook.Parent)) > 1 && !slices.ContainsFunc(releases, func(at inspector.Cursor) bool {
		node := c.nodeAround(at)
		if node == nil {
			return true
		}
		call, ok := node.Cursor.Parent().Node().(*ast.CallExpr)
		return !ok || !testscope.Concludes(dbapi.Callee(c.pass.TypesInfo, call))
	})
}

// nodeAround returns the spec or hook that something stands in, if that stands in containers
// alone: what a function registers, its callers decide.
func (c *check) nodeAround(at inspector.Cursor) *flow.Func {
	node := c.code.Around(at)
	for node != nil && node.When&(testscope.PerTest|testscope.After) == 0 {
		node = node.Parent
	}
	for f := node; f != nil; f = f.Parent {
		if f.When == 0 && (f.Lit != nil || f.Obj != nil) {
			return nil
		}
	}
	return node
}

// runsFor reports whether a node runs because a spec does: it is that, or a hook of a container
// around.
func runsFor(node, spec *flow.Func) bool {
	if isSpec(node) {
		return spec == node
	}
	return spec.Within(node.Parent)
}

func isSpec(f *flow.Func) bool { return f.When&testscope.PerTest != 0 && !f.Prepares }

// maxContainers bounds the containers, and functions called in them, that are looked at for specs.
const maxContainers = 1000

// specsIn returns the specs of a container, with those that functions register which it calls.
func specsIn(container *flow.Func) (all []*flow.Func) {
	seen := map[*flow.Func]bool{container: true}
	for next := []*flow.Func{container}; len(next) > 0 && len(seen) < maxContainers; {
		f := next[0]
		next = next[1:]
		inside := slices.Clone(f.Lits)
		for _, call := range f.Calls {
			inside = append(inside, call.Targets()...)
		}
		for _, in := range inside {
			switch {
			case seen[in] || in.When&testscope.After != 0 || in.Prepares || in.Detached && !calledIn(f, in):
				continue
			case isSpec(in):
				all = append(all, in)
			default:
				next = append(next, in)
			}
			seen[in] = true
		}
	}
	return all
}

// calledIn reports whether a function calls another.
func calledIn(f, callee *flow.Func) bool {
	return slices.ContainsFunc(f.Calls, func(call *flow.Call) bool { return slices.Contains(call.Targets(), callee) })
}
