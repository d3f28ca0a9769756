package schema

import (
	"slices"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/sqlast"
)

// Parse returns the database that the DDL makes.
func Parse(text string, dialect sqlast.Dialect, c config.Tenant) *Database {
	d := newDDL(".")
	d.Dialect = dialect
	d.read("schema.sql", upPart(text), 0, dialect)
	d.finish().settle(c)
	return d.Database
}

// With returns the database with the tables that only the DDL in the texts defines, such
// as DDL that a program runs at its start. If that is of another database, its tables come first.
func (d *Database) With(texts []string, c config.Tenant) *Database {
	own := newDDL(".")
	for _, text := range texts {
		if mayDefine(text) {
			own.read("", text, 0, d.Dialect)
		}
	}
	own.finish()
	own.Skipped = nil // statements with holes are not the module's DDL
	if len(own.Tables) == 0 {
		return d
	}
	own.settle(c)
	if own.Tenant.Confidence == Low && d.Tenant.Confidence > Low {
		c.Column = d.Tenant.Column
		own.settle(c)
	}
	all := merge([]*Database{d, own.Database})
	if own.isAnother(d) {
		n := len(all.parts) - 1
		all.parts = append([]*Database{all.parts[n]}, all.parts[:n]...)
	}
	return all
}

// isAnother reports whether a table without a tenant cannot be the one of the name in another
// database, where it has one: that lacks a column of it.
func (d *Database) isAnother(of *Database) bool {
	return slices.ContainsFunc(d.Tables, func(t *Table) bool {
		o := of.Lookup(t.Schema, t.Name)
		return o != nil && len(o.TenantColumns) > 0 && len(t.TenantColumns) == 0 &&
			slices.ContainsFunc(t.Columns, func(c Column) bool { return o.Column(c.Name) == nil })
	})
}
