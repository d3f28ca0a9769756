package shared

import (
	"context"
	"database/sql"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	limited   *pgxpool.Pool
	unlimited *pgxpool.Pool
	large     *pgxpool.Pool
)

func TestMain(m *testing.M) {
	ctx := context.Background()
	limited, _ = pgxpool.New(ctx, "postgres://localhost/shop?pool_max_conns=15")
	unlimited, _ = pgxpool.New(ctx, "postgres://localhost/shop")               // want `without a limit`
	large, _ = pgxpool.New(ctx, "postgres://localhost/shop?pool_max_conns=90") // want `of 90 connections \(pool_max_conns\), more than 15`
	code := m.Run()

	left, err := sql.Open("pgx", os.Getenv("SHOP_DSN")) // what looks for leftovers is alone
	if err != nil {
		panic(err)
	}
	defer left.Close()
	if code == 0 {
		code = leftovers(left)
	}
	os.Exit(code)
}

func leftovers(db *sql.DB) (n int) {
	db.QueryRow("SELECT count(*) FROM pg_stat_activity").Scan(&n)
	return n
}

var once = sync.OnceValue(func() *sql.DB {
	db, err := sql.Open("pgx", os.Getenv("SHOP_DSN")) // want `without a limit`
	if err != nil {
		panic(err)
	}
	return db
})

func TestOnce(t *testing.T) { once() }
