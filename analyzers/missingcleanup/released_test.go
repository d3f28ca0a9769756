package missingcleanup

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// An opening is an expression that obtains a handle db, and the call that releases it.
type opening struct {
	name, expr, typ, release string
	closer                   bool // the type is an io.Closer
}

var openings = []opening{
	{"sql", `sql.Open("postgres", dsn)`, "*sql.DB", "X.Close()", true},
	{"pool", `pgxpool.New(context.Background(), dsn)`, "*pgxpool.Pool", "X.Close()", false},
	{"conn", `pgx.Connect(context.Background(), dsn)`, "*pgx.Conn", "X.Close(context.Background())", false},
	{"tx", `shared.Begin()`, "*sql.Tx", "X.Rollback()", false},
	{"acquired", `pool.Acquire(context.Background())`, "*pgxpool.Conn", "X.Release()", false},
	{"gorm", `gorm.Open(postgres.Open(dsn), new(gorm.Config))`, "*gorm.DB", "closeGorm(X)", false},
}

// A way is how the handle gets from db to the expression that is released: NEXT stands
// for the statements behind it.
type way struct {
	name, text, expr string
	blind            bool // conditions behind it count as met
}

var ways = []way{
	{"direct", "NEXT", "db", false},
	{"parens", "NEXT", "(db)", false},
	{"copied", "d := db\nNEXT", "d", false},
	{"declared", "var d TYPE = db\nNEXT", "d", false},
	{"field", "h := holder{db: db}\nNEXT", "h.db", false},
	{"assigned", "h := new(holder)\nh.db = db\nNEXT", "h.db", false},
	{"nested", "o := outer{in: &holder{db}}\nNEXT", "o.in.db", false},
	{"element", "all := []TYPE{db}\nNEXT", "all[0]", false},
	{"appended", "var all []TYPE\nall = append(all, db)\nfor _, d := range all { NEXT }", "d", true},
	{"entry", "all := map[string]TYPE{}\nall[`a`] = db\nNEXT", "all[`a`]", false},
	{"pointer", "p := &db\nNEXT", "(*p)", false},
	{"any", "var v any = db\nNEXT", "v.(TYPE)", false},
	{"asserted", "var v any = db\nif d, ok := v.(TYPE); ok { NEXT }", "d", true},
	{"closure", "get := func() TYPE { return db }\nNEXT", "get()", false},
	{"generic", "d := same(db)\nNEXT", "d", false},
	{"second", "_, d := pair(db)\nNEXT", "d", false},
	{"wrapped", "h := wrap(db)\nNEXT", "h.db", false},
	{"getter", "h := wrap(db)\nNEXT", "h.get()", false},
	{"literal", "func(d TYPE) { NEXT }(db)", "d", true},
	{"argument", "use := func(d TYPE) { NEXT }\nuse(db)", "d", true},
	{"elsewhere", "d := kit.Same(db)\nNEXT", "d", false},
	{"box", "b := kit.NewBox(db)\nNEXT", "b.Value", false},
}

// An outcome says on which ways a handle is released.
type outcome int

const (
	always outcome = iota
	partly
	never
)

// A deed is what is done with the expression X: RELEASE(x) is the call that releases x.
type deed struct {
	name, text string
	released   outcome
	closer     bool // wants an io.Closer
}

