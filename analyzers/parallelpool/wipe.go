package parallelpool

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/sqlast"
)

// A wipe is a call in a parallel test that empties or changes tables which other
// tests use.
type wipe struct {
	does  effect
	tests []string
}

// query notes a call that wipes the shared database.
func (c *checker) query(test *parallel.Test, call *flow.Call) {
	if c.isolate[test.Func.Decl] {
		return
	}
	w, known := c.wiped[call]
	if !known {
		if does, handle := c.wipeOf(call.Expr, call.Fn); does != none && handle != nil && c.shared(handle) {
			w = &wipe{does: does}
		}
		c.wiped[call] = w
	}
	if w != nil && !slices.Contains(w.tests, test.Name) {
		w.tests = append(w.tests, test.Name)
	}
}

// wipeOf returns what a call does to tables, and the handle that it does it by.
func (c *checker) wipeOf(call *ast.CallExpr, fn *types.Func) (does effect, handle ast.Expr) {
	if arg, ok := dbapi.Migration(fn); ok {
		return migrates, argument(call, arg)
	}
	row := c.queries.Of(fn)
	if row == nil || row.Handle == dbapi.Tx || row.SQL >= len(call.Args) {
		return none, nil
	}
	tv := c.info.Types[call.Args[row.SQL]]
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		return none, nil
	}
	return effectOf(constant.StringVal(tv.Value)), argument(call, dbapi.Receiver)
}

// effectOf returns what a text of SQL does to tables: the first of its statements
// that does anything.
func effectOf(sql string) effect {
	for _, stmt := range sqlast.Read(sql, sqlast.Options{}).Stmts {
		if does := effectOfStatement(stmt); does != none {
			return does
		}
	}
	return none
}

func effectOfStatement(stmt sqlast.Stmt) effect {
	switch s := stmt.(type) {
	case *sqlast.Truncate:
		return empties
	case *sqlast.Delete:
		if s.Where == nil && len(s.From) == 0 && s.Limit == nil && s.CurrentOf.Text == "" {
			return empties
		}
	case *sqlast.AlterTable:
		return changes
	case *sqlast.CreateTable:
		if !s.Temporary { // those are the connection's own
			return changes
		}
	case *sqlast.Drop:
		if slices.Contains([]string{"table", "schema", "type", "view", "materialized view", "index"}, s.Kind) {
			return changes
		}
	case *sqlast.Other:
		if s.Keywords == "ALTER TYPE" {
			return changes
		}
	}
	return none
}

func argument(call *ast.CallExpr, i int) ast.Expr {
	if i == dbapi.Receiver {
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return sel.X
		}
		return nil
	}
	if i < len(call.Args) {
		return call.Args[i]
	}
	return nil
}

// shared reports whether the handle is the process's: a package variable, or
// given by a function that opens at most once.
func (c *checker) shared(e ast.Expr) bool { return c.sharedAt(e, maxSources) }

// maxSources bounds the variables between a handle and where it comes from.
const maxSources = 4

func (c *checker) sharedAt(e ast.Expr, depth int) bool {
	if depth == 0 {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		fn := dbapi.Callee(c.info, e)
		if fn == nil {
			return false
		}
		if row := c.cat.Opener(fn); row != nil {
			if row.Kind != dbapi.Wrapper {
				return false
			}
			over := argument(e, row.Over)
			return over != nil && c.sharedAt(over, depth-1)
		}
		if slices.Contains(c.helpers, dbapi.NameOf(fn)) {
			return true
		}
		f := c.pkg.Func(fn)
		if f.Private || f.Result&(dbapi.Fake|dbapi.Private|dbapi.Unique) != 0 || len(f.Opens) == 0 {
			return false
		}
		for _, o := range f.Opens {
			if !o.Once || o.Private {
				return false
			}
		}
		return true
	case *ast.Ident, *ast.SelectorExpr:
		v := flow.Var(c.info, e)
		return v != nil && c.sharedVar(v, depth)
	}
	return false
}

func (c *checker) sharedVar(v *types.Var, depth int) bool {
	switch {
	case v.IsField() || dbapi.TypeName(v.Type()) == "":
		return false
	case flow.Global(v):
		return dbapi.Handle(v.Type()) && !c.fake(v)
	}
	sources := c.sources(v)
	return len(sources) > 0 && !slices.ContainsFunc(sources, func(s ast.Expr) bool { return !c.sharedAt(s, depth-1) })
}

// fake reports whether a package variable holds a mock or an in-memory database.
func (c *checker) fake(v *types.Var) bool {
	for _, s := range c.sources(v) {
		if call, ok := ast.Unparen(s).(*ast.CallExpr); ok {
			fn := dbapi.Callee(c.info, call)
			if fn == nil {
				continue
			}
			if c.cat.Opener(fn) != nil && !c.pkg.Dials(call) || (dbapi.OriginOf(fn)|c.pkg.Func(fn).Result)&dbapi.Fake != 0 {
				return true
			}
		}
	}
	return false
}

// wipes reports the calls that other parallel tests suffer from.
func (c *checker) wipes(report *finding.Reporter) {
	if c.tests < 2 {
		return
	}
	for _, f := range c.code.Funcs() {
		for _, call := range f.Calls {
			if w := c.wiped[call]; w != nil {
				report.Report(finding.At(call.Expr, wiped{w.does, w.tests}))
			}
		}
	}
}
