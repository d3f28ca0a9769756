package newpool

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

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// A sharer makes helpers, which open a pool for each test, open it once a process: the call
// goes into a variable of the package, behind sync.OnceValues.
type sharer struct {
	pass  *analysis.Pass
	code  *flow.Package
	files *rewrite.Files

	handles map[*ast.CallExpr][]*ownership.Handle
	callers map[*flow.Func][]*ownership.Handle // by what they call
	inside  map[*flow.Func][]*ownership.Handle // by the declaration that obtains them

	used   map[string]bool              // names in the package
	named  map[string]analysis.TextEdit // declarations that the fixes of the package add, by file and text
	names  map[string]string            // of the variables that these declare
	leaked bool                         // the tests look for what is left running
}

func newSharer(pass *analysis.Pass) *sharer {
	s := &sharer{
		pass: pass, code: flow.Of(pass), files: rewrite.In(pass),
		handles: map[*ast.CallExpr][]*ownership.Handle{}, callers: map[*flow.Func][]*ownership.Handle{}, inside: map[*flow.Func][]*ownership.Handle{},
		used: map[string]bool{}, named: map[string]analysis.TextEdit{}, names: map[string]string{},
	}
	for _, h := range pass.ResultOf[ownership.Analyzer].(*ownership.Package).Handles {
		s.handles[h.Expr()] = append(s.handles[h.Expr()], h)
		s.inside[h.In()] = append(s.inside[h.In()], h)
		for _, f := range h.From {
			s.callers[f] = append(s.callers[f], h)
		}
	}
	for id := range pass.TypesInfo.Defs {
		s.used[id.Name] = true
	}
	for _, imp := range pass.Pkg.Imports() {
		s.leaked = s.leaked || imp.Path() == "go.uber.org/goleak"
	}
	return s
}

// fixes returns the fix of a helper that alone decides what it opens, and whose pool
// nobody closes but by what the fix removes.
func (s *sharer) fixes(site *lifecycle.Site) []analysis.SuggestedFix {
	if site.Verdict == lifecycle.Unassigned {
		return s.assign(site)
	}
	if s.leaked || site.Func == nil || site.Verdict != lifecycle.PerTest || slices.ContainsFunc(site.Opens, func(o lifecycle.Open) bool { return o.Kind != dbapi.Pool }) {
		return nil
	}
	helper := s.code.Around(site.At)
	if helper == nil || helper.Decl == nil || helper.When != 0 {
		return nil
	}
	file := s.files.At(site.Call.Pos())
	results := resultsOf(s.pass.TypesInfo.TypeOf(site.Call))
	if file == nil || len(results) == 0 || len(results) > 2 || !dbapi.Handle(results[0]) || len(results) == 2 && !flow.IsError(results[1]) {
		return nil
	}
	h := s.handle(site.Call)
	if h == nil || h.Fate.Kept || h.Fate.Closers|h.Fate.Supplies != 0 || h.Fate.Passed || h.Holder != nil && !s.plain(h) {
		return nil
	}
	m := &mover{sharer: s, file: file, at: site.Call.Pos()}
	call, ok := m.text(site.Call)
	if !ok || !m.release(h) || !m.freed(h, helper) {
		return nil
	}
	name, ok := m.declare(helper.Decl, results, call)
	if !ok || !m.forget(site.Call) {
		return nil
	}
	edits := append(m.edits, rewrite.Replace(site.Call.Pos(), site.Call.End(), name+"()"))
	if stmt, ok := statement(site.At); ok {
		edits = append(edits, file.Claim(cmp.Or(s.check(stmt, h), stmt.Node())))
	}
	return rewrite.Fix("open it once a process", edits...)
}

// assign gives the pool to the package variable that was meant to hold it.
func (s *sharer) assign(site *lifecycle.Site) []analysis.SuggestedFix {
	stmt, ok := statement(site.At)
	file, h := s.files.At(site.Call.Pos()), s.handle(site.Call)
	if !ok || file == nil || h == nil || h.Fate.Released() || h.Fate.Closers != 0 {
		return nil
	}
	assign := stmt.Node().(*ast.AssignStmt)
	names := make([]*ast.Ident, len(assign.Lhs))
	for i, e := range assign.Lhs {
		if names[i], ok = e.(*ast.Ident); !ok {
			return nil
		}
	}
	if assign.Tok != token.DEFINE || names[0].Name != site.Meant.Name() || len(names) > 2 {
		return nil
	}
	edits := []analysis.TextEdit{rewrite.Replace(assign.TokPos, assign.TokPos+2, "=")}
	if len(names) == 2 && names[1].Name != "_" && s.pass.TypesInfo.Defs[names[1]] != nil {
		text := "var " + names[1].Name + " error\n" + file.Indent(assign.Pos())
		edits = append([]analysis.TextEdit{rewrite.Insert(assign.Pos(), text)}, edits...)
	}
	return rewrite.Fix("assign it to the package variable", edits...)
}

func resultsOf(t types.Type) []types.Type {
	tuple, ok := t.(*types.Tuple)
	if !ok {
		return []types.Type{t}
	}
	var all []types.Type
	for v := range tuple.Variables() {
		all = append(all, v.Type())
	}
	return all
}

