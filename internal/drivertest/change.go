package drivertest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A Change is one of a file of testdata/service that no package imports, and it changes the
// findings.
type Change struct{ File, Text string }

// Changes are of each kind of file that rules read.
var Changes = []Change{
	{".poollint.yml", "pool: {self_test: true}\n"},
	{"migrations/0001_init.up.sql", "CREATE TABLE orders (id uuid PRIMARY KEY, status text NOT NULL);\n"},
	{".env.test", "DATABASE_URL=postgres://postgres@localhost:5432/service?pool_max_conns=3&connect_timeout=5\n"},
}

// Make makes the change, and returns what takes it back.
func (c Change) Make(t testing.TB, dir string) (undo func()) {
	t.Helper()
	file := filepath.Join(dir, c.File)
	original, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(c.Text), 0o666); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		err := os.Remove(file)
		if err == nil && original != nil {
			err = os.WriteFile(file, original, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Freshness makes changes, all at once, and asks a driver that caches for its findings before,
// with them, and when they are taken back.
func Freshness(t *testing.T, driver string, dir string, changes []Change, findings func(t *testing.T) []Finding) {
	t.Helper()
	before := findings(t)
	var undo []func()
	for _, c := range changes {
		undo = append(undo, c.Make(t, dir))
	}
	after := findings(t)
	if slices.Equal(before, after) {
		t.Errorf("%s: the findings are as before %v", driver, changes)
	}
	Compare(t, driver, after, "poollint", Standalone(t, dir, "./..."))
	for _, f := range undo {
		f()
	}
	if !slices.Equal(findings(t), before) {
		t.Errorf("%s: the findings are not what they were before %v", driver, changes)
	}
}
