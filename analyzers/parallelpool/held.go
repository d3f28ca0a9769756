package parallelpool

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// held reports connections and transactions that a test holds while its parallel subtests
// take more from the same pool, or share the one. With a small limit they deadlock.
func (c *checker) held(report *finding.Reporter) {
	for _, f := range c.code.Funcs() {
		if !f.File.Test {
			continue
		}
		for _, call := range f.Calls {
			loans := c.loans(call, maxSources)
			if len(loans) > 0 && c.ofFake(call) {
				continue
			}
			for _, l := range loans {
				if use := c.subtests(call, l); use != nothing {
					report.Report(finding.At(call.Expr, held{c.nameOf(call), l.kind, use}))
					break
				}
			}
		}
	}
}

// ofFake reports whether what a call borrows comes from a mock, or from a database in memory.
func (c *checker) ofFake(call *flow.Call) bool {
	return slices.ContainsFunc(append([]ast.Expr{call.Receiver()}, call.Expr.Args...), func(e ast.Expr) bool {
		t := c.info.TypeOf(e)
		return e != nil && t != nil && flow.Root(c.info, e) != nil && c.pkg.Fake(e)
	})
}

// subtests returns what parallel subtests that start after a call do with the handle that
// it obtains, or with its pool: nothing, too, if the handle is released before.
func (c *checker) subtests(borrow *flow.Call, l loan) use {
	ways := c.code.Ways(borrow.In)
	b := c.follow(borrow, l)
	if ways == nil || len(b.holders) == 0 && l.pool == nil {
		return nothing
	}
	from := pool{c.faces(l.pool), l.opened}
	found, deferred := nothing, false
	ways.Out(flow.Query{From: borrow.At, Stops: func(n ast.Node) bool {
		if _, ok := n.(*ast.DeferStmt); ok {
			deferred = deferred || contains(n, b.ends) || slices.ContainsFunc(b.holders, func(v *types.Var) bool { return c.code.MentionedIn(v, n) })
			return false
		}
		if contains(n, b.there) {
			return true
		}
		for _, call := range borrow.In.CallsIn(n) {
			if found == nothing {
				found = c.useIn(call, deferred, b.holders, from)
			}
		}
		return found != nothing
	}})
	return found
}

func contains(n ast.Node, all []inspector.Cursor) bool {
	return slices.ContainsFunc(all, func(c inspector.Cursor) bool { return n.Pos() <= c.Node().Pos() && c.Node().End() <= n.End() })
}

// useIn says what the parallel subtests that a call starts do with a handle and its pool.
// They start when the function around them has returned, and its defers have run; those
// of a group run before the group's Run returns.
func (c *checker) useIn(call *flow.Call, deferred bool, holders []*types.Var, from pool) use {
	for _, sub := range c.subtest(call, maxSources) {
		group := !c.parallel.CallsParallel(sub)
		if group && !c.startsParallel(sub) || !group && deferred {
			continue
		}
		runs := []*flow.Func{sub}
		for _, arg := range call.Expr.Args {
			runs = append(runs, c.code.FuncsOf(arg)...) // by the helper that starts the subtests
		}
		for _, f := range runs {
			if u := c.usesOf(f, holders, from); u != nothing {
				return u
			}
		}
	}
	return nothing
}

// usesOf says what a subtest does with a handle and its pool, in whatever it runs.
func (c *checker) usesOf(sub *flow.Func, holders []*types.Var, from pool) use {
	found, left := nothing, maxUses
	c.parallel.Walk(sub, &left, func(f *flow.Func, _ parallel.Where) {
		switch {
		case slices.ContainsFunc(holders, func(v *types.Var) bool { return c.takesFrom(v, holders, f.Body()) }):
			found = share
		case found == nothing && c.takes(from, f):
			found = compete
		}
	})
	return found
}

// takesFrom reports whether a node uses a handle by a variable that holds it. What a method of
// the package does with a struct around it shows there.
func (c *checker) takesFrom(v *types.Var, holders []*types.Var, n ast.Node) bool {
	for at := range c.code.MentionsIn(v, n) {
		if at.ParentEdgeKind() != edge.SelectorExpr_X || dbapi.Handle(v.Type()) || v.IsField() {
			return true
		}
		switch sel := c.info.Uses[at.Parent().Node().(*ast.SelectorExpr).Sel].(type) {
		case *types.Var:
			if slices.Contains(holders, sel.Origin()) {
				return true
			}
		case *types.Func:
			if c.code.Func(sel) == nil && (sel.Pkg() == nil || !testlib.ForTests(sel.Pkg().Path())) {
				return true
			}
		}
	}
	return false
}

