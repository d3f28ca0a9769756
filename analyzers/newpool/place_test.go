package newpool

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// carriers are ways of values into a DSN, which stands for an expression made of host and
// path.
var carriers = []string{
	`dsn := DSN`,
	`var dsn string
if host != "" { dsn = DSN }`,
	`dsn := func() string { return DSN }()`,
	`dsn := func(host, path string) string { return DSN }(host, path)`,
	`type conf struct{ domain, host, path string }
c := conf{domain: "example.com", host: host, path: path}
dsn := func(host, path string) string { return DSN }(c.host, c.path)`,
	`type inner struct{ host, path string }
type conf struct{ mail string; inner; logs string }
c := &conf{mail: "a@example.com"}
c.logs, c.host, c.path = t.TempDir(), host, path
dsn := func(host, path string) string { return DSN }(c.host, c.inner.path)`,
	`type conf struct{ cache string; hosts, paths []string }
c := conf{"memory", []string{host}, []string{path}}
dsn := func(host, path string) string { return DSN }(c.hosts[0], c.paths[0])`,
}

// places are DSNs, and whether they lead to a server that tests share.
var places = []struct {
	host, path, dsn string
	shared          bool
}{
	{`os.Getenv("HOST")`, `filepath.Join(t.TempDir(), "ca.pem")`, `"postgres://" + host + "/x?sslrootcert=" + path`, true},
	{`os.Getenv("HOST")`, `t.TempDir()`, `fmt.Sprintf("host=%s sslrootcert=%s", host, path)`, true},
	{`os.Getenv("HOST")`, `os.TempDir()`, `fmt.Sprintf("u@tcp(%s)/x?ca=%s", host, path)`, true},
	{`"db.example.com"`, `"ca.pem"`, `"postgres://" + host + "/x?sslrootcert=" + path`, false},
	{`"nowhere.invalid"`, `"ca.pem"`, `fmt.Sprintf("host=%s sslrootcert=%s", host, path)`, false},
	{`"localhost"`, `filepath.Join(t.TempDir(), "shop")`, `"file:" + path + host[:0]`, false},
}

// TestPlaces proves that the place of a database is what its DSN says, whatever else is
// carried along with that.
func TestPlaces(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	for i, p := range places {
		driver, want := "any", ""
		if p.shared {
			driver, want = "pgx", "// want `^sql.Open opens a pool for each of 2 tests`"
		}
		for j, carrier := range carriers {
			programs[fmt.Sprintf("place%d_%d/x_test.go", i, j)] = fmt.Sprintf(placeProgram, p.host, p.path, strings.ReplaceAll(carrier, "DSN", p.dsn), driver, want)
		}
	}
	programs.Run(t, Rule, "testdata")
}

const placeProgram = `package x

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

var _, _, _ = fmt.Sprint, os.Getenv, filepath.Join

func open(t *testing.T) *sql.DB {
	host, path := %s, %s
	_, _ = host, path
	%s
	db, _ := sql.Open(%q, dsn) %s
	return db
}

func TestIt(t *testing.T) { open(t) }

func TestOther(t *testing.T) { open(t) }
`
