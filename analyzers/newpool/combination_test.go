package newpool

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// An opening is an expression that opens something, and what the message says.
type opening struct {
	imports, expr, typ, says string
	fails                    bool // it also returns an error
}

var openings = []opening{
	{`"github.com/jackc/pgx/v5/pgxpool"`, `pgxpool.New(context.Background(), dsn)`, "*pgxpool.Pool", "pgxpool.New opens a pool", true},
	{`"github.com/jackc/pgx/v5"`, `pgx.Connect(context.Background(), dsn)`, "*pgx.Conn", "pgx.Connect opens a connection", true},
	{`"database/sql"`, `sql.Open("postgres", dsn)`, "*sql.DB", "sql.Open opens a pool", true},
	{`"database/sql";"github.com/uptrace/bun/driver/pgdriver"`, `sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn)))`, "*sql.DB", "sql.OpenDB opens a pool", false},
	{`"github.com/jmoiron/sqlx"`, `sqlx.Open("postgres", dsn)`, "*sqlx.DB", "sqlx.Open opens a pool", true},
	{`"github.com/jmoiron/sqlx"`, `sqlx.MustConnect("postgres", dsn)`, "*sqlx.DB", "sqlx.MustConnect opens a pool", false},
	{`"github.com/jmoiron/sqlx"`, `sqlx.ConnectContext(context.Background(), "postgres", dsn)`, "*sqlx.DB", "sqlx.ConnectContext opens a pool", true},
	{`"gorm.io/gorm";"gorm.io/driver/postgres"`, `gorm.Open(postgres.Open(dsn), &gorm.Config{})`, "*gorm.DB", "gorm.Open opens a pool", true},
	{`"github.com/go-pg/pg/v10"`, `pg.Connect(&pg.Options{Addr: dsn})`, "*pg.DB", "pg.Connect opens a pool", false},
	{`"xorm.io/xorm"`, `xorm.NewEngine("postgres", dsn)`, "*xorm.Engine", "xorm.NewEngine opens a pool", true},
	{`"github.com/redis/go-redis/v9"`, `redis.NewClient(&redis.Options{Addr: dsn})`, "*redis.Client", "redis.NewClient opens a pool", false},
}

// A form is a program around an opening: OPEN stands for statements that assign
// it to db, TYPE for the type of db, WANT for the expectation at the opening, if
// the form has one.
type form struct{ name, text string }

var forms = []form{
	{"test", `func TestIt(t *testing.T) { OPEN WANT
_ = db }`},
	{"subtest", `func TestIt(t *testing.T) { t.Run("x", func(t *testing.T) { OPEN WANT
_ = db }) }`},
	{"benchmark", `func BenchmarkIt(b *testing.B) { for range b.N { OPEN WANT
_ = db } }`},
	{"helper", `func open(t *testing.T) TYPE { OPEN WANT
return db }
func TestIt(t *testing.T) { open(t) }`},
	{"hops", `func open() TYPE { OPEN WANT
return db }
type env struct { db TYPE }
func setup(t *testing.T) *env { return &env{open()} }
func TestIt(t *testing.T) { setup(t) }`},
	{"closure", `func TestIt(t *testing.T) { open := func() TYPE { OPEN WANT
return db }
open() }`},
	{"method", `type suite struct{}
func (s *suite) open() TYPE { OPEN WANT
return db }
func TestIt(t *testing.T) { new(suite).open() }`},
	{"generic", `func with[T any](t *testing.T, use func(TYPE) T) T { OPEN WANT
return use(db) }
func TestIt(t *testing.T) { with(t, func(TYPE) int { return 1 }) }`},
	{"fieldassigned", `type suite struct{ db TYPE }
func (s *suite) open() { OPEN WANT
s.db = db }
func TestIt(t *testing.T) { new(suite).open() }`},
	{"main", `func TestMain(m *testing.M) { OPEN
_ = db; m.Run() }`},
	{"once", `var shared TYPE
var once sync.Once
func get() TYPE { once.Do(func() { OPEN
shared = db }); return shared }
func TestIt(t *testing.T) { get() }`},
	{"lazy", `var get = sync.OnceValue(func() TYPE { OPEN
return db })
func TestIt(t *testing.T) { get() }`},
	{"checked", `var shared TYPE
func get() TYPE { if shared == nil { OPEN
shared = db }; return shared }
func TestIt(t *testing.T) { get() }`},
	{"early", `var shared = func() TYPE { OPEN
return db }()
func TestIt(t *testing.T) { _ = shared }`},
	{"example", `func Example() { OPEN
_ = db }`},
	{"unused", `func open() TYPE { OPEN
return db }`},
}

// TestCombinations proves every opening in every form.
func TestCombinations(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), string(data))
	}
	for i, o := range openings {
		for _, f := range forms {
			write(t, filepath.Join(dir, fmt.Sprintf("%s%d", f.name, i), "x_test.go"), o.program(f))
		}
	}
	ruletest.Run(t, Rule, dir, "./...")
}

func (o opening) program(f form) string {
	open := "db := " + o.expr
	if o.fails {
		open = "db, err := " + o.expr
	}
	want := fmt.Sprintf("// want `^%s for `\n", strings.ReplaceAll(o.says, ".", `\.`))
	if o.fails {
		want += "if err != nil { panic(err) }"
		if !strings.Contains(f.text, "WANT") {
			open += "\nif err != nil { panic(err) }"
		}
	}
	text := strings.NewReplacer("OPEN", open, "WANT", want, "TYPE", o.typ).Replace(f.text)
	return fmt.Sprintf(`package x

import (
	"context"
	"os"
	"sync"
	"testing"
	%s
)

var (
	_   context.Context
	_   sync.Mutex
	_   *testing.T
	dsn = os.Getenv("DSN")
)

%s
`, strings.ReplaceAll(o.imports, ";", "\n"), text)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
