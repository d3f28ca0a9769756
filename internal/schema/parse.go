package schema

import (
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
// as DDL that a program runs at its start.
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
	return merge([]*Database{d, own.Database})
}
