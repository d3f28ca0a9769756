package flow

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// calls tells the calls of a package that have targets, with them.
func calls(p *Package) []string {
	var all []string
	for _, f := range p.Funcs() {
		for _, call := range f.Calls {
			if to := call.Targets(); len(to) > 0 {
				text, _, _ := strings.Cut(types.ExprString(call.Expr), "{") // the head of a literal
				all = append(all, fmt.Sprintf("%s: %s -> %s", name(f), text, names(to)))
			}
		}
	}
	return all
}

func TestTargets(t *testing.T) {
	t.Parallel()
	const ab = "func a() {}\nfunc b() {}\nfunc c() {}\n"
	tests := []struct{ name, source, want string }{
		{"static", `func run() { a(); (b)() }`, "run: a() -> a\nrun: (b)() -> b"},
		{"method, behind a pointer and an embedded field", `type T struct{}
			func (T) M() {}
			type U struct{ *T }
			func run(t *T, u U) { t.M(); u.M(); u.T.M() }`, "run: t.M() -> T.M\nrun: u.M() -> T.M\nrun: u.T.M() -> T.M"},
		{"generic instance", `func gen[K comparable, V any](k K, v V) {}
			func gen1[K any](k K, v int) {}
			type Box[T any] struct{}
			func (b *Box[T]) Set(v T) {}
			func run(b *Box[int]) { gen(1, 2); gen[int, string](1, ""); (gen1[int])(1, 2); b.Set(1) }`,
			"run: gen(1, 2) -> gen\nrun: gen[int, string](1, \"\") -> gen\nrun: (gen1[int])(1, 2) -> gen1\nrun: b.Set(1) -> Box.Set"},
		{"method of an interface, of another package", `type I interface{ M() }
			func run(i I, s interface{ String() string }) { i.M(); s.String(); println(string("")) }`, ""},
		{"literal where it stands", `func run() { func() {}(); (func() {})(); defer func() {}(); go func() {}() }`,
			"run: (func() literal)() -> run$1\nrun: ((func() literal))() -> run$2\nrun: (func() literal)() -> run$3\nrun: (func() literal)() -> run$4"},
		{"variable", `func run() { f := a; f(); f = func() {}; f() }`, "run: f() -> a run$1\nrun: f() -> a run$1"},
		{"variable that a literal captures", `func run() { var f func(); func() { f = a }(); f() }`, "run: (func() literal)() -> run$1\nrun: f() -> a"},
		{"variable of the package, assigned by init", `var hook func()
			func init() { hook = a }
			func run() { hook() }`, "run: hook() -> a"},
		{"variable with an initialiser", "var hook = func() { a() }\nfunc run() { hook() }", "var hook$1: a() -> a\nrun: hook() -> var hook$1"},
		{"several at once", `func two() (func(), func()) { return a, b }
			func run() { f, g := two(); f(); g(); var h, i = a, b; h(); i() }`,
			"run: two() -> two\nrun: f() -> a b\nrun: g() -> a b\nrun: h() -> a\nrun: i() -> b"},
		{"field of a literal, by key and by place", `type T struct{ f, g func() }
			func run() { t := &T{f: a, g: b}; t.f(); u := T{a, c}; u.g() }`, "run: t.f() -> a\nrun: u.g() -> b c"},
		{"field that is assigned", `type T struct{ f func() }
			func (t *T) set() { t.f = b }
			func run(t *T) { t.set(); t.f(); (*t).f() }`, "run: t.set() -> T.set\nrun: t.f() -> b\nrun: (*t).f() -> b"},
		{"field of a generic type", `type Box[T any] struct{ f func(T) }
			func one(int) {}
			func two(string) {}
			func run() { b := Box[int]{f: one}; b.f(1); s := Box[string]{two}; s.f(""); (&Box[int]{}).f = one }`,
			"run: b.f(1) -> one two\nrun: s.f(\"\") -> one two"},
		{"table of structs", `func run() {
				for _, tt := range []struct{ name string; f func() }{{"a", a}, {name: "b", f: func() { b() }}} { tt.f() }
				table := []*struct{ g func() }{{c}}
				table[0].g()
			}`, "run: tt.f() -> a run$1\nrun: table[0].g() -> c\nrun$1: b() -> b"},
		{"slice, map, array", `var all = map[string]func(){"a": a, "b": b}
			func run() { all["a"](); s := []func(){a}; s[0](); for _, f := range s { f() }; s[1:][0](); (&[2]func(){b, c})[0]() }`,
			"run: all[\"a\"]() -> a b\nrun: s[0]() -> a\nrun: f() -> a\nrun: s[1:][0]() -> a\nrun: (&[2]func() -> b c"},
		{"tables of tables", `var all = map[string][]func(){"a": {a, b}}
			type test struct{ f func() }
			type group struct{ name string; cases []test }
			var groups = []group{{"g", []test{{b}, {f: c}}}}
			func run() {
				all["a"][0]()
				for _, fs := range all { for _, f := range fs { f() } }
				for _, g := range groups { for _, c := range g.cases { c.f() } }
			}`, "run: all[\"a\"][0]() -> a b\nrun: f() -> a b\nrun: c.f() -> b c"},
		{"element that is assigned", `func run() {
				m := map[string]map[string]func(){}
				m["a"] = map[string]func(){"b": b}
				m["a"]["c"] = c
				m["a"]["b"]()
			}`, "run: m[\"a\"][\"b\"]() -> b c"},
		{"appended", `func run() { var fs []func(); fs = append(fs, a, b); for i := range fs { fs[i]() } }`, "run: fs[i]() -> a b"},
		{"sent and received", `func run() { ch := make(chan func(), 1); ch <- a; (<-ch)(); for f := range ch { f() }; f := <-ch; f() }`,
			"run: (<-ch)() -> a\nrun: f() -> a\nrun: f() -> a"},
		{"converted and asserted", `type handler func()
			func (h handler) Serve() { h() }
			func run() { h := handler(a); h(); handler(b).Serve(); var x any = c; x.(func())(); switch f := x.(type) { case func(): f() } }`,
			`run: h() -> a
			run: handler(b).Serve() -> handler.Serve
			run: x.(func())() -> c
			run: f() -> c`},
		{"behind a pointer", `func run() { f := a; p := &f; (*p)(); *p = b; f() }`, "run: (*p)() -> a b\nrun: f() -> a"},
		{"returned closure", `func outer() func() { x := func() { a() }; return x }
			func named() (f func()) { f = b; return }
			func run() { outer()(); named()(); f := outer(); f() }`,
			"outer$1: a() -> a\nrun: outer()() -> outer$1\nrun: outer() -> outer\nrun: named()() -> b\nrun: named() -> named\nrun: outer() -> outer\nrun: f() -> outer$1"},
		{"closure that returns a closure", `func run() { f := func() func() { return func() {} }; f()()	}`, "run: f()() -> run$1$1\nrun: f() -> run$1"},
		{"parameter", `func do(n int, f func()) { f() }
			func run() { do(1, a); do(2, func() {}) }`, "run: do(1, a) -> do\nrun: do(2, (func() literal)) -> do"},
		{"parameter of a parameter", `func do(f func()) { again(f) }
			func again(f func()) { func() { f() }() }
			func run() { do(a) }`, "do: again(f) -> again\nagain: (func() literal)() -> again$1\nrun: do(a) -> do"},
		{"variadic parameter", `func do(n int, fs ...func()) { for _, f := range fs { f() } }
			func run() { do(0); do(1, a, b); do(2, []func(){c}...) }`, "run: do(0) -> do\nrun: do(1, a, b) -> do\nrun: do(2, []func() -> do"},
		{"parameter of a literal", `func run() { func(f func()) { f() }(a); do := func(f func()) { f() }; do(b) }`,
			"run: (func(f func()) literal)(a) -> run$1\nrun: do(b) -> run$2"},
		{"results as arguments", `func two() (int, func()) { return 1, a }
			func do(n int, f func()) { f() }
			func all(n int, fs ...func()) { fs[0]() }
			func run() { do(two()); all(two()) }`,
			"run: do(two()) -> do\nrun: two() -> two\nrun: all(two()) -> all\nrun: two() -> two"},
		{"option", `type conf struct{ f func() }
			func with(f func()) func(*conf) { return func(c *conf) { c.f = f } }
			func make(opts ...func(*conf)) { var c conf; for _, o := range opts { o(&c) }; c.f() }
			func run() { make(with(a)) }`, "run: make(with(a)) -> make\nrun: with(a) -> with"},
		{"method value and expression", `type T struct{ g func() }
			func (t T) M(f func()) { f(); t.g() }
			func run(t T) { f := t.M; f(a); g := T.M; g(T{b}, c); T.M(t, a); (*T).M(&t, b) }`,
			`T.M: t.g() -> b
			run: f(a) -> T.M
			run: g(T -> T.M
			run: T.M(t, a) -> T.M
			run: (*T).M(&t, b) -> T.M`},
		{"a value that calls itself", `type F func() F
			func run() { var f F; f = f(); f = f()(); f() }`, ""},
		{"recursive", `func run(n int) { run(n - 1); var f func(); f = func() { f() }; f() }`,
			"run: run(n - 1) -> run\nrun: f() -> run$1\nrun$1: f() -> run$1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := load(t, ab+tt.source)
			got := calls(p)
			lines(t, got, tt.want)
		})
	}
}

