package parallelpool

import (
	"go/ast"
	"go/constant"
	"go/types"
	"regexp"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/parallel"
)

// A wipe is a call in a parallel test that empties or changes tables which other
// tests use.
type wipe struct {
	call  *ast.CallExpr
	does  effect
	tests []string
}

var (
	emptying = regexp.MustCompile(`(?i)^\s*(?:truncate\b|delete\s+from\s+[\w."]+\s*;?\s*$)`)
	// temporary tables are the connection's own
	changing = regexp.MustCompile(`(?i)^\s*(?:drop\s+(?:table|schema|type|view|materialized|index)|alter\s+(?:table|type)|create\s+(?:unlogged\s+)?table)\b`)
)

// query notes a call that wipes the shared database.
func (c *checker) query(test *parallel.Test, call *ast.CallExpr, fn *types.Func) {
	if c.isolate[test.Decl] {
		return
	}
	does, handle := c.wipeOf(call, fn)
	if does == none || handle == nil || !c.shared(handle) {
		return
	}
	for i, w := range c.wiped {
		if w.call == call {
			if !slices.Contains(w.tests, test.Name) {
				c.wiped[i].tests = append(w.tests, test.Name)
			}
			return
		}
	}
	c.wiped = append(c.wiped, wipe{call, does, []string{test.Name}})
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
	switch sql := constant.StringVal(tv.Value); {
	case emptying.MatchString(sql):
		return empties, argument(call, dbapi.Receiver)
	case changing.MatchString(sql):
		return changes, argument(call, dbapi.Receiver)
	}
	return none, nil
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
func (c *checker) shared(e ast.Expr) bool { return c.sharedAt(e, 4) }

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
		v := c.variable(e)
		if v == nil || v.IsField() || dbapi.TypeName(v.Type()) == "" {
			return false
		}
		if v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
			return dbapi.Handle(v.Type()) && !c.fake(v)
		}
		sources := c.sources[v]
		return len(sources) > 0 && !slices.ContainsFunc(sources, func(s ast.Expr) bool { return !c.sharedAt(s, depth-1) })
	}
	return false
}

// fake reports whether a package variable holds a mock or an in-memory database.
func (c *checker) fake(v *types.Var) bool {
	for _, s := range c.sources[v] {
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
	for _, w := range c.wiped {
		report.Report(finding.At(w.call, wiped{w.does, w.tests}))
	}
}
