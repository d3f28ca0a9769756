package share

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	goversion "go/version"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// text returns the source of an expression as it means the same outside the helper: local
// variables are replaced by their values, contexts by one that does not end.
func (m *mover) text(e ast.Expr) (string, bool) { return m.textAt(e, maxValues) }

// maxValues bounds the variables that are replaced one within another.
const maxValues = 4

// A change replaces an expression within a larger one.
type change struct {
	n    ast.Expr
	text string
}

func (m *mover) textAt(e ast.Expr, depth int) (string, bool) {
	file := m.files.At(e.Pos())
	if depth == 0 || file == nil {
		return "", false
	}
	var changes []change
	ok := true
	replace := func(x ast.Expr, text string, known bool) {
		ok = ok && known
		changes = append(changes, change{x, text})
	}
	ast.Inspect(e, func(n ast.Node) bool {
		x, isExpr := n.(ast.Expr)
		if !ok || !isExpr {
			return ok
		}
		if isContext(m.pass.TypesInfo.TypeOf(x)) {
			text, known := m.background()
			replace(x, text, known)
			m.takes(x)
			return false
		}
		switch x := x.(type) {
		case *ast.FuncLit:
			ok = false
		case *ast.SelectorExpr:
			if v := m.addressed(x); v != nil && !m.isPrepared(v) {
				text, known := m.valueText(v, depth-1)
				if !known && m.prepare(v, depth-1) {
					return true
				}
				replace(x.X, "(&"+text+")", known)
				m.taken = append(m.taken, v)
				return false
			}
		case *ast.CallExpr:
			if text, known := m.told(x, depth-1); known {
				replace(x, text, true)
				if !slices.Contains(m.stay, x) {
					m.stay = append(m.stay, x)
				}
				return false
			}
		case *ast.Ident:
			obj := m.pass.TypesInfo.Uses[x]
			v, isVar := obj.(*types.Var)
			fn, _ := obj.(*types.Func)
			switch {
			case looksUp(fn):
				replace(x, "Getenv", true)
			case isVar && v.IsField():
			case isVar && flow.Global(v):
				ok = m.settled(v)
				m.bind(obj)
			case isVar && m.isPrepared(v):
			case isVar:
				text, known := m.valueText(v, depth-1)
				if !known && m.prepare(v, depth-1) {
					return true
				}
				replace(x, text, known)
				m.taken = append(m.taken, v)
			case m.away != nil:
				if text := m.away.name(m.pass, obj); text != "" {
					replace(x, text, true)
				}
			case file != m.file:
				if name, is := obj.(*types.PkgName); is {
					text, known := m.qualifier(name.Imported().Path(), name.Imported().Name())
					replace(x, strings.TrimSuffix(text, "."), known)
				}
			}
		}
		return ok
	})
	text, base := file.Text(e), e.Pos()
	for _, c := range slices.Backward(changes) {
		text = text[:c.n.Pos()-base] + c.text + text[c.n.End()-base:]
	}
	return text, ok
}

// valueText returns the source of what a local variable holds.
func (m *mover) valueText(v *types.Var, depth int) (string, bool) {
	value := cmp.Or(m.value(v), m.given(v))
	if value == nil {
		switch call := m.made(v); {
		case call == nil:
			return m.defaulted(v, depth)
		case looksUp(dbapi.Callee(m.pass.TypesInfo, call)): // whether or not the test goes on then
			return m.textAt(call, depth)
		default:
			return m.told(call, depth)
		}
	}
	text, ok := m.textAt(value, depth)
	switch ast.Unparen(value).(type) {
	case *ast.BinaryExpr, *ast.UnaryExpr:
		text = "(" + text + ")"
	}
	return text, ok
}