// Tables, and what flows into a variable, may be long: each call looks at a bounded part.
func TestTargetsAreBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("var table = []func(){")
	for range 10_000 {
		b.WriteString("func() {},")
	}
	b.WriteString("}\nvar empty = []func(){")
	for range 10_000 {
		b.WriteString("nil,")
	}
	b.WriteString("a}\nfunc a() {}\nfunc run() { table[0](); empty[0]() }")
	p := load(t, b.String())
	if got := find(t, p, "run").Calls; len(got[0].Targets()) != maxTargets || len(got[1].Targets()) != 0 {
		t.Errorf("%d and %d targets, want %d and 0", len(got[0].Targets()), len(got[1].Targets()), maxTargets)
	}
}

func TestFuncsOf(t *testing.T) {
	t.Parallel()
	p := load(t, `
		func a() {}
		func run(f func()) { use(a, f, struct{}{}, 1) }
		func use(...any) {}
		func main() { run(func() {}) }`)
	args := find(t, p, "run").Calls[0].Expr.Args
	for i, want := range []string{"a", "", "", ""} {
		if got := names(p.FuncsOf(args[i])); got != want {
			t.Errorf("argument %d may be %q, want %q", i, got, want)
		}
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	p := load(t, `import "os"
		type T struct{ f func() }
		func (T) M() {}
		func gen[X any]() {}
		func run(t T, g func()) {
			t.M(); T.M(t); t.f(); g(); (g)(); gen[int](); gen[string](); os.Exit(1)
			_ = T(t); _ = len(""); func() { t.M() }()
		}`)
	run := find(t, p, "run")
	var got []string
	for _, call := range run.Calls {
		if p.Call(call.Expr) != call || call.In != run || call.At.Node() != call.Expr {
			t.Errorf("%s is not the call of run", types.ExprString(call.Expr))
		}
		line := types.ExprString(call.Expr) + ":"
		if call.Fn != nil {
			line += " " + funcName(call.Fn)
		}
		if recv := call.Receiver(); recv != nil {
			line += " of " + types.ExprString(recv)
		}
		if !call.Runs() {
			line += " runs nothing"
		}
		got = append(got, line)
	}
	lines(t, got, `t.M(): T.M of t
		T.M(t): T.M of t
		t.f():
		g():
		(g)():
		gen[int](): gen
		gen[string](): gen
		os.Exit(1): Exit
		T(t): runs nothing
		len(""): runs nothing
		(func() literal)():`)
	of := func(name string) int { return len(find(t, p, name).Callers) }
	if of("gen") != 2 || of("T.M") != 3 {
		t.Errorf("calls of gen %d and T.M %d", of("gen"), of("T.M"))
	}
}

func TestArgs(t *testing.T) {
	t.Parallel()
	const decls = `
		type T struct{ F func(int) }
		func (T) one(a int) {}
		func (T) rest(a int, more ...int) {}
		func none() {}
		func pair(a, b int) {}
		func all(more ...int) {}
		func some(a int, more ...int) {}
		func gen[K comparable](k K, v int) {}
		func two() (int, int) { return 1, 2 }
		func three() (T, int, int) { return T{}, 1, 2 }
		type U struct{ T }
		func run(t T, u U, xs []int) { `
	tests := []struct{ call, want string }{ // by parameter, the receiver first
		{"none()", "-"},
		{"pair(1, 2)", "- | 1 | 2"},
		{"gen(1, 2)", "- | 1 | 2"},
		{"gen[int](1, 2)", "- | 1 | 2"},
		{"all()", "- |"},
		{"all(1, 2)", "- | 1 2"},
		{"all(xs...)", "- | xs"},
		{"some(1)", "- | 1 |"},
		{"some(1, 2, 3)", "- | 1 | 2 3"},
		{"some(1, xs...)", "- | 1 | xs"},
		{"pair(two())", "- | two() | two()"},
		{"some(two())", "- | two() | two()"},
		{"all(two())", "- | two()"},
		{"t.one(1)", "t | 1"},
		{"u.one(1)", "u | 1"},
		{"(&t).one(1)", "(&t) | 1"},
		{"T.one(t, 1)", "t | 1"},
		{"(*T).one(&t, 1)", "&t | 1"},
		{"U.one(u, 1)", "u | 1"},
		{"T.rest(t, 1, 2, 3)", "t | 1 | 2 3"},
		{"T.rest(three())", "three() | three() | three()"},
		{"f := t.one; f(1)", "- | 1"},
		{"f := T.one; f(t, 1)", "t | 1"},
		{"t.F = t.one; t.F(1)", "- | 1"},
	}
	for _, tt := range tests {
		p := load(t, decls+tt.call+" }")
		var got []string
		calls := find(t, p, "run").Calls
		call := calls[0]
		if len(call.Targets()) != 1 {
			t.Errorf("%s runs %s", tt.call, names(call.Targets()))
			continue
		}
		sig := call.Targets()[0].Sig
		for i := range ParamCount(sig) {
			args := call.Args(sig, i)
			words := make([]string, len(args))
			for i, arg := range args {
				words[i] = types.ExprString(arg)
			}
			if i == Receiver && len(args) == 0 {
				words = []string{"-"}
			}
			got = append(got, strings.Join(words, " "))
		}
		if line := strings.TrimSpace(strings.Join(got, " | ")); line != tt.want {
			t.Errorf("%s: %s, want %s", tt.call, line, tt.want)
		}
		if call.Args(sig, -1) != nil || call.Args(sig, ParamCount(sig)) != nil {
			t.Errorf("%s gives arguments to parameters that there are not", tt.call)
		}
	}
}

func TestParams(t *testing.T) {
	t.Parallel()
	var set Params
	for _, i := range []int{3, 0, 63, 64, -1, 3} {
		set.Add(i)
	}
	if set.String() != "0 3 63" || !set.Has(63) || set.Has(64) || set.Has(-1) || set.Has(1) {
		t.Errorf("the set is %q", set)
	}
	without := set
	for _, i := range []int{0, 1, 63, 64, -1} {
		without.Remove(i)
	}
	if without.String() != "3" {
		t.Errorf("without 0 and 63 the set is %q", without)
	}
	for i := range set.All {
		if i != 0 {
			t.Errorf("%d comes first", i)
		}
		break
	}
	p := load(t, "type T struct{}\nfunc (r T) M(a int, b ...string) { func(c int) {}(1) }\nfunc plain(_ int) {}")
	method, lit, plain := find(t, p, "T.M"), find(t, p, "T.M$1"), find(t, p, "plain")
	for name, want := range map[string]Param{"r": {method, 0}, "a": {method, 1}, "b": {method, 2}, "c": {lit, 1}} {
		if got, ok := p.Param(variable(t, p, name).(*types.Var)); !ok || got != want || ParamOf(want.Of.Sig, want.I).Name() != name {
			t.Errorf("%s is %+v", name, got)
		}
	}
	if ParamOf(plain.Sig, Receiver) != nil || ParamOf(plain.Sig, 2) != nil || ParamOf(plain.Sig, -1) != nil || ParamCount(plain.Sig) != 2 {
		t.Error("plain has one parameter and no receiver")
	}
}

func TestImplementations(t *testing.T) {
	t.Parallel()
	p := load(t, `import ("example.com/module/closing"; "example.com/other")
		type I interface{ Close() error }
		type Wide interface{ I; M() }
		type A struct{}
		func (A) Close() error { return nil }
		type B struct{ A }
		func (*B) M() {}
		type Gen[T any] struct{}
		func (Gen[T]) Close() error { return nil }
		func run(i I, w Wide, c closing.Closer, o other.Closer, e error) { i.Close(); w.M(); c.Close(); o.Close(); _ = e.Error(); new(A).Close() }`)
	var got []string
	for _, call := range find(t, p, "run").Calls {
		if call.Fn == nil {
			continue
		}
		var all []string
		for _, fn := range p.code().implementations(call.Fn) {
			all = append(all, fn.Pkg().Name()+"."+funcName(fn))
		}
		slices.Sort(all)
		if again := p.code().implementations(call.Fn); len(again) != len(all) {
			t.Error("a second question has another answer")
		}
		got = append(got, types.ExprString(call.Expr)+": "+strings.Join(all, " "))
	}
	lines(t, got, `
		i.Close(): closing.File.Close p.A.Close
		w.M(): p.B.M
		c.Close(): closing.File.Close p.A.Close
		o.Close():
		e.Error():
		new(A).Close():`)
}

func TestImplementationsAreBounded(t *testing.T) {
	t.Parallel()
	var types strings.Builder
	for i := range maxTargets + 1 {
		fmt.Fprintf(&types, "type T%d struct{}\nfunc (T%d) M() {}\n", i, i)
	}
	p := load(t, types.String()+"type I interface{ M() }\nfunc run(i I) { i.M() }")
	if got := len(p.code().implementations(find(t, p, "run").Calls[0].Fn)); got != maxTargets {
		t.Errorf("%d implementations, want %d", got, maxTargets)
	}
}

// What is assigned to itself takes no steps that others need.
func TestTargetsOfRings(t *testing.T) {
	t.Parallel()
	rings := strings.Repeat("f = f\n", 50)
	p := load(t, "func a() {}\nfunc run() { var f, g, h func()\n"+rings+"f = g; g = h; h = a; f() }")
	if got := names(find(t, p, "run").Calls[0].Targets()); got != "a" {
		t.Errorf("what is assigned to itself runs %q, want a", got)
	}
}

func TestFuncsGiven(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{ // by calls of values
		{"by its name", `func do(n int, f func()) { f() }
			func run() { do(1, a); do(2, func() {}) }`, "f: a run$1"},
		{"through another", `func do(f func()) { again(f) }
			func again(f func()) { g := f; g() }
			func run() { do(a) }`, "g: a"},
		{"variadic", `func do(n int, fs ...func()) { for _, f := range fs { f() } }
			func run() { do(0); do(1, a, b); do(2, []func(){c}...) }`, "f: a b c"},
		{"of a literal", `func run() { do := func(f func()) { f() }; do(b) }`, "do: run$1\nf: b"},
		{"results", `func two() (int, func()) { return 1, a }
			func do(n int, f func()) { f() }
			func run() { do(two()) }`, "f: a"},
		{"method expression", `type T struct{}
			func (t T) M(f func()) { f() }
			func run(t T) { T.M(t, a); g := T.M; g(t, b) }`, "f: a b\ng: T.M"},
		{"receiver", `type handler func()
			func (h handler) Serve() { h() }
			func run() { handler(b).Serve() }`, "h: b"},
		{"option", `type conf struct{ f func() }
			func with(f func()) func(*conf) { return func(c *conf) { c.f = f } }
			func make(opts ...func(*conf)) { var c conf; for _, o := range opts { o(&c) }; c.f() }
			func run() { make(with(a)) }`, "o: with$1\nc.f: a"},
		{"to itself", `func do(f func()) { do(f); f() }`, "f:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := load(t, "func a() {}\nfunc b() {}\nfunc c() {}\n"+tt.source)
			var got []string
			for _, f := range p.Funcs() {
				for _, call := range f.Calls {
					if call.Fn == nil && call.Runs() {
						got = append(got, types.ExprString(call.Expr.Fun)+": "+names(p.FuncsGiven(call.Expr.Fun)))
					}
				}
			}
			lines(t, got, tt.want)
		})
	}
}

func TestCallsIn(t *testing.T) {
	t.Parallel()
	p := load(t, `
		func f(...any) int { return 0 }
		func run() { f(); if f() == 1 { f(f(), func() { f() }) }; for i := f(); i < f(); i += f() { f() } }`)
	run := find(t, p, "run")
	body := run.Decl.Body.List
	for i, want := range []int{1, 3, 4} {
		if got := run.CallsIn(body[i]); len(got) != want {
			t.Errorf("%d calls in statement %d, want %d", len(got), i, want)
		}
	}
	if len(run.CallsIn(run.Decl)) != len(run.Calls) || len(run.CallsIn(find(t, p, "f").Decl)) != 0 {
		t.Error("all calls of run stand in run")
	}
	v := variable(t, p, "i")
	if !p.MentionedIn(v, body[2]) || p.MentionedIn(v, body[1]) {
		t.Error("i is used in the loop alone")
	}
}
