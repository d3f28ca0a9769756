package genericslug

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/isolation"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// A function is a test, a helper or a declaration of the package, such as a file's
// specs, with what decides whether its slugs can meet those of others.
type function struct {
	name     string
	file     string // base name
	root     inspector.Cursor
	nodes    flow.Nodes // below root
	code     *flow.Func // nil for a declaration of constants or types
	test     bool       // runs by itself
	once     bool       // once a process or suite: it makes what all of that use
	parallel bool
	database bool // holds a database handle
	given    bool // gets it from another package
	isolated bool // has a database of its own, or a fake one
	undone   bool // a test that rolls back what it does
	cleans   bool // a test that cleans up
}

// at returns the cursor of a node in the function.
func (fn *function) at(n ast.Node) (inspector.Cursor, bool) { return fn.nodes.At(fn.root, n) }

// pos is where its name stands.
func (fn *function) pos() token.Pos {
	if decl, ok := fn.root.Node().(*ast.FuncDecl); ok {
		return decl.Name.Pos()
	}
	return fn.root.Node().Pos()
}

// A scope holds the functions in the test files of one package.
type scope struct {
	pass      *analysis.Pass
	code      *flow.Package
	lifecycle *lifecycle.Package
	left      *isolation.Package
	functions []*function
	byCode    map[*flow.Func]*function
	handles   map[types.Type]bool // what holdsHandle found
}

// sharesDatabase reports whether the package has a database that is not private
// to a test: it opens one, or gets a handle from another package.
func (s *scope) sharesDatabase() bool {
	for _, site := range s.lifecycle.Sites {
		if site.Verdict == lifecycle.PerTest || site.Verdict == lifecycle.Once || site.Verdict == lifecycle.Unassigned {
			return true
		}
	}
	return slices.ContainsFunc(s.lifecycle.Tests, opensShared) ||
		slices.ContainsFunc(s.functions, func(fn *function) bool { return fn.given })
}

func opensShared(test *lifecycle.Test) bool {
	shared := false
	for _, open := range test.Opens {
		if open.Private {
			return false
		}
		shared = true
	}
	return shared
}

func newScope(pass *analysis.Pass, pkg *lifecycle.Package) *scope {
	s := &scope{pass: pass, code: flow.Of(pass), lifecycle: pkg, byCode: map[*flow.Func]*function{}, handles: map[types.Type]bool{}}
	s.left = pass.ResultOf[isolation.Analyzer].(*isolation.Package)
	for file := range pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root().Children() {
		name := pass.Fset.PositionFor(file.Node().Pos(), false).Filename
		if !testscope.InTestFile(name) {
			continue
		}
		for decl := range file.Children() {
			s.declaration(decl, filepath.Base(name))
		}
	}
	s.read()
	s.addOpens()
	s.addHooks()
	s.spread()
	return s
}

// declaration adds what a file declares.
func (s *scope) declaration(decl inspector.Cursor, file string) {
	fn := &function{file: file, root: decl, code: s.code.FuncAt(decl.Node())}
	switch node := decl.Node().(type) {
	case *ast.FuncDecl:
		fn.name = node.Name.Name
		if fn.code != nil {
			if fn.code.When&testscope.Documentation != 0 {
				return
			}
			fn.test, fn.once = fn.code.When != 0, fn.code.When&testscope.Once != 0
		}
	case *ast.GenDecl:
		fn.test = fn.code != nil && hasSpecs(fn.code)
	default:
		return
	}
	if fn.code != nil {
		fn.undone, fn.cleans = s.left.RollsBack(fn.code), s.left.Cleans(fn.code)
		fn.parallel = s.pass.ResultOf[parallel.Analyzer].(*parallel.Package).CallsParallel(fn.code)
		s.byCode[fn.code] = fn
		fn.isolated = fn.code.Obj != nil && s.lifecycle.Func(fn.code.Obj).Makes&dbapi.Private != 0
	}
	s.functions = append(s.functions, fn)
}