// addressed returns the local variable whose address a method takes, where no & says so.
func (m *mover) addressed(method *ast.SelectorExpr) *types.Var {
	selection := m.pass.TypesInfo.Selections[method]
	if selection == nil || selection.Kind() != types.MethodVal || isPointer(selection.Recv()) || !isPointer(selection.Obj().(*types.Func).Signature().Recv().Type()) {
		return nil
	}
	if v := flow.Var(m.pass.TypesInfo, method.X); v != nil && m.code.Local(v) {
		return v
	}
	return nil
}

func isPointer(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Pointer)
	return ok
}

// made returns the call whose first result a local variable holds, and nothing else ever.
func (m *mover) made(v *types.Var) *ast.CallExpr {
	into := m.code.Into(v)
	if _, param := m.code.Param(v); param || !m.whole || len(into) != 1 || into[0].Result != 0 || !into[0].Whole(v) || into[0].Range || m.code.AddressTaken(v) {
		return nil
	}
	call, _ := ast.Unparen(into[0].Src).(*ast.CallExpr)
	return call
}

// looksUp reports whether a function's first result is what os.Getenv returns.
func looksUp(fn *types.Func) bool { return fn != nil && dbapi.NameOf(fn) == "os.LookupEnv" }

// told returns the source of the text that a function of the package, which only takes the
// running test, returns if it does.
func (m *mover) told(call *ast.CallExpr, depth int) (string, bool) {
	f := m.code.Func(dbapi.Callee(m.pass.TypesInfo, call))
	if !m.whole || depth <= 0 || f == nil || f.Decl == nil || f.Decl.Recv != nil || len(f.Lits) > 0 || f.Sig.Params().Len() != 1 || !testscope.TakesTB(f.Sig) ||
		f.Sig.Results().Len() != 1 || !isText(f.Sig.Results().At(0).Type()) {
		return "", false
	}
	for _, store := range f.Stores {
		if store.Root == nil || !m.code.Local(store.Root) {
			return "", false
		}
	}
	at, taken, stay := m.at, m.taken, m.stay
	defer func() { m.at, m.taken, m.stay = at, taken, stay }()
	var texts []string
	for i, ret := range f.Returns {
		last := i == len(f.Returns)-1
		if len(ret.Results) != 1 || !m.pure(ret.Results[0]) || !last && !m.returnsFound(f, ret) {
			return "", false
		}
		m.at = ret.Pos()
		text, ok := m.textAt(ret.Results[0], depth)
		if !ok {
			return "", false
		}
		texts = append(texts, text)
	}
	return m.firstOf(texts)
}

// returnsFound reports whether a function returns a variable, unless that is empty, and goes on else.
func (m *mover) returnsFound(f *flow.Func, ret *ast.ReturnStmt) bool {
	return slices.ContainsFunc(f.Decl.Body.List, func(stmt ast.Stmt) bool {
		choice, ok := stmt.(*ast.IfStmt)
		v := flow.Var(m.pass.TypesInfo, ret.Results[0])
		return ok && v != nil && len(choice.Body.List) == 1 && choice.Body.List[0] == ast.Stmt(ret) && choice.Else == nil && m.asks(choice.Cond, v, token.NEQ)
	})
}

// firstOf returns the source of the first of several texts that is not empty.
func (m *mover) firstOf(texts []string) (string, bool) {
	switch {
	case len(texts) == 1:
		return texts[0], true
	case len(texts) == 0 || m.before("go1.22"):
		return "", false
	}
	qualifier, ok := m.qualifier("cmp", "cmp")
	return qualifier + "Or(" + strings.Join(texts, ", ") + ")", ok
}

