package schema

import "slices"

// A tenant may go by any name: a dealer, a school, a clinic. What tells such a column is that most
// tables refer by it to one table, and that whoever logs in belongs to a row of that as well.

// inside are what people of one tenant belong to.
var inside = []string{"role", "department", "branch", "location", "site", "warehouse", "division", "group", "position", "plan", "status", "type"}

// unlisted returns the column that is the tenant's although it is not named like one.
func (d *Database) unlisted() (count, bool) {
	for _, n := range d.frequent() {
		if n.refer < some || slices.ContainsFunc(slices.Concat(people, inside), n.root.IsNamed) {
			continue
		}
		most := 2*n.refer > len(d.Tables) && slices.ContainsFunc(d.Tables, func(t *Table) bool { return t.IsNamed("user") && d.binds(t, n) })
		mostByFar := n.refer >= legion && 5*n.refer >= 3*len(d.Tables) && slices.ContainsFunc(d.Tables, func(t *Table) bool { return d.admits(t, n) })
		if most || mostByFar {
			return n, true
		}
	}
	return count{}, false
}

// binds reports whether each row of a table refers to the candidate's root.
func (d *Database) binds(t *Table, n count) bool {
	c := t.normalColumn(Normal(n.column))
	return c != nil && t.requires([]string{c.Name}) && d.referredBy(t, c.Name) == n.root
}

// admits reports whether a table says which of those who log in belong to which row of the
// candidate's root: a key of it has both.
func (d *Database) admits(t *Table, n count) bool {
	keys := [][]string{t.PrimaryKey}
	for _, k := range t.Unique {
		keys = append(keys, k.Columns)
	}
	return slices.ContainsFunc(keys, func(key []string) bool {
		return slices.ContainsFunc(key, func(c string) bool { return d.referredBy(t, c) == n.root }) &&
			slices.ContainsFunc(key, func(c string) bool { return referent(c) == "user" })
	})
}
