package poollimit

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/capacity"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/rewrite"
)

// A fixer finds the remedy for one pool and makes the edit, where it can.
type fixer struct {
	pass   *analysis.Pass
	site   *lifecycle.Site
	opens  []lifecycle.Open // of the function that the site calls, for whoever calls it
	bound  capacity.Bound
	pool   config.Pool
	waits  bool          // with fewer connections goroutines would wait for each other
	field  string        // of an argument: by it the function called limits the pool; may be empty
	option *types.Func   // which makes an option for the function called that limits the pool; may be nil
	file   *rewrite.File // around the site
}

// fixes returns the edit that limits the pool, if there is one that changes
// nothing else.
func (f fixer) fixes() []analysis.SuggestedFix {
	l := f.bound.Limit
	if f.file == nil || !f.site.Direct || f.bound.State != capacity.Default || f.bound.By != "" {
		return nil // what is set already may come later and win
	}
	switch {
	case l.Setter != "":
		return f.insertSetter()
	case f.takesConfig():
		return f.setField()
	case l.Param != "":
		if fix := f.extendDSN(); fix != nil {
			return fix
		}
		return f.configure()
	}
	return nil
}

// insertSetter calls the setter behind the opener's error check.
func (f fixer) insertSetter() []analysis.SuggestedFix {
	set := f.bound.Limit.Setter
	on, ok := setterOf(f.handle(), set, f.pass.Pkg)
	if !ok {
		return nil
	}
	if call, ok := f.returned(); ok {
		db, err := f.file.Free(f.site.At, "db", "pool", "opened"), f.file.Free(f.site.At, "err", "openErr")
		if db == "" || err == "" || strings.HasSuffix(on, "()") {
			return nil
		}
		return rewrite.Fix("Call "+set, f.returnAfter(call, fmt.Sprintf("%s, %s := %s\nif %s == nil {\n\t%s\n}", db, err, f.file.Text(f.site.Call), err, f.set(db, on)), db+", "+err))
	}
	handle, stmt := f.assigned(f.site.At)
	if handle == nil {
		return nil
	}
	name := types.ExprString(handle)
	return rewrite.Fix("Call "+set, f.file.Below(f.behind(stmt), f.set(name, on)))
}

// set returns the statement that calls the setter of what a handle gives.
func (f fixer) set(handle, on string) string {
	call := fmt.Sprintf("%s(%d)", f.bound.Limit.Setter, f.pool.MaxConns)
	fails := false
	if method, ok := strings.CutSuffix(on, "()"); ok {
		obj, _, _ := types.LookupFieldOrMethod(f.handle(), true, f.pass.Pkg, method)
		fails = obj.(*types.Func).Signature().Results().Len() > 1
	}
	switch {
	case on == "":
		return handle + "." + call
	case fails:
		return fmt.Sprintf("if sqlDB, err := %s.%s; err == nil {\n\tsqlDB.%s\n}", handle, on, call)
	}
	return handle + "." + on + "." + call
}

// returned reports whether the opener's results are what a function returns.
func (f fixer) returned() (inspector.Cursor, bool) {
	ret := f.site.At.Parent()
	stmt, ok := ret.Node().(*ast.ReturnStmt)
	tuple, several := f.pass.TypesInfo.TypeOf(f.site.Call).(*types.Tuple)
	_, block := ret.Parent().Node().(*ast.BlockStmt)
	return ret, ok && several && block && len(stmt.Results) == 1 && tuple.Len() == 2 && flow.IsError(tuple.At(1).Type())
}

// returnAfter puts lines above a return statement, which returns something else then.
func (f fixer) returnAfter(ret inspector.Cursor, lines, results string) analysis.TextEdit {
	n := ret.Node()
	indent := "\n" + f.file.Indent(n.Pos())
	return rewrite.Replace(n.Pos(), n.End(), strings.ReplaceAll(lines+"\nreturn "+results, "\n", indent))
}