// faces returns what names a pool: for a variable or field those that come from where it comes
// from, and what hands that out.
func (c *checker) faces(of types.Object) (all []types.Object) {
	pool, ok := of.(*types.Var)
	if of == nil || !ok || !dbapi.Handle(pool.Type()) {
		return []types.Object{of}
	}
	if c.byOrigin == nil {
		c.byOrigin = map[*types.Var][]*types.Var{}
		for obj := range c.code.Mentioned() {
			if v, ok := obj.(*types.Var); ok && dbapi.Handle(v.Type()) {
				for _, o := range c.origins(v, maxSources) {
					c.byOrigin[o] = append(c.byOrigin[o], v)
				}
			}
		}
	}
	for _, o := range c.origins(pool, maxSources) {
		for _, v := range c.byOrigin[o] {
			all = append(all, v)
		}
		for _, s := range c.sources(o) {
			if call, ok := ast.Unparen(s).(*ast.CallExpr); ok && c.poolOf(call) != nil {
				all = append(all, c.poolOf(call))
			}
		}
	}
	return all
}

// A pool is what lends connections: what names it in the package, and where another one opens it.
type pool struct {
	faces  []types.Object
	opened lifecycle.Place
}

// takes reports whether a function names a pool, or calls what hands it out, or works with it
// elsewhere.
func (c *checker) takes(from pool, f *flow.Func) bool {
	called := func(is func(fn *types.Func) bool) bool {
		return slices.ContainsFunc(f.Calls, func(call *flow.Call) bool { return call.Fn != nil && is(call.Fn) })
	}
	for _, face := range from.faces {
		fn, ok := face.(*types.Func)
		if ok && called(func(other *types.Func) bool { return other == fn }) || !ok && face != nil && c.code.MentionedIn(face, f.Body()) {
			return true
		}
	}
	return from.opened != "" && called(func(fn *types.Func) bool { return openedOnce(c.pkg.Func(fn)) == from.opened })
}

// origins returns the variables that a variable takes its value from, at the start.
func (c *checker) origins(v *types.Var, depth int) (all []*types.Var) {
	if depth > 0 {
		for _, s := range c.sources(v) {
			if from := flow.Var(c.info, c.wrapped(s)); from != nil && from != v {
				all = append(all, c.origins(from, depth-1)...)
			}
		}
	}
	if len(all) == 0 {
		all = []*types.Var{v}
	}
	return all
}

// wrapped returns the handle that a call only wraps; e itself if it is no such call.
func (c *checker) wrapped(e ast.Expr) ast.Expr {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		if fn := dbapi.Callee(c.info, call); fn != nil {
			if row := c.cat.Opener(fn); row != nil && row.Kind == dbapi.Wrapper {
				return cmp.Or(argument(call, row.Over), e)
			}
		}
	}
	return e
}

// maxUses bounds the calls that are looked at for what a subtest uses.
const maxUses = 1000

// subtest returns what t.Run runs in the running test of a call, which may be one of a
// helper that starts them.
func (c *checker) subtest(call *flow.Call, depth int) (all []*flow.Func) {
	args := call.Expr.Args
	if testscope.Argument(call.Fn)&testscope.PerTest != 0 {
		if len(args) > 0 {
			all = c.code.FuncsGiven(args[len(args)-1])
		}
		return all
	}
	if depth == 0 {
		return nil
	}
	for _, to := range call.Targets() {
		if !parallel.Serves(to.Sig) && !to.Within(call.In.Outer()) {
			continue
		}
		all = append(all, c.started(to, depth-1)...)
	}
	return all
}

// starter is a function whose subtests are looked for as many calls deep.
type starter struct {
	f     *flow.Func
	depth int
}

// started returns what t.Run runs in a function, each once.
func (c *checker) started(f *flow.Func, depth int) []*flow.Func {
	key := starter{f, depth}
	all, known := c.starts[key]
	if known {
		return all
	}
	seen := map[*flow.Func]bool{}
	for _, call := range f.Calls {
		for _, sub := range c.subtest(call, depth) {
			if !seen[sub] {
				seen[sub] = true
				all = append(all, sub)
			}
		}
	}
	c.starts[key] = all
	return all
}

// startsParallel reports whether a function starts parallel subtests, in a literal as well.
func (c *checker) startsParallel(f *flow.Func) bool {
	return slices.ContainsFunc(f.Lits, c.startsParallel) || slices.ContainsFunc(f.Calls, func(call *flow.Call) bool {
		return slices.ContainsFunc(c.subtest(call, maxSources), c.parallel.CallsParallel)
	})
}
