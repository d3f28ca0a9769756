package poollimit

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/poollint/poollint/internal/capacity"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
)

// A fixer finds the remedy for one pool and makes the edit, where it can.
type fixer struct {
	pass  *analysis.Pass
	site  *lifecycle.Site
	bound capacity.Bound
	pool  config.Pool
	texts map[string][]byte // of files, by name, see text
}

// remedy returns what limits the pool. A limit that is there is lowered.
func (f fixer) remedy() remedy {
	l, set := f.bound.Limit, f.bound.By
	r := remedy{N: f.pool.MaxConns}
	switch {
	case l.Setter != "" && (set == l.Setter || set == ""):
		r.Means, r.Name, r.On, r.Misused = setter, l.Setter, l.On, f.bound.Misused == pgxpoolParam
	case set == l.Field && l.Field != "" || set == "" && (l.Param == "" || f.takesConfig()):
		r.Means, r.Name = field, l.Field
	case set == l.Option && l.Option != "":
		r.Means, r.Name = option, l.Option
	default:
		r.Means, r.Name = param, l.Param
		if !f.bound.Timeout {
			r.Timeout = f.seconds()
		}
	}
	return r
}

// connectTimeout is the parameter of a DSN that bounds the time to connect, in
// seconds.
const connectTimeout = "connect_timeout"

// pgxpoolParam is the parameter of a DSN that only pgxpool takes out of it.
const pgxpoolParam = "pool_max_conns"

func (f fixer) seconds() int { return int(math.Ceil(f.pool.ConnectTimeout.Seconds())) }

// takesConfig reports whether the site's opener takes a configuration rather
// than a DSN.
func (f fixer) takesConfig() bool {
	e := f.source()
	return e != nil && !isString(f.pass.TypesInfo.TypeOf(e))
}

