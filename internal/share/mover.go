package share

import (
	"cmp"
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
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// A mover makes the edits of one fix.
type mover struct {
	*Sharer
	file  *rewrite.File
	at    token.Pos // of the opener
	edits []analysis.TextEdit
	gone  []ast.Node   // what is removed
	taken []*types.Var // local variables whose value the moved call takes with it

	imports []analysis.TextEdit // what the declaration of a bound source needs in its file

	stay []*ast.CallExpr // calls that may end the test, whose results the moved call takes

	opener       *ast.CallExpr // that moves; nil where it stays in its package
	fails        bool          // the shared pool comes with an error
	prepared     []*types.Var
	preparations []*preparation
	prelude      string // what they say

	whole     bool // the run changes tests too, and other packages
	away      *away
	quiet     []ast.Node                // releases that are gone
	fallbacks map[*types.Var][]ast.Stmt // the statements that give a variable a value where it is empty
}

// release removes what releases a handle when a test, or the function, is over; not ok
// if it is released in another way too.
func (m *mover) release(h *ownership.Handle) bool {
	for _, release := range h.Fate.Releases {
		stmt, ok := m.closing(release)
		if !ok {
			return false
		}
		if slices.Contains(m.gone, ast.Node(stmt)) {
			continue
		}
		file := m.files.At(stmt.Pos())
		if file == nil || !file.Alone(stmt) {
			return false
		}
		m.gone = append(m.gone, stmt)
		m.edits = append(m.edits, file.Clear(stmt))
	}
	return h.Holder == nil || len(h.Fate.Releases) == 0 || m.stays(h.Holder)
}

// claim keeps other fixes from putting anything behind the statement that obtains a handle.
func (m *mover) claim(h *ownership.Handle) {
	stmt, ok := statement(h.Call.At)
	if file := m.files.At(h.Expr().Pos()); ok && file != nil && len(h.Fate.Releases) == 0 {
		m.edits = append(m.edits, file.Claim(cmp.Or(m.check(stmt, h), stmt.Node())))
	}
}

func (s *Sharer) check(stmt inspector.Cursor, h *ownership.Handle) ast.Node {
	if h.Err == nil {
		return nil
	}
	if check := rewrite.Check(stmt, s.pass.TypesInfo, h.Err); check != nil {
		return check
	}
	return nil
}

// closing returns the statement around a release that defers or registers nothing else.
func (m *mover) closing(release inspector.Cursor) (ast.Stmt, bool) {
	for at := range release.Enclosing((*ast.DeferStmt)(nil), (*ast.ExprStmt)(nil), (*ast.FuncDecl)(nil)) {
		switch n := at.Node().(type) {
		case *ast.DeferStmt:
			return n, m.single(n.Call, false) && m.inBlock(at)
		case *ast.ExprStmt:
			call, ok := n.X.(*ast.CallExpr)
			if ok && testscope.Argument(dbapi.Callee(m.pass.TypesInfo, call))&testscope.After != 0 {
				return n, m.single(call, true) && m.inBlock(at)
			}
		case *ast.FuncDecl:
			return nil, false
		}
	}
	return nil, false
}

func (m *mover) inBlock(stmt inspector.Cursor) bool {
	_, ok := stmt.Parent().Node().(*ast.BlockStmt)
	return ok
}

// single reports whether the literals of a call have one statement, and what these call, or the call
// itself unless it registers them, does nothing but release.
func (m *mover) single(call *ast.CallExpr, registers bool) bool {
	ok := true
	ast.Inspect(call, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ok = ok && len(n.Body.List) == 1
		case *ast.CallExpr:
			_, literal := n.Fun.(*ast.FuncLit)
			ok = ok && (registers && n == call || literal || m.onlyCloses(n, maxHolders))
		}
		return ok
	})
	return ok
}

