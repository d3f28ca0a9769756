package budget

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/poollint/poollint/internal/cache"
)

// What is kept of a run says the same as reading anew: of the whole run, and of the packages that
// an edit leaves as they are.
func TestKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/kept\n\ngo 1.24\n")
	write("db/db.go", `package db

import (
	"database/sql"
	"sync"
	"testing"
)

var Shared = sync.OnceValue(func() *sql.DB { return Open(nil, 3) })

func Open(t testing.TB, n int) *sql.DB {
	db, err := sql.Open("pgx", "postgres://localhost/db")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(n)
	return db
}

func Each(t *testing.T, test func(*testing.T, *sql.DB)) {
	for range 2 {
		t.Run("each", func(t *testing.T) { t.Parallel(); db := Open(t, 2); defer db.Close(); test(t, db) })
	}
}
`)
	const uses = `package uses

import (
	"database/sql"
	"testing"

	"example.com/kept/db"
)

func TestShared(t *testing.T) { db.Shared() }

func TestOpen(t *testing.T) { db.Open(t, 4) }

func TestEach(t *testing.T) { db.Each(t, func(t *testing.T, _ *sql.DB) { db := db.Open(t, 5); defer db.Close() }) }
`
	write("uses/uses_test.go", uses)
	store, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	budget := func(store *cache.Cache) *Report {
		t.Helper()
		records, failures, err := read(t.Context(), Analysis{Dir: dir, Patterns: []string{"./..."}}, store, "this program")
		if err != nil || len(failures) > 0 {
			t.Fatal(err, failures)
		}
		return plan(Run{Packages: 2, Parallel: 2, CPUs: 2, Limit: 97, Count: 1}, records, filepath.Base)
	}
	want := budget(nil)
	if len(want.Servers) != 1 || want.Servers[0].Worst != 3+4+2*(2+5) {
		t.Fatalf("budget %+v", want)
	}
	for range 2 {
		if got := budget(store); !reflect.DeepEqual(got, want) {
			t.Errorf("kept: %+v\nwant %+v", got, want)
		}
	}
	write("uses/uses_test.go", uses+"\nfunc TestMore(t *testing.T) { db.Open(t, 6) }\n")
	if got, want := budget(store), budget(nil); !reflect.DeepEqual(got, want) || want.Servers[0].Worst != 3+4+6+2*(2+5) {
		t.Errorf("after an edit: %+v\nwant %+v", got, want)
	}
}