// hasSpecs reports whether the initialisers of variables run functions: ginkgo's specs.
func hasSpecs(f *flow.Func) bool {
	return slices.ContainsFunc(f.Lits, hasSpecs) ||
		slices.ContainsFunc(f.Calls, func(call *flow.Call) bool { return testscope.Argument(call.Fn) != 0 })
}

// around returns the function around a node; nil if it is none of the scope.
func (s *scope) around(c inspector.Cursor) *function {
	if f := s.code.Around(c); f != nil {
		return s.byCode[f.Outer()]
	}
	return nil
}

// read notes what the functions mention.
func (s *scope) read() {
	for obj := range s.code.Mentioned() {
		if v, ok := obj.(*types.Var); !ok || !s.holdsHandle(v.Type()) {
			continue
		}
		for _, at := range s.code.Mentions(obj) {
			if fn := s.around(at); fn != nil && !s.looked(at) {
				fn.database = true
			}
		}
	}
	for _, f := range s.code.Funcs() {
		fn := s.byCode[f.Outer()]
		if fn == nil {
			continue
		}
		for _, call := range f.Calls {
			if call.Fn != nil {
				s.mention(fn, call.Fn)
			}
		}
		for _, ref := range f.Refs {
			s.mention(fn, ref.Of)
		}
	}
}

// looked reports whether a mention of a handle asks no more than whether there is one, or which.
func (s *scope) looked(at inspector.Cursor) bool {
	if at.ParentEdgeKind() == edge.SelectorExpr_Sel {
		at = at.Parent()
	}
	switch up := at.Parent().Node().(type) {
	case *ast.BinaryExpr:
		return up.Op == token.EQL || up.Op == token.NEQ
	case *ast.CallExpr:
		fn := dbapi.Callee(s.pass.TypesInfo, up)
		return at.ParentEdgeKind() == edge.CallExpr_Args && fn != nil && fn.Pkg() != nil && testlib.Looks(fn.Pkg().Path())
	}
	return false
}

// mention notes what it says of a function that it mentions another one.
func (s *scope) mention(fn *function, of *types.Func) {
	known := s.lifecycle.Func(of)
	var origin dbapi.Origin
	if dbapi.NameOf(of).SQL() { // a server of HTTP, or of Redis, stands in for no database
		origin = dbapi.OriginOf(of)
	}
	if mayHold(of.Signature().Results()) {
		origin |= known.Result
	}
	if known.Makes != 0 || origin.Fakes() || origin&dbapi.Private != 0 {
		fn.isolated = true
	} else if of.Pkg() != s.pass.Pkg && s.givesHandle(of) {
		fn.database, fn.given = true, true
	}
}

// mayHold reports whether one of the results is a handle, or may have one.
func mayHold(results *types.Tuple) bool {
	for result := range results.Variables() {
		if t := result.Type(); dbapi.Handle(t) || types.IsInterface(t) || dbapi.Holds(t) {
			return true
		}
	}
	return false
}

// givesHandle reports whether a helper for tests hands out a database handle.
func (s *scope) givesHandle(fn *types.Func) bool {
	if !testscope.TakesTB(fn.Signature()) {
		return false
	}
	for result := range fn.Signature().Results().Variables() {
		if s.holdsHandle(result.Type()) {
			return true
		}
	}
	return false
}

// holdsHandle reports whether a value of type t works with a database: a handle, what a library
// makes of one, such as a collection, or a fixture of the tests around one. What a struct of production code may hold says
// nothing of a test that makes one of its own.
func (s *scope) holdsHandle(t types.Type) bool {
	known, ok := s.handles[t]
	if !ok {
		if row, unnamed := types.Unalias(t).(*types.Struct); unnamed { // of a table
			known = slices.ContainsFunc(slices.Collect(row.Fields()), func(field *types.Var) bool { return s.holdsHandle(field.Type()) })
		} else {
			known = dbapi.Handle(t) || (s.ofTests(t) || dbapi.OfLibrary(t) && !types.IsInterface(t)) && dbapi.Holds(t)
		}
		s.handles[t] = known
	}
	return known
}

