package tenantfilter

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
	"github.com/poollint/poollint/internal/tenancy"
)

// A lookup is a query that pins every reference to a tenants' table.
type lookup struct {
	*sqltext.Site
	places map[place]bool
}

// reads reports whether the query reads the table or, if otherwise is set, another one.
func (l lookup) reads(table string, otherwise bool) bool {
	for at := range l.places {
		if (at.table == table) != otherwise {
			return true
		}
	}
	return false
}

// vouched reports whether the changed row was looked up for its tenant before, in the same
// function: an earlier, pinned query had the key of the row as an argument, or returned it.
func (c *checker) vouched(l *leak) bool {
	fn := l.site.Func
	if !l.writes || l.Tier != tenancy.ByID && l.Tier != tenancy.ByParent || l.FoundBy == nil || fn == nil || l.site.Call == nil {
		return false
	}
	key := c.argumentOf(l)
	if key == nil {
		return false
	}
	return slices.ContainsFunc(c.pinned[fn], func(earlier lookup) bool {
		return c.looks > 0 && earlier.Call.End() <= l.site.Call.Pos() && earlier.reads(l.table, l.Tier == tenancy.ByParent) &&
			c.vouchesFor(earlier.Site, l.site, key)
	})
}

// argumentOf returns the Go expression for the value that identifies the row, nil if it is
// not found.
func (c *checker) argumentOf(l *leak) ast.Expr {
	value := l.FoundBy.Bounds()
	if p, ok := l.FoundBy.(*sqlast.Param); ok && l.text.SQL[value.Start] == '$' {
		if n, err := strconv.Atoi(p.Name); err == nil && 0 < n && n <= len(l.site.Args) {
			return l.site.Args[n-1]
		}
		return nil
	}
	return c.argumentAt(l.site.Func.Body, l.text.Pos(value.Start))
}

// maxLooks bounds the number of syntax nodes visited to find earlier queries.
const maxLooks = 20_000_000

// inspect is ast.Inspect within the bound.
func (c *checker) inspect(root ast.Node, visit func(ast.Node) bool) {
	ast.Inspect(root, func(n ast.Node) bool {
		c.looks--
		return c.looks > 0 && visit(n)
	})
}

// argumentAt returns the argument of a call, or the element of a literal, that begins at
// the position. If the position is that of a question mark in a text, it returns the
// argument for that.
func (c *checker) argumentAt(body *ast.BlockStmt, pos token.Pos) ast.Expr {
	var found ast.Expr
	c.inspect(body, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos || found != nil {
			return false
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			for i, arg := range n.Args {
				lit, ok := arg.(*ast.BasicLit)
				switch {
				case arg.Pos() == pos:
					found = arg
				case ok && lit.Pos() < pos && pos < lit.End() && lit.Kind == token.STRING && !n.Ellipsis.IsValid():
					if i += 1 + strings.Count(lit.Value[:pos-lit.Pos()], "?"); i < len(n.Args) {
						found = n.Args[i]
					}
				}
			}
		case *ast.KeyValueExpr:
			if n.Value.Pos() == pos {
				found = n.Value
			}
		}
		return found == nil
	})
	return found
}

// vouchesFor reports whether the key of a later query is an argument of the earlier one, or
// comes from its rows.
func (c *checker) vouchesFor(earlier, later *sqltext.Site, key ast.Expr) bool {
	stmt, block := c.enclosing(earlier.Func.Body, earlier.Call.Pos())
	if stmt == nil || !(block.Pos() <= later.Call.Pos() && later.Call.Pos() < block.End()) {
		return false
	}
	rows := rowsOf{checker: c, info: c.pass.TypesInfo, filled: map[types.Object]bool{}, given: map[string]bool{}}
	rows.query(stmt)
	root := rootOf(rows.info, key)
	if root != nil && rows.reassigned(block, root, stmt.End(), later.Call.Pos()) {
		return false
	}
	rows.follow(block, stmt.End(), later.Call.Pos())
	if c.looks <= 0 {
		c.report.Note(c.pass.Fset.Position(earlier.Func.Pos()), manyQueries)
		return false
	}
	return root != nil && (rows.filled[root] || rows.given[types.ExprString(key)])
}

