package flow

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/ast/inspector"
)

// start and stop are the names of the functions at whose calls a way starts, and ends.
const start, stop = "start", "stop"

// out asks for a way from the call of start that does not pass one of stop, and tells the
// line of the return statement at its end.
func out(t testing.TB, p *Package, known map[*types.Var]bool) string {
	t.Helper()
	run := find(t, p, "run")
	var from inspector.Cursor
	for _, call := range run.Calls {
		if call.Fn != nil && call.Fn.Name() == start {
			from = call.At
		}
	}
	ret := p.Ways(run).Out(Query{From: from, Known: known, Stops: func(n ast.Node) bool {
		stops := false
		ast.Inspect(n, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if ok {
				c := p.Call(call)
				stops = stops || c.Fn != nil && c.Fn.Name() == stop
			}
			return !stops
		})
		return stops
	}})
	if ret == nil {
		return "none"
	}
	return fmt.Sprint("line ", p.code().pass.Fset.PositionFor(ret.Pos(), false).Line)
}

func TestWays(t *testing.T) {
	t.Parallel()
	// run's first line is line 1; start() stands in it.
	tests := []struct{ name, body, want string }{
		{"to the closing brace", "start()\n", "line 2"},
		{"stopped", "start()\nstop()\n", "none"},
		{"before", "stop()\nstart()\n", "line 3"},
		{"within the statement", "y := start()\n_ = y\n", "line 3"},
		{"return", "start()\nreturn\nstop()", "line 2"},
		{"return that stops", "start()\nreturn\n", "line 2"},
		{"if", "start()\nif cond {\nreturn\n}\nstop()", "line 3"},
		{"if with both arms", "start()\nif cond {\nstop()\n} else {\nstop()\n}", "none"},
		{"if with one arm", "start()\nif cond {\nstop()\n}\n", "line 5"},
		{"else if", "start()\nif cond {\nstop()\n} else if other {\nreturn\n} else {\nstop()\n}", "line 5"},
		{"condition", "start()\nif stop() == 1 {\nreturn\n}", "none"},
		{"starts in a condition", "if start() == 1 {\nstop()\n}\n", "line 4"},
		{"starts in an arm", "if cond {\nstart()\n} else {\nstop()\n}\n", "line 6"},
		{"defer", "start()\ndefer stop()\nreturn", "none"},
		{"defer of a literal", "start()\nif cond { return }\ndefer func() { stop() }()\n", "line 2"},
		{"for", "start()\nfor i := 0; i < 3; i++ {\nstop()\n}\n", "line 5"},
		{"for without an end", "start()\nfor {\n}\n", "none"},
		{"for and break", "start()\nfor {\nif cond { break }\nstop()\n}\n", "line 6"},
		{"for and continue", "start()\nfor {\nif cond { continue }\nreturn\n}\n", "line 4"},
		{"for with a post statement", "start()\nfor ; ; x = stop() {\nif cond { return }\n}", "line 3"},
		{"starts in a loop, stops before", "for cond {\nstop()\nstart()\n}\n", "line 5"},
		{"range", "start()\nfor range 3 {\nstop()\n}\n", "line 5"},
		{"break out of two", "start()\nouter:\nfor {\nfor {\nbreak outer\n}\nstop()\n}\n", "line 9"},
		{"continue the outer", "start()\nouter:\nfor cond {\nfor {\nif other { continue outer }\nstop()\nreturn\n}\n}\nstop()", "none"},
		{"switch", "start()\nswitch x {\ncase 1:\nstop()\ncase 2:\nreturn\ndefault:\nstop()\n}", "line 6"},
		{"switch without default", "start()\nswitch x {\ncase 1:\nstop()\n}\n", "line 6"},
		{"switch with all arms", "start()\nswitch {\ncase cond:\nstop()\ndefault:\nstop()\n}", "none"},
		{"fallthrough", "start()\nswitch x {\ncase 1:\nfallthrough\ncase 2:\nstop()\ndefault:\nstop()\n}", "none"},
		{"type switch", "start()\nswitch any(x).(type) {\ncase int:\nstop()\ncase string:\nreturn\ndefault:\nstop()\n}", "line 6"},
		{"select", "start()\nselect {\ncase <-ch:\nreturn\ncase ch <- 1:\nstop()\n}\nstop()", "line 4"},
		{"select without cases", "start()\nselect {}\n", "none"},
		{"select in a loop", "start()\nfor {\nselect {\ncase <-ch:\nstop()\nreturn\ndefault:\n}\n}", "none"},
		{"goto", "start()\nif cond { goto end }\nstop()\nend:\nreturn", "line 5"},
		{"goto back", "start()\nagain:\nif cond { goto again }\nstop()", "none"},
		{"panic", "start()\nif cond { panic(1) }\nstop()", "none"},
		{"exit", "start()\nif cond { os.Exit(1) }\nif other { log.Fatal() }\nstop()", "none"},
		{"end of the test", "start()\nif cond { t.Fatal() }\nif other { t.FailNow() }\nstop()", "none"},
		{"what only fails", "start()\nif cond { t.Errorf(``); return }\nstop()", "line 2"},
		{"another method of that name", "start()\nif cond { own{}.Fatal(); return }\nstop()", "line 2"},
		{"in a literal", "start()\nf := func() { return }\nf()\nstop()", "none"},
		{"in a block", "{\nstart()\n}\n{\nstop()\n}", "none"},
		{"declaration", "start()\nvar y = stop()\n_ = y", "none"},
		{"go", "start()\ngo stop()", "none"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := load(t, `import ("log"; "os"; "testing")
				var cond, other bool
				type own struct{}
				func (own) Fatal() {}
				func start() int { return 0 }
				func stop() int { return 0 }
				var _, _ = log.Fatal, os.Exit
				func run(t *testing.T, x int, ch chan int) {
//line a_test.go:1
`+tt.body+"}")
			line := out(t, p, nil)
			if strings.HasPrefix(line, "line") { // as it is laid out in the test
				var n int
				fmt.Sscanf(line, "line %d", &n)
				line = fmt.Sprint("line ", n-10)
			}
			if line != tt.want {
				t.Errorf("there is a way to %s, want %s:\n%s", line, tt.want, tt.body)
			}
		})
	}
}

