package share

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/testscope"
)

// own are methods and fields by which a test works with the pool itself.
var own = map[string]bool{
	"Stat": true, "Stats": true, "Reset": true, "Config": true, "Driver": true, "Use": true, "Callback": true,
	"AddQueryHook": true, "WithQueryHook": true, "AcquireAllIdle": true, "SetMapper": true, "MapperFunc": true, "Mapper": true,
}

// setters limit a pool: that is the shared one's matter.
var setters = map[string]bool{"SetMaxOpenConns": true, "SetMaxIdleConns": true, "SetConnMaxLifetime": true, "SetConnMaxIdleTime": true}

// free removes what releases the handle of a site, in its function and in those that it hands
// the handle to; it returns why it does not.
func (m *mover) free(a *Adoption, h *ownership.Handle) string {
	if h.Fate.Kept {
		return whyKept
	}
	if h.Fate.Supplies != 0 {
		return whyPassed
	}
	if why := m.sweep(h); why != "" {
		return why
	}
	if h.Fate.Returned == 0 {
		return ""
	}
	by := h.Fate.By
	if by == nil || by.Decl == nil || by.When != 0 {
		return whyCaller
	}
	reach := false // of those who get the result
	imported := by.Obj.Exported() && !strings.HasSuffix(m.pass.Pkg.Name(), "_test") && !by.File.Test
	for i := range h.Fate.Returned.All {
		t := by.Sig.Results().At(i).Type()
		if !closes(t, maxHolders) {
			continue
		}
		if reach = true; len(by.Uses) > 0 {
			return whyCaller
		}
		switch hands := dbapi.Handle(t); {
		case !imported:
		case hands:
			a.Handing = append(a.Handing, dbapi.NameOf(by.Obj))
		default:
			return whyPassed
		}
		for _, call := range by.Callers {
			if why := m.caller(call, i); why != "" {
				return why
			}
		}
	}
	if h.Fate.Closers != 0 || !reach {
		return "" // what they release it by does nothing now, or there is none
	}
	for _, other := range m.callers[by] {
		if other.Fate.Kept || other.Fate.Returned != 0 || other.Fate.Closers != 0 || !m.swept(other) && !m.release(other) {
			return whyCaller
		}
		m.claim(other)
	}
	return ""
}

// sweep removes what releases a handle in the function that obtains it.
func (m *mover) sweep(h *ownership.Handle) string {
	for _, v := range holders(h) {
		if why := m.sweepVar(v, nil); why != "" {
			return why
		}
	}
	if !m.swept(h) || h.Fate.Closers != 0 && len(m.quiet) == 0 {
		return whyRelease
	}
	if h.Holder != nil && !m.stays(h.Holder) {
		return whyRelease // nothing else uses it
	}
	return ""
}

func holders(h *ownership.Handle) []*types.Var {
	var all []*types.Var
	for _, v := range append(slices.Clip(h.Fate.Holders), h.Holder) {
		if v != nil && !slices.Contains(all, v) && dbapi.Handle(v.Type()) {
			all = append(all, v)
		}
	}
	return all
}

// swept reports whether all that releases a handle is removed.
func (m *mover) swept(h *ownership.Handle) bool {
	return !slices.ContainsFunc(append(slices.Clip(h.Fate.Releases), h.Fate.OnError...), func(at inspector.Cursor) bool {
		return !m.removed(at.Node()) && !m.relieved(at.Node(), h)
	})
}

// removed reports whether a node goes, or stands in what does.
func (m *mover) removed(n ast.Node) bool {
	return slices.ContainsFunc(append(slices.Clip(m.gone), m.quiet...), func(g ast.Node) bool { return within(n, g) })
}

// relieved reports whether a function literal that released a handle among other things only calls
// its other methods now.
func (m *mover) relieved(release ast.Node, h *ownership.Handle) bool {
	return slices.ContainsFunc(m.quiet, func(g ast.Node) bool { return within(g, release) }) &&
		!slices.ContainsFunc(holders(h), func(v *types.Var) bool {
			return slices.ContainsFunc(m.code.Mentions(v), func(mention inspector.Cursor) bool {
				return within(mention.Node(), release) && !m.removed(mention.Node()) && mention.ParentEdgeKind() != edge.SelectorExpr_X
			})
		})
}

