package tenant

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

var pool *pgxpool.Pool

func TestMain(m *testing.M) {
	var err error
	if pool, err = pgxpool.New(context.Background(), os.Getenv("SHOP_DSN")); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

type Tenant struct{ Slug, Name string }

func create(t *testing.T, tenant Tenant) {
	_, err := pool.Exec(context.Background(), "INSERT INTO tenants (slug) VALUES ($1)", tenant.Slug)
	require.NoError(t, err)
}

func createNamed(t *testing.T, pool *pgxpool.Pool, tenantID string) {}

func TestOrders(t *testing.T) {
	t.Parallel()
	create(t, Tenant{Slug: "north"}) // want `the parallel tests TestOrders, TestInvoices share the tenant "north" of one database; make it unique with t.Name\(\) or a UUID`
	require.NoError(t, pool.Ping(context.Background()))
	createNamed(t, pool, "only-orders")
}

func TestInvoices(t *testing.T) {
	t.Parallel()
	createNamed(t, pool, "north") // want `share the tenant "north"`
	create(t, Tenant{Slug: t.Name(), Name: "north"})
}

func TestTable(t *testing.T) {
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			createNamed(t, pool, "south") // want `the parallel subtests of TestTable share the tenant "south"`
		})
	}
}

func TestSerial(t *testing.T) { createNamed(t, pool, "north") }

// Nothing of a database.
func TestUnit(t *testing.T) {
	t.Parallel()
	require.Equal(t, Tenant{Slug: "west"}, Tenant{Slug: "west"})
}

func TestUnitToo(t *testing.T) {
	t.Parallel()
	require.NotEmpty(t, Tenant{Slug: "west"})
}
