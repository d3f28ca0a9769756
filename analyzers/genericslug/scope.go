package genericslug

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/testscope"
)

// A function is a test, a helper or a file's specs, with what decides whether
// its slugs can meet those of others.
type function struct {
	name     string
	file     string // base name
	root     inspector.Cursor
	test     bool // runs by itself
	parallel bool
	database bool // holds a database handle
	given    bool // gets it from another package
	isolated bool // has a database of its own, a fake one, or rolls back what it does
	mentions []types.Object

	callers []*function
}

// A scope holds the functions in the test files of one package.
type scope struct {
	fset      *token.FileSet
	module    *analysis.Module
	info      *types.Info
	lifecycle *lifecycle.Package
	functions []*function
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

func newScope(pass *analysis.Pass, in *inspector.Inspector, pkg *lifecycle.Package) *scope {
	s := &scope{fset: pass.Fset, module: pass.Module, info: pass.TypesInfo, lifecycle: pkg, handles: map[types.Type]bool{}}
	byObject := map[types.Object]*function{}
	for file := range in.Root().Children() {
		name := pass.Fset.PositionFor(file.Node().Pos(), false).Filename
		if !testscope.InTestFile(name) {
			continue
		}
		for decl := range file.Children() {
			fn := &function{file: filepath.Base(name), root: decl}
			switch node := decl.Node().(type) {
			case *ast.FuncDecl:
				when := testscope.Func(s.info, node, true)
				if when&testscope.Documentation != 0 {
					continue
				}
				fn.name, fn.test = node.Name.Name, when != 0
				byObject[s.info.Defs[node.Name]] = fn
			case *ast.GenDecl:
				fn.test = hasSpecs(s.info, decl)
			default:
				continue
			}
			s.read(pass, fn)
			s.functions = append(s.functions, fn)
		}
	}
	for _, fn := range s.functions {
		for _, obj := range fn.mentions {
			if callee := byObject[obj]; callee != nil {
				callee.callers = append(callee.callers, fn)
			}
		}
	}
	s.addOpens(byObject)
	s.spread()
	return s
}

// hasSpecs reports whether a declaration runs functions: ginkgo's specs.
func hasSpecs(info *types.Info, decl inspector.Cursor) bool {
	for c := range decl.Preorder((*ast.CallExpr)(nil)) {
		if testscope.Argument(dbapi.Callee(info, c.Node().(*ast.CallExpr))) != 0 {
			return true
		}
	}
	return false
}

// read notes what the body of the function mentions.
func (s *scope) read(pass *analysis.Pass, fn *function) {
	rollsBack, commits := false, false
	for c := range fn.root.Preorder((*ast.Ident)(nil)) {
		id := c.Node().(*ast.Ident)
		obj := s.info.Uses[id]
		switch obj := obj.(type) {
		case *types.Var:
			fn.database = fn.database || s.holdsHandle(obj.Type())
		case *types.Func:
			origin := dbapi.OriginOf(obj) | s.lifecycle.Func(obj).Result
			private := origin&(dbapi.Fake|dbapi.Private) != 0 || s.lifecycle.Func(obj).Private
			fn.isolated = fn.isolated || private
			if !private && obj.Pkg() != pass.Pkg && s.givesHandle(obj) {
				fn.database, fn.given = true, true
			}
			switch obj.Name() {
			case "Rollback":
				rollsBack = rollsBack || later(s.info, c)
			case "Commit":
				commits = true
			case "Parallel":
				recv := obj.Signature().Recv()
				fn.parallel = fn.parallel || recv != nil && testscope.IsTB(recv.Type())
			}
		}
		if obj != nil {
			fn.mentions = append(fn.mentions, obj)
		}
	}
	fn.isolated = fn.isolated || rollsBack && !commits
}

// later reports whether the call around c runs when the test is over.
func later(info *types.Info, c inspector.Cursor) bool {
	for around := range c.Enclosing((*ast.DeferStmt)(nil), (*ast.CallExpr)(nil)) {
		switch n := around.Node().(type) {
		case *ast.DeferStmt:
			return true
		case *ast.CallExpr:
			if testscope.Argument(dbapi.Callee(info, n))&testscope.After != 0 {
				return true
			}
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

// holdsHandle reports whether a value of type t works with a database: a handle, or
// a fixture of the tests around one. What a struct of production code may hold says
// nothing of a test that makes one of its own.
func (s *scope) holdsHandle(t types.Type) bool {
	known, ok := s.handles[t]
	if !ok {
		known = dbapi.Handle(t) || s.ofTests(t) && dbapi.Holds(t)
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
	file := s.fset.PositionFor(named.Obj().Pos(), false).Filename
	return testscope.InTestFile(file) || testscope.NamedForTests(s.module, named.Obj().Pkg().Path(), file, named.Obj().Name())
}

// addOpens takes over what the lifecycle facts say of the tests.
func (s *scope) addOpens(byObject map[types.Object]*function) {
	for _, test := range s.lifecycle.Tests {
		if test.Decl == nil {
			continue
		}
		if fn := byObject[s.info.Defs[test.Decl.Name]]; fn != nil {
			fn.database = true
			fn.isolated = fn.isolated || !opensShared(test)
		}
	}
}

// spread hands what a helper does on to those who call it.
func (s *scope) spread() {
	for next := slices.Clone(s.functions); len(next) > 0; {
		fn := next[len(next)-1]
		next = next[:len(next)-1]
		for _, caller := range fn.callers {
			if fn.database && !caller.database || fn.isolated && !caller.isolated {
				caller.database = caller.database || fn.database
				caller.isolated = caller.isolated || fn.isolated
				next = append(next, caller)
			}
		}
	}
}

// tests returns the tests on a shared database that reach the function.
func (fn *function) tests() []*function {
	var tests []*function
	seen := map[*function]bool{}
	var visit func(*function)
	visit = func(fn *function) {
		if seen[fn] {
			return
		}
		seen[fn] = true
		if fn.test {
			if fn.database && !fn.isolated {
				tests = append(tests, fn)
			}
			return
		}
		for _, caller := range fn.callers {
			visit(caller)
		}
	}
	visit(fn)
	return tests
}
