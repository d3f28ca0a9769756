package missingcleanup

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// contexts reports cleanup functions that use a database with a context that is cancelled
// before they run: that of their test, or one whose cancel function is called earlier.
func (c *check) contexts() {
	for _, e := range c.endings().list {
		if e.deferred {
			continue
		}
		reported := map[ast.Node]bool{}
		for _, f := range e.list {
			for _, call := range f.Calls {
				origin := c.cancelledIn(e, call)
				if origin == nil {
					continue
				}
				at := c.blame(e, f, origin)
				if !reported[at] {
					reported[at] = true
					c.found(at, origin.why)
				}
			}
		}
	}
}

// cancelledIn returns where a call that works with a database in a cleanup function has a
// cancelled context from; nil if it has none.
func (c *check) cancelledIn(e *ending, call *flow.Call) *cancelled {
	fn := call.Fn
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() == "context" || c.code.Func(fn) != nil ||
		dbapi.ReleaseOf(fn) != nil || dbapi.SoundsClosing(fn.Name()) || !c.worksWithHandle(call.Expr, fn) {
		return nil
	}
	for _, arg := range call.Expr.Args {
		if isContext(c.pass.TypesInfo.TypeOf(arg)) {
			t := &contextTrace{check: c, of: e, known: map[*types.Var]*cancelled{}}
			if origin := t.expr(arg, maxContexts); origin != nil {
				return origin
			}
		}
	}
	return nil
}

// blame returns what to report: of a context that the cleanup function gets from elsewhere
// where it is used, or where what uses it is called.
func (c *check) blame(e *ending, f *flow.Func, origin *cancelled) ast.Node {
	n := e.at.Node()
	for _, at := range origin.through {
		if n.Pos() <= at.Pos() && at.End() <= n.End() {
			return at
		}
	}
	for _, lit := range e.list {
		if lit.Cursor.Node().Pos() < n.Pos() || lit.Cursor.Node().End() > n.End() {
			continue
		}
		for _, call := range lit.Calls {
			if _, runs := c.runBy([]ast.Expr{call.Expr.Fun}); runs[f] {
				return call.Expr
			}
		}
	}
	return e.call.Expr
}

// worksWithHandle reports whether the call is one of a library's methods, or its receiver, an
// argument or a result is a database handle, or holds one.
func (c *check) worksWithHandle(call *ast.CallExpr, fn *types.Func) bool {
	values := call.Args
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		values = append([]ast.Expr{sel.X}, values...)
	}
	holds := func(v ast.Expr) bool {
		t := c.pass.TypesInfo.TypeOf(v)
		return t != nil && dbapi.Holds(t)
	}
	if slices.ContainsFunc(values, holds) || fn.Signature().Recv() != nil && dbapi.LibraryOf(fn.Pkg()) != nil {
		return true
	}
	for result := range fn.Signature().Results().Variables() {
		if dbapi.Holds(result.Type()) {
			return true
		}
	}
	return false
}

// ofTest reports whether fn is a method of the running test.
func ofTest(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && (dbapi.TypeName(recv.Type()) == "testing.common" || testscope.IsTB(recv.Type()))
}

func isContext(t types.Type) bool { return t != nil && dbapi.TypeName(t) == "context.Context" }

// cancelled says why a context is cancelled when a cleanup function runs.
type cancelled struct {
	why     ended
	through []ast.Expr // from where it begins to where it is used
}

// maxSteps bounds the expressions that contexts are followed through in a package.
const maxSteps = 1 << 20

// maxContexts bounds the variables, calls and parameters between a context and its use.
const maxContexts = 8

// A contextTrace follows a context back to where it begins.
type contextTrace struct {
	*check
	of    *ending
	known map[*types.Var]*cancelled
}

func (t *contextTrace) expr(e ast.Expr, depth int) *cancelled {
	if depth == 0 || t.steps == 0 {
		return nil
	}
	t.steps--
	var origin *cancelled
	switch x := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if call := t.code.Call(x); call != nil {
			origin = t.call(call, depth-1)
		}
	case *ast.Ident, *ast.SelectorExpr:
		if v := flow.Var(t.pass.TypesInfo, x); v != nil {
			origin = t.variable(v, depth-1)
		}
	}
	if origin != nil {
		return &cancelled{origin.why, append(slices.Clip(origin.through), e)}
	}
	return nil
}

