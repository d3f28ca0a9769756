package builder

import (
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

var xorm = &Builder{
	Name:     "xorm",
	Packages: []string{"xorm.io/xorm", "xorm.io/builder", "github.com/go-xorm/builder", "github.com/xorm-io/builder"},
	Models:   model.XORM,
	Mutable:  true,
	Queries:  true,
	Runs:     xormRuns,
	Tables:   Names("Table Insert Update Delete"),
	Limits:   Names("Where And Or Not Having Join Table Insert Update Delete"),
	Forms: map[string]Form{
		"Eq": {}, "Neq": {Operator: "<>"}, "Lt": {Operator: "<"}, "Lte": {Operator: "<="}, "Gt": {Operator: ">"}, "Gte": {Operator: ">="},
		"Like": {List: xormTest(" LIKE ?")}, "IsNull": {List: xormTest(" IS NULL")}, "NotNull": {List: xormTest(" IS NOT NULL")},
		"Not": {List: func(elems []value.Value) value.Value { return negated(joinedBy(value.And, value.Elements(elems...))) }},
		"Between": {Text: func(r *value.Record) value.Value {
			return xormTest(" BETWEEN ? AND ?")([]value.Value{field(r, "Col")})
		}},
	},
	Arg:   xormArg,
	Begin: xormBegin,
	Step:  xormStep,
	Finish: func(st *Statement) {
		st.setTable(st.model)
		st.nameKeys()
	},
}

var xormRuns = Names(`Find Get Exist Count FindAndCount Iterate Rows Sum Sums Insert InsertOne InsertMulti
	Update Delete`)

// xormArg reads a map that Find fills, by the keys of the rows, as the rows in it.
func xormArg(c *Call, i int) value.Value {
	if i > 0 || c.Name() != "Find" && c.Name() != "FindAndCount" {
		return nil
	}
	at := c.Arg(i)
	p, ok := c.TypeOf(at).Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	m, ok := p.Elem().Underlying().(*types.Map)
	if !ok {
		return nil
	}
	table := c.Table(m.Elem(), model.XORM)
	if table == nil {
		return nil
	}
	return &value.Object{Origin: value.Origin{Pos: at.Pos()}, Table: table, Made: value.AsElements}
}

// xormTest returns what an array says whose first element is the column.
func xormTest(text string) func([]value.Value) value.Value {
	return func(elems []value.Value) value.Value {
		if len(elems) == 0 {
			return value.Empty
		}
		return value.Concat(nameOf(elems[0]), value.Static(text, elems[0].At().Pos))
	}
}

// xormIn are the words of tests of one of several values.
var xormIn = map[string]string{"In": " IN (", "NotIn": " NOT IN ("}

func xormBegin(c *Call) value.Value {
	name := c.Name()
	if c.Fn.Pkg().Name() == "builder" {
		switch {
		case c.Recv != nil && (name == "And" || name == "Or"):
			return c.junction(append([]value.Value{c.Recv}, c.Args...)...)
		case name == "And" || name == "Or":
			return c.junction(c.Args...)
		case name == "NewCond":
			return value.Elements()
		case name == "Expr" && len(c.Args) > 0:
			return value.Fill(c.Value(0), c.Operands(1))
		case xormIn[name] != "" && len(c.Args) > 0:
			return oneOf(nameOf(c.Value(0)), xormIn[name], c.Pos())
		}
		return c.Unknown()
	}
	if c.Recv == nil || name == "Context" || name == "NewSession" || name == "Begin" {
		return c.Unknown()
	}
	return nil
}

func xormStep(st *Statement, s *value.Step) {
	args := spreadArgs(s.Args)
	if len(args) == 0 {
		if s.Method == "Insert" || s.Method == "Update" || s.Method == "Delete" {
			st.Verb = strings.ToUpper(s.Method)
		}
		return
	}
	switch s.Method {
	case "Table":
		if o, ok := args[0].(*value.Object); ok {
			st.model = o
		} else {
			st.From = []value.Value{nameOf(args[0])}
		}
	case "Alias":
		st.Alias = nil
	case "Where", "And":
		st.andIn(xormCondition(args))
	case "Or":
		st.orIn(xormCondition(args))
	case "In", "NotIn":
		st.and(oneOf(nameOf(args[0]), xormIn[s.Method], s.Pos))
	case "ID", "Id":
		st.keyed = append(st.keyed, len(st.Where))
		st.and(st.byKey(s.Pos))
	case "Join":
		if len(args) > 2 {
			st.Joins = append(st.Joins, value.Concat(args[0], value.Static(" JOIN ", s.Pos), xormTable(args[1]), value.Static(" ON ", s.Pos), args[2]))
		}
	case "Select":
		st.Columns = []value.Value{args[0]}
	case "GroupBy":
		st.Group = append(st.Group, args[0])
	case "OrderBy", "Asc", "Desc":
		st.Order = append(st.Order, args[0])
	default:
		if xormRuns[s.Method] {
			st.finishXORM(s, args)
		}
	}
}

// nameKeys names the column that ID compares, by the model that the query turned out to be of.
func (st *Statement) nameKeys() {
	if st.model == nil && len(st.From) == 1 {
		st.model = st.From[0]
	}
	for _, i := range st.keyed {
		st.Where[i].Of = st.byKey(st.Where[i].Of.At().Pos)
	}
}

// xormTable returns a table to join, given by its name or with another one.
func xormTable(v value.Value) value.Value {
	l, ok := v.(*value.List)
	if !ok || len(l.Elems) != 2 {
		return nameOf(v)
	}
	return value.Concat(nameOf(l.Elems[0]), value.Static(" AS ", l.Pos), nameOf(l.Elems[1]))
}

func xormCondition(args []value.Value) value.Value {
	switch v := args[0].(type) {
	case *value.Record, *value.List:
		return v
	}
	return value.Fill(args[0], args[1:])
}

// finishXORM makes the statement of the method that runs it: the fields that its
// bean sets are conditions.
func (st *Statement) finishXORM(s *value.Step, args []value.Value) {
	bean := args[0]
	conditions := bean
	switch s.Method {
	case "Insert", "InsertOne", "InsertMulti":
		st.Verb = "INSERT"
		st.setTable(bean)
		if o, ok := bean.(*value.Object); ok {
			st.setObject(o)
		}
		return
	case "Update":
		st.Verb = "UPDATE"
		st.setTable(bean)
		st.setRecord(bean)
		conditions = nil
		if len(args) > 1 {
			conditions = args[1]
		}
	case "Delete":
		st.Verb = "DELETE"
		st.setTable(bean)
	case "Find", "FindAndCount":
		st.Verb = "SELECT"
		st.setTable(bean)
		conditions = nil
		if len(args) > 1 {
			conditions = args[1]
		}
	default:
		st.Verb = "SELECT"
		st.setTable(bean)
	}
	if o, ok := conditions.(*value.Object); ok && o.Made != value.AsElements && !(o.Made == value.AsLiteral && len(o.Entries) == 0) {
		st.and(objectConditions(o, nil))
	}
}
