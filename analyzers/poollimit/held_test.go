package poollimit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// TestHeld combines what takes connections with how many goroutines do so at once: the limit
// that is advised is one with which the test ends.
func TestHeld(t *testing.T) {
	t.Parallel()
	takes := []string{"_, err := db.Conn(context.Background()); _ = err", "_, err := db.Begin(); _ = err"}
	starts := []struct {
		name, text string
		held       int // with N rounds
	}{
		{"counting", "for i := 0; i < N; i++ { go func() { TAKE }() }", 1},
		{"upto", "for i := 1; i <= N; i++ { go func() { TAKE }() }", 1},
		{"range", "for range N { go func() { TAKE }() }", 1},
		{"group", "var wg sync.WaitGroup; for range N { wg.Go(func() { TAKE }) }; wg.Wait()", 1},
		{"subtest", "t.Run(`x`, func(t *testing.T) { for range N { go func() { TAKE }() } })", 1},
		{"inner", "go func() { for range N { TAKE } }()", 0},
		{"serial", "for range N { TAKE }", 0},
		{"subtests", "for range N { t.Run(`x`, func(t *testing.T) { go func() { TAKE }() }) }", 0},
		{"queries", "for range N { go func() { db.Exec(``) }() }", 0},
		{"unknown", "for range os.Args { go func() { TAKE }() }", 0},
	}
	programs := ruletest.Programs{}
	for i, take := range takes {
		for _, start := range starts {
			for _, rounds := range []int{2, 5} {
				for _, limit := range []string{"", "db.SetMaxOpenConns(5)"} {
					says := "// want `without a limit; call SetMaxOpenConns\\(3\\)$`"
					held := start.held*rounds > 3
					switch {
					case limit != "" && held:
						says = ""
					case limit != "":
						says = "// want info:`of 5 connections \\(SetMaxOpenConns\\), more than 3; lower that to 3$`"
					case held:
						says = "// want `without a limit; call SetMaxOpenConns\\(5\\), as 5 are held at once$`"
					}
					text := strings.NewReplacer("TAKE", take, "N", fmt.Sprint(rounds)).Replace(start.text)
					programs[fmt.Sprintf("%s%d%d%v/x_test.go", start.name, i, rounds, limit != "")] = fmt.Sprintf(`package x

import (
	"context"
	"database/sql"
	"os"
	"sync"
	"testing"
)

var (
	_ context.Context
	_ sync.Mutex
)

func TestIt(t *testing.T) {
	db, err := sql.Open("postgres", os.Getenv("DSN")) %s
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	%s
	%s
}
`, says, limit, text)
				}
			}
		}
	}
	programs.Run(t, Rule, "../newpool/testdata")
}

// TestWhoGives combines where a helper's limit comes from with what is said of that.
func TestWhoGives(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	for name, test := range map[string]struct{ decls, arg, says string }{
		"literal":  {"", "5", "SetMaxOpenConns, given to open"},
		"constant": {"const most = 5", "most", "SetMaxOpenConns, most"},
		"variable": {"var most = 5", "most", "SetMaxOpenConns, given to open"},
		"through":  {"func size() int { return 5 }\nfunc with(t *testing.T, n int) *sql.DB { return open(t, n) }", "5", "SetMaxOpenConns, given to (open|with)"},
	} {
		call := "open"
		if name == "through" {
			call = "with"
		}
		programs[name+"/x_test.go"] = fmt.Sprintf(`package x

import (
	"database/sql"
	"os"
	"testing"
)

%s

func open(t *testing.T, n int) *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want info:%s
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(n)
	return db
}

func TestA(t *testing.T) { %s(t, %s) }
func TestB(t *testing.T) { %s(t, %s) }
`, test.decls, "`of 5 connections \\("+test.says+"\\), more than 3; lower that to 3$`", call, test.arg, call, test.arg)
	}
	programs.Run(t, Rule, "../newpool/testdata")
}
