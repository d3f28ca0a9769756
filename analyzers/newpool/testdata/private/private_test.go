package private

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
	"github.com/peterldowns/pgtestdb"
	"github.com/stretchr/testify/require"
)

// It creates the database that it connects to.
func created(t *testing.T, name string) *pgxpool.Pool {
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, os.Getenv("DSN"))
	require.NoError(t, err)
	defer admin.Close(ctx)
	_, err = admin.Exec(ctx, fmt.Sprintf("CREATE DATABASE %s", name))
	require.NoError(t, err)
	pool, err := pgxpool.New(ctx, strings.Replace(os.Getenv("DSN"), "postgres", name, 1))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

func TestCreated(t *testing.T) { created(t, "orders") }

// A callee creates it.
func recreate(name string) error {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec("DROP DATABASE IF EXISTS " + name + "; CREATE DATABASE " + name)
	return err
}

func recreated(t *testing.T, name string) *sql.DB {
	require.NoError(t, recreate(name))
	db, err := sql.Open("postgres", "dbname="+name)
	require.NoError(t, err)
	return db
}

func TestRecreated(t *testing.T) { recreated(t, "billing") }

func TestByName(t *testing.T) {
	db, err := sql.Open("postgres", "dbname="+strings.ToLower(t.Name()))
	require.NoError(t, err)
	defer db.Close()
}

func TestByUUID(t *testing.T) {
	name := "test_" + uuid.NewString()
	cfg, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	require.NoError(t, err)
	cfg.ConnConfig.Database = name
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg)
	require.NoError(t, err)
	defer pool.Close()
}

func TestSearchPath(t *testing.T) {
	schema := <-make(chan string) // from out of sight
	cfg, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	require.NoError(t, err)
	cfg.ConnConfig.RuntimeParams["search_path"] = schema
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg)
	require.NoError(t, err)
	defer pool.Close()

	db, err := sql.Open("postgres", os.Getenv("DSN")+"?search_path="+schema)
	require.NoError(t, err)
	defer db.Close()
}

func TestPgtestdb(t *testing.T) {
	cfg := pgtestdb.Custom(t, pgtestdb.Config{DriverName: "pgx"}, pgtestdb.NoopMigrator{})
	pool, err := pgxpool.New(context.Background(), cfg.URL())
	require.NoError(t, err)
	defer pool.Close()
}

// The server's address goes through the environment.
func TestServerByEnvironment(t *testing.T) {
	cfg := pgtestdb.Custom(t, pgtestdb.Config{DriverName: "pgx"}, pgtestdb.NoopMigrator{})
	t.Setenv("SERVER_DSN", cfg.URL())
	pool, err := pgxpool.New(context.Background(), os.Getenv("SERVER_DSN"))
	require.NoError(t, err)
	defer pool.Close()
}

// The caller's name decides.
func open(t *testing.T, name string) *sql.DB {
	db, err := sql.Open("postgres", "dbname="+name)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestOpen(t *testing.T) { open(t, "t"+uuid.NewString()) }

// Cleaning the one public schema makes no database of one's own.
func reset(t *testing.T) *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for TestReset alone`
	require.NoError(t, err)
	_, err = db.Exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
	require.NoError(t, err)
	return db
}

func TestReset(t *testing.T) { reset(t).Close() }

// A name that only the server's logs show keeps no test apart.
func TestApplicationName(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	require.NoError(t, err)
	cfg.ConnConfig.RuntimeParams["application_name"] = t.Name()
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg) // want `pgxpool\.NewWithConfig opens a pool for this test alone`
	require.NoError(t, err)
	defer pool.Close()
}

var count atomic.Int64

func TestCounter(t *testing.T) {
	db, err := sql.Open("postgres", fmt.Sprintf("dbname=test_%d", count.Add(1)))
	require.NoError(t, err)
	defer db.Close()
}

// PostgreSQL's own program makes the database.
func createdb(t *testing.T) {
	require.NoError(t, exec.Command("dropdb", "--if-exists", "ours").Run())
	require.NoError(t, exec.Command("createdb", "ours").Run())
}

func TestCreatedb(t *testing.T) {
	createdb(t)
	conn, err := pgx.Connect(context.Background(), os.Getenv("OURS"))
	require.NoError(t, err)
	defer conn.Close(context.Background())
}
