package parity

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/drivertest"
	"github.com/poollint/poollint/internal/pgtest"
)

// planted is the password that no output may have.
const planted = "S3CRET"

// leaky are connection strings, most of them malformed, with the password.
var leaky = []string{
	"postgres://app:S3CRET@127.0.0.1:1/shop",
	"postgres://app:S3CRET@127.0.0.1:port/shop",
	"postgres://app:S3CRET%zz@127.0.0.1:1/shop",
	"postgres://app:x/S3CRET@127.0.0.1:1/shop",
	"postgres://app:12/S3CRET@127.0.0.1:1/shop",
	"postgres://app:12?S3CRET@127.0.0.1:1/shop",
	"postgres://app:12#S3CRET@127.0.0.1:1/shop",
	"postgres://app:a b S3CRET@127.0.0.1:1/shop",
	"postgres://app:S3CRET",
	"postgre s://app:S3CRET@127.0.0.1:1/shop",
	"postgres://127.0.0.1:1/shop?user=app&password=S3CRET&sslmode=no",
	"postgres://app:S3CRET@127.0.0.1:1/shop?pool_max_conns=many",
	"host=127.0.0.1 port=1 user=app password=S3CRET",
	"host=127.0.0.1 port=one user=app password=S3CRET",
	"host=127.0.0.1 port=1 user=app password='host=S3CRET",
	"app:S3CRET@tcp(127.0.0.1:1)/shop",
	"app:o'S3CRET@tcp(127.0.0.1:1)/shop",
	"app:S3CRET@/shop",
	"app/S3CRET@127.0.0.1:1/shop",
	"libsql://127.0.0.1:1?authToken=S3CRET",
	"S3CRET",
}

// module makes a module of the files, whose .env.test is the text.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.com/shop\n\ngo 1.26\n"
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// keeps fails the test where the password stands in what a command prints, or in a file
// that it has made.
func keeps(t *testing.T, dir string, env drivertest.Env, name string, args ...string) {
	t.Helper()
	before := drivertest.Read(t, dir)
	out := env.Run(t, dir, name, args...)
	texts := map[string]string{"stdout": out.Stdout, "stderr": out.Stderr}
	for file, text := range drivertest.Read(t, dir) {
		if text != before[file] {
			texts[file] = text
		}
	}
	for place, text := range texts {
		if strings.Contains(text, planted) {
			t.Errorf("%s %q tells a password on %s:\n%s", filepath.Base(name), args, place, text)
		}
	}
	if out.Stdout+out.Stderr == "" {
		t.Errorf("%s %q says nothing", filepath.Base(name), args)
	}
}

// No command tells the password of the tests' database, wherever it is found and whatever
// is wrong with it.
func TestSecretsOfDatabases(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the command often")
	}
	t.Parallel()
	for i, dsn := range leaky {
		t.Run(dsn, func(t *testing.T) {
			t.Parallel()
			dir := module(t, map[string]string{".env.test": "DATABASE_URL=" + dsn})
			keeps(t, dir, nil, drivertest.Poollint, "doctor")
			keeps(t, dir, nil, drivertest.Poollint, "watch", "-format", "json", "--", "true")
			dir = module(t, map[string]string{})
			keeps(t, dir, nil, drivertest.Poollint, "doctor", "-dsn", dsn)
			keeps(t, dir, drivertest.Env{"DATABASE_URL=" + dsn}, drivertest.Poollint, "doctor", "-format", "json")
			keeps(t, dir, drivertest.Env{"DATABASE_URL_TEST=\"" + dsn}, drivertest.Poollint, "watch", "--", "true")
			if i > 0 {
				return
			}
			keeps(t, dir, nil, drivertest.Poollint, "doctor", "-need", dsn)
			keeps(t, dir, nil, drivertest.Poollint, "doctor", dsn)
			for _, text := range []string{"DATABASE_URL=\"" + dsn, "DATABASE_URL='" + dsn, dsn, planted, "A=\"\"" + dsn} {
				dir := module(t, map[string]string{".env.test": text})
				keeps(t, dir, nil, drivertest.Poollint, "doctor")
				keeps(t, dir, nil, drivertest.Poollint, "watch", "--", "true")
			}
		})
	}
}

// A link out of the module is not followed.
func TestSecretsOfLinkedFiles(t *testing.T) {
	t.Parallel()
	outside := module(t, map[string]string{"passwords": "root:" + planted + "\n"})
	dir := module(t, map[string]string{})
	if err := os.Symlink(filepath.Join(outside, "passwords"), filepath.Join(dir, ".env.test")); err != nil {
		t.Skip(err)
	}
	keeps(t, dir, nil, drivertest.Poollint, "doctor")
	keeps(t, dir, nil, drivertest.Poollint, "watch", "--", "true")
}

