package builder

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// jet's tables are structs that it generates: a Table, and a field for each column.
// Methods of columns make expressions, and what they make of them.
var jet = &Builder{
	Name: "jet",
	Packages: []string{
		"github.com/go-jet/jet/v2/postgres", "github.com/go-jet/jet/v2/mysql", "github.com/go-jet/jet/v2/sqlite", "github.com/go-jet/jet/v2/internal/jet",
	},
	Mutable: true,
	Queries: true,
	Runs:    Names("Query QueryContext Exec ExecContext Rows"),
	Renders: Names("Sql DebugSql"),
	Tables:  Names("FROM INSERT UPDATE DELETE UNION UNION_ALL INTERSECT EXCEPT"),
	Limits:  Names("WHERE HAVING FROM USING INSERT UPDATE DELETE UNION UNION_ALL INTERSECT EXCEPT"),
	Forms: map[string]Form{
		"Table":       {Text: jetTableText, Within: jetColumns},
		"SelectTable": {Text: jetTableText},
		"Column":      {Text: jetColumnText},
	},
	Arg:   jetArg,
	Begin: jetBegin,
	Step:  jetStep,
}

// The types of records that stand for tables, subqueries and columns, whatever the
// dialect.
const (
	jetTable       = "github.com/go-jet/jet/v2/internal/jet.Table"
	jetSelectTable = "github.com/go-jet/jet/v2/internal/jet.SelectTable"
	jetColumn      = "github.com/go-jet/jet/v2/internal/jet.Column"
)

var jetOperators = map[string]string{
	"EQ": "=", "NOT_EQ": "<>", "LT": "<", "LT_EQ": "<=", "GT": ">", "GT_EQ": ">=", "LIKE": "LIKE", "NOT_LIKE": "NOT LIKE",
	"IS_DISTINCT_FROM": "IS DISTINCT FROM", "IS_NOT_DISTINCT_FROM": "IS NOT DISTINCT FROM", "AND": "AND", "OR": "OR",
}

// jetTests are the methods of an expression whose text has nothing else in it, the
// expression in the place of $.
var jetTests = map[string]string{
	"IS_NULL": "$ IS NULL", "IS_NOT_NULL": "$ IS NOT NULL", "IS_TRUE": "$ IS TRUE", "IS_NOT_TRUE": "$ IS NOT TRUE",
	"IS_FALSE": "$ IS FALSE", "IS_NOT_FALSE": "$ IS NOT FALSE", "BETWEEN": "$ BETWEEN ? AND ?", "NOT_BETWEEN": "$ NOT BETWEEN ? AND ?",
	"ASC": "$", "DESC": "$", "NULLS_FIRST": "$", "NULLS_LAST": "$", "AS": "$",
}

var jetJoins = map[string]string{
	"INNER_JOIN": " INNER JOIN ", "LEFT_JOIN": " LEFT JOIN ", "RIGHT_JOIN": " RIGHT JOIN ", "FULL_JOIN": " FULL JOIN ", "CROSS_JOIN": " CROSS JOIN ",
}

var jetSets = map[string]string{
	"UNION": " UNION ", "UNION_ALL": " UNION ALL ", "INTERSECT": " INTERSECT ", "INTERSECT_ALL": " INTERSECT ALL ",
	"EXCEPT": " EXCEPT ", "EXCEPT_ALL": " EXCEPT ALL ",
}

// jetFields are the entries of a table that its methods give, and their places among
// the arguments of NewTable.
var jetFields = []string{"SchemaName", "TableName", "Alias"}

func jetArg(c *Call, i int) value.Value {
	switch name := c.Name(); {
	case c.builder.Runs[name]:
		return value.Placeholder(c.Pos()) // the database, and what takes the rows
	case name == "VALUES" || name == "SET":
		return c.operand(i)
	}
	return jetWithin(c.TypeOf(c.Arg(i)), c.Args[i])
}

