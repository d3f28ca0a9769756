package lifecycle

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lvalue"
	"github.com/poollint/poollint/internal/testscope"
)

// A graph holds the functions of one package, the calls between them and what
// is assigned to each variable.
type graph struct {
	pass     *analysis.Pass
	info     *types.Info
	cat      *dbapi.Catalogue
	nodes    []*node
	byFunc   map[*types.Func]*node
	imported map[*types.Func]*Func // of other packages; nil if nothing is known
	byLit    map[*ast.FuncLit]*node
	byExpr   map[*ast.CallExpr]*call // made by callOf

	sources map[*types.Var][]source  // what a variable is made of, wherever it is assigned
	flows   map[*node][]flow         // by declaration: what is assigned in it
	held    map[ast.Expr]*types.Var  // the variable or field that takes the first result of a call
	taken   map[*types.Var]bool      // variables whose address is taken
	bound   map[*types.Var][]*node   // literals assigned to a variable or a field
	befores []*node                  // literals that run before each spec beside them
	errs    map[types.Object][]*path // where an error is mentioned
	fakes   map[string]bool          // names of database/sql drivers that tests register
	said    map[string]dbapi.Origin  // what constants say, once asked

	libraries map[string]bool // import paths of the catalogue

	steps int       // see maxSteps
	cut   token.Pos // where they ended; not valid if all were followed

	tables  map[*node]*table // by declaration
	guards  map[*call]bool
	openeds map[*call][]opened
	handed  map[*node]*tracer // what the results are made of
	suites  map[string]bool   // whether a suite's hooks make a database
	made    map[string]bool   // types that functions return which make a database
	sums    map[*node]*summary
	summing map[*node]bool // being summarized, to cut recursion
}

// A node is a declared function, a function literal, or the initialiser of
// package-level variables.
type node struct {
	fn     *types.Func // declared function
	decl   *ast.FuncDecl
	lit    *ast.FuncLit
	parent *node // of a literal
	body   ast.Node
	sig    *types.Signature // nil for an initialiser
	file   *fileInfo
	when   testscope.When // what its own form says
	detach bool           // a literal that does not run as a part of its parent
	name   string         // of a spec: its text

	inner   []*node // literals in the body
	calls   []*call
	uses    []use
	called  []*call // calls of this function in the package
	used    []use   // other mentions of this function in the package
	makes   bool    // a constant creates a database or schema
	ddl     bool    // of a declaration: a constant changes tables
	serves  bool    // of a declaration: uses a running test or an assertion library
	private bool    // makes a database, schema or container

	// Asked for again and again, and found out once.
	returns func() []ast.Expr // see results
	makers  func() []*call    // calls that make a database, schema or container
	isTest  func() bool       // see isTestCode
}

// A use is a mention of a function other than a call.
type use struct {
	in   *node
	fn   *types.Func
	when testscope.When // when the mention makes it run
}

// A call is a call of a function that is known by name.
type call struct {
	in   *node
	expr *ast.CallExpr
	fn   *types.Func // nil for a call of a literal
	at   *path       // of expr
}

// A path leads from a node of the syntax to those around it.
type path struct {
	node ast.Node
	up   *path
}

// A source is something that flows into a variable.
type source struct {
	expr ast.Expr
	in   *node
	key  string // the field or map key that takes it, if any
}

// A flow is a source with the variable that it flows into.
type flow struct {
	to *types.Var
	source
}

type fileInfo struct {
	ast       *ast.File
	test      bool // _test.go
	supports  bool // imports testing or an assertion library, though it is no test file
	generated bool
}

func newGraph(pass *analysis.Pass, cat *dbapi.Catalogue, libraries map[string]bool) *graph {
	g := &graph{
		pass: pass, info: pass.TypesInfo, cat: cat, libraries: libraries,
		byFunc:   map[*types.Func]*node{},
		imported: map[*types.Func]*Func{}, byLit: map[*ast.FuncLit]*node{},
		sources: map[*types.Var][]source{}, flows: map[*node][]flow{}, held: map[ast.Expr]*types.Var{},
		taken: map[*types.Var]bool{}, bound: map[*types.Var][]*node{}, fakes: map[string]bool{}, said: map[string]dbapi.Origin{}, errs: map[types.Object][]*path{},
		tables: map[*node]*table{}, guards: map[*call]bool{}, openeds: map[*call][]opened{}, handed: map[*node]*tracer{}, suites: map[string]bool{},
		sums: map[*node]*summary{}, summing: map[*node]bool{},
	}
	for _, f := range pass.Files {
		g.addFile(f)
	}
	g.link()
	g.spread()
	return g
}

