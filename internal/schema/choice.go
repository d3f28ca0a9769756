package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/tenantname"
)

// A Choice is the tenant column found for a database.
type Choice struct {
	Column     string // as most tables write it; "" if none was found
	Inner      string // the column of a part of a tenant that limits rows as well: project_id beside organization_id; "" for none
	Confidence Confidence
	Why        string // lower case, one line
}

// Confidence says how sure a choice is.
type Confidence uint8

// The degrees of confidence. With Low, rules stay silent until the
// configuration names the column.
const (
	Low Confidence = iota
	High
	Configured
)

func (c Confidence) String() string {
	return [...]string{"low", "high", "configured"}[c]
}

// candidates are the usual names of tenant columns in their normal form, the most
// telling first.
var candidates = tenantname.Columns()

// How much evidence a candidate needs to be taken for the tenant column, by its index.
// A workspace is nearly always a tenant; a project or a customer is often just a table
// of an application with a single tenant.
const (
	certain = 1 // candidates below this index need none
	plain   = 6 // those below this one need a tenants table, or some tables with the column
	some    = 3
	many    = 5  // the others need both: many tables with the column, and a third of all
	legion  = 10 // where there are models alone, which seldom tell keys, so many will do
)

// often counts the candidates that are rivals of each other; the rest are names that only
// schemas without these use for tenants.
var often = tenantname.Often()

// divides reports whether enough tables refer to parts of tenants by the candidate.
func (n count) divides() bool { return n.refer >= some && tenantname.Divides(Normal(n.column)) }

// convinces reports whether the candidate has the evidence that it needs. Of models only a
// part is seen, so the share of usual names is not asked for.
func (d *Database) convinces(n count) bool {
	tables, models := len(d.Tables), d.Dir == ""
	switch {
	case n.index < certain:
		return true
	case n.index >= plain:
		refer := n.refer >= some && n.tables >= many || models && n.tables >= legion
		return n.root != nil && refer && 3*n.tables >= tables
	case models:
		return n.root != nil || n.tables >= some
	case n.refer >= some && 2*d.reach(n.column) >= tables:
		return true
	}
	return n.root != nil && 3*n.tables >= tables || n.tables >= some && 7*n.tables >= tables
}

// reach counts the tables that have the column, and those from which NOT NULL foreign keys
// lead to one that has it.
func (d *Database) reach(column string) int {
	reached := map[*Table]bool{}
	for range maxLevels + 1 {
		n := len(reached)
		for _, t := range d.Tables {
			if t.normalColumn(Normal(column)) != nil || slices.ContainsFunc(d.parents(t), func(p *Table) bool { return reached[p] }) {
				reached[t] = true
			}
		}
		if len(reached) == n {
			break
		}
	}
	return len(reached)
}

// A count says how many tables have a candidate column.
type count struct {
	column string // as most tables write it
	tables int
	root   *Table
	refer  int // tables with a foreign key from the column to root
	index  int // of the candidate
}

// settle chooses the tenant column and gives every table its role.
func (d *Database) settle(c config.Tenant) {
	d.index()
	d.assignRoles(d.choose(c), c)
}

func (d *Database) choose(c config.Tenant) Choice {
	switch {
	case len(c.Columns) > 0:
		return Choice{Column: c.Column, Confidence: Configured, Why: "named in the configuration"}
	case Normal(c.Column) != Normal(config.Default().Tenant.Column):
		return d.chosen(c.Column)
	}
	counts := d.counts()
	if len(counts) == 0 || !d.convinces(d.heaviest(counts)) {
		if n, ok := d.unlisted(); ok {
			return Choice{Column: n.column, Confidence: High, Why: n.String() + ", to which those who log in belong"}
		}
	}
	if len(counts) == 0 {
		return Choice{Why: "no table has a column named like a tenant"}
	}
	sure := counts[0].index < certain && !d.dwarfed(counts)
	best := counts[0]
	if !sure {
		best = d.heaviest(counts)
	}
	choice := Choice{Column: best.column, Why: best.String()}
	for _, other := range counts {
		switch {
		case other.column == best.column || other.column == choice.Inner || other.index == best.index: // other spellings are no rivals
		case choice.Inner == "" && d.isInner(other, best):
			choice.Inner = other.column
			choice.Why += fmt.Sprintf(", and to them belongs %s: %s", other.column, other)
		case sure || !other.rivals(best):
		case choice.Inner == "" && d.within(best, other):
			choice.Column, choice.Inner = other.column, best.column
			choice.Why = fmt.Sprintf("%s, and to them belongs %s: %s", other, best.column, best)
			best = other
		case other.index < often:
			return Choice{Column: best.column, Why: fmt.Sprintf("%s; but so has %s: %s", best, other.column, other)}
		}
	}
	if rival, ok := d.overshadows(best); ok {
		return Choice{Column: best.column, Why: fmt.Sprintf("%s; but so has %s: %s", best, rival.column, rival)}
	}
	best.tables = d.tablesWith(choice.Column, choice.Inner)
	if !d.convinces(best) {
		choice.Why += "; too little to be sure"
		return choice
	}
	choice.Confidence = High
	return choice
}

// chosen returns the choice of a column that the configuration names, with the inner column
// that it would have had it been found.
func (d *Database) chosen(column string) Choice {
	choice := Choice{Column: column, Confidence: Configured, Why: "named in the configuration"}
	named := d.count(Normal(column))
	for _, other := range d.counts() {
		if d.isInner(other, named) {
			choice.Inner = other.column
			choice.Why += ", and to them belongs " + other.column + ": " + other.String()
			break
		}
	}
	return choice
}

// rivals reports whether there is nearly as much evidence for a candidate as for another.
func (n count) rivals(best count) bool { return 3*n.weight() >= 2*best.weight() }

