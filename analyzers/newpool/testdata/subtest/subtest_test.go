package subtest

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/lib/pq"
)

func TestFunctions(t *testing.T) {
	t.Run("named", named)
	t.Run("method", cases{}.method)
}

func named(t *testing.T) {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for TestFunctions;`
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
}

type cases struct{}

func (cases) method(t *testing.T) {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for TestFunctions;`
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
}
