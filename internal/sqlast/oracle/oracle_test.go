package oracle

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v6"
	"github.com/poollint/poollint/internal/sqlast"
)

// tally counts the statements that an oracle accepts, and what became of them.
type tally struct {
	files, accepted, rejected int // by the oracle
	unread, differ            int
}

func (c *tally) log(t *testing.T) {
	t.Logf("%d files, %d statements (%d more that the oracle rejects): %d not read (%.2f %% read), %d with other tables or definitions",
		c.files, c.accepted, c.rejected, c.unread, 100*float64(c.accepted-c.unread)/float64(max(1, c.accepted)), c.differ)
}

// compare holds our verdict on sql to that of the oracle.
func (c *tally) compare(t *testing.T, path, sql string, dialect sqlast.Dialect, want Verdict) {
	t.Helper()
	c.accepted++
	_, got := Ours(sql, dialect)
	switch {
	case got.Err != nil:
		c.unread++
		t.Logf("%s: not read: %v\n%s", path, got.Err, clip(sql))
	case !slices.Equal(got.Uses, want.Uses):
		c.differ++
		t.Logf("%s: tables differ:\nours   %v\noracle %v\n%s", path, got.Uses, want.Uses, clip(sql))
	case !slices.Equal(got.DDL, want.DDL):
		c.differ++
		t.Logf("%s: definitions differ:\nours   %s\noracle %s\n%s", path, strings.Join(got.DDL, "\n       "),
			strings.Join(want.DDL, "\n       "), clip(sql))
	}
}

func clip(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1500 {
		s = s[:1500] + "…"
	}
	return s
}

func (c *tally) postgres(t *testing.T, path, text string) {
	c.files++
	stmts, err := pg.SplitWithScanner(text, false)
	if err != nil {
		c.rejected++
		return
	}
	for _, sql := range stmts {
		want := Postgres(sql)
		if want.Err != nil {
			c.rejected++
			if testing.Verbose() && strings.Contains(path, "testdata") {
				t.Errorf("%s: pg_query: %v\n%s", path, want.Err, clip(sql))
			}
			continue
		}
		c.compare(t, path, sql, sqlast.Postgres, want)
	}
}

func (c *tally) mysql(t *testing.T, path, text string) {
	c.files++
	texts, verdicts, err := MySQL(text)
	if err != nil {
		c.rejected++
		if testing.Verbose() && (strings.Contains(path, "testdata") || os.Getenv("REJ") != "") {
			t.Errorf("%s: marino: %v", path, err)
		}
		return
	}
	for i, sql := range texts {
		c.compare(t, path, sql, sqlast.MySQL, verdicts[i])
	}
}

// walk calls read for every .sql file below dir.
func walk(t *testing.T, dir string, read func(path, text string)) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".sql" {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil {
			read(path, string(b))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOwn(t *testing.T) {
	var own tally
	walk(t, "testdata", func(path, text string) {
		if strings.HasSuffix(path, ".mysql.sql") {
			own.mysql(t, path, text)
		} else {
			own.postgres(t, path, text)
		}
	})
	own.log(t)
}

func TestReal(t *testing.T) {
	dir := os.Getenv("POOLLINT_SQL_DIR")
	if dir == "" {
		t.Skip("POOLLINT_SQL_DIR is not set: no real statements to compare")
	}
	for _, sub := range []string{"postgres", "postgres-schema", "mysql", "mysql-schema", "mysql-regress", "regress"} {
		t.Run(sub, func(t *testing.T) {
			var c tally
			walk(t, filepath.Join(dir, sub), func(path, text string) {
				if strings.HasPrefix(sub, "mysql") {
					c.mysql(t, path, text)
				} else {
					c.postgres(t, path, text)
				}
			})
			c.log(t)
		})
	}
}
