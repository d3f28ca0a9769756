package sqltext

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/model"
)

var gormTerminal = names(`Find First Take Last Scan Pluck Count Row Rows FirstOrCreate FirstOrInit FindInBatches
		Create CreateInBatches Save Update Updates UpdateColumn UpdateColumns Delete`)

var gormMapper = &mapper{
	tags:       model.GORM,
	mutable:    true,
	terminal:   gormTerminal,
	expression: gormExpression,
	step:       gormStep,
	finish:     func(_ *writer, st *statement) { st.setTable(st.model) },
}

func gormExpression(f *frame, fn *types.Func, call *ast.CallExpr, recv *value, args []*value) *value {
	if recv == nil {
		if fn.Name() == "Expr" && len(args) > 0 {
			return fill(args[0], f.operands(call, args, 1))
		}
		return nil
	}
	switch fn.Name() {
	case "Begin", "Session", "WithContext", "Debug", "Set", "InstanceSet":
		if fn.Name() == "Session" && fresh(recv) {
			return recv
		}
		if recv.Kind != chain {
			return recv
		}
	}
	return nil
}

func gormStep(w *writer, st *statement, s *value) {
	args := s.Kids
	if len(args) == 0 {
		switch s.Text {
		case "Distinct":
			st.distinct = true
		case "Rows", "Row":
			st.finishGORM(w, s, nil)
		}
		return
	}
	switch s.Text {
	case "Model":
		st.model = args[0]
	case "Table":
		st.from = []*value{gormTable(args)}
	case "Select":
		st.columns = append(st.columns, fill(args[0], args[1:]))
	case "Distinct":
		st.distinct = true
	case "Where":
		st.andIn(gormCondition(w, st, args))
	case "Or":
		st.orIn(gormCondition(w, st, args))
	case "Not":
		st.and(concat(static("NOT (", s.pos), gormCondition(w, st, args), static(")", s.pos)))
	case "Having":
		st.having = append(st.having, term{v: fill(args[0], args[1:])})
	case "Joins", "InnerJoins":
		st.joins = append(st.joins, gormJoin(s, args))
	case "Group":
		st.group = append(st.group, args[0])
	case "Order":
		st.order = append(st.order, args[0])
	case "Scopes":
		for _, a := range spreadArgs(args) {
			st.applyClosure(w, a)
		}
	case "Clauses":
		for _, a := range spreadArgs(args) {
			st.gormClause(a)
		}
	default:
		if gormTerminal[s.Text] {
			st.finishGORM(w, s, args)
		}
	}
}

// gormTable returns the table of Table("name AS n") or Table("(?) AS n", query).
func gormTable(args []*value) *value { return fill(args[0], args[1:]) }

// gormJoin returns a join given as text; the name of an association joins the
// table of its field by key, which is left out: its rows are reached by key.
func gormJoin(s *value, args []*value) *value {
	if name, ok := plain(args[0]); ok && !strings.ContainsAny(strings.TrimSpace(name), " \n\t") {
		return empty
	}
	join := fill(args[0], args[1:])
	if text, ok := plain(args[0]); ok && !strings.Contains(strings.ToUpper(text), "JOIN") {
		return concat(static("JOIN ", s.pos), join)
	}
	return join
}

