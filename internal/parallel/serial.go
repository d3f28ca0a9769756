package parallel

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// Serial reports whether the tests of these names do one thing after another: neither they nor
// their subtests run in parallel, and no code of tests in this package that they run starts goroutines. A hook
// is the tests of all suites, as others may embed its own; specs, which have titles, come one after another.
func (p *Package) Serial(names []string) bool {
	for _, name := range names {
		_, method, _ := strings.Cut(name, ".")
		hook, known := slices.Contains(testscope.BeforeTest, method), strings.HasPrefix(name, `"`)
		for _, test := range p.Tests {
			if test.Name != name && (!hook || !strings.Contains(test.Name, ".")) {
				continue
			}
			if known = true; p.beside()[test] {
				return false
			}
		}
		if !known {
			return false
		}
	}
	return len(names) > 0
}

// besides returns the tests that run beside other code of tests, themselves or in what they run.
func (p *Package) besides() map[*Test]bool {
	all, left := map[*Test]bool{}, MaxCalls
	for _, test := range p.Tests {
		beside := test.Parallel
		p.Walk(test.Func, &left, func(f *flow.Func, at Where) {
			beside = beside || at.Parallel || (f.File.Test || takesFunction(f.Sig)) && goes(f)
		})
		all[test] = beside || left <= 0
	}
	return all
}

// takesFunction reports whether a function may run code that it is given, such as a test's: the
// goroutines of other code under test are its own.
func takesFunction(sig *types.Signature) bool {
	for param := range sig.Params().Variables() {
		if _, is := param.Type().Underlying().(*types.Signature); is {
			return true
		}
	}
	return false
}

// goes reports whether a function starts goroutines, or has a group start them.
func goes(f *flow.Func) bool {
	if slices.ContainsFunc(f.Calls, func(c *flow.Call) bool {
		sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr)
		return ok && (sel.Sel.Name == "Go" || sel.Sel.Name == "RunParallel")
	}) {
		return true
	}
	found := false
	ast.Inspect(f.Cursor.Node(), func(n ast.Node) bool {
		_, ok := n.(*ast.GoStmt)
		found = found || ok
		return !found
	})
	return found
}
