package builder

import (
	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

var gopg = &Builder{
	Name: "go-pg",
	Packages: []string{
		"github.com/go-pg/pg/v10", "github.com/go-pg/pg/v10/orm", "github.com/go-pg/pg/v9", "github.com/go-pg/pg/v9/orm",
		"github.com/go-pg/pg", "github.com/go-pg/pg/orm",
	},
	Idents:  Names("github.com/go-pg/pg/v10/types.Ident github.com/go-pg/pg/v9/types.Ident github.com/go-pg/pg/types.Ident"),
	Models:  model.GoPG,
	Mutable: true,
	InPlace: isQuery,
	Runs: Names(`Select SelectAndCount SelectAndCountEstimate Count First Last Exists ForEach Insert SelectOrInsert
		Update UpdateNotZero Delete ForceDelete`),
	Tables: Names("Table TableExpr ModelTableExpr Insert Update Delete"),
	Limits: Names("Where WhereOr WhereGroup WherePK Having Join JoinOn Apply Table TableExpr Model Insert Update Delete With"),
	Begin:  gopgBegin,
	Step:   gopgStep,
	Finish: finishBun,
}

func gopgBegin(c *Call) value.Value {
	name := c.Name()
	if c.Recv != nil {
		switch name {
		case "Model", "ModelContext":
			if c.Owner() == "Query" {
				return nil
			}
			args := c.StepArgs()
			if name == "ModelContext" {
				args = args[1:]
			}
			return c.begin("Model", c.Recv.At().Through, args...)
		case "Insert", "Select", "Update", "Delete", "ForceDelete": // of versions before 10: the row of a model
			if c.Owner() == "Query" {
				return nil
			}
			v := c.begin("Model", c.Recv.At().Through, c.StepArgs()...)
			if name != "Insert" {
				v = value.Then(v, c.argless("WherePK"))
			}
			c.Run(value.Then(v, c.argless(name)))
			return c.Unknown()
		case "Begin", "BeginContext", "WithContext":
			if !value.IsChain(c.Recv) {
				return c.Unknown()
			}
		}
		return nil
	}
	switch name {
	case "In", "InMulti", "Array":
		return value.HoleAt(c.Pos(), value.ListHole)
	case "Ident":
		if len(c.Args) == 1 {
			return nameOf(c.Value(0))
		}
	}
	return c.Unknown()
}

// argless returns a step that takes nothing.
func (c *Call) argless(method string) *value.Step {
	return &value.Step{Origin: value.Origin{Pos: c.NamePos()}, Library: c.builder.Name, Method: method}
}

func gopgStep(st *Statement, s *value.Step) {
	args := s.Args
	switch s.Method {
	case "Insert":
		st.Verb = "INSERT"
		return
	case "SelectOrInsert":
		st.Conflict = nil
		return
	case "Update", "UpdateNotZero":
		st.Verb = "UPDATE"
		if o, ok := st.model.(*value.Object); ok && o.Made == value.AsElements {
			st.wherePK(s, nil) // each row is its own
		}
		return
	case "Delete", "ForceDelete":
		st.Verb = "DELETE"
		return
	case "Select", "SelectAndCount", "Count", "First", "Last", "Exists":
		return
	case "Table":
		for _, a := range args {
			st.From = append(st.From, nameOf(a))
		}
		return
	case "WhereIn", "WhereInOr":
		if len(args) > 0 {
			st.andIn(st.bunText(args[0]))
		}
		return
	case "WhereGroup", "WhereOrGroup", "WhereNotGroup":
		st.whereGroup(s, args)
		return
	case "OnConflict":
		if len(args) > 0 {
			st.Conflict = append(st.Conflict, value.Concat(value.Static("ON CONFLICT ", s.Pos), args[0]))
		}
		return
	}
	bunStep(st, s)
}