// jetWithin returns the table that a value of a generated type has within it; other
// values as they are.
func jetWithin(t types.Type, v value.Value) value.Value {
	for range 3 {
		field := embedded(t)
		if field == nil {
			return v
		}
		inner := value.Field(v, field.Name())
		if inner == nil {
			return v
		}
		t, v = field.Type(), inner
	}
	return v
}

func jetBegin(c *Call) value.Value {
	if c.Recv == nil {
		return c.jetFunction()
	}
	name, owner := c.Name(), c.Owner()
	if sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr); ok {
		c.Recv = jetWithin(c.TypeOf(sel.X), c.Recv)
	}
	switch {
	case name == "AsTable":
		return c.jetRecord(jetSelectTable, "Query", c.Recv, "Alias", c.Value(0))
	case strings.HasSuffix(owner, "Statement"), strings.HasPrefix(owner, "onConflict"), owner == "conflictTarget", owner == "conflictAction":
		return nil
	case jetJoins[name] != "":
		return c.jetJoin()
	case name == "SELECT":
		return value.Then(c.begin("FROM", nil, c.Recv), c.step(c.Pos()))
	case name == "INSERT" || name == "UPDATE" || name == "DELETE":
		return c.begin(name, nil, append([]value.Value{c.Recv}, c.StepArgs()...)...)
	}
	for _, f := range jetFields {
		if name == f {
			return value.Field(c.Recv, f)
		}
	}
	return c.jetExpression()
}

func (c *Call) jetRecord(typ string, fields ...any) value.Value {
	r := &value.Record{Origin: value.Origin{Pos: c.Pos()}, Type: typ}
	for i := 0; i < len(fields); i += 2 {
		r.Parts = append(r.Parts, &value.Entry{Origin: value.Origin{Pos: c.Pos()}, Name: fields[i].(string), Of: fields[i+1].(value.Value)})
	}
	return r
}

// jetFunction reads a function: what begins a statement, a table or a column, a
// value, a function of SQL.
func (c *Call) jetFunction() value.Value {
	name := c.Name()
	switch {
	case name == "SELECT", jetSets[name] != "", name == "SET":
		return c.Start()
	case len(c.Args) == 0, name == "WITH", name == "WITH_RECURSIVE", name == "CTE":
		return c.Unknown()
	case name == "NewTable":
		columns := c.terms()
		if !c.Expr.Ellipsis.IsValid() {
			columns = columns[3:]
		} else {
			columns = value.Within(value.Spread(value.Elements(), c.Value(3)))
		}
		return c.jetRecord(jetTable, jetFields[0], c.Value(0), jetFields[1], c.Value(1), jetFields[2], c.Value(2), "Columns", value.Elements(columns...))
	case strings.HasSuffix(name, "Column") && c.IsText(0):
		return nameOf(c.Value(0))
	case strings.HasSuffix(name, "Exp"), strings.HasPrefix(name, "Raw"), name == "CAST":
		return c.Value(0)
	case name == "AND" || name == "OR":
		return c.junction(c.terms()...)
	case name == "NOT" || name == "EXISTS":
		return value.Concat(c.Static(name+" ("), c.Value(0), c.Static(")"))
	case name == "Bool":
		if id, ok := c.Arg(0).(*ast.Ident); ok && (id.Name == "true" || id.Name == "false") {
			return c.Static(strings.ToUpper(id.Name))
		}
	case name == strings.ToUpper(name):
		return value.Concat(c.Static(name+"("), value.Joined(value.Elements(c.Operands(0)...), ", ", c.Pos()), c.Static(")"))
	}
	return value.Placeholder(c.Pos())
}

