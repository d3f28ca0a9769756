package schema

import (
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/sqlast"
)

// Parse returns the database that the DDL makes.
func Parse(text string, dialect sqlast.Dialect, c config.Tenant) *Database {
	d := newDDL(".")
	d.read("schema.sql", upPart(text), 0, dialect)
	d.settle(c)
	return d.Database
}
