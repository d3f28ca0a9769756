package builder

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

var gorm = &Builder{
	Name:     "gorm",
	Packages: []string{"gorm.io/gorm", "gorm.io/gorm/clause"},
	Owns:     func(obj types.Object) bool { return !isGORMInterface(obj) }, // its generics'
	Models:   model.GORM,
	Mutable:  true,
	Chained:  true,
	Queries:  true,
	Runs:     gormRuns,
	Setters:  Names("Update UpdateColumn"),
	Tables:   Names("Table Update Delete"),
	Limits:   Names("Where Or Not Having Joins Scopes Table Model Update Delete"),
	Forms:    gormForms,
	Arg: func(c *Call, i int) value.Value {
		switch name := c.Name(); {
		case i == 1 && gormInline[name],
			c.IsText(i) && gormNames[name],
			i > 0 && c.IsText(i) && name == "Where" && c.isModel(c.Arg(0)),
			i > 1 && c.IsText(i) && gormInline[name] && c.isModel(c.Arg(1)): // the fields that count
			return c.Args[i]
		}
		return nil
	},
	Begin:  gormBegin,
	Step:   gormStep,
	Finish: gormFinish,
	Fresh:  gormFresh,
}

var gormRuns = Names(`Find First Take Last Scan Pluck Count Row Rows FirstOrCreate FirstOrInit FindInBatches
	Create CreateInBatches Save Update Updates UpdateColumn UpdateColumns Delete Clear`)

// gormInline are the methods that take a condition behind the destination.
var gormInline = Names("First Take Last Find FirstOrCreate FirstOrInit Delete")

// gormNames are the methods that take the names of columns.
var gormNames = Names("Select Distinct")

func isGORMInterface(obj types.Object) bool {
	return obj.Pkg().Path() == "gorm.io/gorm" && types.IsInterface(obj.Type())
}

func gormBegin(c *Call) value.Value {
	if c.Recv == nil {
		return gormClauseFunction(c)
	}
	switch c.Name() {
	case "Session":
		if len(c.Args) > 0 && isFresh(c.Value(0)) {
			return c.Unknown()
		}
		if gormFresh(c.Recv) {
			return c.Recv
		}
	case "Begin", "WithContext", "Debug", "Set", "InstanceSet":
		if !value.IsChain(c.Recv) {
			return c.Recv
		}
	}
	return nil
}

// gormFresh reports whether a handle begins a new statement with each call.
func gormFresh(v value.Value) bool {
	c, ok := v.(*value.Chain)
	if !ok {
		return true
	}
	s, ok := c.Steps[len(c.Steps)-1].(*value.Step)
	return ok && gormRenews[s.Method]
}

var gormRenews = Names("WithContext Session Debug Begin")

func gormStep(st *Statement, s *value.Step) {
	args := s.Args
	if len(args) == 0 {
		switch s.Method {
		case "Distinct":
			st.Distinct = true
		case "Rows", "Row", "Clear", "Count":
			st.finishGORM(s, nil)
		}
		return
	}
	switch s.Method {
	case "Model":
		st.model = args[0]
	case "Table":
		st.From = []value.Value{value.Fill(args[0], args[1:])}
	case "Select":
		st.Columns = append(st.Columns, gormColumns(args)...)
	case "Distinct":
		st.Distinct = true
		st.Columns = append(st.Columns, gormColumns(args)...)
	case "Where":
		st.gormWhere(st.gormCondition(args))
	case "Or":
		st.orIn(st.gormCondition(args))
	case "Not":
		st.and(value.Concat(value.Static("NOT (", s.Pos), st.gormCondition(args), value.Static(")", s.Pos)))
	case "Association":
		st.gormAssociation(args[0], s.Pos)
	case "Having":
		st.Having = append(st.Having, Term{Of: value.Fill(args[0], args[1:])})
	case "Joins", "InnerJoins":
		st.gormJoin(s, args)
	case "Group":
		st.Group = append(st.Group, args[0])
	case "Order":
		st.Order = append(st.Order, args[0])
	case "Scopes":
		for _, a := range spreadArgs(args) {
			st.applyClosure(a)
		}
	case "Clauses":
		elems, optional := st.in.Elements(spreadArgs(args))
		for _, e := range elems {
			st.gormClause(e, optional[e])
		}
	default:
		if gormRuns[s.Method] {
			st.finishGORM(s, args)
		}
	}
}

// gormColumns returns columns given by their names, or as text with values.
func gormColumns(args []value.Value) []value.Value {
	if value.Has(args[0], hasMark) {
		return []value.Value{value.Fill(args[0], args[1:])}
	}
	return args
}

