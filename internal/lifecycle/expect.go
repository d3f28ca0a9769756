package lifecycle

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// failing reports whether the test expects that nothing is opened: the call fails, or what it
// hands out reaches no server, or is closed when it is used.
func (g *graph) failing(c *flow.Call) bool {
	return g.fails(c) || g.unreachable(c) || g.closedFirst(c) || g.sorted(c) || g.saysBroken(c)
}

// broken matches the names of handles that no server answers, and of what makes them.
var broken = regexp.MustCompile(`(?i:faulty|broken|unreachable)|(?:^bad|Bad|^invalid|Invalid|^failing|Failing)(?:[A-Z]|$)`)

// saysBroken reports whether the variable that takes what a call hands out, or the helper around the call, is
// named for what does not work.
func (g *graph) saysBroken(c *flow.Call) bool {
	v, helper := g.holder(c), c.In.Outer()
	return v != nil && broken.MatchString(v.Name()) || helper.Obj != nil && helper.When == 0 && g.isTest(helper) && broken.MatchString(helper.Obj.Name())
}

// closedFirst reports whether what the call hands out is closed before all else, and used then:
// it is there for what a closed handle does, and opens no connection.
func (g *graph) closedFirst(c *flow.Call) bool {
	v := g.holder(c)
	if v == nil || !g.code.Local(v) || c.Fn == nil || g.cat.Opener(c.Fn) == nil {
		return false
	}
	closed := false
	for at := range g.code.MentionsIn(v, c.In.Body()) {
		if at.Node().Pos() < c.Expr.End() {
			continue
		}
		if closes := g.closesNow(at, c.In); closed || !closes {
			_, assigned := at.Parent().Node().(*ast.AssignStmt)
			return closed && !closes && !assigned
		}
		closed = true
	}
	return false
}

// closesNow reports whether a mention is the receiver of a call in f that closes it there.
func (g *graph) closesNow(at inspector.Cursor, f *flow.Func) bool {
	call, ok := at.Parent().Parent().Node().(*ast.CallExpr)
	if !ok || at.Parent().ParentEdgeKind() != edge.CallExpr_Fun || isDeferred(at) || g.code.Around(at) != f {
		return false
	}
	fn := dbapi.Callee(g.info, call)
	return fn != nil && dbapi.SoundsClosing(fn.Name())
}

// unreachable reports whether the test does nothing with what a call hands out but ask it to
// reach its server, which must fail.
func (g *graph) unreachable(c *flow.Call) bool {
	v := g.holder(c)
	if v == nil || !g.code.Local(v) || slices.ContainsFunc(g.code.Passed(v), func(a flow.Argument) bool { return !g.asserts(a.Call) }) {
		return false
	}
	fails, closed := false, false
	for _, d := range c.In.Calls {
		switch {
		case d.Fn == nil || g.root(d.Receiver()) != v:
		case dbapi.SoundsClosing(d.Fn.Name()):
			closed = closed || !isDeferred(d.At)
		case !closed && reaching.MatchString(d.Fn.Name()) && g.fails(d):
			fails = true
		default:
			return false
		}
	}
	return fails
}

// reaching matches the names of methods that reach a server, or fail to.
var reaching = regexp.MustCompile(`^(?i:ping|connect|init|initiali[sz]e|open|start|(?:check)?health(?:check)?|(?:is)?(?:ready|alive))(?:Context)?$`)

func (g *graph) asserts(c *flow.Call) bool {
	return c.Fn != nil && c.Fn.Pkg() != nil && testlib.Asserts(c.Fn.Pkg().Path())
}

