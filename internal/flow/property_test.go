package flow

import (
	"go/ast"
	"go/types"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/brokencode"
)

// sources are Go files that may not type-check here, as most of what they import is
// missing.
func sources(t testing.TB) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, dir := range []string{".", "../lifecycle", "../driver", "../../analyzers"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
				return err
			}
			text, err := os.ReadFile(path)
			all[path] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 50 {
		t.Fatalf("%d files", len(all))
	}
	return all
}

func TestProperties(t *testing.T) {
	t.Parallel()
	for path, source := range sources(t) {
		t.Run(path, func(t *testing.T) {
			p, _ := check(source)
			hold(t, p)
		})
	}
}

func TestPropertiesOfBrokenCode(t *testing.T) {
	t.Parallel()
	seed := uint64(0)
	for path, source := range sources(t) {
		t.Run(path, func(t *testing.T) {
			seed++
			r := rand.New(rand.NewPCG(seed, 0))
			p, _ := check(brokencode.Break(source, 20<<(seed%6), r))
			hold(t, p)
		})
	}
}

func FuzzBrokenCode(f *testing.F) {
	for _, source := range sources(f) {
		f.Add(source, uint64(0))
		f.Add(source, uint64(1))
	}
	f.Fuzz(func(t *testing.T, source string, seed uint64) {
		if seed > 0 {
			source = brokencode.Break(source, 20<<(seed%6), rand.New(rand.NewPCG(seed, 0)))
		}
		p, _ := check(source)
		hold(t, p)
	})
}

// hold checks what holds of all code.
func hold(t *testing.T, p *Package) {
	t.Helper()
	holdComponents(t, p)
	holdCalls(t, p)
	holdStores(t, p)
	for _, f := range p.Funcs() {
		if p.FuncAt(f.Cursor.Node()) != f {
			t.Errorf("%s is not found where it stands", name(f))
		}
		if f.Parent != nil && !slices.Contains(f.Parent.Lits, f) {
			t.Errorf("%s is not among the literals of %s", name(f), name(f.Parent))
		}
		for _, use := range f.Uses {
			if !slices.Contains(use.In.Refs, use) || p.Func(use.Of) != f {
				t.Errorf("a use of %s is no reference of %s", name(f), name(use.In))
			}
		}
		w := p.Ways(f)
		if w == nil {
			continue
		}
		for _, call := range f.Calls {
			w.Out(Query{From: call.At, Stops: func(ast.Node) bool { return false }})
		}
	}
}

// holdComponents: BottomUp visits each function once if nothing changes, those that it
// is made of before it unless they are made of it too.
func holdComponents(t *testing.T, p *Package) {
	t.Helper()
	group := map[*Func]int{}
	for i, fs := range p.code().components() {
		for _, f := range fs {
			group[f] = i
		}
	}
	visits := map[*Func]int{}
	done := 0
	p.BottomUp(func(f *Func) bool {
		visits[f]++
		for _, to := range p.code().below(f) {
			if visits[to] == 0 && group[to] != group[f] {
				t.Errorf("%s is summarized before %s", name(f), name(to))
			}
		}
		done++
		return false
	})
	if done != len(p.Funcs()) || len(visits) != done || len(group) != done {
		t.Errorf("%d visits of %d functions, %d in components, want %d", done, len(visits), len(group), len(p.Funcs()))
	}
}

// holdCalls: each call in a function is a Call, Callers are the inverse of Targets, and
// arguments are those of the call.
func holdCalls(t *testing.T, p *Package) {
	t.Helper()
	for _, f := range p.Funcs() {
		if f.Parent != nil {
			continue
		}
		for c := range f.Cursor.Preorder((*ast.CallExpr)(nil)) {
			call := p.Call(c.Node().(*ast.CallExpr))
			if call == nil || call.In != p.Around(c) || !slices.Contains(call.In.Calls, call) {
				t.Errorf("%s in %s is not known as a call there", types.ExprString(c.Node().(ast.Expr)), name(f))
			}
		}
	}
	for _, f := range p.Funcs() {
		if !slices.IsSortedFunc(f.Calls, func(a, b *Call) int { return int(a.Expr.Pos() - b.Expr.Pos()) }) {
			t.Errorf("the calls of %s are not in source order", name(f))
		}
		for _, caller := range f.Callers {
			if !slices.Contains(caller.Targets(), f) {
				t.Errorf("%s is no target of its caller", name(f))
			}
		}
		for _, call := range f.Calls {
			call.Receiver()
			p.FuncsGiven(call.Expr.Fun)
			if call.Fn != nil {
				p.code().implementations(call.Fn)
			}
			for _, to := range call.Targets() {
				n := 0
				for _, caller := range to.Callers {
					if caller == call {
						n++
					}
				}
				if n != 1 {
					t.Errorf("a call of %s is %d times among its callers", name(to), n)
				}
				for i := -1; to.Sig != nil && i <= ParamCount(to.Sig); i++ {
					for _, arg := range call.Args(to.Sig, i) {
						if i != Receiver && !slices.Contains(call.Expr.Args, arg) {
							t.Errorf("%s is no argument of %s", types.ExprString(arg), name(to))
						}
					}
				}
			}
		}
	}
}

// holdStores: a store is found by what takes the value and by the value.
func holdStores(t *testing.T, p *Package) {
	t.Helper()
	for _, f := range p.Funcs() {
		for _, s := range f.Stores {
			if s.In != f || !slices.Contains(p.From(s.Src), s) ||
				s.To != nil && !slices.Contains(p.Into(s.To), s) || s.Root != nil && !slices.Contains(p.Into(s.Root), s) {
				t.Errorf("a store in %s is not found: %s", name(f), tell(s))
			}
		}
	}
}
