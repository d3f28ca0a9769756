package missingcleanup

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
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
					c.found(at, origin.why, c.inPlace(at)...)
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
	t := &contextTrace{check: c, of: e}
	cancelled := func(origin *cancelled) bool {
		return origin != nil && (origin.why.Line > 0 || t.ofSameTest(origin))
	}
	for _, arg := range call.Expr.Args {
		if isContext(c.pass.TypesInfo.TypeOf(arg)) {
			if origin := t.expr(arg, maxContexts); cancelled(origin) {
				return origin
			}
		}
	}
	if recv := call.Receiver(); recv != nil && !slices.Contains(carriers, fn.Name()) {
		if origin := t.carried(recv, maxContexts); cancelled(origin) {
			return origin
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
			if _, runs := c.runBy(c.code.FuncsGiven(call.Expr.Fun)); runs[f] {
				return call.Expr
			}
		}
	}
	return e.call.Expr
}

// inPlace replaces the context of a test that the cleanup function itself asks for.
func (c *check) inPlace(at ast.Node) []analysis.SuggestedFix {
	call, ok := at.(*ast.CallExpr)
	if !ok {
		return nil
	}
	if fn := dbapi.Callee(c.pass.TypesInfo, call); fn == nil || fn.Name() != "Context" || !ofTest(fn) {
		return nil
	}
	return c.lasting(call)
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

	// Of the test's own context: the variable whose Context is called, and where.
	test *types.Var
	in   *flow.Func
}

// maxSteps bounds the expressions that contexts are followed through in a package.
const maxSteps = 1 << 20

// maxContexts bounds the variables, calls and parameters between a context and its use.
const maxContexts = 8

// A contextTrace follows a context back to where it begins.
type contextTrace struct {
	*check
	of *ending
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
	case *ast.Ident:
		if v := flow.Var(t.pass.TypesInfo, x); v != nil {
			origin = t.variable(v, x.Pos(), depth-1)
		}
	case *ast.SelectorExpr:
		origin = t.field(x, depth-1)
	}
	if origin == nil {
		return nil
	}
	from := *origin
	from.through = append(slices.Clip(from.through), e)
	return &from
}

// carriers are methods of handles that return one which works with the context that they are given.
var carriers = []string{"WithContext", "Context"}

// carried follows the context that a handle carries, as that of db.WithContext(ctx) does.
func (t *contextTrace) carried(e ast.Expr, depth int) (origin *cancelled) {
	if depth == 0 || t.steps == 0 {
		return nil
	}
	t.steps--
	switch x := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		call := t.code.Call(x)
		if call == nil || call.Fn == nil || dbapi.LibraryOf(call.Fn.Pkg()) == nil {
			return nil
		}
		recv := call.Receiver()
		switch {
		case recv == nil:
		case slices.Contains(carriers, call.Fn.Name()) && len(x.Args) == 1 && isContext(t.pass.TypesInfo.TypeOf(x.Args[0])):
			origin = t.expr(x.Args[0], depth-1)
		default:
			origin = t.carried(recv, depth-1)
		}
	case *ast.Ident:
		v := flow.Var(t.pass.TypesInfo, x)
		if v == nil || !dbapi.Handle(v.Type()) {
			return nil
		}
		stores, _ := t.reaching(v, x.Pos())
		for _, s := range stores {
			if origin = t.carried(s.Src, depth-1); origin == nil {
				return nil
			}
		}
	}
	if origin == nil {
		return nil
	}
	from := *origin
	from.through = append(slices.Clip(from.through), e)
	return &from
}

// call follows what a call returns.
func (t *contextTrace) call(call *flow.Call, depth int) *cancelled {
	fn := call.Fn
	switch {
	case fn != nil && dbapi.NameOf(fn) == "context.WithoutCancel": // lends its values alone
		return nil
	case fn != nil && fn.Name() == "Context" && ofTest(fn):
		return &cancelled{test: t.testOf(call), in: call.In}
	}
	for _, s := range t.code.From(call.Expr) {
		if s.To != nil && isCancel(s.To.Type()) {
			if line := t.cancels(s.To); line > 0 {
				return &cancelled{why: ended{Line: line}}
			}
		}
	}
	for _, f := range call.Targets() {
		for _, ret := range f.Results() {
			if !isContext(t.pass.TypesInfo.TypeOf(ret)) && !isTuple(t.pass.TypesInfo.TypeOf(ret)) {
				continue
			}
			if origin := t.expr(ret, depth); origin != nil {
				return t.atCall(origin, call, f)
			}
		}
	}
	if fn == nil || len(call.Targets()) > 0 {
		return nil
	}
	for _, arg := range call.Expr.Args {
		if isContext(t.pass.TypesInfo.TypeOf(arg)) {
			return t.expr(arg, depth)
		}
	}
	return nil
}

