package tenancy

import (
	"strings"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// A builder turns a statement into facts.
type builder struct {
	db   *schema.Database
	opts Options

	conditions []condition
	relations  []relation
	rows       []row
	columns    []column
	facts      []fact

	judged   []judged
	optional []int         // columns that are compared with an expression of themselves
	restated []fact        // of facts, what restateBranches adds
	switches []int         // branches of OR for which isSwitch holds
	claims   []sqlast.Span // queries that skip locked rows

	root  sqlast.Stmt
	uses  map[string]int // how often a name stands for a table; made for WITH only
	depth int
	left  int  // of the work that the statement may cost
	large bool // beyond a limit

	shared bool // markShared has found a flag

	known   map[member]answer // what queryKnows said
	choices map[chosen]value  // what choice said

	following map[output]bool // outputs whose values are being looked for
	open      int             // answers of queryKnows about a query that is not built yet
}

// A member is a column that a relation may have.
type member struct {
	relation int
	name     string
}

// spend counts steps of work and reports whether there are any left.
func (b *builder) spend(steps int) bool {
	b.left -= steps
	b.large = b.large || b.left < 0
	return !b.large
}

// A judged is a reference to a table of tenants' rows that gets a verdict.
type judged struct {
	Verdict
	relation int
	in       []int // must be pinned in each
	decided  bool  // the verdict does not depend on facts
}

// A relation is an item of FROM, or the target of a statement.
type relation struct {
	name    string // that qualifies its columns
	table   *schema.Table
	row     int
	in      int // its condition
	query   *query
	direct  bool // see nested
	values  bool // every column is a value from outside
	columns []sqlast.Name
	first   int // its columns; -1 for none
}

// A scope holds the relations that names in a query refer to.
type scope struct {
	parent    *scope
	in        int // the condition of the query
	relations []int
	ctes      *cte
	outermost bool // of a query that is the whole statement
}

// A cte is a common table expression, and those visible to it.
type cte struct {
	outer  *cte
	parent *scope // around the query that has it
	def    *sqlast.CTE
	self   bool // visible to itself
	query  *query
}

func (c *cte) lookup(name string) *cte {
	for ; c != nil; c = c.outer {
		if c.def.Name.Text == name {
			return c
		}
	}
	return nil
}

func (b *builder) addRelation(sc *scope, r relation) int {
	r.first = -1
	b.relations = append(b.relations, r)
	sc.relations = append(sc.relations, len(b.relations)-1)
	return len(b.relations) - 1
}

// target adds the table that a statement changes.
func (b *builder) target(ref *sqlast.TableRef, sc *scope, in int, scopeNode sqlast.Node) int {
	rel := b.table(ref, sc, in)
	if t := b.relations[rel].table; isTenants(t) && changes(scopeNode) {
		b.judge(t, ref, rel, in)
	}
	if n := len(b.judged); n > 0 && b.judged[n-1].relation == rel {
		b.judged[n-1].Write = true
		b.judged[n-1].Scope = scopeNode
	}
	return rel
}

// table adds a table that is no CTE.
func (b *builder) table(ref *sqlast.TableRef, sc *scope, in int) int {
	var t *schema.Table
	switch qualifier := ref.Name.Qualifier(); {
	case ref.Name.Last().HasHole():
		if t = b.db.Lookup("", ref.Name.Last().Stem()); t == nil {
			b.conditions[in].hole = true // a join with what nobody knows
		}
	case qualifier.HasHole():
		t = b.db.Lookup("", ref.Name.Last().Text)
	default:
		t = b.db.Lookup(qualifier.Text, ref.Name.Last().Text)
	}
	global := t != nil && (t.Role == schema.Global || t.Role == schema.Shared)
	rel := b.addRelation(sc, relation{
		name: ref.Ref().Text, table: t, row: b.newRow(t, global), in: in, columns: ref.Columns,
	})
	if t != nil && isJudged(t) {
		b.judge(t, ref, rel, in)
	}
	return rel
}

func (b *builder) judge(t *schema.Table, ref *sqlast.TableRef, rel, in int) {
	b.judged = append(b.judged, judged{
		Verdict:  Verdict{Table: t, Ref: ref, Column: tenantColumn(t)},
		relation: rel,
		in:       []int{in},
	})
}

// changes reports whether a statement changes or deletes rows that are there.
func changes(stmt sqlast.Node) bool {
	switch stmt.(type) {
	case *sqlast.Update, *sqlast.Delete:
		return true
	}
	return false
}

// from adds an item of FROM; node is the statement that it belongs to.
func (b *builder) from(item sqlast.TableExpr, sc *scope, in int, node sqlast.Node) {
	switch item := item.(type) {
	case *sqlast.TableRef:
		if len(item.Name) == 1 {
			if c := sc.ctes.lookup(item.Name[0].Text); c != nil {
				b.reference(c, item, sc, in)
				return
			}
		}
		n := len(b.judged)
		b.table(item, sc, in)
		if len(b.judged) > n {
			b.judged[n].Scope = node
		}
	case *sqlast.Derived:
		inner := sc.parent
		if item.Lateral {
			inner = sc
		}
		q, direct := b.nested(item.Query, inner, sc.ctes, in)
		b.addRelation(sc, relation{name: item.Alias.Text, query: q, direct: direct, in: in, row: -1, columns: item.Columns})
	case *sqlast.FuncTable:
		r := relation{name: item.Alias.Text, in: in, columns: item.Columns, values: true}
		for _, f := range item.Funcs {
			b.scan(f, sc, in)
			r.values = r.values && b.value(f, sc).kind == outside
			if call, ok := f.(*sqlast.FuncCall); ok && r.name == "" {
				r.name = call.Name.Last().Text
			}
		}
		if !r.values {
			// The functions take columns: their results belong to the row of these.
			r.query = &query{arms: []arm{{sc: sc, in: in, targets: functionTargets(item)}}}
			r.direct, r.row = true, -1
		}
		b.addRelation(sc, r)
	case *sqlast.Join:
		b.join(item, sc, in, node)
	}
}

// functionTargets reads functions in FROM as a select list.
func functionTargets(item *sqlast.FuncTable) []sqlast.Target {
	targets := make([]sqlast.Target, len(item.Funcs))
	for i, f := range item.Funcs {
		targets[i] = sqlast.Target{Expr: f}
		if i < len(item.Columns) {
			targets[i].Alias = item.Columns[i]
		} else if len(item.Funcs) == 1 {
			targets[i].Alias = item.Alias
		}
	}
	return targets
}

func (b *builder) join(j *sqlast.Join, sc *scope, in int, node sqlast.Node) {
	left, right, on := in, in, in
	switch j.Kind {
	case sqlast.Left:
		right = b.newCondition(in, true)
		on = right
	case sqlast.Right:
		left = b.newCondition(in, true)
		on = left
	case sqlast.Full:
		left, right = b.newCondition(in, true), b.newCondition(in, true)
		on = b.newCondition(in, false)
		b.conditions[left].full, b.conditions[right].full = on, on
	}
	start := len(sc.relations)
	b.from(j.Left, sc, left, node)
	middle := len(sc.relations)
	b.from(j.Right, sc, right, node)
	b.test(j.On, sc, on)
	lefts, rights := sc.relations[start:middle], sc.relations[middle:]
	for _, name := range j.Using {
		b.equateValues(b.among(lefts, name.Text), b.among(rights, name.Text), on)
	}
	if j.Natural && !b.large {
		for _, rel := range rights {
			if t := b.relations[rel].table; t != nil {
				for _, c := range t.Columns {
					if !b.spend(1) {
						return
					}
					if l := b.firstWith(lefts, c.Name); l >= 0 {
						b.equateValues(b.member(l, c.Name), b.member(rel, c.Name), on)
					}
				}
			}
		}
	}
}

// firstWith returns the first of the relations that surely has the column, or -1.
func (b *builder) firstWith(relations []int, name string) int {
	for _, rel := range relations {
		if b.knows(rel, name) == yes {
			return rel
		}
	}
	return -1
}

// among finds a column in one of the relations.
func (b *builder) among(relations []int, name string) value {
	if rel := b.firstWith(relations, name); rel >= 0 {
		return b.member(rel, name)
	}
	for _, rel := range relations {
		if b.knows(rel, name) == maybe {
			return b.member(rel, name)
		}
	}
	if len(relations) == 1 {
		return b.member(relations[0], name)
	}
	return value{}
}

// resolve returns what a column name stands for.
func (b *builder) resolve(name sqlast.QName, sc *scope) value {
	if b.large {
		return value{}
	}
	column := name.Last().Text
	if q := name.Qualifier().Text; q != "" {
		for s := sc; s != nil; s = s.parent {
			b.spend(len(s.relations))
			for _, rel := range s.relations {
				if strings.EqualFold(b.relations[rel].name, q) {
					return b.member(rel, column)
				}
			}
		}
		if strings.EqualFold(q, "excluded") {
			return value{kind: outside}
		}
		return value{}
	}
	for s := sc; s != nil; s = s.parent {
		if rel := b.firstWith(s.relations, column); rel >= 0 {
			return b.member(rel, column)
		}
	}
	for s := sc; s != nil; s = s.parent {
		if v := b.among(s.relations, column); v.kind != other {
			return v
		}
	}
	return value{}
}

type answer uint8

const (
	no answer = iota
	maybe
	yes
)

// knows returns whether the relation has the column.
func (b *builder) knows(rel int, name string) answer {
	r := &b.relations[rel]
	switch {
	case !b.spend(1):
		return no
	case r.query != nil:
		at := member{rel, name}
		if known, ok := b.known[at]; ok {
			return known
		}
		open := b.open
		known := b.queryKnows(r, name)
		if open == b.open {
			b.known[at] = known
		}
		return known
	case r.table != nil:
		if r.table.Column(name) != nil {
			return yes
		}
		return no
	case len(r.columns) > 0:
		return answerIf(hasName(r.columns, name))
	case r.values:
		if strings.EqualFold(r.name, name) {
			return yes
		}
		return maybe
	}
	return maybe
}

func answerIf(ok bool) answer {
	if ok {
		return yes
	}
	return no
}

func hasName(names []sqlast.Name, name string) bool { return indexName(names, name) >= 0 }

func indexName(names []sqlast.Name, name string) int {
	for i, n := range names {
		if strings.EqualFold(n.Text, name) {
			return i
		}
	}
	return -1
}

// member returns what the column of the relation stands for.
func (b *builder) member(rel int, name string) value {
	r := &b.relations[rel]
	switch {
	case r.values:
		return value{kind: outside}
	case r.query == nil:
		if i := indexName(r.columns, name); i >= 0 && r.table != nil && i < len(r.table.Columns) {
			name = r.table.Columns[i].Name
		}
		return value{ofRow, b.columnOf(rel, name)}
	case r.direct:
		return b.output(r.query.arms[0], b.position(r, name), name)
	}
	return b.handOn(rel, name)
}