// fails reports whether the test expects the call to fail, or to panic: if it succeeded,
// the test would fail on each way behind it, those left out that a table does not want to.
func (g *graph) fails(c *flow.Call) bool {
	for at := c.At.Parent(); at.Node() != nil; at = at.Parent() {
		if call, ok := at.Node().(*ast.CallExpr); ok && g.assertsFailure(call, outcome{err: true, is: func(e ast.Expr) bool { return e == c.Expr }}) {
			return true // require.Error(t, open())
		}
		if _, ok := at.Node().(ast.Stmt); ok {
			break
		}
	}
	for _, s := range g.code.From(c.Expr) {
		if s.To != nil && !s.Elem && (flow.IsError(s.To.Type()) || s.Result == 0) && g.doomed(c.In, c.At, s.To, 0) {
			return true
		}
	}
	for _, s := range g.code.From(c.Expr) {
		if s.To != nil && flow.IsError(s.To.Type()) && g.assertedElsewhere(c.In, s.To) {
			return true
		}
	}
	return g.panics(c)
}

// subject reports whether the call is of a test whose subject is a constructor: another call of
// it there must fail.
func (g *graph) subject(c *flow.Call) bool {
	if c.Fn == nil || g.cat.Opener(c.Fn) != nil || c.In.Outer().When&testscope.PerTest == 0 {
		return false
	}
	return g.anyCall(c.In.Outer(), func(other *flow.Call) bool { return other != c && other.Fn == c.Fn && g.failing(other) })
}

// tried reports whether the call is of a library's opener, or of the constructor that the test is
// about, by the test's name, and all that the test does with what it hands out is to look at it,
// reach its server and close it: it has one connection, for a moment. If the test asks how it is made and
// reaches no server, it has none, whoever makes it.
func (g *graph) tried(c *flow.Call) bool {
	test, v := c.In.Outer(), g.holder(c)
	if v == nil || !g.code.Local(v) || c.Fn == nil || test.Obj == nil || test.When&testscope.PerTest == 0 {
		return false
	}
	library := g.cat.Opener(c.Fn) != nil
	closes, reaches, asks := false, false, false
	looks := g.onlyLooks(v, test, func(at inspector.Cursor, _ *flow.Call) bool {
		ends := len(g.code.FateOf(at).Ended()) > 0
		closes = closes || ends
		return ends
	}, func(_ inspector.Cursor, name string) bool {
		closes = closes || dbapi.SoundsClosing(name)
		reaches = reaches || reaching.MatchString(name)
		asks = asks || slices.Contains(telling, name)
		return dbapi.SoundsClosing(name) || reaching.MatchString(name) || slices.Contains(telling, name)
	})
	about := library && reaches || !library && strings.Contains(test.Obj.Name(), c.Fn.Name())
	return looks && closes && (about || asks && !reaches)
}

// telling are the methods that say how a handle is made.
var telling = []string{"Config", "Options"}

// onlyLooks reports whether all that a test does with what a variable holds is to compare it, to assert
// something of it, to give it to calls that may have it, and to select what may be selected; so of
// another face of it, such as the sql.DB of a gorm.DB.
func (g *graph) onlyLooks(v *types.Var, test *flow.Func, given func(at inspector.Cursor, to *flow.Call) bool, selected func(at inspector.Cursor, name string) bool) bool {
	faces := []*types.Var{v}
	for i := 0; i < len(faces); i++ { // a face may be kept in the variable that it is of
		for at := range g.code.MentionsIn(faces[i], test.Body()) {
			switch at.ParentEdgeKind() {
			case edge.AssignStmt_Lhs, edge.BinaryExpr_X, edge.BinaryExpr_Y:
			case edge.CallExpr_Args:
				call := g.code.Call(at.Parent().Node().(*ast.CallExpr))
				if !given(at, call) && (call == nil || !g.asserts(call)) {
					return false
				}
			case edge.SelectorExpr_X:
				name := at.Parent().Node().(*ast.SelectorExpr).Sel.Name
				if face := g.face(at); face != nil && !slices.Contains(faces, face) {
					faces = append(faces, face)
				} else if face == nil && !selected(at, name) {
					return false
				}
			default:
				return false
			}
		}
	}
	return true
}

// face returns the local variable that takes another face of the handle that is mentioned.
func (g *graph) face(mention inspector.Cursor) *types.Var {
	expr, _ := mention.Parent().Parent().Node().(*ast.CallExpr)
	call := g.code.Call(expr)
	if call == nil || call.Fn == nil {
		return nil
	}
	row := g.cat.Opener(call.Fn)
	if row == nil || row.Kind != dbapi.Wrapper || row.Over != dbapi.Receiver {
		return nil
	}
	if v := g.holder(call); v != nil && g.code.Local(v) {
		return v
	}
	return nil
}