var deeds = []deed{
	{"now", "RELEASE(X)", always, false},
	{"deferred", "defer RELEASE(X)", always, false},
	{"cleanup", "t.Cleanup(func() { RELEASE(X) })", always, false},
	{"literal", "defer func() { RELEASE(X) }()", always, false},
	{"parameter", "defer func(c TYPE) { RELEASE(c) }(X)", always, false},
	{"variable", "end := func(c TYPE) { RELEASE(c) }\ndefer end(X)", always, false},
	{"local", "end := func() { RELEASE(X) }\ndefer end()", always, false},
	{"registered", "end := func() { RELEASE(X) }\nt.Cleanup(end)", always, false},
	{"helper", "defer closeIt(X)", always, false},
	{"later", "closeLater(t, X)", always, false},
	{"maker", "defer closing(X)()", always, false},
	{"made", "end := closing(X)\nt.Cleanup(end)", always, false},
	{"table", "ends := []func(){func() { RELEASE(X) }}\nfor _, end := range ends { defer end() }", always, false},
	{"stack", "st := new(stack)\ndefer st.unwind()\nst.push(func() { RELEASE(X) })", always, false},
	{"kitstack", "st := new(kit.Stack)\nt.Cleanup(st.Unwind)\nst.Push(func() { RELEASE(X) })", always, false},
	{"once", "end := sync.OnceFunc(func() { RELEASE(X) })\ndefer end()", always, false},
	{"goroutine", "go func() { RELEASE(X) }()", always, false},
	{"owner", "ow := &owner{X}\ndefer ow.Close()", always, false},
	{"shut", "var c shutter = &owner{X}\ndefer c.Close()", always, false},
	{"switch", "switch c := any(X).(type) { case TYPE: RELEASE(c) }", always, false},
	{"run", "kit.Run(func() { RELEASE(X) })", always, false},
	{"after", "context.AfterFunc(t.Context(), func() { RELEASE(X) })", always, false},
	{"fieldfunc", "e := env{end: func() { RELEASE(X) }}\ndefer e.end()", always, false},
	{"using", "using(X, func(c TYPE) { _ = c })", always, false},
	{"nilcheck", "defer func() { if c := X; c != nil { RELEASE(c) } }()", always, false},
	{"value", "end := X.Close\ndefer end()", always, true},
	{"unbound", "end := TYPE.Close\ndefer end(X)", always, true},
	{"inplace", "defer TYPE.Close(X)", always, true},
	{"quit", "defer quit(X)", always, true},
	{"iface", "var c io.Closer = X\ndefer c.Close()", always, true},
	{"kit", "defer kit.Quit(X)", always, true},
	{"kitlater", "kit.Later(t, X)", always, true},
	{"kitall", "defer kit.All(X, X)", always, true},
	{"kitchecked", "defer kit.Checked(t, X)()", always, true},
	{"joined", "err = errors.Join(err, X.Close())", always, true},
	{"asserted", "assert := func(err error) { if err != nil { t.Error(err) } }\ndefer func() { assert(X.Close()) }()", always, true},
	{"group", "var g errgroup.Group\ng.Go(X.Close)\n_ = g.Wait()", always, true},
	{"anything", "defer kit.Anything(X)", always, true},
	{"map", "ends := map[string]io.Closer{`db`: X}\nfor _, c := range ends { defer c.Close() }", always, true},
	{"kiteach", "defer kit.Each(TYPE.Close, X)", always, true},
	{"kiteachliteral", "defer kit.Each(func(c TYPE) error { RELEASE(c); return nil }, X)", always, false},
	{"kiteachother", "defer kit.Each(look, X)", never, false},
	{"kitswitch", "defer kit.Switch(X)", always, true},
	{"kitnosuchcase", "defer kit.Syncs(X)", never, false},
	{"closefunc", "defer kit.Call(X.Close)", always, true},

	{"none", "_ = X", never, false},
	{"looked", "look(X)", never, false},
	{"deferlook", "defer look(X)", never, false},
	{"uncalled", "end := func() { RELEASE(X) }\n_ = end", never, false},
	{"unclosing", "defer func(c TYPE) { look(c) }(X)", never, false},
	{"unmade", "defer closing(X)", never, false},
	{"forgotten", "end := closing(X)\n_ = end", never, false},
	{"untabled", "ends := []func(){func() { RELEASE(X) }}\n_ = ends", never, false},
	{"unstacked", "st := new(stack)\nst.push(func() { RELEASE(X) })", never, false},
	{"unowned", "ow := &owner{X}\n_ = ow", never, false},
	{"failing", "if err := look(X); err != nil { RELEASE(X); t.Fatal(err) }", never, false},
	{"failed", "if err := look(X); err != nil { RELEASE(X); return }", never, false},
	{"otherwise", "if busy() { RELEASE(X) }", partly, false},
	{"flagged", "done := false\ndefer func() { if !done { RELEASE(X) } }()\nif look(X) == nil { done = true }", never, false},
	{"unflagged", "undo := true\ndefer func() { if undo { RELEASE(X) } }()\nif look(X) == nil { undo = false }", never, false},
	{"recovered", "defer func() { if r := recover(); r != nil { RELEASE(X); panic(r) } }()", never, false},
	{"certainerror", "if err := look(X); errors.Is(err, io.EOF) { RELEASE(X); t.Fatal(err) }", never, false},
	{"onceuncalled", "end := sync.OnceFunc(func() { RELEASE(X) })\n_ = end", never, false},
	{"registeredonerror", "defer func() { if err != nil { RELEASE(X) } }()", never, false},
	{"nosuchcase", "switch c := any(X).(type) { case interface{ Halt() }: c.Halt() }", never, false},
	{"unvalued", "end := X.Close\n_ = end", never, true},
	{"unquit", "var c io.Closer = X\n_ = c", never, true},
	{"kitnamed", "kit.Named(`db`, X)", never, true},
	{"kitother", "defer kit.Halt(X)", never, true},
}

