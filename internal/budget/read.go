package budget

import (
	"go/ast"
	"go/types"
	"hash/fnv"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/capacity"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/testscope"
)

// Needs is the fact of functions, and of variables with a function that runs once: what a
// call of them needs.
type needs struct{ Demand demand }

func (*needs) AFact()         {}
func (*needs) String() string { return "opens pools" }

// Starts is the fact of packages: what is opened in each process that they are a part of, and the
// types, of theirs and of what they import, that open pools behind an interface.
type starts struct {
	Once  []once
	Types []opening
}

func (*starts) AFact()         {}
func (*starts) String() string { return "read" }

// A reader finds out what the functions of a package need.
type reader struct {
	pass      *analysis.Pass
	info      *types.Info
	cat       *dbapi.Catalogue
	life      *lifecycle.Package
	caps      *capacity.Package
	parallel  *parallel.Package
	ownership *ownership.Package
	code      *flow.Package

	libraries map[string]bool // import paths for which the catalogue speaks
	handles   map[*ast.CallExpr][]*ownership.Handle
	demands   map[*flow.Func]*demand
	reading   map[*flow.Func]int // those that call one another down to the one that is being read: how deep
	back      int                // the least depth of those that this one calls
	recursive map[*flow.Func]bool
	shared    map[*flow.Func][]once // by function: what it asks for that a variable opens once
	onceVars  map[*types.Var]bool   // functions that open once
	hidden    []opening             // types that open pools, and that flow does not look for behind an interface
	generic   map[string][]*flow.Func
	left      int // work, see maxWork
}

// Bounds on the work for one package. What is beyond has no bound.
const (
	maxWork    = 400_000 // calls, and nodes of the demands that they add
	maxDepth   = 300     // functions that call one another
	maxTargets = 64      // functions that one call may run
	maxBefore  = 64      // statements before a call that may be branches
)

func newReader(pass *analysis.Pass) *reader {
	r := &reader{
		pass: pass, info: pass.TypesInfo, cat: dbapi.NewCatalogue(config.Of(pass).API.Openers),
		life:      pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package),
		caps:      pass.ResultOf[capacity.Analyzer].(*capacity.Package),
		parallel:  pass.ResultOf[parallel.Analyzer].(*parallel.Package),
		ownership: pass.ResultOf[ownership.Analyzer].(*ownership.Package),
		code:      flow.Of(pass),
		libraries: map[string]bool{}, handles: map[*ast.CallExpr][]*ownership.Handle{}, demands: map[*flow.Func]*demand{},
		reading: map[*flow.Func]int{}, recursive: map[*flow.Func]bool{}, shared: map[*flow.Func][]once{}, onceVars: map[*types.Var]bool{}, generic: map[string][]*flow.Func{}, left: maxWork,
	}
	for path := range r.cat.Packages() {
		r.libraries[path] = true
	}
	r.hide()
	for _, h := range r.ownership.Handles {
		if h.Kind.Own() || h.Opener.Detaches() {
			r.handles[h.Expr()] = append(r.handles[h.Expr()], h)
		}
	}
	return r
}

func (r *reader) place(n ast.Node) lifecycle.Place {
	return lifecycle.PlaceOf(r.pass, n)
}

func (r *reader) spot(n ast.Node) spot { return spotOf(r.pass.Fset.PositionFor(n.Pos(), false)) }

// of returns what a run of a function needs.
func (r *reader) of(f *flow.Func) *demand {
	if d := r.demands[f]; d != nil {
		return d
	}
	if depth, is := r.reading[f]; is {
		r.recursive[f] = true
		r.back = min(r.back, depth)
		return new(demand)
	}
	depth := len(r.reading)
	if !r.pay(1+len(f.Calls)) || depth > maxDepth {
		return &demand{Reasons: []Reason{r.tooLarge()}}
	}
	before := r.back
	r.back = depth
	r.reading[f] = depth
	b := &builder{reader: r, f: f, out: new(demand)}
	b.build()
	delete(r.reading, f)
	whole := r.back == depth
	r.back = min(r.back, before)
	if r.recursive[f] && b.out.opens() {
		b.out.because(Reason{Spot: r.spot(f.Cursor.Node()), What: "a function that opens pools calls itself", Remedy: "open outside of it"})
	}
	if b.out.size() > maxNodes {
		b.out = &demand{Once: b.out.Once, Reasons: []Reason{r.tooLarge()}}
	}
	if whole { // else it calls one that is being read, and that is not known yet
		r.demands[f] = b.out
	}
	return b.out
}

