package builder

import (
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// bob's queries are made of mods: psql.Select(sm.From("users"), sm.Where(…)). A mod is
// read as a chain of its own, whose steps are those of the query that it is given to.
var bob = &Builder{
	Name:     "bob",
	Packages: bobPackages(),
	Owns:     func(obj types.Object) bool { return !bobHandles[obj.Name()] },
	Exprs:    true,
	Runs:     Names("All One Cursor Count Exists Exec Each"),
	Renders:  Names("Build MustBuild BuildN MustBuildN"),
	Tables:   Names("From FromAs Into IntoAs Table TableAs " + bobTables),
	Limits:   Names("Where Having InnerJoin LeftJoin RightJoin FullJoin CrossJoin From Using With Select Insert Update Delete Apply " + bobTables),
	Forms:    map[string]Form{"Table": {Text: bobTableText}},
	Arg:      bobArg,
	Begin:    bobBegin,
	Step:     bobStep,
}

// bobTables are the steps that begin the queries of a generated table.
const bobTables = "TableQuery TableInsert TableUpdate TableDelete"

// bobTable is the type of records that stand for generated tables.
const bobTable = "github.com/stephenafamo/bob.Table"

// bobMods are the packages of mods, one for each verb.
var bobMods = Names("sm im um dm")

var bobHandles = Names("DB Tx Conn Executor Transactor")

func bobPackages() []string {
	const root = "github.com/stephenafamo/bob"
	paths := []string{root, root + "/expr", root + "/mods", root + "/orm"}
	for _, dialect := range []string{"psql", "mysql", "sqlite"} {
		for _, dir := range []string{"", "/dialect", "/sm", "/im", "/um", "/dm"} {
			paths = append(paths, root+"/dialect/"+dialect+dir)
		}
	}
	return paths
}

var bobOperators = map[string]string{
	"EQ": "=", "NE": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">=", "Like": "LIKE", "ILike": "ILIKE", "Minus": "-",
	"IsDistinctFrom": "IS DISTINCT FROM", "IsNotDistinctFrom": "IS NOT DISTINCT FROM",
}

// bobTests are the methods of an expression whose text has nothing else in it, the
// expression in the place of $.
var bobTests = map[string]string{
	"IsNull": "$ IS NULL", "IsNotNull": "$ IS NOT NULL", "Between": "$ BETWEEN ? AND ?", "NotBetween": "$ NOT BETWEEN ? AND ?", "As": "$",
}

var bobIn = map[string]string{"In": " IN (", "NotIn": " NOT IN ("}

var bobJoins = map[string]string{
	"InnerJoin": "INNER JOIN ", "LeftJoin": "LEFT JOIN ", "RightJoin": "RIGHT JOIN ", "FullJoin": "FULL JOIN ", "CrossJoin": "CROSS JOIN ",
}

var bobUnions = map[string]string{
	"Union": "UNION ", "UnionAll": "UNION ALL ", "Intersect": "INTERSECT ", "IntersectAll": "INTERSECT ALL ", "Except": "EXCEPT ", "ExceptAll": "EXCEPT ALL ",
}

func bobArg(c *Call, _ int) value.Value {
	if c.builder.Runs[c.Name()] {
		return value.Placeholder(c.Pos()) // the database
	}
	return nil
}

func bobBegin(c *Call) value.Value {
	name, owner := c.Name(), c.Owner()
	switch dir := c.Fn.Pkg().Path(); {
	case c.Recv == nil && strings.HasSuffix(dir, "m") && bobMods[dir[len(dir)-2:]]:
		return c.Start()
	case c.Recv == nil:
		return c.bobFunction()
	case c.builder.Runs[name] && !value.IsChain(c.Recv) && !value.IsBase(c.Recv): // text
		c.Run(c.Recv)
		return c.Unknown()
	case name == "Apply" && value.IsChain(c.Recv):
		c.Changed = value.Then(c.Recv, c.step(c.NamePos()))
		return c.Unknown()
	case (owner == "View" || owner == "Table") && strings.Contains(bobTables, "Table"+name):
		return c.begin("Table"+name, c.Recv.At().Through, append([]value.Value{c.Recv}, c.StepArgs()...)...)
	case owner == "View" || owner == "Table":
		return c.Recv // its name
	case strings.HasPrefix(owner, "Where"): // a column of a generated table
		return c.begin("Where", nil, c.bobExpression())
	case owner == "Chain" || owner == "Builder":
		return c.bobExpression()
	case owner == "ColumnsExpr" || owner == "Moddable" || strings.HasPrefix(owner, "Case"):
		return c.Unknown()
	}
	return nil
}

// bobFunction reads what runs a query, begins one, or makes an expression.
func (c *Call) bobFunction() value.Value {
	switch name := c.Name(); name {
	case "Select", "Insert", "Update", "Delete", "WhereOr", "WhereAnd":
		return c.Start()
	case "Exec", "One", "All", "Allx", "Cursor":
		if len(c.Args) == 1 { // of an expression, in a dialect's package
			return value.Concat(c.Static("ALL ("), c.Value(0), c.Static(")"))
		}
		c.Run(c.Value(2))
	case "Build", "MustBuild", "BuildN", "MustBuildN":
		c.Shown = c.Value(1)
		return c.Value(1)
	case "NewTable", "NewTablex", "NewView", "NewViewx":
		r := &value.Record{Origin: value.Origin{Pos: c.Pos()}, Type: bobTable}
		for i, field := range []string{"Schema", "Name", "Columns"} {
			r.Parts = append(r.Parts, &value.Entry{Origin: r.Origin, Name: field, Of: c.Args[i]})
		}
		return r
	case "Quote":
		parts := c.terms()
		names := make([]value.Value, len(parts))
		for i, p := range parts {
			names[i] = nameOf(p)
		}
		return value.Joined(value.Elements(names...), ".", c.Pos())
	case "S", "Placeholder":
		return value.Placeholder(c.Pos())
	case "Arg", "ToArgs":
		if len(c.Args) == 1 && !c.Expr.Ellipsis.IsValid() {
			return value.Placeholder(c.Pos())
		}
		return value.HoleAt(c.Pos(), value.ListHole)
	case "ArgGroup", "ToArgGroup":
		return value.Concat(c.Static("("), value.HoleAt(c.Pos(), value.ListHole), c.Static(")"))
	case "Raw", "RawQuery":
		return value.Fill(c.Value(0), c.Operands(1))
	case "Group":
		return value.Concat(c.Static("("), value.Joined(value.Elements(c.terms()...), ", ", c.Pos()), c.Static(")"))
	case "Not":
		return value.Concat(c.Static("NOT ("), c.Value(0), c.Static(")"))
	case "And", "Or":
		return c.junction(c.terms()...)
	case "Cast", "X", "NewExpression", "Where", "WhereNull":
		return c.Value(0)
	}
	return c.Unknown()
}

// bobExpression reads a method of an expression.
func (c *Call) bobExpression() value.Value {
	name := c.Name()
	switch operator := bobOperators[name]; {
	case operator != "" && len(c.Args) == 1:
		return value.Concat(c.Recv, c.Static(" "+operator+" "), value.InParens(c.operand(0)))
	case name == "OP" && len(c.Args) == 2:
		return value.Concat(c.Recv, c.Static(" "), c.Value(0), c.Static(" "), value.InParens(c.operand(1)))
	case bobIn[name] != "":
		if len(c.Args) == 1 && value.IsChain(c.Value(0)) {
			return value.Concat(c.Recv, c.Static(bobIn[name]), c.Value(0), c.Static(")"))
		}
		return oneOf(c.Recv, bobIn[name], c.Pos())
	case name == "And" || name == "Or":
		return c.junction(append([]value.Value{c.Recv}, c.terms()...)...)
	case bobTests[name] != "":
		return value.Replace(c.Static(bobTests[name]), "$", c.Recv)
	}
	return c.Unknown()
}

func bobTableText(r *value.Record) value.Value {
	name := nameOf(field(r, "Name"))
	if given(r, "Schema") {
		return value.Concat(nameOf(field(r, "Schema")), value.Static(".", r.Pos), name)
	}
	return name
}

func bobStep(st *Statement, s *value.Step) {
	switch s.Method {
	case "Select", "Insert", "Update", "Delete":
		st.Verb = strings.ToUpper(s.Method)
		st.bobMods(s.Args)
	case "Apply":
		st.bobMods(s.Args)
	case "TableQuery", "TableInsert", "TableUpdate", "TableDelete":
		if len(s.Args) > 0 {
			st.Verb = map[string]string{"TableQuery": "SELECT", "TableInsert": "INSERT", "TableUpdate": "UPDATE", "TableDelete": "DELETE"}[s.Method]
			st.From = s.Args[:1]
			st.bobMods(s.Args[1:])
		}
	}
}

// bobMods adds what mods say; one that is not known may be a condition, or a row.
func (st *Statement) bobMods(mods []value.Value) {
	elems, optional := st.in.Elements(spreadArgs(mods))
	for _, e := range elems {
		n := len(st.Where)
		c, ok := st.in.Settle(e).(*value.Chain)
		switch {
		case ok && value.IsEmpty(c.Root):
			steps, _ := st.in.Elements(c.Steps)
			st.bobMod(steps)
		case st.Verb == "INSERT":
			st.Names = append(st.Names, value.HoleAt(e.At().Pos, value.ListHole))
		default:
			st.and(value.HoleAt(e.At().Pos, value.AnyHole))
		}
		for i := n; i < len(st.Where); i++ {
			st.Where[i].Optional = optional[e]
		}
	}
}

// bobMod adds what one mod says: its first step, and what the others add to that.
func (st *Statement) bobMod(steps []value.Value) {
	s, ok := steps[0].(*value.Step)
	if !ok {
		st.and(value.HoleAt(steps[0].At().Pos, value.AnyHole))
		return
	}
	args := spreadArgs(s.Args)
	if s.Method == "Distinct" {
		st.Distinct = true
	}
	if len(args) == 0 {
		return
	}
	more := steps[1:]
	if word := bobJoins[s.Method]; word != "" {
		st.bobJoin(word, args[0], more)
		return
	}
	if word := bobUnions[s.Method]; word != "" {
		st.Unions = append(st.Unions, value.Concat(value.Static(word, s.Pos), args[0]))
		return
	}
	switch s.Method {
	case "From", "Using":
		if st.Verb == "SELECT" || st.Verb == "DELETE" && s.Method == "From" {
			st.From = nil
		}
		st.From = append(st.From, bobAliased(args[0], more))
	case "Table", "FromAs", "TableAs", "Into", "IntoAs":
		table := value.InParens(args[0])
		args = args[1:]
		if strings.HasSuffix(s.Method, "As") {
			table = value.Concat(table, value.Static(" AS ", s.Pos), args[0])
			args = args[1:]
		}
		st.From = append([]value.Value{table}, st.From...)
		st.Names = append(st.Names, args...)
	case "Where":
		st.andIn(args[0])
	case "WhereOr", "WhereAnd":
		any := &Statement{in: st.in}
		any.bobMods(args)
		for i := range any.Where {
			any.Where[i].Or = s.Method == "WhereOr"
		}
		st.andIn(termsOf(any.Where, s.Pos))
	case "Having":
		st.Having = append(st.Having, Term{Of: args[0]})
	case "Columns":
		st.Columns = append(st.Columns, args...)
	case "Set":
		st.Sets = append(st.Sets, args...)
	case "SetCol":
		to := value.Value(value.Placeholder(s.Pos))
		if m := stepOf(more, "To"); m != nil {
			to = setOperand(m.Args[0])
		}
		st.set(nameOf(args[0]), to, s.Pos)
	case "SetExcluded":
		for _, name := range args {
			st.set(nameOf(name), value.Concat(value.Static("excluded.", s.Pos), nameOf(name)), s.Pos)
		}
	case "Values":
		st.Rows = append(st.Rows, row(args, s.Pos))
	case "Query":
		st.Selected = args[0]
	case "OnConflict", "OnConflictOnConstraint":
		st.bobConflict(s, args, more)
	case "With":
		if m := stepOf(more, "As"); m != nil {
			st.With = append(st.With, CTE{args[0], m.Args[0]})
		}
	case "GroupBy":
		st.Group = append(st.Group, args[0])
	case "OrderBy":
		st.Order = append(st.Order, args[0])
	case "Returning":
		st.Returning = append(st.Returning, args...)
	}
}

// stepOf returns the step of the name that has arguments, nil if there is none.
func stepOf(steps []value.Value, name string) *value.Step {
	for _, v := range steps {
		if s, ok := v.(*value.Step); ok && s.Method == name && len(s.Args) > 0 {
			return s
		}
	}
	return nil
}

// bobAliased returns a table with the name that a later step gives it.
func bobAliased(table value.Value, more []value.Value) value.Value {
	table = value.InParens(table)
	if as := stepOf(more, "As"); as != nil {
		return value.Concat(table, value.Static(" AS ", as.Pos), as.Args[0])
	}
	return table
}

func (st *Statement) bobJoin(word string, table value.Value, more []value.Value) {
	pos := table.At().Pos
	join := value.Concat(value.Static(word, pos), bobAliased(table, more))
	if on := stepOf(more, "On"); on != nil {
		join = value.Concat(join, value.Static(" ON ", pos), value.Joined(value.Elements(spreadArgs(on.Args)...), " AND ", pos))
	}
	if on := stepOf(more, "OnEQ"); on != nil && len(on.Args) > 1 {
		join = value.Concat(join, value.Static(" ON ", pos), on.Args[0], value.Static(" = ", pos), on.Args[1])
	}
	if using := stepOf(more, "Using"); using != nil {
		join = value.Concat(join, value.Static(" USING (", pos), value.Joined(value.Elements(spreadArgs(using.Args)...), ", ", pos), value.Static(")", pos))
	}
	st.Joins = append(st.Joins, join)
}

func (st *Statement) bobConflict(s *value.Step, args, more []value.Value) {
	target := value.Concat(value.Static("ON CONFLICT (", s.Pos), value.Joined(value.Elements(args...), ", ", s.Pos), value.Static(")", s.Pos))
	if s.Method == "OnConflictOnConstraint" {
		target = value.Concat(value.Static("ON CONFLICT ON CONSTRAINT ", s.Pos), args[0])
	}
	st.Conflict = append(st.Conflict, target)
	if update := stepOf(more, "DoUpdate"); update != nil {
		action := &Statement{Verb: "UPDATE", in: st.in}
		action.bobMods(update.Args)
		st.doUpdate(action, s.Pos)
	} else {
		st.Conflict = append(st.Conflict, value.Static("DO NOTHING", s.Pos))
	}
}