// onlyCloses reports whether a call releases a handle, says that this failed, or does both: not what
// else is to be done at the end of a test, such as emptying tables.
func (m *mover) onlyCloses(call *ast.CallExpr, depth int) bool {
	if tv := m.pass.TypesInfo.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() {
		return true
	}
	fn := dbapi.Callee(m.pass.TypesInfo, call)
	if fn == nil || fn.Pkg() == nil || depth == 0 {
		return fn != nil && fn.Name() == "Error" // of an error
	}
	if f := m.code.Func(fn); f != nil {
		return len(f.Lits) == 0 && !slices.ContainsFunc(f.Calls, func(c *flow.Call) bool { return !m.onlyCloses(c.Expr, depth-1) })
	}
	recv := fn.Signature().Recv()
	return recv != nil && dbapi.SoundsClosing(fn.Name()) && !config.Ours(m.pass, fn.Pkg()) ||
		talks[fn.Pkg().Path()] || testlib.Asserts(fn.Pkg().Path())
}

// talks are packages of the standard library that say what went wrong.
var talks = map[string]bool{"testing": true, "fmt": true, "log": true, "log/slog": true, "errors": true, "context": true}

// freed removes what callers of the helper release the pool by; not ok where they may
// release it in a way that cannot be seen.
func (m *mover) freed(h *ownership.Handle, helper *flow.Func) bool {
	if h.Fate.Returned == 0 {
		return true
	}
	for _, other := range m.inside[helper] {
		if other.Fate.Returned != 0 && other.Call != h.Call {
			return false // the helper returns one or the other
		}
	}
	for _, caller := range m.callers[helper] {
		if caller.Fate.Kept || caller.Fate.Returned != 0 || caller.Fate.Closers != 0 || !m.release(caller) {
			return false
		}
		m.claim(caller) // who forgets to close it is not to be told to
	}
	if !helper.Obj.Exported() || strings.HasSuffix(m.pass.Pkg.Name(), "_test") {
		return len(helper.Uses) == 0
	}
	for i := range h.Fate.Returned.All {
		if closes(helper.Sig.Results().At(i).Type(), maxHolders) {
			return false
		}
	}
	return true
}

// maxHolders bounds the structs around a pool: a service, its store.
const maxHolders = 3

// closes reports whether other packages can close what a value of the type holds.
func closes(t types.Type, depth int) bool {
	if dbapi.Handle(t) || depth == 0 {
		return true
	}
	if types.IsInterface(t) {
		return ownership.Closable(t)
	}
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		if obj := set.At(i).Obj(); obj.Exported() && dbapi.SoundsClosing(obj.Name()) {
			return true
		}
	}
	t = flow.Pointee(t)
	fields, ok := t.Underlying().(*types.Struct)
	return ok && slices.ContainsFunc(slices.Collect(fields.Fields()), func(field *types.Var) bool {
		return field.Exported() && dbapi.Holds(field.Type()) && closes(field.Type(), depth-1)
	})
}

// declare adds the variable that opens the pool above the helper, once for helpers that
// open the same, and returns its name.
func (m *mover) declare(helper *ast.FuncDecl, results []types.Type, call string) (name string, ok bool) {
	qualifier, edits, ok := m.file.Import(m.at, "sync", "sync")
	if !ok {
		return "", false
	}
	m.edits = append(m.edits, edits...)
	typ := types.TypeString(results[0], func(pkg *types.Package) string {
		qualifier, edits, fits := m.file.Import(m.at, pkg.Path(), pkg.Name())
		m.edits = append(m.edits, edits...)
		ok = ok && fits
		return strings.TrimSuffix(qualifier, ".")
	})
	opens := once{"", qualifier, typ, len(results) == 2, m.before("go1.21"), "\treturn " + call + "\n"}
	key := m.pass.Fset.PositionFor(m.file.Syntax.Package, false).Filename + opens.text()
	if _, known := m.named[key]; !known {
		name := m.unused("shared" + typ[strings.LastIndexAny(typ, ".*")+1:])
		if name == "" {
			return "", false
		}
		at := helper.Pos()
		if helper.Doc != nil {
			at = helper.Doc.Pos()
		}
		opens.name, m.names[key] = name, name
		m.named[key] = []analysis.TextEdit{rewrite.Insert(at, fmt.Sprintf("// %s opens the pool that the tests of a process share.\n%s\n\n", name, opens.text()))}
	}
	m.edits = append(m.edits, m.named[key]...)
	return m.names[key], ok
}

