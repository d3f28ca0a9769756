package tenancy

import (
	"slices"

	"github.com/poollint/poollint/internal/sqlast"
)

// A query is a subquery, a derived table or a CTE, by what it yields.
type query struct {
	arms  []arm         // several with set operations
	names []sqlast.Name // the column list of a CTE
	// closed: a predicate on its outputs does not restrict the rows that it reads,
	// because of LIMIT, because it changes rows, or because it is referred to twice.
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

// modify builds the facts of a statement, or of the body of a CTE, in a condition of its
// own. It returns what the statement yields.
func (b *builder) modify(stmt sqlast.Stmt, ctes *cte, parent int) *query {
	in := b.newCondition(parent, false)
	sc := &scope{in: in, ctes: ctes}
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
		b.copy(s, sc, in)
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
	sc := &scope{parent: outer, in: in, ctes: ctes, outermost: b.depth == 1}
	unused := b.with(s.With, sc)
	if slices.ContainsFunc(s.Locks, func(l sqlast.Lock) bool { return l.SkipLocked }) {
		b.claims = append(b.claims, s.Span)
	}
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

// holes records holes that may hold a predicate or a join.
func (b *builder) holes(holes []*sqlast.Hole, in int) {
	for _, h := range holes {
		switch h.After {
		case sqlast.NoClause, sqlast.TargetsClause, sqlast.FromClause, sqlast.SetClause, sqlast.WhereClause:
			b.conditions[in].hole = true
		}
	}
}

// nested builds a derived table. If it is direct, predicates on its columns hold for the
// columns that they come from.
func (b *builder) nested(s *sqlast.Select, outer *scope, ctes *cte, in int) (q *query, direct bool) {
	q = &query{}
	direct = s.Op == sqlast.NoSetOp && s.Values == nil && filters(s)
	if !direct {
		in = b.newCondition(in, false)
	}
	b.queryInto(q, s, outer, ctes, in)
	return q, direct && len(q.arms) == 1
}

// filters reports whether a predicate on the outputs of the query restricts the rows
// that it reads.
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

// aggregates are the aggregate functions whose results are values of their input rows.
var aggregates = map[string]bool{"min": true, "max": true, "array_agg": true, "any_value": true}

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
		// The comparison also restricts the rows that the subquery reads. Where a row that
		// is found by its key yields the tenant, only comparison with a value from
		// outside does: the row must not pin itself.
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
