package tenancy

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// returning returns the query that a RETURNING clause stands for.
func (b *builder) returning(targets []sqlast.Target, sc *scope, in int) *query {
	for _, t := range targets {
		b.scan(t.Expr, sc, in)
	}
	return &query{closed: true, arms: []arm{{sc: sc, in: in, targets: targets}}}
}

func (b *builder) assign(set []sqlast.Assign, sc *scope, in int) {
	for _, a := range set {
		b.scan(a.Value, sc, in)
	}
}

func (b *builder) update(s *sqlast.Update, sc *scope, in int) *query {
	unused := b.with(s.With, sc)
	if ref, ok := lone(s.Tables); ok {
		rel := b.target(ref, sc, in, s)
		b.markPositioned(rel, s.CurrentOf)
	} else {
		b.items(s.Tables, sc, in, s)
		for _, a := range s.Set {
			for _, c := range a.Columns {
				if v := b.resolve(c.Name, sc); v.kind == ofRow {
					b.markWritten(b.columns[v.column].relation)
				}
			}
		}
	}
	b.items(s.From, sc, in, s)
	b.test(s.Where, sc, in)
	b.holes(s.Holes, in)
	b.assign(s.Set, sc, in)
	q := b.returning(s.Returning, sc, in)
	unused()
	return q
}

func (b *builder) delete(s *sqlast.Delete, sc *scope, in int) *query {
	unused := b.with(s.With, sc)
	if !s.Multi {
		for _, ref := range s.Tables {
			rel := b.target(ref, sc, in, s)
			b.markPositioned(rel, s.CurrentOf)
		}
	}
	b.items(s.From, sc, in, s)
	if s.Multi {
		for _, ref := range s.Tables {
			for _, rel := range sc.relations {
				if strings.EqualFold(b.relations[rel].name, ref.Name.Last().Text) {
					b.markWritten(rel)
				}
			}
		}
	}
	b.test(s.Where, sc, in)
	b.holes(s.Holes, in)
	q := b.returning(s.Returning, sc, in)
	unused()
	return q
}

func lone(items []sqlast.TableExpr) (*sqlast.TableRef, bool) {
	if len(items) != 1 {
		return nil, false
	}
	ref, ok := items[0].(*sqlast.TableRef)
	return ref, ok
}

func (b *builder) items(items []sqlast.TableExpr, sc *scope, in int, node sqlast.Node) {
	for _, item := range items {
		b.from(item, sc, in, node)
	}
}

func (b *builder) markWritten(rel int) {
	for i := range b.judged {
		if b.judged[i].relation == rel {
			b.judged[i].Write = true
		}
	}
}

// markPositioned takes a statement with WHERE CURRENT OF for pinned: the query of the
// cursor is judged instead.
func (b *builder) markPositioned(rel int, cursor sqlast.Name) {
	if n := len(b.judged); cursor.Text != "" && n > 0 && b.judged[n-1].relation == rel {
		b.judged[n-1].decided, b.judged[n-1].Pinned = true, true
	}
}

func (b *builder) insert(s *sqlast.Insert, sc *scope, in int) *query {
	unused := b.with(s.With, sc)
	start := len(b.judged)
	rel := b.target(s.Table, sc, in, nil)
	table := b.relations[rel].table
	position, listed := insertPosition(s, table)

	var stored []alternative // what goes into the tenant column
	switch {
	case s.Query != nil && s.Query.Values != nil && s.Query.Op == sqlast.NoSetOp:
		values := b.newCondition(in, false)
		inner := &scope{ctes: sc.ctes}
		for _, r := range s.Query.Values {
			for i, e := range r {
				if listed && i == position {
					stored = append(stored, b.stored(e, inner, values)...)
				} else {
					b.scan(e, inner, values)
				}
			}
		}
	case s.Query != nil:
		q := b.query(s.Query, sc.without(), b.newCondition(in, false))
		if listed {
			stored, _ = b.alternatives(q, position, "")
		}
	default:
		for _, a := range s.Set {
			b.scan(a.Value, sc, in)
			if table != nil && len(a.Columns) == 1 && table.HasTenant(a.Columns[0].Name.Last().Text) {
				listed = true
			}
		}
	}
	if len(b.judged) > start && b.judged[start].relation == rel {
		b.judgeInsert(&b.judged[start], s, listed, stored, in)
	}
	for _, c := range s.OnConflict {
		b.conflict(c, s, table, in)
	}
	b.assign(s.OnDuplicate, sc, in)
	if table != nil && table.Role == schema.Root && len(table.PrimaryKey) == 1 && !overwrites(s) {
		b.addFact(fact{kind: bindsTo, in: in, a: b.columnOf(rel, table.PrimaryKey[0])}) // a tenant that is new
	}
	q := b.returning(s.Returning, sc, in)
	unused()
	return q
}