func hasMark(v value.Value) bool {
	t, ok := v.(*value.Text)
	return ok && strings.Contains(t.S, "?")
}

// gormJoin adds a join given as text, or by the name of an association, with
// conditions in a handle of their own.
func (st *Statement) gormJoin(s *value.Step, args []value.Value) {
	text, isPlain := value.Plain(args[0])
	if isPlain && !strings.ContainsAny(strings.TrimSpace(text), " \n\t") {
		kind := map[string]string{"Joins": "LEFT JOIN ", "InnerJoins": "JOIN "}[s.Method]
		r := related{path: text, kind: kind, pos: s.Pos}
		if len(args) > 1 {
			r.on = func(alias string) value.Value { return st.gormOn(args[1], alias) }
		}
		st.related = append(st.related, r)
		return
	}
	join := value.Fill(args[0], args[1:])
	if isPlain && !strings.Contains(strings.ToUpper(text), "JOIN") {
		join = value.Concat(value.Static("JOIN ", s.Pos), join)
	}
	st.Joins = append(st.Joins, join)
}

// gormOn returns the conditions that a handle adds to the join of a table.
func (st *Statement) gormOn(v value.Value, alias string) value.Value {
	c, ok := st.in.Settle(v).(*value.Chain)
	if !ok {
		return value.Empty
	}
	on := &Statement{in: st.in, qualifier: alias}
	on.steps(c)
	if len(on.Where) == 0 {
		return value.Empty
	}
	return value.Concat(value.Static(" AND ", c.Pos), termsOf(on.Where, c.Pos))
}

func gormFinish(st *Statement) {
	st.setTable(st.model)
	if st.model == nil {
		st.model = st.from()
	}
	st.relate(func(field string) string { return field })
	st.gormFilter()
	if st.onClash != nil {
		st.gormConflict(st.onClash)
	}
}

// gormFilter adds the conditions of the types of the model's fields, to which GORM
// joins all others as one.
func (st *Statement) gormFilter() {
	o, ok := st.model.(*value.Object)
	if !ok {
		return
	}
	verb := cmp.Or(st.Verb, "SELECT")
	for _, c := range o.Table.Columns {
		if !slices.Contains(c.Filters, verb) {
			continue
		}
		column := Quote(c.Name)
		if _, own := st.from().(*value.Object); own && len(st.Joins) > 0 {
			column = Quote(baseName(o.Table)) + "." + column
		}
		if slices.ContainsFunc(st.Where, func(t Term) bool { return t.Or }) {
			st.Where = []Term{{Group: true, Of: termsOf(st.Where, o.Pos)}}
		}
		st.and(value.Static(column+" = ?", o.Pos))
	}
}

// isFresh reports whether a gorm.Session leaves out what the statement has.
func isFresh(session value.Value) bool {
	r, ok := session.(*value.Record)
	return ok && isSet(r, "NewDB")
}

// gormAssociation makes the statement one about the rows of a field of the model:
// those that refer to it.
func (st *Statement) gormAssociation(name value.Value, pos token.Pos) {
	field, _ := value.Plain(name)
	o, ok := st.model.(*value.Object)
	var rel *model.Relation
	if ok {
		rel = o.Table.Relation(field)
	}
	if rel == nil {
		st.model, st.From = nil, []value.Value{value.HoleAt(pos, value.NameHole)}
		return
	}
	st.model, st.From = &value.Object{Origin: value.Origin{Pos: pos}, Table: rel.Table}, nil
	for _, pair := range rel.On {
		st.and(value.Static(Quote(pair[1])+" = ?", pos))
	}
	if rel.On == nil {
		st.and(value.HoleAt(pos, value.AnyHole))
	}
}

// gormCondition returns a condition: text with values, a map, a struct, a group
// in a handle of its own, or values of the primary key.
func (st *Statement) gormCondition(args []value.Value) value.Value {
	v := st.in.Settle(args[0])
	var typ types.Type
	switch v := v.(type) {
	case *value.Chain:
		group := &Statement{in: st.in, model: st.model, qualifier: st.qualifier}
		group.steps(v)
		return termsOf(group.Where, v.Pos)
	case *value.Object:
		return st.qualified(objectConditions(v, args[1:]))
	case *value.Record:
		return st.qualified(v)
	case *value.List:
		if v.Junction == value.NoJunction {
			return st.byKey(v.Pos)
		}
		return v
	case *value.Sequence, *value.Join:
		return value.Fill(v, args[1:])
	case *value.Text:
		if isNumber(v.S) {
			return st.byKey(v.Pos)
		}
		return value.Fill(v, args[1:])
	case *value.Hole:
		typ = v.Type
	case *value.Param:
		typ = v.Type
	}
	if typ != nil && isKey(typ) {
		return st.byKey(v.At().Pos)
	}
	return v
}