func isString(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// source returns the argument with the DSN or the configuration; nil unless the
// site is the call of an opener.
func (f fixer) source() ast.Expr {
	if !f.site.Direct {
		return nil
	}
	row := dbapi.NewCatalogue(nil).Opener(f.site.Callee)
	if row == nil || row.Source < 0 || row.Source >= len(f.site.Call.Args) {
		return nil
	}
	return ast.Unparen(f.site.Call.Args[row.Source])
}

// fixes returns the edit that limits the pool, if there is one that changes
// nothing else.
func (f fixer) fixes() []analysis.SuggestedFix {
	l := f.bound.Limit
	if !f.site.Direct || f.bound.State != capacity.Default || f.bound.By != "" {
		return nil // what is set already may come later and win
	}
	switch {
	case l.Setter != "":
		return f.insertSetter()
	case f.takesConfig():
		return f.setField()
	case l.Param != "":
		return f.extendDSN()
	}
	return nil
}

func edit(message string, pos token.Pos, text string) []analysis.SuggestedFix {
	return []analysis.SuggestedFix{{
		Message:   message,
		TextEdits: []analysis.TextEdit{{Pos: pos, End: pos, NewText: []byte(text)}},
	}}
}

// insertSetter calls the setter behind the opener's error check.
func (f fixer) insertSetter() []analysis.SuggestedFix {
	handle, stmt, list := f.assigned(f.site.Call)
	if handle == nil {
		return nil
	}
	set, _, _ := types.LookupFieldOrMethod(f.pass.TypesInfo.TypeOf(handle), true, f.pass.Pkg, f.bound.Limit.Setter)
	if _, ok := set.(*types.Func); !ok {
		return nil
	}
	call := fmt.Sprintf("%s.%s(%d)", types.ExprString(handle), f.bound.Limit.Setter, f.pool.MaxConns)
	return edit("Call "+f.bound.Limit.Setter, f.behindCheck(stmt, list), "\n"+f.indent(stmt)+call)
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
	_, stmt, list := f.assigned(parse)
	if stmt == nil || stmt.End() > f.site.Call.Pos() {
		return nil
	}
	set := fmt.Sprintf("%s.%s = %d", id.Name, field, f.pool.MaxConns)
	return edit("Set "+field, f.behindCheck(stmt, list), "\n"+f.indent(stmt)+set)
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
		return edit("Set "+field, lit.Lbrace+1, element)
	}
	if _, ok := lit.Elts[0].(*ast.KeyValueExpr); !ok {
		return nil
	}
	last := lit.Elts[len(lit.Elts)-1]
	if f.line(last.End()) == f.line(lit.Rbrace) {
		return edit("Set "+field, last.End(), ", "+element)
	}
	return edit("Set "+field, last.End(), ",\n"+f.indentAt(last.Pos())+element)
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
	return edit("Limit the pool in the DSN", lit.End()-1, text)
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

// assigned returns what takes the first result of a call, the statement that
// assigns it and the list that the statement stands in; nil if it is another
// form.
func (f fixer) assigned(call *ast.CallExpr) (handle ast.Expr, stmt ast.Stmt, list []ast.Stmt) {
	path := f.site.Path()
	if call != f.site.Call {
		path, _ = astutil.PathEnclosingInterval(f.site.File, call.Pos(), call.End())
	}
	for i, n := range path {
		a, ok := n.(*ast.AssignStmt)
		if !ok || i+1 == len(path) || len(a.Rhs) != 1 || ast.Unparen(a.Rhs[0]) != call {
			continue
		}
		switch around := path[i+1].(type) {
		case *ast.BlockStmt:
			list = around.List
		case *ast.CaseClause:
			list = around.Body
		default:
			return nil, nil, nil
		}
		switch left := a.Lhs[0].(type) {
		case *ast.Ident:
			if left.Name == "_" {
				return nil, nil, nil
			}
		case *ast.SelectorExpr:
		default:
			return nil, nil, nil
		}
		return a.Lhs[0], a, list
	}
	return nil, nil, nil
}

// behindCheck returns the end of the statement in the list, or of the error check
// that follows it, and of the comment on its line.
func (f fixer) behindCheck(stmt ast.Stmt, list []ast.Stmt) token.Pos {
	end := f.checked(stmt, list)
	for _, group := range f.site.File.Comments {
		if group.Pos() > end && f.line(group.Pos()) == f.line(end) {
			return group.List[0].End()
		}
	}
	return end
}

// checked returns the end of the statement, or of the error check behind it.
func (f fixer) checked(stmt ast.Stmt, list []ast.Stmt) token.Pos {
	a, ok := stmt.(*ast.AssignStmt)
	if !ok || len(a.Lhs) < 2 {
		return stmt.End()
	}
	err, ok := a.Lhs[len(a.Lhs)-1].(*ast.Ident)
	if !ok {
		return stmt.End()
	}
	for i, s := range list {
		if s != stmt || i+1 == len(list) {
			continue
		}
		next := list[i+1]
		var checks ast.Node
		switch next := next.(type) {
		case *ast.IfStmt:
			checks = next.Cond
		case *ast.ExprStmt:
			checks = next.X // require.NoError(t, err)
		default:
			return stmt.End()
		}
		if flow.Of(f.pass).MentionedIn(f.pass.TypesInfo.ObjectOf(err), checks) {
			return next.End()
		}
	}
	return stmt.End()
}

func (f fixer) indent(stmt ast.Stmt) string { return f.indentAt(stmt.Pos()) }

// indentAt returns the white space before the first word of the line of pos.
func (f fixer) indentAt(pos token.Pos) string {
	p := f.pass.Fset.PositionFor(pos, false)
	src := f.text(p.Filename)
	start := bytes.LastIndexByte(src[:min(p.Offset, len(src))], '\n') + 1
	rest := src[start:]
	return string(rest[:len(rest)-len(bytes.TrimLeft(rest, " \t"))])
}

// text returns the text of a file, read once; nil if that fails.
func (f fixer) text(name string) []byte {
	text, known := f.texts[name]
	if !known {
		text, _ = f.pass.ReadFile(name)
		f.texts[name] = text
	}
	return text
}

func (f fixer) line(pos token.Pos) int { return f.pass.Fset.PositionFor(pos, false).Line }