// within reports whether a node stands in another, or is it.
func within(n, outer ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }

// caller removes what releases the result of a call that hands out the handle.
func (m *mover) caller(call *flow.Call, result int) string {
	if call.At.ParentEdgeKind() == edge.ReturnStmt_Results {
		return whyCaller
	}
	for _, store := range m.code.From(call.Expr) {
		if store.Result != result {
			continue
		}
		if store.Root == nil || !m.code.Local(store.Root) || !store.Whole(store.Root) {
			return whyCaller
		}
		if dbapi.Handle(store.Root.Type()) {
			if why := m.sweepVar(store.Root, call.Fn); why != "" {
				return why
			}
			if !m.stays(store.Root) {
				return whyCaller
			}
		}
	}
	return ""
}

// sweepVar removes what releases the handle that a variable holds, which the function, if there is
// one, hands out.
func (m *mover) sweepVar(v *types.Var, from *types.Func) string {
	into := m.code.Into(v)
	if len(into) > 1 && slices.ContainsFunc(into, func(store *flow.Store) bool {
		call, ok := ast.Unparen(store.Src).(*ast.CallExpr)
		return !ok || from == nil || dbapi.Callee(m.pass.TypesInfo, call) != from
	}) {
		return whyRelease // of one pool or the other
	}
	for _, mention := range m.code.Mentions(v) {
		for mention.ParentEdgeKind() == edge.ParenExpr_X {
			mention = mention.Parent()
		}
		if mention.ParentEdgeKind() != edge.SelectorExpr_X {
			continue
		}
		sel := mention.Parent()
		name := sel.Node().(*ast.SelectorExpr).Sel.Name
		switch {
		case own[name]:
			return whyDriven
		case setters[name]:
			if !m.unset(sel) {
				return whyDriven
			}
		case name == "DB" && sel.ParentEdgeKind() == edge.CallExpr_Fun:
			for _, store := range m.code.From(sel.Parent().Node().(*ast.CallExpr)) {
				if store.Result == 0 && store.Root != nil && m.code.Local(store.Root) && store.Root != v {
					if why := m.sweepVar(store.Root, nil); why != "" {
						return why
					}
				}
			}
		case dbapi.SoundsClosing(name):
			if !m.unclose(sel) {
				return whyRelease
			}
		}
	}
	return ""
}

// unset removes a statement that limits the pool, unless it is to have a single connection.
func (m *mover) unset(sel inspector.Cursor) bool {
	call, ok := sel.Parent().Node().(*ast.CallExpr)
	if !ok || sel.ParentEdgeKind() != edge.CallExpr_Fun || len(call.Args) != 1 {
		return false
	}
	if n := m.pass.TypesInfo.Types[call.Args[0]].Value; n != nil && n.ExactString() == "1" && sel.Node().(*ast.SelectorExpr).Sel.Name == "SetMaxOpenConns" {
		return false
	}
	return sel.Parent().ParentEdgeKind() == edge.ExprStmt_X && m.dropped(sel.Parent().Parent())
}

// unclose removes a release: its statement, or what is left to do by a function that others call.
func (m *mover) unclose(sel inspector.Cursor) bool {
	if sel.ParentEdgeKind() == edge.CallExpr_Fun {
		return m.dropCall(sel.Parent())
	}
	if sel.ParentEdgeKind() == edge.CallExpr_Args {
		call := sel.Parent().Node().(*ast.CallExpr)
		return testscope.Argument(dbapi.Callee(m.pass.TypesInfo, call))&testscope.After != 0 && m.dropCall(sel.Parent())
	}
	switch sel.ParentEdgeKind() {
	case edge.ReturnStmt_Results, edge.AssignStmt_Rhs, edge.KeyValueExpr_Value:
	default:
		return false
	}
	sig, ok := m.pass.TypesInfo.TypeOf(sel.Node().(ast.Expr)).(*types.Signature)
	if !ok || sig.Params().Len() > 0 || sig.Results().Len() > 1 {
		return false
	}
	text := "func() {}"
	if sig.Results().Len() == 1 {
		if !flow.IsError(sig.Results().At(0).Type()) {
			return false
		}
		text = "func() error { return nil }"
	}
	m.quiet = append(m.quiet, sel.Node())
	m.edits = append(m.edits, rewrite.Replace(sel.Node().Pos(), sel.Node().End(), text))
	return true
}

