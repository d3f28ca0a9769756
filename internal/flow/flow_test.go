package flow

import (
	"fmt"
	"go/ast"
	"go/types"
	"testing"

	"github.com/poollint/poollint/internal/testscope"
)

var occasions = []string{"once", "per test", "documentation", "after"}

func when(w testscope.When) string {
	for i, name := range occasions {
		if w == 1<<i {
			return name
		}
	}
	return ""
}

func TestFuncs(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"declared", "func run() {}\ntype T struct{}\nfunc (t *T) M() {}\nfunc f(int)", "run\nT.M"}, // one has no body
		{"blank and init", "func _() {}\nfunc init() {}\nfunc init() {}", "_\ninit: once\ninit: once"},
		{"generic", "type Box[T any] struct{}\nfunc (b Box[T]) Get() {}\nfunc Map[K comparable, V any]() {}", "Box.Get\nMap"},
		{"tests", `import "testing"
			func TestMain(m *testing.M) {}
			func TestA(t *testing.T) {}
			func Example() {}
			func helper(t *testing.T) {}`, "TestMain: once\nTestA: per test\nExample: documentation\nhelper"},
		{"literals, outer ones first", `func run() {
			f := func() { func() {}() }
			go func() {}()
			defer func() {}()
			_ = f
		}`, "run\nrun$1: detached\nrun$1$1\nrun$2\nrun$3"},
		{"assigned, returned, held", `type T struct{ f func() }
			var _ = func() {}
			var x = func() {}
			func run() func() {
				var t T
				t.f = (func() {})
				_ = T{f: func() {}}
				_ = T{func() {}}
				_ = []func(){func() {}}
				return func() {}
			}`, `var _: once
			var _$1: detached
			var x: once
			var x$1: detached
			run
			run$1: detached
			run$2: detached
			run$3: detached
			run$4: detached
			run$5: detached`},
		{"initialisers", `import "github.com/onsi/ginkgo/v2"
			const c = 1
			type t int
			var _ = ginkgo.Describe("orders", func() {
				ginkgo.BeforeEach(func() {})
				ginkgo.It("are kept", func() {})
			})
			var (
				a = func() int { return 1 }()
				b = 2
			)`, `var _: once
			var _$1: once "orders"
			var _$1$1: per test prepares
			var _$1$2: per test "are kept"
			var a: once
			var a$1`},
		{"given to what runs it", `import ("sync"; "testing")
			func TestA(t *testing.T) {
				t.Run("one", func(t *testing.T) { t.Cleanup(func() {}) })
				new(sync.Once).Do(func() {})
			}`, "TestA: per test\nTestA$1: per test \"one\"\nTestA$1$1: after\nTestA$2: once"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := load(t, tt.source)
			var got []string
			for _, f := range p.Funcs() {
				line := ""
				if f.When != 0 {
					line += " " + when(f.When)
				}
				if f.Prepares {
					line += " prepares"
				}
				if f.Detached {
					line += " detached"
				}
				if f.Title != "" {
					line += fmt.Sprintf(" %q", f.Title)
				}
				if line != "" {
					line = ":" + line
				}
				got = append(got, name(f)+line)
			}
			lines(t, got, tt.want)
		})
	}
}