func isText(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

func isContext(t types.Type) bool { return t != nil && dbapi.TypeName(t) == "context.Context" }

// background returns a context that does not end.
func (m *mover) background() (string, bool) {
	qualifier, ok := m.qualifier("context", "context")
	return qualifier + "Background()", ok
}

// qualifier returns what stands before the names of a package where the text goes, which imports it.
func (m *mover) qualifier(path, name string) (string, bool) {
	if m.away != nil {
		return m.away.imported(path, name), true
	}
	qualifier, edits, ok := m.file.Import(m.at, path, name)
	m.edits = append(m.edits, edits...)
	return qualifier, ok
}

// takes notes a local variable whose use moves away.
func (m *mover) takes(e ast.Expr) {
	if v := flow.Root(m.pass.TypesInfo, e); v != nil && m.code.Local(v) {
		m.taken = append(m.taken, v)
	}
}

// value returns what a local variable holds, if that is one thing without effects, which stays as it is.
func (m *mover) value(v *types.Var) ast.Expr {
	into := m.code.Into(v)
	if _, param := m.code.Param(v); param || len(into) != 1 || !into[0].Whole(v) || into[0].Range || into[0].Adds || m.code.AddressTaken(v) || !m.stable(v) {
		return nil
	}
	if _, several := m.pass.TypesInfo.TypeOf(into[0].Src).(*types.Tuple); several || !m.pure(into[0].Src) {
		return nil
	}
	return into[0].Src
}

// given returns what every call gives for a parameter, where that has no effects and the same
// meaning in the whole package. Only where the run may change tests too.
func (m *mover) given(v *types.Var) (value ast.Expr) {
	param, ok := m.code.Param(v)
	f := param.Of
	if !m.whole || !ok || f.Decl == nil || len(f.Uses) > 0 || len(m.code.Into(v)) > 0 || m.code.AddressTaken(v) || !isBasic(v.Type()) ||
		f.Obj.Exported() && !testscope.InTestFile(m.pass.Fset.PositionFor(f.Decl.Pos(), false).Filename) {
		return nil
	}
	for _, call := range f.Callers {
		args := call.Args(f.Sig, param.I)
		if len(args) != 1 || !isBasic(m.pass.TypesInfo.TypeOf(args[0])) || !m.pure(args[0]) || m.local(args[0]) || value != nil && types.ExprString(args[0]) != types.ExprString(value) {
			return nil
		}
		value = args[0]
	}
	return value
}

// local reports whether an expression has a variable of a function.
func (m *mover) local(e ast.Expr) (local bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		id, _ := n.(*ast.Ident)
		v, is := m.pass.TypesInfo.Uses[id].(*types.Var)
		local = local || is && !v.IsField() && !flow.Global(v)
		return !local
	})
	return local
}

// stable reports whether what a variable holds stays as it is: it has no parts, or nobody can change
// them, since there is one use, or all uses only read a part that has none itself.
func (m *mover) stable(v *types.Var) bool {
	uses := m.code.Mentions(v)
	if isBasic(v.Type()) || len(uses) <= 1 {
		return true
	}
	return !slices.ContainsFunc(uses, func(use inspector.Cursor) bool {
		part, ok := use.Parent().Node().(ast.Expr)
		return !ok || use.ParentEdgeKind() != edge.SelectorExpr_X && use.ParentEdgeKind() != edge.IndexExpr_X || !isBasic(m.pass.TypesInfo.TypeOf(part))
	})
}

func isBasic(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Basic)
	return ok
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

// defaulted returns the source of what a local variable holds that takes another value where
// the one before is empty, if dsn == "" { dsn = … }, or another is not: if v := …; v != "" { dsn = v }.
// Only where the run may change tests too.
func (m *mover) defaulted(v *types.Var, depth int) (string, bool) {
	into := m.code.Into(v)
	if !m.whole || len(into) < 2 || m.code.AddressTaken(v) {
		return "", false
	}
	if _, param := m.code.Param(v); param {
		return "", false
	}
	var texts []string
	var stmts []ast.Stmt
	for i, store := range into {
		if !store.Whole(v) || store.Range || store.Adds || store.Result != 0 || !m.pure(store.Src) || store.In != into[0].In || store.Src.Pos() > m.at {
			return "", false
		}
		stmt, before := m.choice(v, store)
		if (i == 0) != (stmt == nil) {
			return "", false
		}
		if stmt != nil {
			stmts = append(stmts, stmt)
		}
		text, ok := m.textAt(store.Src, depth)
		if !ok {
			return "", false
		}
		if before {
			texts = slices.Insert(texts, 0, text)
		} else {
			texts = append(texts, text)
		}
	}
	m.fallbacks[v] = stmts
	return m.firstOf(texts)
}