// enclosing returns the innermost statement around the position, and its block or clause.
func (c *checker) enclosing(body *ast.BlockStmt, pos token.Pos) (stmt ast.Stmt, block ast.Node) {
	c.inspect(body, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos {
			return false
		}
		switch n := n.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			stmt, block = nil, n
		case ast.Stmt:
			stmt = n
		}
		return true
	})
	return stmt, block
}

// rowsOf is the arguments of a query and the variables that get its rows.
type rowsOf struct {
	*checker
	info   *types.Info
	filled map[types.Object]bool
	given  map[string]bool
}

// query records the arguments of the calls in a query's statement, the variables whose
// address they take, and those that the statement assigns.
func (r *rowsOf) query(stmt ast.Stmt) {
	r.inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			return false
		case *ast.CallExpr:
			for _, arg := range n.Args {
				if u, ok := arg.(*ast.UnaryExpr); ok && u.Op == token.AND {
					r.fill(u.X)
				} else if r.mayBeKey(arg) {
					r.given[types.ExprString(arg)] = true
				}
			}
		case *ast.KeyValueExpr:
			r.given[types.ExprString(n.Value)] = true
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				r.fill(lhs)
			}
		}
		return true
	})
}

func (r *rowsOf) fill(e ast.Expr) {
	if obj := rootOf(r.info, e); obj != nil && !types.Implements(obj.Type(), errorInterface) {
		r.filled[obj] = true
	}
}

var errorInterface = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

// mayBeKey reports whether an argument may be a key: it is no context and no handle.
func (r *rowsOf) mayBeKey(e ast.Expr) bool {
	tv := r.info.Types[e]
	return tv.Value == nil && !tv.IsNil() && tv.Type != nil && dbapi.TypeName(tv.Type) != "context.Context"
}

// follow records the variables that the rows flow to between two positions: through
// elements of a list, fields, and Scan.
func (r *rowsOf) follow(block ast.Node, from, to token.Pos) {
	r.inspect(block, func(n ast.Node) bool {
		if n == nil || n.End() <= from || to <= n.Pos() {
			return n != nil && n.Pos() < to
		}
		switch n := n.(type) {
		case *ast.RangeStmt:
			if r.filled[rootOf(r.info, n.X)] {
				for _, e := range []ast.Expr{n.Key, n.Value} {
					if e != nil {
						r.fill(e)
					}
				}
			}
		case *ast.AssignStmt:
			if len(n.Lhs) == len(n.Rhs) && n.Pos() >= from {
				for i, rhs := range n.Rhs {
					if obj := rootOf(r.info, rhs); obj != nil && r.filled[obj] {
						r.fill(n.Lhs[i])
					}
				}
			}
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || !strings.HasSuffix(sel.Sel.Name, "Scan") || !r.filled[rootOf(r.info, sel.X)] {
				return true
			}
			for _, arg := range n.Args {
				if u, ok := arg.(*ast.UnaryExpr); ok && u.Op == token.AND {
					r.fill(u.X)
				}
			}
		}
		return true
	})
}

// reassigned reports whether the variable is assigned between the positions.
func (r *rowsOf) reassigned(block ast.Node, obj types.Object, from, to token.Pos) bool {
	found := false
	r.inspect(block, func(n ast.Node) bool {
		if assign, ok := n.(*ast.AssignStmt); ok && from <= assign.Pos() && assign.Pos() < to && assign.Tok == token.ASSIGN {
			for _, lhs := range assign.Lhs {
				if id, ok := ast.Unparen(lhs).(*ast.Ident); ok && r.info.Uses[id] == obj {
					found = true
				}
			}
		}
		return !found
	})
	return found
}

// rootOf returns the variable that an expression such as &x.f[i] begins with.
func rootOf(info *types.Info, e ast.Expr) types.Object {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			v, _ := info.ObjectOf(x).(*types.Var)
			if v == nil {
				return nil
			}
			return v
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.UnaryExpr:
			e = x.X
		default:
			return nil
		}
	}
}
