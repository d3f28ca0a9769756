package newpool

import (
	"fmt"
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
// the form has one. The pool of a package's only test that opens one, once, is no more than
// one a process.
type form struct {
	name, text string
	single     bool
}

var forms = []form{
	{"test", `func TestIt(t *testing.T) { OPEN WANT
_ = db }`, true},
	{"subtest", `func TestIt(t *testing.T) { t.Run("x", func(t *testing.T) { OPEN WANT
_ = db }) }`, true},
	{"benchmark", `func BenchmarkIt(b *testing.B) { for range b.N { OPEN WANT
_ = db } }`, false},
	{"helper", `func open(t *testing.T) TYPE { OPEN WANT
return db }
func TestIt(t *testing.T) { open(t) }`, true},
	{"hops", `func open() TYPE { OPEN WANT
return db }
type env struct { db TYPE }
func setup(t *testing.T) *env { return &env{open()} }
func TestIt(t *testing.T) { setup(t) }`, true},
	{"closure", `func TestIt(t *testing.T) { open := func() TYPE { OPEN WANT
return db }
open() }`, true},
	{"method", `type env struct{}
func (s *env) open() TYPE { OPEN WANT
return db }
func TestIt(t *testing.T) { new(env).open() }`, true},
	{"generic", `func with[T any](t *testing.T, use func(TYPE) T) T { OPEN WANT
return use(db) }
func TestIt(t *testing.T) { with(t, func(TYPE) int { return 1 }) }`, true},
	{"fieldassigned", `type env struct{ db TYPE }
func (s *env) open() { OPEN WANT
s.db = db }
func TestIt(t *testing.T) { new(env).open() }`, true},
	{"main", `func TestMain(m *testing.M) { OPEN
_ = db; m.Run() }`, false},
	{"once", `var shared TYPE
var once sync.Once
func get() TYPE { once.Do(func() { OPEN
shared = db }); return shared }
func TestIt(t *testing.T) { get() }`, false},
	{"lazy", `var get = sync.OnceValue(func() TYPE { OPEN
return db })
func TestIt(t *testing.T) { get() }`, false},
	{"checked", `var shared TYPE
func get() TYPE { if shared == nil { OPEN
shared = db }; return shared }
func TestIt(t *testing.T) { get() }`, false},
	{"early", `var shared = func() TYPE { OPEN
return db }()
func TestIt(t *testing.T) { _ = shared }`, false},
	{"example", `func Example() { OPEN
_ = db }`, false},
	{"unused", `func open() TYPE { OPEN
return db }`, false},
	{"callers", `func open(t *testing.T) TYPE { OPEN WANT
return db }
func TestIt(t *testing.T) { open(t) }
func TestOther(t *testing.T) { open(t) }`, false},
	{"again", `func open(t *testing.T) TYPE { OPEN WANT
return db }
func TestIt(t *testing.T) { open(t); open(t) }`, false},
	{"loop", `func TestIt(t *testing.T) { for range 3 { OPEN WANT
_ = db } }`, false},
	{"parallel", `func TestIt(t *testing.T) { t.Parallel(); OPEN WANT
_ = db }`, true},
	{"attempts", `func TestIt(t *testing.T) { retry(func() error { OPEN WANT
_ = db
return nil }) }
func retry(f func() error) { for f() != nil { } }`, false},
	{"overwritten", `var shared TYPE
func setup() { OPEN WANT
shared = db }
func TestIt(t *testing.T) { setup() }
func TestOther(t *testing.T) { setup() }`, false},
	{"whole", `type Suite struct { suite.Suite; db TYPE }
func (s *Suite) SetupSuite() { OPEN
s.db = db }
func (s *Suite) TestIt() { _ = s.db }
func TestSuite(t *testing.T) { suite.Run(t, new(Suite)) }`, false},
	{"each", `type Suite struct { suite.Suite; db TYPE }
func (s *Suite) SetupTest() { OPEN WANT
s.db = db }
func (s *Suite) TestIt() { _ = s.db }
func TestSuite(t *testing.T) { suite.Run(t, new(Suite)) }`, false},
}

// TestCombinations proves every opening in every form.
func TestCombinations(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	for i, o := range openings {
		for _, f := range forms {
			programs[fmt.Sprintf("%s%d/x_test.go", f.name, i)] = o.program(f)
		}
	}
	programs.Run(t, Rule, "testdata")
}

func (o opening) program(f form) string {
	open := "db := " + o.expr
	if o.fails {
		open = "db, err := " + o.expr
	}
	kind := "want "
	if f.single {
		kind = "want info:"
	}
	want := fmt.Sprintf("// %s`^%s for `\n", kind, strings.ReplaceAll(o.says, ".", `\.`))
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

	"github.com/stretchr/testify/suite"
	%s
)

var (
	_   suite.Suite
	_   context.Context
	_   sync.Mutex
	_   *testing.T
	dsn = os.Getenv("DSN")
)

%s
`, strings.ReplaceAll(o.imports, ";", "\n"), text)
}
