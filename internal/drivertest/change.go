package drivertest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// changes of files of testdata/service that no package imports, and that change
// the findings.
var changes = []struct{ file, text string }{
	{".poollint.yml", "pool: {self_test: true}\n"},
	{"migrations/0001_init.up.sql", "CREATE TABLE orders (id uuid PRIMARY KEY, status text NOT NULL);\n"},
	{".env.test", "DATABASE_URL=postgres://postgres@localhost:5432/service?pool_max_conns=3&connect_timeout=5\n"},
}

// Freshness makes one change after the other and asks a driver that caches for
// its findings before and after.
func Freshness(t *testing.T, driver string, dir string, findings func(t *testing.T) []Finding) {
	for _, change := range changes {
		t.Run(change.file, func(t *testing.T) {
			file := filepath.Join(dir, change.file)
			original, err := os.ReadFile(file)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			before := findings(t)
			if err := os.WriteFile(file, []byte(change.text), 0o666); err != nil {
				t.Fatal(err)
			}
			after := findings(t)
			if slices.Equal(before, after) {
				t.Errorf("%s: the findings are as before the change", driver)
			}
			Compare(t, driver, after, "poollint", Standalone(t, dir, "./..."))
			if original == nil {
				err = os.Remove(file)
			} else {
				err = os.WriteFile(file, original, 0o666)
			}
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(findings(t), before) {
				t.Errorf("%s: the findings are not what they were before the change", driver)
			}
		})
	}
}