// queriedOnce reports whether a test sends one query to what a library's opener hands out and closes
// it, and what it gives it to does nothing but close: it has one connection, for a moment.
func (g *graph) queriedOnce(c *flow.Call) bool {
	v := g.holder(c)
	if v == nil || !g.code.Local(v) || c.Fn == nil || g.cat.Opener(c.Fn) == nil || c.In.When&testscope.PerTest == 0 {
		return false
	}
	queries, closes := 0, false
	looks := g.onlyLooks(v, c.In, func(_ inspector.Cursor, to *flow.Call) bool {
		return to != nil && g.onlyCloses(to)
	}, func(at inspector.Cursor, name string) bool {
		if dbapi.SoundsClosing(name) {
			closes = true
			return true
		}
		expr, _ := at.Parent().Parent().Node().(*ast.CallExpr)
		if call := g.code.Call(expr); call != nil && g.queries(call) && g.code.Around(at) == c.In {
			queries++
			return true
		}
		return reaching.MatchString(name)
	})
	return looks && closes && queries == 1
}

// onlyCloses reports whether a local variable takes what the call returns, and all that is called of
// it closes it.
func (g *graph) onlyCloses(c *flow.Call) bool {
	v := g.holder(c)
	if v == nil || !g.code.Local(v) {
		return false
	}
	for at := range g.code.MentionsIn(v, c.In.Body()) {
		sel, ok := at.Parent().Node().(*ast.SelectorExpr)
		if at.ParentEdgeKind() != edge.AssignStmt_Lhs && !(ok && dbapi.SoundsClosing(sel.Sel.Name)) {
			return false
		}
	}
	return true
}

func (g *graph) anyCall(f *flow.Func, is func(*flow.Call) bool) bool {
	return slices.ContainsFunc(f.Calls, is) || slices.ContainsFunc(f.Lits, func(lit *flow.Func) bool { return g.anyCall(lit, is) })
}

// assertedElsewhere reports whether an error that the code around a literal declares is asserted
// to be set in another literal there: in one of the specs that the literal runs before.
func (g *graph) assertedElsewhere(f *flow.Func, v *types.Var) bool {
	if f.Lit == nil || flow.Global(v) || v.IsField() || f.Lit.Pos() <= v.Pos() && v.Pos() < f.Lit.End() {
		return false
	}
	o := outcome{err: true, is: func(e ast.Expr) bool { return g.variable(e) == v }}
	return slices.ContainsFunc(g.code.Mentions(v), func(c inspector.Cursor) bool {
		for at := c.Parent(); at.Node() != nil; at = at.Parent() {
			switch n := at.Node().(type) {
			case *ast.CallExpr:
				if g.assertsFailure(n, o) {
					in := g.code.Around(c)
					return in != f && !g.setIn(in, v, c)
				}
			case ast.Stmt:
				return false
			}
		}
		return false
	})
}

// setIn reports whether a function sets a variable above a mention of it: the mention is about that.
func (g *graph) setIn(f *flow.Func, v *types.Var, mention inspector.Cursor) bool {
	return slices.ContainsFunc(g.code.Into(v), func(s *flow.Store) bool {
		return s.In == f && s.Dst != nil && s.Dst.Pos() < mention.Node().Pos()
	})
}

// An outcome is what an open results in: its error, or what it opens.
type outcome struct {
	err  bool
	is   func(ast.Expr) bool // whether an expression is it
	hops int                 // assertions of the package's own that it went through
}

// maxHops bounds the assertions that call one another.
const maxHops = 3

