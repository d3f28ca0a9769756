package parallelpool

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// borrowings take a connection or transaction, h, that nothing gives back yet; those of a
// helper give it back when the test is over.
var borrowings = []part{
	{"acquire", "", `h, err := pool.Acquire(ctx) WANT
if err != nil { t.Fatal(err) }`},
	{"begin", "", `h, err := pool.Begin(ctx) WANT
if err != nil { t.Fatal(err) }`},
	{"conn", "", `h, err := db.Conn(ctx) WANT
if err != nil { t.Fatal(err) }`},
	{"helper", `func begin(t *testing.T) pgx.Tx { h, err := pool.Begin(ctx)
if err != nil { t.Fatal(err) }
return h }`, `h := begin(t) WANT`},
	{"given", `func begin(t *testing.T, p *pgxpool.Pool) pgx.Tx { h, err := p.Begin(ctx)
if err != nil { t.Fatal(err) }
return h }`, `h := begin(t, pool) WANT`},
	{"method", `type env struct { p *pgxpool.Pool }
func (e *env) begin(t *testing.T) pgx.Tx { h, err := e.p.Begin(ctx)
if err != nil { t.Fatal(err) }
return h }
var fixture = env{pool}`, `h := fixture.begin(t) WANT`},
	{"wrapped", `type repo struct { tx pgx.Tx }
func (r *repo) Rollback(ctx context.Context) error { return r.tx.Rollback(ctx) }
func open(t *testing.T) *repo { tx, err := pool.Begin(ctx)
if err != nil { t.Fatal(err) }
return &repo{tx} }`, `h := open(t) WANT`},
	{"withfunc", `func begin(t *testing.T) (pgx.Tx, func()) { h, err := pool.Begin(ctx)
if err != nil { t.Fatal(err) }
return h, func() { _ = h.Rollback(ctx) } }`, `h, rollback := begin(t) WANT
t.Cleanup(rollback)`},
	{"hops", `func raw() (pgx.Tx, error) { return pool.Begin(ctx) }
func begin(t *testing.T) pgx.Tx { h, err := raw()
if err != nil { t.Fatal(err) }
t.Cleanup(func() { _ = h.Rollback(ctx) })
return h }`, `h := begin(t) WANT`},
	{"rows", "", `h, err := db.Query("SELECT 1") WANT
if err != nil { t.Fatal(err) }`},
	{"pgxrows", "", `h, err := pool.Query(ctx, "SELECT 1") WANT
if err != nil { t.Fatal(err) }`},
	{"rowsofhelper", `func list(t *testing.T) *sql.Rows { h, err := db.Query("SELECT 1")
if err != nil { t.Fatal(err) }
return h }`, `h := list(t) WANT`},
	{"closure", "", `begin := func() pgx.Tx { tx, err := pool.Begin(ctx)
if err != nil { t.Fatal(err) }
return tx }
h := begin() WANT`},
	{"outer", "", `var h pgx.Tx
begin := func() { var err error
h, err = pool.Begin(ctx)
if err != nil { t.Fatal(err) } }
begin() WANT`},
	{"constructor", `type repo struct { tx pgx.Tx }
func (r *repo) Rollback(ctx context.Context) error { return r.tx.Rollback(ctx) }
func newRepo(tx pgx.Tx) *repo { return &repo{tx} }
func begin(t *testing.T) pgx.Tx { h, err := pool.Begin(ctx)
if err != nil { t.Fatal(err) }
return h }`, `h := newRepo(begin(t)) WANT`},
	{"field", `type repo struct { tx pgx.Tx }
func (r *repo) Rollback(ctx context.Context) error { return r.tx.Rollback(ctx) }
func (r *repo) begin(t *testing.T) { tx, err := pool.Begin(ctx)
if err != nil { t.Fatal(err) }
r.tx = tx }`, `h := &repo{}
h.begin(t) WANT`},
	{"fieldinplace", `type repo struct { tx pgx.Tx }
func (r *repo) Rollback(ctx context.Context) error { return r.tx.Rollback(ctx) }
func (r *repo) begin(t *testing.T) { var err error
if r.tx, err = pool.Begin(ctx); err != nil { t.Fatal(err) } }`, `h := new(repo)
h.begin(t) WANT`},
}

