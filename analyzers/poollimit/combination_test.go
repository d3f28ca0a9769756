package poollimit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// An opening opens db, whose limit is set by a statement.
type opening struct{ imports, open, typ, limit string }

var openings = []opening{
	{`"database/sql"`, `sql.Open("postgres", dsn)`, "*sql.DB", "db.SetMaxOpenConns(N)"},
	{`"github.com/jmoiron/sqlx"`, `sqlx.Open("postgres", dsn)`, "*sqlx.DB", "db.SetMaxOpenConns(N)"},
	{`"xorm.io/xorm"`, `xorm.NewEngine("postgres", dsn)`, "*xorm.Engine", "db.SetMaxOpenConns(N)"},
}

// An amount is who decides on the number, with the number and what is reported.
type amount struct{ name, decls, value, kind string }

var amounts = []amount{
	{"none", "", "0", "want "},
	{"small", "", "3", ""},
	{"ten", "", "10", "want info:"},
	{"eleven", "", "11", "want "},
	{"constant", "const most = 10", "most", "want info:"},
	{"converted", "var cfg = config{Max: 10, MaxOpen: 10}", "int(cfg.MaxOpen)", "want info:"},
	{"literal", "var cfg = config{MaxOpen: 32}", "cfg.MaxOpen", "want "},
	{"zero", "var cfg config", "cfg.MaxOpen", "want "},
	{"overwritten", "func with() *config { c := preset(); c.MaxOpen = 1; return c }", "with().MaxOpen", ""},
	{"kept", "func with() *config { c := preset(); c.Max = 1; return c }", "with().MaxOpen", "want "},
	{"filled", "func with() *config { c := &config{}; fill(c); return c }", "with().MaxOpen", ""},
	{"decoded", "func with() *config { c := &config{}; json.Unmarshal(nil, c); return c }", "with().MaxOpen", ""},
	{"printed", "func with() *config { c := &config{}; fmt.Println(c); return c }", "with().MaxOpen", "want "},
}

// A form is a program around an opening: OPEN stands for statements that open and limit db,
// WANT for the expectation at the opening.
type form struct {
	name, text string
	silent     bool
}

var forms = []form{
	{"test", "func TestIt(t *testing.T) { OPEN\ndefer db.Close() }", false},
	{"helper", "func open(t *testing.T) TYPE { OPEN\nreturn db }\nfunc TestIt(t *testing.T) { open(t) }\nfunc TestOther(t *testing.T) { open(t) }", false},
	{"itself", "func prepare(t *testing.T) { OPEN\ndefer db.Close() }\nfunc TestIt(t *testing.T) { prepare(t) }", true},
	{"checked", "func prepare(t *testing.T) { OPEN\nerr = db.Close()\nif err != nil { t.Fatal(err) } }\nfunc TestIt(t *testing.T) { prepare(t) }", true},
	{"pinged", "func prepare(t *testing.T) { OPEN\nif err := db.Ping(); err != nil { t.Fatal(err) }\ndefer func() { db.Close() }() }\nfunc TestIt(t *testing.T) { prepare(t) }", true},
	{"suite", "type Suite struct { suite.Suite }\nfunc (s *Suite) SetupTest() { OPEN\ns.NoError(db.Close()) }\nfunc (s *Suite) TestIt() {}\nfunc TestSuite(t *testing.T) { suite.Run(t, new(Suite)) }", true},
}

// TestCombinations proves every opening with every amount in every form.
func TestCombinations(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	for i, o := range openings {
		for _, a := range amounts {
			for _, f := range forms {
				programs[fmt.Sprintf("%s%s%d/x_test.go", f.name, a.name, i)] = o.program(a, f)
			}
		}
	}
	programs.Run(t, Rule, "../newpool/testdata")
}

func (o opening) program(a amount, f form) string {
	want := ""
	if a.kind != "" && !f.silent {
		want = "// " + a.kind + "`opens a pool `"
	}
	open := "db, err := " + o.open + " " + want + "\nif err != nil { panic(err) }\n" + strings.ReplaceAll(o.limit, "N", a.value)
	text := strings.NewReplacer("OPEN", open, "TYPE", o.typ).Replace(f.text)
	return fmt.Sprintf(`package x

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"testing"

	"github.com/stretchr/testify/suite"
	%s
)

var (
	_   suite.Suite
	_   = fmt.Sprint
	_   = json.Marshal
	dsn = os.Getenv("DSN")
)

type config struct{ Max, MaxOpen int }

func preset() *config { return &config{Max: 32, MaxOpen: 32} }

func fill(v any) { reflect.ValueOf(v).Elem().Field(1).SetInt(3) }

%s

%s
`, o.imports, a.decls, text)
}
