package flow

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
	"testing"
)

// traced says what the results of the function f are made of.
func traced(t *testing.T, source string, hooks func(*Trace, func(string))) string {
	t.Helper()
	p := load(t, source)
	var found []string
	trace := p.NewTrace()
	hooks(trace, func(what string) { found = append(found, what) })
	trace.Follow(find(t, p, "f").Results()...)
	return strings.Join(found, " ")
}

func TestTrace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, source, want string }{
		{"operands", `func f(a, b string) string { return a + ("x" + b) }`, "a 'x b"},
		{"constants", `const c = "x" + "y"; func f() string { return c }`, "'xy"},
		{"variables", `func f(a string) string { b := a; c := b; return c }`, "c b a"},
		{"whatever the order", `func f(a string) string { var c string; defer func() { c = a }(); return c }`, "c a"},
		{"rings", `func f() string { a, b := "x", "y"; a = b; b = a; return a }`, "a 'x b 'y"},
		{"fields", `type T struct{ x string }; func f(t T) string { return t.x }; func g(t *T) { t.x = "y" }`, "x 'y t"},
		{"elements", `func f(t []string) string { t[0] = "x"; return t[1] }`, "t 'x"},
		{"behind elements", `func f(ps []*string) any { *ps[0] = "x"; return ps }`, "ps 'x"},
		{"keys", `func f(t map[string]string) any { t["k"] = "x"; return t }`, "t k= 'x"},
		{"parts of a variable", `type T struct{ x string }; func f() T { var t T; t.x = "y"; return t }`, "t x=. 'y"},
		{"literals", `type T struct{ x string }; func f(a string) any { return []any{T{x: a}, map[string]string{"k": "y"}, "z"} }`, "x=. a k= 'y 'z"},
		{"assertions and pointers", `type T struct{}; func f(a any) *T { t := a.(T); return &t }`, "t a"},
		{"errors are left out", `func f(err error) (s string) { s, err = g(); return s }; func g() (string, error) { return "x", nil }`, "s g()"},
		{"calls", `func f(a string) string { return string(g(a)) + g(a) }; func g(string) string { return "" }`, "string() g()"},
		{"functions", `func f(a string) any { return func() string { return a } }`, "func"},
	} {
		got := traced(t, tt.source, func(trace *Trace, found func(string)) {
			trace.Text = func(text string) { found("'" + text) }
			trace.Var = func(v *types.Var) bool { found(v.Name()); return true }
			trace.Part = func(key string, field *types.Var, _ ast.Expr) bool {
				if found(key + "="); field != nil {
					found(".")
				}
				return true
			}
			trace.Call = func(call *ast.CallExpr) { found(types.ExprString(call.Fun) + "()") }
			trace.Lit = func(*Func) { found("func") }
		})
		if got = strings.ReplaceAll(got, "= .", "=."); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestTraceHooks(t *testing.T) {
	t.Parallel()
	source := `type T struct{ x, y string }
		func f(a string) any { s := T{x: a, y: "y"}; t := s; return []any{t, g(), func() {}} }
		func g() string { return "" }`
	if got := traced(t, source, func(*Trace, func(string)) {}); got != "" {
		t.Errorf("without questions: %s", got)
	}
	got := traced(t, source, func(trace *Trace, found func(string)) {
		trace.Text = func(text string) { found("'" + text) }
		trace.Part = func(key string, _ *types.Var, _ ast.Expr) bool { return key != "y" }
		trace.Var = func(v *types.Var) bool { found(v.Name()); return true }
	})
	if want := "t s a"; got != want {
		t.Errorf("without what stands under y: %s, want %s", got, want)
	}
	got = traced(t, source, func(trace *Trace, found func(string)) {
		trace.Var = func(v *types.Var) bool { found(v.Name()); return v.Name() != "s" }
	})
	if want := "t s"; got != want {
		t.Errorf("not into s: %s, want %s", got, want)
	}
}

func TestTraceIsBounded(t *testing.T) {
	t.Parallel()
	var copies strings.Builder
	for i := range 2 * maxTraced {
		fmt.Fprintf(&copies, "v%d := v%d\n", i+1, i)
	}
	vars := 0
	traced(t, fmt.Sprintf("func f(v0 string) string {\n%sreturn v%d }", &copies, 2*maxTraced), func(trace *Trace, found func(string)) {
		trace.Var = func(*types.Var) bool { vars++; return true }
	})
	if vars != maxTraced+1 {
		t.Errorf("%d variables, want %d", vars, maxTraced+1)
	}
}

func TestTraceOfFields(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, source, want string }{
		{"of a literal", `func f() string { return T{x: "x", y: "y"}.x }`, "'x -'y"},
		{"of a literal without keys", `func f() string { return T{"x", "y"}.x }`, "'x -'y"},
		{"of a variable", `func f() string { t := &T{y: "y"}; t.x = "x"; return t.x }`, "-'y 'x"},
		{"of fields", `type O struct { in T; y string }; func f() string { var o O; o.in.x = "x"; o.in.y, o.y = "y", "z"; return o.in.x }`, "'x -'y -'z"},
		{"of what is embedded", `type O struct { T; z string }; func f() string { o := O{T: T{x: "x"}, z: "z"}; o.y = "y"; return o.x }`, "'x -'z -'y"},
		{"of an element", `func f() string { return []T{{x: "x"}, {y: "y"}}[1].x }`, "'x -'y"},
		{"whole", `func f() T { return T{x: "x", y: "y"} }`, "'x 'y"},
		{"several", `func f() string { t := T{x: "x", y: "y"}; return t.x + t.y }`, "'x -'y -'x 'y"},
		{"first beside", `func f() string { y := "y"; t := T{x: y, y: y}; return t.y }`, "-'y 'y"},
		{"in any case", `type O struct { kind, x string }; func f() string { return O{kind: "k", x: "x"}.x }`, "'k 'x"},
	} {
		got := traced(t, "type T struct{ x, y string }; "+tt.source, func(trace *Trace, found func(string)) {
			trace.Fields, trace.Always = true, func(key string) bool { return key == "kind" }
			trace.Var = func(v *types.Var) bool { return !v.IsField() }
			trace.Text = func(text string) {
				if trace.Beside() {
					text = "-'" + text
				} else {
					text = "'" + text
				}
				found(text)
			}
		})
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	var p Path
	for _, field := range []string{"e", "d", "c", "b", "a"} {
		p = p.in(field)
	}
	if p != "a.b.c.d" {
		t.Errorf("%s, want what leads furthest from the value", p)
	}
}