// choice returns the statement that does nothing but give a variable a value where it is empty, or,
// before what it has, where the value is not; nil if the store is no part of one.
func (m *mover) choice(v *types.Var, store *flow.Store) (stmt *ast.IfStmt, before bool) {
	dst, ok := store.In.At(store.Dst)
	if !ok {
		return nil, false
	}
	for around := range dst.Enclosing((*ast.IfStmt)(nil)) {
		stmt := around.Node().(*ast.IfStmt)
		if stmt.Else != nil || len(stmt.Body.List) != 1 || !m.inBlock(around) {
			break
		}
		if stmt.Init == nil && m.asks(stmt.Cond, v, token.EQL) {
			return stmt, false
		}
		if found := flow.Var(m.pass.TypesInfo, store.Src); found != nil && m.asks(stmt.Cond, found, token.NEQ) {
			return stmt, true
		}
		break
	}
	return nil, false
}

// asks reports whether a condition asks if a text is empty, or is not: v == "", or !ok where ok has
// come with v from os.LookupEnv.
func (m *mover) asks(cond ast.Expr, v *types.Var, op token.Token) bool {
	switch cond := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		empty := m.pass.TypesInfo.Types[cond.Y].Value
		return cond.Op == op && flow.Var(m.pass.TypesInfo, cond.X) == v && empty != nil && empty.ExactString() == `""`
	case *ast.UnaryExpr:
		return op == token.EQL && cond.Op == token.NOT && m.foundWith(v, cond.X)
	case *ast.Ident:
		return op == token.NEQ && m.foundWith(v, cond)
	}
	return false
}

// foundWith reports whether an expression is what os.LookupEnv has returned beside a variable.
func (m *mover) foundWith(v *types.Var, e ast.Expr) bool {
	found := flow.Var(m.pass.TypesInfo, e)
	if found == nil || len(m.code.Into(found)) != 1 || len(m.code.Into(v)) == 0 {
		return false
	}
	store := m.code.Into(found)[0]
	call, ok := ast.Unparen(store.Src).(*ast.CallExpr)
	return ok && store.Result == 1 && m.code.Into(v)[0].Src == store.Src && looksUp(dbapi.Callee(m.pass.TypesInfo, call))
}

// before reports whether the package's Go is older than a version.
func (m *mover) before(version string) bool {
	own := m.pass.Pkg.GoVersion()
	return own != "" && goversion.Compare(own, version) < 0
}

// bind notes that a text has a name of the package, and so stays in it.
func (m *mover) bind(obj types.Object) {
	if m.away != nil {
		m.away.name(m.pass, obj)
	}
}

// away writes a text for another package of the module.
type away struct {
	imports map[string]string // names by path
	bound   bool              // the text only has its meaning in this package
}

func (a *away) imported(path, name string) string {
	a.imports[path] = name
	return name + "."
}

// name returns what stands for a name elsewhere, "" if that is the name itself.
func (a *away) name(pass *analysis.Pass, obj types.Object) string {
	switch obj := obj.(type) {
	case *types.PkgName:
		pkg := obj.Imported()
		if config.Ours(pass, pkg) {
			a.bound = true // it may import the tests' helpers itself
			return ""
		}
		a.imports[pkg.Path()] = pkg.Name()
		return pkg.Name()
	case *types.Const:
		if obj.Pkg() != pass.Pkg {
			return ""
		}
		if basic, ok := obj.Type().Underlying().(*types.Basic); !ok || basic.Info()&(types.IsString|types.IsInteger) == 0 {
			a.bound = true
			return ""
		}
		return obj.Val().ExactString()
	case nil:
	default:
		a.bound = a.bound || obj.Pkg() == pass.Pkg
	}
	return ""
}
