package genericslug

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// A part of a program: declarations, and statements that use them. In statements, DB stands
// for the handle and WANT for what is expected of the line.
type part struct{ name, decls, stmts string }

// makings make the tenant acme.
var makings = []part{
	{"argument", "", `createOrg(t, DB, "acme") WANT`},
	{"field", "", `createFrom(t, DB, Org{Slug: "acme"}) WANT`},
	{"checked", "", `if err := insert(DB, Org{Slug: "acme"}); err != nil { t.Fatal(err) } WANT`},
	{"asserted", "", `require.NoError(t, insert(DB, Org{Slug: "acme"})) WANT`},
	{"column", "", `_, _ = DB.Exec("INSERT INTO orders (total, tenant_id) VALUES ($1, $2)", 1, "acme") WANT`},
	{"handed", `func seed(t *testing.T, db execer, name string) { createFrom(t, db, Org{Slug: name}) }`, `seed(t, DB, "acme") WANT`},
	{"table", "", `for _, tc := range []struct { name, in string }{
	{"x", "acme"}, WANT
} { t.Run(tc.name, func(t *testing.T) { createOrg(t, DB, tc.in) }) }`},
	{"nameonly", `type Workspace struct { Name string }
func createWorkspace(t *testing.T, db execer, w Workspace) { createOrg(t, db, w.Name) }`, `createWorkspace(t, DB, Workspace{Name: "acme"}) WANT`},
}

// harmless use the name and make nothing that another test could make too.
var harmless = []part{
	{"get", `func getOrg(t *testing.T, db execer, slug string) { _, _ = db.Exec("SELECT 1") }`, `getOrg(t, DB, "acme")`},
	{"filter", `type OrgFilter struct { Slug string }
func orgs(t *testing.T, db execer, f OrgFilter) { _, _ = db.Exec("SELECT 1") }`, `orgs(t, DB, OrgFilter{Slug: "acme"})`},
	{"where", "", `_, _ = DB.Exec("SELECT id FROM orgs WHERE slug = $1", "acme")`},
	{"compared", "", `_, _ = DB.Exec("SELECT 1")
want := Org{Slug: "acme"}
require.Equal(t, want, Org{Slug: "acme"})`},
	{"expectedfield", "", `for _, tc := range []struct { expected Org }{{expected: Org{Slug: "acme"}}} { _ = tc; _, _ = DB.Exec("SELECT 1") }`},
	{"looked", "", `_, _ = DB.Exec("SELECT 1")
slug, o := "acme", Org{Slug: "acme"}
o.Name = "x"
require.NotEqual(t, slug, o.Slug)
_ = DB.QueryRow("SELECT id FROM orgs WHERE slug = $1", o.Slug)`},
	{"conflict", "", `_, _ = DB.Exec("INSERT INTO orgs (slug) VALUES ($1) ON CONFLICT (slug) DO NOTHING", "acme")`},
	{"displayname", "", `createFrom(t, DB, Org{Slug: uuid.NewString(), Name: "acme"})`},
	{"named", "", `createOrg(t, DB, "acme-" + t.Name())`},
	{"scenario", "", `createOrg(t, DB, "overdue-invoices")`},
	{"request", "", `_, _ = DB.Exec("SELECT 1")
http.Header{}.Set("X-Tenant-ID", "acme")`},
}

// stages run MAKE in a test of each of two files; stmts says whether what it makes stays.
var stages = []part{
	{"shared", "", "stays"},
	{"parallel", "", "stays"},
	{"begun", `func begin(t *testing.T) *sql.Tx { tx, err := shared.Begin()
if err != nil { t.Fatal(err) }
t.Cleanup(func() { _ = tx.Rollback() })
return tx }`, ""},
	{"within", `func withTx(t *testing.T, f func(tx *sql.Tx)) { tx, err := shared.Begin()
if err != nil { t.Fatal(err) }
defer func() { _ = tx.Rollback() }()
f(tx) }`, ""},
	{"committed", `func withTx(t *testing.T, f func(tx *sql.Tx)) { tx, err := shared.Begin()
if err != nil { t.Fatal(err) }
defer tx.Rollback()
f(tx)
_ = tx.Commit() }`, "stays"},
	{"replaced", `func swap(t *testing.T) { tx, err := shared.Begin()
if err != nil { t.Fatal(err) }
old := current
current = tx
t.Cleanup(func() { _ = tx.Rollback(); current = old }) }
var current execer = shared`, ""},
	{"truncated", `func reset(t *testing.T) { for _, table := range []string{"orgs"} { _, _ = shared.Exec("TRUNCATE " + table) } }`, ""},
	{"deleted", `func drop(t *testing.T) { t.Cleanup(func() { _, _ = shared.Exec("DELETE FROM orgs WHERE slug = 'acme'") }) }`, ""},
	{"suite", `type base struct { suite.Suite; tx *sql.Tx }
func (b *base) SetupTest() { b.tx, _ = shared.Begin() }
func (b *base) TearDownTest() { _ = b.tx.Rollback() }`, ""},
	{"accessor", `type base struct { suite.Suite; held *sql.Tx }
func (b *base) SetupTest() { b.held, _ = shared.Begin() }
func (b *base) TearDownTest() { _ = b.held.Rollback() }
func (b *base) Tx() *sql.Tx { return b.held }`, ""},
	{"overridden", `type root struct { suite.Suite; tx *sql.Tx }
func (r *root) SetupTest() { r.tx, _ = shared.Begin() }
func (r *root) TearDownTest() { _ = r.tx.Rollback() }
type base struct { root }
func (b *base) TearDownTest() { b.tx = nil }`, "stays"},
	{"called", `type root struct { suite.Suite; tx *sql.Tx }
func (r *root) SetupTest() { r.tx, _ = shared.Begin() }
func (r *root) TearDownTest() { _ = r.tx.Rollback() }
type base struct { root }
func (b *base) TearDownTest() { b.root.TearDownTest() }`, ""},
	{"hookcommits", `type base struct { suite.Suite; tx *sql.Tx }
func (b *base) SetupTest() { b.tx, _ = shared.Begin() }
func (b *base) TearDownTest() { _ = b.tx.Commit() }`, "stays"},
	{"misspelt", `type base struct { suite.Suite; tx *sql.Tx }
func (b *base) SetupTest() { b.tx, _ = shared.Begin() }
func (b *base) TeardownTest() { _ = b.tx.Rollback() }`, "stays"},
}

