package builder

import (
	"go/types"
	"strings"

	"github.com/jinzhu/inflection"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// pop's queries begin on a connection, and the methods that run them name the table
// by the model that they fill.
var pop = &Builder{
	Name:     "pop",
	Packages: []string{"github.com/gobuffalo/pop/v6", "github.com/gobuffalo/pop/v5", "github.com/gobuffalo/pop"},
	Owns:     func(obj types.Object) bool { return popTypes[obj.Name()] },
	Models:   model.Pop,
	Mutable:  true,
	InPlace:  isQuery,
	Queries:  true,
	Runs: Names(`All First Last Find Reload Exists Count CountByField Exec ExecWithCount Delete Destroy UpdateQuery
		Create Update UpdateColumns Save ValidateAndCreate ValidateAndUpdate ValidateAndSave`),
	Limits: Names("Where BelongsTo BelongsToAs BelongsToThrough Scope Having Join LeftJoin RightJoin LeftOuterJoin RightOuterJoin InnerJoin"),
	Begin:  popBegin,
	Step:   popStep,
}

// popTypes are the types whose methods make queries, and the function Q.
var popTypes = Names("Connection Query ScopeFunc Q")

var popJoins = map[string]string{
	"Join": "JOIN ", "InnerJoin": "INNER JOIN ", "LeftJoin": "LEFT JOIN ", "LeftOuterJoin": "LEFT JOIN ",
	"RightJoin": "RIGHT JOIN ", "RightOuterJoin": "RIGHT JOIN ",
}

func popBegin(c *Call) value.Value {
	if c.Recv == nil {
		if len(c.Args) == 0 {
			return nil
		}
		return value.Then(c.Value(0), c.step(c.Pos()))
	}
	if c.Owner() != "Connection" {
		return nil
	}
	switch c.Name() {
	case "WithContext", "Eager", "NewTransaction", "NewTransactionContext", "NewTransactionContextOptions":
		return c.Recv // another connection
	}
	return nil
}

func popStep(st *Statement, s *value.Step) {
	args := spreadArgs(s.Args)
	if len(args) == 0 {
		return
	}
	if word := popJoins[s.Method]; word != "" && len(args) > 1 {
		on := value.Concat(value.Static(" ON ", s.Pos), value.Fill(args[1], args[2:]))
		st.Joins = append(st.Joins, value.Concat(value.Static(word, s.Pos), args[0], on))
		return
	}
	switch s.Method {
	case "Where": // conditions are not put in parentheses
		st.and(value.Fill(args[0], args[1:]))
	case "BelongsTo":
		st.popBelongsTo(args[0])
	case "BelongsToAs":
		st.and(value.Concat(args[1], value.Static(" = ?", s.Pos)))
	case "BelongsToThrough":
		st.and(value.HoleAt(s.Pos, value.AnyHole))
	case "Scope":
		st.applyClosure(args[0])
	case "Select":
		st.Columns = append(st.Columns, args...)
	case "GroupBy":
		st.Group = args
	case "Having":
		st.Having = append(st.Having, Term{Of: value.Fill(args[0], args[1:])})
	case "Order":
		st.Order = append(st.Order, value.Fill(args[0], args[1:]))
	default:
		if pop := byName[s.Library]; pop.Runs[s.Method] {
			st.popRun(s, st.in.Settle(args[0]), args[1:])
		}
	}
}

// popBelongsTo adds the comparison with the key of a model, which is named after its
// table.
func (st *Statement) popBelongsTo(v value.Value) {
	o, ok := st.in.Settle(v).(*value.Object)
	if !ok || o.Table.Name == "" {
		st.and(value.HoleAt(v.At().Pos, value.AnyHole))
		return
	}
	name := o.Table.Name[strings.LastIndexByte(o.Table.Name, '.')+1:]
	st.and(value.Static(Quote(inflection.Singular(name)+"_id")+" = ?", o.Pos))
}

// popRun makes the statement of the method that runs it on a model.
func (st *Statement) popRun(s *value.Step, dest value.Value, args []value.Value) {
	o, ok := dest.(*value.Object)
	if !ok {
		return
	}
	st.model = o
	st.setTable(o)
	switch s.Method {
	case "Find", "Reload":
		st.Verb = "SELECT"
		st.and(st.byKey(s.Pos))
	case "Count", "CountByField":
		st.Verb, st.Columns = "SELECT", []value.Value{value.Static("count(*)", s.Pos)}
	case "Create", "ValidateAndCreate":
		st.Verb = "INSERT"
		st.setObject(o)
	case "Save", "ValidateAndSave", "Update", "ValidateAndUpdate":
		st.Verb = "UPDATE"
		st.setObject(o)
		st.ownKey(o)
	case "UpdateColumns", "UpdateQuery":
		st.Verb = "UPDATE"
		for _, name := range args {
			st.set(nameOf(name), value.Placeholder(s.Pos), s.Pos)
		}
		if s.Method == "UpdateColumns" {
			st.ownKey(o)
		}
	case "Destroy":
		st.Verb = "DELETE"
		st.ownKey(o)
	case "Delete":
		st.Verb = "DELETE"
	default:
		st.Verb = "SELECT"
	}
}