// atCall returns the origin with the running test that a call gives to a function whose own
// it has.
func (t *contextTrace) atCall(origin *cancelled, call *flow.Call, f *flow.Func) *cancelled {
	if param, ok := t.code.Param(origin.test); ok && param.Of == f {
		for _, arg := range call.Args(f.Sig, param.I) {
			at := *origin
			at.test, at.in = flow.Root(t.pass.TypesInfo, arg), call.In
			return &at
		}
	}
	return origin
}

func isTuple(t types.Type) bool {
	_, ok := t.(*types.Tuple)
	return ok
}

// isCancel reports whether a function of the type may cancel a context.
func isCancel(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && (sig.Params().Len() == 0 && sig.Results().Len() == 0 || dbapi.TypeName(t) == "context.CancelCauseFunc")
}

// variable follows what a variable has at a place: all that may be put into it has to be
// cancelled. A parameter is so if any caller gives such a context.
func (t *contextTrace) variable(v *types.Var, at token.Pos, depth int) *cancelled {
	stores, certain := t.reaching(v, at)
	var last *cancelled
	for _, s := range stores {
		if last = t.expr(s.Src, depth); last == nil {
			return nil
		}
	}
	if param, ok := t.code.Param(v); ok && !certain {
		return t.param(param, depth)
	}
	return last
}

// field follows what a field of a struct takes: where the struct is known, what its literal
// says.
func (t *contextTrace) field(sel *ast.SelectorExpr, depth int) *cancelled {
	v := flow.Var(t.pass.TypesInfo, sel)
	if v == nil {
		return nil
	}
	values := t.valuesOf(v, sel.X, maxContexts)
	if len(values) == 0 {
		for _, s := range t.code.Into(v) {
			if s.Whole(v) {
				values = append(values, s.Src)
			}
		}
	}
	var last *cancelled
	for _, value := range values {
		if last = t.expr(value, depth); last == nil {
			return nil
		}
	}
	return last
}

// valuesOf returns what literals that a struct may be put into a field.
func (t *contextTrace) valuesOf(field *types.Var, of ast.Expr, depth int) (values []ast.Expr) {
	if depth == 0 || t.steps == 0 {
		return nil
	}
	t.steps--
	switch x := ast.Unparen(of).(type) {
	case *ast.UnaryExpr:
		return t.valuesOf(field, x.X, depth-1)
	case *ast.CompositeLit:
		for _, el := range x.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok && flow.Var(t.pass.TypesInfo, kv.Key) == field {
				values = append(values, kv.Value)
			}
		}
	case *ast.CallExpr:
		if call := t.code.Call(x); call != nil {
			for _, f := range call.Targets() {
				for _, ret := range f.Results() {
					values = append(values, t.valuesOf(field, ret, depth-1)...)
				}
			}
		}
	case *ast.Ident:
		v := flow.Var(t.pass.TypesInfo, x)
		if v == nil {
			return nil
		}
		for _, s := range t.code.Into(v) {
			if s.To == field {
				values = append(values, s.Src)
			} else if s.Whole(v) {
				values = append(values, t.valuesOf(field, s.Src, depth-1)...)
			}
		}
		if param, ok := t.code.Param(v); ok {
			for _, arg := range t.given(param) {
				values = append(values, t.valuesOf(field, arg, depth-1)...)
			}
		}
	}
	return values
}

// given returns what is given for a parameter: in what the cleanup function runs, by those
// alone that it runs as well, and by whoever registers a method of it.
func (t *contextTrace) given(param flow.Param) (args []ast.Expr) {
	runs := t.of.runs[param.Of]
	for _, call := range param.Of.Callers {
		if !runs || t.of.runs[call.In] {
			args = append(args, call.Args(param.Of.Sig, param.I)...)
		}
	}
	for _, arg := range t.of.call.Expr.Args {
		if sel, ok := ast.Unparen(arg).(*ast.SelectorExpr); ok && param.I == flow.Receiver && t.pass.TypesInfo.Uses[sel.Sel] == param.Of.Obj {
			args = append(args, sel.X)
		}
	}
	return args
}

// param follows what callers give for a parameter.
func (t *contextTrace) param(param flow.Param, depth int) *cancelled {
	for _, arg := range t.given(param) {
		if origin := t.expr(arg, depth); origin != nil {
			return origin
		}
	}
	return nil
}

// ofSameTest reports whether the test whose Context is called is the one whose cleanup
// functions are asked about: a subtest's run before the context of the test around is
// cancelled.
func (t *contextTrace) ofSameTest(origin *cancelled) bool {
	theirs, ours := origin.test, t.testOf(t.of.call)
	if theirs == nil || theirs == ours {
		return true
	}
	param, ok := t.code.Param(theirs)
	if !ok || param.Of.Sig == nil || !testscope.IsTB(theirs.Type()) {
		return levelOf(origin.in) >= levelOf(t.of.in)
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