// call follows what a call returns.
func (t *contextTrace) call(call *flow.Call, depth int) *cancelled {
	for _, f := range call.Targets() {
		for _, ret := range f.Results() {
			if isContext(t.pass.TypesInfo.TypeOf(ret)) || isTuple(t.pass.TypesInfo.TypeOf(ret)) {
				if origin := t.expr(ret, depth); origin != nil {
					return origin
				}
			}
		}
	}
	fn := call.Fn
	switch {
	case fn == nil || dbapi.NameOf(fn) == "context.WithoutCancel": // lends its values alone
		return nil
	case fn.Name() == "Context" && ofTest(fn):
		if t.ofSameTest(call) {
			return &cancelled{why: ended{}}
		}
		return nil
	}
	for _, s := range t.code.From(call.Expr) {
		if s.To != nil && isCancel(s.To.Type()) {
			if line := t.cancels(s.To); line > 0 {
				return &cancelled{why: ended{Line: line}}
			}
		}
	}
	if len(call.Targets()) > 0 {
		return nil
	}
	for _, arg := range call.Expr.Args {
		if isContext(t.pass.TypesInfo.TypeOf(arg)) {
			return t.expr(arg, depth)
		}
	}
	return nil
}

func isTuple(t types.Type) bool {
	_, ok := t.(*types.Tuple)
	return ok
}

// isCancel reports whether a function of the type may cancel a context.
func isCancel(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Params().Len() == 0 && sig.Results().Len() == 0
}

// variable follows what is put into a variable or field: all of it has to be cancelled. A
// parameter is so if any caller gives such a context.
func (t *contextTrace) variable(v *types.Var, depth int) *cancelled {
	origin, known := t.known[v]
	if !known {
		t.known[v] = nil // what is asked now
		if param, ok := t.code.Param(v); ok {
			origin = t.param(param, depth)
		} else {
			origin = t.stored(v, depth)
		}
		t.known[v] = origin
	}
	return origin
}

// stored follows all that is put into a variable or field.
func (t *contextTrace) stored(v *types.Var, depth int) *cancelled {
	var last *cancelled
	for _, s := range t.code.Into(v) {
		if !s.Whole(v) {
			continue
		}
		origin := t.expr(s.Src, depth)
		derived := t.code.MentionedIn(v, s.Src) // from what was there before
		switch {
		case origin != nil && derived:
			return origin
		case origin == nil && !derived:
			return nil
		case origin != nil:
			last = origin
		}
	}
	return last
}

// param follows what callers give for a parameter: in what the cleanup function runs, those
// alone that it runs as well.
func (t *contextTrace) param(param flow.Param, depth int) *cancelled {
	for _, call := range param.Of.Callers {
		if t.of.runs[param.Of] && !t.of.runs[call.In] {
			continue
		}
		for _, arg := range call.Args(param.Of.Sig, param.I) {
			if origin := t.expr(arg, depth); origin != nil {
				return origin
			}
		}
	}
	return nil
}

// ofSameTest reports whether the test whose Context is called is the one whose cleanup
// functions are asked about: a subtest's run before the context of the test around is
// cancelled.
func (t *contextTrace) ofSameTest(call *flow.Call) bool {
	theirs, ours := t.testOf(call), t.testOf(t.of.call)
	if theirs == nil || theirs == ours {
		return true
	}
	param, ok := t.code.Param(theirs)
	if !ok || param.Of.Sig == nil || !testscope.IsTB(theirs.Type()) {
		return levelOf(call.In) >= levelOf(t.of.in)
	}
	if t.of.in != param.Of && t.of.in.Within(param.Of) || param.Of.When&testscope.PerTest != 0 {
		return t.span(param.Of).Own[t.of.in]
	}
	return true
}

// cancels returns the line where a cancel function is called before the cleanup function
// runs; 0 if it is not.
func (t *contextTrace) cancels(cancel *types.Var) int {
	for _, m := range t.code.Mentions(cancel) {
		in := t.code.Around(m)
		if in == nil || t.of.runs[in] {
			continue
		}
		e := t.endingAround(m)
		before := false
		switch {
		case e == t.of:
		case e == nil:
			before = t.calledAtLast(m, in)
		case e.deferred:
			before = t.of.in != e.in && e.in.Within(t.of.in) && e.in.When == 0 || t.goesOn(e.in)
		default:
			before = e.in == t.of.in && t.sameTest(e, t.of) && follows(e.at, t.of.at)
		}
		if before {
			return t.line(m.Node().Pos())
		}
	}
	return 0
}

// goesOn reports whether the cleanup function runs when a function is over that leads to its
// registration.
func (t *contextTrace) goesOn(f *flow.Func) bool {
	span := t.span(f)
	return span.Own[t.of.in] || span.After[t.of.in]
}

// calledAtLast reports whether a cancel function is called by a statement of the function's
// body itself, behind what leads to the cleanup function.
func (t *contextTrace) calledAtLast(m inspector.Cursor, in *flow.Func) bool {
	if m.ParentEdgeKind() != edge.CallExpr_Fun {
		return false
	}
	stmt := m.Parent().Parent()
	if _, ok := stmt.Node().(*ast.ExprStmt); !ok || stmt.Parent().Node() != in.Body() {
		return false
	}
	if in == t.of.in {
		return m.Node().Pos() > t.of.at.Node().Pos()
	}
	return t.span(in).Own[t.of.in]
}