// jetExpression reads a method of an expression.
func (c *Call) jetExpression() value.Value {
	name := c.Name()
	switch operator := jetOperators[name]; {
	case operator == "AND" || operator == "OR":
		return c.junction(c.Recv, c.Value(0))
	case operator != "":
		return value.Concat(c.Recv, c.Static(" "+operator+" "), value.InParens(c.operand(0)))
	case name == "IN" || name == "NOT_IN":
		word := map[string]string{"IN": " IN (", "NOT_IN": " NOT IN ("}[name]
		if len(c.Args) == 1 && value.IsChain(c.Value(0)) {
			return value.Concat(c.Recv, c.Static(word), c.Value(0), c.Static(")"))
		}
		return oneOf(c.Recv, word, c.Pos())
	case name == "SET" && len(c.Args) == 1:
		return value.Concat(jetName(c.Recv), c.Static(" = "), value.InParens(c.operand(0)))
	case name == "From" && len(c.Args) == 1:
		return c.jetRecord(jetColumn, "Table", c.Value(0), "Name", jetName(c.Recv))
	case strings.HasPrefix(name, "AS_"):
		return c.Recv
	case c.Owner() == "lateralImpl":
		return value.Concat(c.Recv, c.Static(" AS "), c.Value(0))
	}
	if text := jetTests[name]; text != "" {
		return value.Replace(c.Static(text), "$", c.Recv)
	}
	if name != strings.ToUpper(name) {
		return c.Unknown()
	}
	operands := append([]value.Value{c.Recv}, c.Operands(0)...)
	return value.Concat(c.Static(name+"("), value.Joined(value.Elements(operands...), ", ", c.Pos()), c.Static(")"))
}

func (c *Call) jetJoin() value.Value {
	join := value.Concat(c.Recv, c.Static(jetJoins[c.Name()]), jetArg(c, 0))
	if len(c.Args) > 1 {
		join = value.Concat(join, c.Static(" ON "), c.Value(1))
	}
	return join
}

// jetColumns makes the columns of the struct that holds a table its own.
func jetColumns(holder, table *value.Record) value.Value {
	r := *holder
	r.Parts = nil
	for _, part := range holder.Parts {
		if e, ok := part.(*value.Entry); ok {
			if name, ok := e.Of.(*value.Text); ok {
				column := &value.Record{Origin: e.Origin, Type: jetColumn, Parts: []value.Value{
					&value.Entry{Origin: e.Origin, Name: "Table", Of: table}, &value.Entry{Origin: e.Origin, Name: "Name", Of: name},
				}}
				part = &value.Entry{Origin: e.Origin, Name: e.Name, Of: column}
			}
		}
		r.Parts = append(r.Parts, part)
	}
	return &r
}

// jetName returns the name of a column without its table's.
func jetName(v value.Value) value.Value {
	if r, ok := v.(*value.Record); ok && r.Type == jetColumn {
		return field(r, "Name")
	}
	return v
}

// given returns a field that is text, if there is something in it.
func given(r *value.Record, name string) bool {
	v := r.Lookup(name)
	return v != nil && !value.IsEmpty(v)
}

func jetTableText(r *value.Record) value.Value {
	var text value.Value
	if r.Type == jetSelectTable {
		text = value.InParens(field(r, "Query"))
	} else {
		text = nameOf(field(r, "TableName"))
		if given(r, "SchemaName") {
			text = value.Concat(nameOf(field(r, "SchemaName")), value.Static(".", r.Pos), text)
		}
	}
	if given(r, "Alias") {
		text = value.Concat(text, value.Static(" AS ", r.Pos), nameOf(field(r, "Alias")))
	}
	return text
}

func jetColumnText(r *value.Record) value.Value {
	table, ok := r.Lookup("Table").(*value.Record)
	if !ok {
		return field(r, "Name")
	}
	name := "TableName"
	if given(table, "Alias") {
		name = "Alias"
	}
	return value.Concat(nameOf(field(table, name)), value.Static(".", r.Pos), field(r, "Name"))
}