// gormCondition returns a condition: text with values, a map, a struct, a group
// in a handle of its own, or a value of the primary key.
func gormCondition(w *writer, st *statement, args []*value) *value {
	v := args[0]
	for v.Kind == either {
		v, _ = w.pick(v, 0)
	}
	switch v.Kind {
	case chain:
		group := &statement{}
		w.steps(group, v, 1)
		return termsOf(group.where, v)
	case object:
		return objectConditions(v)
	case record, list, sequence, junction:
		if v.Kind == record || v.Kind == list {
			return v
		}
		return fill(v, args[1:])
	case text:
		if isNumber(v.Text) {
			return st.byKey(v)
		}
		return fill(v, args[1:])
	}
	if v.typ != nil && !isText(v.typ) {
		if _, isInterface := v.typ.Underlying().(*types.Interface); !isInterface {
			return st.byKey(v)
		}
	}
	return v
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// termsOf returns the predicates of a group as one.
func termsOf(terms []term, at *value) *value {
	var parts []*value
	for i, t := range terms {
		switch {
		case i == 0:
		case t.or:
			parts = append(parts, static(" OR ", at.pos))
		default:
			parts = append(parts, static(" AND ", at.pos))
		}
		parts = append(parts, static("(", at.pos), t.v, static(")", at.pos))
	}
	return concat(parts...)
}

// objectConditions returns the comparisons that a struct stands for: those of the
// fields that its literal sets.
func objectConditions(v *value) *value {
	if v.Text != literalObject {
		return holeAt(v.pos, AnyHole)
	}
	r := &value{Kind: record, pos: v.pos}
	for _, e := range v.Kids {
		if e.Kind != entry {
			return holeAt(v.pos, AnyHole)
		}
		if column := v.Table.ColumnOf(e.Text); column != "" {
			r.Kids = append(r.Kids, &value{Kind: entry, Text: column, Kids: []*value{placeholder(e.pos)}, pos: e.pos})
		}
	}
	return r
}

// byKey returns a comparison of the model's primary key.
func (st *statement) byKey(at *value) *value {
	key := "id"
	if st.model != nil && st.model.Kind == object {
		if names := st.model.Table.Key(); len(names) > 0 {
			key = names[0]
		}
	}
	return static(quoteName(key)+" = ?", at.pos)
}

// keyTerms adds the comparisons with the key of an object whose key is set.
func (st *statement) keyTerms(o *value) {
	if o == nil || o.Kind != object {
		return
	}
	set := map[string]bool{}
	for _, e := range o.Kids {
		if e.Kind == entry {
			set[o.Table.ColumnOf(e.Text)] = true
		}
	}
	for _, name := range o.Table.Key() {
		if o.Text == listObject {
			st.and(concat(static(quoteName(name)+" IN (", o.pos), holeAt(o.pos, ListHole), static(")", o.pos)))
		} else if o.Text != literalObject || set[name] {
			st.and(static(quoteName(name)+" = ?", o.pos))
		}
	}
}

// gormClause reads clause.OnConflict.
func (st *statement) gormClause(v *value) {
	if v.Kind != record || !strings.HasSuffix(v.Text, "OnConflict") {
		return
	}
	parts := []*value{static("ON CONFLICT", v.pos)}
	if columns := v.lookup("Columns"); columns != nil && columns.Kind == list {
		names := elements()
		for _, c := range columns.Kids {
			if name := c.lookup("Name"); name != nil {
				names = extend(names, name)
			}
		}
		parts = append(parts, static(" (", v.pos), joined(names, ", ", v.pos), static(")", v.pos))
	}
	if nothing := v.lookup("DoNothing"); nothing != nil {
		parts = append(parts, static(" DO NOTHING", v.pos))
	} else {
		parts = append(parts, static(" DO UPDATE SET ", v.pos), holeAt(v.pos, ListHole))
	}
	st.conflict = append(st.conflict, concat(parts...))
}

// applyClosure adds the steps of a function that takes and returns the builder.
func (st *statement) applyClosure(w *writer, v *value) {
	for v.Kind == either {
		v, _ = w.pick(v, 0)
	}
	if v.Kind != lambda || len(v.Kids) == 0 || v.Kids[0] == nil {
		st.and(holeAt(v.pos, AnyHole))
		return
	}
	w.through = append(w.through, v.Through...)
	body := substitute(v.Kids[0], v.Index, map[int]*value{0: empty}, v.pos, false)
	for body.Kind == either {
		body, _ = w.pick(body, 0)
	}
	if body.Kind == chain {
		w.steps(st, body, 1)
	}
}

// finishGORM makes the statement of the method that runs it.
func (st *statement) finishGORM(w *writer, s *value, args []*value) {
	var dest *value
	if len(args) > 0 {
		dest = args[0]
		for dest.Kind == either {
			dest, _ = w.pick(dest, 0)
		}
	}
	isObject := dest != nil && dest.Kind == object
	switch s.Text {
	case "Create", "CreateInBatches":
		st.verb = "INSERT"
		st.setTable(dest)
		switch {
		case isObject:
			st.setObject(w, dest)
		case dest.Kind == record:
			st.setRecord(w, dest)
		}
		return
	case "Save":
		st.verb = "UPDATE"
		st.setTable(dest)
		if isObject {
			st.setObject(w, dest)
			o := *dest
			if o.Text == literalObject {
				o.Text = ""
			}
			st.keyTerms(&o)
		}
		return
	case "Update", "UpdateColumn":
		st.verb = "UPDATE"
		st.setTable(st.model)
		st.keyTerms(st.model)
		if len(args) > 1 {
			st.sets = append(st.sets, concat(nameOf(dest), static(" = ", s.pos), setOperand(args[1])))
		}
		return
	case "Updates", "UpdateColumns":
		st.verb = "UPDATE"
		st.setTable(st.model)
		if st.model == nil {
			st.setTable(dest)
			st.keyTerms(dest)
		}
		st.keyTerms(st.model)
		st.setRecord(w, dest)
		return
	case "Delete":
		st.verb = "DELETE"
		st.setTable(dest)
		if isObject && dest.Text == literalObject && len(dest.Kids) == 0 && len(st.where) == 0 && len(args) < 2 {
			// GORM refuses to delete everything: the key must have been set.
			o := *dest
			o.Text = ""
			dest = &o
		}
		st.keyTerms(dest)
		st.inline(w, dest, args)
		return
	case "Pluck":
		st.columns = []*value{dest}
		st.setTable(st.model)
		return
	case "Count":
		st.columns = []*value{static("count(*)", s.pos)}
		st.setTable(st.model)
		return
	case "Row", "Rows":
		st.setTable(st.model)
		return
	}
	st.verb = "SELECT"
	if st.model != nil {
		st.setTable(st.model)
	} else if isObject {
		st.setTable(dest)
	}
	if s.Text != "FindInBatches" {
		st.inline(w, dest, args)
	}
}

// inline adds the conditions behind the destination: First(&x, "id = ?", id).
func (st *statement) inline(w *writer, dest *value, args []*value) {
	if len(args) < 2 {
		return
	}
	if st.model == nil && dest.Kind == object {
		st.model = dest
	}
	v := args[1]
	if isPlaceholder(v) {
		st.and(st.byKey(v))
		return
	}
	st.andIn(gormCondition(w, st, args[1:]))
}

// setTable names the table unless a step did.
func (st *statement) setTable(o *value) {
	if len(st.from) > 0 {
		return
	}
	if o == nil {
		o = st.model
	}
	if o == nil || o.Kind != object {
		if st.model != nil && st.model.Kind == object {
			o = st.model
		} else {
			return
		}
	}
	st.from = []*value{o}
}
