package sqltext

import "strings"

// A statement collects what the steps of a chain say, clause by clause.
type statement struct {
	verb                                string
	with                                []cte
	prefix, columns, from, joins        []*value
	where, having                       []term
	group, order, tail, sets, returning []*value
	names, rows                         []*value
	selected                            *value // INSERT … SELECT
	conflict                            []*value
	unions                              []*value
	alias                               *value
	model                               *value // an object
	distinct, recursive                 bool
	joining, setting                    bool // the last join has a condition; ON CONFLICT has a SET
	renamed                             bool // the model's table has a name of the query's own
}

type cte struct{ name, query *value }

// A term is one predicate of a WHERE or HAVING clause.
type term struct {
	or       bool // joined to what stands before it by OR
	group    bool // in parentheses
	v        *value
	optional bool
}

func (st *statement) and(v *value)   { st.where = append(st.where, term{v: v}) }
func (st *statement) andIn(v *value) { st.where = append(st.where, term{v: v, group: true}) }
func (st *statement) orIn(v *value)  { st.where = append(st.where, term{v: v, group: true, or: true}) }

// further names the step that stands for conditions out of sight.
const further = "…"

// chain writes the statement that a builder makes.
func (w *writer) chain(v *value, depth int) {
	st := w.statement(v, depth)
	if st == nil {
		w.hole(v)
		return
	}
	if st.alias != nil {
		w.puts("(")
	}
	w.statementText(st, depth+1)
	if st.alias != nil {
		w.puts(") AS ")
		w.value(st.alias, depth+1)
	}
}

// statement collects the steps of a chain in this alternative.
func (w *writer) statement(v *value, depth int) *statement {
	if depth > maxNest {
		return nil
	}
	if v.Kids[0].Kind == either {
		root, _ := w.pick(v.Kids[0], depth)
		flat := *v
		flat.Kids = append([]*value{root}, v.Kids[1:]...)
		return w.statement(flatten(&flat), depth+1)
	}
	st := &statement{verb: v.Text}
	w.steps(st, v, depth)
	if m := mappers[v.Lib]; m != nil && m.finish != nil {
		m.finish(w, st)
	}
	return st
}

func (w *writer) steps(st *statement, v *value, depth int) {
	w.through = append(w.through, v.Kids[0].Through...)
	kids, optional := w.elements(&value{Kind: list, Kids: v.Kids[1:]}, depth)
	for _, s := range kids {
		if s.Kind != step {
			continue
		}
		w.through = append(w.through, s.Through...)
		if s.Text == further {
			st.and(holeAt(s.pos, AnyHole))
			continue
		}
		n := len(st.where)
		mappers[s.Lib].step(w, st, s)
		for i := n; i < len(st.where); i++ {
			st.where[i].optional = optional[s]
		}
	}
}

func (w *writer) statementText(st *statement, depth int) {
	w.withClause(st, depth)
	for _, p := range st.prefix {
		w.value(p, depth)
		w.puts(" ")
	}
	switch st.verb {
	case "INSERT":
		w.insert(st, depth)
	case "UPDATE":
		w.clause("UPDATE ", st.from[:min(1, len(st.from))], ", ", depth)
		w.clause(" SET ", st.sets, ", ", depth)
		if len(st.sets) == 0 {
			w.puts(" SET ")
			w.hole(holeAt(w.pos, ListHole))
		}
		w.clause(" FROM ", st.from[min(1, len(st.from)):], ", ", depth)
		w.clause(" ", st.joins, " ", depth)
		w.terms(" WHERE ", st.where, depth)
	case "DELETE":
		w.clause("DELETE FROM ", st.from[:min(1, len(st.from))], ", ", depth)
		w.clause(" USING ", st.from[min(1, len(st.from)):], ", ", depth)
		w.clause(" ", st.joins, " ", depth)
		w.terms(" WHERE ", st.where, depth)
	case "TRUNCATE":
		w.clause("TRUNCATE ", st.from, ", ", depth)
	default:
		w.selectText(st, depth)
	}
	w.clause(" RETURNING ", st.returning, ", ", depth)
	w.clause(" ", st.tail, " ", depth)
}