func jetStep(st *Statement, s *value.Step) {
	args := spreadArgs(s.Args)
	if word := jetSets[s.Method]; word != "" {
		st.jetUnion(word, args, s.Pos)
		return
	}
	switch s.Method {
	case "DISTINCT":
		st.Distinct = true
	case "DO_NOTHING":
		st.Conflict = append(st.Conflict, value.Static("DO NOTHING", s.Pos))
	case "ON_CONFLICT":
		target := value.Value(value.Empty)
		if len(args) > 0 {
			target = value.Concat(value.Static(" (", s.Pos), value.Joined(value.Elements(jetNames(args)...), ", ", s.Pos), value.Static(")", s.Pos))
		}
		st.Conflict = append(st.Conflict, value.Concat(value.Static("ON CONFLICT", s.Pos), target))
	}
	if len(args) == 0 {
		return
	}
	switch s.Method {
	case "SELECT":
		st.Verb, st.Columns = "SELECT", args
	case "FROM":
		if st.Verb == "UPDATE" {
			st.From = append(st.From, args...)
		} else {
			st.From = args
		}
	case "USING":
		st.From = append(st.From, args...)
	case "INSERT", "UPDATE", "DELETE":
		st.Verb, st.From, st.Names = s.Method, args[:1], jetNames(args[1:])
		if r, ok := st.in.Settle(args[0]).(*value.Record); ok && len(args) == 1 && st.Verb == "INSERT" {
			st.Names = jetNames(value.Within(r.Lookup("Columns")))
		}
	case "VALUES":
		st.Rows = append(st.Rows, row(args, s.Pos))
	case "QUERY":
		st.Selected = args[0]
	case "SET", "MODEL":
		st.jetSet(s, args)
	case "ON_DUPLICATE_KEY_UPDATE":
		st.Conflict = append(st.Conflict, value.Concat(value.Static("ON DUPLICATE KEY UPDATE ", s.Pos), value.Joined(value.Elements(args...), ", ", s.Pos)))
	case "ON_CONSTRAINT":
		st.Conflict = append(st.Conflict, value.Concat(value.Static("ON CONSTRAINT ", s.Pos), args[0]))
	case "DO_UPDATE":
		st.jetDoUpdate(args[0])
	case "WHERE":
		st.Where = []Term{{Of: args[0], Group: true}}
	case "HAVING":
		st.Having = []Term{{Of: args[0]}}
	case "GROUP_BY":
		st.Group = args
	case "ORDER_BY":
		st.Order = args
	case "RETURNING":
		st.Returning = args
	}
}

// jetNames returns the names of columns, those of lists in their places.
func jetNames(args []value.Value) []value.Value {
	var names []value.Value
	for _, a := range args {
		switch a := a.(type) {
		case *value.List:
			names = append(names, jetNames(a.Elems)...)
		case *value.Text:
			names = append(names, a)
		case *value.Record:
			names = append(names, jetName(a))
		default:
			names = append(names, value.HoleAt(a.At().Pos, value.ListHole))
		}
	}
	return names
}

// jetSet adds what an UPDATE sets: the values of the columns that it names, or
// assignments.
func (st *Statement) jetSet(s *value.Step, args []value.Value) {
	if st.Verb == "INSERT" {
		return // a row of the columns that are named
	}
	if len(st.Names) == 0 {
		st.Sets = args
		return
	}
	for i, name := range st.Names {
		to := value.Value(value.Placeholder(s.Pos))
		if s.Method == "SET" && i < len(args) {
			to = setOperand(args[i])
		}
		st.set(name, to, s.Pos)
	}
}

// jetDoUpdate adds what ON CONFLICT … DO UPDATE sets, and on what condition.
func (st *Statement) jetDoUpdate(v value.Value) {
	action := &Statement{Verb: "UPDATE", in: st.in}
	if c, ok := st.in.Settle(v).(*value.Chain); ok {
		action.steps(c)
	} else {
		action.Sets = []value.Value{value.HoleAt(v.At().Pos, value.ListHole)}
	}
	st.doUpdate(action, v.At().Pos)
}

// jetUnion adds a query that a statement is united with, or begins with several.
func (st *Statement) jetUnion(word string, args []value.Value, pos token.Pos) {
	united := value.Joined(value.Elements(args...), word, pos)
	if st.Verb == "" {
		st.Verb = "SELECT"
		st.From = []value.Value{value.Concat(value.Static("(", pos), united, value.Static(") AS t", pos))}
		return
	}
	st.Unions = append(st.Unions, value.Concat(value.Static(strings.TrimSpace(word)+" ", pos), united))
}
