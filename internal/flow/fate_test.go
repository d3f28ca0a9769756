package flow

import (
	"fmt"
	"go/types"
	"strings"
	"testing"
)

// sinkKinds are the kinds of sink, in their order.
var sinkKinds = []string{"closed", "settled", "called", "asked", "returned", "undone", "supplied", "kept", "handed on"}

// tellFate tells what becomes of a value: its sinks, the variables that hold it, and how
// many calls work with it later.
func tellFate(fate *Fate) string {
	var parts []string
	for _, s := range fate.Sinks {
		part := sinkKinds[s.Kind]
		switch {
		case s.By != nil:
			part += fmt.Sprintf(" as #%d by %s", s.Result, name(s.By))
		case s.Place != nil && s.Place.IsField():
			part += " in " + s.Place.Name()
		}
		if s.Global {
			part += " for all"
		}
		if s.OnError {
			part += " on errors"
		}
		parts = append(parts, part)
	}
	for _, v := range fate.Holders {
		parts = append(parts, "held by "+v.Name())
	}
	if n := len(fate.Later); n > 0 {
		parts = append(parts, fmt.Sprint("later ", n))
	}
	return strings.Join(parts, ", ")
}

// The first call of open in the source is the one that is followed.
func TestFate(t *testing.T) {
	t.Parallel()
	const decls = `
		import ("example.com/other"; "testing")
		type T struct{ c other.Closer; next *T; n int; t *testing.T }
		func (x *T) Close() error { return x.c.Close() }
		func (*T) Work() {}
		type Box struct{ of *T; list []*T }
		func (b *Box) Close() { b.of.Close() }
		func open() *T { return nil }
		func stop(x *T) { x.Close() }
		func same(x *T) *T { return x }
		func undo(x *T) func() { return func() { x.Close() } }
		func both(x *T) (*T, func()) { return x, func() { x.Close() } }
		func keep(x *T) { global = x }
		func check(*T) error { return nil }
		func work(t *testing.T, x *T) { t.Cleanup(func() { x.Work() }) }
		func call(f func() error) { f() }
		func runs(f func() error) func() { return func() { f() } }
		func all(xs ...*T) { for _, x := range xs { x.Close() } }
		func lose(f func() *T) { f().Work() }
		func free(f func() *T) { x := f(); defer x.Close() }
		func later(x *T) func() *T { return func() *T { return x } }
		var global *T
		var table = map[string]*T{}
		`
	tests := []struct{ name, run, want string }{
		{"dropped", "func run() { open() }", ""},
		{"blank", "func run() { _ = open() }", ""},
		{"closed", "func run() { x := open(); defer x.Close() }", "closed, held by x"},
		{"closed at once", "func run() { (open()).Close() }", "closed"},
		{"worked with", "func run() { x := open(); x.Work(); _ = x.n; _ = x == nil }", "held by x"},
		{"copied", "func run() { x := open(); var y = x; (y).Close() }", "closed, held by x, held by y"},
		{"in a literal that is called", "func run() { x := open(); defer func() { x.Close() }() }", "closed, held by x"},
		{"in a literal that is not", "func run() { x := open(); f := func() { x.Close() }; _ = f }", "held by x"},
		{"of a factory that loses it", "func run() { x := open(); lose(func() *T { return x }) }", "held by x"},
		{"of a factory that closes it", "func run() { x := open(); free(func() *T { return &T{next: x} }) }", "closed, held by x"},
		{"of a factory that is made", "func run() { x := open(); y := later(x)(); y.Close() }", "closed, held by x, held by y"},
		{"of a factory that is returned", "func run() func() *T { x := open(); return func() *T { return x } }", "supplied as #0 by run, held by x"},
		{"by a function", "func run() { x := open(); stop(x) }", "closed, held by x"},
		{"by a variadic function", "func run() { x, y := open(), open(); all(y, x) }", "closed, held by x"},
		{"by a method value", "func run() { x := open(); f := x.Close; f() }", "closed, held by x"},
		{"by a function that calls it", "func run() { x := open(); call(x.Close) }", "closed, held by x"},
		{"by what undoes it", "func run() { x := open(); defer undo(x)() }", "closed, held by x"},
		{"by the second result", "func run() { x, f := both(open()); _ = x; f() }", "closed, held by x"},
		{"by what calls what closes it", "func run() { x := open(); f := runs(x.Close); f() }", "closed, held by x"},
		{"what holds it is closed", "func run() { b := &Box{of: open()}; b.Close() }", "closed, held by b"},
		{"a part of it goes back", "func run() { x := open(); x = x.next }", "held by x"},
		{"number", "func run() { x := open(); n := x.n; _ = n }", "held by x"},
		{"running test", "func run() { x := open(); t := x.t; t.Helper() }", "held by x"},
		{"returned", "func run() *T { return open() }", "returned as #0 by run"},
		{"returned second", "func run() (int, *T) { x := open(); return 1, x }", "returned as #1 by run, held by x"},
		{"returned by name", "func run() (x *T) { x = open(); return }", "returned as #0 by run, held by x"},
		{"returned through", "func run() *T { return same(open()) }", "returned as #0 by run"},
		{"returned in a struct", "func run() any { return Box{of: open()} }", "returned as #0 by run"},
		{"not", "func run() bool { x := open(); return !(x == nil) }", "held by x"},
		{"closer returned", "func run() (int, func() error) { x := open(); return 1, x.Close }", "undone as #1 by run, held by x"},
		{"literal returned", "func run() func() { x := open(); return func() { x.Close() } }", "undone as #0 by run, held by x"},
		{"to callers of a literal", "func run() { x := open(); f := func() *T { return x }; f() }", "held by x"},
		{"closed behind a literal that gives it", "func run() { x := open(); f := func() (int, *T) { return 1, x }; _, y := f(); y.Close() }", "closed, held by x, held by y"},
		{"given by a literal to any", "func run(f func(func() *T)) { x := open(); f(func() *T { return x }) }", "handed on, kept for all, held by x"},
		{"on errors alone", "func run() { x := open(); if err := check(x); err != nil { x.Close() } }", "closed on errors, held by x"},
		{"behind a return without one", "func run() *T { x := open(); if err := check(x); err == nil { return x }; x.Close(); return nil }", "returned as #0 by run, closed on errors, held by x"},
		{"behind an arm that ends the test", "func run(t *testing.T) { x := open(); if err := check(x); err == nil { t.Fatal() }; x.Close() }", "closed, held by x"},
		{"on errors in a switch", "func run() { x := open(); switch err := check(x); { case err == nil: default: x.Close() } }", "closed on errors, held by x"},
		{"behind an older error", "func run(err error) *T { if err == nil { return nil }; x := open(); x.Close(); return nil }", "closed, held by x"},
		{"in a literal on errors", "func run() (err error) { x := open(); defer func() { if err != nil { x.Close() } }(); return }", "closed on errors, held by x"},
		{"where there is no error", "func run() { x := open(); if err := check(x); err == nil { x.Close() } }", "closed, held by x"},
		{"opened on errors", "func run(err error) { if err != nil { x := open(); x.Close() } }", "closed, held by x"},
		{"variable of the package", "func run() { global = open() }", "kept for all"},
		{"element of one", "func run() { table[``] = open() }", "kept for all"},
		{"kept by a function", "func run() { keep(open()) }", "kept"},
		{"field of a parameter", "func run(b *Box) { b.of = open() }", "kept in of for all"},
		{"field of a variable", "func run() { var b Box; b.of = open(); b.of.Close() }", "closed, held by b"},
		{"element of a variable", "func run() { xs := make([]*T, 1); xs[0] = open(); for _, x := range xs { x.Close() } }", "closed, held by xs, held by x"},
		{"appended", "func run() { var xs []*T; xs = append(xs, open()); all(xs...) }", "closed, held by xs"},
		{"sent", "func run(c chan *T) { c <- open() }", "kept"},
		{"length", "func run() { xs := []*T{open()}; _ = len(xs) }", "held by xs"},
		{"keys", "func run() { xs := []*T{open()}; for range xs {}; for i := range xs { _ = i } }", "held by xs"},
		{"type switch", "func run() { var x any = open(); switch y := x.(type) { case *T: y.Close() } }", "closed, held by x, held by y"},
		{"elsewhere", "func run() { x := open(); other.Run(func() { x.Close() }) }", "handed on, closed, held by x"},
		{"to any function", "func run(f func(*T)) { f(open()) }", "handed on"},
		{"later", "func run(t *testing.T) { x := open(); work(t, x) }", "held by x, later 1"},
		{"in a cleanup function", "func run(t *testing.T) { x := open(); t.Cleanup(func() { x.Work(); x.Work() }) }", "held by x, later 2"},
		{"closed in one", "func run(t *testing.T) { x := open(); t.Cleanup(func() { x.Close() }) }", "closed, held by x"},
		{"looked at in one", "func run(t *testing.T) { x := open(); t.Cleanup(func() { _ = x.n }) }", "held by x, later 1"},
		{"copied in one", "func run(t *testing.T) { x := open(); t.Cleanup(func() { y := x; y.Close() }) }", "closed, held by x, held by y"},
		{"returned in one", "func run(t *testing.T) { x := open(); t.Cleanup(func() { f := func() *T { return x }; f() }) }", "held by x"},
		{"kept in one", "func run(t *testing.T) { x := open(); t.Cleanup(func() { global = x }) }", "kept for all, held by x"},
		{"kept in one by a function", "func run(t *testing.T) { x := open(); t.Cleanup(func() { keep(x) }) }", "kept, held by x"},
		{"sent in one", "func run(t *testing.T, c chan *T) { x := open(); t.Cleanup(func() { c <- x }) }", "kept, held by x"},
		{"undone in one", "func run(t *testing.T) { x := open(); t.Cleanup(func() { undo(x)() }) }", "closed, held by x"},
		{"switched over in one", "func run(t *testing.T) { var x any = open(); t.Cleanup(func() { switch y := x.(type) { case *T: y.Close() } }) }", "closed, held by x, held by y"},
		{"by a method value in one", "func run(t *testing.T) { x := open(); t.Cleanup(func() { f := x.Work; f() }) }", "held by x, later 1"},
		{"before it takes another", "func run() { x := open(); x.Work(); x = same(nil); x.Close() }", "held by x"},
		{"after it has taken itself", "func run() { x := open(); x = same(x); x.Close() }", "closed, held by x"},
	}
	for _, tt := range tests {
		p := load(t, decls+tt.run)
		var got string
		for _, call := range find(t, p, "run").Calls {
			if types.ExprString(call.Expr) == "open()" {
				got = tellFate(p.Fate(call, 0))
				break
			}
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// What is not followed to its end counts as kept.
func TestFateIsBounded(t *testing.T) {
	t.Parallel()
	p := load(t, "type T struct{}\nfunc open() *T { return nil }\nfunc run() { x := open(); y := x; _ = y }")
	call := find(t, p, "run").Calls[0]
	p.code().work.Store(maxWork - 2)
	if got, want := tellFate(p.Fate(call, 0)), "kept for all, held by x, held by y"; got != want || !p.Cut() {
		t.Errorf("%s, want %s", got, want)
	}
}