// A place is where the program does that: BODY stands for it, OPEN and DO for its parts.
type place struct{ name, text string }

var places = []place{
	{"test", "func TestNAME(t *testing.T) { BODY }"},
	{"subtest", "func TestNAME(t *testing.T) { t.Run(`x`, func(t *testing.T) { BODY }) }"},
	{"benchmark", "func BenchmarkNAME(t *testing.B) { BODY }"},
	{"table", "var tableNAME = []func(t *testing.T){func(t *testing.T) { BODY }}\nfunc TestNAME(t *testing.T) { for _, f := range tableNAME { f(t) } }"},
	{"rows", "var rowsNAME = []struct{ run func(t *testing.T) }{{run: func(t *testing.T) { BODY }}}\nfunc TestNAME(t *testing.T) { for _, r := range rowsNAME { t.Run(`x`, r.run) } }"},
	{"specs", "var _ = Describe(`NAME`, func() { It(`x`, func() { t := GinkgoT()\nBODY }) })"},
	{"method", "func (s *aSuite) TestNAME() { t := s.T()\nBODY }"},
	{"helper", "func helpNAME(t *testing.T) { BODY }\nfunc TestNAME(t *testing.T) { helpNAME(t) }"},
	{"given", "func openNAME() (TYPE, error) { return EXPR LOST\n}\nfunc TestNAME(t *testing.T) { db, err := openNAME() PARTLY\nFAILS\nDO }"},
	{"must", "func openNAME(t *testing.T) TYPE { GIVEN\nreturn db }\nfunc TestNAME(t *testing.T) { var err error\ndb := openNAME(t) PARTLY\n_ = err\nDO }"},
	{"callback", "func withNAME(t *testing.T, do func(TYPE)) { GIVEN\ndo(db) }\nfunc TestNAME(t *testing.T) { var err error\nwithNAME(t, func(db TYPE) { _ = err\nDO }) }"},
}

const preamble = `package x

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	. "github.com/onsi/ginkgo/v2"
	"github.com/stretchr/testify/suite"
	"golang.org/x/sync/errgroup"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"example.com/cleanup/kit"
)

var (
	_ = errors.Join
	_ io.Closer
	_ sync.Once
	_ pgx.Identifier
	_ errgroup.Group
	_ = postgres.Open
	_ gorm.Config
	_ = Describe
	_ = kit.Quit
	_ context.Context
	dsn    = os.Getenv("DSN")
	shared *sql.DB
	pool   *pgxpool.Pool
)

type (
	aSuite  struct{ suite.Suite }
	holder  struct{ db TYPE }
	outer   struct{ in *holder }
	owner   struct{ it TYPE }
	shutter interface{ Close() }
	tb      interface{ Cleanup(func()); Error(args ...any); Fatal(args ...any) }
	stack   struct{ ends []func() }
	env     struct{ end func() }
)

func TestSuite(t *testing.T) { suite.Run(t, new(aSuite)) }

func closeGorm(g *gorm.DB) { d, _ := g.DB(); d.Close() }

func busy() bool                    { return os.Getenv("BUSY") != "" }
func same[T any](v T) T             { return v }
func pair(db TYPE) (int, TYPE)      { return 1, db }
func wrap(db TYPE) *holder          { return &holder{db} }
func (h *holder) get() TYPE         { return h.db }
func (o *owner) Close()             { RELEASE(o.it) }
func closeIt(db TYPE)               { RELEASE(db) }
func closing(db TYPE) func()        { return func() { RELEASE(db) } }
func look(db TYPE) error            { _ = db; return nil }
func (s *stack) push(end func())    { s.ends = append(s.ends, end) }
func (s *stack) unwind()            { for _, end := range s.ends { end() } }
func using(db TYPE, use func(TYPE)) { defer RELEASE(db); use(db) }
func quit[T io.Closer](c T)         { _ = c.Close() }

func closeLater(t tb, db TYPE) { t.Cleanup(func() { RELEASE(db) }) }
`

