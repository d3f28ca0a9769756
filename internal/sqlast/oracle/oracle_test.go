package oracle

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/sqlast"
	pgquery "github.com/wasilibs/go-pgquery"
)

// tally counts the statements that an oracle accepts, and what became of them.
type tally struct {
	files, accepted, rejected int // by the oracle
	unread, differ            int
}

func (c *tally) log(t *testing.T, oracle string) {
	t.Helper()
	t.Logf("%s: %d files, %d statements accepted, %d texts rejected; of those accepted %d not read (%.2f %% read), %d with other tables or definitions",
		oracle, c.files, c.accepted, c.rejected, c.unread, c.percent(), c.differ)
}

func (c *tally) percent() float64 {
	return 100 * float64(c.accepted-c.unread) / float64(max(1, c.accepted))
}

// compare holds our reading of sql to the oracle's.
func (c *tally) compare(t *testing.T, path, sql string, dialect sqlast.Dialect, want Verdict) {
	t.Helper()
	c.accepted++
	got := Ours(sql, dialect)
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

// reject notes what the oracle does not accept.
func (c *tally) reject(t *testing.T, path string, err error) {
	t.Helper()
	c.rejected++
	t.Logf("%s: rejected by the oracle: %v", path, err)
}

func (c *tally) postgres(t *testing.T, path, text string) {
	t.Helper()
	c.files++
	stmts, err := split(text)
	if err != nil {
		c.reject(t, path, err)
		return
	}
	for _, sql := range stmts {
		if want := Postgres(sql); want.Err != nil {
			c.reject(t, path, want.Err)
		} else {
			c.compare(t, path, sql, sqlast.Postgres, want)
		}
	}
}

// split returns the statements of a text, of which some may not parse.
func split(text string) (stmts []string, err error) {
	scan, err := pgquery.Scan(text)
	if err != nil {
		return nil, err
	}
	start, depth := 0, 0
	for _, token := range scan.Tokens {
		switch text[token.Start:token.End] {
		case "(":
			depth++
		case ")":
			depth--
		case ";":
			if depth == 0 {
				stmts = append(stmts, text[start:token.Start])
				start = int(token.End)
			}
		}
	}
	return append(stmts, text[start:]), nil
}

func (c *tally) mysql(t *testing.T, path, text string) {
	t.Helper()
	c.files++
	texts, verdicts, err := MySQL(text)
	if err != nil {
		c.reject(t, path, err)
		return
	}
	for i, sql := range texts {
		c.compare(t, path, sql, sqlast.MySQL, verdicts[i])
	}
}

// compareTree compares the .sql files below dir: those with "mysql" in their path with
// marino, those with "sqlite" with nothing, the others with pg_query.
func compareTree(t *testing.T, dir string) (postgres, mysql tally) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".sql" {
			return err
		}
		text, err := os.ReadFile(path)
		switch rest := strings.TrimPrefix(path, dir); {
		case err != nil || strings.Contains(rest, "sqlite"):
		case strings.Contains(rest, "mysql"):
			mysql.mysql(t, path, string(text))
		default:
			postgres.postgres(t, path, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	postgres.log(t, "pg_query")
	mysql.log(t, "marino")
	return postgres, mysql
}

// TestOwn: of our own statements every one is good SQL, is read, and is read right.
func TestOwn(t *testing.T) {
	postgres, mysql := compareTree(t, "testdata")
	if n := postgres.accepted + mysql.accepted; n < 400 {
		t.Errorf("only %d statements", n)
	}
	for _, c := range []tally{postgres, mysql} {
		if c.rejected+c.unread+c.differ > 0 {
			t.Error("see above for what is wrong")
		}
	}
}

// TestReal compares real statements. At least 99.9 % of those that the oracle accepts
// must be read, and all of those with the same tables.
func TestReal(t *testing.T) {
	dir := os.Getenv("POOLLINT_SQL_DIR")
	if dir == "" {
		t.Skip("POOLLINT_SQL_DIR names no directory with .sql files of real projects: nothing to compare")
	}
	postgres, mysql := compareTree(t, dir)
	for _, c := range []tally{postgres, mysql} {
		if c.accepted > 0 && c.percent() < 99.9 || c.differ > 0 {
			t.Error("see above for what is wrong")
		}
	}
}
