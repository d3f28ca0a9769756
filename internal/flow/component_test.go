package flow

import (
	"fmt"
	"strings"
	"testing"
)

func TestComponents(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"callees first", "func a() { b(); c() }\nfunc b() { c() }\nfunc c() {}", "c | b | a"},
		{"literals first", "func a() { f := func() { b() }; f() }\nfunc b() {}", "b | a$1 | a"},
		{"literals that nothing calls", "func a() { use(func() {}) }\nfunc use(any) {}", "a$1 | use | a"},
		{"handed on", "func a() { use(b) }\nfunc use(any) {}\nfunc b() {}", "use | b | a"},
		{"recursive", "func a(n int) { a(n) }", "a"},
		{"mutually recursive", "func main() { a() }\nfunc a() { b() }\nfunc b() { c(); a() }\nfunc c() {}", "c | b a | main"},
		{"through a literal", "func a() { func() { a() }() }", "a$1 a"},
		{"through a variable", "var f func()\nfunc init() { f = a }\nfunc a() { f() }", "a | init"},
		{"initialisers", "var x = a()\nfunc a() int { return 1 }", "a | var x"},
		{"two rings", "func a() { b() }\nfunc b() { a(); c() }\nfunc c() { d() }\nfunc d() { c() }", "d c | b a"},
	}
	for _, tt := range tests {
		p := load(t, tt.source)
		var groups []string
		for _, group := range p.code().components() {
			groups = append(groups, names(group))
		}
		got := strings.ReplaceAll(strings.Join(groups, " | "), "var f | ", "")
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestBottomUp(t *testing.T) {
	t.Parallel()
	p := load(t, "func a() { b() }\nfunc b() { a(); b() }\nfunc c() { c(); a() }\nfunc d() { c() }")
	visits := func(summarize func(name string, times int) bool) string {
		times := map[*Func]int{}
		var all []string
		p.BottomUp(func(f *Func) bool {
			times[f]++
			all = append(all, name(f))
			return summarize(name(f), times[f])
		})
		return strings.Join(all, " ")
	}
	if got, want := visits(func(string, int) bool { return false }), "b a c d"; got != want {
		t.Errorf("nothing changes: %s, want %s", got, want)
	}
	if got, want := visits(func(_ string, times int) bool { return times == 1 }), "b a b a c c d"; got != want {
		t.Errorf("all change once: %s, want %s", got, want)
	}
	if got, want := visits(func(name string, _ int) bool { return name == "a" }), strings.Repeat("b a ", maxRounds)+"c d"; got != want {
		t.Errorf("one changes again and again: %s, want %s", got, want)
	}
}

func TestCallers(t *testing.T) {
	t.Parallel()
	p := load(t, `
		type T struct{ f func() }
		func (T) M() {}
		func a() { b(); b(); func() { b() }() }
		func b() { t := T{f: a}; t.f(); t.M() }
		var _ = func() int { b(); return 1 }()`)
	var got []string
	for _, f := range p.Funcs() {
		var in []string
		for _, call := range f.Callers {
			in = append(in, name(call.In))
		}
		got = append(got, fmt.Sprintf("%s: %s", name(f), strings.Join(in, " ")))
	}
	lines(t, got, `
		T.M: b
		a: b
		a$1: a
		b: a a a$1 var _$1
		var _:
		var _$1: var _`)
}
