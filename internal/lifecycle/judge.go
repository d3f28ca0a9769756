package lifecycle

import (
	"cmp"
	"go/types"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// judge lists the sites of the package with their verdicts, the tests with what they reach,
// and what any test or hook reaches outside the test files.
func (g *graph) judge() ([]*Site, []*Test, []Place) {
	j := &judging{g: g, tests: map[*flow.Func]*Test{}, listed: map[openedIn]bool{}, reached: map[Place]bool{}, ended: map[Place]bool{}, last: map[Place][]*flow.Call{}, visited: visited{}}
	for c := range g.openingCalls() {
		j.call(c)
	}
	for _, s := range j.sites {
		s.Ended = j.ended[s.Place]
	}
	slices.SortStableFunc(j.sites, func(a, b *Site) int { return g.compare(a.Call, b.Call) })
	g.findCauses(j.sites)
	var tests []*Test
	for _, n := range g.code.Funcs() {
		if t := j.tests[n]; t != nil {
			tests = append(tests, t)
		}
	}
	g.findSingle(j.sites, tests, j.last)
	return j.sites, tests, slices.Sorted(maps.Keys(j.reached))
}

// judging is what judge has seen so far.
type judging struct {
	g       *graph
	sites   []*Site
	tests   map[*flow.Func]*Test
	listed  map[openedIn]bool
	reached map[Place]bool
	ended   map[Place]bool         // whether each call that leads to it from elsewhere closes it
	last    map[Place][]*flow.Call // by what is opened: the calls behind which no test code of the package follows
	visited visited
}

// openedIn says that a test is told what it opens at a place.
type openedIn struct {
	test *Test
	at   Place
}

// call judges a call in test code that opens something.
func (j *judging) call(c *flow.Call) {
	g, all, at := j.g, j.g.opened[c], j.g.place(c.Expr)
	var mine []opened // what this call is to answer for
	for _, o := range all {
		if before, known := j.ended[o.At]; o.At != at {
			j.ended[o.At] = o.Closed && (before || !known)
		}
		if o.At == at && !o.Once && o.If == "" {
			mine = append(mine, o)
		}
	}
	if len(mine) == 0 && g.failing(c) {
		return // a helper that opens for others
	}
	r, once := g.reach(c, all, j.visited, len(mine) > 0), g.onlyOnce(c)
	for _, o := range all {
		if o.At == at || g.code.Func(c.Fn) == nil && !o.At.In(g.pass.Pkg) {
			j.last[o.At] = append(j.last[o.At], c)
		}
		if o.At != at && c.In.File.Test && r.perTest && !once {
			j.reached[o.At] = true
		}
	}
	kept := slices.DeleteFunc(slices.Clone(all), func(o opened) bool { return o.At != at && o.Closed && g.forItself(c) })
	for _, root := range r.tests {
		j.tell(root, kept, at, once)
	}
	if len(mine) > 0 {
		j.sites = append(j.sites, g.site(c, mine, r))
	}
}

// tell adds to a test what a call at a place opens for it, which may be guarded to be done once.
func (j *judging) tell(root *flow.Func, all []opened, at Place, once bool) {
	t := j.tests[root]
	if t == nil {
		t = &Test{Name: testName(root), Decl: root.Decl, Binary: strings.TrimSuffix(j.g.pass.Pkg.Path(), "_test")}
		j.tests[root] = t
	}
	for _, o := range all {
		o.Once = o.Once || once && o.At != at
		if key := (openedIn{t, o.At}); !j.listed[key] {
			j.listed[key] = !once
			t.Opens = append(t.Opens, o.Open)
		}
	}
}

// openingCalls yields the calls in test code that open something.
func (g *graph) openingCalls() iter.Seq[*flow.Call] {
	return func(yield func(*flow.Call) bool) {
		for _, n := range g.code.Funcs() {
			if !g.isTest(n) {
				continue
			}
			for _, c := range n.Calls {
				if len(g.opened[c]) > 0 && !yield(c) {
					return
				}
			}
		}
	}
}

// leads lists the calls in test code that lead to what is opened at another place.
func (g *graph) leads() (all []Lead) {
	for c := range g.openingCalls() {
		if g.failing(c) || g.onlyOnce(c) {
			continue
		}
		at := g.place(c.Expr)
		for _, o := range g.opened[c] {
			if o.At != at && !o.Once && !o.Private && !o.Closed && !o.leftTo(c.In) {
				all = append(all, Lead{c.Expr, o.At})
			}
		}
	}
	return all
}

// leftTo reports whether what a helper is given may decide that the database is private.
func (o opened) leftTo(f *flow.Func) bool {
	for ; f != nil && f.When&testscope.PerTest == 0; f = f.Parent {
		params, _ := o.vars.params(f.Sig)
		by, _ := o.by.params(f.Sig)
		names, _ := o.names.params(f.Sig)
		params |= by | names
		params.Remove(flow.Receiver)
		if params != 0 {
			return true
		}
	}
	return false
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
			for _, o := range g.opened[c] {
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

// Pools returns how many pools, and how many connections besides, the site opens at least.
func (s *Site) Pools() (pools, conns int) {
	count := map[dbapi.Kind]int{}
	for _, o := range s.Opens {
		if !o.Perhaps || count[o.Kind] == 0 && !slices.ContainsFunc(s.Opens, func(p Open) bool { return p.Kind == o.Kind && !p.Perhaps }) {
			count[o.Kind]++
		}
	}
	return count[dbapi.Pool], count[dbapi.Conn]
}

// Named returns what the site is said to open: a pool that it opens in any case, one of SQL
// rather than another; of the arms of a branch, one that is no file.
func (s *Site) Named() Open {
	return slices.MinFunc(s.Opens, func(a, b Open) int { return cmp.Compare(a.rank(), b.rank()) })
}

func (o Open) rank() (rank int) {
	if !o.Opener.SQL() {
		rank += 4
	}
	if o.If != "" || o.Unless != "" {
		rank += 2
	}
	if !o.Server {
		rank++
	}
	return rank
}

func (g *graph) site(c *flow.Call, mine []opened, r *reached) *Site {
	s := &Site{
		Call: c.Expr, Callee: c.Fn, File: c.In.File.Syntax, Place: g.place(c.Expr),
		Direct: c.Fn != nil && g.cat.Opener(c.Fn) != nil,
		Func:   c.In.Outer().Decl, InTest: c.In.File.Test, At: c.At, in: c.In,
	}
	started := true
	for _, o := range mine {
		s.Opens = append(s.Opens, o.Open)
		started = started && o.Started
	}
	s.Started = started || r.started && !r.elsewhere
	names := map[string]bool{}
	for _, root := range r.tests {
		if name := testName(root); !names[name] {
			names[name] = true
			s.Tests = append(s.Tests, name)
		}
	}
	if len(r.tests) == 1 {
		switch root := r.tests[0]; {
		case isHook(root):
			s.Hook = strings.TrimSuffix(s.Tests[0], "."+root.Obj.Name())
		default:
			s.Alone = g.once(c, root, maxHops)
		}
	}
	s.DDL = g.changesTables(c.In.Outer()) || slices.ContainsFunc(r.tests, func(n *flow.Func) bool { return g.changesTables(n.Outer()) })
	s.Meant, s.After, s.Admin = g.unassigned(c), r.after, g.administers(c)
	s.Around, s.Dials = g.aroundTests(c), g.dialsForPool(c.In)
	s.Verdict = g.verdict(c, s, r)
	s.Suite = r.suite && s.Verdict == Once
	return s
}

// verdict judges a site of which all else is known: the first that applies.
func (g *graph) verdict(c *flow.Call, s *Site, r *reached) Verdict {
	private, closed := true, true
	for _, o := range s.Opens {
		private, closed = private && o.Private, closed && o.Closed
	}
	switch {
	case s.Meant != nil && !private:
		return Unassigned
	case g.failing(c) || g.subject(c):
		return Failing
	case closed && (r.perTest || r.private || private) && g.forItself(c), g.asksLimit(c.In), helps(c.In) && g.allAskLimit(r.tests), g.tried(c):
		return Probe
	case private && g.queriedOnce(c):
		return Probe
	case r.probe && !r.perTest && !r.once && !r.private && !private:
		return Probe
	case private:
		return Private
	case r.documentation && !r.perTest && !r.once && !r.private:
		return Documentation
	case g.onlyOnce(c) && !(r.perTest && g.ownerOf(c) != nil):
		return Once
	case r.perTest:
		return PerTest
	case r.once:
		return Once
	case r.private:
		return Private
	}
	return Unused
}

// aroundTests reports whether the function around a call runs all tests of the binary behind it, before it closes
// what that hands out.
func (g *graph) aroundTests(c *flow.Call) bool {
	handle := g.holder(c)
	for _, later := range c.In.Calls {
		switch {
		case later.Fn == nil || later.Expr.Pos() < c.Expr.Pos() || isDeferred(later.At):
		case handle != nil && g.root(later.Receiver()) == handle && dbapi.SoundsClosing(later.Fn.Name()):
			return false
		case testscope.RunsTests(later.Fn):
			return true
		}
	}
	return false
}

// forItself reports whether a function opens and closes for a task of its own: a helper or
// hook, or one that makes or drops what tests use.
func (g *graph) forItself(c *flow.Call) bool { return helps(c.In) || g.asAdministrator(c) }

// asksLimit reports whether the body of a test asks pools for their limit, and runs no query on
// one: the limit is its subject.
func (g *graph) asksLimit(n *flow.Func) bool {
	if n.When&testscope.PerTest == 0 || g.anyCall(n, g.queries) {
		return false
	}
	if slices.ContainsFunc(g.limits(), func(field types.Object) bool { return g.reads(n, field) }) {
		return true
	}
	return g.anyCall(n, func(c *flow.Call) bool { return c.Fn != nil && dbapi.TellsLimit(c.Fn) })
}

// allAskLimit reports whether there are tests, and all ask for the limit of what a helper opens.
func (g *graph) allAskLimit(tests []*flow.Func) bool {
	return len(tests) > 0 && !slices.ContainsFunc(tests, func(test *flow.Func) bool { return !g.asksLimit(test) })
}

// queries reports whether a call has a handle take a connection for a query.
func (g *graph) queries(c *flow.Call) bool {
	if c.Fn == nil || c.Fn.Pkg() == nil {
		return false
	}
	if row := g.cat.Opener(c.Fn); row != nil {
		return !row.Kind.Own() && row.Kind != dbapi.Wrapper
	}
	lib := dbapi.LibraryOf(c.Fn.Pkg())
	return lib != nil && lib.Runs(c.Fn) || dbapi.NewQueries(nil).Of(c.Fn) != nil
}

// reads reports whether a function mentions a field other than to set it.
func (g *graph) reads(n *flow.Func, field types.Object) bool {
	for at := range g.code.MentionsIn(field, n.Cursor.Node()) {
		if at.ParentEdgeKind() != edge.KeyValueExpr_Key && at.Parent().ParentEdgeKind() != edge.AssignStmt_Lhs {
			return true
		}
	}
	return false
}

// limits returns the fields that the package mentions which tell a pool's limit.
func (g *graph) limits() []types.Object {
	if g.limitFields == nil {
		g.limitFields = []types.Object{}
		for obj := range g.code.Mentioned() {
			if dbapi.TellsLimit(obj) {
				g.limitFields = append(g.limitFields, obj)
			}
		}
	}
	return g.limitFields
}

// helps reports whether the function is a helper or hook rather than the body of a test.
func helps(n *flow.Func) bool {
	if n.Prepares || isHook(n) {
		return true
	}
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

// isHook reports whether the function is a method that runs before each test of a suite.
func isHook(n *flow.Func) bool {
	return n.Obj != nil && n.Sig.Recv() != nil && slices.Contains(testscope.BeforeTest, n.Obj.Name())
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