func (w *writer) withClause(st *statement, depth int) {
	for i, c := range st.with {
		switch {
		case i > 0:
			w.puts(", ")
		case st.recursive:
			w.puts("WITH RECURSIVE ")
		default:
			w.puts("WITH ")
		}
		w.value(c.name, depth)
		w.puts(" AS (")
		w.value(c.query, depth)
		w.puts(")")
	}
	if len(st.with) > 0 {
		w.puts(" ")
	}
}

func (w *writer) selectText(st *statement, depth int) {
	w.puts("SELECT ")
	if st.distinct {
		w.puts("DISTINCT ")
	}
	if len(st.columns) == 0 {
		w.puts("*")
	}
	w.clause("", st.columns, ", ", depth)
	w.clause(" FROM ", st.from, ", ", depth)
	w.clause(" ", st.joins, " ", depth)
	w.terms(" WHERE ", st.where, depth)
	w.clause(" GROUP BY ", st.group, ", ", depth)
	w.terms(" HAVING ", st.having, depth)
	w.clause(" ", st.unions, " ", depth)
	w.clause(" ORDER BY ", st.order, ", ", depth)
}

func (w *writer) insert(st *statement, depth int) {
	w.clause("INSERT INTO ", st.from, ", ", depth)
	if len(st.names) > 0 {
		w.clause(" (", st.names, ", ", depth)
		w.puts(")")
	}
	switch {
	case st.selected != nil:
		w.puts(" ")
		w.value(st.selected, depth)
	case len(st.names) > 0 && len(st.rows) == 0:
		w.puts(" VALUES (" + strings.TrimSuffix(strings.Repeat("?, ", len(st.names)), ", ") + ")")
	default:
		w.puts(" VALUES (")
		for i, r := range st.rows {
			if i > 0 {
				w.puts(", ")
			}
			w.value(r, depth)
		}
		if len(st.rows) == 0 {
			w.hole(holeAt(w.pos, ListHole))
		}
		w.puts(")")
	}
	w.clause(" ", st.conflict, " ", depth)
}

