package budget

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hostile is code that may cost more than its size: each function calls the one before twice,
// from different branches, so that the ways to the opener double with every function.
func hostile(t testing.TB, functions, tests int) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`package large

import (
	"database/sql"
	"os"
	"testing"
)

func f0(t *testing.T) {
	db, _ := sql.Open("pgx", os.Getenv("DSN"))
	db.SetMaxOpenConns(2)
	t.Cleanup(func() { db.Close() })
}
`)
	for i := range functions {
		fmt.Fprintf(&b, "\nfunc f%d(t *testing.T) {\n\tif len(os.Args) > %d {\n\t\tf%d(t)\n\t} else {\n\t\tf%d(t)\n\t}\n\tt.Run(\"\", func(t *testing.T) { f%d(t) })\n}\n", i+1, i, i, i, i)
	}
	for i := range tests {
		fmt.Fprintf(&b, "\nfunc Test%d(t *testing.T) { f%d(t) }\n", i, functions)
	}
	for name, text := range map[string]string{"go.mod": "module example.com/large\n\ngo 1.24\n", "large_test.go": b.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTooLargeToRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		functions, tests int
		bound            bool
	}{
		{"small", 3, 2, true},
		{"ways that double", 40, 2, false},
		{"tests that each cost much", 8, 4000, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			report, failures, err := Of(context.Background(), Run{Packages: 1, Parallel: 1, CPUs: 1, Limit: 97, Count: 1}, Analysis{Dir: hostile(t, c.functions, c.tests), Patterns: []string{"./..."}})
			if err != nil || len(failures) > 0 {
				t.Fatal(err, failures)
			}
			var text strings.Builder
			if err := report.WriteText(&text); err != nil {
				t.Fatal(err)
			}
			if len(report.Servers) != 1 || report.Servers[0].Unbounded == c.bound {
				t.Errorf("bound: want %t:\n%s", c.bound, &text)
			}
			if said := strings.Contains(text.String(), "large_test.go:1: the package is too large to read; split it, or share one pool"); said == c.bound {
				t.Errorf("it says that it is too large: %t:\n%s", said, &text)
			}
		})
	}
}

func BenchmarkTooLarge(b *testing.B) {
	for _, tests := range []int{1000, 2000, 4000} {
		b.Run(fmt.Sprint(tests), func(b *testing.B) {
			dir := hostile(b, 8, tests)
			for b.Loop() {
				if _, _, err := Of(context.Background(), Run{Packages: 1, Parallel: 1, CPUs: 1, Limit: 97, Count: 1}, Analysis{Dir: dir, Patterns: []string{"./..."}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
