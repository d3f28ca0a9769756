package lifecycle

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// reached says on which occasions a call runs.
type reached struct {
	perTest, once, suite, documentation, private, after bool
	started, elsewhere                                  bool // on a server that the code started, on another
	probe                                               bool // for a task of a helper's own
	tests                                               []*flow.Func

	g        *graph
	replaces bool   // what is opened takes the place of what was opened before
	closed   bool   // what is opened is closed by the function that opens it
	address  bool   // it is a server's, whatever path callers give
	each     bool   // hooks or specs open it, which are registered where the way leads
	unless   string // what a caller may give so that the call does not happen
	seen     map[*flow.Func]bool
	ways     []way
	visited  visited
	all      bool // also go the ways that earlier calls went
	depth    int  // calls on the way that is being gone
}

// A way leads upward from what is opened at a place, unless a caller gives a field.
type way struct {
	at     Place
	unless string
}

// leading are the variables that lead to a database, and the parameters by which it may be one
// of the caller's own.
type leading struct {
	vars, by values
	started  bool       // it is on a server that the code started
	owner    *types.Var // the parameter for each value of which it is opened once, if there is one
}

// visited holds the functions that the ways from earlier calls lead through: what is
// above them is known to reach the same places.
type visited map[way]map[*flow.Func]bool

// maxSteps bounds the calls that are followed upward in one package, all that open
// something taken together.
const maxSteps = 500_000

// maxDepth bounds the functions that call one another, and so the stack.
const maxDepth = 500

// step counts one more function, or call, and reports whether it may be looked at.
func (r *reached) step(at ast.Node) bool {
	if r.g.steps++; r.g.steps > maxSteps || r.depth > maxDepth {
		r.g.cut = cmp.Or(r.g.cut, at.Pos())
		return false
	}
	return true
}

// reach follows the callers of the call upward to what starts them. A way on
// which a database of its own is made, or on which the open must fail, ends.
func (g *graph) reach(c *flow.Call, opens []opened, visited visited, all bool) *reached {
	r := &reached{g: g, seen: map[*flow.Func]bool{}, visited: visited, all: all}
	vars, by, started := values{}, values{}, true
	r.closed = true
	for _, o := range opens {
		r.closed = r.closed && o.Closed
		r.replaces = r.replaces || g.replaces(o.Into)
		r.unless = o.Unless
		vars.add(o.vars)
		vars.add(o.names)
		by.add(o.by)
		started = started && o.Started
		r.address, r.each = r.address || o.Address, r.each || o.Each
	}
	for _, o := range opens {
		if w := (way{o.At, r.unless}); !slices.Contains(r.ways, w) {
			r.ways = append(r.ways, w)
		}
	}
	r.visit(c.In, leading{vars, by, started, g.ownerOf(c)})
	slices.SortFunc(r.tests, func(a, b *flow.Func) int { return g.compare(a.Cursor.Node(), b.Cursor.Node()) })
	return r
}

// visitedBefore reports whether earlier calls led through the function on all of the ways, and
// notes that this one does.
func (r *reached) visitedBefore(n *flow.Func) bool {
	before := true
	for _, w := range r.ways {
		funcs := r.visited[w]
		if funcs == nil {
			funcs = map[*flow.Func]bool{}
			r.visited[w] = funcs
		}
		before = before && funcs[n]
		funcs[n] = true
	}
	return before
}

// ends notes on whose server what is opened is, at the end of a way.
func (r *reached) ends(to leading) {
	r.started, r.elsewhere = r.started || to.started, r.elsewhere || !to.started
}

