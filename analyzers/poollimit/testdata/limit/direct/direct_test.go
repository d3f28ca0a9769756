package direct

import (
	"context"
	"database/sql"
	"testing"

	"github.com/go-pg/pg/v10"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"xorm.io/xorm"

	_ "github.com/lib/pq"
)

func TestDSN(t *testing.T) {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "postgres://localhost/shop") // want `pgxpool.New opens a pool without a limit of its own: max\(4, CPUs\) connections; set pool_max_conns=3 and connect_timeout=5 in its DSN`
	require.NoError(t, err)
	defer pool.Close()

	small, err := pgxpool.New(ctx, "postgres://localhost/shop?pool_max_conns=3")
	require.NoError(t, err)
	defer small.Close()

	large, err := pgxpool.New(ctx, "postgres://localhost/shop?pool_max_conns=25") // want `pgxpool.New opens a pool of 25 connections \(pool_max_conns\), more than 3; lower that to 3`
	require.NoError(t, err)
	defer large.Close()

	const dsn = "host=localhost dbname=shop connect_timeout=2"
	keywords, err := pgxpool.New(ctx, dsn) // want `set pool_max_conns=3 in its DSN`
	require.NoError(t, err)
	defer keywords.Close()

	query, err := pgxpool.New(ctx, "postgres://localhost/shop?sslmode=disable") // want `without a limit`
	require.NoError(t, err)
	defer query.Close()
}

// A constant that a single connection uses too must stay without pool_max_conns.
const sharedDSN = "postgres://localhost/shop"

func TestConstantOfTwo(t *testing.T) {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, sharedDSN) // want `without a limit`
	require.NoError(t, err)
	defer pool.Close()
	conn, err := pgx.Connect(ctx, sharedDSN)
	require.NoError(t, err)
	defer conn.Close(ctx)
}

func TestDatabaseSQL(t *testing.T) {
	db, err := sql.Open("postgres", "postgres://localhost/shop?pool_max_conns=3") // want `sql.Open opens a pool without a limit; call SetMaxOpenConns\(3\); pool_max_conns in its DSN is pgxpool's alone, the server refuses it`
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()

	limited, err := sql.Open("postgres", "postgres://localhost/shop")
	if err != nil {
		t.Fatal(err)
	}
	defer limited.Close()
	limited.SetMaxOpenConns(2)

	const many = 50
	large, err := sql.Open("postgres", "postgres://localhost/shop") // want `sql.Open opens a pool of 50 connections \(SetMaxOpenConns, many\), more than 3; lower that to 3`
	if err != nil {
		t.Fatal(err)
	}
	defer large.Close()
	large.SetMaxOpenConns(many)

	zero, err := sql.Open("postgres", "postgres://localhost/shop") // want `without a limit`
	if err != nil {
		t.Fatal(err)
	}
	defer zero.Close()
	zero.SetMaxOpenConns(0)
}

func TestOverDatabaseSQL(t *testing.T) {
	x := sqlx.MustConnect("postgres", "postgres://localhost/shop") // want `sqlx.MustConnect opens a pool without a limit; call SetMaxOpenConns\(3\)`
	defer x.Close()

	limited := sqlx.MustConnect("postgres", "postgres://localhost/shop")
	defer limited.Close()
	limited.SetMaxOpenConns(3)

	under, err := sql.Open("postgres", "postgres://localhost/shop")
	require.NoError(t, err)
	over := sqlx.NewDb(under, "postgres")
	defer over.Close()
	over.SetMaxOpenConns(3)

	b := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN("postgres://localhost/shop"))) // want `sql.OpenDB opens a pool without a limit`
	defer b.Close()

	db := bun.NewDB(sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN("postgres://localhost/shop"))), pgdialect.New())
	defer db.Close()
	db.SetMaxOpenConns(3)

	connConfig, err := pgx.ParseConfig("postgres://localhost/shop")
	require.NoError(t, err)
	std := stdlib.OpenDB(*connConfig) // want `stdlib.OpenDB opens a pool without a limit`
	defer std.Close()
}

func TestGORM(t *testing.T) {
	db, err := gorm.Open(postgres.Open("postgres://localhost/shop")) // want `gorm.Open opens a pool without a limit; call SetMaxOpenConns\(3\) on what its DB method returns`
	require.NoError(t, err)
	_ = db

	limited, err := gorm.Open(postgres.Open("postgres://localhost/shop"))
	require.NoError(t, err)
	under, err := limited.DB()
	require.NoError(t, err)
	under.SetMaxOpenConns(3)
}

func TestXORM(t *testing.T) {
	engine, err := xorm.NewEngine("postgres", "postgres://localhost/shop") // want `xorm.NewEngine opens a pool without a limit`
	require.NoError(t, err)
	defer engine.Close()

	limited, err := xorm.NewEngine("postgres", "postgres://localhost/shop")
	require.NoError(t, err)
	defer limited.Close()
	limited.SetMaxOpenConns(1)
}

func TestGoPG(t *testing.T) {
	db := pg.Connect(&pg.Options{Addr: "localhost:5432"}) // want `pg.Connect opens a pool without a limit of its own: 10 connections for each CPU; set PoolSize to 3 in its configuration`
	defer db.Close()

	limited := pg.Connect(&pg.Options{Addr: "localhost:5432", PoolSize: 2})
	defer limited.Close()
}

func BenchmarkPool(b *testing.B) {
	pool, err := pgxpool.New(context.Background(), "postgres://localhost/shop") // want `without a limit`
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
}
