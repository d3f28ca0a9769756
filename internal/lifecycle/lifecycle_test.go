package lifecycle_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ruletest"
)

// libraries is a module that requires the libraries that the cases import.
const libraries = "../../analyzers/newpool/testdata"

// Beside facts the cases want, at a call, site: the verdict, what is opened and the
// tests that reach it; server: whether tests started it, in the package of that name; helper: what production code named for tests opens; at a
// function whose opening hangs on them, by: its parameters; where its results are
// made of parameters, from: which; at a call of ask in a test, asked: what is known of
// its argument; at a function outside test files that is test code, testcode.
func TestFunctions(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, ruletest.Facts(lifecycle.Analyzer, nil, tell), libraries, "testdata/*.txtar")
}

// A run over a whole module sees who imports its packages.
func TestServing(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, ruletest.Facts(lifecycle.Analyzer, nil, tell), "testdata/serving", "./...")
}

func tell(pass *analysis.Pass, result any, say ruletest.Say) {
	pkg := result.(*lifecycle.Package)
	for _, s := range pkg.Sites {
		say(s.Call.Pos(), "site", fmt.Sprintf("%v %s (%s)", s.Verdict, openers(s.Opens), strings.Join(s.Tests, ", ")))
		if s.Started && pass.Pkg.Name() == "servers" {
			say(s.Call.Pos(), "server", "started")
		}
	}
	if pass.Pkg.Name() == "details" {
		tellDetails(pkg, say)
	}
	for _, s := range pkg.Helpers {
		say(s.Call.Pos(), "helper", openers(s.Opens))
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if pkg.IsTest(n) && !inTest(pass, n.Pos()) {
					say(n.Name.Pos(), "testcode", "yes")
				}
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "ask" {
					say(n.Pos(), "asked", known(pkg, n.Args[0]))
				}
			}
			return true
		})
	}
	for _, f := range pass.AllObjectFacts() {
		if what, ok := f.Fact.(*lifecycle.Func); ok && f.Object.Pkg() == pass.Pkg && !inTest(pass, f.Object.Pos()) {
			tellParameters(f.Object.(*types.Func), what, say)
		}
	}
}

func openers(opens []lifecycle.Open) string {
	var names []string
	for _, o := range opens {
		names = append(names, o.Opener.Short())
	}
	return strings.Join(names, ", ")
}

// tellDetails says of tests what they reach, and of sites which helper they lead through.
func tellDetails(pkg *lifecycle.Package, say ruletest.Say) {
	for _, test := range pkg.Tests {
		if test.Decl != nil {
			say(test.Decl.Name.Pos(), "reaches", openers(test.Opens))
		}
	}
	for _, s := range pkg.Sites {
		if helper := string(s.Helper()); helper != "" {
			say(s.Call.Pos(), "through", helper)
		}
	}
}

// known says what is known of a handle, or of a call that hands one out.
func known(pkg *lifecycle.Package, e ast.Expr) string {
	var all []string
	add := func(is bool, text string) {
		if is {
			all = append(all, text)
		}
	}
	add(pkg.Fake(e), "fake")
	if call, ok := e.(*ast.CallExpr); ok {
		add(pkg.Dials(call), "dials")
		add(pkg.Failing(call), "failing")
	}
	return strings.Join(all, ", ")
}

func inTest(pass *analysis.Pass, pos token.Pos) bool {
	return strings.HasSuffix(pass.Fset.Position(pos).Filename, "_test.go")
}

func tellParameters(fn *types.Func, what *lifecycle.Func, say ruletest.Say) {
	for _, o := range what.Opens {
		if o.Params != 0 {
			say(fn.Pos(), "by", parameters(fn, o.Params))
		}
		if o.If+o.Unless != "" {
			say(fn.Pos(), "unless", fmt.Sprintf("%s set, %s not", o.Unless, o.If))
		}
	}
	if what.Flows != 0 {
		say(fn.Pos(), "from", parameters(fn, what.Flows))
	}
}

// parameters names those of a function that are in a set.
func parameters(fn *types.Func, set flow.Params) string {
	var names []string
	for i := range set.All {
		names = append(names, flow.ParamOf(fn.Signature(), i).Name())
	}
	return strings.Join(names, ", ")
}

// Libraries that the catalogue does not know start servers.
func TestWrappers(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, ruletest.Facts(lifecycle.Analyzer, nil, tell), "testdata/wrappers", "./...")
}
