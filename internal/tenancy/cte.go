package tenancy

import "github.com/poollint/poollint/internal/sqlast"

// with makes the CTEs visible in the scope. The returned function, to be called once the
// statement is read, judges the CTEs that nothing refers to.
func (b *builder) with(w *sqlast.With, sc *scope) func() {
	if w == nil {
		return func() {}
	}
	b.countUses()
	added := make([]*cte, 0, len(w.CTEs))
	for _, def := range w.CTEs {
		c := &cte{outer: sc.ctes, parent: sc.parent, def: def, self: w.Recursive}
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
	in := -1
	if c.parent != nil {
		in = c.parent.in
	}
	b.queryInto(c.query, c.def.Query.(*sqlast.Select), c.parent, ctes, b.newCondition(in, false))
	c.query.closed = true
}

// reference adds a relation for a CTE in FROM. A CTE that is referred to only once is
// read in place, like a derived table.
func (b *builder) reference(c *cte, ref *sqlast.TableRef, sc *scope, in int) {
	r := relation{name: ref.Ref().Text, in: in, row: -1, columns: ref.Columns}
	if c.query == nil && b.usedOnce(c) {
		r.query, r.direct = b.nested(c.def.Query.(*sqlast.Select), c.parent, c.outer, in)
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
