package parallelpool

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// A part of a program: declarations, and statements that use them. In statements, DB stands
// for the handle, NAME for the tenant's name, WANT for what is expected of the line.
type part struct{ name, decls, stmts string }

// makings make a tenant.
var makings = []part{
	{"argument", "", `createOrg(t, DB, NAME) WANT`},
	{"field", "", `createFrom(t, DB, Org{Slug: NAME}) WANT`},
	{"unkeyed", "", `createFrom(t, DB, Org{NAME, "x"}) WANT`},
	{"pointer", "", `o := &Org{Name: "x", Slug: NAME} WANT
createFrom(t, DB, *o)`},
	{"assigned", "", `var o Org
o.Slug = NAME WANT
createFrom(t, DB, o)`},
	{"checked", "", `require.NoError(t, insert(DB, Org{Slug: NAME})) WANT`},
	{"parameter", "", `_, _ = DB.Exec("INSERT INTO orders (total, tenant_id) VALUES ($1, $2)", 1, NAME) WANT`},
	{"question", "", `_, _ = DB.Exec("INSERT INTO orders (total, tenant_id) VALUES (?, ?)", 1, NAME) WANT`},
	{"column", "", `_, _ = DB.Exec("INSERT INTO orgs (name) VALUES ('north')") WANT`},
	{"constant", `const slug = NAME`, `createFrom(t, DB, Org{Slug: slug}) WANT`},
	{"variable", `var first = NAME`, `createFrom(t, DB, Org{Slug: first}) WANT`},
	{"local", "", `name := NAME
createFrom(t, DB, Org{Slug: name}) WANT`},
	{"handed", `func seed(t *testing.T, db *sql.DB, name string) { createFrom(t, db, Org{Slug: name}) }`, `seed(t, DB, NAME) WANT`},
	{"handedtwice", `func seed(t *testing.T, db *sql.DB, name string) { createFrom(t, db, Org{Slug: name}) }
func plant(t *testing.T, db *sql.DB, what string) { seed(t, db, what) }`, `plant(t, DB, NAME) WANT`},
	{"option", `func withSlug(s string) func(*Org) { return func(o *Org) { o.Slug = s } }
func seed(t *testing.T, db *sql.DB, opts ...func(*Org)) { var o Org
for _, f := range opts { f(&o) }
createFrom(t, db, o) }`, `seed(t, DB, withSlug(NAME)) WANT`},
	{"parsed", `var tenantID = uuid.MustParse(NAME)
func createParsed(t *testing.T, db *sql.DB, tenantID uuid.UUID) { _ = db.Ping() }`, `createParsed(t, DB, tenantID) WANT`},
	{"map", `func createMap(t *testing.T, db *sql.DB, m map[string]any) { _ = db.Ping() }`, `createMap(t, DB, map[string]any{"org_id": NAME}) WANT`},
	{"converted", `type TenantID string
func createTyped(t *testing.T, db *sql.DB, id TenantID) { _ = db.Ping() }`, `createTyped(t, DB, TenantID(NAME)) WANT`},
}

// readings make none.
var readings = []part{
	{"get", `func getOrg(t *testing.T, db *sql.DB, slug string) { _ = db.Ping() }`, `getOrg(t, DB, NAME)`},
	{"find", `func findOrg(t *testing.T, db *sql.DB, slug string) { _ = db.Ping() }`, `require.NotPanics(t, func() { findOrg(t, DB, NAME) })`},
	{"select", "", `_ = DB.QueryRow("SELECT id FROM orgs WHERE slug = $1", NAME)`},
	{"expected", "", `_ = DB.Ping()
want := Org{Slug: NAME}
require.NotEqual(t, Org{Slug: NAME}, want)`},
	{"there", "", `_, _ = DB.Exec("INSERT INTO orgs (slug) VALUES ($1) ON CONFLICT DO NOTHING", NAME)`},
	{"unique", "", `createOrg(t, DB, NAME + t.Name())`},
	{"formatted", "", `createFrom(t, DB, Org{Slug: fmt.Sprintf("%s-%d", NAME, time.Now().UnixNano())})`},
}

// reaches lead to the handle: stmts are what stands for DB.
var reaches = []part{
	{"global", "", `shared`},
	{"getter", `func get() *sql.DB { return shared }`, `get()`},
	{"once", `var open = sync.OnceValue(func() *sql.DB { db, err := sql.Open("postgres", dsn)
if err != nil { panic(err) }
return db })`, `open()`},
	{"each", `func connect(t *testing.T) *sql.DB { db, err := sql.Open("postgres", dsn)
if err != nil { t.Fatal(err) }
t.Cleanup(func() { db.Close() })
return db }`, `connect(t)`},
	{"fixture", `type env struct { *testing.T; db *sql.DB }
func fixture(t *testing.T) *env { return &env{t, shared} }`, `fixture(t).db`},
}

// privates lead to a handle that no other test has.
var privates = []part{
	{"database", `func connect(t *testing.T) *sql.DB { name := "test_" + uuid.NewString()
_, _ = shared.Exec("CREATE DATABASE " + name)
db, err := sql.Open("postgres", "dbname=" + name)
if err != nil { t.Fatal(err) }
t.Cleanup(func() { db.Close() })
return db }`, `connect(t)`},
	{"mock", `func connect(t *testing.T) *sql.DB { db, _, err := sqlmock.New()
if err != nil { t.Fatal(err) }
return db }`, `connect(t)`},
}

