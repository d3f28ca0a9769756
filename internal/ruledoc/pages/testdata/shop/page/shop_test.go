package page

import (
	"context"
	"database/sql"
	"log"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
)

var (
	ctx = context.Background()
	dsn = os.Getenv("DATABASE_URL")
	db  *sql.DB // shared by all tests
)

func TestMain(m *testing.M) {
	var err error
	if db, err = sql.Open("pgx", dsn); err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(3)
	m.Run()
	if err := db.Close(); err != nil {
		log.Fatal(err)
	}
}

type Tenant struct{ ID, Slug string }

func createTenant(t *testing.T, db *sql.DB, tenant Tenant) Tenant {
	t.Helper()
	if err := db.QueryRowContext(ctx, `INSERT INTO tenants (slug) VALUES ($1) RETURNING id`, tenant.Slug).Scan(&tenant.ID); err != nil {
		t.Fatal(err)
	}
	return tenant
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func createInvoice(t *testing.T, db execer, tenant Tenant) {
	t.Helper()
	if _, err := db.ExecContext(ctx, `INSERT INTO invoices (tenant_id, number) VALUES ($1, 'first')`, tenant.ID); err != nil {
		t.Fatal(err)
	}
}

func insertInvoice(t *testing.T, db execer) {
	t.Helper()
	createInvoice(t, db, Tenant{ID: uuid.NewString()})
}

func orders(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	if err := pool.Ping(ctx); err != nil {
		t.Fatal(err)
	}
}