// doomed reports whether the test fails on each way from a place in f, if there an error
// is nil, or something else is not.
func (g *graph) doomed(f *flow.Func, from inspector.Cursor, v *types.Var, hops int) bool {
	ways := g.code.Ways(f)
	if ways == nil {
		return false
	}
	o := outcome{flow.IsError(v.Type()), func(e ast.Expr) bool { return g.variable(e) == v }, hops}
	fails, again := false, false
	escapes := ways.Escapes(flow.Query{
		From: from, Known: map[*types.Var]bool{v: o.err},
		Holds: func(cond ast.Expr) (yes, known bool) { return g.demands(cond, o) },
		Stops: func(n ast.Node) bool {
			switch {
			case g.failsAt(n, o):
				fails = true
			case assigns(n, o.is):
				again = true
			default:
				return false
			}
			return true
		},
	})
	return fails && !again && !escapes
}

// assigns reports whether a statement assigns what is holds of.
func assigns(n ast.Node, is func(ast.Expr) bool) bool {
	a, ok := n.(*ast.AssignStmt)
	return ok && slices.ContainsFunc(a.Lhs, is)
}

// demands says of a condition whether it holds, where the test wants the outcome to be a
// failure and it is none.
func (g *graph) demands(cond ast.Expr, o outcome) (yes, known bool) {
	cond = ast.Unparen(cond)
	if g.wanted(cond, o) {
		return true, true
	}
	cmp, ok := cond.(*ast.BinaryExpr)
	if !ok || !o.err || cmp.Op != token.EQL && cmp.Op != token.NEQ {
		return false, false
	}
	for _, side := range [][2]ast.Expr{{cmp.X, cmp.Y}, {cmp.Y, cmp.X}} {
		if o.is(side[0]) && !isNil(g.info, side[1]) { // err != errExpected
			return cmp.Op == token.NEQ, true
		}
		inner, ok := ast.Unparen(side[0]).(*ast.BinaryExpr) // (err != nil) != tt.wantErr
		if ok && o.is(inner.X) && isNil(g.info, inner.Y) {
			return true, true
		}
	}
	return false, false
}

var (
	wants    = regexp.MustCompile(`^(?i:want|exp|should|must)`)
	failures = regexp.MustCompile(`(?i)err|fail|invalid|panic`)
	denials  = regexp.MustCompile(`(?i)no(?:t|_)?_?(?:err|fail)|ok|succe`)
)

// wanted reports whether e says that a case wants a failure: tt.wantErr, tt.err != nil.
func (g *graph) wanted(e ast.Expr, o outcome) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.BinaryExpr: // against nil, "", 0
		if x.Op != token.NEQ && x.Op != token.GTR || !isNil(g.info, x.Y) && g.info.Types[x.Y].Value == nil {
			return false
		}
		e = x.X
	}
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && len(call.Args) == 1 { // len(tt.wantErr)
		e = call.Args[0]
	}
	v := g.variable(e)
	if v == nil || o.is(e) || !failures.MatchString(v.Name()) || denials.MatchString(v.Name()) {
		return false
	}
	return wants.MatchString(v.Name()) || v.IsField() && g.inTable(e)
}

// inTable reports whether e is a field of a struct without a name, as tables of cases have them.
func (g *graph) inTable(e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	t := g.info.TypeOf(sel.X)
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok = types.Unalias(t).(*types.Struct)
	return ok
}

func (g *graph) isNil(e ast.Expr) bool { return isNil(g.info, e) }

func isNil(info *types.Info, e ast.Expr) bool {
	tv, ok := info.Types[e]
	return ok && tv.IsNil()
}

// failsAt reports whether a statement, or a condition, fails the test if the outcome is no
// failure. Who asks an error for its text knows that there is one.
func (g *graph) failsAt(n ast.Node, o outcome) (fails bool) {
	ast.Inspect(n, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt:
			return false
		case *ast.BinaryExpr:
			if g.settles(x.X, x.Op, o) { // err != nil && err.Error() != "exists"
				fails = fails || g.failsAt(x.X, o)
				return false
			}
		case *ast.CallExpr:
			fails = fails || g.failsTest(x) || g.assertsFailure(x, o)
		case *ast.SelectorExpr:
			fails = fails || o.err && x.Sel.Name == "Error" && o.is(x.X)
		}
		return !fails
	})
	return fails
}

