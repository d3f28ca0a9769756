// Package raw has statements as pgx, database/sql and sqlx take them.
package raw

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

const byNumber = `SELECT id FROM invoices WHERE number = $1` // want `query on "invoices" is not limited to a tenant: add "tenant_id = \$n" \(unrestricted\)`

func pgxPool(ctx context.Context, pool *pgxpool.Pool, tenant, id string) {
	pool.QueryRow(ctx, `SELECT total FROM invoices WHERE id = $1 AND tenant_id = $2`, id, tenant)
	pool.QueryRow(ctx, `SELECT total FROM invoices WHERE id = $1`, id) // want `query on "invoices" is not limited to a tenant: add "tenant_id = \$n" \(by-id\)`
	pool.QueryRow(ctx, byNumber, "1")
	pool.Query(ctx, byNumber, "2")
	pool.Query(ctx, `SELECT name FROM countries`)
	pool.Query(ctx, `SELECT sku FROM lines WHERE id = $1`, id) // want `query on "lines" is not limited to a tenant: add "invoice_id IN \(SELECT id FROM invoices WHERE tenant_id = \$n\)" \(by-id\)`
	pool.Exec(ctx, `UPDATE invoices SET total = 0 WHERE customer_id = $1`, id)       // want `update on "invoices" is not limited to a tenant: add "tenant_id = \$n" \(by-parent\)`
	pool.Exec(ctx, `DELETE FROM invoices`)                                           // want `delete on "invoices" is not limited to a tenant`
	pool.Exec(ctx, `INSERT INTO invoices (id, customer_id) VALUES ($1, $2)`, id, id) // want `insert on "invoices" leaves the tenant out: set "tenant_id" \(unrestricted\)`
	pool.Exec(ctx, `INSERT INTO invoices (id, tenant_id) VALUES ($1, $2)`, id, tenant)
}

func database(ctx context.Context, db *sql.DB, tenant string) {
	const local = "SELECT id FROM customers WHERE name = ?" // want `query on "customers" is not limited to a tenant: add "tenant_id = \?" \(unrestricted\)`
	db.QueryContext(ctx, local, "x")
	query := fmt.Sprintf("SELECT %s FROM customers WHERE tenant_id = ?", "id")
	db.Query(query, tenant)
	db.Query("SELECT count(*) FROM customers c, invoices i") // want `query on "customers" is not limited to a tenant: add "c.tenant_id = \$n"` `query on "invoices" is not limited to a tenant: add "i.tenant_id = \$n"`
}

// Marks in strings and comments are no parameters.
func marks(db *sql.DB) {
	db.Query("SELECT id FROM customers WHERE name LIKE '%@example.com'")               // want `add "tenant_id = \$n"`
	db.Query("SELECT id FROM customers WHERE name LIKE 'who? :me' /* price in $, ? */") // want `add "tenant_id = \$n"`
	db.Query("SELECT id FROM customers WHERE name = ? AND name <> 'US$1'", "x")         // want `add "tenant_id = \?"`
}

func batch(tenant string) *pgx.Batch {
	b := &pgx.Batch{}
	b.Queue("DELETE FROM invoices WHERE number = $1", "1") // want `delete on "invoices" is not limited to a tenant`
	b.Queue("DELETE FROM invoices WHERE tenant_id = $1", tenant)
	return b
}

func named(db *sqlx.DB, tenant string) {
	db.NamedQuery(`SELECT id FROM invoices WHERE number = :number`, map[string]any{"number": "1"}) // want `query on "invoices"`
	db.NamedQuery(`SELECT id FROM invoices WHERE tenant_id = :tenant`, map[string]any{"tenant": tenant})
	var totals []int
	db.Select(&totals, `SELECT total FROM invoices`) // want `query on "invoices"`
}
