package missingcleanup

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// A part is a part of a test that is combined with others, and what it means for the order.
type part struct {
	code  string
	wrong bool
}

// combine writes a package of tests, and runs the rule over it.
func combine(t *testing.T, head string, tests []string) {
	t.Helper()
	ruletest.Programs{"combined/combined_test.go": head + strings.Join(tests, "")}.Run(t, Rule, "testdata")
}

// want returns the comment for a line that is right, or wrong with a message.
func want(wrong bool, message string) string {
	if !wrong {
		return ""
	}
	return " // want `" + message + "`"
}

const combinedHead = `package combined

import (
	"context"
	"database/sql"
	"os"
	"testing"
	"time"

	_ "github.com/lib/pq"
)

var (
	dsn    = os.Getenv("TEST_DATABASE_URL")
	shared *sql.DB
	_      = context.Background
	_      = time.Second
)

`

// TestDeferredBeforeParallelSubtests combines how a release is deferred with where
// t.Parallel stands, and with what stands around.
func TestDeferredBeforeParallelSubtests(t *testing.T) {
	t.Parallel()
	const (
		head = combinedHead + `
type closer interface{ Close() error }

type env struct {
	t  *testing.T
	db *sql.DB
}

func open(t *testing.T) (*sql.DB, func()) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	return db, func() { db.Close() }
}

func newEnv(t *testing.T) *env {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	return &env{t, db}
}

func (e *env) Close()               { e.db.Close() }
func (e *env) begin()               { e.t.Parallel() }
func (e *env) parallel(t *testing.T) { t.Parallel(); ping(t, e.db) }
func (e *env) serial(t *testing.T)   { ping(t, e.db) }

func ping(t *testing.T, db *sql.DB) {
	if err := db.Ping(); err != nil {
		t.Error(err)
	}
}

func quiet(c closer)       { _ = c.Close() }
func begin(t *testing.T)   { t.Helper(); t.Parallel() }
func named(t *testing.T)   { t.Parallel(); ping(t, shared) }
func serially(t *testing.T) { ping(t, shared) }

func built(db *sql.DB) func(*testing.T) { return func(t *testing.T) { t.Parallel(); ping(t, db) } }

func wrapped(f func(*testing.T)) func(*testing.T) { return func(t *testing.T) { t.Parallel(); f(t) } }

func run(t *testing.T, f func(*testing.T)) { t.Run("a", func(t *testing.T) { t.Parallel(); f(t) }) }

func runSerially(t *testing.T, f func(*testing.T)) { t.Run("a", func(t *testing.T) { f(t) }) }

func all(t *testing.T, db *sql.DB) {
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) { t.Parallel(); ping(t, db) })
	}
}
`
		opened = "db, err := sql.Open(\"postgres\", dsn); if err != nil { t.Fatal(err) }"
	)
	var tests []string
	for _, release := range []struct {
		open string
		part
	}{
		{opened, part{"defer db.Close()", true}},
		{opened, part{"defer func() { _ = db.Close() }()", true}},
		{opened, part{"defer quiet(db)", true}},
		{opened + "; f := db.Close", part{"defer f()", true}},
		{opened + "; dbs := []*sql.DB{db}", part{"defer func() { for _, db := range dbs { db.Close() } }()", true}},
		{"db, done := open(t)", part{"defer done()", true}},
		{"e := newEnv(t); db := e.db", part{"defer e.Close()", true}},
		{opened, part{"t.Cleanup(func() { db.Close() })", false}},
	} {
		for _, subtest := range []part{
			{`t.Run("a", func(t *testing.T) { t.Parallel(); ping(t, db) })`, true},
			{`t.Run("a", func(t *testing.T) { if !testing.Short() { t.Parallel() }; ping(t, db) })`, true},
			{`t.Run("a", func(t *testing.T) { begin(t); ping(t, db) })`, true},
			{`t.Run("a", func(t *testing.T) { e := &env{t: t}; e.begin(); ping(t, db) })`, true},
			{`t.Run("a", built(db))`, true},
			{`t.Run("a", wrapped(func(t *testing.T) { ping(t, db) }))`, true},
			{`run(t, func(t *testing.T) { ping(t, db) })`, true},
			{`all(t, db)`, true},
			{`s := &env{t, db}; t.Run("a", s.parallel)`, true},
			{`shared = db; t.Run("a", named)`, true},
			{`for _, c := range []struct{ f func(*testing.T) }{{func(t *testing.T) { t.Parallel(); ping(t, db) }}} { t.Run("a", c.f) }`, true},
			{`for name, f := range map[string]func(*testing.T){"a": func(t *testing.T) { t.Parallel(); ping(t, db) }} { t.Run(name, f) }`, true},
			{`start := func() { t.Run("a", func(t *testing.T) { t.Parallel(); ping(t, db) }) }; start()`, true},
			{`t.Run("a", func(t *testing.T) { ping(t, db) })`, false},
			{`runSerially(t, func(t *testing.T) { ping(t, db) })`, false},
			{`s := &env{t, db}; t.Run("a", s.serial)`, false},
			{`shared = db; t.Run("a", serially)`, false},
			{`t.Run("a", func(t *testing.T) { t.Parallel(); t.Log("no database") })`, false},
		} {
			for around, outlives := range map[string]bool{
				"%s": subtest.wrong,
				"t.Run(\"group\", func(t *testing.T) { %s })": false,
			} {
				tests = append(tests, fmt.Sprintf("\nfunc Test%d(t *testing.T) {\n\t%s\n\t%s%s\n\tping(t, db)\n\t%s\n}\n", len(tests), release.open,
					release.code, want(release.wrong && outlives, "runs before the parallel subtests do"), fmt.Sprintf(around, subtest.code)))
			}
		}
	}
	combine(t, head, tests)
}

