package tenancy

import (
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// position returns the index of the name in the relation's column alias list, or -1.
func (b *builder) position(r *relation, name string) int {
	if i := indexName(r.columns, name); i >= 0 {
		return i
	}
	return indexName(r.query.names, name)
}

// queryKnows returns whether the relation's query has an output column of the name.
func (b *builder) queryKnows(r *relation, name string) answer {
	if b.position(r, name) >= 0 {
		return yes
	}
	if len(r.query.arms) == 0 {
		b.open++
		return maybe
	}
	a := r.query.arms[0]
	result := no
	b.spend(len(a.targets))
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

// starred returns the relations whose columns the star expands to.
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

// output returns what an arm yields at the position or, if that is negative, under the
// name.
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
	if !b.spend(len(a.targets)) {
		return value{}
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

// valuesOutput returns a value from outside if every row of VALUES has one at the
// position.
func (b *builder) valuesOutput(a arm, position int) value {
	if position < 0 {
		position = 0
	}
	b.spend(len(a.values))
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

// positionOf returns the index of the name among the arm's outputs, or -1 if a star makes
// it unknown.
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

// An output is a column of what a query yields.
type output struct {
	query    *query
	position int
	name     string
}

// handOn returns the column of a relation that stands for a query.
func (b *builder) handOn(rel int, name string) value {
	for c := b.relations[rel].first; c >= 0; c = b.columns[c].next {
		if strings.EqualFold(b.columns[c].name, name) {
			return value{ofRow, c}
		}
	}
	r := b.relations[rel]
	if len(r.query.arms) == 0 || b.large {
		return value{}
	}
	position := b.position(&r, name)
	if position < 0 && len(r.query.arms) > 1 {
		position = positionOf(r.query.arms[0], name)
	}
	at := output{r.query, position, strings.ToLower(name)}
	if b.following[at] {
		return value{kind: outside} // a recursive query hands on what it has: nothing new
	}
	if b.following == nil {
		b.following = map[output]bool{}
	}
	b.following[at] = true
	alternatives, allOutside := b.alternatives(r.query, position, name)
	delete(b.following, at)
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

// alternatives returns what the arms of a query yield at the position, or under the name.
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

// rowOf returns the row of relation rel that stands for a row within its query. Columns
// of the same inner row get the same outer row.
func (b *builder) rowOf(rel, inner int) int {
	for c := b.relations[rel].first; c >= 0; c = b.columns[c].next {
		if r := b.columns[c].row; b.rows[r].inner == inner {
			return r
		}
	}
	b.rows = append(b.rows, row{table: b.rows[inner].table, global: b.rows[inner].global, inner: inner})
	return len(b.rows) - 1
}
