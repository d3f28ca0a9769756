package newpool

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// dialing are the helpers of a package that open a connection for the tests of others: whether the
// function that opens it closes it again.
var dialing = []struct {
	name, end string
	closes    bool
}{
	{"cleanup", "t.Cleanup(func() { conn.Close(ctx) })", true},
	{"function", "t.Cleanup(close(conn))", true},
	{"left", "", false},
}

// calling are the ways in which a test of another package calls one: whether it does so in turn with
// the others.
var calling = []struct {
	name, body string
	turns      bool
}{
	{"plain", "dialtest.Dial(t)", true},
	{"subtest", "t.Run(`a`, func(t *testing.T) { dialtest.Dial(t) })", true},
	{"parallel", "t.Parallel()\ndialtest.Dial(t)", false},
	{"subtests", "for _, name := range []string{`a`, `b`} { t.Run(name, func(t *testing.T) { t.Parallel(); dialtest.Dial(t) }) }", false},
}

// TestTurnsAcrossPackages proves that connections which tests open one after another are info only if
// those of all packages do: the opener's own package does not see them. Each has a second test, as what
// the only test of a process opens is info in any case.
func TestTurnsAcrossPackages(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	for _, d := range dialing {
		for _, first := range calling {
			for _, second := range calling {
				dir := "turns" + d.name + first.name + second.name
				want := "// want `^pgx\\.Connect opens a connection for each of 4 tests \\(TestP, TestPToo, TestQ, …\\)`"
				if d.closes && first.turns && second.turns {
					want = strings.Replace(want, "want ", "want info:", 1)
				}
				programs[dir+"/dialtest/dialtest.go"] = fmt.Sprintf(dialProgram, want, d.end)
				for name, body := range map[string]string{"P": first.body, "Q": second.body} {
					pkg := strings.ToLower(name)
					programs[fmt.Sprintf("%s/%s/%s_test.go", dir, pkg, pkg)] = fmt.Sprintf("package %s\n\nimport (\n\t\"testing\"\n\n\t\"example.com/newpool/%s/dialtest\"\n)\n\nfunc Test%s(t *testing.T) {\n%s\n}\n\nfunc Test%sToo(t *testing.T) { dialtest.Dial(t) }\n", pkg, dir, name, body, name)
				}
			}
		}
	}
	programs.Run(t, Rule, "testdata")
}

const dialProgram = `package dialtest

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

var ctx = context.Background()

func Dial(t *testing.T) *pgx.Conn {
	conn, err := pgx.Connect(ctx, os.Getenv("DSN")) %s
	if err != nil {
		t.Fatal(err)
	}
	%s
	return conn
}

func close(conn *pgx.Conn) func() { return func() { conn.Close(ctx) } }
`