// What watch and doctor write about a server has no password either.
func TestSecretsOfServers(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	url := strings.Replace(server.URL(), "postgres@", "postgres:"+planted+"@", 1)
	if !strings.Contains(url, planted) {
		t.Fatalf("no place for a password in %s", url)
	}
	dir := module(t, map[string]string{".env.test": "DATABASE_URL=\"" + url + "\"\n"})
	keeps(t, dir, nil, drivertest.Poollint, "doctor")
	keeps(t, dir, nil, drivertest.Poollint, "doctor", "-format", "json")
	keeps(t, dir, nil, drivertest.Poollint, "watch", "-format", "text", "-format", "json=w.json", "-format", "csv=w.csv", "-format", "html=w.html", "--", "true", url)
}

// The rules look at connection strings, and tell no more than the server.
func TestSecretsOfSource(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	t.Parallel()
	var tests, wrong strings.Builder
	fmt.Fprint(&tests, "package shop\n\nimport (\n\t\"database/sql\"\n\t\"os\"\n\t\"testing\"\n)\n")
	fmt.Fprint(&wrong, "package shop\n")
	var env strings.Builder
	for i, dsn := range leaky {
		fmt.Fprintf(&tests, "\nfunc Test%d(t *testing.T) {\n\tdb, err := sql.Open(\"pgx\", %q)\n\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n\tdb.Exec(\"alter role app password 'S3CRET'\")\n}\n", i, dsn)
		fmt.Fprintf(&tests, "\nfunc TestEnv%d(t *testing.T) {\n\tdb, err := sql.Open(\"pgx\", os.Getenv(\"DSN%d\"))\n\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n\t_ = db\n}\n", i, i)
		fmt.Fprintf(&env, "DSN%d='%s'\n", i, strings.ReplaceAll(dsn, "'", ""))
		if dsn != planted { // which looks like any other word
			fmt.Fprintf(&wrong, "\nvar wrong%d int = %q\n", i, dsn)
		}
	}
	const ddl = "create table tenants (id int primary key);\ncreate table orders (id int, tenant_id int references tenants);\nalter role app password 'S3CRET';\ncreate user broken password 'S3CRET' where;\n"
	good := map[string]string{"a_test.go": tests.String(), ".env.test": env.String(), "schema.sql": ddl}
	for name, files := range map[string]map[string]string{
		"good":          good,
		"broken":        {"a_test.go": tests.String(), "b_test.go": wrong.String()},
		"syntax":        {"a_test.go": tests.String(), "b_test.go": "package shop\n\nfunc \"" + leaky[0] + "\" {}\n"},
		"configuration": {"a_test.go": tests.String(), ".poollint.yml": "pool:\n  helpers: {\"" + leaky[0] + "\": 1}\n"},
		"key":           {"a_test.go": tests.String(), ".poollint.yml": "\"" + leaky[0] + "\": x\n"},
		"env":           {"a_test.go": tests.String(), ".env.test": leaky[0]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := module(t, files)
			keeps(t, dir, nil, drivertest.Poollint, "-v", "-format", "text", "-format", "json=r.json", "-format", "github=r.txt",
				"-format", "gitlab=r.gitlab", "-format", "checkstyle=r.xml", "-format", "csv=r.csv", "-baseline", "baseline.json", "-write-baseline")
			shown := maps.Clone(files) // lines of source are shown, and this one looks like any other
			shown["a_test.go"] = strings.ReplaceAll(shown["a_test.go"], fmt.Sprintf("%q", planted), `""`)
			keeps(t, module(t, shown), nil, drivertest.Poollint, "-v", "-format", "sarif=r.sarif", "-format", "html=r.html", "-format", "text")
			keeps(t, dir, nil, drivertest.Poollint, "budget")
			keeps(t, dir, nil, drivertest.Poollint, "budget", "-format", "json")
			keeps(t, dir, nil, drivertest.Poollint, "schema")
			keeps(t, dir, nil, drivertest.Poollint, "init")
			keeps(t, dir, nil, drivertest.Poollint, "explain", leaky[0])
			keeps(t, dir, nil, drivertest.Poollint, leaky[0])
			if name == "broken" || name == "syntax" {
				return // the go command and unitchecker print such mistakes themselves
			}
			keeps(t, dir, nil, "go", "vet", "-vettool="+drivertest.Poollint, "-json", ".")
			keeps(t, dir, nil, "go", "vet", "-vettool="+drivertest.Poollint, ".")
		})
	}
}
