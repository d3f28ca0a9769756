package servers

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"sync"
	"testing"

	"github.com/testcontainers/testcontainers-go/modules/postgres"
)

// One server for all tests.
var server = sync.OnceValue(func() string {
	container, err := postgres.Run(context.Background(), "postgres:18")
	if err != nil {
		panic(err)
	}
	return container.MustConnectionString(context.Background())
})

// One database of the process's own for all tests.
var database = sync.OnceValue(func() string {
	admin, err := sql.Open("pgx", os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	defer admin.Close()
	name := rand.Text()
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		panic(err)
	}
	return "postgres://localhost/" + name
})

func onServer(t *testing.T) *sql.DB {
	db, err := sql.Open("pgx", server()) // want `opens a pool for each of 2 parallel tests \(TestServer, TestServerToo\)`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestServer(t *testing.T) {
	t.Parallel()
	_ = onServer(t)
}

func TestServerToo(t *testing.T) {
	t.Parallel()
	_ = onServer(t)
}

func inDatabase(t *testing.T) *sql.DB {
	db, err := sql.Open("pgx", database()) // want `opens a pool for each of 2 parallel tests \(TestDatabase, TestDatabaseToo\)`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestDatabase(t *testing.T) {
	t.Parallel()
	_ = inDatabase(t)
}

func TestDatabaseToo(t *testing.T) {
	t.Parallel()
	_ = inDatabase(t)
}

// A server for each.
func started(t *testing.T) *sql.DB {
	container, err := postgres.Run(t.Context(), "postgres:18")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", container.MustConnectionString(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestOwn(t *testing.T) {
	t.Parallel()
	_ = started(t)
}

func TestOwnToo(t *testing.T) {
	t.Parallel()
	_ = started(t)
}