func (r *reached) visit(n *flow.Func, to leading) {
	if r.seen[n] {
		return
	}
	r.seen[n] = true
	if r.visitedBefore(n) && !r.all {
		return
	}
	if !r.step(n.Cursor.Node()) {
		return
	}
	owner := r.g.onceOwner(n)
	switch {
	case r.g.effectsOf(n).makes && r.g.isTest(n):
		r.private = true
	case n.When&testscope.After != 0 && r.g.prepared(n):
		r.private, r.after = true, true
	case n.When&testscope.After != 0, r.g.runsLater(n):
		r.perTest = r.perTest || !r.closed // nobody is left to close it
		r.after = true
	case n.When&testscope.Documentation != 0:
		r.documentation = true
	case owner != nil:
		to.owner = owner
		r.visit(n.Parent, to)
	case n.When&testscope.Once != 0:
		r.ends(to)
		r.suites(n)
	case to.owner != nil && n.When&testscope.PerTest != 0:
		r.ownedHere(n, to)
	case n.When&testscope.PerTest != 0 && r.g.prepared(n):
		r.ends(to)
		r.private = true
	case n.When&testscope.PerTest != 0:
		r.perTest = true
		if n.Lit != nil {
			if n.Title != "" && n.Outer().Decl == nil {
				r.ends(to)
				r.tests = append(r.tests, n) // a spec
			}
			r.visit(n.Parent, to)
			return
		}
		r.ends(to)
		r.tests = append(r.tests, n)
	case n.Lit != nil && (!n.Detached || len(n.Callers)+len(n.Uses) == 0):
		if n.Detached && testscope.TakesTB(n.Sig) {
			r.perTest = true
		}
		r.visit(n.Parent, to)
	default:
		r.callers(n, to)
	}
}

// ownedHere goes on from a test or a literal in one that shares what it opens for a value: with others of
// its suite, or with the function around it.
func (r *reached) ownedHere(n *flow.Func, to leading) {
	if n.Lit != nil {
		r.visit(n.Parent, to)
		return
	}
	r.once = true
	r.ends(to)
}

// suites says that a hook or container opens once, or for each of several suites that leave one
// another's pool behind, or of the specs that it has.
func (r *reached) suites(hook *flow.Func) {
	if r.each {
		r.perTest = true
		return
	}
	var tests []*flow.Func
	if r.replaces {
		tests = r.g.running(hook)
	}
	if len(tests) < 2 {
		r.once, r.suite = true, r.suite || hook.Obj != nil && hook.Sig.Recv() != nil
		return
	}
	r.perTest, r.tests = true, append(r.tests, tests...)
}

// callers goes on with the calls and mentions of a function. For one outside
// test files those in test files do not count: whether the compiler sees them
// depends on the variant of the package.
func (r *reached) callers(n *flow.Func, to leading) {
	known, callers := false, n.Callers
	if len(callers)+len(n.Uses) == 0 {
		callers = r.g.dispatched[n]
	}
	own := len(n.Uses) > 0 && !slices.ContainsFunc(n.Uses, func(u flow.Use) bool { return !r.g.boundToOwn(n, u, to.vars) })
	for _, c := range callers {
		switch {
		case !n.File.Test && c.In.File.Test:
		case own && c.Fn == nil: // the receiver is where the method is mentioned
			known, r.private = true, true
			r.ends(to)
		default:
			known = true
			r.caller(n, c, to)
		}
	}
	for _, u := range n.Uses {
		if !n.File.Test && u.In.File.Test {
			continue
		}
		known = true
		switch {
		case own:
			r.private = true
			r.ends(to)
		case u.When&testscope.Once != 0, to.owner != nil:
			r.once = true
		case u.When&testscope.After != 0:
			r.perTest = r.perTest || !r.closed
			r.after = true
		default:
			r.perTest = r.perTest || u.When&testscope.PerTest != 0 || testscope.TakesTB(n.Sig) || u.In.Outer().Decl == nil
			r.visit(u.In, to)
		}
	}
	if !known && n.Sig != nil && n.Sig.Recv() != nil && to.vars.has(n.Sig.Recv()) && r.g.madePrivately(n.Sig.Recv().Type()) {
		r.private = true
		return
	}
	if !known && to.owner == nil && r.unless == "" && n.Obj != nil && calledElsewhere(n) {
		r.perTest = true
	}
}

