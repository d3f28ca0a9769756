package missingcleanup

import (
	"fmt"
	"strings"
	"testing"
)

// TestOverwritten combines what keeps a pool with what happens before it takes the next one.
func TestOverwritten(t *testing.T) {
	t.Parallel()
	const head = combinedHead + `
type env struct{ db *sql.DB }

func (e *env) close() { e.db.Close() }

func quit(c interface{ Close() error }) { _ = c.Close() }

func keep(db *sql.DB) { others = append(others, db) }

var others []*sql.DB

func must(t *testing.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}
`
	var tests []string
	for _, keeper := range []struct{ params, name, closing string }{
		{"e *env", "e.db", "e.close()"},
		{"", "shared", "shared.Close()"},
		{"e *env, name string", "e.db", "e.close()"},
	} {
		for _, first := range []string{
			"X, err = sql.Open(`postgres`, dsn)",
			"db, err := sql.Open(`postgres`, dsn)",
		} {
			for _, between := range []part{
				{"_, _ = X.Exec(`CREATE DATABASE a`)", true},
				{"if testing.Short() { X.Close() }", true},
				{"must(t, X.Ping())", true},
				{"X.Close()", false},
				{"CLOSING", false},
				{"quit(X)", false},
				{"defer X.Close()", false},
				{"keep(X)", false},
				{"old := X; defer func() { old.Close() }()", false},
				{"return", false},
			} {
				set := ""
				if first[0] == 'd' {
					set = "\n\tX = db"
				}
				code := fmt.Sprintf("\nfunc set%d(t *testing.T, %s) {\n\tvar err error\n\t_ = err\n\t%s%s\n\tmust(t, err)%s\n\t%s\n\tX, err = sql.Open(`postgres`, dsn+`a`)\n\tmust(t, err)\n}\n",
					len(tests), keeper.params, first, want(between.wrong, "not closed before the next one is obtained"), set, between.code)
				code = strings.NewReplacer("CLOSING", keeper.closing, "X", keeper.name).Replace(code)
				args := map[bool]string{true: "e", false: ""}[keeper.params != ""]
				if keeper.params == "e *env, name string" {
					args = "e, `a`"
				}
				tests = append(tests, fmt.Sprintf("%s\nfunc Test%d(t *testing.T) {\n\te := new(env)\n\tset%d(t, %s)\n\tdefer e.close()\n}\n", code, len(tests), len(tests), args))
			}
		}
	}
	combine(t, head, tests)
}
