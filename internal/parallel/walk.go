package parallel

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// Where says in what a node runs.
type Where struct {
	Parallel bool // in a test or subtest that runs in parallel
	Repeated bool // in a parallel subtest that a loop starts: beside others of its kind
	Times    int  // how often, at least: rounds of the loops around, where they can be counted
	Depth    int  // calls of the package's functions that lead here
}

// maxDepth bounds the functions that call one another.
const maxDepth = 8

// Walk visits the nodes that run when the test runs, those of the functions of
// the package that it calls or hands on included. Each function is visited once
// for each kind of place. What runs when the test is over is left out. Left is how
// many nodes may still be visited, for this test and the next ones; none once it is 0.
func (p *Package) Walk(test *Test, left *int, visit func(n ast.Node, at Where)) {
	p.walk(test.Decl.Body, Where{Parallel: test.Parallel, Times: 1}, left, visit)
}

// WalkBody visits the nodes that run when the body of TestMain, or another piece
// of code, does.
func (p *Package) WalkBody(body ast.Node, visit func(n ast.Node, at Where)) {
	left := MaxNodes
	p.walk(body, Where{Times: 1}, &left, visit)
}

// MaxNodes bounds the nodes to visit for the tests of a package: many tests may call
// a helper of many statements.
const MaxNodes = 8_000_000

func (p *Package) walk(body ast.Node, at Where, left *int, visit func(n ast.Node, at Where)) {
	w := &walker{p: p, info: p.pass.TypesInfo, visit: visit, seen: map[seen]bool{}, left: left}
	w.nodes(body, at, false)
}

type walker struct {
	p     *Package
	info  *types.Info
	visit func(ast.Node, Where)
	seen  map[seen]bool
	left  *int // nodes to visit
}

type seen struct {
	decl *ast.FuncDecl
	at   Where
}

// nodes visits the nodes below n; looped says that a loop of the same function
// stands around it.
func (w *walker) nodes(n ast.Node, at Where, looped bool) {
	ast.Inspect(n, func(x ast.Node) bool {
		if x == nil || *w.left == 0 {
			return false
		}
		*w.left--
		switch x := x.(type) {
		case *ast.ForStmt:
			if x != n {
				w.nodes(x, at, true)
				return false
			}
		case *ast.RangeStmt:
			if x != n {
				inner := at
				inner.Times = min(at.Times*w.rounds(x), maxTimes)
				w.nodes(x, inner, true)
				return false
			}
		case *ast.FuncLit:
			w.literal(x, at, looped)
			return false
		case *ast.CallExpr:
			if fn := dbapi.Callee(w.info, x); fn != nil && testscope.Argument(fn)&testscope.After != 0 {
				return false
			}
		case *ast.Ident:
			if fn, ok := w.info.Uses[x].(*types.Func); ok {
				w.function(fn, at)
			}
		}
		w.visit(x, at)
		return true
	})
}

// maxTimes bounds what is counted.
const maxTimes = 10_000

// rounds returns how often the body of a loop runs at least, as far as it shows:
// the elements of a literal.
func (w *walker) rounds(loop *ast.RangeStmt) int {
	over := ast.Unparen(loop.X)
	if id, ok := over.(*ast.Ident); ok {
		over = w.p.literals[w.info.ObjectOf(id)]
	}
	if lit, ok := over.(*ast.CompositeLit); ok {
		return max(len(lit.Elts), 1)
	}
	return 1
}

// literal visits a function literal: a subtest, or a part of the code around.
func (w *walker) literal(lit *ast.FuncLit, at Where, looped bool) {
	if sig, ok := w.info.TypeOf(lit).(*types.Signature); ok && testscope.TakesTB(sig) && w.p.CallsParallel(lit.Body) {
		at.Parallel = true
		at.Repeated = at.Repeated || looped
	}
	w.visit(lit, at)
	w.nodes(lit.Body, at, false)
}

// function visits a function of the package that is called or handed on.
func (w *walker) function(fn *types.Func, at Where) {
	decl := w.p.decls[fn.Origin()]
	if decl == nil || at.Depth >= maxDepth {
		return
	}
	if testscope.TakesTB(fn.Signature()) && w.p.CallsParallel(decl.Body) {
		at.Parallel = true
	}
	key := seen{decl, Where{Parallel: at.Parallel, Repeated: at.Repeated}}
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	at.Depth++
	w.nodes(decl.Body, at, false)
}