// overwrites reports whether an INSERT may change rows that are there already.
func overwrites(s *sqlast.Insert) bool {
	return len(s.OnDuplicate) > 0 || slices.ContainsFunc(s.OnConflict, func(c *sqlast.OnConflict) bool { return len(c.Set) > 0 })
}

// without returns the scope without its relations.
func (sc *scope) without() *scope { return &scope{ctes: sc.ctes} }

// insertPosition returns where among the inserted values the tenant column is.
func insertPosition(s *sqlast.Insert, table *schema.Table) (position int, listed bool) {
	if table == nil {
		return 0, false
	}
	for _, tenant := range table.TenantColumns {
		if i := indexName(s.Columns, tenant); i >= 0 {
			return i, true
		}
		if len(s.Columns) == 0 && s.Query != nil {
			i := slices.IndexFunc(table.Columns, func(c schema.Column) bool { return c.Name == tenant })
			return i, i >= 0
		}
	}
	return 0, false
}

// stored returns what an expression puts into the tenant column.
func (b *builder) stored(e sqlast.Expr, sc *scope, in int) []alternative {
	if l, ok := e.(*sqlast.Literal); ok && l.Kind == sqlast.DefaultLit {
		return []alternative{{in: in}}
	}
	if sub, ok := bare(e).(*sqlast.Subquery); ok {
		q := b.query(sub.Query, sc, b.newCondition(in, false))
		all, _ := b.alternatives(q, 0, "")
		return all
	}
	b.scan(e, sc, in)
	return []alternative{{in: in, value: value{kind: outside}}}
}

func (b *builder) judgeInsert(j *judged, s *sqlast.Insert, listed bool, stored []alternative, in int) {
	if isOwned(j.Table) { // the given key is the parent's
		j.decided, j.Pinned = true, true
		b.addFact(fact{kind: comparedWith, in: in, a: b.columnOf(j.relation, j.Table.Owners[0].Key.Columns[0])})
		return
	}
	column := j.Table.Column(j.Column)
	computed := column != nil && column.Default == schema.FunctionDefault
	switch {
	case listed:
		f := fact{kind: comparedWith, in: in, a: b.columnOf(j.relation, j.Column)}
		for _, a := range stored {
			isDefault := a.kind == other && s.Query != nil && s.Query.Values != nil
			if isDefault && !computed {
				j.decided, j.Tier, j.Reason = true, Unrestricted, MissingColumn
				return
			}
			if a.kind == ofRow {
				f.alternatives = append(f.alternatives, a)
			}
		}
		if len(f.alternatives) > 0 {
			b.addFact(f)
			return
		}
		j.decided, j.Pinned = true, true
		b.addFact(fact{kind: bindsTo, in: in, a: f.a}) // for what RETURNING hands on
	case computed || len(s.Columns) == 0 && len(s.Set) == 0 && !s.DefaultValues:
		j.decided, j.Pinned = true, true
	case slices.ContainsFunc(s.Columns, sqlast.Name.HasHole), slices.ContainsFunc(s.Set, assignsHole):
		j.decided, j.Tier = true, Unseen
	default:
		j.decided, j.Tier, j.Reason = true, Unrestricted, MissingColumn
	}
}