// maxTries bounds the names that are tried for one variable.
const maxTries = 9

// unused returns a name for what opens a pool once: nothing in the package has it, or one of those
// that go with it.
func (m *mover) unused(name string) string {
	for i := range maxTries {
		try := name
		if i > 0 {
			try = fmt.Sprint(name, i+1)
		}
		if all := namesOf(try); !slices.ContainsFunc(all, func(name string) bool { return m.used[name] }) {
			for _, name := range all {
				m.used[name] = true
			}
			return try
		}
	}
	return ""
}

// forget removes the variables that only the moved call used; not ok if the statement that
// declares one has to stay.
func (m *mover) forget(moved ...ast.Node) bool {
	m.gone = append(m.gone, moved...)
	for i := 0; i < len(m.taken); i++ {
		v := m.taken[i]
		if _, param := m.code.Param(v); param || m.declaredInGone(v) || m.stays(v) {
			continue
		}
		stmts := m.declarations(v)
		if stmts == nil {
			if !m.unname(v) {
				return false
			}
			continue
		}
		for _, stmt := range stmts {
			if !slices.Contains(m.gone, ast.Node(stmt)) {
				m.gone = append(m.gone, stmt)
				m.edits = append(m.edits, m.files.At(stmt.Pos()).Remove(stmt))
				i = -1 // others may be used by that statement alone
			}
		}
	}
	return true
}

// declaredInGone reports whether a variable is declared by what is removed, other than the call.
func (m *mover) declaredInGone(v *types.Var) bool {
	return slices.ContainsFunc(m.gone, func(n ast.Node) bool { return n.Pos() <= v.Pos() && v.Pos() < n.End() })
}

// declarations returns the statements that do nothing but give a variable its value; nil if
// there are others.
func (m *mover) declarations(v *types.Var) []ast.Stmt {
	if fallbacks, ok := m.fallbacks[v]; ok {
		first := m.declarationAt(v, m.code.Into(v)[0])
		if first == nil {
			return nil
		}
		return append([]ast.Stmt{first}, fallbacks...)
	}
	if stmt := m.declaration(v); stmt != nil {
		return []ast.Stmt{stmt}
	}
	return m.bounded(v)
}