func TestWaysWithKnownVariables(t *testing.T) {
	t.Parallel()
	// Where err is nil, and there is an h, ok to begin with.
	tests := map[string]bool{
		"if err != nil { return }; stop()":                                         false,
		"if nil != err { return }; stop()":                                         false,
		"if err == nil { stop() } else { return }":                                 false,
		"if err == nil { return }; stop()":                                         true,
		"if (err) != nil { return }; stop()":                                       false,
		"if !(err == nil) { return }; stop()":                                      false,
		"if !ok { return }; stop()":                                                false,
		"if ok { return }; stop()":                                                 true,
		"if ok == false { return }; stop()":                                        false,
		"if ok != true { return }; stop()":                                         false,
		"if h == nil { return }; stop()":                                           false,
		"if err != nil || h == nil { return }; stop()":                             false,
		"if err != nil || !ok || h == nil { return }; stop()":                      false,
		"if err != nil || x == 1 { return }; stop()":                               true,
		"if err != nil && x == 1 { return }; stop()":                               false,
		"if x == 1 && err != nil { return }; stop()":                               false,
		"if err == nil && h != nil { stop() }":                                     false,
		"if err == nil && x == 1 { stop() }":                                       true,
		"if err == nil || x == 1 { stop() }":                                       false,
		"if errors.Is(err, os.ErrExist) { return }; stop()":                        false,
		"if !errors.Is(err, os.ErrExist) { return }; stop()":                       true,
		"if e := new(os.PathError); errors.As(err, &e) { return }; stop()":         false,
		"err = another(); if err != nil { return }; stop()":                        true,
		"if err = another(); err != nil { return }; stop()":                        true,
		"if err := another(); err != nil { return }; stop()":                       true,
		"_, err = 1, another(); if err != nil { return }; stop()":                  true,
		"if x == 1 { err = another() }; if err != nil { return }; stop()":          true,
		"h = nil; if h == nil { return }; stop()":                                  true,
		"err = another(); if h == nil { return }; stop()":                          false,
		"for err != nil { return }; stop()":                                        false,
		"for err == nil { stop() }; return":                                        false,
		"for range x { if err != nil { return }; err = another() }; stop()":        true,
		"switch { case err != nil: return; case x == 1: stop(); default: stop() }": false,
		"switch { case err == nil: stop(); default: return }":                      false,
		"switch err { case nil: stop(); default: return }":                         false,
		"switch err { case os.ErrExist: return; default: stop() }":                 true,
		"switch ok { case false: return }; stop()":                                 false,
		"switch true { case err != nil: return }; stop()":                          false,
		"switch { case err != nil, x == 1: return }; stop()":                       true,
		"if err != nil { goto end }; stop(); return; end: return":                  false,
	}
	for body, want := range tests {
		p := load(t, "import (\"errors\"; \"os\")\nvar _ = errors.Is\nvar _ = os.ErrExist\nfunc start() {}\nfunc stop() {}\nfunc another() error { return nil }\n"+
			"func run(err error, h *int, ok bool, x int) { start(); "+body+" }")
		known := map[*types.Var]bool{}
		for i, zero := range []bool{true, false, false} {
			known[find(t, p, "run").Sig.Params().At(i)] = zero
		}
		if got := out(t, p, known); (got != "none") != want {
			t.Errorf("%s: way %s", body, got)
		}
	}
}

func TestEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"": false, "return": false, "panic(1)": true, "for {}": true, "select {}": true, "if x { panic(1) }": false,
		"defer func() { recover() }(); panic(1)": false, "os.Exit(1)": true, "if x { panic(1) } else { os.Exit(1) }": true,
	}
	for body, want := range tests {
		p := load(t, "import \"os\"\nvar _ = os.Exit\nfunc run(x bool) { "+body+" }")
		run := find(t, p, "run")
		ways := p.Ways(run)
		if got := ways.Ends(); got != want {
			t.Errorf("%q never returns: %v", body, got)
		}
		if p.Ways(run) != ways {
			t.Error("the ways are made twice")
		}
	}
}