// assignsHole reports whether only the running program knows which column is assigned to.
func assignsHole(a sqlast.Assign) bool {
	return len(a.Columns) == 0 || slices.ContainsFunc(a.Columns, func(c *sqlast.ColumnRef) bool { return c.Name.Last().HasHole() })
}

// conflict judges ON CONFLICT … DO UPDATE. A key without the tenant column may match a
// row of another tenant; an id does so only if its owner gives it away, unless the update
// also takes the row over.
func (b *builder) conflict(c *sqlast.OnConflict, s *sqlast.Insert, table *schema.Table, in int) {
	sc := &scope{}
	update := b.newCondition(in, false)
	b.addRelation(sc, relation{name: s.Table.Ref().Text, table: table, row: b.newRow(table, false), in: update})
	rel := sc.relations[0]
	b.test(c.SetWhere, sc, update)
	b.assign(c.Set, sc, update)
	if c.DoNothing || !isJudged(table) || table.Role == schema.Root {
		return
	}
	key, ok := conflictKey(c, table)
	if !ok {
		return
	}
	verdict := Verdict{Table: table, Ref: s.Table, Column: conflictColumn(table), Write: true, Reason: ConflictTarget}
	for _, name := range key {
		of := &column{table: table, origin: name}
		id := of.ownKey()
		switch {
		case table.HasTenant(name):
			return
		case isOwned(table) && len(key) == 1 && (id || of.isPrimaryKey() && of.findsOwner()):
			if of.findsOwner() && !givesKey(s, name) { // a query has it of its parent
				return
			}
			verdict.Tier, verdict.Add = ByID, limit(table, written(s.Table.Ref())+".", b.opts.placeholder(tenantColumn(table)))
		case id && len(key) == 1:
			verdict.Add = written(s.Table.Ref()) + "." + identifier(verdict.Column) + " = EXCLUDED." + identifier(verdict.Column)
			if !takesOver(c, table) {
				verdict.Tier = ByID
			}
		case id, refersByID(name), refersBy(table, name):
			return
		}
	}
	b.judged = append(b.judged, judged{Verdict: verdict, relation: rel, in: []int{update}})
}

// givesKey reports whether the statement inserts VALUES in which no subquery looks up the column.
func givesKey(s *sqlast.Insert, name string) bool {
	if s.Query == nil || s.Query.Values == nil {
		return false
	}
	at := indexName(s.Columns, name)
	return !slices.ContainsFunc(s.Query.Values, func(row []sqlast.Expr) bool {
		if at < 0 || at >= len(row) {
			return false
		}
		_, looksUp := bare(row[at]).(*sqlast.Subquery)
		return looksUp
	})
}

// conflictColumn returns the column that keeps a conflict within a tenant.
func conflictColumn(t *schema.Table) string {
	if isOwned(t) {
		return t.Owners[0].Key.Columns[0]
	}
	return t.TenantColumns[0]
}

// takesOver reports whether the update sets the tenant column.
func takesOver(c *sqlast.OnConflict, table *schema.Table) bool {
	for _, a := range c.Set {
		for _, column := range a.Columns {
			if table.HasTenant(column.Name.Last().Text) {
				return true
			}
		}
	}
	return false
}

// conflictKey returns the columns of the key that the conflict is about.
func conflictKey(c *sqlast.OnConflict, table *schema.Table) (key []string, ok bool) {
	if name := c.Constraint.Text; name != "" {
		return constraintKey(name, table)
	}
	for _, e := range c.Target {
		sqlast.Inspect(e, func(n sqlast.Node) bool {
			switch n := n.(type) {
			case *sqlast.ColumnRef:
				key = append(key, n.Name.Last().Text)
			case *sqlast.Hole:
				key = nil
				return false
			}
			return true
		})
	}
	return key, len(key) > 0
}

