package builder

import (
	"strings"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// dbr takes conditions as text or as what Eq, And and the like make.
var dbr = &Builder{
	Name:     "dbr",
	Packages: []string{"github.com/gocraft/dbr/v2", "github.com/gocraft/dbr"},
	Mutable:  true,
	Queries:  true,
	Runs: Names(`Exec ExecContext Iterate IterateContext Load LoadContext LoadOne LoadOneContext LoadStruct LoadStructs LoadValue LoadValues
		LoadStructContext LoadStructsContext LoadValueContext LoadValuesContext GetRows GetRowsContext Rows RowsContext ReturnInt64 ReturnInt64Context ReturnInt64s ReturnInt64sContext ReturnString ReturnStringContext
		ReturnStrings ReturnStringsContext ReturnUint64 ReturnUint64Context ReturnUint64s ReturnUint64sContext`),
	Setters: Names("Set Pair IncrBy DecrBy"),
	Tables:  Names("From InsertInto Update DeleteFrom"),
	Limits:  Names("Where Having Join LeftJoin RightJoin FullJoin From InsertInto Update DeleteFrom"),
	Arg:     dbrArg,
	Begin:   dbrBegin,
	Step:    dbrStep,
}

// dbrRunners are the interfaces by which builders of the fork run their queries.
var dbrRunners = Names("loader typesLoader Executer")

// dbrComparisons are the functions that compare a column with a value.
var dbrComparisons = map[string]string{
	"Eq": "=", "Neq": "<>", "Gt": ">", "Gte": ">=", "Lt": "<", "Lte": "<=", "Like": "LIKE", "NotLike": "NOT LIKE",
}

var dbrJoins = map[string]string{"Join": "JOIN ", "LeftJoin": "LEFT JOIN ", "RightJoin": "RIGHT JOIN ", "FullJoin": "FULL JOIN "}

// dbrArg reads columns, which are of any type, and lists, which get their own
// parentheses.
func dbrArg(c *Call, i int) value.Value {
	switch name := c.Name(); {
	case c.builder.Runs[name]:
		return value.Placeholder(c.Pos()) // what takes the rows
	case name == "Select":
		return c.Args[i]
	case (name == "Where" || name == "Having") && i > 0 && !c.Expr.Ellipsis.IsValid():
		return c.dbrOperand(i)
	}
	return nil
}

func (c *Call) dbrOperand(i int) value.Value {
	v := c.operand(i)
	if h, ok := v.(*value.Hole); ok && h.Kind == value.ListHole {
		return value.Concat(c.Static("("), v, c.Static(")"))
	}
	return value.InParens(v)
}

func dbrBegin(c *Call) value.Value {
	name := c.Name()
	switch owner := c.Owner(); {
	case name == "Select", name == "InsertInto", name == "Update", name == "DeleteFrom":
		return c.Start()
	case name == "As" && c.Recv != nil:
		of := value.InParens(c.Recv)
		if _, ok := of.(*value.Join); ok { // a union
			of = value.Concat(c.Static("("), of, c.Static(")"))
		}
		return value.Concat(of, c.Static(" AS "), c.Value(0))
	case strings.HasSuffix(owner, "Stmt"), strings.HasSuffix(owner, "Builder"), dbrRunners[owner]:
		return nil
	case c.Recv != nil:
		return c.Unknown()
	}
	switch operator := dbrComparisons[name]; {
	case operator != "":
		return value.Concat(nameOf(c.Value(0)), compared(operator, c.operand(1)))
	case name == "And", name == "Or":
		return c.junction(c.terms()...)
	case name == "Expr":
		operands := c.Operands(1)
		for i := range operands {
			operands[i] = c.dbrOperand(i + 1)
		}
		return value.Fill(c.Value(0), operands)
	case name == "Union", name == "UnionAll":
		word := map[string]string{"Union": " UNION ", "UnionAll": " UNION ALL "}[name]
		return value.Joined(value.Elements(c.terms()...), word, c.Pos())
	}
	return c.Unknown()
}

func dbrStep(st *Statement, s *value.Step) {
	args := spreadArgs(s.Args)
	if word := dbrJoins[s.Method]; word != "" && len(args) > 1 {
		st.Joins = append(st.Joins, value.Concat(value.Static(word, s.Pos), value.InParens(args[0]), value.Static(" ON ", s.Pos), args[1]))
		return
	}
	switch s.Method {
	case "Distinct":
		st.Distinct = true
	case "Ignore":
		st.Conflict = append(st.Conflict, value.Static("ON CONFLICT DO NOTHING", s.Pos))
	}
	if len(args) == 0 {
		return
	}
	switch s.Method {
	case "Select":
		st.Verb, st.Columns = "SELECT", args
	case "From":
		st.From = []value.Value{value.InParens(args[0])}
	case "InsertInto":
		st.Verb, st.From = "INSERT", args
	case "Update":
		st.Verb, st.From = "UPDATE", args
	case "DeleteFrom":
		st.Verb, st.From = "DELETE", args
	case "Where":
		st.andIn(value.Fill(args[0], args[1:]))
	case "Having":
		st.Having = append(st.Having, Term{Group: true, Of: value.Fill(args[0], args[1:])})
	case "Columns":
		st.Names = append(st.Names, args...)
	case "Values":
		st.Rows = append(st.Rows, row(args, s.Pos))
	case "Pair":
		st.Names = append(st.Names, nameOf(args[0]))
	case "Set":
		st.set(nameOf(args[0]), setOperand(args[1]), s.Pos)
	case "IncrBy", "DecrBy":
		st.set(nameOf(args[0]), value.Placeholder(s.Pos), s.Pos)
	case "SetMap":
		st.setRecord(args[0])
	case "GroupBy":
		st.Group = append(st.Group, args...)
	case "OrderBy", "OrderAsc", "OrderDesc", "OrderDir":
		st.Order = append(st.Order, args[0])
	case "Returning":
		st.Returning = args
	case "OnConflict", "OnConflictMap":
		st.Conflict = append(st.Conflict, value.Concat(
			value.Static("ON CONFLICT ON CONSTRAINT ", s.Pos), args[0], value.Static(" DO UPDATE SET ", s.Pos), value.HoleAt(s.Pos, value.ListHole),
		))
	case "Suffix":
		st.Tail = append(st.Tail, value.Fill(args[0], args[1:]))
	}
}