// isKey reports whether GORM takes a value of the type for one of the primary key, or
// for several.
func isKey(t types.Type) bool {
	for range 3 {
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			if value.IsText(u.Elem()) {
				return true
			}
			t = u.Elem()
		case *types.Array: // a UUID
			return true
		case *types.Basic:
			return u.Info()&types.IsNumeric != 0
		default:
			return false
		}
	}
	return false
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// finishGORM makes the statement of the method that runs it.
func (st *Statement) finishGORM(s *value.Step, args []value.Value) {
	var dest value.Value
	if len(args) > 0 {
		dest = st.in.Settle(args[0])
	}
	o, isObject := dest.(*value.Object)
	switch s.Method {
	case "Create", "CreateInBatches":
		st.Verb = "INSERT"
		st.setTable(dest)
		if _, isMap := dest.(*value.Record); isMap || isObject {
			st.setRecord(dest)
		}
	case "Save":
		st.Verb = "UPDATE"
		st.setTable(dest)
		if isObject && o.IsNew() {
			st.Verb = "INSERT"
			st.setObject(o)
		} else if isObject {
			if len(st.Columns) == 0 {
				st.Where = nil // where no row meets it, Save inserts, or overwrites the row of the key
			}
			st.setObject(o)
			st.keyTerms(keySet(o))
		}
	case "Update", "UpdateColumn":
		st.Verb = "UPDATE"
		st.setTable(st.model)
		st.keyTerms(st.changed())
		if len(args) > 1 {
			st.set(nameOf(dest), setOperand(args[1]), s.Pos)
		}
	case "Updates", "UpdateColumns":
		st.Verb = "UPDATE"
		st.setTable(st.model)
		if st.model == nil {
			st.setTable(dest)
			st.keyTerms(dest)
		}
		st.keyTerms(st.changed())
		st.setRecord(dest)
	case "Clear": // the rows of an association refer to nothing then
		st.Verb = "UPDATE"
		st.setTable(st.model)
	case "Delete":
		st.Verb = "DELETE"
		st.setTable(dest)
		if isObject && len(o.Entries) == 0 && len(st.Where) == 0 && len(args) < 2 {
			dest = keySet(o) // GORM refuses to delete everything: the key must have been set
		}
		st.keyTerms(dest)
		st.inline(dest, args)
	case "Pluck":
		st.Columns = []value.Value{dest}
		st.setTable(st.model)
	case "Count":
		st.Columns = []value.Value{value.Static("count(*)", s.Pos)}
		st.setTable(st.model)
	case "Row", "Rows":
		st.setTable(st.model)
	default:
		st.Verb = "SELECT"
		hasModel := st.model != nil
		if hasModel {
			st.setTable(st.model)
		} else if isObject {
			st.setTable(dest)
		}
		again := !hasModel && len(st.Where) == 0 && len(args) == 1 && s.Method != "Scan" // by its key alone
		if isObject && (o.Made == value.AsLiteral || o.Made == value.Somehow && again) {
			st.keyTerms(o)
		}
		if s.Method != "FindInBatches" {
			st.inline(dest, args)
		}
	}
}

// changed returns the model of an update. GORM refuses to change everything: without a condition,
// who has had hold of a literal must have set its key.
func (st *Statement) changed() value.Value {
	if o, ok := st.model.(*value.Object); ok && o.Handed && len(st.Where) == 0 {
		return keySet(o)
	}
	return st.model
}

// keySet returns a literal as an object whose key is set all the same.
func keySet(o *value.Object) *value.Object {
	if o.Made != value.AsLiteral {
		return o
	}
	w := *o
	w.Made = value.Somehow
	return &w
}

// inline adds the conditions behind the destination: First(&x, "id = ?", id).
func (st *Statement) inline(dest value.Value, args []value.Value) {
	if len(args) < 2 {
		return
	}
	if o, ok := dest.(*value.Object); ok && st.model == nil {
		st.model = o
	}
	if value.IsPlaceholder(args[1]) {
		st.and(st.byKey(args[1].At().Pos))
		return
	}
	st.gormWhere(st.gormCondition(args[1:]))
}
