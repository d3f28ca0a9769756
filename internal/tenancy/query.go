package tenancy

import (
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// A query is what a subquery, a derived table or a CTE hands on.
type query struct {
	arms  []arm         // of set operations several
	names []sqlast.Name // the column list of a CTE
	// closed: what is asked of its columns does not restrict the rows that it
	// reads, because of LIMIT, a change of rows, or a second reference.
	closed bool
}

// An arm is one SELECT, VALUES or RETURNING.
type arm struct {
	sc      *scope
	in      int
	targets []sqlast.Target
	values  [][]sqlast.Expr
}

// statement builds the facts of a whole statement.
func (b *builder) statement(stmt sqlast.Stmt) {
	b.root = stmt
	b.modify(stmt, nil, -1)
}

// modify builds the facts of a statement, which may be the body of a CTE, in a
// condition of its own, and returns what it hands on.
func (b *builder) modify(stmt sqlast.Stmt, ctes *cte, parent int) *query {
	in := b.newCondition(parent, false)
	sc := &scope{ctes: ctes}
	switch s := stmt.(type) {
	case *sqlast.Select:
		q := &query{}
		b.queryInto(q, s, nil, ctes, in)
		return q
	case *sqlast.Insert:
		return b.insert(s, sc, in)
	case *sqlast.Update:
		return b.update(s, sc, in)
	case *sqlast.Delete:
		return b.delete(s, sc, in)
	case *sqlast.Merge:
		return b.merge(s, sc, in)
	case *sqlast.Copy:
		if s.Query != nil {
			return b.modify(s.Query, ctes, parent)
		}
	case *sqlast.Other:
		if s.Inner != nil {
			return b.modify(s.Inner, ctes, parent)
		}
	case *sqlast.CreateTable:
		if s.As != nil {
			return b.modify(s.As, ctes, parent)
		}
	}
	return &query{closed: true}
}

// query builds the facts of a subquery that sees outer's names.
func (b *builder) query(s *sqlast.Select, outer *scope, in int) *query {
	q := &query{}
	var ctes *cte
	if outer != nil {
		ctes = outer.ctes
	}
	b.queryInto(q, s, outer, ctes, in)
	return q
}

// queryInto fills q arm by arm, so that the recursive arm of a CTE sees the first.
func (b *builder) queryInto(q *query, s *sqlast.Select, outer *scope, ctes *cte, in int) {
	if b.depth++; b.depth > maxDepth {
		b.large = true
		b.depth--
		return
	}
	defer func() { b.depth-- }()
	sc := &scope{parent: outer, ctes: ctes}
	unused := b.with(s.With, sc)
	q.closed = q.closed || !filters(s)
	if s.Op != sqlast.NoSetOp {
		b.queryInto(q, s.Left, outer, sc.ctes, b.newCondition(in, false))
		right := q
		if s.Op != sqlast.Union {
			right = &query{}
		}
		b.queryInto(right, s.Right, outer, sc.ctes, b.newCondition(in, false))
	} else {
		b.body(s, sc, in)
		q.arms = append(q.arms, arm{sc: sc, in: in, targets: s.Targets, values: s.Values})
	}
	for _, o := range s.Order {
		b.scan(o.Expr, sc, in)
	}
	unused()
}

func (b *builder) body(s *sqlast.Select, sc *scope, in int) {
	for _, item := range s.From {
		b.from(item, sc, in, s)
	}
	b.test(s.Where, sc, in)
	b.test(s.Having, sc, in)
	b.holes(s.Holes, in)
	for _, t := range s.Targets {
		b.scan(t.Expr, sc, in)
	}
	for _, g := range s.GroupBy {
		b.scan(g, sc, in)
	}
	for _, r := range s.Values {
		for _, e := range r {
			b.scan(e, sc, in)
		}
	}
}

// holes notes holes that may hold a predicate or a join.
func (b *builder) holes(holes []*sqlast.Hole, in int) {
	for _, h := range holes {
		switch h.After {
		case sqlast.NoClause, sqlast.TargetsClause, sqlast.FromClause, sqlast.SetClause, sqlast.WhereClause:
			b.conditions[in].hole = true
		}
	}
}

// with makes the CTEs visible; the returned function judges those that nothing
// refers to.
func (b *builder) with(w *sqlast.With, sc *scope) func() {
	if w == nil {
		return func() {}
	}
	b.countUses()
	added := make([]*cte, 0, len(w.CTEs))
	for _, def := range w.CTEs {
		c := &cte{outer: sc.ctes, def: def, self: w.Recursive}
		if _, ok := def.Query.(*sqlast.Select); !ok {
			c.query = b.modify(def.Query, sc.ctes, -1)
			c.query.closed, c.query.names = true, def.Columns
		}
		sc.ctes = c
		added = append(added, c)
	}
	return func() {
		for _, c := range added {
			if c.query == nil {
				b.materialize(c)
			}
		}
	}
}

// materialize builds the CTE once for all its references.
func (b *builder) materialize(c *cte) {
	c.query = &query{names: c.def.Columns}
	ctes := c.outer
	if c.self {
		ctes = c
	}
	b.queryInto(c.query, c.def.Query.(*sqlast.Select), nil, ctes, b.newCondition(-1, false))
	c.query.closed = true
}

// reference adds a relation for a CTE in FROM. One that is referred to once is
// read in place, like a derived table.
func (b *builder) reference(c *cte, ref *sqlast.TableRef, sc *scope, in int) {
	r := relation{name: ref.Ref().Text, in: in, row: -1, columns: ref.Columns}
	if c.query == nil && b.usedOnce(c) {
		r.query, r.direct = b.nested(c.def.Query.(*sqlast.Select), nil, c.outer, in)
		r.query.names = c.def.Columns
		c.query = r.query
	} else {
		if c.query == nil {
			b.materialize(c)
		}
		r.query = c.query
	}
	b.addRelation(sc, r)
}

// countUses counts how often each name stands for a table.
func (b *builder) countUses() {
	if b.uses != nil {
		return
	}
	b.uses = map[string]int{}
	sqlast.Inspect(b.root, func(n sqlast.Node) bool {
		if t, ok := n.(*sqlast.TableRef); ok && len(t.Name) == 1 {
			b.uses[t.Name[0].Text]++
		}
		return true
	})
}

func (b *builder) usedOnce(c *cte) bool { return b.uses[c.def.Name.Text] < 2 }

// nested builds a derived table. If it is direct, its columns stand for the
// columns within, and what is said of them holds within.
func (b *builder) nested(s *sqlast.Select, outer *scope, ctes *cte, in int) (q *query, direct bool) {
	q = &query{}
	direct = s.Op == sqlast.NoSetOp && s.Values == nil && filters(s)
	if !direct {
		in = b.newCondition(in, false)
	}
	b.queryInto(q, s, outer, ctes, in)
	return q, direct && len(q.arms) == 1
}

// filters reports whether a test of what the query yields is as good as a test
// of the rows that it reads.
func filters(s *sqlast.Select) bool {
	if s.Limit != nil || s.Offset != nil {
		return false
	}
	if len(s.GroupBy) > 0 {
		return true
	}
	for _, t := range s.Targets {
		if call, ok := bare(t.Expr).(*sqlast.FuncCall); ok && call.Over == nil && aggregates[call.Name.Last().Text] {
			return false
		}
	}
	return true
}

// aggregates are the aggregate functions that hand values of their rows on.
var aggregates = map[string]bool{"min": true, "max": true, "array_agg": true, "any_value": true}

// position returns where the column list that renames the columns of the
// relation has the name, or -1.
func (b *builder) position(r *relation, name string) int {
	if i := indexName(r.columns, name); i >= 0 {
		return i
	}
	return indexName(r.query.names, name)
}

// queryKnows says whether the query yields a column of the name.
func (b *builder) queryKnows(r *relation, name string) answer {
	if b.position(r, name) >= 0 {
		return yes
	}
	if len(r.query.arms) == 0 {
		return maybe
	}
	a := r.query.arms[0]
	result := no
	for _, t := range a.targets {
		star, ok := t.Expr.(*sqlast.Star)
		if !ok {
			if strings.EqualFold(targetName(t), name) {
				return yes
			}
			if _, hole := t.Expr.(*sqlast.Hole); hole {
				result = maybe
			}
			continue
		}
		for _, rel := range b.starred(star, a.sc) {
			switch b.knows(rel, name) {
			case yes:
				return yes
			case maybe:
				result = maybe
			}
		}
	}
	return result
}

// starred returns the relations that the star stands for.
func (b *builder) starred(star *sqlast.Star, sc *scope) []int {
	q := star.Qualifier.Last().Text
	if q == "" {
		return sc.relations
	}
	for i, rel := range sc.relations {
		if strings.EqualFold(b.relations[rel].name, q) {
			return sc.relations[i : i+1]
		}
	}
	return nil
}

// targetName is the name that a select item has without an alias.
func targetName(t sqlast.Target) string {
	if t.Alias.Text != "" {
		return t.Alias.Text
	}
	switch e := bare(t.Expr).(type) {
	case *sqlast.ColumnRef:
		return e.Name.Last().Text
	case *sqlast.FuncCall:
		return e.Name.Last().Text
	case *sqlast.Field:
		return e.Name.Text
	}
	return ""
}

// output returns what an arm hands on at the position or, if that is negative,
// under the name.
func (b *builder) output(a arm, position int, name string) value {
	if b.depth++; b.depth > maxDepth {
		b.large = true
		b.depth--
		return value{}
	}
	defer func() { b.depth-- }()
	if a.values != nil {
		return b.valuesOutput(a, position)
	}
	i := 0
	for _, t := range a.targets {
		star, ok := t.Expr.(*sqlast.Star)
		switch {
		case ok && position < 0:
			for _, rel := range b.starred(star, a.sc) {
				if b.knows(rel, name) == yes {
					return b.member(rel, name)
				}
			}
		case ok:
			for _, rel := range b.starred(star, a.sc) {
				table := b.relations[rel].table
				if table == nil {
					return value{} // how many columns it has is not known
				}
				if position-i < len(table.Columns) {
					return b.member(rel, table.Columns[position-i].Name)
				}
				i += len(table.Columns)
			}
		case position == i, position < 0 && strings.EqualFold(targetName(t), name):
			return b.value(t.Expr, a.sc)
		default:
			i++
		}
	}
	if position >= 0 {
		return value{}
	}
	for _, t := range a.targets {
		if star, ok := t.Expr.(*sqlast.Star); ok {
			for _, rel := range b.starred(star, a.sc) {
				if b.knows(rel, name) == maybe {
					return b.member(rel, name)
				}
			}
		}
	}
	return value{}
}

// valuesOutput is a value from outside if it is in every row.
func (b *builder) valuesOutput(a arm, position int) value {
	if position < 0 {
		position = 0
	}
	for _, r := range a.values {
		if len(r) == 1 && position > 0 {
			if _, ok := r[0].(*sqlast.Hole); ok {
				continue // an unknown row
			}
		}
		if position >= len(r) || b.value(r[position], a.sc).kind != outside {
			return value{}
		}
	}
	return value{kind: outside}
}

// positionOf returns where the first arm has the name, or -1 if a star hides it.
func positionOf(a arm, name string) int {
	for i, t := range a.targets {
		if _, ok := t.Expr.(*sqlast.Star); ok {
			return -1
		}
		if strings.EqualFold(targetName(t), name) {
			return i
		}
	}
	return -1
}

// handOn returns the column of a relation whose rows a query hands on.
func (b *builder) handOn(rel int, name string) value {
	for c := b.relations[rel].first; c >= 0; c = b.columns[c].next {
		if strings.EqualFold(b.columns[c].name, name) {
			return value{ofRow, c}
		}
	}
	r := b.relations[rel]
	if len(r.query.arms) == 0 {
		return value{}
	}
	position := b.position(&r, name)
	if position < 0 && len(r.query.arms) > 1 {
		position = positionOf(r.query.arms[0], name)
	}
	alternatives, allOutside := b.alternatives(r.query, position, name)
	if allOutside {
		return value{kind: outside}
	}
	first := alternatives[0]
	if first.kind != ofRow {
		for _, a := range alternatives {
			if a.kind == ofRow {
				first = a
				break
			}
		}
	}
	if first.kind != ofRow {
		return value{}
	}
	from := b.columns[first.column]
	c := b.addColumn(rel, column{row: b.rowOf(rel, from.row), name: name, origin: from.origin, table: from.table})
	b.addFact(fact{kind: handed, in: r.in, a: c, alternatives: alternatives})
	if !r.query.closed {
		for _, a := range alternatives {
			if a.kind == ofRow {
				b.addFact(fact{kind: equal, in: a.in, a: c, b: a.column})
			}
		}
	}
	return value{ofRow, c}
}

// alternatives are the values that the arms of a query hand on.
func (b *builder) alternatives(q *query, position int, name string) (all []alternative, allOutside bool) {
	allOutside = true
	for _, a := range q.arms {
		v := b.output(a, position, name)
		if l, ok := literalNull(a, position); ok && l {
			v = value{kind: outside}
		}
		allOutside = allOutside && v.kind == outside
		all = append(all, alternative{in: a.in, value: v})
	}
	return all, allOutside
}

// literalNull reports whether the arm has NULL at the position.
func literalNull(a arm, position int) (null, ok bool) {
	if position < 0 || position >= len(a.targets) {
		return false, false
	}
	l, ok := bare(a.targets[position].Expr).(*sqlast.Literal)
	return ok && l.Kind == sqlast.NullLit, ok
}

// rowOf returns the row of relation rel that stands for the row within its query:
// columns of one inner row stand together outside too.
func (b *builder) rowOf(rel, inner int) int {
	for c := b.relations[rel].first; c >= 0; c = b.columns[c].next {
		if r := b.columns[c].row; b.rows[r].inner == inner {
			return r
		}
	}
	b.rows = append(b.rows, row{table: b.rows[inner].table, global: b.rows[inner].global, inner: inner})
	return len(b.rows) - 1
}

// semijoin records that the left side is compared with what a subquery yields:
// IN, = ANY and = (…).
func (b *builder) semijoin(left sqlast.Expr, s *sqlast.Select, not bool, sc *scope, in int) {
	parts := []sqlast.Expr{left}
	if r, ok := left.(*sqlast.Row); ok {
		parts = r.Exprs
	}
	values := make([]value, len(parts))
	tenant := false
	for i, p := range parts {
		values[i] = b.value(p, sc)
		tenant = tenant || values[i].kind == ofRow && b.columns[values[i].column].tenant()
	}
	if s.Op == sqlast.NoSetOp && s.Values == nil && filters(s) && !not && !tenant {
		q := b.query(s, sc, in)
		for i, v := range values {
			if len(q.arms) == 1 {
				b.equateValues(v, b.output(q.arms[0], i, ""), in)
			}
		}
		return
	}
	inner := b.newCondition(in, false)
	q := b.query(s, sc, inner)
	for i, v := range values {
		if v.kind != ofRow || len(q.arms) == 0 {
			continue
		}
		alternatives, allOutside := b.alternatives(q, i, "")
		switch {
		case not:
		case allOutside:
			b.addFact(fact{kind: bindsTo, in: in, a: v.column})
		default:
			b.addFact(fact{kind: comparedWith, in: in, a: v.column, alternatives: alternatives})
		}
		if q.closed {
			continue
		}
		// The comparison restricts what the subquery reads as well. Where a row
		// found by its key tells the tenant, only a value from outside does: the
		// row must not be pinned by itself.
		kind := equal
		if tenant && !not {
			kind = inward
		}
		for _, a := range alternatives {
			if a.kind == ofRow {
				b.addFact(fact{kind: kind, in: a.in, a: v.column, b: a.column})
			}
		}
	}
}
