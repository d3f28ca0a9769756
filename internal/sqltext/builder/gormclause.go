package builder

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// gormForms are GORM's structs that stand for conditions, and what they say.
var gormForms = map[string]Form{
	"Eq": {Text: gormComparison("=")}, "Neq": {Text: gormComparison("<>")},
	"Gt": {Text: gormComparison(">")}, "Gte": {Text: gormComparison(">=")},
	"Lt": {Text: gormComparison("<")}, "Lte": {Text: gormComparison("<=")},
	"Like": {Text: gormComparison("LIKE")},
	"IN":   {Text: gormIn},
	"Expr": {Text: gormExpr}, "NamedExpr": {Text: gormExpr},
	"Where":         {Text: gormJunction(value.And)},
	"AndConditions": {Text: gormJunction(value.And)},
	"OrConditions":  {Text: gormJunction(value.Or)},
	"NotConditions": {Text: func(r *value.Record) value.Value { return negated(gormJunction(value.And)(r)) }},
	"Column":        {Text: func(r *value.Record) value.Value { return gormColumn(r) }},
}

// negated returns the opposite of a condition.
func negated(v value.Value) value.Value {
	pos := v.At().Pos
	return value.Concat(value.Static("NOT (", pos), v, value.Static(")", pos))
}

// field returns a field of a struct, a hole if it is not known.
func field(r *value.Record, name string) value.Value {
	if v := r.Lookup(name); v != nil {
		return v
	}
	return value.HoleAt(r.Pos, value.AnyHole)
}

func gormComparison(operator string) func(*value.Record) value.Value {
	return func(r *value.Record) value.Value {
		return value.Concat(gormColumn(field(r, "Column")), compared(operator, field(r, "Value")))
	}
}

func gormIn(r *value.Record) value.Value {
	return oneOf(gormColumn(field(r, "Column")), " IN (", r.Pos)
}

// gormColumn returns a column given by its name, or as a clause.Column.
func gormColumn(v value.Value) value.Value {
	r, ok := v.(*value.Record)
	if !ok {
		return gormName(v)
	}
	name := gormName(field(r, "Name"))
	if isSet(r, "Raw") {
		return field(r, "Name")
	}
	table, ok := value.Plain(field(r, "Table"))
	if !ok || table == "" || table == gormThisTable {
		return name
	}
	return value.Concat(value.Static(Quote(table)+".", r.Pos), name)
}

// What GORM writes for the table of the statement, and for its key.
const (
	gormThisTable = "~~~ct~~~"
	gormThisKey   = "~~~py~~~"
)

func gormName(v value.Value) value.Value {
	if name, ok := value.Plain(v); ok {
		if name == gormThisKey {
			name = "id"
		}
		return value.Static(Quote(name), v.At().Pos)
	}
	return value.HoleAt(v.At().Pos, value.NameHole)
}

// gormExpr returns SQL with expressions among its values.
func gormExpr(r *value.Record) value.Value {
	sql := field(r, "SQL")
	vars, ok := r.Lookup("Vars").(*value.List)
	if !ok {
		return sql
	}
	operands := slices.Clone(vars.Elems)
	for i, v := range operands {
		if _, isText := v.(*value.Text); isText || value.IsBase(v) {
			operands[i] = value.Placeholder(v.At().Pos)
		}
	}
	return value.Fill(sql, operands)
}

func gormJunction(j value.Junction) func(*value.Record) value.Value {
	return func(r *value.Record) value.Value { return joinedBy(j, field(r, "Exprs")) }
}

// joinedBy returns a list of conditions as one.
func joinedBy(j value.Junction, v value.Value) value.Value {
	l, ok := v.(*value.List)
	if !ok {
		return v
	}
	w := *l
	w.Junction = j
	return &w
}

// gormClause reads a clause that is added to the statement.
func (st *Statement) gormClause(v value.Value, optional bool) {
	v = st.in.Settle(v)
	if r, ok := v.(*value.Record); ok {
		name, ok := strings.CutPrefix(r.Type, "gorm.io/gorm/clause.")
		if form, _ := FormOf(r.Type); form.Text == nil && name == "OnConflict" {
			st.onClash = r
			return
		} else if form.Text == nil && ok {
			return // Locking, Returning, Limit …
		}
	}
	st.gormWhere(v)
	st.Where[len(st.Where)-1].Optional = optional
}

// gormWhere adds a condition; one of a junction by OR that has no other is joined
// to what stands before it by OR.
func (st *Statement) gormWhere(v value.Value) {
	if single(v) {
		st.orIn(v)
	} else {
		st.andIn(v)
	}
}

func single(v value.Value) bool {
	if r, ok := v.(*value.Record); ok && strings.HasSuffix(r.Type, ".OrConditions") {
		v = joinedBy(value.Or, field(r, "Exprs"))
	}
	l, ok := v.(*value.List)
	return ok && l.Junction == value.Or && len(l.Elems) == 1
}

