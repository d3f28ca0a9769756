package tenantuse

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqlast"
)

// query looks at a call that takes SQL: the values that an INSERT puts into
// columns that mean a tenant. It reports whether fn takes SQL.
func (f *Finder) query(call *ast.CallExpr, fn *types.Func) bool {
	row := f.queries.Of(fn)
	if row == nil || row.SQL >= len(call.Args) {
		return row != nil
	}
	var args []ast.Expr
	if row.Args != dbapi.None && row.Args <= len(call.Args) && !row.Named {
		args = call.Args[row.Args:]
	}
	f.statements(call.Args[row.SQL], args, row.Handle == dbapi.Pool && !dbapi.Chains(fn))
	return true
}

// statements looks at the INSERTs in a text of SQL and the values that are bound to it.
func (f *Finder) statements(text ast.Expr, args []ast.Expr, pooled bool) {
	sql := f.text(text)
	for _, stmt := range sqlast.Read(sql, sqlast.Options{}).Stmts {
		if insert, ok := stmt.(*sqlast.Insert); ok && insert.Table != nil && insert.Query != nil && !tolerates(insert) {
			f.insert(insert, text, args, pooled)
		}
	}
}

// prepared looks at a call that runs a prepared statement: the values that it puts into columns
// that mean a tenant. It reports whether it is one.
func (f *Finder) prepared(call *ast.CallExpr, fn *types.Func) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if recv := fn.Signature().Recv(); !ok || recv == nil || !dbapi.Prepared(recv.Type()) {
		return false
	}
	v := flow.Var(f.info, sel.X)
	if v == nil {
		return true
	}
	args := call.Args
	if strings.HasSuffix(fn.Name(), "Context") && len(args) > 0 {
		args = args[1:]
	}
	for _, s := range f.code.Into(v) {
		prepare, ok := ast.Unparen(s.Src).(*ast.CallExpr)
		if !ok {
			continue
		}
		if row := f.queries.Of(dbapi.Callee(f.info, prepare)); row != nil && row.SQL < len(prepare.Args) {
			f.statements(prepare.Args[row.SQL], args, row.Handle == dbapi.Pool)
		}
	}
	return true
}

func (f *Finder) insert(insert *sqlast.Insert, text ast.Expr, args []ast.Expr, pooled bool) {
	table := insert.Table.Name.Last().Text
	var columns []string
	for _, column := range insert.Columns {
		columns = append(columns, column.Text)
	}
	identity := f.identity(table, columns)
	next := 0 // the argument of the next ? placeholder
	for _, values := range insert.Query.Values {
		exprs := make([]ast.Expr, len(values))
		for i, value := range values {
			if param, ok := value.(*sqlast.Param); ok {
				exprs[i] = f.argument(args, param, &next)
			}
		}
		column := func(i int) string {
			if i < len(columns) {
				return columns[i]
			}
			return ""
		}
		if f.nestedColumns(exprs, column) {
			continue
		}
		for i, value := range values {
			if !identity(column(i)) {
				continue
			}
			name := table + "." + column(i)
			if exprs[i] != nil {
				f.add(name, exprs[i], pooled)
			} else if lit, ok := value.(*sqlast.Literal); ok && lit.Kind == sqlast.StringLit && lit.Value != "" {
				f.found = append(f.found, Use{text, lit.Value, name, pooled})
			}
		}
	}
}

// nestedColumns is nested for the values of a row, some of which have no expression.
func (f *Finder) nestedColumns(exprs []ast.Expr, column func(int) string) bool {
	var values []ast.Expr
	var names []string
	for i, e := range exprs {
		if e != nil {
			values, names = append(values, e), append(names, column(i))
		}
	}
	return f.nested(values, func(i int) string { return names[i] })
}

// argument returns the argument that is bound to the placeholder; nil if none is.
func (f *Finder) argument(args []ast.Expr, param *sqlast.Param, next *int) ast.Expr {
	i := *next
	if param.Name == "" {
		*next++
	} else if n, err := strconv.Atoi(param.Name); err == nil {
		i = n - 1
	} else {
		return f.bound(args, param.Name)
	}
	if i < 0 || i >= len(args) {
		return nil
	}
	return args[i]
}

// bound returns the argument that has a placeholder's name: an entry of a map, as pgx.NamedArgs
// is, or of sql.Named.
func (f *Finder) bound(args []ast.Expr, name string) ast.Expr {
	for _, arg := range args {
		switch arg := ast.Unparen(arg).(type) {
		case *ast.CompositeLit:
			for _, elt := range arg.Elts {
				if kv, ok := elt.(*ast.KeyValueExpr); ok && flow.Text(f.info, kv.Key) == name {
					return kv.Value
				}
			}
		case *ast.CallExpr:
			if len(arg.Args) == 2 && flow.Text(f.info, arg.Args[0]) == name {
				return arg.Args[1]
			}
		}
	}
	return nil
}

// values notes what a builder's INSERT puts into columns: Insert("tenants").Columns("slug").Values("acme").
// It reports whether the call is such a step.
func (f *Finder) values(call *ast.CallExpr, fn *types.Func) bool {
	if fn.Name() != "Values" || fn.Signature().Recv() == nil {
		return false
	}
	var columns []string
	for at := call; ; {
		sel, ok := ast.Unparen(at.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		if at, ok = ast.Unparen(sel.X).(*ast.CallExpr); !ok {
			return false
		}
		step := dbapi.Callee(f.info, at)
		switch {
		case step == nil:
			return false
		case step.Name() == "Columns" || step.Name() == "Cols":
			for _, arg := range at.Args {
				columns = append(columns, f.text(arg))
			}
		case strings.HasPrefix(step.Name(), "Insert") && len(at.Args) == 1:
			f.row(f.text(at.Args[0]), columns, call.Args)
			return true
		}
	}
}

// row notes the values of one row of a table.
func (f *Finder) row(table string, columns []string, values []ast.Expr) {
	if len(columns) != len(values) || f.nested(values, func(i int) string { return columns[i] }) {
		return
	}
	identity := f.identity(table, columns)
	for i, column := range columns {
		if identity(column) {
			f.add(table+"."+column, values[i], false)
		}
	}
}

// tolerates reports whether a statement inserts only what is not there yet.
func tolerates(insert *sqlast.Insert) bool {
	return insert.Replace || insert.Ignore || len(insert.OnConflict) > 0 || len(insert.OnDuplicate) > 0
}