// clause writes the parts of a clause, if there are any.
func (w *writer) clause(keyword string, parts []*value, sep string, depth int) {
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
func (w *writer) terms(keyword string, terms []term, depth int) {
	first := true
	for _, t := range terms {
		start := w.sql.Len()
		switch {
		case first:
			w.puts(keyword)
		case t.or:
			w.puts(" OR ")
		default:
			w.puts(" AND ")
		}
		first = false
		if t.group && len(terms) > 1 {
			w.puts("(")
		}
		w.predicate(t.v, depth)
		if t.group && len(terms) > 1 {
			w.puts(")")
		}
		w.mark(t.optional, start)
	}
}

// predicate writes a condition: text, a map of columns, or a list of conditions.
func (w *writer) predicate(v *value, depth int) {
	if depth > maxNest {
		return
	}
	switch v.Kind {
	case either:
		kid, optional := w.pick(v, depth)
		start := w.sql.Len()
		w.predicate(kid, depth+1)
		w.mark(optional, start)
	case record, list:
		w.conditions(v, depth)
	case chain:
		w.puts("(")
		w.value(v, depth+1)
		w.puts(")")
	default:
		w.value(v, depth)
	}
}

// conditions writes the conditions of a map (column: value) or a list.
func (w *writer) conditions(v *value, depth int) {
	sep := " AND "
	if strings.HasSuffix(v.Text, "Or") {
		sep = " OR "
	}
	kids, optional := w.elements(v, depth)
	raw := v.typ != nil && !holdsOperands(v.typ)
	if len(kids) == 0 {
		w.puts("TRUE")
		return
	}
	if len(kids) > 1 {
		w.puts("(")
		defer w.puts(")")
	}
	for i, kid := range kids {
		start := w.sql.Len()
		if i > 0 {
			w.puts(sep)
		}
		if kid.Kind == entry {
			w.comparison(kid, operatorOf(v.Text), raw, depth)
		} else {
			w.predicate(kid, depth+1)
		}
		w.mark(optional[kid], start)
	}
}

// operatorOf returns the operator that a map type of a builder stands for.
func operatorOf(typ string) string {
	switch typ[strings.LastIndexByte(typ, '.')+1:] {
	case "NotEq", "Neq":
		return "<>"
	case "Lt":
		return "<"
	case "Gt":
		return ">"
	case "LtOrEq", "Lte":
		return "<="
	case "GtOrEq", "Gte":
		return ">="
	case "Like":
		return "LIKE"
	case "NotLike":
		return "NOT LIKE"
	case "ILike":
		return "ILIKE"
	case "NotILike":
		return "NOT ILIKE"
	}
	return "="
}

// comparison writes "column operator value"; text that is raw is a value, not SQL.
func (w *writer) comparison(e *value, operator string, raw bool, depth int) {
	name := e.Text
	if name != unknownName {
		name = quoteName(name)
	}
	column := func() {
		if name == unknownName {
			w.hole(holeAt(e.pos, NameHole))
		} else {
			w.puts(name)
		}
	}
	v := e.Kids[0]
	for v.Kind == either {
		v, _ = w.pick(v, depth)
	}
	if v.Kind == record && strings.HasSuffix(v.Text, ".Op") {
		w.operators(column, v, depth)
		return
	}
	column()
	switch {
	case v.Kind == text && v.Text == "NULL" || v.Kind == list && len(v.Kids) == 0:
		w.puts(map[bool]string{true: " IS NULL", false: " IS NOT NULL"}[operator == "="])
	case v.Kind == chain && (operator == "=" || operator == "<>"):
		w.puts(map[bool]string{true: " IN (", false: " NOT IN ("}[operator == "="])
		w.value(v, depth+1)
		w.puts(")")
	case (v.Kind == list || isList(v)) && (operator == "=" || operator == "<>"):
		w.puts(map[bool]string{true: " IN (", false: " NOT IN ("}[operator == "="])
		w.hole(holeAt(v.pos, ListHole))
		w.puts(")")
	case raw:
		w.puts(" " + operator + " ?")
	default:
		w.puts(" " + operator + " ")
		w.operandText(v, depth)
	}
}

// isList reports whether a hole holds several values.
func isList(v *value) bool { return v.Kind == hole && v.Hole == ListHole }

// operandText writes a value of a comparison.
func (w *writer) operandText(v *value, depth int) {
	switch v.Kind {
	case chain:
		w.puts("(")
		w.value(v, depth+1)
		w.puts(")")
	case hole, param, record, object, lambda, list:
		w.puts("?")
	default:
		w.value(v, depth+1)
	}
}

// goquOperators are the keys of goqu.Op.
var goquOperators = map[string]string{
	"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "is": "IS", "isNot": "IS NOT",
	"like": "LIKE", "notLike": "NOT LIKE", "iLike": "ILIKE", "notILike": "NOT ILIKE", "in": "IN", "notIn": "NOT IN",
}

// operators writes the comparisons of a goqu.Op, any of which may hold.
func (w *writer) operators(column func(), op *value, depth int) {
	w.puts("(")
	for i, e := range op.Kids {
		if e.Kind != entry {
			continue
		}
		if i > 0 {
			w.puts(" OR ")
		}
		column()
		operator := goquOperators[e.Text]
		switch {
		case operator == "":
			w.puts(" ")
			w.hole(holeAt(e.pos, AnyHole))
		case strings.HasSuffix(operator, "IN"):
			w.puts(" " + operator + " (")
			if e.Kids[0].Kind == chain {
				w.value(e.Kids[0], depth+1)
			} else {
				w.hole(holeAt(e.pos, ListHole))
			}
			w.puts(")")
		default:
			w.puts(" " + operator + " ")
			w.operandText(e.Kids[0], depth)
		}
	}
	w.puts(")")
}

// table writes the name of an object's table.
func (w *writer) table(v *value) {
	if v.Table.Name == "" {
		w.hole(holeAt(v.pos, NameHole))
		return
	}
	w.puts(quoteName(v.Table.Name))
}
