package lifecycle

import (
	"cmp"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// judge lists the sites of the package with their verdicts, and the tests with
// what they reach.
func (g *graph) judge() ([]*Site, []*Test) {
	var sites []*Site
	tests := map[*flow.Func]*Test{}
	listed := map[told]bool{}
	passed := passed{}
	for _, n := range g.code.Funcs() {
		if !g.isTest(n) {
			continue
		}
		for _, c := range n.Calls {
			all := g.opens(c)
			if len(all) == 0 {
				continue
			}
			at := g.place(c.Expr)
			var mine []opened // what this call is to answer for
			for _, o := range all {
				if o.At == at && !o.Once && o.If == "" {
					mine = append(mine, o)
				}
			}
			r := g.reach(c, all, passed, len(mine) > 0)
			for _, root := range r.tests {
				t := tests[root]
				if t == nil {
					t = &Test{Name: testName(root), Decl: root.Decl}
					tests[root] = t
				}
				for _, o := range all {
					if at := (told{t, o.At}); !listed[at] {
						listed[at] = true
						t.Opens = append(t.Opens, o.Open)
					}
				}
			}
			if len(mine) > 0 {
				sites = append(sites, g.site(c, mine, r))
			}
		}
	}
	slices.SortFunc(sites, func(a, b *Site) int { return cmp.Compare(a.Call.Pos(), b.Call.Pos()) })
	var list []*Test
	for _, n := range g.code.Funcs() {
		if t := tests[n]; t != nil {
			list = append(list, t)
		}
	}
	return sites, list
}

// told says that a test is told what it opens at a place.
type told struct {
	test *Test
	at   Place
}

// helpers lists the calls that are the Helper of what they open.
func (g *graph) helpers() []*Site {
	var all []*Site
	for _, n := range g.code.Funcs() {
		if g.isTest(n) || !g.namedForTests(n) {
			continue
		}
		for _, c := range n.Calls {
			at := g.place(c.Expr)
			var mine []opened
			for _, o := range g.opens(c) {
				if o.Helper == at && !o.Once && !o.Closed {
					mine = append(mine, o)
				}
			}
			if len(mine) > 0 && !g.guarded(c) {
				all = append(all, g.site(c, mine, new(reached)))
			}
		}
	}
	return all
}

// Helper returns the helper that the site's pools come from; "" if there is none. Of
// several the last counts: what comes before is often a connection to set it up.
func (s *Site) Helper() Place {
	if slices.ContainsFunc(s.Opens, func(o Open) bool { return o.Helper == "" }) {
		return ""
	}
	return s.Opens[len(s.Opens)-1].Helper
}

func (g *graph) site(c *flow.Call, mine []opened, r *reached) *Site {
	s := &Site{
		Call: c.Expr, Callee: c.Fn, File: c.In.File.Syntax, Place: g.place(c.Expr),
		Direct: c.Fn != nil && g.cat.Opener(c.Fn) != nil,
		Func:   c.In.Outer().Decl, InTest: c.In.File.Test, At: c.At,
	}
	private, closed := true, true
	for _, o := range mine {
		s.Opens = append(s.Opens, o.Open)
		private = private && o.Private
		closed = closed && o.Closed
	}
	names := map[string]bool{}
	for _, root := range r.tests {
		if name := testName(root); !names[name] {
			names[name] = true
			s.Tests = append(s.Tests, name)
		}
	}
	s.DDL = g.changesTables(c.In.Outer()) || slices.ContainsFunc(r.tests, func(n *flow.Func) bool { return g.changesTables(n.Outer()) })
	s.Meant = g.unassigned(c)
	switch {
	case s.Meant != nil && !private:
		s.Verdict = Unassigned
	case g.failing(c):
		s.Verdict = Failing
	case private:
		s.Verdict = Private
	case g.guarded(c):
		s.Verdict = Once
	case r.perTest && closed && helps(c.In):
		s.Verdict = Probe
	case r.perTest:
		s.Verdict = PerTest
	case r.once:
		s.Verdict = Once
	case r.documentation:
		s.Verdict = Documentation
	case r.private:
		s.Verdict = Private
	default:
		s.Verdict = Unused
	}
	return s
}

// helps reports whether the function is a helper rather than the body of a test.
func helps(n *flow.Func) bool {
	if n.When&testscope.PerTest != 0 {
		return false
	}
	if slices.ContainsFunc(n.Uses, func(u flow.Use) bool { return u.When&testscope.PerTest != 0 }) {
		return false // t.Run(name, n)
	}
	if n.Lit != nil {
		return n.Detached || helps(n.Parent)
	}
	if n.Obj == nil {
		return false
	}
	rest, ok := strings.CutPrefix(strings.ToLower(n.Obj.Name()[:1])+n.Obj.Name()[1:], "test")
	body := ok && (rest == "" || !unicode.IsLower(rune(rest[0]))) && testscope.TakesTB(n.Sig)
	return !body
}

func testName(n *flow.Func) string {
	if n.Obj == nil {
		return strconv.Quote(n.Title)
	}
	if recv := n.Obj.Signature().Recv(); recv != nil {
		name := dbapi.TypeName(recv.Type())
		return name[strings.LastIndex(name, ".")+1:] + "." + n.Obj.Name()
	}
	return n.Obj.Name()
}

// reached says on which occasions a call runs.
type reached struct {
	perTest, once, documentation, private bool
	tests                                 []*flow.Func

	g      *graph
	unless string // what a caller may give so that the call does not happen
	seen   map[*flow.Func]bool
	ways   []way
	passed passed
	all    bool // also go the ways that earlier calls went
	depth  int  // calls on the way that is being gone
}

// A way leads upward from what is opened at a place, unless a caller gives a field.
type way struct {
	at     Place
	unless string
}

// passed holds the nodes that the ways from earlier calls lead through: what is
// above them is known to reach the same places.
type passed map[way]map[*flow.Func]bool

// maxSteps bounds the calls that are followed upward in one package, all that open
// something taken together.
const maxSteps = 500_000

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
func (g *graph) reach(c *flow.Call, opens []opened, passed passed, all bool) *reached {
	r := &reached{g: g, seen: map[*flow.Func]bool{}, passed: passed, all: all}
	vars := map[*types.Var]bool{}
	for _, o := range opens {
		r.unless = o.Unless
		maps.Copy(vars, o.vars)
	}
	for _, o := range opens {
		if w := (way{o.At, r.unless}); !slices.Contains(r.ways, w) {
			r.ways = append(r.ways, w)
		}
	}
	r.visit(c.In, vars)
	slices.SortFunc(r.tests, func(a, b *flow.Func) int { return cmp.Compare(a.Cursor.Node().Pos(), b.Cursor.Node().Pos()) })
	return r
}

// again reports whether earlier calls led through the node on all of the ways, and
// notes that this one does.
func (r *reached) again(n *flow.Func) bool {
	again := true
	for _, w := range r.ways {
		nodes := r.passed[w]
		if nodes == nil {
			nodes = map[*flow.Func]bool{}
			r.passed[w] = nodes
		}
		again = again && nodes[n]
		nodes[n] = true
	}
	return again
}

func (r *reached) visit(n *flow.Func, vars map[*types.Var]bool) {
	if r.seen[n] {
		return
	}
	r.seen[n] = true
	if r.again(n) && !r.all {
		return
	}
	if !r.step(n.Cursor.Node()) {
		return
	}
	switch {
	case r.g.saysOf(n).makes && r.g.isTest(n):
		r.private = true
	case n.When&testscope.After != 0:
	case n.When&testscope.Documentation != 0:
		r.documentation = true
	case n.When&testscope.Once != 0:
		r.once = true
	case n.When&testscope.PerTest != 0 && r.g.prepared(n):
		r.private = true
	case n.When&testscope.PerTest != 0:
		r.perTest = true
		if n.Lit != nil {
			if n.Title != "" && n.Outer().Decl == nil {
				r.tests = append(r.tests, n) // a spec
			}
			r.visit(n.Parent, vars)
			return
		}
		r.tests = append(r.tests, n)
	case n.Lit != nil && (!n.Detached || len(n.Callers)+len(n.Uses) == 0):
		if n.Detached && testscope.TakesTB(n.Sig) {
			r.perTest = true
		}
		r.visit(n.Parent, vars)
	default:
		r.callers(n, vars)
	}
}

// callers goes on with the calls and mentions of a function. For one outside
// test files those in test files do not count: whether the compiler sees them
// depends on the variant of the package.
func (r *reached) callers(n *flow.Func, vars map[*types.Var]bool) {
	known := false
	for _, c := range n.Callers {
		if n.File.Test || !c.In.File.Test {
			known = true
			r.edge(n, c, vars)
		}
	}
	for _, u := range n.Uses {
		if !n.File.Test && u.In.File.Test {
			continue
		}
		known = true
		switch {
		case u.When&testscope.Once != 0:
			r.once = true
		case u.When&testscope.After != 0:
		default:
			r.perTest = r.perTest || u.When&testscope.PerTest != 0 || testscope.TakesTB(n.Sig) || u.In.Outer().Decl == nil
			r.visit(u.In, vars)
		}
	}
	if !known && n.Sig != nil && n.Sig.Recv() != nil && vars[n.Sig.Recv()] && r.g.madePrivately(n.Sig.Recv().Type()) {
		r.private = true
		return
	}
	if !known && r.unless == "" && n.Obj != nil && (testscope.TakesTB(n.Sig) || n.Obj.Exported() || !n.File.Test) {
		r.perTest = true
	}
}

// edge goes on from a call of n to the function that calls.
func (r *reached) edge(n *flow.Func, c *flow.Call, vars map[*types.Var]bool) {
	if !r.step(c.Expr) {
		return
	}
	g := r.g
	t := g.trace()
	next := g.seenFrom(c.In, vars)
	for i := range paramsAmong(vars, n.Sig).All {
		for _, arg := range flow.Args(c.Expr, n.Sig, i) {
			t.expr(arg)
		}
	}
	for v := range t.vars {
		next[v] = true
	}
	_, given := t.given(r.unless, true)
	switch {
	case given:
	case t.origin&(dbapi.Private|dbapi.Unique|dbapi.Fake|dbapi.Unreachable) != 0, g.privateHere(c, next):
		r.private = true
	case g.guarded(c):
		r.once = true
	case g.failing(c):
	default:
		r.depth++
		r.visit(c.In, next)
		r.depth--
	}
}