// bounded returns the statements that bound the time of a context that nothing uses, and end it.
func (m *mover) bounded(v *types.Var) []ast.Stmt {
	into := m.code.Into(v)
	if !m.whole || len(into) != 1 || !isContext(v.Type()) {
		return nil
	}
	name, ok := into[0].In.At(into[0].Dst)
	if !ok || !m.inBlock(name.Parent()) {
		return nil
	}
	assign, ok := name.Parent().Node().(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE || len(assign.Lhs) != 2 {
		return nil
	}
	end, ok := assign.Lhs[1].(*ast.Ident)
	if !ok || m.pass.TypesInfo.Defs[end] == nil {
		return nil
	}
	stmts := []ast.Stmt{assign}
	for _, mention := range m.code.Mentions(m.pass.TypesInfo.Defs[end]) {
		if mention.Node() == end {
			continue
		}
		stmt, ok := mention.Parent().Parent().Node().(*ast.DeferStmt)
		if !ok || mention.ParentEdgeKind() != edge.CallExpr_Fun || !m.inBlock(mention.Parent().Parent()) {
			return nil
		}
		stmts = append(stmts, stmt)
	}
	for _, stmt := range stmts {
		if !m.files.At(stmt.Pos()).Alone(stmt) {
			return nil
		}
	}
	return stmts
}

// unname leaves the call that gives a variable its value, without the variable.
func (m *mover) unname(v *types.Var) bool {
	if m.made(v) == nil {
		return false
	}
	store := m.code.Into(v)[0]
	name, ok := store.In.At(store.Dst)
	if !ok {
		return false
	}
	assign, ok := name.Parent().Node().(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE {
		return false
	}
	if len(assign.Lhs) == 1 {
		m.edits = append(m.edits, rewrite.Replace(assign.Pos(), assign.Rhs[0].Pos(), ""))
		return m.inBlock(name.Parent())
	}
	m.edits = append(m.edits, rewrite.Replace(name.Node().Pos(), name.Node().End(), "_"))
	return slices.ContainsFunc(assign.Lhs, func(e ast.Expr) bool { // that the statement may still declare
		id, ok := e.(*ast.Ident)
		return ok && id != name.Node() && id.Name != "_" && m.pass.TypesInfo.Defs[id] != nil
	})
}

// declaration returns the statement that only declares a variable.
func (m *mover) declaration(v *types.Var) ast.Stmt {
	into := m.code.Into(v)
	if len(into) != 1 {
		return nil
	}
	return m.declarationAt(v, into[0])
}

func (m *mover) declarationAt(v *types.Var, store *flow.Store) ast.Stmt {
	name, ok := store.In.At(store.Dst)
	if !ok {
		return nil
	}
	assign, ok := name.Parent().Node().(*ast.AssignStmt)
	if file := m.files.At(store.Dst.Pos()); !ok || assign.Tok != token.DEFINE || !m.inBlock(name.Parent()) || file == nil || !file.Alone(assign) {
		return nil
	}
	if len(assign.Rhs) != 1 || !m.pure(assign.Rhs[0]) && !m.beneath(v, assign.Rhs[0]) {
		return nil
	}
	for _, e := range assign.Lhs {
		if other, ok := e.(*ast.Ident); e != name.Node() && (!m.whole || !ok || other.Name != "_" && !m.falls(v, other)) {
			return nil
		}
	}
	return assign
}

// beneath reports whether an expression only takes the pool beneath a handle: db.DB().
func (m *mover) beneath(v *types.Var, e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return m.whole && ok && sel.Sel.Name == "DB" && len(call.Args) == 0 && dbapi.Handle(v.Type())
}

// falls reports whether a name that is declared beside a variable only tells whether that is
// given another value.
func (m *mover) falls(v *types.Var, name *ast.Ident) bool {
	obj, ok := m.pass.TypesInfo.Defs[name].(*types.Var)
	return ok && len(m.code.Into(obj)) == 1 && !slices.ContainsFunc(m.code.Mentions(obj), func(mention inspector.Cursor) bool {
		return mention.Node() != name && !slices.ContainsFunc(m.fallbacks[v], func(stmt ast.Stmt) bool { return within(mention.Node(), stmt) })
	})
}

// stays reports whether a variable is used outside what is removed.
func (m *mover) stays(v *types.Var) bool {
	return slices.ContainsFunc(m.code.Mentions(v), func(mention inspector.Cursor) bool {
		id := mention.Node().(*ast.Ident)
		if m.pass.TypesInfo.Uses[id] == nil || mention.ParentEdgeKind() == edge.AssignStmt_Lhs {
			return false
		}
		return !slices.ContainsFunc(m.gone, func(g ast.Node) bool { return within(id, g) }) &&
			!slices.ContainsFunc(m.fallbacks[v], func(stmt ast.Stmt) bool { return within(id, stmt) })
	})
}

// statement returns the statement of a block that assigns a call.
func statement(call inspector.Cursor) (inspector.Cursor, bool) {
	stmt := call.Parent()
	_, assigns := stmt.Node().(*ast.AssignStmt)
	if !assigns {
		return stmt, false
	}
	_, inBlock := stmt.Parent().Node().(*ast.BlockStmt)
	return stmt, inBlock
}