// TestContextsOfCleanups combines where a context comes from with what is derived from it,
// and with how a cleanup function uses it.
func TestContextsOfCleanups(t *testing.T) {
	t.Parallel()
	const head = combinedHead + `
type fixture struct {
	ctx context.Context
	db  *sql.DB
}

func (f *fixture) purge() { _, _ = f.db.ExecContext(f.ctx, "DELETE FROM a") }

func purge(ctx context.Context, db *sql.DB) { _, _ = db.ExecContext(ctx, "DELETE FROM a") }

func purgeAnyway(ctx context.Context, db *sql.DB) {
	ctx = context.WithoutCancel(ctx)
	_, _ = db.ExecContext(ctx, "DELETE FROM a")
}

func ofTest(t *testing.T) context.Context { return t.Context() }

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func made() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Minute)
}
`
	type derivation struct {
		code string
		of   func(cancelled bool) bool
	}
	same := func(cancelled bool) bool { return cancelled }
	never := func(bool) bool { return false }
	always := func(bool) bool { return true }
	var tests []string
	for _, source := range []part{
		{"ctx := t.Context()", true},
		{"var ctx context.Context; ctx = t.Context()", true},
		{"f := &fixture{ctx: t.Context()}; ctx := f.ctx", true},
		{"ctx := ofTest(t)", true},
		{"ctx := limited(t)", false},
		{"ctx := context.Background()", false},
		{"ctx := t.Context(); ctx = context.Background()", false},
	} {
		for _, derived := range []derivation{
			{"", same},
			{"ctx = context.WithValue(ctx, new(int), 1)", same},
			{"ctx, cancel := context.WithCancel(ctx); t.Cleanup(cancel)", same},
			{"ctx, cancel := context.WithTimeout(ctx, time.Minute); defer cancel()", always},
			{"ctx, cancel := context.WithTimeout(ctx, time.Minute); defer func() { cancel() }()", always},
			{"mine, cancel := made(); defer cancel(); ctx = mine", always},
			{"mine, cancel := made(); t.Cleanup(cancel); ctx = mine", never},
			{"ctx = context.WithoutCancel(ctx)", never},
		} {
			for _, use := range []part{
				{"t.Cleanup(func() { _, _ = shared.ExecContext(ctx, \"DELETE FROM a\") })", true},
				{"t.Cleanup(func() { purge(ctx, shared) })", true},
				{"t.Cleanup(func() { ctx, cancel := context.WithTimeout(ctx, time.Second); defer cancel(); purge(ctx, shared) })", true},
				{"g := &fixture{ctx: ctx, db: shared}; t.Cleanup(g.purge)", true},
				{"clean := func() { purge(ctx, shared) }; t.Cleanup(clean)", true},
				{"t.Cleanup(func() { purgeAnyway(ctx, shared) })", false},
				{"defer func() { purge(ctx, shared) }()", false},
				{"t.Run(\"a\", func(t *testing.T) { t.Cleanup(func() { purge(ctx, shared) }) })", false},
			} {
				tests = append(tests, fmt.Sprintf("\nfunc Test%d(t *testing.T) {\n\t%s\n\t%s\n\t%s%s\n}\n", len(tests), source.code, derived.code,
					use.code, want(use.wrong && derived.of(source.wrong), "before (the )?cleanup function")))
			}
		}
	}
	combine(t, head, tests)
}

