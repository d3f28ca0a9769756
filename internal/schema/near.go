package schema

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/poollint/poollint/internal/config"
)

// A Near is a column that may hold the tenant, and the evidence for it.
type Near struct{ Column, Why string }

// maxNear bounds how many columns are shown.
const maxNear = 8

// Near returns the columns of the database that may hold the tenant, the likeliest first:
// those that are named like a tenant, then those by which many tables refer to one.
func (d *Database) Near() []Near {
	if d.parts != nil {
		d = &Database{Dir: d.Dir, Tables: d.All()}
		d.index()
	}
	heavier := func(a, b count) int { return cmp.Or(b.weight()-a.weight(), cmp.Compare(a.column, b.column)) }
	referring := d.referring()
	named := slices.DeleteFunc(d.counts(), func(n count) bool { return n.index >= often && n.tables < some })
	slices.SortStableFunc(named, func(a, b count) int { return b.weight() - a.weight() })
	slices.SortFunc(referring, heavier)
	var near []Near
	for _, n := range slices.Concat(named, referring) {
		if len(near) == maxNear {
			break
		}
		near = append(near, Near{n.column, n.String()})
	}
	return near
}

// referring returns the columns, not named like a tenant, by which at least a fifth of the
// tables refer to the same one.
func (d *Database) referring() []count {
	found := map[string]*count{}
	for _, t := range d.Tables {
		for _, fk := range t.ForeignKeys {
			if len(fk.Columns) != 1 || slices.Contains(candidates, Normal(fk.Columns[0])) {
				continue
			}
			root := d.referredBy(t, fk.Columns[0])
			if root == nil {
				continue
			}
			key := Normal(fk.Columns[0]) + " " + root.Name
			if found[key] == nil {
				found[key] = &count{column: fk.Columns[0], root: root}
			}
			found[key].tables++
			found[key].refer++
		}
	}
	var all []count
	for _, n := range found {
		if n.refer >= some && 5*n.refer >= len(d.Tables) {
			all = append(all, *n)
		}
	}
	return all
}

// Under returns the database as it would be if the column were the tenant's.
func (d *Database) Under(column string) *Database {
	with := &Database{Dir: d.Dir, Dialect: d.Dialect}
	for _, t := range d.All() {
		own := *t
		with.Tables = append(with.Tables, &own)
	}
	with.index()
	with.assignRoles(Choice{Column: column, Confidence: Configured}, config.Tenant{})
	return with
}

// WouldJudge says how many tables would be judged if the column were the tenant's.
func (d *Database) WouldJudge(column string) string {
	n := 0
	for _, t := range d.Under(column).Tables {
		if t.Role == Scoped || len(t.Owners) > 0 {
			n++
		}
	}
	if n == 1 {
		return "with it, 1 table would be judged"
	}
	return fmt.Sprintf("with it, %d tables would be judged", n)
}
