package builder

import (
	"go/types"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// GORM's generics are interfaces over what its handles do: gorm.G[T](db) begins a
// statement of its own about the table of T, and the methods that run it take a
// context first.
var gormGenerics = &Builder{
	Name:     "gorm generics",
	Packages: []string{"gorm.io/gorm"},
	Owns:     isGORMGeneric,
	Models:   model.GORM,
	Queries:  true,
	Runs:     Names("Find First Take Last Scan Count Row Rows FindInBatches Create CreateInBatches Update Updates Delete"),
	Tables:   gorm.Tables,
	Limits:   gorm.Limits,
	Arg: func(c *Call, i int) value.Value {
		if c.Name() == "Update" && i == 2 {
			return c.operand(i)
		}
		return nil
	},
	Begin:  gormGenericsBegin,
	Step:   gormGenericsStep,
	Finish: gorm.Finish,
}

func isGORMGeneric(obj types.Object) bool {
	if fn, ok := obj.(*types.Func); ok {
		return fn.Name() == "G" && fn.Signature().Recv() == nil
	}
	named, ok := obj.Type().(*types.Named)
	return ok && named.TypeParams().Len() > 0 && isGORMInterface(obj)
}

func gormGenericsBegin(c *Call) value.Value {
	if c.Recv != nil {
		return nil
	}
	result, ok := types.Unalias(c.TypeOf(c.Expr)).(*types.Named)
	if !ok || result.TypeArgs().Len() != 1 || len(c.Args) == 0 {
		return c.Unknown()
	}
	var of []value.Value
	t := result.TypeArgs().At(0)
	if table := c.Table(t, c.builder.Models); table != nil {
		of = []value.Value{&value.Object{Origin: value.Origin{Pos: c.Pos()}, Table: table, Made: value.AsLiteral}}
	} else if param := typeParam(t); param != nil {
		of = []value.Value{zeroParam(param, c.Pos())}
	}
	v := c.begin("Model", c.Value(0).At().Through, of...)
	if len(c.Args) > 1 {
		v = value.Then(v, &value.Step{Origin: value.Origin{Pos: c.Pos()}, Library: c.builder.Name, Method: "Clauses", Args: c.Args[1:]})
	}
	return v
}

func gormGenericsStep(st *Statement, s *value.Step) {
	args := s.Args
	switch s.Method {
	case "Find", "First", "Take", "Last", "Scan", "FindInBatches", "Row", "Rows", "Count":
		st.finishGORM(s, nil)
	case "Create", "CreateInBatches", "Update":
		if len(args) > 1 {
			st.finishGORM(s, args[1:])
			return
		}
		st.Verb = map[bool]string{true: "UPDATE", false: "INSERT"}[s.Method == "Update"] // what Set gave
	case "Updates":
		st.model = nil // what it is given stands for it
		st.finishGORM(s, args[1:])
	case "Delete":
		st.Verb = "DELETE"
	case "Set":
	case "Joins":
		st.gormGenericsJoin(args, s)
	default:
		gormStep(st, s)
	}
}

// gormGenericsJoin adds the join of a subquery, whose condition is made by a
// function. An association joins the table of its field by key, which is left out.
func (st *Statement) gormGenericsJoin(args []value.Value, s *value.Step) {
	target, ok := st.in.Settle(args[0]).(*value.Chain)
	if !ok {
		return
	}
	for _, step := range target.Steps {
		from, ok := step.(*value.Step)
		if !ok || from.Method != "AssociationFrom" || len(from.Args) != 2 {
			continue
		}
		st.Joins = append(st.Joins, value.Concat(
			value.Static("JOIN (", s.Pos), from.Args[1], value.Static(") AS ", s.Pos), nameOf(from.Args[0]),
			value.Static(" ON ", s.Pos), value.HoleAt(s.Pos, value.AnyHole),
		))
	}
}