// TestEndsOfMains combines what TestMain defers with how it ends.
func TestEndsOfMains(t *testing.T) {
	t.Parallel()
	const head = `package combined

import (
	"context"
	"database/sql"
	"log"
	"os"
	"testing"

	_ "github.com/lib/pq"
)

var (
	shared *sql.DB
	quit   = os.Exit
	_      = context.Background
)

func dial() *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	return db
}

func drop(db *sql.DB) {
	_, _ = db.Exec("DROP SCHEMA scratch")
	_ = db.Close()
}

func setup() func() {
	shared = dial()
	return func() { drop(shared) }
}

func exit(code int) {
	log.Println("the end")
	os.Exit(code)
}

func runAndExit(m *testing.M) { os.Exit(m.Run()) }
`
	var tests []string
	for _, deferred := range []part{
		{"defer drop(dial())", true},
		{"defer func() { _, _ = shared.Exec(\"DROP SCHEMA scratch\") }()", true},
		{"done := setup(); defer done()", true},
		{"defer os.RemoveAll(\"scratch\")", true},
		{"shared = dial(); defer shared.Close()", false},
		{"ctx, cancel := context.WithCancel(context.Background()); defer cancel(); _ = ctx", false},
		{"defer log.Println(\"done\")", false},
	} {
		for _, end := range []part{
			{"os.Exit(m.Run())", true},
			{"code := m.Run(); exit(code)", true},
			{"quit(m.Run())", true},
			{"leave := func(code int) { os.Exit(code) }; leave(m.Run())", true},
			{"runAndExit(m)", true},
			{"if code := m.Run(); code != 0 { log.Fatal(code) }", true},
			{"code := 1; defer func() { os.Exit(code) }(); code = m.Run()", true},
			{"m.Run()", false},
			{"if code := m.Run(); code != 0 { panic(code) }", false},
			{"if err := shared.Ping(); err != nil { log.Fatal(err) }; m.Run()", false},
		} {
			tests = append(tests, fmt.Sprintf("\nfunc main%d(m *testing.M) {\n\t%s%s\n\t%s\n}\n", len(tests), deferred.code,
				want(deferred.wrong && end.wrong, "the process ends without this deferred call"), end.code))
		}
	}
	combine(t, head, tests)
}

// TestTwoObjects combines how two objects of one type get a handle each with how they work with
// it at the end: what one does is not what the other does.
func TestTwoObjects(t *testing.T) {
	t.Parallel()
	const head = combinedHead + `
type publisher interface{ publish() }

type broker struct{ db *sql.DB }

func newBroker(t *testing.T) *broker {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	return &broker{db}
}

func (b *broker) publish() { _, _ = b.db.Exec("DELETE FROM a") }

func stop(b *broker) { b.db.Close() }

type node struct{ out publisher }

func newNode() *node { n := &node{}; return n }

func makeNode() (*node, error) { return &node{}, nil }

func nodeOf(p publisher) *node { n, _ := makeNode(); n.set(p); return n }

func (n *node) set(p publisher) { n.out = p }

func (n *node) shutdown() { n.out.publish() }

func link(n *node, b *broker) { n.set(b) }

type option func(*node)

func with(b *broker) option { return func(n *node) { n.out = b } }

func nodeWith(o ...option) *node {
	n := newNode()
	for _, f := range o {
		f(n)
	}
	return n
}

type server struct{ n *node }

func newServer(n *node) *server { return &server{n} }

func (s *server) stop() { s.n.shutdown() }

`
	var tests []string
	for _, made := range []string{
		"n# := newNode(); n#.set(b#)",
		"n#, _ := makeNode(); n#.set(b#)",
		"n# := &node{}; n#.set(b#)",
		"n# := newNode(); link(n#, b#)",
		"n#, _ := makeNode(); n#.out = b#",
		"n# := &node{b#}",
		"n# := nodeOf(b#)",
		"n# := nodeWith(with(b#))",
	} {
		for _, last := range []string{
			"defer n#.shutdown()",
			"defer func() { n#.shutdown() }()",
			"defer newServer(n#).stop()",
			"s# := newServer(n#); defer s#.stop()",
			"t.Cleanup(n#.shutdown)",
			"t.Cleanup(func() { n#.shutdown() })",
		} {
			release := "defer stop(b#)"
			if strings.Contains(last, "Cleanup") {
				release = "t.Cleanup(func() { stop(b#) })"
			}
			one := func(number, first, second string, wrong bool) string {
				return strings.ReplaceAll(fmt.Sprintf("\tb# := newBroker(t)\n\t%s\n\t%s\n\t%s%s\n", made, first, second, want(wrong, "runs before the .* that works with it")), "#", number)
			}
			for _, body := range []string{
				one("1", release, last, false) + one("2", release, last, false),
				one("1", release, last, false) + one("2", last, release, true),
				one("1", last, release, true),
			} {
				tests = append(tests, fmt.Sprintf("\nfunc Test%d(t *testing.T) {\n%s}\n", len(tests), body))
			}
		}
	}
	combine(t, head, tests)
}
