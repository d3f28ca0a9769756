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
	"github.com/poollint/poollint/internal/testscope"
)

// judge lists the sites of the package with their verdicts, and the tests with
// what they reach.
func (g *graph) judge() ([]*Site, []*Test) {
	var sites []*Site
	tests := map[*node]*Test{}
	listed := map[told]bool{}
	passed := passed{}
	for _, n := range g.nodes {
		if !n.isTest() {
			continue
		}
		for _, c := range n.calls {
			all := g.opens(c)
			if len(all) == 0 {
				continue
			}
			at := g.place(c.expr)
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
					t = &Test{Name: root.testName(), Decl: root.decl}
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
	for _, n := range g.nodes {
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
	for _, n := range g.nodes {
		if n.isTest() || !g.namedForTests(n) {
			continue
		}
		for _, c := range n.calls {
			at := g.place(c.expr)
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

func (g *graph) site(c *call, mine []opened, r *reached) *Site {
	s := &Site{
		Call: c.expr, Callee: c.fn, File: c.in.file.ast, Place: g.place(c.expr),
		Direct: c.fn != nil && g.cat.Opener(c.fn) != nil,
		Func:   c.in.outer().decl, InTest: c.in.file.test, at: c.at,
	}
	private, closed := true, true
	for _, o := range mine {
		s.Opens = append(s.Opens, o.Open)
		private = private && o.Private
		closed = closed && o.Closed
	}
	names := map[string]bool{}
	for _, root := range r.tests {
		if name := root.testName(); !names[name] {
			names[name] = true
			s.Tests = append(s.Tests, name)
		}
	}
	s.DDL = c.in.outer().ddl || slices.ContainsFunc(r.tests, func(n *node) bool { return n.outer().ddl })
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
	case r.perTest && closed && c.in.helps():
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

// helps reports whether the node is a helper rather than the body of a test.
func (n *node) helps() bool {
	if n.when&testscope.PerTest != 0 {
		return false
	}
	if slices.ContainsFunc(n.used, func(u use) bool { return u.when&testscope.PerTest != 0 }) {
		return false // t.Run(name, n)
	}
	if n.lit != nil {
		return n.detach || n.parent.helps()
	}
	if n.fn == nil {
		return false
	}
	rest, ok := strings.CutPrefix(strings.ToLower(n.fn.Name()[:1])+n.fn.Name()[1:], "test")
	body := ok && (rest == "" || !unicode.IsLower(rune(rest[0]))) && testscope.TakesTB(n.sig)
	return !body
}

func (n *node) testName() string {
	if n.fn == nil {
		return strconv.Quote(n.name)
	}
	if recv := n.fn.Signature().Recv(); recv != nil {
		name := dbapi.TypeName(recv.Type())
		return name[strings.LastIndex(name, ".")+1:] + "." + n.fn.Name()
	}
	return n.fn.Name()
}

// reached says on which occasions a call runs.
type reached struct {
	perTest, once, documentation, private bool
	tests                                 []*node

	g      *graph
	unless string // what a caller may give so that the call does not happen
	seen   map[*node]bool
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
type passed map[way]map[*node]bool

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
func (g *graph) reach(c *call, opens []opened, passed passed, all bool) *reached {
	r := &reached{g: g, seen: map[*node]bool{}, passed: passed, all: all}
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
	r.visit(c.in, vars)
	slices.SortFunc(r.tests, func(a, b *node) int { return cmp.Compare(a.body.Pos(), b.body.Pos()) })
	return r
}

// again reports whether earlier calls led through the node on all of the ways, and
// notes that this one does.
func (r *reached) again(n *node) bool {
	again := true
	for _, w := range r.ways {
		nodes := r.passed[w]
		if nodes == nil {
			nodes = map[*node]bool{}
			r.passed[w] = nodes
		}
		again = again && nodes[n]
		nodes[n] = true
	}
	return again
}

func (r *reached) visit(n *node, vars map[*types.Var]bool) {
	if r.seen[n] {
		return
	}
	r.seen[n] = true
	if r.again(n) && !r.all {
		return
	}
	if !r.step(n.body) {
		return
	}
	switch {
	case n.makes && n.isTest():
		r.private = true
	case n.when&testscope.After != 0:
	case n.when&testscope.Documentation != 0:
		r.documentation = true
	case n.when&testscope.Once != 0:
		r.once = true
	case n.when&testscope.PerTest != 0 && r.g.prepared(n):
		r.private = true
	case n.when&testscope.PerTest != 0:
		r.perTest = true
		if n.lit != nil {
			if n.name != "" && n.outer().decl == nil {
				r.tests = append(r.tests, n) // a spec
			}
			r.visit(n.parent, vars)
			return
		}
		r.tests = append(r.tests, n)
	case n.lit != nil && (!n.detach || len(n.called)+len(n.used) == 0):
		if n.detach && testscope.TakesTB(n.sig) {
			r.perTest = true
		}
		r.visit(n.parent, vars)
	default:
		r.callers(n, vars)
	}
}

// callers goes on with the calls and mentions of a function. For one outside
// test files those in test files do not count: whether the compiler sees them
// depends on the variant of the package.
func (r *reached) callers(n *node, vars map[*types.Var]bool) {
	known := false
	for _, c := range n.called {
		if n.file.test || !c.in.file.test {
			known = true
			r.edge(n, c, vars)
		}
	}
	for _, u := range n.used {
		if !n.file.test && u.in.file.test {
			continue
		}
		known = true
		switch {
		case u.when&testscope.Once != 0:
			r.once = true
		case u.when&testscope.After != 0:
		default:
			r.perTest = r.perTest || u.when&testscope.PerTest != 0 || testscope.TakesTB(n.sig) || u.in.outer().decl == nil
			r.visit(u.in, vars)
		}
	}
	if !known && n.sig != nil && n.sig.Recv() != nil && vars[n.sig.Recv()] && r.g.madePrivately(n.sig.Recv().Type()) {
		r.private = true
		return
	}
	if !known && r.unless == "" && n.fn != nil && (testscope.TakesTB(n.sig) || n.fn.Exported() || !n.file.test) {
		r.perTest = true
	}
}

// edge goes on from a call of n to the function that calls.
func (r *reached) edge(n *node, c *call, vars map[*types.Var]bool) {
	if !r.step(c.expr) {
		return
	}
	g := r.g
	t := g.trace()
	next := g.seenFrom(c.in, vars)
	for v := range vars {
		if n.sig != nil && v == n.sig.Recv() {
			if sel, ok := ast.Unparen(c.expr.Fun).(*ast.SelectorExpr); ok {
				t.expr(sel.X)
			}
		} else if i := paramIndex(n.sig, v); i >= 0 && i < len(c.expr.Args) {
			if n.sig.Variadic() && i == n.sig.Params().Len()-1 {
				for _, arg := range c.expr.Args[i:] {
					t.expr(arg)
				}
			} else {
				t.expr(c.expr.Args[i])
			}
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
		r.visit(c.in, next)
		r.depth--
	}
}

func paramIndex(sig *types.Signature, v *types.Var) int {
	if sig == nil {
		return -1
	}
	for i := range sig.Params().Len() {
		if sig.Params().At(i) == v {
			return i
		}
	}
	return -1
}
