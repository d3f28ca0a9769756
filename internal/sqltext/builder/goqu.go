package builder

import (
	"strings"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

var goqu = &Builder{
	Name:     "goqu",
	Packages: []string{"github.com/doug-martin/goqu/v9", "github.com/doug-martin/goqu/v9/exp"},
	Models:   model.DB,
	Exprs:    true,
	Runs: Names(`Exec ExecContext ScanStruct ScanStructs ScanStructContext ScanStructsContext ScanVal ScanVals
		ScanValContext ScanValsContext Count CountContext Pluck PluckContext Query QueryContext Scanner ScannerContext`),
	Renders: Names("ToSQL"),
	Tables:  Names("From Table Into Insert Update Delete Truncate"),
	Limits:  Names("Where Having Join InnerJoin LeftJoin From Table Into Insert Update Delete With"),
	Forms: map[string]Form{
		"Ex": {}, "ExOr": {Or: true}, "Record": {},
		"Op": {Keys: map[string]string{
			"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "is": "IS", "isNot": "IS NOT",
			"like": "LIKE", "notLike": "NOT LIKE", "iLike": "ILIKE", "notILike": "NOT ILIKE", "in": "IN", "notIn": "NOT IN",
		}},
	},
	Arg: func(c *Call, i int) value.Value {
		if c.IsText(i) {
			return goquName(c.Args[i])
		}
		return nil
	},
	Begin: goquBegin,
	Step:  goquStep,
}

// goquComparisons are the methods of expressions that compare with one value.
var goquComparisons = map[string]string{
	"Eq": "=", "Neq": "<>", "Gt": ">", "Gte": ">=", "Lt": "<", "Lte": "<=", "Is": "IS", "IsNot": "IS NOT",
	"Like": "LIKE", "NotLike": "NOT LIKE", "ILike": "ILIKE", "NotILike": "NOT ILIKE",
	"RegexpLike": "~", "RegexpNotLike": "!~", "RegexpILike": "~*", "RegexpNotILike": "!~*",
}

// goquTests are the methods of expressions without an argument.
var goquTests = map[string]string{
	"IsNull": " IS NULL", "IsNotNull": " IS NOT NULL", "IsTrue": " IS TRUE", "IsNotTrue": " IS NOT TRUE",
	"IsFalse": " IS FALSE", "IsNotFalse": " IS NOT FALSE", "Asc": " ASC", "Desc": " DESC", "NullsFirst": " NULLS FIRST",
	"NullsLast": " NULLS LAST", "All": ".*",
}

func goquBegin(c *Call) value.Value {
	recv := c.Recv
	if recv == nil {
		return goquFunction(c)
	}
	name := c.Name()
	if isDataset(c.Owner()) || value.IsChain(recv) && name == "As" {
		return nil
	}
	if op, ok := goquComparisons[name]; ok && len(c.Args) == 1 {
		if c.IsNil(c.Arg(0)) {
			op = map[string]string{"=": "IS", "<>": "IS NOT"}[op]
		}
		return value.Concat(recv, c.Static(" "+op+" "), value.InParens(c.operand(0)))
	}
	if test, ok := goquTests[name]; ok && len(c.Args) == 0 {
		return value.Concat(recv, c.Static(test))
	}
	switch name {
	case "In", "NotIn":
		word := map[string]string{"In": " IN (", "NotIn": " NOT IN ("}[name]
		if len(c.Args) == 1 && value.IsChain(c.Value(0)) {
			return value.Concat(recv, c.Static(word), c.Value(0), c.Static(")"))
		}
		return oneOf(recv, word, c.Pos())
	case "Between":
		return value.Concat(recv, c.Static(" BETWEEN ? AND ?"))
	case "NotBetween":
		return value.Concat(recv, c.Static(" NOT BETWEEN ? AND ?"))
	case "As":
		return value.Concat(recv, c.Static(" AS "), goquName(c.Value(0)))
	case "Col", "Table":
		return value.Concat(recv, c.Static("."), goquName(c.Value(0)))
	case "Schema":
		return value.Concat(goquName(c.Value(0)), c.Static("."), recv)
	case "Set":
		return value.Concat(recv, c.Static(" = "), value.InParens(c.operand(0)))
	case "Cast":
		return value.Concat(c.Static("CAST("), recv, c.Static(" AS "), c.Value(0), c.Static(")"))
	case "Append":
		return value.Spread(recv, value.Elements(c.Args...))
	case "Expression", "Clone":
		return recv
	case "Where":
		return value.Concat(recv, c.Static(" WHERE "), value.Joined(value.Elements(c.Args...), " AND ", c.Pos()))
	}
	if value.IsHole(recv) || value.IsChain(recv) {
		return nil
	}
	return c.Unknown()
}

// isDataset reports whether a type is one of the builders themselves.
func isDataset(owner string) bool {
	return strings.HasSuffix(owner, "Dataset") || strings.HasSuffix(owner, "Database") || owner == "DialectWrapper"
}

// goquFunction reads a function of the package: an expression or the beginning
// of a chain.
func goquFunction(c *Call) value.Value {
	args := c.Args
	switch name := c.Name(); name {
	case "From", "Select", "Insert", "Update", "Delete", "Truncate":
		return c.Start()
	case "Dialect", "New":
		return c.Unknown()
	case "I", "C", "T", "S":
		return goquName(args[0])
	case "L", "Literal":
		return value.Fill(args[0], c.Operands(1))
	case "V":
		return value.Placeholder(c.Pos())
	case "Star":
		return c.Static("*")
	case "And", "Or":
		return c.junction(args...)
	case "On":
		return value.Concat(c.Static(" ON "), value.Joined(value.Elements(args...), " AND ", c.Pos()))
	case "Using":
		names := make([]value.Value, len(args))
		for i, a := range args {
			names[i] = goquName(a)
		}
		return value.Concat(c.Static(" USING ("), value.Joined(value.Elements(names...), ", ", c.Pos()), c.Static(")"))
	case "Lateral":
		return value.Concat(c.Static("LATERAL "), value.InParens(args[0]))
	case "Cast":
		return value.Concat(c.Static("CAST("), args[0], c.Static(" AS "), args[1], c.Static(")"))
	case "DoNothing":
		return c.Static("ON CONFLICT DO NOTHING")
	case "DoUpdate":
		return value.Concat(c.Static("ON CONFLICT ("), args[0], c.Static(") DO UPDATE SET "), value.HoleAt(c.Pos(), value.ListHole))
	case "Func":
		return value.Concat(args[0], c.Static("("), goquOperands(c, 1), c.Static(")"))
	case "Case", "Range", "W", "Default", "Record":
		return c.Unknown()
	default:
		if name == strings.ToUpper(name) || name == "Any" || name == "All" {
			return value.Concat(c.Static(name+"("), goquOperands(c, 0), c.Static(")"))
		}
	}
	return nil
}

// goquOperands returns the arguments of an SQL function, from the one given on:
// strings are columns to the functions that have a name of their own.
func goquOperands(c *Call, from int) value.Value {
	var operands []value.Value
	for i := from; i < len(c.Args); i++ {
		if c.IsText(i) && from == 0 {
			operands = append(operands, goquName(c.Args[i]))
		} else {
			operands = append(operands, value.InParens(c.operand(i)))
		}
	}
	return value.Joined(value.Elements(operands...), ", ", c.Pos())
}

// goquName returns an identifier: goqu reads the dots in it.
func goquName(v value.Value) value.Value {
	if s, ok := value.Plain(v); ok {
		if q := Quote(s); q != s {
			return value.Static(q, v.At().Pos)
		}
	}
	return v
}

var goquJoins = map[string]string{
	"Join": "JOIN ", "InnerJoin": "INNER JOIN ", "LeftJoin": "LEFT JOIN ", "LeftOuterJoin": "LEFT JOIN ",
	"RightJoin": "RIGHT JOIN ", "RightOuterJoin": "RIGHT JOIN ", "FullJoin": "FULL JOIN ", "FullOuterJoin": "FULL JOIN ",
	"CrossJoin": "CROSS JOIN ", "NaturalJoin": "NATURAL JOIN ", "NaturalLeftJoin": "NATURAL LEFT JOIN ",
}

func goquStep(st *Statement, s *value.Step) {
	args := spreadArgs(s.Args)
	if word, ok := goquJoins[s.Method]; ok && len(args) > 0 {
		on := value.Value(value.Empty)
		if len(args) > 1 {
			on = args[1]
		}
		st.Joins = append(st.Joins, value.Concat(value.Static(word, s.Pos), goquTable(args[0]), on))
		return
	}
	switch s.Method {
	case "From":
		if st.Verb == "" {
			st.Verb = "SELECT"
		}
		if st.Verb == "UPDATE" {
			st.From = append(st.From, goquTables(args)...)
		} else {
			st.From = goquTables(args)
		}
	case "Select", "SelectDistinct":
		if st.Verb == "" {
			st.Verb = "SELECT"
		}
		st.Columns = goquColumns(args)
		st.Distinct = s.Method == "SelectDistinct"
	case "SelectAppend":
		st.Columns = append(st.Columns, goquColumns(args)...)
	case "Distinct":
		st.Distinct = true
	case "Where":
		for _, a := range args {
			st.and(a)
		}
	case "ClearWhere":
		st.Where = nil
	case "Having":
		for _, a := range args {
			st.Having = append(st.Having, Term{Of: a})
		}
	case "Insert", "Update", "Delete", "Truncate": // of a SELECT without a table: of its own
		st.Verb = strings.ToUpper(s.Method)
		if len(args) > 0 {
			st.From = goquTables(args)
		}
	case "Into", "Table":
		st.From = goquTables(args)
	case "Rows":
		if len(args) > 0 {
			row := args[0]
			if l, ok := row.(*value.List); ok && len(l.Elems) > 0 {
				row = l.Elems[0]
			}
			st.setRecord(row)
		}
	case "Cols":
		st.Names = append(st.Names, goquColumns(args)...)
	case "FromQuery":
		st.Selected = args[0]
	case "Set":
		st.setRecord(args[0])
	case "OnConflict":
		st.Conflict = append(st.Conflict, args[0])
	case "With", "WithRecursive":
		if len(args) == 2 {
			st.With = append(st.With, CTE{args[0], args[1]})
			st.Recursive = st.Recursive || s.Method == "WithRecursive"
		}
	case "Union", "UnionAll", "Intersect", "IntersectAll":
		word := map[string]string{"Union": "UNION ", "UnionAll": "UNION ALL ", "Intersect": "INTERSECT ", "IntersectAll": "INTERSECT ALL "}[s.Method]
		st.Unions = append(st.Unions, value.Concat(value.Static(word, s.Pos), args[0]))
	case "As":
		if st.Alias = args[0]; st.Alias == value.Value(value.Empty) {
			st.Alias = nil
		}
	case "GroupBy":
		st.Group = append(st.Group, goquColumns(args)...)
	case "Order", "OrderAppend", "OrderPrepend":
		st.Order = append(st.Order, args...)
	case "Returning":
		st.Returning = append(st.Returning, goquColumns(args)...)
	case "CrossDatabase", "Prepared", "WithDialect", "Limit", "Offset":
	}
}

func goquTables(args []value.Value) []value.Value {
	tables := make([]value.Value, len(args))
	for i, a := range args {
		tables[i] = goquTable(a)
	}
	return tables
}

// goquTable returns a table or a subquery of a FROM or JOIN clause.
func goquTable(v value.Value) value.Value {
	c, ok := v.(*value.Chain)
	if !ok {
		return v
	}
	if s, ok := c.Steps[len(c.Steps)-1].(*value.Step); ok && s.Method == "As" {
		return c
	}
	return value.Concat(value.Static("(", c.Pos), c, value.Static(") AS t1", c.Pos))
}

func goquColumns(args []value.Value) []value.Value {
	var columns []value.Value
	for _, a := range args {
		switch a := a.(type) {
		case *value.Object:
			for _, c := range a.Table.Columns {
				columns = append(columns, value.Static(Quote(c.Name), a.Pos))
			}
		case *value.List:
			columns = append(columns, goquColumns(a.Elems)...)
		default:
			columns = append(columns, value.InParens(a))
		}
	}
	return columns
}