// boundToOwn reports whether a mention of a method binds it to a value that leads to a database of
// its own, as in "return env.open".
func (g *graph) boundToOwn(n *flow.Func, u flow.Use, vars values) bool {
	sel, ok := u.At.Parent().Node().(*ast.SelectorExpr)
	if !ok || n.Sig == nil || n.Sig.Recv() == nil {
		return false
	}
	_, of := vars.params(n.Sig)
	t := g.trace()
	for _, asked := range of.of(flow.Receiver) {
		t.FollowAt(asked, sel.X)
	}
	return g.unlessShared(t.all(), sel.X)&(dbapi.Private|dbapi.Unique) != 0
}

// runsLater reports whether a literal is given to a function of the package that runs it in
// cleanup functions alone.
func (g *graph) runsLater(n *flow.Func) bool {
	call, ok := n.Cursor.Parent().Node().(*ast.CallExpr)
	if !ok || n.Lit == nil {
		return false
	}
	f := g.code.Func(dbapi.Callee(g.info, call))
	if f == nil {
		return false
	}
	param := flow.ParamOf(f.Sig, slices.Index(call.Args, ast.Expr(n.Lit))+1)
	mentions := g.code.Mentions(param)
	return len(mentions) > 0 && !slices.ContainsFunc(mentions, func(c inspector.Cursor) bool {
		for in := g.code.Around(c); in != f; in = in.Parent {
			if in == nil || in.When&testscope.After != 0 {
				return in == nil
			}
		}
		return !g.putOff(c.Parent())
	})
}

// calledElsewhere reports whether code out of sight may call a function that the package does
// not call: of one in a test file, that which takes a running test, or is a method that an interface may have.
func calledElsewhere(n *flow.Func) bool {
	return !n.File.Test || testscope.TakesTB(n.Sig) || n.Sig.Recv() != nil && n.Obj.Exported()
}

// caller goes on from a call of n to the function that calls.
func (r *reached) caller(n *flow.Func, c *flow.Call, to leading) {
	if !r.step(c.Expr) {
		return
	}
	g := r.g
	t := g.trace()
	next := leading{vars: g.visibleFrom(c.In, to.vars), by: g.visibleFrom(c.In, to.by), started: to.started, owner: g.ownerOf(c)}
	once := g.onlyOnce(c)
	if to.owner != nil && !(once && next.owner == nil) {
		if of, again := g.ownerAt(c, n.Sig, to.owner); !again {
			once, next.owner = true, of
		}
	}
	params, of := to.vars.params(n.Sig)
	t.arguments(c, n.Sig, params, of)
	next.vars.add(t.vars)
	names, parts := to.by.params(n.Sig)
	own, on := g.named(c, n.Sig, names, parts)
	here, by := g.privateHere(c, next.vars)
	next.by = union(next.by, t.by, on, by)
	origin := t.all()
	next.started = next.started || (origin|here)&dbapi.Started != 0
	if r.address {
		origin |= dbapi.Address
	}
	_, given := t.given(r.unless, true)
	switch {
	case given:
	case origin&(dbapi.Private|dbapi.Unique) != 0, origin.NoServer(), own, here != 0:
		r.private = true
		r.ends(next)
	case once && next.owner == nil:
		r.once = true
		r.ends(next)
	case g.failing(c):
	case r.probes(c):
		r.probe = true
	default:
		r.depth++
		r.visit(c.In, next)
		r.depth--
	}
}

// probes reports whether the function around a call opens what the ways lead from for a task of its own, and closes it.
func (r *reached) probes(c *flow.Call) bool {
	opens := r.g.opened[c]
	return len(opens) > 0 && r.g.forItself(c) && !slices.ContainsFunc(opens, func(o opened) bool {
		return !o.Closed || !slices.ContainsFunc(r.ways, func(w way) bool { return w.at == o.At })
	})
}
