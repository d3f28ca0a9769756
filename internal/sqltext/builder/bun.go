package builder

import (
	"strings"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

var bun = &Builder{
	Name:     "bun",
	Packages: []string{"github.com/uptrace/bun"},
	Idents:   Names("github.com/uptrace/bun/schema.Ident github.com/uptrace/bun/schema.Name"),
	Models:   model.Bun,
	Mutable:  true,
	InPlace:  isQuery,
	Runs:     Names("Exec Scan Rows Count Exists ScanAndCount"),
	Renders:  Names("String AppendQuery"),
	Tables:   Names("Table TableExpr ModelTableExpr"),
	Limits:   Names("Where WhereOr WhereGroup WherePK Having Join JoinOn Apply Table TableExpr Model With"),
	Begin:    bunBegin,
	Step:     bunStep,
	Finish:   finishBun,
}

func bunBegin(c *Call) value.Value {
	name := c.Name()
	if c.Recv != nil {
		if owner := c.Owner(); strings.HasSuffix(owner, "Query") && verbOf(owner) == "" && owner != "MergeQuery" {
			return c.Unknown() // DDL, and Raw, whose text is read where it is given
		}
		switch name {
		case "NewSelect", "NewInsert", "NewUpdate", "NewDelete", "NewMerge":
			return c.begin(name, c.Recv.At().Through)
		case "Begin", "BeginTx", "NewRaw", "Conn":
			return c.Unknown()
		}
		if strings.HasPrefix(name, "New") {
			return c.Unknown()
		}
		return nil
	}
	switch name {
	case "NewSelectQuery", "NewInsertQuery", "NewUpdateQuery", "NewDeleteQuery":
		return c.begin(strings.TrimSuffix(name, "Query"), nil)
	case "In", "List", "Tuple":
		return value.HoleAt(c.Pos(), value.ListHole)
	case "Ident", "Name":
		if len(c.Args) == 1 {
			return nameOf(c.Value(0))
		}
	}
	return c.Unknown()
}

func bunStep(st *Statement, s *value.Step) {
	args := spreadArgs(s.Args)
	switch s.Method {
	case "NewSelect":
		st.Verb = "SELECT"
	case "NewInsert":
		st.Verb = "INSERT"
	case "NewUpdate":
		st.Verb = "UPDATE"
	case "NewDelete":
		st.Verb = "DELETE"
	case "NewMerge":
		st.Verb = "MERGE"
	case "WherePK":
		st.wherePK(s, args)
	case "Bulk": // joins the rows of the model by their key
		st.wherePK(s, nil)
	case "Distinct":
		st.Distinct = true
	}
	if len(args) == 0 {
		return
	}
	if st.Verb == "MERGE" && st.bunMerge(s, args) {
		return
	}
	filled := func() value.Value { return st.bunText(value.Fill(args[0], args[1:])) }
	switch s.Method {
	case "Model":
		st.model = args[0]
	case "ModelTableExpr":
		st.From = append([]value.Value{filled()}, st.From[min(len(st.From), 1):]...)
		st.renamed = true
	case "Table":
		for _, a := range args {
			st.From = append(st.From, nameOf(a))
		}
	case "TableExpr":
		st.From = append(st.From, filled())
	case "Column":
		for _, a := range args {
			if st.Verb == "INSERT" {
				st.Names = append(st.Names, nameOf(a))
			} else if st.Verb != "UPDATE" {
				st.Columns = append(st.Columns, nameOf(a))
			}
		}
	case "ColumnExpr":
		st.Columns = append(st.Columns, filled())
	case "Where":
		st.andIn(filled())
	case "WhereOr":
		st.orIn(filled())
	case "WhereGroup", "WhereOrGroup":
		st.whereGroup(s, args)
	case "Join":
		st.Joins = append(st.Joins, filled())
		st.joining = false
	case "JoinOn", "JoinOnOr":
		st.joinOn(s, filled())
	case "Group":
		for _, a := range args {
			st.Group = append(st.Group, nameOf(a))
		}
	case "GroupExpr":
		st.Group = append(st.Group, filled())
	case "Having":
		st.Having = append(st.Having, Term{Of: filled()})
	case "Order", "OrderExpr":
		st.Order = append(st.Order, args[0])
	case "Set":
		if st.Verb == "INSERT" {
			st.Conflict = append(st.Conflict, value.Concat(value.Static(st.setWord(), s.Pos), filled()))
		} else {
			st.Sets = append(st.Sets, filled())
		}
	case "SetColumn", "Value":
		if st.Verb == "INSERT" {
			st.extra = append(st.extra, nameOf(args[0]))
		} else if len(args) > 1 {
			st.set(nameOf(args[0]), value.Fill(args[1], args[2:]), s.Pos)
		}
	case "On":
		st.Conflict = append(st.Conflict, value.Concat(value.Static("ON ", s.Pos), filled()))
	case "Returning":
		st.Returning = append(st.Returning, args[0])
	case "With", "WithRecursive":
		if len(args) == 2 {
			st.With = append(st.With, CTE{nameOf(args[0]), args[1]})
			st.Recursive = st.Recursive || s.Method == "WithRecursive"
		}
	case "Union", "UnionAll", "Intersect", "IntersectAll", "Except", "ExceptAll":
		word := strings.ToUpper(strings.TrimSuffix(s.Method, "All")) + " "
		if strings.HasSuffix(s.Method, "All") {
			word += "ALL "
		}
		st.Unions = append(st.Unions, value.Concat(value.Static(word, s.Pos), value.InParens(args[0])))
	case "Relation":
		st.relation(args, s)
	case "Apply", "ApplyQueryBuilder":
		for _, a := range args {
			st.applyClosure(a)
		}
	}
}

// bunMerge reads the steps of a MERGE alone; it returns false for the others.
func (st *Statement) bunMerge(s *value.Step, args []value.Value) bool {
	word, ok := map[string]string{
		"Using": "USING ", "On": "ON ", "When": "WHEN ", "WhenInsert": "WHEN ", "WhenUpdate": "WHEN ", "WhenDelete": "WHEN ",
	}[s.Method]
	if !ok {
		return false
	}
	parts := []value.Value{value.Static(word, s.Pos)}
	arm := &Statement{in: st.in, model: st.model}
	switch s.Method {
	case "WhenInsert", "WhenUpdate":
		arm.Verb = strings.ToUpper(strings.TrimPrefix(s.Method, "When"))
		arm.applyClosure(args[1])
		parts = append(parts, args[0], value.Static(" THEN ", s.Pos), arm.mergeArm(s))
	case "WhenDelete":
		parts = append(parts, args[0], value.Static(" THEN DELETE", s.Pos))
	default:
		parts = append(parts, st.bunText(value.Fill(args[0], args[1:])))
	}
	st.Joins = append(st.Joins, value.Concat(parts...))
	return true
}

// mergeArm returns what is done with the rows of one arm: all columns of the model are
// set if none is named.
func (st *Statement) mergeArm(s *value.Step) value.Value {
	o, ok := st.model.(*value.Object)
	if st.Names = append(st.Names, st.extra...); ok && len(st.Names)+len(st.Sets) == 0 {
		st.setObject(o)
	}
	if st.Verb == "UPDATE" {
		return value.Concat(value.Static("UPDATE SET ", s.Pos), value.Joined(value.Elements(st.Sets...), ", ", s.Pos))
	}
	return value.Concat(value.Static("INSERT (", s.Pos), value.Joined(value.Elements(st.Names...), ", ", s.Pos),
		value.Static(") VALUES (", s.Pos), value.HoleAt(s.Pos, value.ListHole), value.Static(")", s.Pos))
}

// setWord begins the assignments of ON CONFLICT DO UPDATE, or goes on with them.
func (st *Statement) setWord() string {
	if st.setting {
		return ", "
	}
	st.setting = true
	return "SET "
}

// relation joins the rows of a field of the model, if that holds one of them; what
// a function adds is about the whole query then. Several are read by themselves.
func (st *Statement) relation(args []value.Value, s *value.Step) {
	path, ok := value.Plain(args[0])
	if !ok {
		return
	}
	st.related = append(st.related, related{path: path, kind: "LEFT JOIN ", pos: s.Pos})
	if o, ok := st.model.(*value.Object); ok && len(args) > 1 {
		if rel := o.Table.Relation(path); rel != nil && !rel.Many {
			st.applyClosure(args[1])
		}
	}
}

// joinOn adds to the condition of the last join.
func (st *Statement) joinOn(s *value.Step, cond value.Value) {
	if len(st.Joins) == 0 {
		return
	}
	word := " ON "
	if st.joining {
		word = map[string]string{"JoinOn": " AND ", "JoinOnOr": " OR "}[s.Method]
	}
	st.joining = true
	last := len(st.Joins) - 1
	st.Joins[last] = value.Concat(st.Joins[last], value.Static(word+"(", s.Pos), cond, value.Static(")", s.Pos))
}

// wherePK adds comparisons with the model's primary key, or the named columns.
func (st *Statement) wherePK(s *value.Step, columns []value.Value) {
	o, ok := st.model.(*value.Object)
	if !ok {
		st.and(value.Static("id = ?", s.Pos))
		return
	}
	var names []string
	for _, c := range columns {
		if name, ok := value.Plain(c); ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		names = o.Table.Key()
	}
	for _, name := range names {
		st.keyTerm(o, name, o.Pos)
	}
}

// whereGroup adds the conditions of a closure in parentheses.
func (st *Statement) whereGroup(s *value.Step, args []value.Value) {
	if len(args) < 1 {
		return
	}
	sep := " AND "
	if len(args) == 2 {
		if text, ok := value.Plain(args[0]); ok {
			sep = text
		}
	} else if s.Method == "WhereOrGroup" {
		sep = " OR "
	}
	group := &Statement{Verb: st.Verb, model: st.model, in: st.in}
	group.applyClosure(args[len(args)-1])
	if len(group.Where) > 0 {
		st.Where = append(st.Where, Term{Of: termsOf(group.Where, s.Pos), Group: true, Or: strings.Contains(strings.ToUpper(sep), "OR")})
	}
}

// bunText puts the model's names into the places that bun keeps for them.
func (st *Statement) bunText(v value.Value) value.Value {
	o, ok := st.model.(*value.Object)
	if !ok {
		return v
	}
	for old, name := range map[string]string{
		"?TableAlias": o.Table.Alias, "?TableName": o.Table.Name, "?PKs": strings.Join(o.Table.Key(), ", "),
	} {
		mentions := func(v value.Value) bool {
			t, ok := v.(*value.Text)
			return ok && strings.Contains(t.S, old)
		}
		if name != "" && value.Has(v, mentions) {
			v = value.Replace(v, old, value.Static(Quote(name), v.At().Pos))
		}
	}
	return v
}

// finishBun names the table after the model and, in an INSERT, its columns.
func finishBun(st *Statement) {
	o, ok := st.model.(*value.Object)
	if st.Verb == "INSERT" && len(st.Conflict) > 0 {
		st.finishConflict(o)
	}
	if !ok {
		st.Names = append(st.Names, st.extra...)
		return
	}
	st.relate(model.Underscore)
	if !st.renamed && o.Table.Name != "" && (st.Verb != "INSERT" || len(st.From) == 0) {
		from := value.Value(o)
		if (st.Verb != "INSERT" || len(st.Conflict) > 0) && o.Table.Alias != "" && o.Table.Alias != o.Table.Name {
			from = value.Concat(o, value.Static(" AS "+Quote(o.Table.Alias), o.Pos))
		}
		st.From = append([]value.Value{from}, st.From...)
	}
	if st.Verb == "INSERT" && len(st.Names) == 0 || st.Verb == "UPDATE" && len(st.Sets) == 0 {
		st.setObject(o)
	}
	st.Names = append(st.Names, st.extra...)
}

// finishConflict completes ON CONFLICT … DO UPDATE: it sets what was given before the
// verb was, or all columns of the model, and conditions are its own.
func (st *Statement) finishConflict(o *value.Object) {
	last := st.Conflict[len(st.Conflict)-1]
	if st.setting || endsIn(last, "DO UPDATE") {
		st.Guard, st.Where = st.Where, nil
	}
	if st.setting || !endsIn(last, "DO UPDATE") {
		return
	}
	sets := st.Sets
	if len(sets) == 0 && o != nil {
		sets = excluded(o)
	}
	if len(sets) > 0 {
		st.conflict(value.Static("SET ", last.At().Pos), value.Joined(value.Elements(sets...), ", ", last.At().Pos))
	}
}

// endsIn reports whether a text is known to end in a word.
func endsIn(v value.Value, word string) bool {
	text, ok := value.Plain(v)
	return ok && strings.HasSuffix(strings.ToUpper(strings.TrimSpace(text)), word)
}