// settles reports whether the left operand of && or || decides, if the outcome is no failure.
func (g *graph) settles(left ast.Expr, op token.Token, o outcome) bool {
	is := map[token.Token]token.Token{token.LAND: token.NEQ, token.LOR: token.EQL}[op]
	cmp, ok := ast.Unparen(left).(*ast.BinaryExpr)
	if !ok || is == 0 {
		return false
	}
	if cmp.Op == op {
		return g.settles(cmp.X, op, o) || g.settles(cmp.Y, op, o)
	}
	return o.err && cmp.Op == is && o.is(cmp.X) && isNil(g.info, cmp.Y)
}

// failNames are functions and methods that fail a test.
var failNames = map[string]bool{"Error": true, "Errorf": true, "Fatal": true, "Fatalf": true, "Fail": true, "Failf": true, "FailNow": true, "FailNowf": true}

// failsTest reports whether a call fails the test, whatever it is given.
func (g *graph) failsTest(call *ast.CallExpr) bool {
	fn := dbapi.Callee(g.info, call)
	if fn == nil {
		id, ok := ast.Unparen(call.Fun).(*ast.Ident)
		return ok && g.info.Uses[id] == types.Universe.Lookup("panic")
	}
	if fn.Pkg() == nil || !failNames[fn.Name()] {
		return false
	}
	if recv := fn.Signature().Recv(); recv != nil {
		return testscope.IsTB(recv.Type()) || fn.Pkg().Path() == "testing" || strings.HasPrefix(fn.Name(), "Fail") && testlib.Asserts(fn.Pkg().Path())
	}
	return strings.HasPrefix(fn.Name(), "Fa") && (fn.Pkg().Path() == "log" || testlib.ForTests(fn.Pkg().Path()))
}

var (
	// errorAsserts are assertions that hold only of an error that is set.
	errorAsserts = regexp.MustCompile(`^(?:Error|EqualError|ErrorIs|ErrorAs|ErrorContains|ErrorType|NotNil)f?$`)

	// zeroAsserts are assertions that hold only of what is not there.
	zeroAsserts = regexp.MustCompile(`^(?:Nil|Empty|Zero)f?$`)

	// ownAsserts match the names of assertions of a module's own.
	ownAsserts = regexp.MustCompile(`^(?i:assert|require|expect|must|want)_?(?:An?)?(?:Err(?:or)?(?:Is|As|Contains)?|EqualError|Fail(?:s|ed|ure)?|NotNil)f?$`)

	// errorMatchers are matchers, as gomega, gocheck and goconvey have them.
	errorMatchers = regexp.MustCompile(`^(?:HaveOccurred|MatchError|BeAssignableToTypeOf|NotNil|ErrorMatches|IsNotNil|ErrorIs|ErrorAs|ShouldNotBeNil|ShouldBeError)$`)

	// equalMatchers hold of an error that is set where they compare it with something.
	equalMatchers = regexp.MustCompile(`^(?:Equals?|DeepEquals|CmpEquals|BeIdenticalTo|BeEquivalentTo|ShouldEqual|ShouldResemble)$`)

	// zeroMatchers hold of what is not there.
	zeroMatchers = regexp.MustCompile(`^(?:BeNil|BeZero|IsNil|ShouldBeNil)$`)
)