// configure parses the DSN to a configuration, limits that and opens it.
func (f fixer) configure() []analysis.SuggestedFix {
	row := dbapi.NewCatalogue(nil).Opener(f.site.Callee)
	fun, ok := f.site.Call.Fun.(*ast.SelectorExpr)
	source := f.source()
	if row == nil || row.Parse == "" || !ok || source == nil {
		return nil
	}
	handle, stmt := f.assigned(f.site.At)
	config := f.file.Free(f.site.At, "config", "cfg", "poolConfig")
	if id, ok := handle.(*ast.Ident); ok {
		config = f.file.Free(f.site.At, id.Name+"Config")
	}
	if config == "" || f.fromCaller(source) {
		return nil
	}
	edits := []analysis.TextEdit{
		rewrite.Replace(fun.Sel.Pos(), fun.Sel.End(), row.Configured),
		rewrite.Replace(source.Pos(), source.End(), config),
	}
	parse := f.file.Text(fun.X) + "." + row.Parse + "(" + f.file.Text(source) + ")"
	limit := fmt.Sprintf("%s.%s = %d", config, f.bound.Limit.Field, f.pool.MaxConns)
	above := func(stmt inspector.Cursor, err, check string) []analysis.SuggestedFix {
		indent := "\n" + f.file.Indent(stmt.Node().Pos())
		lines := config + ", " + err + " := " + parse + indent + check + indent + limit + indent
		return rewrite.Fix("Limit the pool's configuration", append(edits, rewrite.Insert(stmt.Node().Pos(), lines))...)
	}
	if ret, ok := f.returned(); ok {
		err, indent := f.file.Free(f.site.At, "err", "parseErr"), f.file.Indent(ret.Node().Pos())
		if err == "" {
			return nil
		}
		return above(ret, err, fmt.Sprintf("if %s != nil {\n%s\treturn nil, %s\n%s}", err, indent, err, indent))
	}
	if handle == nil {
		return nil
	}
	err, ok := f.err(stmt)
	check := rewrite.Check(stmt, f.pass.TypesInfo, err)
	if !ok || check == nil || f.mentions(check, handle) {
		return nil
	}
	return above(stmt, err.Name(), f.file.Text(check))
}

// fromCaller reports whether a DSN is what callers give, who may have limited it.
func (f fixer) fromCaller(dsn ast.Expr) bool {
	given := false
	ast.Inspect(dsn, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v := flow.Var(f.pass.TypesInfo, id); v != nil {
				_, param := flow.Of(f.pass).Param(v)
				given = given || param && isString(v.Type())
			}
		}
		return !given
	})
	return given
}

// err returns the variable that takes the opener's error; not ok if a declaration above it
// would be of another one.
func (f fixer) err(stmt inspector.Cursor) (types.Object, bool) {
	assign := stmt.Node().(*ast.AssignStmt)
	id, ok := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident)
	if !ok || len(assign.Lhs) < 2 || id.Name == "_" {
		return nil, false
	}
	obj := f.pass.TypesInfo.ObjectOf(id)
	if obj == nil {
		return nil, false
	}
	return obj, f.pass.TypesInfo.Defs[id] != nil || obj.Parent() == f.pass.Pkg.Scope().Innermost(assign.Pos())
}

func (f fixer) mentions(n ast.Node, handle ast.Expr) bool {
	v := flow.Var(f.pass.TypesInfo, handle)
	return v == nil || flow.Of(f.pass).MentionedIn(v, n)
}

// setField sets the limit's field: in the literal that the opener takes, or
// behind the error check of the call that parses the configuration.
func (f fixer) setField() []analysis.SuggestedFix {
	field := f.bound.Limit.Field
	source := f.source()
	if u, ok := source.(*ast.UnaryExpr); ok {
		source = u.X
	}
	if lit, ok := source.(*ast.CompositeLit); ok {
		return f.addElement(lit, field)
	}
	id, ok := source.(*ast.Ident)
	if !ok {
		return nil
	}
	parse := f.parse(id)
	if parse == nil {
		return nil
	}
	at, ok := f.site.At.Inspector().Root().FindNode(parse)
	if !ok {
		return nil
	}
	config, stmt := f.assigned(at)
	if config == nil || stmt.Node().End() > f.site.Call.Pos() {
		return nil
	}
	return rewrite.Fix("Set "+field, f.file.Below(f.behind(stmt), fmt.Sprintf("%s.%s = %d", id.Name, field, f.pool.MaxConns)))
}

// parse returns the one call that gives a variable its value; nil if there are others, or
// none.
func (f fixer) parse(name *ast.Ident) *ast.CallExpr {
	v := flow.Var(f.pass.TypesInfo, name)
	if v == nil {
		return nil
	}
	var whole []*flow.Store
	for _, s := range flow.Of(f.pass).Into(v) {
		if s.Whole(v) {
			whole = append(whole, s)
		}
	}
	if len(whole) != 1 {
		return nil
	}
	call, _ := whole[0].Src.(*ast.CallExpr)
	return call
}

