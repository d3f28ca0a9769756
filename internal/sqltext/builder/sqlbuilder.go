package builder

import (
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// huandu/go-sqlbuilder takes its conditions as text, which methods of the builder
// itself make: sb.Where(sb.Equal("id", id)).
var sqlbuilder = &Builder{
	Name:     "go-sqlbuilder",
	Packages: []string{"github.com/huandu/go-sqlbuilder"},
	Mutable:  true,
	InPlace:  func(string) bool { return true },
	Renders:  Names("Build BuildWithFlavor String"),
	Tables:   Names("From Update DeleteFrom InsertInto InsertIgnoreInto ReplaceInto Union UnionAll"),
	Limits: Names(`Where AddWhereClause AddWhereExpr Having Join JoinWithOption With WithRecursive
		From Update DeleteFrom InsertInto InsertIgnoreInto ReplaceInto Using Union UnionAll`),
	Begin: sqlbuilderBegin,
	Step:  sqlbuilderStep,
}

// sqlbuilderComparisons are the methods that compare a field with a value.
var sqlbuilderComparisons = map[string]string{
	"E": "=", "EQ": "=", "Equal": "=", "NE": "<>", "NEQ": "<>", "NotEqual": "<>", "G": ">", "GT": ">", "GreaterThan": ">",
	"GE": ">=", "GTE": ">=", "GreaterEqualThan": ">=", "L": "<", "LT": "<", "LessThan": "<", "LE": "<=", "LTE": "<=", "LessEqualThan": "<=",
	"Like": "LIKE", "NotLike": "NOT LIKE", "ILike": "ILIKE", "NotILike": "NOT ILIKE",
	"IsDistinctFrom": "IS DISTINCT FROM", "IsNotDistinctFrom": "IS NOT DISTINCT FROM", "Assign": "=",
}

// sqlbuilderTexts are the methods of one field whose text has nothing else in it,
// the field in the place of $.
var sqlbuilderTexts = map[string]string{
	"IsNull": "$ IS NULL", "IsNotNull": "$ IS NOT NULL", "Between": "$ BETWEEN ? AND ?", "NotBetween": "$ NOT BETWEEN ? AND ?",
	"Incr": "$ = $ + 1", "Decr": "$ = $ - 1", "Add": "$ = $ + ?", "Sub": "$ = $ - ?", "Mul": "$ = $ * ?", "Div": "$ = $ / ?",
}

func sqlbuilderBegin(c *Call) value.Value {
	switch c.Owner() {
	case "Cond":
		return sqlbuilderText(c)
	case "Flavor":
		return c.sqlbuilderNew()
	case "Struct":
		return c.sqlbuilderStruct()
	case "Args", "CreateTableBuilder":
		return c.Unknown()
	}
	switch name := c.Name(); name {
	case "Select", "Update", "DeleteFrom", "InsertInto", "InsertIgnoreInto", "ReplaceInto", "Union", "UnionAll", "With", "WithRecursive", "CTEQuery", "CTETable":
		if c.Recv == nil {
			return c.Start()
		}
	case "Clone":
		return c.Recv
	case "WithFlavor", "CopyWhereClause", "Escape":
		return c.Value(0)
	case "Raw":
		return c.Value(0)
	case "List", "Tuple":
		return value.HoleAt(c.Pos(), value.ListHole)
	case "As":
		if c.Owner() == "SelectBuilder" {
			return value.Concat(c.Value(0), c.Static(" AS "), c.Value(1))
		}
	case "BuilderAs":
		return value.Concat(c.Static("("), c.Value(0), c.Static(") AS "), c.Value(1))
	case "LateralAs":
		return value.Concat(c.Static("LATERAL ("), c.Value(0), c.Static(") AS "), c.Value(1))
	case "Var", "Assign", "Incr", "Decr", "Add", "Sub", "Mul", "Div":
		return sqlbuilderText(c)
	default:
		if c.Recv == nil {
			return c.sqlbuilderNew()
		}
	}
	return nil
}

// sqlbuilderNew reads what makes a builder without anything in it; all else is not
// known.
func (c *Call) sqlbuilderNew() value.Value {
	switch c.Name() {
	case "NewSelectBuilder", "NewInsertBuilder", "NewUpdateBuilder", "NewDeleteBuilder", "NewUnionBuilder", "NewCTEBuilder", "NewCTEQueryBuilder", "NewWhereClause":
		return c.begin(c.Name(), nil)
	}
	return c.Unknown()
}

// sqlbuilderStruct reads a statement that is made after a struct: its columns are
// not known.
func (c *Call) sqlbuilderStruct() value.Value {
	name := strings.TrimSuffix(c.Name(), "ForTag")
	switch name {
	case "SelectFrom":
		return c.begin("From", nil, c.Value(0))
	case "Update", "DeleteFrom", "InsertInto", "InsertIgnoreInto", "ReplaceInto":
		return c.begin(name, nil, c.Value(0))
	}
	return c.Unknown()
}

// sqlbuilderText reads a method that gives text: a condition, an assignment, the
// placeholder of a value.
func sqlbuilderText(c *Call) value.Value {
	name := c.Name()
	if len(c.Args) == 0 {
		return value.Empty
	}
	if operator := sqlbuilderComparisons[name]; operator != "" && len(c.Args) == 2 {
		return value.Concat(c.Value(0), c.Static(" "+operator+" "), value.InParens(c.sqlbuilderOperand(1)))
	}
	if text := sqlbuilderTexts[name]; text != "" {
		return value.Replace(c.Static(text), "$", c.Value(0))
	}
	switch name {
	case "In", "NotIn":
		word := map[string]string{"In": " IN (", "NotIn": " NOT IN ("}[name]
		if len(c.Args) == 2 && value.IsChain(c.Value(1)) {
			return value.Concat(c.Value(0), c.Static(word), c.Value(1), c.Static(")"))
		}
		return oneOf(c.Value(0), word, c.Pos())
	case "Exists":
		return value.Concat(c.Static("EXISTS ("), c.sqlbuilderOperand(0), c.Static(")"))
	case "NotExists":
		return value.Concat(c.Static("NOT EXISTS ("), c.sqlbuilderOperand(0), c.Static(")"))
	case "Not":
		return value.Concat(c.Static("NOT ("), c.Value(0), c.Static(")"))
	case "And", "Or":
		return c.junction(c.terms()...)
	case "Var":
		return c.sqlbuilderOperand(0)
	}
	return c.Unknown()
}

// sqlbuilderOperand returns what a value is in SQL: text in an interface may be that
// of Raw.
func (c *Call) sqlbuilderOperand(i int) value.Value {
	switch c.Args[i].(type) {
	case *value.Text, *value.Sequence:
		if types.IsInterface(c.TypeOf(c.Arg(i))) {
			return c.Args[i]
		}
	}
	return c.operand(i)
}

func sqlbuilderStep(st *Statement, s *value.Step) {
	args := spreadArgs(s.Args)
	if st.Selected != nil {
		return // the steps of INSERT … SELECT, which is not read
	}
	if len(args) == 0 {
		if s.Method == "Distinct" {
			st.Distinct = true
		}
		return
	}
	switch s.Method {
	case "Select", "SelectMore":
		if st.Verb == "INSERT" {
			st.Selected = value.HoleAt(s.Pos, value.AnyHole)
			return
		}
		st.Verb = "SELECT"
		if s.Method == "Select" {
			st.Columns = nil
		}
		st.Columns = append(st.Columns, args...)
	case "From":
		if st.Verb == "" {
			st.Verb = "SELECT"
		}
		if st.Verb == "UPDATE" {
			st.From = append(st.From, args...)
		} else {
			st.From = args
		}
	case "Update":
		st.Verb, st.From = "UPDATE", args
	case "DeleteFrom":
		st.Verb, st.From = "DELETE", args
	case "Using":
		st.From = append(st.From[:min(1, len(st.From))], args...)
	case "InsertInto", "InsertIgnoreInto", "ReplaceInto":
		st.Verb, st.From = "INSERT", args[:1]
	case "Cols":
		st.Names = args
	case "Values":
		st.Rows = append(st.Rows, row(args, s.Pos))
	case "Set":
		st.Sets = args
	case "SetMore":
		st.Sets = append(st.Sets, args...)
	case "Where", "AddWhereExpr":
		if s.Method == "AddWhereExpr" {
			args = args[1:]
		}
		for _, a := range args {
			if !value.IsEmpty(a) {
				st.andIn(a)
			}
		}
	case "AddWhereClause":
		if clause, ok := st.in.Settle(args[0]).(*value.Chain); ok {
			st.steps(clause)
		} else {
			st.and(value.HoleAt(s.Pos, value.AnyHole))
		}
	case "Join":
		st.sqlbuilderJoin("", args, s)
	case "JoinWithOption":
		option, _ := value.Plain(args[0])
		st.sqlbuilderJoin(option+" ", args[1:], s)
	case "GroupBy":
		st.Group = args
	case "Having":
		for _, a := range args {
			st.Having = append(st.Having, Term{Of: a})
		}
	case "OrderBy", "OrderByAsc", "OrderByDesc":
		st.Order = append(st.Order, args...)
	case "Returning":
		st.Returning = args
	case "SQL":
		st.Tail = append(st.Tail, args[0])
	case "With", "WithRecursive":
		for _, a := range args {
			st.sqlbuilderWith(a, s.Method)
		}
	case "Union", "UnionAll":
		st.sqlbuilderUnion(args, s)
	}
}

// sqlbuilderJoin adds a join of the kind: the table and its conditions.
func (st *Statement) sqlbuilderJoin(kind string, args []value.Value, s *value.Step) {
	if len(args) == 0 {
		return
	}
	join := value.Concat(value.Static(kind+"JOIN ", s.Pos), args[0])
	if on := args[1:]; len(on) > 0 {
		join = value.Concat(join, value.Static(" ON ", s.Pos), value.Joined(value.Elements(on...), " AND ", s.Pos))
	}
	st.Joins = append(st.Joins, join)
}

// sqlbuilderWith adds the queries of a WITH clause: one, or those of a builder of
// its own.
func (st *Statement) sqlbuilderWith(v value.Value, method string) {
	c, ok := st.in.Settle(v).(*value.Chain)
	if !ok {
		return
	}
	elems, _ := st.in.Elements(c.Steps)
	named := value.Value(nil)
	for _, e := range elems {
		s, ok := e.(*value.Step)
		if !ok || len(s.Args) == 0 {
			continue
		}
		switch s.Method {
		case "With", "WithRecursive":
			for _, a := range spreadArgs(s.Args) {
				st.sqlbuilderWith(a, s.Method)
			}
		case "CTEQuery", "CTETable", "Table":
			named = s.Args[0]
		case "As":
			if named != nil {
				st.With = append(st.With, CTE{named, s.Args[0]})
				st.Recursive = st.Recursive || method == "WithRecursive"
			}
		}
	}
}

// sqlbuilderUnion makes a table of the queries of a union, since what follows is
// about all of them.
func (st *Statement) sqlbuilderUnion(queries []value.Value, s *value.Step) {
	word := " UNION "
	if s.Method == "UnionAll" {
		word = " UNION ALL "
	}
	st.Verb = "SELECT"
	st.From = []value.Value{value.Concat(
		value.Static("(", s.Pos), value.Joined(value.Elements(queries...), word, s.Pos), value.Static(") AS t1", s.Pos),
	)}
}