const kit = `// Package kit knows no database.
package kit

import (
	"io"
	"log"
)

type TB interface{ Cleanup(func()); Error(args ...any) }

type Box[T any] struct{ Value T }

type Stack struct{ ends []func() }

func (s *Stack) Push(end func()) { s.ends = append(s.ends, end) }
func (s *Stack) Unwind()         { for _, end := range s.ends { end() } }

func NewBox[T any](v T) *Box[T] { return &Box[T]{v} }
func Same[T any](v T) T         { return v }
func Run(f func())              { f() }
func Quit(c io.Closer)          { _ = c.Close() }
func All[T io.Closer](all ...T) { for _, c := range all { _ = c.Close() } }
func Call(f func() error)       { if err := f(); err != nil { log.Print(err) } }

func Later(tb TB, c io.Closer)          { tb.Cleanup(func() { _ = c.Close() }) }
func Checked(tb TB, c io.Closer) func() { return func() { if err := c.Close(); err != nil { tb.Error(err) } } }
func Named(name string, c io.Closer)            { log.Print(name, c) }
func Anything(v any)                            { if c, ok := v.(io.Closer); ok { _ = c.Close() } }
func Each[T any](do func(T) error, all ...T)    { for _, c := range all { _ = do(c) } }
func Switch(v any)                              { switch c := v.(type) { case nil: case io.Closer: _ = c.Close() } }
func Syncs(v any)                               { switch c := v.(type) { case interface{ Close() error; Sync() error }: _ = c.Close() } }
func Halt(v any)                                { switch c := v.(type) { case interface{ Halt() }: c.Halt() } }
`

// TestReleased proves that there is a finding where, and only where, nothing releases
// the handle: every way with every deed for one opening and place, and each opening and place
// with every deed.
func TestReleased(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	programs["kit/kit.go"] = kit
	for _, w := range ways {
		programs["way"+w.name+"/x_test.go"] = openings[0].programs(w, places[0])
	}
	for _, o := range openings[1:] {
		programs["open"+o.name+"/x_test.go"] = o.programs(ways[0], places[0])
	}
	for _, p := range places[1:] {
		programs["place"+p.name+"/x_test.go"] = openings[0].programs(ways[0], p)
	}
	programs.Run(t, Rule, "testdata")
}

// programs writes a file in which each deed is done to the handle.
func (o opening) programs(w way, p place) string {
	var text strings.Builder
	text.WriteString(preamble)
	for _, d := range deeds {
		if d.closer && !o.closer {
			continue
		}
		want := map[outcome]string{d.released: "// want `(never|not) (closed|released|rolled back)|on errors alone`", always: ""}
		if w.blind {
			want[partly] = ""
		}
		fails := "if err != nil { t.Fatal(err) }"
		open := fmt.Sprintf("db, err := EXPR %s%s\n%s", want[never], want[partly], fails)
		do := strings.NewReplacer("NEXT", strings.ReplaceAll(d.text, "X", w.expr)).Replace(w.text)
		text.WriteString(strings.NewReplacer(
			"NAME", strings.ToUpper(d.name), "BODY", open+"\n"+do, "OPEN", open, "DO", do, "GIVEN", "db, err := EXPR "+want[never]+"\n"+fails, "LOST", want[never], "PARTLY", want[partly], "FAILS", fails).Replace(p.text) + "\n")
	}
	return o.fill(text.String())
}

// fill puts the opening's type, opener and release into a program.
func (o opening) fill(text string) string {
	text = strings.NewReplacer("TYPE.", "("+o.typ+").", "TYPE", o.typ, "EXPR", o.expr).Replace(text)
	for {
		before, rest, ok := strings.Cut(text, "RELEASE(")
		if !ok {
			return text
		}
		depth, end := 1, 0
		for ; depth > 0; end++ {
			switch rest[end] {
			case '(':
				depth++
			case ')':
				depth--
			}
		}
		text = before + strings.ReplaceAll(o.release, "X", rest[:end-1]) + rest[end:]
	}
}