// pay notes work, and reports whether it may be done.
func (r *reader) pay(n int) bool {
	r.left -= n
	return r.left >= 0
}

// cut reports whether something was not looked at, as it was too much.
func (r *reader) cut() bool { return r.left < 0 || r.life.Cut.IsValid() || r.code.Cut() }

func (r *reader) tooLarge() Reason {
	var at spot
	if len(r.pass.Files) > 0 {
		at = r.spot(r.pass.Files[0].Name)
	}
	return Reason{Spot: at, What: "the package is too large to read", Remedy: "split it, or share one pool"}
}

// A target is a function that an expression may stand for.
type target struct {
	f     *flow.Func  // of the package
	fn    *types.Func // of another
	needs *demand     // what fn, an interface's method, needs as a hidden type has it
}

// demand returns what the target needs; nil if it cannot be read.
func (r *reader) demand(t target) *demand {
	if t.f != nil {
		return r.of(t.f)
	}
	if t.needs != nil {
		return t.needs
	}
	fact := new(needs)
	if r.pass.ImportObjectFact(t.fn.Origin(), fact) {
		return &fact.Demand
	}
	if t.fn.Pkg() == nil || r.libraries[t.fn.Pkg().Path()] || r.pass.ImportPackageFact(t.fn.Pkg(), new(starts)) {
		return new(demand)
	}
	return nil
}

// runsParallel reports whether a target makes the test that it is, or is given, a parallel one.
func (r *reader) runsParallel(t target) bool {
	if t.f != nil {
		return r.parallel.CallsParallel(t.f)
	}
	return r.parallel.IsParallelFunc(t.fn)
}

func (t target) sig() *types.Signature {
	if t.f != nil {
		return t.f.Sig
	}
	return t.fn.Signature()
}

// targets returns the functions that an argument may stand for, or hold.
func (r *reader) targets(e ast.Expr) (all []target) {
	add := func(t target) {
		if !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	var look func(e ast.Expr, deeper bool)
	look = func(e ast.Expr, deeper bool) {
		for _, f := range r.code.FuncsOf(e) {
			add(target{f: f})
		}
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				if f := r.code.FuncAt(n); f != nil {
					add(target{f: f})
				}
				return false
			case *ast.Ident:
				switch obj := r.info.Uses[n].(type) {
				case *types.Func:
					for _, t := range r.named(obj) {
						add(t)
					}
				case *types.Var:
					if !deeper || testscope.IsTB(obj.Type()) {
						break
					}
					for _, s := range r.code.Into(obj.Origin()) {
						if !r.pay(1) {
							return false
						}
						look(s.Src, false)
					}
				}
			}
			return true
		})
	}
	look(e, true)
	return all
}

// named returns the functions that may run where one is named: itself, or for a method of an
// interface those of the types that are known to have it.
func (r *reader) named(fn *types.Func) (all []target) {
	methods := []*types.Func{fn.Origin()}
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		methods = r.code.Implementing(fn)
		all = r.hiddenBehind(fn)
	}
	for _, m := range methods {
		if f := r.code.Func(m); f != nil {
			all = append(all, target{f: f})
		} else {
			all = append(all, target{fn: m})
		}
	}
	return all
}

// A builder puts together what one function needs.
type builder struct {
	*reader
	f     *flow.Func
	out   *demand
	waits int // position of the call of t.Parallel; 0 if there is none
}

