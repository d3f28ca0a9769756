package missingcleanup

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/testscope"
)

// A level is the test, of those that stand around one another, whose code a method of a
// suite is.
type level int

const (
	ofSuite level = iota
	ofMethod
	ofSubtest
)

// levelOf returns the level of the running test that a suite has in a function.
func levelOf(f *flow.Func) level {
	for lit := f; lit.Parent != nil; lit = lit.Parent {
		if lit.When&testscope.PerTest != 0 {
			return ofSubtest
		}
	}
	if f = f.Outer(); f.Obj == nil {
		return ofMethod
	}
	switch name := f.Obj.Name(); {
	case strings.HasSuffix(name, "SubTest"):
		return ofSubtest
	case strings.HasSuffix(name, "Suite"):
		return ofSuite
	}
	return ofMethod
}

// hooks reports methods of suites that release a handle before something else works with it:
// those that tear down run before the cleanup functions of the same test, and that of the
// suite before methods that run in parallel.
func (c *check) hooks(handles []*ownership.Handle) {
	seen := map[*types.Var]bool{}
	for _, h := range handles {
		for _, field := range h.Fate.Fields {
			if seen[field] {
				continue
			}
			seen[field] = true
			for _, m := range c.code.Mentions(field) {
				f := c.code.Around(m)
				if f == nil || f.Outer().When&testscope.After == 0 || m.ParentEdgeKind() != edge.SelectorExpr_Sel {
					continue
				}
				for _, release := range c.code.FateOf(m.Parent()).Ended() {
					c.hook(h, field, f, release)
				}
			}
		}
	}
}

// hook reports a release in a method that tears down.
func (c *check) hook(h *ownership.Handle, field *types.Var, hook *flow.Func, release inspector.Cursor) {
	at := levelOf(hook)
	if at == ofSuite && slices.ContainsFunc(c.parallel.Tests, func(test *parallel.Test) bool {
		return test.Parallel && isMethod(test.Func) && c.uses(test.Func, field)
	}) {
		c.found(release.Node(), untimely{Handle: handleOf(h), When: beforeMethods})
		return
	}
	for _, m := range c.code.Mentions(field) {
		f := c.code.Around(m)
		if f == nil || m.ParentEdgeKind() != edge.SelectorExpr_Sel || f.Outer().When&testscope.After != 0 || levelOf(f) > at {
			continue
		}
		for _, later := range c.code.FateOf(m.Parent()).Later {
			c.found(release.Node(), untimely{Handle: handleOf(h), When: beforeHooked, Line: c.line(later.Node().Pos())})
			return
		}
	}
	later := c.workedBy(&flow.Spread{Vars: map[*types.Var]bool{field: true}}, func(e *ending) bool {
		return !e.deferred && isMethod(e.in.Outer()) && levelOf(e.in) <= at
	})
	if later != nil {
		c.found(release.Node(), untimely{Handle: handleOf(h), When: beforeHooked, Line: c.line(later.at.Node().Pos())})
	}
}

// uses reports whether what runs in a test uses a field.
func (c *check) uses(f *flow.Func, field *types.Var) bool {
	own := c.span(f).Own
	return slices.ContainsFunc(c.code.Mentions(field), func(m inspector.Cursor) bool { return own[c.code.Around(m)] })
}
