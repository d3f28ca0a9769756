package genericslug

import (
	"go/ast"
	"go/types"
	"strconv"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqlast"
)

// query looks at a call that takes SQL: the values that an INSERT puts into
// columns that mean a tenant. It reports whether fn takes SQL.
func (f *finder) query(call *ast.CallExpr, fn *types.Func) bool {
	row := f.queries.Of(fn)
	if row == nil || row.SQL >= len(call.Args) {
		return row != nil
	}
	sql, ok := f.text(call.Args[row.SQL])
	if !ok {
		return true
	}
	var args []ast.Expr
	if row.Args != dbapi.None && row.Args <= len(call.Args) && !row.Named {
		args = call.Args[row.Args:]
	}
	for _, stmt := range sqlast.Read(sql, sqlast.Options{}).Stmts {
		if insert, ok := stmt.(*sqlast.Insert); ok && insert.Table != nil && insert.Query != nil {
			f.insert(insert, call.Args[row.SQL], args)
		}
	}
	return true
}

func (f *finder) insert(insert *sqlast.Insert, text ast.Expr, args []ast.Expr) {
	table := insert.Table.Name.Last().Text
	tenants := f.words.mentionsTenant(table)
	next := 0 // the argument of the next ? placeholder
	for _, values := range insert.Query.Values {
		exprs := make([]ast.Expr, len(values))
		for i, value := range values {
			if param, ok := value.(*sqlast.Param); ok {
				exprs[i] = argument(args, param, &next)
			}
		}
		column := func(i int) string {
			if i < len(insert.Columns) {
				return insert.Columns[i].Text
			}
			return ""
		}
		if f.nestedColumns(exprs, column) {
			continue
		}
		for i, value := range values {
			if name := column(i); !f.words.namesTenant(name) && !(tenants && namesKey(name)) {
				continue
			}
			name := table + "." + column(i)
			if exprs[i] != nil {
				f.add(name, exprs[i])
			} else if lit, ok := value.(*sqlast.Literal); ok && lit.Kind == sqlast.StringLit && f.words.generic(lit.Value) {
				f.found = append(f.found, slug{expr: text, value: lit.Value, name: name})
			}
		}
	}
}

// nestedColumns is nested for the values of a row, some of which have no expression.
func (f *finder) nestedColumns(exprs []ast.Expr, column func(int) string) bool {
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
func argument(args []ast.Expr, param *sqlast.Param, next *int) ast.Expr {
	i := *next
	if param.Name == "" {
		*next++
	} else if n, err := strconv.Atoi(param.Name); err == nil {
		i = n - 1
	} else {
		return nil
	}
	if i < 0 || i >= len(args) {
		return nil
	}
	return args[i]
}