// gormConflict writes clause.OnConflict, when the table is known.
func (st *Statement) gormConflict(r *value.Record) {
	var columns []value.Value
	if l, ok := st.in.Settle(field(r, "Columns")).(*value.List); ok {
		elems, _ := st.in.Elements(l.Elems)
		for _, c := range elems {
			columns = append(columns, gormColumn(c))
		}
	} else {
		columns = append(columns, value.HoleAt(r.Pos, value.ListHole))
	}
	all := isSet(r, "UpdateAll")
	o, _ := st.from().(*value.Object)
	constraint, named := value.Plain(field(r, "OnConstraint"))
	named = named && constraint != ""
	if len(columns) == 0 && all && !named && o != nil {
		for _, key := range o.Table.Key() {
			columns = append(columns, value.Static(Quote(key), r.Pos))
		}
	}
	st.conflict(value.Static("ON CONFLICT", r.Pos))
	switch {
	case len(columns) > 0:
		st.conflict(value.Static("(", r.Pos), value.Joined(value.Elements(columns...), ", ", r.Pos), value.Static(")", r.Pos))
	case named:
		st.conflict(value.Static("ON CONSTRAINT "+Quote(constraint), r.Pos))
	}
	if isSet(r, "DoNothing") {
		st.conflict(value.Static("DO NOTHING", r.Pos))
		return
	}
	var sets []value.Value
	if isSet(r, "DoUpdates") {
		sets = gormAssignments(st.in.Settle(field(r, "DoUpdates")))
	}
	if all && o != nil {
		sets = append(sets, excluded(o)...)
	}
	if len(sets) == 0 {
		sets = []value.Value{value.HoleAt(r.Pos, value.ListHole)}
	}
	st.conflict(value.Static("DO UPDATE SET ", r.Pos), value.Joined(value.Elements(sets...), ", ", r.Pos))
	if isSet(r, "Where") {
		st.Guard = []Term{{Of: field(r, "Where")}}
	}
}

func (st *Statement) conflict(parts ...value.Value) {
	st.Conflict = append(st.Conflict, value.Concat(parts...))
}

// from returns the table that the statement is about, nil if none is named.
func (st *Statement) from() value.Value {
	if len(st.From) == 0 {
		return nil
	}
	return st.From[0]
}

// isSet reports whether a field of a struct literal is given.
func isSet(r *value.Record, name string) bool {
	return slices.ContainsFunc(r.Parts, func(v value.Value) bool {
		e, ok := v.(*value.Entry)
		return ok && e.Name == name
	})
}

// excluded sets all columns of a model but its key to what was to be inserted.
func excluded(o *value.Object) (sets []value.Value) {
	for _, c := range o.Table.Columns {
		if !c.Key {
			sets = append(sets, value.Static(Quote(c.Name)+" = EXCLUDED."+Quote(c.Name), o.Pos))
		}
	}
	return sets
}

// gormAssignments returns what clause.Set says, or the functions that make one.
func gormAssignments(v value.Value) (sets []value.Value) {
	pos := v.At().Pos
	switch v := v.(type) {
	case *value.List:
		for _, e := range v.Elems {
			if r, ok := e.(*value.Record); ok {
				e = value.Concat(gormColumn(field(r, "Column")), compared("=", field(r, "Value")))
			}
			sets = append(sets, e)
		}
	case *value.Record:
		for _, part := range v.Parts {
			if e, ok := part.(*value.Entry); ok && e.Name != value.AnyName {
				sets = append(sets, value.Concat(value.Static(Quote(e.Name), pos), compared("=", e.Of)))
			} else {
				sets = append(sets, value.HoleAt(pos, value.ListHole))
			}
		}
	default:
		sets = append(sets, value.HoleAt(pos, value.ListHole))
	}
	return sets
}

// gormClauseFunction reads a function of GORM's packages that makes an expression.
func gormClauseFunction(c *Call) value.Value {
	if len(c.Args) == 0 {
		return nil
	}
	switch c.Name() {
	case "Expr":
		return value.Fill(c.Value(0), c.Operands(1))
	case "And", "Or":
		return c.junction(c.terms()...)
	case "Not":
		return negated(joinedBy(value.And, value.Elements(c.terms()...)))
	case "AssignmentColumns":
		return gormExcluded(c)
	case "Assignments":
		return c.Value(0)
	}
	return nil
}

// gormExcluded reads clause.AssignmentColumns.
func gormExcluded(c *Call) value.Value {
	names, ok := c.Value(0).(*value.List)
	if !ok {
		return nil
	}
	sets := make([]value.Value, len(names.Elems))
	for i, e := range names.Elems {
		sets[i] = value.HoleAt(c.Pos(), value.ListHole)
		if name, ok := value.Plain(e); ok {
			sets[i] = c.Static(Quote(name) + " = EXCLUDED." + Quote(name))
		}
	}
	return value.Elements(sets...)
}
