package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/drivertest"
)

// leaky is a module whose tests open pools through another package and leak them.
var leaky = map[string]string{
	"go.mod": "module example.com/leaky\n\ngo 1.26\n",
	"store/store.go": `package store

import "database/sql"

func Open(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) }
`,
	"orders/orders_test.go": `package orders

import (
	"os"
	"testing"

	"example.com/leaky/store"
)

func TestOrders(t *testing.T) {
	db, err := store.Open(os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(db.Stats())
}

func TestItems(t *testing.T) {
	db, err := store.Open(os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(db.Stats())
}
`,
}

func TestFindings(t *testing.T) {
	short(t)
	root := drivertest.Root(t)
	for _, module := range drivertest.Modules(t) {
		name, err := filepath.Rel(root, module)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			want := drivertest.Standalone(t, module, "./...")
			g := start(t, module)
			drivertest.Compare(t, "golangci-lint", g.findings(t), "poollint", want)
			drivertest.Compare(t, "golangci-lint with a full cache", g.findings(t), "poollint", want)
		})
	}
}

// A package of the module that is not asked for is seen through its facts
// alone: computed the first time, from the cache the second.
func TestFactsCrossPackages(t *testing.T) {
	short(t)
	t.Parallel()
	g := start(t, drivertest.Write(t, leaky))
	for _, state := range []string{"empty", "full"} {
		if findings := g.findings(t, "./orders"); !slices.Contains(rules(findings), "newpool") {
			t.Errorf("cache %s: %v", state, findings)
		}
		// Another package with a cached dependency.
		file := filepath.Join(g.dir, "orders", "more_test.go")
		if err := os.WriteFile(file, []byte("package orders\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func rules(findings []drivertest.Finding) []string {
	var names []string
	for _, f := range findings {
		names = append(names, f.Rule)
	}
	return names
}

func TestNolintAndExclusions(t *testing.T) {
	short(t)
	t.Parallel()
	all := start(t, drivertest.Write(t, leaky)).findings(t)
	if len(all) == 0 {
		t.Fatal("no findings to silence")
	}

	quiet := maps.Clone(leaky)
	quiet["orders/orders_test.go"] = strings.ReplaceAll(quiet["orders/orders_test.go"],
		"\nfunc Test", "\n//nolint:poollint // to be rewritten\nfunc Test")
	if findings := start(t, drivertest.Write(t, quiet)).findings(t); len(findings) > 0 {
		t.Errorf("nolint: %v", findings)
	}

	// A rule is no linter of golangci-lint's; poollint's own comment is for one rule.
	silencing := func(comment string) []drivertest.Finding {
		module := maps.Clone(leaky)
		module["orders/orders_test.go"] = strings.Replace(module["orders/orders_test.go"], "\tdb, err :=", "\t"+comment+"\n\tdb, err :=", 1)
		return start(t, drivertest.Write(t, module)).findings(t)
	}
	if got, without := silencing("//nolint:newpool // to be rewritten"), silencing("// to be rewritten"); !slices.Equal(got, without) {
		t.Errorf("nolint with a rule: %v, want %v", got, without)
	}
	if findings := silencing("//poollint:ignore newpool -- to be rewritten"); slices.Contains(rules(findings), "newpool") || len(findings) == 0 {
		t.Errorf("a directive for one rule: %v", findings)
	}

	// The example leaves genericslug alone under legacy/; the rule's name stands in front.
	text, err := os.ReadFile(start(t, ".").config)
	if err != nil {
		t.Fatal(err)
	}
	excluding := strings.NewReplacer("^legacy/", "^orders/", "^genericslug:", "^"+all[0].Rule+":").Replace(string(text))
	g := start(t, drivertest.Write(t, leaky))
	g.config = filepath.Join(g.dir, ".golangci.yml")
	if err := os.WriteFile(g.config, []byte(excluding), 0o666); err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(slices.Clone(all), func(f drivertest.Finding) bool { return f.Rule == all[0].Rule })
	drivertest.Compare(t, "with an exclusion", g.findings(t), "expected", want)
}

func TestFix(t *testing.T) {
	short(t)
	t.Parallel()
	service := filepath.Join(drivertest.Root(t), "testdata", "service")
	byCommand, byGolangci := drivertest.Copy(t, service), drivertest.Copy(t, service)
	before := drivertest.Read(t, byCommand)
	drivertest.Run(t, byCommand, drivertest.Poollint, "-fix", "./...")
	start(t, byGolangci).run(t, "--fix")
	after, got := drivertest.Read(t, byCommand), drivertest.Read(t, byGolangci)
	if maps.Equal(before, after) {
		t.Error("poollint -fix changes nothing")
	}
	for name, want := range after {
		if got[name] != want {
			t.Errorf("golangci-lint --fix leaves %s as\n%s\nand poollint -fix as\n%s", name, got[name], want)
		}
	}
}

func TestUnknownSetting(t *testing.T) {
	short(t)
	t.Parallel()
	g := start(t, drivertest.Write(t, leaky))
	text, err := os.ReadFile(g.config)
	if err != nil {
		t.Fatal(err)
	}
	g.config = filepath.Join(g.dir, ".golangci.yml")
	if err := os.WriteFile(g.config, []byte(strings.ReplaceAll(string(text), "max_conns", "max_cons")), 0o666); err != nil {
		t.Fatal(err)
	}
	out := g.run(t)
	if out.Status < 2 || !strings.Contains(out.Stderr, "unknown key max_cons; did you mean max_conns?") {
		t.Errorf("exit status %d, %s", out.Status, out.Stderr)
	}
}

// golangci-lint keeps what a linter said, by Go files. A change of another file
// that rules read must bring a new answer.
func TestCacheSeesOtherFiles(t *testing.T) {
	short(t)
	t.Parallel()
	g := start(t, drivertest.Copy(t, filepath.Join(drivertest.Root(t), "testdata", "service")))
	for _, change := range drivertest.Changes {
		t.Run(change.File, func(t *testing.T) {
			drivertest.Freshness(t, "golangci-lint", g.dir, []drivertest.Change{change}, func(t *testing.T) []drivertest.Finding {
				t.Helper()
				return g.findings(t)
			})
		})
	}
}

// What a package's functions do is kept too, for the packages that import it.
func TestCachedFactsSeeConfiguration(t *testing.T) {
	short(t)
	t.Parallel()
	g := start(t, drivertest.Write(t, map[string]string{
		"go.mod": "module example.com/own\n\ngo 1.26\n",
		"driver/driver.go": `package driver

type DB struct{}

func (*DB) Close() {}

func Connect(dsn string) *DB { return new(DB) }
`,
		"dbtest/dbtest.go": `package dbtest

import "example.com/own/driver"

func Open() *driver.DB { return driver.Connect("") }
`,
		"orders/orders_test.go": `package orders

import (
	"testing"

	"example.com/own/dbtest"
)

func TestOrders(t *testing.T) {
	db := dbtest.Open()
	t.Cleanup(db.Close)
}

func TestItems(t *testing.T) {
	db := dbtest.Open()
	t.Cleanup(db.Close)
}
`,
	}))
	if findings := g.findings(t, "./orders"); len(findings) > 0 {
		t.Errorf("a driver that nobody knows: %v", findings)
	}
	settings := "api: {openers: [example.com/own/driver.Connect]}"
	if err := os.WriteFile(filepath.Join(g.dir, ".poollint.yml"), []byte(settings), 0o666); err != nil {
		t.Fatal(err)
	}
	findings := g.findings(t, "./orders")
	if !slices.Contains(rules(findings), "newpool") {
		t.Errorf("the driver named in the configuration: %v", findings)
	}
	drivertest.Compare(t, "golangci-lint", findings, "poollint", drivertest.Standalone(t, g.dir, "./orders"))
}

// A configuration is found from golangci-lint's own, wherever the command runs.
func TestConfigFile(t *testing.T) {
	short(t)
	t.Parallel()
	g := start(t, drivertest.Write(t, leaky))
	for name, text := range map[string]string{
		".golangci.yml": `version: "2"
linters:
  settings:
    custom:
      poollint:
        type: module
        settings: {config: build/lint.yml}
`,
		"build/lint.yml": "pool: {self_test: true}\n",
	} {
		file := filepath.Join(g.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	g.config = filepath.Join("..", ".golangci.yml")
	root := g.dir
	g.dir = filepath.Join(root, "orders")
	if findings := g.findings(t); slices.Contains(rules(findings), "newpool") {
		t.Errorf("with newpool off: %v", findings)
	}
	if err := os.WriteFile(filepath.Join(root, "build", "lint.yml"), []byte("pool: {self_test: false}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if findings := g.findings(t); !slices.Contains(rules(findings), "newpool") {
		t.Errorf("with newpool on again: %v", findings)
	}
}