// addElement adds the field to a composite literal.
func (f fixer) addElement(lit *ast.CompositeLit, field string) []analysis.SuggestedFix {
	element := fmt.Sprintf("%s: %d", field, f.pool.MaxConns)
	if len(lit.Elts) == 0 {
		return rewrite.Fix("Set "+field, rewrite.Insert(lit.Lbrace+1, element))
	}
	if _, ok := lit.Elts[0].(*ast.KeyValueExpr); !ok {
		return nil
	}
	last := lit.Elts[len(lit.Elts)-1]
	if f.file.Line(last.End()) == f.file.Line(lit.Rbrace) {
		return rewrite.Fix("Set "+field, rewrite.Insert(last.End(), ", "+element))
	}
	return rewrite.Fix("Set "+field, rewrite.Insert(last.End(), ",\n"+f.file.Indent(last.Pos())+element))
}

// extendDSN adds the limit to a constant DSN that nothing else uses.
func (f fixer) extendDSN() []analysis.SuggestedFix {
	lit := f.literal(f.source())
	if lit == nil {
		return nil
	}
	dsn, err := strconv.Unquote(lit.Value)
	if err != nil {
		return nil
	}
	params := []string{fmt.Sprintf("%s=%d", f.bound.Limit.Param, f.pool.MaxConns)}
	if !f.bound.Timeout {
		params = append(params, fmt.Sprintf("%s=%d", connectTimeout, f.seconds()))
	}
	var text string
	switch {
	case !strings.Contains(dsn, "://"):
		text = " " + strings.Join(params, " ")
	case strings.HasSuffix(dsn, "?"), strings.HasSuffix(dsn, "&"):
		text = strings.Join(params, "&")
	case strings.Contains(dsn, "?"):
		text = "&" + strings.Join(params, "&")
	default:
		text = "?" + strings.Join(params, "&")
	}
	return rewrite.Fix("Limit the pool in the DSN", rewrite.Insert(lit.End()-1, text))
}

// literal returns the string literal that e is, or that the constant or variable
// holds which e alone uses.
func (f fixer) literal(e ast.Expr) *ast.BasicLit {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		return lit
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	obj := f.pass.TypesInfo.ObjectOf(id)
	if obj == nil || obj.Exported() || obj.Pkg() != f.pass.Pkg {
		return nil
	}
	uses := 0
	for _, used := range f.pass.TypesInfo.Uses {
		if used == obj {
			uses++
		}
	}
	if uses != 1 {
		return nil
	}
	for _, file := range f.pass.Files {
		if file.FileStart <= obj.Pos() && obj.Pos() < file.FileEnd {
			return definition(file, obj.Pos())
		}
	}
	return nil
}

// definition returns the literal that the declaration at pos gives its name.
func definition(file *ast.File, pos token.Pos) *ast.BasicLit {
	path, _ := astutil.PathEnclosingInterval(file, pos, pos)
	for _, n := range path {
		var names, values []ast.Expr
		switch n := n.(type) {
		case *ast.ValueSpec:
			for _, name := range n.Names {
				names = append(names, name)
			}
			values = n.Values
		case *ast.AssignStmt:
			names, values = n.Lhs, n.Rhs
		default:
			continue
		}
		for i, name := range names {
			if name.Pos() == pos && len(names) == len(values) {
				lit, ok := values[i].(*ast.BasicLit)
				if ok && lit.Kind == token.STRING {
					return lit
				}
			}
		}
		return nil
	}
	return nil
}

// assigned returns what takes the first result of a call, and the statement of a list that
// assigns it; nil if it is another form.
func (f fixer) assigned(call inspector.Cursor) (handle ast.Expr, stmt inspector.Cursor) {
	for call.Parent().Node() != nil {
		if _, ok := call.Parent().Node().(*ast.ParenExpr); !ok {
			break
		}
		call = call.Parent()
	}
	stmt = call.Parent()
	a, ok := stmt.Node().(*ast.AssignStmt)
	if !ok || len(a.Rhs) != 1 {
		return nil, stmt
	}
	switch stmt.Parent().Node().(type) {
	case *ast.BlockStmt, *ast.CaseClause:
	default:
		return nil, stmt
	}
	switch left := a.Lhs[0].(type) {
	case *ast.Ident:
		if left.Name != "_" {
			return left, stmt
		}
	case *ast.SelectorExpr:
		return left, stmt
	}
	return nil, stmt
}

// behind returns the statement, or the error check that follows it.
func (f fixer) behind(stmt inspector.Cursor) ast.Node {
	a := stmt.Node().(*ast.AssignStmt)
	if err, ok := a.Lhs[len(a.Lhs)-1].(*ast.Ident); ok && len(a.Lhs) > 1 {
		if check := rewrite.Check(stmt, f.pass.TypesInfo, f.pass.TypesInfo.ObjectOf(err)); check != nil {
			return check
		}
	}
	return a
}
