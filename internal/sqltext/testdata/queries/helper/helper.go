// Package helper gives other packages texts, and takes them.
package helper

import (
	"context"
	"database/sql"
	"strings"
)

const Count = "SELECT count(*) FROM users"

var Variable = "SELECT * FROM invoices"

// DB is a handle of the program's own.
type DB struct{ db *sql.DB }

// Run forwards its text.
func (d *DB) Run(ctx context.Context, query string, args ...any) error {
	_, err := d.db.ExecContext(ctx, query, args...)
	return err
}

// Scoped adds the tenant to its text.
func (d *DB) Scoped(ctx context.Context, tenant, query string, args ...any) error {
	return d.Run(ctx, query+" AND tenant_id = $1", args...)
}

// Where joins conditions.
func Where(conds ...string) string {
	if len(conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(conds, " AND ")
}

// Table names a table.
func Table(name string) string { return "app." + name }

// Users is mapped to a table.
type Users struct{}

// TableName names the table of Users.
func (Users) TableName() string { return "app_users" }
