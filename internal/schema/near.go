package schema

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/tenantname"
)

// A Near is a column that may hold the tenant, and the evidence for it.
type Near struct{ Column, Why string }

// maxNear bounds how many columns are shown.
const maxNear = 8

// Near returns the columns of the database that may hold the tenant, the likeliest first:
// those that many tables have, of which one that is named like a tenant counts double.
func (d *Database) Near() []Near {
	if d.parts != nil {
		d = &Database{Dir: d.Dir, Tables: d.All()}
		d.index()
	}
	named := slices.DeleteFunc(d.counts(), func(n count) bool { return n.index >= often && n.tables < some })
	all := d.frequent()
	likelihood := map[string]int{}
	for _, n := range named {
		likelihood[n.column] = 2 * n.weight()
	}
	for _, n := range all {
		likelihood[n.column] = n.weight()
	}
	all = slices.Concat(named, all)
	slices.SortStableFunc(all, func(a, b count) int { return cmp.Compare(likelihood[b.column], likelihood[a.column]) })
	var near []Near
	for _, n := range all[:min(len(all), maxNear)] {
		near = append(near, Near{n.column, n.String()})
	}
	return near
}

// frequent returns the columns, not named like a tenant, that at least a fifth of the tables
// have and by which some refer to something; of people, that more than half have.
func (d *Database) frequent() []count {
	found := map[string]*count{}
	for _, t := range d.Tables {
		for _, c := range t.Columns {
			if t.isKey(c.Name) || slices.Contains(candidates, Normal(c.Name)) {
				continue
			}
			n := found[Normal(c.Name)]
			if n == nil {
				n = &count{column: c.Name}
				found[Normal(c.Name)] = n
			}
			n.tables++
			if root := d.referredBy(t, c.Name); root != nil && (n.root == nil || n.root == root) {
				n.root = root
				n.refer++
			}
		}
	}
	var all []count
	for _, n := range found {
		if tenantname.IsKey(Normal(n.column)) && referent(n.column) == "" && (n.root == nil || !n.root.IsNamed(n.column)) {
			continue // the row's own name, or that of whatever is beside it
		}
		refers := n.refer > 0 || divides(n.column) || referent(n.column) != "" && n.tables >= many && 2*n.tables > len(d.Tables)
		if refers && n.tables >= some && 5*n.tables >= len(d.Tables) {
			all = append(all, *n)
		}
	}
	slices.SortFunc(all, func(a, b count) int { return cmp.Or(b.weight()-a.weight(), cmp.Compare(a.column, b.column)) })
	return all
}

// overshadows returns the column by which most tables refer to one that is not of people,
// where few have the best of those named like a tenant, and these refer to nothing.
func (d *Database) overshadows(best count) (count, bool) {
	if best.index < certain || best.root != nil {
		return count{}, false
	}
	for _, n := range d.frequent() {
		if 2*n.refer > len(d.Tables) && n.refer >= some*best.tables && !slices.ContainsFunc(people, n.root.IsNamed) {
			return n, true
		}
	}
	return count{}, false
}

// people are what columns refer to that say who did something, not whose a row is.
var people = []string{"user", "owner", "author", "creator", "parent"}

// divides reports whether the name of a column alone says that rows may be divided by it:
// environment_id, but neither id nor user_id.
func divides(column string) bool {
	of := referent(column)
	return of != "" && !slices.Contains(people, of)
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
