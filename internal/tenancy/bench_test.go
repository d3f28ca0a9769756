package tenancy_test

import (
	"testing"

	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

// statements have the shapes, and the lengths, of those in services.
var statements = []string{
	`SELECT id, tenant_id, customer_id, number, total, owner_id, parent_id FROM invoices WHERE tenant_id = $1 AND id = $2`,
	`SELECT id, tenant_id, customer_id, number, total FROM invoices WHERE id = $1 LIMIT 1`,
	`INSERT INTO invoices (id, tenant_id, customer_id, number, total, owner_id, parent_id) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id, tenant_id, customer_id, number, total, owner_id, parent_id`,
	`INSERT INTO plans (tenant_id, id, name) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, name) DO UPDATE SET name = EXCLUDED.name`,
	`UPDATE invoices SET number = COALESCE($2, number), total = $3, owner_id = $4 WHERE id = $1 AND tenant_id = $5`,
	`DELETE FROM payments WHERE invoice_id = $1 AND tenant_id = $2`,
	`SELECT p.id, p.amount, i.number, c.name FROM payments p JOIN invoices i ON i.id = p.invoice_id LEFT JOIN customers c ON c.id = i.customer_id WHERE p.tenant_id = $1 AND p.amount > $2 ORDER BY p.amount DESC LIMIT $3 OFFSET $4`,
	`SELECT count(*) FROM invoices i WHERE i.tenant_id = $1 AND ($2::text IS NULL OR i.number ILIKE $2) AND EXISTS (SELECT 1 FROM payments p WHERE p.invoice_id = i.id)`,
	`WITH next AS (SELECT id FROM payments WHERE tenant_id = $1 ORDER BY amount LIMIT 10 FOR UPDATE SKIP LOCKED) UPDATE payments SET amount = $2 FROM next WHERE payments.id = next.id RETURNING payments.id`,
	`SELECT c.id, c.name, (SELECT count(*) FROM invoices i WHERE i.customer_id = c.id) AS invoices FROM customers c WHERE c.tenant_id = $1 GROUP BY c.id, c.name`,
}

// BenchmarkJudge reads and judges one statement an operation.
func BenchmarkJudge(b *testing.B) {
	db := database(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		file := sqlast.Read(statements[i%len(statements)], sqlast.Options{})
		for _, stmt := range file.Stmts {
			tenancy.Judge(stmt, db, tenancy.Options{})
		}
	}
}