// ofTests reports whether a type is declared in a test file, or in a package that
// serves tests.
func (s *scope) ofTests(t types.Type) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return !ok
	}
	return s.forTests(named.Obj())
}

// forTests reports whether something is declared in a test file, or in a package that serves tests.
func (s *scope) forTests(obj types.Object) bool {
	file := s.pass.Fset.PositionFor(obj.Pos(), false).Filename
	return testscope.InTestFile(file) || testscope.NamedForTests(s.pass.Module, obj.Pkg().Path(), file, obj.Name())
}

// addOpens takes over what the lifecycle facts say of the tests.
func (s *scope) addOpens() {
	for _, test := range s.lifecycle.Tests {
		if test.Decl == nil {
			continue
		}
		if fn := s.byCode[s.code.FuncAt(test.Decl)]; fn != nil {
			fn.database = true
			fn.isolated = fn.isolated || !opensShared(test)
		}
	}
}

// addHooks takes over what the lifecycle facts say of the hooks that suites get from other packages.
func (s *scope) addHooks() {
	for _, fn := range s.functions {
		if !fn.test || fn.code == nil || fn.code.Sig == nil || fn.code.Sig.Recv() == nil {
			continue
		}
		for _, hook := range testscope.HooksOf(fn.code.Sig.Recv().Type(), s.pass.Pkg) {
			known := s.lifecycle.Func(hook)
			if hook.Pkg() == s.pass.Pkg || len(known.Opens) == 0 && known.Makes == 0 {
				continue
			}
			fn.database, fn.given = true, true
			fn.isolated = fn.isolated || known.Makes != 0 || slices.ContainsFunc(known.Opens, func(o lifecycle.Open) bool { return o.Private })
		}
	}
}

// spread hands what a helper does on to those who use it.
func (s *scope) spread() {
	for _, fn := range s.functions {
		if fn.code == nil || !fn.database && !fn.isolated {
			continue
		}
		parallel.Upward(fn.code, func(f *flow.Func) (further bool) {
			user := s.byCode[f]
			if user == nil || user == fn {
				return user == fn
			}
			further = fn.database && !user.database || fn.isolated && !user.isolated
			user.database, user.isolated = user.database || fn.database, user.isolated || fn.isolated
			return further
		})
	}
}

// undone reports whether the spec or subtest of a function around e rolls back what it does.
func (s *scope) undone(fn *function, e ast.Expr) bool {
	at, ok := fn.at(e)
	return ok && s.left.RollsBackAround(s.code.Around(at))
}

// elsewhere reports whether a call around e works with a database whose name may be one test's, or
// must fail, so that it writes nothing.
func (s *scope) elsewhere(fn *function, e ast.Expr) bool {
	at, ok := fn.at(e)
	if !ok {
		return false
	}
	for around := range at.Enclosing((*ast.CallExpr)(nil)) {
		call := s.code.Call(around.Node().(*ast.CallExpr))
		if call != nil && (call.Receiver() != nil && s.left.OwnByName(call.Receiver()) || s.lifecycle.Failing(call.Expr)) {
			return true
		}
	}
	return false
}

// tests returns the tests on a shared database that reach the function. What SQL of its own
// gives to a pool is not rolled back with a transaction.
func (s *scope) tests(fn *function, pooled bool) []*function {
	var tests []*function
	if fn.code == nil {
		return nil
	}
	parallel.Upward(fn.code, func(f *flow.Func) (further bool) {
		user := s.byCode[f]
		if user != nil && user.test && user.database && !user.isolated && (pooled || !user.undone) {
			tests = append(tests, user)
		}
		return user != nil && !user.test
	})
	return tests
}
