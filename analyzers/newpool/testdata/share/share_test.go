package share

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// open closes its pool with the test.
func open(t *testing.T) *sql.DB {
	t.Helper()
	dsn := os.Getenv("DSN")
	db, err := sql.Open("postgres", dsn+"?sslmode=disable") // want `for each of 2 tests`
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestOpen(t *testing.T)      { _ = open(t).Ping() }
func TestOpenAgain(t *testing.T) { _ = open(t).Ping() }

// Its tests close it.
func closed(t *testing.T) *pgxpool.Pool {
	ctx := t.Context()
	dsn := os.Getenv("DSN")
	if dsn == "" {
		t.Skip("no database")
	}
	pool, err := pgxpool.New(ctx, dsn) // want `for each of 2 tests`
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

func TestClosed(t *testing.T) {
	pool := closed(t)
	defer pool.Close()
	_ = pool.Ping(t.Context())
}

func TestClosedAgain(t *testing.T) {
	pool := closed(t)
	t.Cleanup(pool.Close)
	_ = pool.Ping(t.Context())
}

// Both open the same.
func first(t *testing.T) *gorm.DB {
	db, err := gorm.Open(postgres.Open(os.Getenv("DSN")), &gorm.Config{}) // want `for each of 2 tests`
	require.NoError(t, err)
	return db
}

func second(t *testing.T) *gorm.DB {
	db, err := gorm.Open(postgres.Open(os.Getenv("DSN")), &gorm.Config{}) // want `for each of 2 tests`
	require.NoError(t, err)
	return db.WithContext(t.Context())
}

func TestFirst(t *testing.T)       { first(t).Exec("SELECT 1") }
func TestFirstAgain(t *testing.T)  { first(t).Exec("SELECT 1") }
func TestSecond(t *testing.T)      { second(t).Exec("SELECT 1") }
func TestSecondAgain(t *testing.T) { second(t).Exec("SELECT 1") }

// A test closes it by hand.
func byHand(t *testing.T) *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `for each of 2 tests`
	require.NoError(t, err)
	return db
}

func TestByHand(t *testing.T) {
	db := byHand(t)
	db.Close()
	require.Error(t, db.Ping())
}

func TestByHandAgain(t *testing.T) { byHand(t).Close() }

// Its parameter decides.
func of(t *testing.T, dsn string) *sql.DB {
	db, err := sql.Open("postgres", dsn) // want `for each of 2 tests`
	require.NoError(t, err)
	return db
}

func TestOf(t *testing.T)      { _ = of(t, os.Getenv("DSN")).Ping() }
func TestOfAgain(t *testing.T) { _ = of(t, os.Getenv("OTHER")).Ping() }

// A plugin is registered once.
func plugged(t *testing.T, plugin gorm.Plugin) *gorm.DB {
	db, err := gorm.Open(postgres.Open(os.Getenv("DSN"))) // want `for each of 2 tests`
	require.NoError(t, err)
	require.NoError(t, db.Use(plugin))
	return db
}

func TestPlugged(t *testing.T)      { plugged(t, nil).Exec("SELECT 1") }
func TestPluggedAgain(t *testing.T) { plugged(t, nil).Exec("SELECT 1") }

// Parallel tests cannot share a connection.
func connect(t *testing.T) *pgx.Conn {
	conn, err := pgx.Connect(context.Background(), os.Getenv("DSN")) // want `for each of 2 tests`
	require.NoError(t, err)
	return conn
}

func TestConnect(t *testing.T)      { _ = connect(t).Ping(t.Context()) }
func TestConnectAgain(t *testing.T) { _ = connect(t).Ping(t.Context()) }

// It returns one of two.
func either(t *testing.T) *sql.DB {
	if os.Getenv("OTHER") != "" {
		db, err := sql.Open("postgres", os.Getenv("OTHER")) // want `for each of 2 tests`
		require.NoError(t, err)
		return db
	}
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	require.NoError(t, err)
	return db
}

func TestEither(t *testing.T) {
	db := either(t)
	defer db.Close()
	_ = db.Ping()
}

func TestEitherAgain(t *testing.T) { _ = either(t).Ping() }