// runs run MAKE in tests; stmts says whether several run at once.
var runs = []part{
	{"tests", `func TestA(t *testing.T) { t.Parallel()
MAKE
}
func TestB(t *testing.T) { t.Parallel()
MAKE
}`, "at once"},
	{"subtests", `func TestA(t *testing.T) { t.Run("a", func(t *testing.T) { t.Parallel()
MAKE
})
t.Run("b", func(t *testing.T) { t.Parallel()
AGAIN
}) }`, "at once"},
	{"loop", `func TestA(t *testing.T) { for _, name := range []string{"a", "b"} { t.Run(name, func(t *testing.T) { t.Parallel()
MAKE
}) } }`, "at once"},
	{"named", `func sub(t *testing.T) { t.Parallel()
MAKE
}
func TestA(t *testing.T) { t.Run("a", sub); t.Run("b", func(t *testing.T) { t.Parallel()
AGAIN
}) }`, "at once"},
	{"helper", `func start(t *testing.T) { t.Helper(); t.Parallel() }
func TestA(t *testing.T) { start(t)
MAKE
}
func TestB(t *testing.T) { start(t)
MAKE
}`, "at once"},
	{"struct", `type run struct { t *testing.T }
func (r run) start() { r.t.Parallel() }
func TestA(t *testing.T) { run{t}.start()
MAKE
}
func TestB(t *testing.T) { r := &run{t: t}; r.start()
MAKE
}`, "at once"},
	{"serial", `func TestA(t *testing.T) { MAKE
}
func TestB(t *testing.T) { MAKE
}`, ""},
	{"onealone", `func TestA(t *testing.T) { t.Parallel()
MAKE
}
func TestB(t *testing.T) { MAKE
}`, ""},
	{"serialgroups", `func TestA(t *testing.T) { t.Run("a", func(t *testing.T) { t.Parallel()
MAKE
}) }
func TestB(t *testing.T) { t.Run("b", func(t *testing.T) { t.Parallel()
MAKE
}) }`, ""},
	{"rolledback", `func begin(t *testing.T) *sql.Tx { tx, err := shared.Begin()
if err != nil { t.Fatal(err) }
t.Cleanup(func() { _ = tx.Rollback() })
return tx }
func TestA(t *testing.T) { t.Parallel()
begin(t)
MAKE
}
func TestB(t *testing.T) { t.Parallel()
begin(t)
MAKE
}`, "unless undone"},
}

// TestCombinations tries every way to make a tenant in every run, and every way to the
// database in those that collide.
func TestCombinations(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	program := func(making, reach, run part, found bool) {
		name := strings.Join([]string{making.name, reach.name, run.name}, "")
		programs[name+"/x_test.go"] = programOf(making, reach, run, found)
	}
	for _, making := range makings {
		for _, run := range runs {
			ofPool := strings.Contains(making.stmts, "DB.Exec(")
			program(making, reaches[0], run, run.stmts == "at once" || run.stmts != "" && ofPool)
		}
	}
	for _, run := range runs[:2] {
		for _, making := range readings {
			program(making, reaches[0], run, false)
		}
		for _, reach := range reaches[1:] {
			program(makings[0], reach, run, true)
			program(makings[6], reach, run, true)
		}
		for _, reach := range privates {
			program(makings[0], reach, run, false)
		}
	}
	programs.Run(t, Rule, "../poollimit/testdata")
}

func programOf(making, reach, run part, found bool) string {
	want, again := "", ""
	if found {
		want = "// want `share the tenant \"north\"`"
	}
	if found && run.name == "tests" {
		again = want
	}
	statements := func(want string) string {
		return strings.NewReplacer("WANT", want, "DB", reach.stmts).Replace(making.stmts)
	}
	text := strings.NewReplacer("MAKE", statements(want), "AGAIN", statements(again)).Replace(making.decls + "\n" + reach.decls + "\n" + run.decls)
	if reach.name == "each" && found {
		text = strings.Replace(text, `dsn)`, "dsn) // want `opens a pool for`", 1)
	}
	return fmt.Sprintf(`package x

import (
	"database/sql"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/DATA-DOG/go-sqlmock"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

var (
	_      = fmt.Sprint
	_      = time.Now
	_      sync.Mutex
	_      = sqlmock.New
	_      = uuid.New
	_      = require.NoError
	dsn    = os.Getenv("DSN")
	shared *sql.DB
)

func TestMain(m *testing.M) {
	shared, _ = sql.Open("postgres", dsn)
	os.Exit(m.Run())
}

type Org struct{ Slug, Name string }

func insert(db *sql.DB, o Org) error {
	_, err := db.Exec("INSERT INTO orgs (slug) VALUES ($1)", o.Slug)
	return err
}

func createFrom(t *testing.T, db *sql.DB, o Org) { _ = insert(db, o) }

func createOrg(t *testing.T, db *sql.DB, slug string) { createFrom(t, db, Org{Slug: slug}) }

%s
`, strings.ReplaceAll(text, "NAME", `"north"`))
}