func (b *builder) build() {
	if b.parallel.CallsParallel(b.f) {
		for _, c := range b.f.Calls {
			if b.parallel.IsParallel(c) {
				b.waits = int(c.Expr.End())
			}
		}
	}
	for _, c := range b.f.Calls {
		b.call(c)
	}
	b.out.once(b.shared[b.f]...)
}

// call adds what a call needs.
func (b *builder) call(c *flow.Call) {
	if !c.Runs() {
		return
	}
	if c.Fn != nil {
		if row := b.cat.Opener(c.Fn); row != nil {
			b.open(c, row)
			return
		}
		if opens := testpoolOpens(c); len(opens) > 0 {
			b.fromTestpool(c, opens)
			return
		}
	}
	if b.given(c) || b.opensOnce(c) {
		return
	}
	b.implement(c)
	targets := b.called(c)
	some := false
	for _, t := range targets {
		if d := b.reader.demand(t); d != nil {
			some = true
			b.run(c, t.sig(), d)
			b.unused(c, t.sig(), d)
		}
	}
	if len(targets) >= maxTargets {
		b.out.because(b.tooLarge())
	}
	if len(targets) > 1 && b.out.opens() {
		note(&b.out.Notes, Reason{Spot: b.spot(c.Expr), What: "one of several functions is called, and all of them are counted"})
	}
	if !some && !slices.ContainsFunc(c.Targets(), b.memoized) {
		b.unread(c)
	}
}

// opensOnce reports whether a call is of a variable that opens once and holds nothing else: those
// open that who mention it.
func (b *builder) opensOnce(c *flow.Call) bool {
	v := flow.Var(b.info, c.Expr.Fun)
	return b.onceVars[v] && len(b.code.Into(v)) <= 1
}

// called returns the functions that a call runs.
func (b *builder) called(c *flow.Call) (all []target) {
	if c.Fn == nil {
		for _, f := range c.Targets() {
			if !b.memoized(f) {
				all = append(all, target{f: f})
			}
		}
		return all
	}
	return b.named(c.Fn)
}

// memoized reports whether a function is a literal that runs once for each time that it is made: it
// counts there.
func (b *builder) memoized(f *flow.Func) bool {
	if f.Lit == nil || f.Cursor.ParentEdgeKind() != edge.CallExpr_Args {
		return false
	}
	c := b.code.Call(f.Cursor.Parent().Node().(*ast.CallExpr))
	return c != nil && testscope.Memoizes(c.Fn)
}

// open adds what an opener of the catalogue opens.
func (b *builder) open(c *flow.Call, row *dbapi.Opener) {
	if row.Detaches {
		b.hold(c, open{At: b.place(c.Expr), Spot: b.spot(c.Expr), Opener: row.Name, Limit: limit{N: 1}, Times: 1}, b.fate(c))
		return
	}
	if !row.Kind.Own() || !row.Name.SQL() || !b.life.Dials(c.Expr) || b.life.Failing(c.Expr) {
		return
	}
	o := open{At: b.place(c.Expr), Spot: b.spot(c.Expr), Opener: row.Name, Limit: limit{N: 1}, Times: 1}
	if row.Kind == dbapi.Pool {
		o.Limit = limit{Unknown: "its limit is not followed", Remedy: remedy(row)}
		b.limit(c, &o)
	}
	b.hold(c, o, b.fate(c))
}

// remedy says how a pool is limited.
func remedy(row *dbapi.Opener) string {
	switch l := row.Limit; {
	case l == nil:
		return ""
	case l.Setter != "":
		return "call " + l.Setter + "(3) on it"
	case l.Field != "":
		return "set " + l.Field + " = 3 in its configuration"
	case l.Param != "":
		return "put " + l.Param + "=3 into its connection string"
	}
	return ""
}

// limitAgain is limit, of what a function opens that the call runs, where the caller has a say: it
// gives what the pool is made of, or gets the pool.
func (b *builder) limitAgain(c *flow.Call, o *open) {
	if o.Limit.Waits || o.Limit.Given || o.Until.Kind == handed {
		b.limit(c, o)
	}
}