// handle returns the pool that a call obtains; nil if it obtains more, or none.
func (s *sharer) handle(call *ast.CallExpr) *ownership.Handle {
	if all := s.handles[call]; len(all) == 1 {
		return all[0]
	}
	return nil
}

// harmless are methods of handles that may be called for each test on one that is shared.
var harmless = map[string]bool{
	"Ping": true, "PingContext": true, "Exec": true, "ExecContext": true, "Query": true, "QueryContext": true,
	"QueryRow": true, "QueryRowContext": true, "Raw": true, "AutoMigrate": true, "Migrator": true, "Sync": true, "Sync2": true,
	"SetMaxOpenConns": true, "SetMaxIdleConns": true, "SetConnMaxLifetime": true, "SetConnMaxIdleTime": true,
	"DB": true, "Stat": true, "Stats": true, "Config": true, "MustExec": true, "WithContext": true,
}

// plain reports whether a helper only does with its pool what can be done once a test to one
// that is shared.
func (s *sharer) plain(h *ownership.Handle) bool {
	for _, use := range s.code.Mentions(h.Holder) {
		for use.ParentEdgeKind() == edge.ParenExpr_X {
			use = use.Parent()
		}
		switch around := use.Parent().Node().(type) {
		case *ast.ReturnStmt, *ast.BinaryExpr:
		case *ast.AssignStmt:
			if use.ParentEdgeKind() != edge.AssignStmt_Lhs {
				return false
			}
		case *ast.ValueSpec:
			if use.ParentEdgeKind() != edge.ValueSpec_Names {
				return false
			}
		case *ast.SelectorExpr:
			if !harmless[around.Sel.Name] && !dbapi.SoundsClosing(around.Sel.Name) {
				return false
			}
		case *ast.KeyValueExpr:
			if h.Fate.Returned == 0 {
				return false
			}
		case *ast.CallExpr:
			fn := dbapi.Callee(s.pass.TypesInfo, around)
			if use.ParentEdgeKind() != edge.CallExpr_Args || fn == nil || fn.Pkg() == nil || !s.trusted(fn) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// trusted reports whether what a function does with a handle is known: code of the
// module, whose facts tell of it, a wrapper, an assertion.
func (s *sharer) trusted(fn *types.Func) bool {
	path := fn.Pkg().Path()
	if module := s.pass.Module; module != nil && (path == module.Path || strings.HasPrefix(path, module.Path+"/")) {
		return true
	}
	row := dbapi.NewCatalogue(nil).Opener(fn)
	return testlib.Asserts(path) || fn.Pkg() == s.pass.Pkg || row != nil && row.Kind == dbapi.Wrapper
}

// A mover makes the edits of one fix.
type mover struct {
	*sharer
	file  *rewrite.File
	at    token.Pos // of the opener
	edits []analysis.TextEdit
	gone  []ast.Node   // what is removed
	taken []*types.Var // local variables whose value the moved call takes with it
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
		m.edits = append(m.edits, file.Remove(stmt))
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

func (s *sharer) check(stmt inspector.Cursor, h *ownership.Handle) ast.Node {
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
			return n, single(n.Call) && m.inBlock(at)
		case *ast.ExprStmt:
			call, ok := n.X.(*ast.CallExpr)
			if ok && testscope.Argument(dbapi.Callee(m.pass.TypesInfo, call))&testscope.After != 0 {
				return n, single(call) && m.inBlock(at)
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

// single reports whether the literals of a call have one statement.
func single(call *ast.CallExpr) bool {
	for _, e := range append(call.Args, call.Fun) {
		if lit, ok := e.(*ast.FuncLit); ok && len(lit.Body.List) != 1 {
			return false
		}
	}
	return true
}

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
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
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
	once, list := "OnceValue", typ
	if len(results) == 2 {
		once, list = "OnceValues", "("+typ+", error)"
	}
	text := fmt.Sprintf(" = %s%s(func() %s {\n\treturn %s\n})\n\n", qualifier, once, list, call)
	key := m.pass.Fset.PositionFor(m.file.Syntax.Package, false).Filename + text
	if _, known := m.named[key]; !known {
		name := m.free("shared" + typ[strings.LastIndexAny(typ, ".*")+1:])
		if name == "" {
			return "", false
		}
		at := helper.Pos()
		if helper.Doc != nil {
			at = helper.Doc.Pos()
		}
		m.names[key] = name
		m.named[key] = rewrite.Insert(at, fmt.Sprintf("// %s opens the pool that the tests of a process share.\nvar %s%s", name, name, text))
	}
	m.edits = append(m.edits, m.named[key])
	return m.names[key], ok
}

// maxTries bounds the names that are tried for one variable.
const maxTries = 9

// free returns a name that nothing in the package has.
func (m *mover) free(name string) string {
	for i := range maxTries {
		try := name
		if i > 0 {
			try = fmt.Sprint(name, i+1)
		}
		if !m.used[try] {
			m.used[try] = true
			return try
		}
	}
	return ""
}

// text returns the source of an expression as it means the same outside the helper: local
// variables are replaced by their values, contexts by one that does not end.
func (m *mover) text(e ast.Expr) (string, bool) { return m.textAt(e, maxValues) }

// maxValues bounds the variables that are replaced one within another.
const maxValues = 4

func (m *mover) textAt(e ast.Expr, depth int) (string, bool) {
	if depth == 0 {
		return "", false
	}
	type change struct {
		n    ast.Expr
		text string
	}
	var changes []change
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		x, isExpr := n.(ast.Expr)
		if !ok || !isExpr {
			return ok
		}
		if isContext(m.pass.TypesInfo.TypeOf(x)) {
			text, known := m.background()
			ok = known
			changes = append(changes, change{x, text})
			m.takes(x)
			return false
		}
		switch x := x.(type) {
		case *ast.FuncLit:
			ok = false
		case *ast.Ident:
			v, isVar := m.pass.TypesInfo.Uses[x].(*types.Var)
			switch {
			case !isVar || v.IsField():
			case flow.Global(v):
				ok = m.settled(v)
			default:
				value := m.value(v)
				if value == nil {
					ok = false
					break
				}
				text, known := m.textAt(value, depth-1)
				if _, operation := ast.Unparen(value).(*ast.BinaryExpr); operation {
					text = "(" + text + ")"
				}
				ok = known
				m.taken = append(m.taken, v)
				changes = append(changes, change{x, text})
			}
		}
		return ok
	})
	text, base := m.file.Text(e), e.Pos()
	for _, c := range slices.Backward(changes) {
		text = text[:c.n.Pos()-base] + c.text + text[c.n.End()-base:]
	}
	return text, ok
}

func isContext(t types.Type) bool { return t != nil && dbapi.TypeName(t) == "context.Context" }

// background returns a context that does not end.
func (m *mover) background() (string, bool) {
	qualifier, edits, ok := m.file.Import(m.at, "context", "context")
	m.edits = append(m.edits, edits...)
	return qualifier + "Background()", ok
}

// takes notes a local variable whose use moves away.
func (m *mover) takes(e ast.Expr) {
	if v := flow.Root(m.pass.TypesInfo, e); v != nil && m.code.Local(v) {
		m.taken = append(m.taken, v)
	}
}

// value returns what a local variable holds, if that is one thing without effects.
func (m *mover) value(v *types.Var) ast.Expr {
	into := m.code.Into(v)
	if _, param := m.code.Param(v); param || len(into) != 1 || !into[0].Whole(v) || into[0].Range || into[0].Adds || m.code.AddressTaken(v) {
		return nil
	}
	if _, several := m.pass.TypesInfo.TypeOf(into[0].Src).(*types.Tuple); several || !pure(m.pass.TypesInfo, into[0].Src) {
		return nil
	}
	return into[0].Src
}

// settled reports whether a package variable gets its value before the tests run.
func (m *mover) settled(v *types.Var) bool {
	if v.Pkg() != m.pass.Pkg {
		return true
	}
	for _, store := range m.code.Into(v) {
		if in := store.In.Outer(); in.Decl != nil && in.When&testscope.Once == 0 {
			return false
		}
	}
	return true
}

// forget removes the variables that only the moved call used; not ok if the statement that
// declares one has to stay.
func (m *mover) forget(call *ast.CallExpr) bool {
	m.gone = append(m.gone, call)
	for i := 0; i < len(m.taken); i++ {
		v := m.taken[i]
		if _, param := m.code.Param(v); param || m.stays(v) {
			continue
		}
		stmt := m.declaration(v)
		if stmt == nil {
			return false
		}
		if !slices.Contains(m.gone, ast.Node(stmt)) {
			m.gone = append(m.gone, stmt)
			m.edits = append(m.edits, m.file.Remove(stmt))
			i = -1 // others may be used by that statement alone
		}
	}
	return true
}

// declaration returns the statement that only declares a variable.
func (m *mover) declaration(v *types.Var) ast.Stmt {
	into := m.code.Into(v)
	if len(into) != 1 {
		return nil
	}
	name, ok := into[0].In.Cursor.FindNode(into[0].Dst)
	if !ok {
		return nil
	}
	assign, ok := name.Parent().Node().(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE || len(assign.Lhs) != 1 || !m.inBlock(name.Parent()) ||
		!pure(m.pass.TypesInfo, assign.Rhs[0]) || !m.file.Alone(assign) {
		return nil
	}
	return assign
}

// stays reports whether a variable is used outside what is removed.
func (m *mover) stays(v *types.Var) bool {
	return slices.ContainsFunc(m.code.Mentions(v), func(mention inspector.Cursor) bool {
		id := mention.Node().(*ast.Ident)
		if m.pass.TypesInfo.Uses[id] == nil || mention.ParentEdgeKind() == edge.AssignStmt_Lhs {
			return false
		}
		return !slices.ContainsFunc(m.gone, func(n ast.Node) bool { return n.Pos() <= id.Pos() && id.End() <= n.End() })
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