// dropCall removes the statement that does nothing but make a call, or look at its error.
func (m *mover) dropCall(call inspector.Cursor) bool {
	at := call
	if at.ParentEdgeKind() == edge.CallExpr_Args { // require.NoError(t, db.Close())
		if at = at.Parent(); !flow.WantsNone(m.pass.TypesInfo, at.Node().(*ast.CallExpr)) {
			return false
		}
	}
	stmt := at.Parent()
	switch n := stmt.Node().(type) {
	case *ast.ExprStmt, *ast.DeferStmt:
	case *ast.AssignStmt:
		id, ok := n.Lhs[0].(*ast.Ident)
		switch {
		case !ok || len(n.Lhs) != 1:
			return false
		case id.Name == "_":
		case stmt.ParentEdgeKind() != edge.IfStmt_Init:
			return m.dropChecked(stmt, id)
		case n.Tok != token.DEFINE || stmt.Parent().Node().(*ast.IfStmt).Else != nil:
			return false
		}
		if stmt.ParentEdgeKind() == edge.IfStmt_Init {
			stmt = stmt.Parent()
		}
	default:
		return false
	}
	return m.dropped(stmt)
}

// dropChecked removes a statement that keeps the error of a release, and the one behind it that
// wants none; what comes after must not look at it.
func (m *mover) dropChecked(stmt inspector.Cursor, kept *ast.Ident) bool {
	v, ok := m.pass.TypesInfo.ObjectOf(kept).(*types.Var)
	check, next := stmt.NextSibling()
	if !ok || !next || !m.code.Local(v) || !m.wantsNone(check.Node(), v) {
		return false
	}
	for _, mention := range m.code.Mentions(v) {
		n := mention.Node()
		if n.Pos() < check.Node().End() {
			continue
		}
		if m.pass.TypesInfo.Defs[kept] != nil || mention.ParentEdgeKind() != edge.AssignStmt_Lhs {
			return false // it would lack its declaration, or see an older error
		}
		break
	}
	return m.dropped(stmt, check)
}

// wantsNone reports whether a statement does nothing but fail where there is an error.
func (m *mover) wantsNone(check ast.Node, err *types.Var) bool {
	switch n := check.(type) {
	case *ast.IfStmt:
		cond, ok := n.Cond.(*ast.BinaryExpr)
		return ok && cond.Op == token.NEQ && n.Init == nil && n.Else == nil &&
			flow.Var(m.pass.TypesInfo, cond.X) == err && m.pass.TypesInfo.Types[cond.Y].IsNil()
	case *ast.ExprStmt:
		call, ok := n.X.(*ast.CallExpr)
		return ok && flow.WantsNone(m.pass.TypesInfo, call) && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
			return flow.Var(m.pass.TypesInfo, arg) == err
		})
	}
	return false
}

// dropped removes statements of a block that follow one another, or the function literal that
// consists of them.
func (m *mover) dropped(stmts ...inspector.Cursor) bool {
	stmt := stmts[0]
	block, ok := stmt.Parent().Node().(*ast.BlockStmt)
	if !ok {
		return false
	}
	all := len(block.List) == len(stmts)
	if lit := stmt.Parent().Parent(); all && stmt.Parent().ParentEdgeKind() == edge.FuncLit_Body {
		at := lit
		if at.ParentEdgeKind() == edge.CallExpr_Fun || at.ParentEdgeKind() == edge.CallExpr_Args {
			if around := at.Parent().Parent(); around.Node() != nil {
				switch around.Node().(type) {
				case *ast.DeferStmt:
					return m.dropped(around)
				case *ast.ExprStmt:
					callee := dbapi.Callee(m.pass.TypesInfo, at.Parent().Node().(*ast.CallExpr))
					if at.ParentEdgeKind() == edge.CallExpr_Args && testscope.Argument(callee)&testscope.After != 0 {
						return m.dropped(around)
					}
				}
			}
		}
	}
	if around, ok := stmt.Parent().Parent().Node().(*ast.IfStmt); ok && all {
		if around.Body != block || around.Else != nil || around.Init != nil || !m.pure(around.Cond) {
			return false // an empty block would be left
		}
		return m.dropped(stmt.Parent().Parent())
	}
	if slices.Contains(m.gone, stmt.Node()) {
		return true
	}
	file := m.files.At(stmt.Node().Pos())
	if file == nil || slices.ContainsFunc(stmts, func(stmt inspector.Cursor) bool { return !file.Alone(stmt.Node()) }) {
		return false
	}
	for _, stmt := range stmts {
		m.gone = append(m.gone, stmt.Node())
		m.quiet = append(m.quiet, stmt.Node())
		m.edits = append(m.edits, file.Clear(stmt.Node()))
		for id := range stmt.Preorder((*ast.Ident)(nil)) {
			if v, ok := m.pass.TypesInfo.Uses[id.Node().(*ast.Ident)].(*types.Var); ok && m.code.Local(v) {
				m.taken = append(m.taken, v)
			}
		}
	}
	return true
}

