package schema

import (
	"container/heap"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/config"
)

// assignRoles gives every table its role by the tenant column.
func (d *Database) assignRoles(choice Choice, c config.Tenant) {
	d.Tenant = choice
	for _, t := range d.Tables {
		t.TenantColumns, t.Part, t.Role, t.Parent, t.Owners = nil, "", Global, "", nil
		switch {
		case listed(c.SharedTables, t):
			t.Role = Shared
			continue
		case d.Tenant.Confidence == Low:
			continue
		}
		if columns, ok := configured(c.Columns, t); ok {
			for _, name := range columns {
				if column := t.Column(name); column != nil {
					t.TenantColumns = append(t.TenantColumns, column.Name)
				}
			}
		} else {
			t.TenantColumns, t.Part = t.tenantColumns(d.Tenant)
		}
		if len(t.TenantColumns) > 0 {
			t.Role = Scoped
		}
	}
	if d.Tenant.Confidence > Low {
		d.findRoots(c)
		d.findReferrers()
		d.inherit()
		d.findOwners()
	}
}

// tenantColumns returns the columns by which the table's rows belong to a tenant, the
// inner one first unless it may be NULL: such a one limits rows, but all of a tenant's are
// found by the outer one alone; without that, the inner one is only a part, see Table.Part.
func (t *Table) tenantColumns(choice Choice) (names []string, part string) {
	outer, inner := t.normalColumn(Normal(choice.Column)), t.normalColumn(Normal(choice.Inner))
	for _, c := range []*Column{inner, outer} {
		if c != nil {
			names = append(names, c.Name)
		}
	}
	switch {
	case inner == nil || t.requires([]string{inner.Name}):
	case outer == nil:
		return nil, inner.Name
	default:
		slices.Reverse(names)
	}
	return names, part
}

// findRoots marks the tables that list the tenants.
func (d *Database) findRoots(c config.Tenant) {
	if len(c.Root) > 0 {
		for _, t := range d.Tables {
			if listed(c.Root, t) {
				t.Role = Root
			}
		}
		return
	}
	for _, t := range d.Tables {
		for _, column := range t.TenantColumns {
			root := d.referredBy(t, column)
			if root == nil {
				root = d.Named(referent(column))
			}
			if root != nil && root != t && root.Role != Shared && (!containsFold(root.TenantColumns, column) || root.isKey(column)) {
				root.Role = Root
			}
		}
	}
	for _, t := range d.Tables {
		if t.Role == Root { // by its own key a row is a tenant, and belongs to none
			t.TenantColumns = slices.DeleteFunc(t.TenantColumns, t.isKey)
		}
	}
}

// isKey reports whether the column alone is the table's primary key, and refers to no other: the
// rows are what it names.
func (t *Table) isKey(column string) bool {
	return len(t.PrimaryKey) == 1 && strings.EqualFold(t.PrimaryKey[0], column) &&
		!slices.ContainsFunc(t.ForeignKeys, func(fk ForeignKey) bool { return len(fk.Columns) == 1 && strings.EqualFold(fk.Columns[0], column) })
}

// inherit finds the tables whose rows belong to a tenant through a NOT NULL foreign key.
// It goes over the tables in rounds, in their order; after the first it looks only at
// those that refer to a table found in the round before.
func (d *Database) inherit() {
	parents := make([][]*Table, len(d.Tables))
	children := map[*Table][]int{}
	var now, next rounds
	for i, t := range d.Tables {
		if t.Role != Global {
			continue
		}
		parents[i] = d.parents(t)
		for _, parent := range parents[i] {
			children[parent] = append(children[parent], i)
		}
		now = append(now, i)
	}
	for ; len(now) > 0; now, next = next, nil {
		heap.Init(&now)
		for len(now) > 0 {
			i := heap.Pop(&now).(int)
			t := d.Tables[i]
			p := slices.IndexFunc(parents[i], (*Table).carries)
			if t.Role != Global || p < 0 {
				continue
			}
			t.Role, t.Parent = Owned, parents[i][p].Name
			for _, child := range children[t] {
				if child > i {
					heap.Push(&now, child)
				} else {
					next = append(next, child)
				}
			}
		}
	}
}

// rounds are indices of tables, a heap.
type rounds []int

func (r rounds) Len() int           { return len(r) }
func (r rounds) Less(i, j int) bool { return r[i] < r[j] }
func (r rounds) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *rounds) Push(x any)        { *r = append(*r, x.(int)) }
func (r *rounds) Pop() any {
	last := len(*r) - 1
	x := (*r)[last]
	*r = (*r)[:last]
	return x
}

// parents returns the tables that t has NOT NULL foreign keys to.
func (d *Database) parents(t *Table) []*Table {
	var all []*Table
	for _, fk := range t.ForeignKeys {
		if parent := d.Lookup(fk.RefSchema, fk.RefTable); parent != nil && parent != t && t.requires(fk.Columns) {
			all = append(all, parent)
		}
	}
	if len(t.ForeignKeys) > 0 {
		return all
	}
	for _, c := range t.Columns {
		name, ok := strings.CutSuffix(strings.ToLower(c.Name), "_id")
		if !ok || !(c.NotNull || containsFold(t.PrimaryKey, c.Name) || c.Type == "") {
			continue
		}
		if parent := d.Named(name); parent != nil && parent != t {
			all = append(all, parent)
		}
	}
	return all
}

// carries reports whether the table's rows belong to one tenant each.
func (t *Table) carries() bool { return t.Role == Scoped || t.Role == Owned || t.Role == Root }

func (t *Table) requires(columns []string) bool {
	for _, name := range columns {
		c := t.Column(name)
		if c == nil || !c.NotNull && !containsFold(t.PrimaryKey, name) && c.Type != "" { // a model's has none
			return false
		}
	}
	return true
}

// normalColumn returns the column of the given normal name, or the one that would be called so.
func (t *Table) normalColumn(want string) *Column {
	if want == "" {
		return nil
	}
	at := slices.IndexFunc(t.Columns, func(c Column) bool { return isNormal(c.Name, want) })
	if at < 0 {
		at = slices.IndexFunc(t.Columns, func(c Column) bool { return isNormal(c.As, want) })
	}
	if at < 0 {
		return nil
	}
	return &t.Columns[at]
}

// listed reports whether the list names the table, with its schema or without.
func listed(names []string, t *Table) bool {
	return containsFold(names, t.Name) || t.Schema != "" && containsFold(names, t.Schema+"."+t.Name)
}

func configured(columns map[string][]string, t *Table) ([]string, bool) {
	for name, list := range columns {
		if listed([]string{name}, t) {
			return list, true
		}
	}
	return nil, false
}
