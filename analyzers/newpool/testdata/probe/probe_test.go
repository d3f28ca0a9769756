package probe

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/lib/pq"
)

// An admin connection, opened and closed inside a helper.
func truncate(t *testing.T, table string) {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("TRUNCATE " + table); err != nil {
		t.Fatal(err)
	}
}

func TestTruncate(t *testing.T) {
	truncate(t, "widgets")
	t.Cleanup(func() {
		db, err := sql.Open("postgres", os.Getenv("DSN"))
		if err == nil {
			defer db.Close()
			db.Exec("TRUNCATE widgets")
		}
	})
}

// The callback is the test: it runs on the pool.
func withDB(t *testing.T, f func(*sql.DB)) {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for TestWith alone`
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	f(db)
}

func TestWith(t *testing.T) { withDB(t, func(db *sql.DB) { db.Ping() }) }

// A body of tests, though not itself one.
func testPing(t *testing.T, n int) {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for TestPing;`
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range n {
		db.Ping()
	}
}

func TestPing(t *testing.T) {
	t.Run("one", func(t *testing.T) { testPing(t, 1) })
	t.Run("two", func(t *testing.T) { testPing(t, 2) })
}

// A setup hands out what releases the handle.
func setup(t *testing.T) (ping func() error, cleanup func()) {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for TestSetup alone`
	if err != nil {
		t.Fatal(err)
	}
	return db.Ping, func() { db.Close() }
}

func TestSetup(t *testing.T) {
	ping, cleanup := setup(t)
	defer cleanup()
	_ = ping()
}

// A probe calls its own.
func probing(t *testing.T) {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		t.Fatal(err)
	}
	done := func() { db.Close() }
	_ = db.Ping()
	done()
}

func TestProbing(t *testing.T) { probing(t) }
