package tenancy

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// A condition is a scope of facts: a statement, the nullable side of an outer join, a
// subquery, a branch of OR. Facts of the parent hold in it too.
type condition struct {
	parent   int   // -1 for none
	nullable bool  // the nullable side of an outer join
	also     []int // outer joins whose facts hold here, as a predicate rejects the NULLs that they make
	full     int   // of a side of a full join: the condition of its ON, which holds for rows of both sides; 0 for none
	hole     bool  // a hole may hold a further predicate
}

// A column is a column of one relation. For a column of a derived table, table and
// origin say where it comes from.
type column struct {
	relation int
	row      int
	name     string
	origin   string        // its name in the table that it comes from
	table    *schema.Table // nil if not known
	next     int           // of the same relation; -1 at the end
	first    []value       // of choice: it equals the first of them that is not NULL
}

// tenant reports whether the column is a tenant column.
func (c *column) tenant() bool {
	return c.table != nil && (c.table.HasTenant(c.origin) || c.table.LacksTenant(c.origin))
}

// isPart reports whether a value of the column limits the rows to a part of a tenant.
func (c *column) isPart() bool {
	return c.table != nil && c.table.Part != "" && strings.EqualFold(c.table.Part, c.origin)
}

// A row stands for the rows that one reference to a table yields. Rows are what is
// pinned.
type row struct {
	table  *schema.Table // nil if not known
	global bool          // of a table without tenants; it belongs to one only if it refers to a row of one
	inner  int           // the row within a subquery that it stands for; -1 for none
}

type factKind uint8

const (
	equal        factKind = iota // columns a and b are equal
	bindsTo                      // column a equals a value from outside the statement
	inward                       // column b, within a subquery, is compared with column a
	handed                       // column a is an output of a subquery: it equals one of the alternatives
	comparedWith                 // column a is compared with one of the alternatives
	either                       // the facts of one of the branches hold
)

// A fact holds in a condition.
type fact struct {
	kind         factKind
	in           int
	a, b         int
	by           sqlast.Expr   // of bindsTo: the value; may be nil
	alternatives []alternative // of handed and comparedWith: all must agree
	branches     []int         // of either
	implied      bool          // of either: no OR says it
}

// An alternative is the output of one arm of a subquery.
type alternative struct {
	in int
	value
}

// A value is what an expression stands for.
type value struct {
	kind   valueKind
	column int
}

type valueKind uint8

const (
	other   valueKind = iota // anything else
	outside                  // a value from outside the statement
	ofRow                    // the column
)

func (b *builder) newCondition(parent int, nullable bool) int {
	b.conditions = append(b.conditions, condition{parent: parent, nullable: nullable})
	return len(b.conditions) - 1
}

func (b *builder) newRow(t *schema.Table, global bool) int {
	b.rows = append(b.rows, row{table: t, global: global, inner: -1})
	return len(b.rows) - 1
}

// columnOf returns the column of the relation, made on first use.
func (b *builder) columnOf(rel int, name string) int {
	r := &b.relations[rel]
	for c := r.first; c >= 0; c = b.columns[c].next {
		b.spend(1)
		if strings.EqualFold(b.columns[c].name, name) {
			return c
		}
	}
	return b.addColumn(rel, column{row: r.row, name: name, origin: name, table: r.table})
}

func (b *builder) addColumn(rel int, c column) int {
	r := &b.relations[rel]
	b.large = b.large || len(b.columns) >= maxColumns
	c.relation, c.next = rel, r.first
	b.columns = append(b.columns, c)
	r.first = len(b.columns) - 1
	return r.first
}

func (b *builder) addFact(f fact) {
	switch f.kind {
	case equal:
		b.reject(f.a, f.in)
		b.reject(f.b, f.in)
	case bindsTo:
		b.reject(f.a, f.in)
	}
	b.facts = append(b.facts, f)
}

// reject records that a predicate in the condition is not true where column c is NULL. If
// an outer join yields c, its ON condition then holds too.
func (b *builder) reject(c, in int) {
	from := b.relations[b.columns[c].relation].in
	for at := from; at >= 0 && !b.within(in, at); at = b.conditions[at].parent {
		if !b.conditions[at].nullable {
			return
		}
	}
	for at := from; at >= 0 && !b.within(in, at); at = b.conditions[at].parent {
		b.alsoHolds(at, in)
		if on := b.conditions[at].full; on > 0 {
			b.alsoHolds(on, in)
		}
	}
}

// alsoHolds makes the facts of an outer join hold in the condition.
func (b *builder) alsoHolds(join, in int) {
	if also := &b.conditions[in].also; !slices.Contains(*also, join) {
		*also = append(*also, join)
	}
}

// maxRestated bounds the branches of OR that are restated.
const maxRestated = 48