// constraintKey returns the columns of the constraint of the name.
func constraintKey(name string, table *schema.Table) (key []string, ok bool) {
	if name == table.Name+"_pkey" {
		return table.PrimaryKey, true
	}
	for _, u := range table.Unique {
		if u.Name == name {
			return u.Columns, true
		}
	}
	return nil, false
}

// copy judges COPY of a table: TO takes all its rows, FROM is an INSERT.
func (b *builder) copy(s *sqlast.Copy, sc *scope, in int) {
	if !s.From {
		b.from(s.Table, sc, in, s)
		return
	}
	start := len(b.judged)
	rel := b.target(s.Table, sc, in, nil)
	if start < len(b.judged) {
		as := &sqlast.Insert{Table: s.Table, Columns: s.Columns}
		_, listed := insertPosition(as, b.relations[rel].table)
		b.judgeInsert(&b.judged[start], as, listed, nil, in)
	}
}

// merge judges the target once for each arm that changes its rows: what pins may stand in
// ON or in the arm's own condition.
func (b *builder) merge(s *sqlast.Merge, sc *scope, in int) *query {
	unused := b.with(s.With, sc)
	matched := b.newCondition(in, true)
	target := len(b.judged)
	b.target(s.Into, sc, matched, s)
	judges := target < len(b.judged)
	source := matched // rows of it that ON does not match do nothing, unless they are inserted
	if slices.ContainsFunc(s.Whens, func(w sqlast.MergeWhen) bool { return w.Action == sqlast.MergeInsert }) {
		source = in
	}
	b.from(s.Using, sc, source, s)
	b.test(s.On, sc, matched)
	b.holes(s.Holes, matched)
	var changing []int
	for i := range s.Whens {
		w := &s.Whens[i]
		arm := b.newCondition(matched, false)
		b.conditions[arm].hole = b.conditions[matched].hole
		for _, e := range w.Values {
			b.scan(e, sc, arm)
		}
		b.assign(w.Set, sc, arm)
		switch {
		case judges && w.Action == sqlast.MergeInsert:
			b.mergeInsert(w, &b.judged[target])
			b.scan(w.Cond, sc, arm)
		case judges && w.BySource && w.Action != sqlast.MergeNothing:
			b.mergeUnmatched(w, &b.judged[target], sc)
		default:
			b.test(w.Cond, sc, arm)
			if w.Action != sqlast.MergeNothing {
				changing = append(changing, arm)
			}
		}
	}
	if judges {
		j := &b.judged[target]
		j.in, j.decided, j.Pinned = changing, len(changing) == 0, len(changing) == 0
	}
	q := b.returning(s.Returning, sc, matched)
	unused()
	return q
}

// mergeInsert judges WHEN NOT MATCHED THEN INSERT.
func (b *builder) mergeInsert(w *sqlast.MergeWhen, target *judged) {
	t := target.Table
	if isOwned(t) || len(w.Columns) == 0 || slices.ContainsFunc(w.Columns, func(n sqlast.Name) bool { return t.HasTenant(n.Text) || n.HasHole() }) {
		return
	}
	b.judged = append(b.judged, judged{decided: true, Verdict: Verdict{
		Table: t, Ref: target.Ref, Column: target.Column, Write: true, Tier: Unrestricted, Reason: MissingColumn,
	}})
}

// mergeUnmatched judges an arm for the rows that the source does not have.
func (b *builder) mergeUnmatched(w *sqlast.MergeWhen, target *judged, sc *scope) {
	unmatched := b.newCondition(-1, false)
	alone := &scope{ctes: sc.ctes}
	v := Verdict{Table: target.Table, Ref: target.Ref, Column: target.Column, Write: true, Reason: UnmatchedRows}
	rel := b.addRelation(alone, relation{name: v.Ref.Ref().Text, table: v.Table, row: b.newRow(v.Table, false), in: unmatched})
	b.test(w.Cond, alone, unmatched)
	b.judged = append(b.judged, judged{Verdict: v, relation: rel, in: []int{unmatched}})
}