// assertsFailure reports whether a call asserts that the outcome is a failure: an error
// that is set, a handle that is not.
func (g *graph) assertsFailure(call *ast.CallExpr, o outcome) bool {
	names, matchers := zeroAsserts, zeroMatchers
	if o.err {
		names, matchers = errorAsserts, errorMatchers
	}
	given := slices.IndexFunc(call.Args, o.is)
	fn := dbapi.Callee(g.info, call)
	if fn == nil { // tt.wantErr(t, err)
		return given >= 0 && o.err && g.wanted(call.Fun, o)
	}
	if fn.Pkg() == nil || fn.Signature().Recv() != nil && fn.Pkg().Path() == "testing" {
		return false // t.Error(err) reports it
	}
	if given >= 0 && testscope.TakesTB(fn.Signature()) {
		if f := g.code.Func(fn); f != nil {
			return g.demandsParam(f, given, o.hops+1)
		}
		if o.err && !testlib.Asserts(fn.Pkg().Path()) && (ownAsserts.MatchString(fn.Name()) || g.demandsElsewhere(fn, given)) {
			return true
		}
	}
	if !testlib.MayAssert(fn.Pkg().Path()) {
		return false
	}
	if given >= 0 && names.MatchString(fn.Name()) {
		return true
	}
	if o.err && g.compares(call, fn, o) {
		return true
	}
	// Expect(err).To(HaveOccurred()), c.Assert(err, NotNil)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && given < 0 {
		inner, ok := ast.Unparen(sel.X).(*ast.CallExpr)
		if !ok || len(inner.Args) == 0 || !o.is(inner.Args[0]) || strings.Contains(sel.Sel.Name, "Not") {
			return false
		}
	} else if given < 0 {
		return false
	}
	with := call.Args
	return slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
		if m, ok := ast.Unparen(arg).(*ast.CallExpr); ok {
			arg, with = m.Fun, slices.Concat(with, m.Args)
		}
		id := flow.RootName(g.info, arg)
		if sel, ok := ast.Unparen(arg).(*ast.SelectorExpr); ok {
			id = sel.Sel
		}
		return id != nil && (matchers.MatchString(id.Name) || o.err && equalMatchers.MatchString(id.Name) && !slices.ContainsFunc(with, g.isNil))
	})
}

// compares reports whether an assertion compares the error, or what is asked of it, with
// what there is only of one that is set: Equal(t, ErrX, err), True(t, errors.Is(err, ErrX)).
func (g *graph) compares(call *ast.CallExpr, fn *types.Func, o outcome) bool {
	name := strings.TrimSuffix(fn.Name(), "f")
	switch name {
	case "Equal", "EqualValues", "Same":
		return slices.ContainsFunc(call.Args, o.is) && !slices.ContainsFunc(call.Args, g.isNil) ||
			slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return g.asksWhether(e, token.NEQ, o) }) &&
				slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return g.wanted(e, o) })
	case "True":
		return slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return g.asksWhether(e, token.NEQ, o) })
	case "False":
		return slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return g.asksWhether(e, token.EQL, o) })
	}
	return false
}

// asksWhether reports whether e compares the error with nil, or asks what kind it is.
func (g *graph) asksWhether(e ast.Expr, op token.Token, o outcome) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return e.Op == op && o.is(e.X) && isNil(g.info, e.Y)
	case *ast.CallExpr:
		fn := dbapi.Callee(g.info, e)
		return op == token.NEQ && fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "errors" && len(e.Args) == 2 && o.is(e.Args[0])
	}
	return false
}

// demandsParam reports whether a function fails the test unless the error is set, or
// something else is not, that its parameter i takes.
func (g *graph) demandsParam(f *flow.Func, i, hops int) bool {
	if hops > maxHops || f.Sig.Variadic() && i >= f.Sig.Params().Len()-1 || i >= f.Sig.Params().Len() {
		return false
	}
	v := f.Sig.Params().At(i)
	return g.doomed(f, f.Cursor, v, hops)
}

// demandsElsewhere reports whether a function of another package fails the test unless the error
// is set that it takes as argument i.
func (g *graph) demandsElsewhere(fn *types.Func, i int) bool {
	f := new(Func)
	return g.pass.ImportObjectFact(fn, f) && f.Demands.Has(flow.ParamOfArg(fn.Signature(), i))
}

// demandsOf returns the errors that a function takes beside a running test and that have to be set
// for that not to fail.
func (g *graph) demandsOf(f *flow.Func) (p flow.Params) {
	if f.Sig == nil || f.File.Test || !testscope.TakesTB(f.Sig) {
		return p
	}
	for i := range f.Sig.Params().Len() {
		if flow.IsError(f.Sig.Params().At(i).Type()) && g.demandsParam(f, i, 0) {
			p.Add(i + 1)
		}
	}
	return p
}