// limit reads the limit of what is opened, as the call's function sees it.
func (b *builder) limit(c *flow.Call, o *open) {
	w, ok := b.caps.Worst(c.Expr, o.At)
	if !ok {
		return
	}
	l := limit{N: w.N, PerCPU: w.PerCPU, Min: w.Min, By: w.By, Waits: w.Waits, Given: w.Given, Unknown: w.Unknown, Remedy: o.Limit.Remedy}
	if o.Limit.Waits && !l.Waits && l.Unknown != "" {
		l.Spot = b.spot(c.Expr)
	}
	o.Limit = l
	o.Servers = w.Servers
}

// hold adds an open of a call that is closed at some time.
func (b *builder) hold(c *flow.Call, o open, u until) {
	if c == nil { // what the library of a suite calls
		o.Until = u
		hold(&b.out.Leaks, o)
		return
	}
	rounds, loop := b.rounds(c, u)
	o.Until = u
	if rounds == 0 {
		b.out.because(Reason{Spot: loop, What: "a loop opens pools, and how often it goes round does not show", Remedy: "open before the loop, or close in each round"})
		rounds = 1
	}
	if rounds > 1 {
		note(&b.out.Notes, Reason{Spot: loop, What: "a loop opens pools, and every round is counted"})
	}
	o.Times = min(o.Times*rounds, maxTimes)
	b.branch(c, &o)
	o.Early = o.Early || b.waits > int(c.Expr.Pos())
	if u.Kind != leaked {
		hold(&b.out.Opens, o)
		return
	}
	if b.guarded(c) {
		b.out.once(once{Key: b.place(c.Expr), Demand: &demand{Opens: []open{o}}})
		return
	}
	o.Early = false
	hold(&b.out.Leaks, o)
}

// branch notes which arm of a branch the call stands in.
func (b *builder) branch(c *flow.Call, o *open) {
	at, arm := b.arm(c.At)
	switch {
	case o.Branch != 0: // the branch is below: another call is another branch
		o.Branch = hash(string(b.place(c.Expr)), o.Branch)
	case at != nil:
		o.Branch, o.Arm = hash(string(b.place(at)), 0), arm
	}
}

func hash(s string, more uint64) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64() ^ more*31
}

// arm returns the branch that a call stands in an arm of, and which.
func (b *builder) arm(c inspector.Cursor) (branch ast.Node, arm int) {
	for ; c.Valid() && c.Node() != nil; c = c.Parent() {
		switch c.ParentEdgeKind() {
		case edge.FuncDecl_Body, edge.FuncLit_Body:
			return nil, 0
		case edge.IfStmt_Body:
			if s := c.Parent().Node().(*ast.IfStmt); s.Else != nil || flow.Returns(s.Body.List) {
				return s, 0
			}
		case edge.IfStmt_Else:
			return c.Parent().Node(), 1
		case edge.CaseClause_Body:
			clause := c.Parent()
			_, which := clause.ParentEdge()
			if falls(clause.Parent().Node()) {
				return nil, 0
			}
			return clause.Parent().Node(), which
		case edge.BlockStmt_List:
			before, ok := c.PrevSibling()
			for n := 0; ok && n < maxBefore; n++ {
				if s, is := before.Node().(*ast.IfStmt); is && s.Else == nil && flow.Returns(s.Body.List) && len(b.f.CallsIn(s.Body)) > 0 && b.opensIn(s.Body) {
					return s, 1
				}
				before, ok = before.PrevSibling()
			}
		}
	}
	return nil, 0
}

// opensIn reports whether an opener, or what leads to one, is called in a block.
func (b *builder) opensIn(n ast.Node) bool {
	return slices.ContainsFunc(b.f.CallsIn(n), func(c *flow.Call) bool { return len(b.handles[c.Expr]) > 0 })
}

// falls reports whether a clause of a switch goes on with the next.
func falls(body ast.Node) (yes bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		s, ok := n.(*ast.BranchStmt)
		yes = yes || ok && s.Tok.String() == "fallthrough"
		return !yes
	})
	return yes
}