// restateBranches records, for the rows that an outer join yields, what each OR around it says of
// them: where there is such a row, ON holds in every branch.
func (b *builder) restateBranches() {
	facts, conditions := len(b.facts), len(b.conditions)
	for join := range conditions {
		for i := range facts {
			f := b.facts[i]
			if !b.conditions[join].nullable || f.kind != either || f.implied || join == f.in || !b.within(join, f.in) ||
				len(b.conditions)+len(f.branches) > conditions+maxRestated {
				continue
			}
			restated := fact{kind: either, in: join, implied: true}
			for _, branch := range f.branches {
				c := b.newCondition(join, false)
				b.conditions[c].also, b.conditions[c].hole = []int{branch}, b.conditions[branch].hole
				restated.branches = append(restated.branches, c)
			}
			b.restated = append(b.restated, restated)
		}
	}
}

// within reports whether condition c is outer or a descendant of it.
func (b *builder) within(c, outer int) bool {
	for c > outer {
		c = b.conditions[c].parent
	}
	return c == outer
}

// equate records that two expressions are equal in the condition.
func (b *builder) equate(left, right sqlast.Expr, sc *scope, in int) {
	l, lok := left.(*sqlast.Row)
	r, rok := right.(*sqlast.Row)
	switch {
	case lok && rok && len(l.Exprs) == len(r.Exprs):
		for i := range l.Exprs {
			b.equate(l.Exprs[i], r.Exprs[i], sc, in)
		}
		return
	case lok:
		if sub, ok := right.(*sqlast.Subquery); ok {
			b.semijoin(left, sub.Query, false, sc, in)
			return
		}
	}
	if sub, ok := bare(right).(*sqlast.Subquery); ok {
		b.scan(left, sc, in)
		b.semijoin(left, sub.Query, false, sc, in)
		return
	}
	if sub, ok := bare(left).(*sqlast.Subquery); ok {
		b.scan(right, sc, in)
		b.semijoin(right, sub.Query, false, sc, in)
		return
	}
	b.scan(left, sc, in)
	b.scan(right, sc, in)
	lv, rv := b.value(left, sc), b.value(right, sc)
	if isHole(left) && rv.kind == outside || isHole(right) && lv.kind == outside {
		b.conditions[in].hole = true // the column may be the tenant's
	}
	b.compare(lv, rv, left, right, in)
	b.restateChoice(lv, in)
	b.restateChoice(rv, in)
	b.compareParts(left, rv, sc, in)
	b.compareParts(right, lv, sc, in)
	if rv.kind == ofRow && lv != (value{kind: outside}) && b.computes(left, rv.column, sc) {
		b.optional = append(b.optional, rv.column)
	}
	if lv.kind == ofRow && rv != (value{kind: outside}) && b.computes(right, lv.column, sc) {
		b.optional = append(b.optional, lv.column)
	}
}

// isHole reports whether an expression is put in by the program, or the name of a column is.
func isHole(e sqlast.Expr) bool {
	switch e := bare(e).(type) {
	case *sqlast.Hole:
		return true
	case *sqlast.ColumnRef:
		return e.Name.Last().HasHole()
	}
	return false
}

func (b *builder) equateValues(l, r value, in int) { b.compare(l, r, nil, nil, in) }

// compare records that two values are equal, which the expressions stand for.
func (b *builder) compare(l, r value, left, right sqlast.Expr, in int) {
	switch {
	case l.kind == ofRow && r.kind == ofRow && l.column != r.column:
		b.addFact(fact{kind: equal, in: in, a: l.column, b: r.column})
	case l.kind == ofRow && r.kind == outside:
		b.addFact(fact{kind: bindsTo, in: in, a: l.column, by: right})
	case r.kind == ofRow && l.kind == outside:
		b.addFact(fact{kind: bindsTo, in: in, a: r.column, by: left})
	}
}

// bind records that the expression equals one of the values of the list; of a row
// constructor, each part does.
func (b *builder) bind(left sqlast.Expr, list []sqlast.Expr, sc *scope, in int) {
	if parts, ok := left.(*sqlast.Row); ok {
		for i, part := range parts.Exprs {
			var column []sqlast.Expr
			for _, item := range list {
				r, ok := item.(*sqlast.Row)
				switch {
				case ok && i < len(r.Exprs):
					column = append(column, r.Exprs[i])
				case !ok && b.value(item, sc).kind == outside:
					column = append(column, item)
				default:
					return
				}
			}
			b.bind(part, column, sc, in)
		}
		return
	}
	if isHole(left) {
		b.conditions[in].hole = true
	}
	if len(list) == 1 {
		if sub, ok := bare(list[0]).(*sqlast.Subquery); ok {
			b.semijoin(left, sub.Query, false, sc, in)
		} else {
			v := b.value(list[0], sc)
			b.compare(b.value(left, sc), v, left, list[0], in)
			b.compareParts(left, v, sc, in)
		}
		return
	}
	for _, item := range list {
		if b.value(item, sc).kind != outside {
			return
		}
	}
	if len(list) > 0 {
		b.equateValues(b.value(left, sc), value{kind: outside}, in)
		b.compareParts(left, value{kind: outside}, sc, in)
	}
}

// compareParts records what a concatenation says that equals a value from outside: the value
// has those of its columns, as 'shop/7' has the tenant of tenant_id || '/' || number.
func (b *builder) compareParts(e sqlast.Expr, to value, sc *scope, in int) {
	if to.kind != outside {
		return
	}
	for _, part := range concatenated(e, nil) {
		b.equateValues(b.value(part, sc), to, in)
	}
}