func TestFuncIn(t *testing.T) {
	t.Parallel()
	p := load(t, `
		func run(f func(int) (string, error)) (n int, err error) {
			f(1)
			inner := func() (int, error) { return 2, nil }
			if n > 0 { return inner() }
			return n, err
		}
		var table = []string{"a"}
		func generic[T any](x T) {}
		func main() { generic[int](1) }`)
	outer, inner, initial := find(t, p, "run"), find(t, p, "run$1"), find(t, p, "var table")
	if inner.Parent != outer || inner.Outer() != outer || outer.Outer() != outer || !inner.Within(outer) || outer.Within(inner) || !outer.Within(outer) {
		t.Error("a literal is within the function that it stands in")
	}
	if outer.Body() != outer.Decl.Body || inner.Body() != inner.Lit.Body || initial.Body() != initial.Cursor.Node() {
		t.Error("the bodies are those of the declaration, the literal and the declaration of variables")
	}
	if outer.Type() != outer.Decl.Type || inner.Type() != inner.Lit.Type || initial.Type() != nil || initial.Sig != nil || p.Ways(initial) != nil {
		t.Error("initialisers have no type, the others theirs")
	}
	if len(outer.Returns) != 2 || len(inner.Returns) != 1 || len(outer.Results()) != 5 || len(inner.Results()) != 2 {
		t.Errorf("results %d %d, want the returned and the names of the named", len(outer.Results()), len(inner.Results()))
	}
	if len(initial.Texts) != 1 || len(outer.Texts) != 0 {
		t.Error("the text is the initialiser's")
	}
	if p.Func(outer.Obj) != outer || p.FuncAt(inner.Lit) != inner || p.Func(nil) != nil || p.Func(types.NewFunc(0, nil, "f", outer.Sig)) != nil {
		t.Error("a function is found by its object and its node")
	}
	for c := range outer.Cursor.Preorder((*ast.ReturnStmt)(nil)) {
		if around := p.Around(c); around != outer && around != inner || (around == inner) != (c.Node() == inner.Returns[0]) {
			t.Errorf("a return of run stands in %s", name(around))
		}
	}
	if !outer.File.Test || outer.File.Supports || outer.File.Generated {
		t.Errorf("%+v is a test file that nobody generated", outer.File)
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	p := load(t, `
		const word = "a"
		var global string
		type Box[T any] struct{ value T }
		func (b *Box[T]) set(v T) { b.value = v }
		func run(b Box[string]) { b.value = word; global = b.value; _ = Box[int]{value: 1}; global := 1; _ = global; take(b, &b) }
		func take(Box[string], *Box[string]) {}
		func switched(x any) { switch y := x.(type) { case int: _ = y; default: _ = y } }`)
	for name, want := range map[string]int{"word": 1, "value": 4, "v": 1} {
		if got := p.Mentions(variable(t, p, name)); len(got) != want {
			t.Errorf("%s is mentioned %d times, want %d", name, len(got), want)
		}
	}
	global := p.code().pass.Pkg.Scope().Lookup("global").(*types.Var)
	run := find(t, p, "run")
	if len(p.Mentions(global)) != 1 || !Global(global) || p.Local(global) {
		t.Error("the variable of the function is not the package's")
	}
	b := ParamOf(run.Sig, 1)
	if param, ok := p.Param(b); !ok || param != (Param{run, 1}) || p.Local(b) || Global(b) {
		t.Errorf("b is %+v, want parameter 1 of run", param)
	}
	if !p.AddressTaken(b) || p.AddressTaken(global) {
		t.Error("the address of b alone is taken")
	}
	if passed := p.Passed(b); len(passed) != 2 || passed[0].I != 0 || passed[1].I != 1 || passed[0].Call.Fn.Name() != "take" {
		t.Errorf("b is passed as %+v, want both arguments of take", passed)
	}
	all := map[types.Object]bool{}
	for obj := range p.Mentioned() {
		all[obj] = true
	}
	if !all[global] || !all[b] || !all[variable(t, p, "word")] {
		t.Errorf("not all are mentioned: %v", all)
	}
}

func TestUses(t *testing.T) {
	t.Parallel()
	p := load(t, `import ("testing"; "example.com/other")
		type S struct{ f func() }
		func (s S) M() {}
		func plain() {}
		func sub(t *testing.T) {}
		func gen[T any](t *testing.T) {}
		func TestA(t *testing.T) {
			plain()
			(plain)()
			f := plain
			f()
			t.Run("a", sub)
			t.Run("b", gen[int])
			gen[int](t)
			t.Cleanup((plain))
			func() { t.Cleanup(S{}.M) }()
			other.Run(plain)
			g := S.M
			g(S{plain})
			t.Cleanup(t.FailNow)
		}`)
	var got []string
	for _, f := range p.Funcs() {
		for _, use := range f.Uses {
			got = append(got, fmt.Sprintf("%s in %s: %s", name(f), name(use.In), when(use.When)))
		}
	}
	lines(t, got, `
		S.M in TestA$1: after
		S.M in TestA:
		plain in TestA:
		plain in TestA: after
		plain in TestA:
		plain in TestA:
		sub in TestA: per test
		gen in TestA: per test`)
	got = nil
	for _, ref := range find(t, p, "TestA").Refs {
		got = append(got, funcName(ref.Of)+": "+when(ref.When))
	}
	lines(t, got, "plain:\nsub: per test\ngen: per test\nplain: after\nplain:\nS.M:\nplain:\ncommon.FailNow: after")
}
