package sqltext

import (
	"strings"

	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// chain writes the statement that a builder makes.
func (w *writer) chain(v *value.Chain, depth int) {
	st := w.statement(v, depth)
	if st == nil {
		w.hole(v)
		return
	}
	if st.Alias != nil {
		w.puts("(")
	}
	w.statementText(st, depth+1)
	if st.Alias != nil {
		w.puts(") AS ")
		w.value(st.Alias, depth+1)
	}
}

// statement collects what the steps of a chain say in this alternative.
func (w *writer) statement(c *value.Chain, depth int) *builder.Statement {
	if depth > maxNest {
		return nil
	}
	if choice, ok := c.Root.(*value.Choice); ok {
		root, _ := w.pick(choice, depth)
		from := *c
		from.Root = root
		return w.statement(from.Flat(), depth+1)
	}
	return builder.Read(c, w)
}

func (w *writer) statementText(st *builder.Statement, depth int) {
	w.withClause(st, depth)
	for _, p := range st.Prefix {
		w.value(p, depth)
		w.puts(" ")
	}
	switch st.Verb {
	case "INSERT":
		w.insert(st, depth)
	case "UPDATE":
		w.clause("UPDATE ", st.From[:min(1, len(st.From))], ", ", depth)
		w.clause(" SET ", st.Sets, ", ", depth)
		if len(st.Sets) == 0 {
			w.puts(" SET ")
			w.hole(value.HoleAt(w.pos, value.ListHole))
		}
		w.clause(" FROM ", st.From[min(1, len(st.From)):], ", ", depth)
		w.clause(" ", st.Joins, " ", depth)
		w.terms(" WHERE ", st.Where, depth)
	case "DELETE":
		w.clause("DELETE FROM ", st.From[:min(1, len(st.From))], ", ", depth)
		w.clause(" USING ", st.From[min(1, len(st.From)):], ", ", depth)
		w.clause(" ", st.Joins, " ", depth)
		w.terms(" WHERE ", st.Where, depth)
	case "MERGE":
		w.clause("MERGE INTO ", st.From, ", ", depth)
		w.clause(" ", st.Joins, " ", depth)
	case "TRUNCATE":
		w.clause("TRUNCATE ", st.From, ", ", depth)
	default:
		w.selectText(st, depth)
	}
	w.clause(" RETURNING ", st.Returning, ", ", depth)
	w.clause(" ", st.Tail, " ", depth)
}

func (w *writer) withClause(st *builder.Statement, depth int) {
	for i, c := range st.With {
		switch {
		case i > 0:
			w.puts(", ")
		case st.Recursive:
			w.puts("WITH RECURSIVE ")
		default:
			w.puts("WITH ")
		}
		w.value(c.Name, depth)
		w.puts(" AS (")
		w.value(c.Query, depth)
		w.puts(")")
	}
	if len(st.With) > 0 {
		w.puts(" ")
	}
}

func (w *writer) selectText(st *builder.Statement, depth int) {
	w.puts("SELECT ")
	if st.Distinct {
		w.puts("DISTINCT ")
	}
	if len(st.Columns) == 0 {
		w.puts("*")
	}
	w.clause("", st.Columns, ", ", depth)
	w.clause(" FROM ", st.From, ", ", depth)
	w.clause(" ", st.Joins, " ", depth)
	w.terms(" WHERE ", st.Where, depth)
	w.clause(" GROUP BY ", st.Group, ", ", depth)
	w.terms(" HAVING ", st.Having, depth)
	w.clause(" ", st.Unions, " ", depth)
	w.clause(" ORDER BY ", st.Order, ", ", depth)
}

func (w *writer) insert(st *builder.Statement, depth int) {
	w.clause("INSERT INTO ", st.From, ", ", depth)
	if len(st.Names) > 0 {
		w.clause(" (", st.Names, ", ", depth)
		w.puts(")")
	}
	switch {
	case st.Selected != nil:
		w.puts(" ")
		w.value(st.Selected, depth)
	case len(st.Names) > 0 && len(st.Rows) == 0:
		w.puts(" VALUES (" + strings.TrimSuffix(strings.Repeat("?, ", len(st.Names)), ", ") + ")")
	default:
		w.puts(" VALUES (")
		for i, r := range st.Rows {
			if i > 0 {
				w.puts(", ")
			}
			w.value(r, depth)
		}
		if len(st.Rows) == 0 {
			w.hole(value.HoleAt(w.pos, value.ListHole))
		}
		w.puts(")")
	}
	w.clause(" ", st.Conflict, " ", depth)
	w.terms(" WHERE ", st.Guard, depth)
}

// clause writes the parts of a clause, if there are any.
func (w *writer) clause(keyword string, parts []value.Value, sep string, depth int) {
	for i, p := range parts {
		if i == 0 {
			w.puts(keyword)
		} else {
			w.puts(sep)
		}
		w.value(p, depth)
	}
}

// terms writes predicates joined by AND and OR.
func (w *writer) terms(keyword string, terms []builder.Term, depth int) {
	first := true
	for _, t := range terms {
		start := w.sql.Len()
		switch {
		case first:
			w.puts(keyword)
		case t.Or:
			w.puts(" OR ")
		default:
			w.puts(" AND ")
		}
		first = false
		if t.Group && len(terms) > 1 {
			w.puts("(")
		}
		w.predicate(t.Of, depth)
		if t.Group && len(terms) > 1 {
			w.puts(")")
		}
		w.mark(t.Optional, start)
	}
}

// predicate writes a condition: text, a map of columns, or a list of conditions.
func (w *writer) predicate(v value.Value, depth int) {
	if depth > maxNest {
		return
	}
	switch v := v.(type) {
	case *value.Choice:
		taken, optional := w.pick(v, depth)
		start := w.sql.Len()
		w.predicate(taken, depth+1)
		w.mark(optional, start)
	case *value.Record:
		w.record(v, depth)
	case *value.List:
		if form, _ := builder.FormOf(v.Type); form.List != nil {
			w.predicate(form.List(v.Elems), depth+1)
			return
		}
		w.conditions(v.Elems, junctionOf(v), "", false, depth)
	case *value.Chain:
		w.subquery(v, depth)
	default:
		w.value(v, depth)
	}
}

// subquery writes a statement in parentheses.
func (w *writer) subquery(c *value.Chain, depth int) {
	w.puts("(")
	w.value(c, depth+1)
	w.puts(")")
}

// junctionOf returns how the elements of a list are joined as conditions, as its
// maker says or its type.
func junctionOf(l *value.List) value.Junction {
	if l.Junction != value.NoJunction {
		return l.Junction
	}
	form, ok := builder.FormOf(l.Type)
	switch {
	case form.Or:
		return value.Or
	case ok:
		return value.And
	}
	return value.NoJunction
}

// record writes the conditions of a map: column and value.
func (w *writer) record(r *value.Record, depth int) {
	form, _ := builder.FormOf(r.Type)
	if form.Text != nil {
		w.predicate(form.Text(r), depth+1)
		return
	}
	junction := value.And
	if form.Or {
		junction = value.Or
	}
	w.conditions(r.Parts, junction, form.Operator, r.Holds == value.HoldsValues, depth)
}

// conditions writes the conditions of a map or a list.
func (w *writer) conditions(parts []value.Value, junction value.Junction, operator string, raw bool, depth int) {
	sep := " AND "
	if junction == value.Or {
		sep = " OR "
	}
	if operator == "" {
		operator = "="
	}
	elems, optional := w.elements(parts, depth)
	if len(elems) == 0 {
		w.puts("TRUE")
		return
	}
	if len(elems) > 1 {
		w.puts("(")
		defer w.puts(")")
	}
	for i, e := range elems {
		start := w.sql.Len()
		if i > 0 {
			w.puts(sep)
		}
		if entry, ok := e.(*value.Entry); ok {
			w.comparison(entry, operator, raw, depth)
		} else {
			w.predicate(e, depth+1)
		}
		w.mark(optional[e], start)
	}
}

// comparison writes "column operator value"; text that is raw is a value, not SQL.
func (w *writer) comparison(e *value.Entry, operator string, raw bool, depth int) {
	v := w.settled(e.Of, depth)
	if r, ok := v.(*value.Record); ok {
		if form, _ := builder.FormOf(r.Type); form.Keys != nil {
			w.operators(e, r, form.Keys, depth)
			return
		}
	}
	w.column(e)
	equality := operator == "=" || operator == "<>"
	is := func(equal, unequal string) string {
		if operator == "=" {
			return equal
		}
		return unequal
	}
	switch {
	case isNull(v):
		w.puts(is(" IS NULL", " IS NOT NULL"))
	case value.IsChain(v) && equality:
		w.puts(is(" IN (", " NOT IN ("))
		w.value(v, depth+1)
		w.puts(")")
	case isSeveral(v) && equality:
		w.puts(is(" IN (", " NOT IN ("))
		w.hole(value.HoleAt(v.At().Pos, value.ListHole))
		w.puts(")")
	case raw:
		w.puts(" " + operator + " ?")
	default:
		w.puts(" " + operator + " ")
		w.operand(v, depth)
	}
}

// column writes the column that an entry is about, or the expression: builders that do not quote
// take one.
func (w *writer) column(e *value.Entry) {
	switch {
	case e.Name == value.AnyName:
		w.hole(value.HoleAt(e.Pos, value.NameHole))
	case strings.Contains(e.Name, "("):
		w.puts(e.Name)
	default:
		w.puts(builder.Quote(e.Name))
	}
}

func isNull(v value.Value) bool {
	switch v := v.(type) {
	case *value.Text:
		return v.S == "NULL"
	case *value.List:
		return len(v.Elems) == 0
	}
	return false
}

// isSeveral reports whether v is a list, known or not.
func isSeveral(v value.Value) bool {
	switch v := v.(type) {
	case *value.List:
		return true
	case *value.Hole:
		return v.Kind == value.ListHole
	}
	return false
}

// operand writes a value of a comparison.
func (w *writer) operand(v value.Value, depth int) {
	switch v := v.(type) {
	case *value.Chain:
		w.subquery(v, depth)
	case *value.Record:
		if form, _ := builder.FormOf(v.Type); form.Text != nil {
			w.value(form.Text(v), depth+1)
		} else {
			w.puts("?")
		}
	case *value.Hole, *value.Param, *value.Object, *value.Func, *value.List:
		w.puts("?")
	default:
		w.value(v, depth+1)
	}
}

// operators writes the comparisons of a column with a map whose keys are operators,
// any of which may hold.
func (w *writer) operators(column *value.Entry, op *value.Record, keys map[string]string, depth int) {
	w.puts("(")
	for i, part := range op.Parts {
		e, ok := part.(*value.Entry)
		if !ok {
			continue
		}
		if i > 0 {
			w.puts(" OR ")
		}
		w.column(column)
		operator := keys[e.Name]
		switch {
		case operator == "":
			w.puts(" ")
			w.hole(value.HoleAt(e.Pos, value.AnyHole))
		case strings.HasSuffix(operator, "IN"):
			w.puts(" " + operator + " (")
			if value.IsChain(e.Of) {
				w.value(e.Of, depth+1)
			} else {
				w.hole(value.HoleAt(e.Pos, value.ListHole))
			}
			w.puts(")")
		default:
			w.puts(" " + operator + " ")
			w.operand(e.Of, depth)
		}
	}
	w.puts(")")
}

// table writes the name of an object's table.
func (w *writer) table(v *value.Object) {
	if v.Table.Name == "" {
		w.hole(value.HoleAt(v.Pos, value.NameHole))
		return
	}
	w.puts(builder.Quote(v.Table.Name))
}