// fromTest returns the edits that replace `v, err := open(…)` and what looks at err by
// `v := taker(t)`; nil if the site has another form, or no test is at hand.
func (m *mover) fromTest(site *lifecycle.Site, h *ownership.Handle, taker string) []analysis.TextEdit {
	_, t := testscope.Running(m.pass.TypesInfo, site.At, "Helper")
	stmt, ok := statement(site.At)
	assign, assigns := stmt.Node().(*ast.AssignStmt)
	if t == "" || !ok || !assigns || assign.Tok != token.DEFINE || len(assign.Lhs) != 2 || h.Err == nil || h.Holder == nil {
		return nil
	}
	check := rewrite.Check(stmt, m.pass.TypesInfo, h.Err)
	if check == nil || !m.file.Alone(check) {
		return nil
	}
	text := fmt.Sprintf("%s := %s(%s)", m.file.Text(assign.Lhs[0]), taker, t)
	if m.pass.TypesInfo.Defs[assign.Lhs[1].(*ast.Ident)] != nil {
		m.gone = append(m.gone, assign, check)
		if m.needed(stmt, h.Err, assign, check) {
			text += "\n" + m.file.Indent(assign.Pos()) + "var " + h.Err.Name() + " error"
		}
		m.gone = m.gone[:len(m.gone)-2]
	}
	return []analysis.TextEdit{rewrite.Replace(assign.Pos(), assign.End(), text), m.file.Remove(check)}
}

// needed reports whether a variable has to be declared where a statement stood that did, among
// others that go: whether its next mention does not declare it.
func (m *mover) needed(stmt inspector.Cursor, v *types.Var, gone ...ast.Node) bool {
	for _, mention := range m.code.Mentions(v) {
		n := mention.Node()
		if slices.ContainsFunc(gone, func(g ast.Node) bool { return g.Pos() <= n.Pos() && n.End() <= g.End() }) {
			continue
		}
		assign, ok := mention.Parent().Node().(*ast.AssignStmt)
		return !ok || mention.ParentEdgeKind() != edge.AssignStmt_Lhs || assign.Tok != token.DEFINE || mention.Parent().Parent().Node() != stmt.Parent().Node()
	}
	return false
}

// A Caller is what tests of a package do with a pool that a function of another package hands out.
type Caller struct {
	Of    dbapi.Name          // the function
	Call  *ast.CallExpr       // of it
	Edits []analysis.TextEdit // that leave the pool open
	Why   string              // if that cannot be
}

// Callers returns the calls of functions of other packages of the module that hand out pools.
func (s *Sharer) Callers() (all []Caller) {
	for _, f := range s.code.Funcs() {
		for _, call := range f.Calls {
			if call.Fn == nil || call.Fn.Pkg() == nil || call.Fn.Pkg() == s.pass.Pkg || !config.Ours(s.pass, call.Fn.Pkg()) {
				continue
			}
			for i := range call.Fn.Signature().Results().Len() {
				if !dbapi.Handle(call.Fn.Signature().Results().At(i).Type()) {
					continue
				}
				m := &mover{Sharer: s, file: s.files.At(call.Expr.Pos()), at: call.Expr.Pos(), whole: true, fallbacks: map[*types.Var][]ast.Stmt{}}
				c := Caller{Of: dbapi.NameOf(call.Fn), Call: call.Expr, Why: m.caller(call, i)}
				if c.Why == "" && !m.forget() {
					c.Why = whyCompile
				}
				c.Edits = m.edits
				all = append(all, c)
			}
		}
	}
	return all
}