// releases come before the subtests.
var releases = []part{
	{"late", "", `t.Cleanup(func() { RELEASE })`},
	{"never", "", ``},
	{"now", "", `RELEASE`},
	{"deferred", "", `defer RELEASE`},
	{"branches", "", `if testing.Short() { RELEASE } else { RELEASE }`},
	{"byhelper", `func release(h HANDLE) { RELEASE }`, `release(h)`},
}

// subtests run in parallel; decls says whether they take from the pool, share h or neither.
var subtests = []part{
	{"literal", "", `t.Run("a", func(t *testing.T) { t.Parallel()
PING })`},
	{"named", `func ping(t *testing.T) { t.Parallel()
PING }`, `t.Run("a", ping)`},
	{"table", "", `for _, tc := range []struct { name string }{{"a"}, {"b"}} { t.Run(tc.name, func(t *testing.T) { t.Parallel()
PING }) }`},
	{"throughhelper", `func ping() { PING }`, `t.Run("a", func(t *testing.T) { t.Parallel()
ping() })`},
	{"runner", `func each(t *testing.T, f func(t *testing.T)) { t.Run("a", func(t *testing.T) { t.Parallel()
f(t) }) }`, `each(t, func(t *testing.T) { PING })`},
	{"starter", `func start(t *testing.T) { t.Helper(); t.Parallel() }`, `t.Run("a", func(t *testing.T) { start(t)
PING })`},
	{"holder", `type group struct { t *testing.T }
func (g group) run(name string, f func(t *testing.T)) { g.t.Run(name, func(t *testing.T) { t.Parallel()
f(t) }) }`, `group{t}.run("a", func(t *testing.T) { PING })`},
	{"holderitself", `type group struct { *testing.T }
func (g *group) run() { g.Run("a", func(t *testing.T) { t.Parallel()
PING }) }`, `g := &group{t}
g.run()`},
	{"closurerunner", "", `each := func(f func(t *testing.T)) { t.Run("a", func(t *testing.T) { t.Parallel()
f(t) }) }
each(func(t *testing.T) { PING })`},
	{"sharing", "", `t.Run("a", func(t *testing.T) { t.Parallel()
use(SHARED) })`},
	{"serial", "", `t.Run("a", func(t *testing.T) { PING })`},
	{"idle", "", `t.Run("a", func(t *testing.T) { t.Parallel()
_ = ctx })`},
}

// TestHeldCombinations tries every way to borrow, to give back and to start subtests.
func TestHeldCombinations(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	for _, borrowing := range borrowings {
		for _, release := range releases {
			for _, sub := range subtests {
				held := (release.name == "late" || release.name == "never") && sub.name != "serial" && sub.name != "idle"
				name := borrowing.name + release.name + sub.name
				programs[name+"/x_test.go"] = heldProgram(borrowing, release, sub, held)
			}
		}
	}
	programs.Run(t, Rule, "../poollimit/testdata")
}

func heldProgram(borrowing, release, sub part, held bool) string {
	want, giveBack, handle, ping, shared := "", "h.Rollback(ctx)", "interface{ Rollback(context.Context) error }", "pool.Ping(ctx)", "h"
	switch borrowing.name {
	case "acquire":
		giveBack, handle = "h.Release()", "*pgxpool.Conn"
	case "conn":
		giveBack, handle, ping = "h.Close()", "*sql.Conn", "db.Ping()"
	case "rows", "rowsofhelper":
		giveBack, handle, ping = "h.Close()", "*sql.Rows", "db.Ping()"
	case "pgxrows":
		giveBack, handle = "h.Close()", "pgx.Rows"
	case "field", "fieldinplace":
		shared = "h.tx"
	}
	if held {
		use := "take connections from the same pool"
		if sub.name == "sharing" {
			use = "share it"
		}
		want = "// want `while parallel subtests " + use + "`"
	}
	text := fmt.Sprintf("%s\n%s\n%s\nfunc TestIt(t *testing.T) { %s\n_ = h\n%s\n%s\n}", borrowing.decls, release.decls, sub.decls, borrowing.stmts, release.stmts, sub.stmts)
	text = strings.NewReplacer("WANT", want, "RELEASE", giveBack, "HANDLE", handle, "PING", ping, "SHARED", shared).Replace(text)
	return fmt.Sprintf(`package x

import (
	"context"
	"database/sql"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	ctx  = context.Background()
	pool *pgxpool.Pool
	db   *sql.DB
	_    pgx.Tx
)

func use(any) {}

%s
`, text)
}