func bodyOf(stage part) (head, db string) {
	switch stage.name {
	case "begun":
		return "tx := begin(t)\n", "tx"
	case "replaced":
		return "swap(t)\n", "current"
	case "truncated":
		return "reset(t)\n", "shared"
	case "deleted":
		return "drop(t)\n", "shared"
	case "parallel":
		return "t.Parallel()\n", "shared"
	case "suite", "overridden", "called", "hookcommits", "misspelt":
		return "t := s.T()\nt.Helper()\n", "s.tx"
	case "accessor":
		return "t := s.T()\nt.Helper()\n", "s.Tx()"
	}
	return "", "shared"
}

// TestCombinations tries every way to make a tenant on every stage.
func TestCombinations(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	program := func(making, stage part, found bool) {
		at := making.name + stage.name
		if strings.HasPrefix(making.name, "assert") {
			at = "inside" + stage.name // a package of that name asserts
		}
		programs[at+"/x_test.go"] = head + "\n" + making.decls + "\n" + stage.decls
		for _, file := range []string{"a", "b"} {
			programs[at+"/"+file+"_test.go"] = testOf(making, stage, file, found)
		}
	}
	for _, stage := range stages {
		for _, making := range makings {
			program(making, stage, stage.stmts != "")
		}
	}
	for _, making := range harmless {
		program(making, stages[0], false)
		program(making, stages[1], false)
	}
	programs.Run(t, Rule, "../newpool/testdata")
}

func testOf(making, stage part, file string, found bool) string {
	want := ""
	if found {
		want = "// want `\"acme\" is shared by tests in a_test.go and b_test.go`"
	}
	before, db := bodyOf(stage)
	if stage.name == "within" || stage.name == "committed" {
		db = "tx"
	}
	body := before + strings.NewReplacer("WANT", want, "DB", db).Replace(making.stmts)
	if db == "tx" && before == "" {
		body = "withTx(t, func(tx *sql.Tx) {\n" + body + "\n})"
	}
	name := strings.ToUpper(file)
	test := fmt.Sprintf("func Test%s(t *testing.T) {\n%s\n}", name, body)
	if strings.Contains(before, "s.T()") {
		test = fmt.Sprintf("type suite%s struct { base }\nfunc (s *suite%[1]s) TestMake() {\n%s\n}\nfunc Test%[1]s(t *testing.T) { suite.Run(t, new(suite%[1]s)) }", name, body)
	}
	return imports + "\n" + test
}

const imports = `package x

import (
	"database/sql"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/stretchr/testify/suite"
)

var (
	_ *sql.DB
	_ = http.NewRequest
	_ = uuid.NewString
	_ = require.NoError
	_ = suite.Run
)
`

const head = `package x

import (
	"database/sql"
	"os"
	"testing"

	"github.com/stretchr/testify/suite"
)

var (
	shared *sql.DB
	_      suite.Suite
)

func TestMain(m *testing.M) {
	shared, _ = sql.Open("postgres", os.Getenv("DSN"))
	os.Exit(m.Run())
}

type execer interface {
	Exec(query string, args ...any) (sql.Result, error)
	QueryRow(query string, args ...any) *sql.Row
}

type Org struct{ Slug, Name string }

func insert(db execer, o Org) error {
	_, err := db.Exec("INSERT INTO orgs (slug) VALUES ($1)", o.Slug)
	return err
}

func createFrom(t *testing.T, db execer, o Org) { _ = insert(db, o) }

func createOrg(t *testing.T, db execer, slug string) { createFrom(t, db, Org{Slug: slug}) }
`
