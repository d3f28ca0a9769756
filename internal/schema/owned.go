package schema

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/tenantname"
)

// findReferrers gives the tables that have a key to the tenants, by a column of another
// name, this column.
func (d *Database) findReferrers() {
	for _, t := range d.Tables {
		if t.Role != Global {
			continue
		}
		var columns []string
		for _, fk := range t.ForeignKeys {
			if root := d.Lookup(fk.RefSchema, fk.RefTable); root != nil && root.Role == Root && root != t && len(fk.Columns) == 1 && !isChoice(fk.Columns[0]) &&
				(t.belongs(fk, root) || t.requires(fk.Columns) && endsIn(referent(fk.Columns[0]), root.Name)) {
				columns = append(columns, t.Column(fk.Columns[0]).Name)
			}
		}
		if len(columns) == 1 { // of two, either may be the tenant
			t.Role, t.TenantColumns = Scoped, columns
		}
	}
}

// isChoice reports whether a column says which tenant somebody of several is looking at.
func isChoice(column string) bool {
	words := tenantname.Split(column)
	return len(words) > 1 && slices.Contains([]string{"current", "selected", "last"}, words[0])
}

// findOwners finds the keys by which the rows of owned tables belong to a tenant's, level
// by level from the tables that have the tenant column.
func (d *Database) findOwners() {
	open := slices.DeleteFunc(slices.Clone(d.Tables), func(t *Table) bool { return t.Role != Owned })
	for range maxLevels {
		owners := make([][]Owner, len(open))
		for i, t := range open {
			for _, fk := range d.keysOf(t) {
				if parent := d.Lookup(fk.RefSchema, fk.RefTable); parent != nil && parent.limited() && t.belongs(fk, parent) {
					owners[i] = append(owners[i], Owner{parent, fk})
				}
			}
		}
		rest := open[:0]
		for i, t := range open {
			if t.Owners = owners[i]; t.Owners == nil {
				rest = append(rest, t)
			}
		}
		if len(rest) == len(owners) {
			return
		}
		open = rest
	}
}

// keysOf returns the foreign keys of a table. A table that declares none and whose primary key
// consists of ids that are named after other tables links those.
func (d *Database) keysOf(t *Table) []ForeignKey {
	if len(t.ForeignKeys) > 0 || len(t.PrimaryKey) < 2 {
		return t.ForeignKeys
	}
	var keys []ForeignKey
	for _, column := range t.PrimaryKey {
		parent := d.Named(referent(column))
		if parent == nil || parent == t || len(parent.PrimaryKey) != 1 {
			return nil
		}
		keys = append(keys, ForeignKey{Columns: []string{column}, RefSchema: parent.Schema, RefTable: parent.Name, RefColumns: parent.PrimaryKey})
	}
	return keys
}

// limited reports whether each row of the table belongs to one tenant.
func (t *Table) limited() bool {
	return len(t.Owners) > 0 || t.Role == Scoped && slices.ContainsFunc(t.TenantColumns, func(column string) bool { return t.requires([]string{column}) })
}

// belongs reports whether the foreign key says more than that a row mentions one of the
// parent: it has to, and cannot outlive it, is identified by it, or is named to be a part.
func (t *Table) belongs(fk ForeignKey, parent *Table) bool {
	switch {
	case parent == t || !t.requires(fk.Columns):
		return false
	case t.View:
		return !t.limits(parent)
	case fk.Cascade, len(fk.Columns) == 1 && (endsIn(parent.Name, referent(fk.Columns[0])) || isWholeName(parent.Name, fk.Columns[0])):
		return true
	}
	return !slices.ContainsFunc(fk.Columns, func(column string) bool { return !containsFold(t.PrimaryKey, column) })
}

// isWholeName reports whether a column bears the name of a table alone: document, of documents.
func isWholeName(table, column string) bool { return bareName(table) == bareName(column) }

// endsIn reports whether the last words of a name are those of another, as job_runs ends
// in run.
func endsIn(name, word string) bool {
	return word != "" && strings.HasSuffix(bareName(name), bareName(word))
}
