package builder

import (
	"go/token"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// An entEdge is an edge between two entities: the columns of their tables that are
// equal in rows that it connects.
type entEdge struct{ table, column, otherTable, otherColumn string }

// entEdgeOf reads an edge from the constants in the package of an entity; ok is
// false for one through a table of its own.
func entEdgeOf(entity *types.Package, name string) (e entEdge, ok bool) {
	own, _ := model.Constant(entity, "Table")
	holder, ok := model.Constant(entity, name+"Table") // of the foreign key
	column, simple := model.Constant(entity, name+"Column")
	if !ok || !simple {
		return entEdge{}, false
	}
	other, ok := model.Constant(entity, name+"InverseTable")
	if !ok {
		other = own
	}
	e = entEdge{own, "id", other, "id"}
	if holder == own {
		e.column = column
	} else {
		e.otherColumn = column
	}
	return e, true
}

// entSets returns the column that is set by the name of a field, of an edge, or of the
// id behind an edge; ok is false if the entity has none of them.
func entSets(entity *types.Package, name string) (column string, ok bool) {
	if column, ok := model.Constant(entity, "Field"+name); ok {
		return column, true
	}
	for _, edge := range []string{strings.TrimSuffix(name, "ID"), name} {
		if e, ok := entEdgeOf(entity, edge); ok && e.column != "id" {
			return e.column, true
		}
	}
	return "", false
}

// entHas reads HasX and HasXWith: there are rows behind the edge that fulfil the
// conditions. It returns nil for all else.
func entHas(c *Call) value.Value {
	name, ok := strings.CutPrefix(c.Name(), "Has")
	e, simple := entEdgeOf(c.Fn.Pkg(), strings.TrimSuffix(name, "With"))
	if !ok || !simple {
		return nil
	}
	if e.column != "id" && !strings.HasSuffix(name, "With") {
		return c.Static(Quote(e.column) + " IS NOT NULL")
	}
	others := c.begin(entRoot, nil, c.Static("SELECT"), c.Static(Quote(e.otherTable)), c.Static(Quote(e.otherColumn)))
	if len(c.Args) > 0 {
		others = value.Then(others, &value.Step{Origin: value.Origin{Pos: c.Pos()}, Library: c.builder.Name, Method: "Where", Args: c.terms()})
	}
	return value.Concat(c.Static(Quote(e.column)+" IN ("), others, c.Static(")"))
}

// entNeighbors reads QueryX: the rows behind an edge of those that a query finds, or
// of one entity.
func entNeighbors(c *Call) value.Value {
	name := strings.TrimPrefix(c.Name(), "Query")
	owner := strings.TrimSuffix(strings.TrimSuffix(c.Owner(), "Client"), "Query")
	entity := entPackage(c.Fn.Pkg(), owner)
	if entity == nil {
		return c.Unknown()
	}
	e, ok := entEdgeOf(entity, name)
	if !ok {
		return c.Unknown()
	}
	pos := c.NamePos()
	near := value.Value(value.Static(Quote(e.otherColumn)+" = ?", pos)) // the condition that connects
	if strings.HasSuffix(c.Owner(), "Query") {
		near = value.HoleAt(pos, value.AnyHole)
		if !value.IsHole(c.Recv) {
			column := entStepOf(c, entColumn, value.Static(Quote(e.column), pos), pos)
			near = value.Concat(value.Static(Quote(e.otherColumn)+" IN (", pos), value.Then(c.Recv, column), value.Static(")", pos))
		}
	}
	return value.Then(entBeginning(c, "SELECT", value.Static(Quote(e.otherTable), pos)), entStepOf(c, "Where", near, pos))
}

func entStepOf(c *Call, method string, arg value.Value, pos token.Pos) *value.Step {
	return &value.Step{Origin: value.Origin{Pos: pos}, Library: c.builder.Name, Method: method, Args: []value.Value{arg}}
}

// entBeginning returns the first step of a chain about a table.
func entBeginning(c *Call, verb string, table value.Value, more ...value.Value) value.Value {
	pos := c.NamePos()
	return value.Then(value.Empty, &value.Step{
		Origin: value.Origin{Pos: pos, Through: c.Recv.At().Through}, Library: c.builder.Name, Method: entRoot,
		Args: append([]value.Value{value.Static(verb, pos), table}, more...),
	})
}
