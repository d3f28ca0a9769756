package lifecycle

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// Drivers are registered with database/sql under names. What an invented one opens is no database.

// invented are the names of drivers that dial nothing: texts, and variables that hold one.
type invented struct {
	names map[string]bool
	vars  map[*types.Var]bool
	told  []string // names that production code gives them, for packages that import it
}

// registers notes the driver that a call registers, if it is an invention.
func (g *graph) registers(c *flow.Call) {
	if c.Fn == nil || c.Fn.Name() != "Register" || !g.registersInvention(c) {
		return
	}
	name := c.Expr.Args[0]
	text := flow.Text(g.info, name)
	switch {
	case text == "":
		if v := g.variable(name); v != nil {
			g.invented.vars[v] = true
		}
	case dbapi.OriginOfText(text)&dbapi.Server == 0:
		g.invented.names[text] = true
		if !c.In.File.Test {
			g.invented.told = append(g.invented.told, text)
		}
	}
}

// registersInvention reports whether a call registers a driver that hands out connections of its own:
// in a test file what is not made of a library's, elsewhere a type that asks nobody for them.
func (g *graph) registersInvention(c *flow.Call) bool {
	if dbapi.NameOf(c.Fn) != "database/sql.Register" {
		return c.In.File.Test // of a library that wraps database/sql
	}
	driver := c.Expr.Args[len(c.Expr.Args)-1]
	if g.dials(driver, maxFields) {
		return false
	}
	named, ok := types.Unalias(flow.Pointee(g.info.TypeOf(driver))).(*types.Named)
	return c.In.File.Test || ok && named.Obj().Pkg() == g.pass.Pkg &&
		(testscope.InTestFile(g.pass.Fset.PositionFor(named.Obj().Pos(), false).Filename) || g.inventsConns(named, "Open"))
}

// dials reports whether an expression names something of a library that dials servers, itself or by
// the variables that it is made of.
func (g *graph) dials(e ast.Expr, depth int) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || found {
			return !found
		}
		obj := g.info.Uses[id]
		if obj == nil || obj.Pkg() == nil {
			return true
		}
		path := obj.Pkg().Path()
		found = dbapi.Knows(path) && !dbapi.Mocks(path) && path != "database/sql" && path != "database/sql/driver"
		if v, ok := obj.(*types.Var); ok && depth > 0 && !found && g.only(v) != nil {
			found = g.dials(g.only(v), depth-1)
		}
		return !found
	})
	return found
}