// isInner reports whether a candidate limits rows as well as the best one: it is as frequent,
// or names a part, and what it refers to belongs to the tenants.
func (d *Database) isInner(n, best count) bool {
	return (n.rivals(best) || n.divides()) && d.within(n, best)
}

// dwarfs is how many times the evidence of another candidate has to outweigh that of a certain
// name, which then is one that a few tables brought along.
const dwarfs = 8

// dwarfed reports whether the first candidate is next to nothing beside another that convinces.
func (d *Database) dwarfed(counts []count) bool {
	best := d.heaviest(counts)
	return best.weight() >= dwarfs*counts[0].weight() && d.convinces(best)
}

// heaviest returns the candidate with the most evidence, a rare name only if those that are
// often a tenant's have too little.
func (d *Database) heaviest(counts []count) count {
	usual := slices.IndexFunc(counts, func(n count) bool { return n.index >= often })
	if usual < 0 {
		usual = len(counts)
	}
	heavier := func(a, b count) int { return a.weight() - b.weight() }
	if usual == 0 {
		return slices.MaxFunc(counts, heavier)
	}
	best := slices.MaxFunc(counts[:usual], heavier)
	if usual < len(counts) && !d.convinces(best) {
		if rare := slices.MaxFunc(counts[usual:], heavier); d.convinces(rare) {
			return rare
		}
	}
	return best
}

// counts returns the candidates that tables have, from the most telling name.
func (d *Database) counts() []count {
	var counts []count
	for i, candidate := range candidates {
		for _, spelled := range tenantname.Spellings(candidate) {
			if n := d.count(spelled); n.tables > 0 {
				n.index = i
				counts = append(counts, n)
			}
		}
	}
	return counts
}

// tablesWith counts the tables that have one of the columns.
func (d *Database) tablesWith(names ...string) int {
	n := 0
	for _, t := range d.Tables {
		if slices.ContainsFunc(names, func(name string) bool { return t.normalColumn(Normal(name)) != nil }) {
			n++
		}
	}
	return n
}

// within reports whether the rows that the inner column refers to belong to those that the
// outer one refers to: by the outer column, or by the foreign keys between their tables.
func (d *Database) within(inner, outer count) bool {
	if inner.refer == 0 || inner.root == outer.root {
		return false
	}
	if c := inner.root.normalColumn(Normal(outer.column)); c != nil && inner.root.requires([]string{c.Name}) {
		return true
	}
	return outer.refer > 0 && d.leads(inner.root, outer.root)
}

// maxLevels bounds how many foreign keys lead from a table to the tenants.
const maxLevels = 3

// leads reports whether NOT NULL foreign keys lead from one table to another.
func (d *Database) leads(from, to *Table) bool {
	seen := map[*Table]bool{from: true}
	level := []*Table{from}
	for range maxLevels {
		var next []*Table
		for _, t := range level {
			for _, fk := range t.ForeignKeys {
				refers := d.Lookup(fk.RefSchema, fk.RefTable)
				if refers == nil || seen[refers] || !t.requires(fk.Columns) {
					continue
				}
				if refers == to {
					return true
				}
				seen[refers] = true
				next = append(next, refers)
			}
		}
		level = next
	}
	return false
}

// weight counts a table once for the column and once for a foreign key to the
// tenants.
func (n count) weight() int { return n.tables + n.refer }

func (n count) String() string {
	s := fmt.Sprintf("%d tables have it", n.tables)
	if n.tables == 1 {
		s = "1 table has it"
	}
	switch {
	case n.refer == 1:
		s += ", 1 refers to " + n.root.Name
	case n.refer > 1:
		s += fmt.Sprintf(", %d refer to %s", n.refer, n.root.Name)
	}
	return s
}

func (d *Database) count(candidate string) count {
	var n count
	spelling := map[string]int{}
	for _, t := range d.Tables {
		column := t.normalColumn(candidate)
		if column == nil {
			continue
		}
		root := d.referredBy(t, column.Name)
		if of := tenantname.Natural(candidate); of != "" && (root == nil || !root.IsNamed(of)) {
			continue
		}
		n.tables++
		name := cmp.Or(column.As, column.Name)
		if spelling[name]++; spelling[name] > spelling[n.column] {
			n.column = name
		}
		if root != nil {
			n.refer++
			n.root = root
		}
	}
	if n.root == nil {
		n.root = d.Named(referent(n.column))
	}
	return n
}

// referredBy returns the table that a foreign key of the column alone refers to.
func (d *Database) referredBy(t *Table, column string) *Table {
	for _, fk := range t.ForeignKeys {
		if len(fk.Columns) == 1 && strings.EqualFold(fk.Columns[0], column) {
			if root := d.Lookup(fk.RefSchema, fk.RefTable); root != t {
				return root
			}
		}
	}
	return nil
}

// referent returns what a column such as org_id refers to.
func referent(column string) string {
	n := Normal(column)
	if n == "uid" {
		return "user"
	}
	for _, suffix := range []string{"uuid", "uid", "id"} {
		if s, ok := strings.CutSuffix(n, suffix); ok {
			if s == "org" || s == "organisation" {
				return "organization"
			}
			return s
		}
	}
	return ""
}

// Normal returns the normal form of a name, without case and underscores: tenant_id and
// tenantId are both tenantid.
func Normal(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}

// isNormal reports whether want is the normal name of a name.
func isNormal(name, want string) bool {
	n := 0
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '_':
			continue
		case c >= utf8.RuneSelf:
			return Normal(name) == want
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		if n >= len(want) || want[n] != c {
			return false
		}
		n++
	}
	return n == len(want)
}