func (g *graph) addFile(f *ast.File) {
	file := &fileInfo{ast: f, generated: ast.IsGenerated(f)}
	file.test = testscope.InTestFile(g.pass.Fset.PositionFor(f.Package, false).Filename)
	file.supports = !file.generated && testscope.Supports(f)
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			fn, ok := g.info.Defs[d.Name].(*types.Func)
			if !ok || d.Body == nil {
				continue
			}
			n := &node{
				fn: fn, decl: d, body: d.Body, sig: fn.Signature(), file: file,
				when: testscope.Func(g.info, d, file.test),
			}
			g.byFunc[fn] = n
			g.add(n, &path{node: d})
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				g.add(&node{body: d, file: file, when: testscope.Once}, nil)
			}
		}
	}
}

// add adds a node whose body stands at the path.
func (g *graph) add(n *node, at *path) {
	g.nodes = append(g.nodes, n)
	n.returns = sync.OnceValue(func() []ast.Expr { return results(g.info, n) })
	n.makers = sync.OnceValue(func() []*call { return g.makersIn(n) })
	n.isTest = sync.OnceValue(n.isTestCode)
	w := &walker{g: g, n: n, seen: map[*ast.Ident]bool{}, at: at}
	w.walk(n.body)
}

// variable returns the variable or field that e names.
func (g *graph) variable(e ast.Expr) *types.Var { return lvalue.Var(g.info, e) }

// root returns the variable at the start of e.
func (g *graph) root(e ast.Expr) *types.Var { return lvalue.Root(g.info, e) }

// link resolves calls and mentions to the nodes of the package.
func (g *graph) link() {
	for _, n := range g.nodes {
		callees := map[*types.Func]int{}
		for _, c := range n.calls {
			for _, to := range g.targets(c) {
				to.called = append(to.called, c)
				if to.fn != nil {
					callees[to.fn]++
				}
			}
		}
		// An identifier that names a function is a mention unless it is called.
		for _, u := range n.uses {
			if u.when == 0 && callees[u.fn] > 0 {
				callees[u.fn]--
				continue
			}
			if to := g.byFunc[u.fn]; to != nil {
				to.used = append(to.used, u)
			}
		}
	}
}

// targets returns the nodes of the package that the call may run.
func (g *graph) targets(c *call) []*node {
	if c.fn != nil {
		if n := g.byFunc[c.fn.Origin()]; n != nil {
			return []*node{n}
		}
		return nil
	}
	if lit, ok := ast.Unparen(c.expr.Fun).(*ast.FuncLit); ok {
		if n := g.byLit[lit]; n != nil {
			return []*node{n}
		}
	}
	if v := g.variable(c.expr.Fun); v != nil {
		return g.bound[v]
	}
	return nil
}

// isTestCode reports whether the node is test code: in a test file, or in a function
// that takes or uses a running test, or that nothing but tests can call.
func (n *node) isTestCode() bool {
	if n.file.generated {
		return n.file.test
	}
	if o := n.outer(); o.file.test || o.serves || o.when&testscope.PerTest != 0 || o.forTestsOnly() {
		return true
	}
	for m := n; m != nil; m = m.parent {
		if m.sig != nil && testscope.TakesTB(m.sig) {
			return true
		}
	}
	return false
}

// namedForTests reports whether the node is production code that says of itself
// that it serves tests.
func (g *graph) namedForTests(n *node) bool {
	o := n.outer()
	return o.fn != nil && testscope.NamedForTests(g.pass.Module, g.pass.Pkg.Path(), g.pass.Fset.PositionFor(o.decl.Pos(), false).Filename, o.fn.Name())
}

// forTestsOnly reports whether the node is an unexported function that no file
// but test files mentions. In the variant of the package without test files
// nothing mentions it at all, so that the answer is the same.
func (n *node) forTestsOnly() bool {
	if n.fn == nil || n.fn.Exported() || n.sig.Recv() != nil || n.when != 0 || n.fn.Name() == "main" {
		return false
	}
	return !slices.ContainsFunc(n.called, func(c *call) bool { return !c.in.file.test }) &&
		!slices.ContainsFunc(n.used, func(u use) bool { return !u.in.file.test })
}

// outer returns the declared function or initialiser around the node.
func (n *node) outer() *node {
	for n.parent != nil {
		n = n.parent
	}
	return n
}

// whole returns the declaration of the node, or the literal, with its parameters.
func (n *node) whole() ast.Node {
	switch {
	case n.decl != nil:
		return n.decl
	case n.lit != nil:
		return n.lit
	}
	return n.body
}

// opaque reports whether values of the type say nothing of a database: contexts
// and running tests.
func opaque(t types.Type) bool {
	return dbapi.TypeName(t) == "context.Context" || testscope.IsTB(t)
}
