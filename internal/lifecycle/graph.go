package lifecycle

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// A graph asks the code of one package what it does with handles.
type graph struct {
	pass *analysis.Pass
	info *types.Info
	cat  *dbapi.Catalogue
	code *flow.Package

	mu sync.Mutex // guards what traces note, once rules ask

	libraries map[string]bool // import paths of the catalogue
	serves    bool            // the package is there for tests alone
	befores   []*flow.Func    // literals that run before each spec beside them
	invented  invented        // drivers of database/sql

	steps int       // see maxSteps
	cut   token.Pos // where they ended; not valid if all were followed

	// Asked for again and again, and found out once.
	dispatched map[*flow.Func][]*flow.Call // the calls by way of an interface that may run it
	private    map[*flow.Func]dbapi.Origin // what it makes, see Func.Makes
	privateBy  map[*flow.Func]values       // does where callers give one of these parameters a name that is not fixed
	tests      map[*flow.Func]bool         // is test code
	makers     map[*flow.Func][]maker
	setenv     []*flow.Call // that put values into the environment; nil until it is asked for
	texts      map[*flow.Func]effects
	serving    map[*flow.Func]bool // see usesTest
	incoming   map[*types.Var][]source
	receiving  map[*types.Var][]*flow.Call // calls of methods, with arguments, by the root of their receiver
	origins    map[string]dbapi.Origin     // what constants say
	either     map[ast.Expr]dbapi.Origin   // what alternatives are made of
	sparing    map[*types.Var]map[ast.Expr]bool
	served     map[*flow.Func]bool          // tests that accept connections themselves
	forTests   map[*types.Var][]*flow.Store // what it takes where a condition says that tests run
	tables     map[*flow.Func]*table        // by declaration
	guards     map[*flow.Call]bool

	limitFields []types.Object // nil until somebody asks for limits
	opened      map[*flow.Call][]opened
	handed      map[*flow.Func]*tracer // what the results are made of
	holds       map[heldField]dbapi.Origin
	servers     map[*types.TypeName]dbapi.Origin // types of libraries that make servers
	suites      map[string]bool                  // whether a suite's hooks make a database
	fixtures    map[string]bool                  // types that functions return which make a database
	runs        func() []suiteRun
	replacing   map[string]bool         // see replaces
	registered  map[registered][]string // names of functions in tables
	summaries   flow.Summaries[*summary]
}

// A source is something that flows into a variable.
type source struct {
	expr ast.Expr
	key  string // the field or map key that takes it, if any
}

// effects are what constants in a function say that they do.
type effects struct {
	makes      bool   // create a database or schema
	by         values // do where one of these parameters is given a name that is not fixed
	administer bool   // change databases or roles
	ddl        bool   // change tables
}

func newGraph(pass *analysis.Pass, cat *dbapi.Catalogue, libraries map[string]bool) *graph {
	g := &graph{
		pass: pass, info: pass.TypesInfo, cat: cat, code: flow.Of(pass), libraries: libraries, serves: testscope.ServesTests(pass),
		invented:   invented{map[string]bool{}, map[*types.Var]bool{}, nil},
		dispatched: map[*flow.Func][]*flow.Call{},
		private:    map[*flow.Func]dbapi.Origin{}, tests: map[*flow.Func]bool{}, privateBy: map[*flow.Func]values{}, makers: map[*flow.Func][]maker{},
		texts: map[*flow.Func]effects{}, serving: map[*flow.Func]bool{},
		incoming: map[*types.Var][]source{}, receiving: map[*types.Var][]*flow.Call{}, origins: map[string]dbapi.Origin{},
		either: map[ast.Expr]dbapi.Origin{}, sparing: map[*types.Var]map[ast.Expr]bool{},
		served: map[*flow.Func]bool{}, forTests: map[*types.Var][]*flow.Store{},
		tables: map[*flow.Func]*table{}, guards: map[*flow.Call]bool{}, opened: map[*flow.Call][]opened{},
		handed: map[*flow.Func]*tracer{}, suites: map[string]bool{}, holds: map[heldField]dbapi.Origin{}, servers: map[*types.TypeName]dbapi.Origin{}, replacing: map[string]bool{}, registered: map[registered][]string{},
	}
	g.runs = sync.OnceValue(g.suiteRuns)
	for _, imp := range pass.Pkg.Imports() {
		var of reaches
		pass.ImportPackageFact(imp, &of)
		for _, name := range of.Invented {
			g.invented.names[name] = true
		}
		g.invented.told = append(g.invented.told, of.Invented...)
	}
	for _, f := range g.code.Funcs() {
		if f.Prepares {
			g.befores = append(g.befores, f)
		}
		for _, c := range f.Calls {
			g.note(c)
		}
	}
	g.markPrivate()
	g.summaries = flow.Summaries[*summary]{Make: g.summarize, Same: same}
	g.summaries.Run(g.code, func(*flow.Func) bool { return true })
	return g
}

// note indexes a call.
func (g *graph) note(c *flow.Call) {
	if len(c.Expr.Args) == 0 {
		return
	}
	g.registers(c)
	for _, arg := range c.Expr.Args { // rand.Read(b[:])
		if part, ok := arg.(*ast.SliceExpr); ok {
			arg = part.X
		}
		if v := g.root(arg); v != nil && !flow.Global(v) && isBytes(v.Type()) && g.random(c) {
			g.receiving[v] = append(g.receiving[v], c)
		}
	}
	if sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr); ok {
		if v := g.root(sel.X); v != nil && !opaque(v.Type()) && !dbapi.Handle(v.Type()) {
			g.receiving[v] = append(g.receiving[v], c)
		}
	}
}

// sources returns what a variable is made of, wherever it is assigned. A method that is
// called with arguments may put them into its receiver.
func (g *graph) sources(v *types.Var) []source {
	all, known := g.incoming[v]
	if known {
		return all
	}
	for _, s := range g.code.Into(v) {
		if s.Root == v && !bindsLiteral(s) {
			all = append(all, source{s.Src, s.KeyIn(v)})
		}
	}
	for _, c := range g.receiving[v] {
		all = append(all, source{expr: c.Expr})
	}
	g.incoming[v] = all
	return all
}

// bindsLiteral reports whether a variable or field takes a function literal, whose calls
// tell what it does.
func bindsLiteral(s *flow.Store) bool {
	_, ok := ast.Unparen(s.Src).(*ast.FuncLit)
	return ok && s.To != nil && !s.Elem
}

// holder returns the variable or field that takes the first result of a call.
func (g *graph) holder(c *flow.Call) *types.Var {
	var v *types.Var
	for _, s := range g.code.From(c.Expr) {
		if s.Result == 0 && s.Dst != nil {
			if v = s.To; v == nil {
				v = s.Root
			}
		}
	}
	return v
}

// variable returns the variable or field that e names.
func (g *graph) variable(e ast.Expr) *types.Var { return flow.Var(g.info, e) }

// root returns the variable at the start of e.
func (g *graph) root(e ast.Expr) *types.Var { return flow.Root(g.info, e) }

// effectsOf returns what the constants in a function say, literals left out.
func (g *graph) effectsOf(f *flow.Func) effects {
	s, known := g.texts[f]
	if !known {
		for _, lit := range f.Texts {
			makes, administers, ddl := sqlast.MakesDatabase(lit.Value), sqlast.Administers(lit.Value), sqlast.ChangesTables(lit.Value)
			if !makes && !administers && !ddl || g.saidOnly(f, lit) {
				continue
			}
			if makes {
				by, own := g.leftTo(f, lit)
				s.makes, s.by = s.makes || own, union(s.by, by)
			}
			s.administer, s.ddl = s.administer || administers, s.ddl || ddl
		}
		for _, c := range f.Calls {
			if c.Fn != nil && len(c.Expr.Args) > 0 && dbapi.NamesDatabase(c.Fn) {
				own, by := g.namesOwn(c.Expr.Args[0])
				s.makes, s.by = s.makes || own, union(s.by, by)
			}
		}
		s.makes = s.makes || slices.ContainsFunc(f.Stores, g.configuresOwn)
		g.texts[f] = s
	}
	return s
}

// saidOnly reports whether a function gives a text to nothing that could run it: it is what a failing
// test says, the title of one or of a table's case, a line of a log, the message of an error.
func (g *graph) saidOnly(f *flow.Func, text *ast.BasicLit) bool {
	at, ok := f.At(text)
	for ; ok && at != f.Cursor; at = at.Parent() {
		switch n := at.Node().(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && titles.MatchString(key.Name) {
				return true
			}
		case *ast.CallExpr:
			fn := dbapi.Callee(g.info, n)
			if fn == nil || fn.Pkg() == nil || !testlib.Looks(fn.Pkg().Path()) && !testlib.ForTests(fn.Pkg().Path()) {
				return false
			}
			if leavesNothing(fn.Signature().Results()) {
				return true
			}
		case ast.Stmt:
			return false
		}
	}
	return false
}

// titles match the names of fields that say what a case is about.
var titles = regexp.MustCompile(`^(?i:(?:test|case)?_?name|title|scenario|desc(?:ription)?)$`)

// leavesNothing reports whether results have nothing of what the call was given but, perhaps, in an error.
func leavesNothing(results *types.Tuple) bool {
	return results.Len() == 0 || results.Len() == 1 && (flow.IsError(results.At(0).Type()) || types.Identical(results.At(0).Type(), types.Typ[types.Bool]))
}

// changesTables reports whether a constant in the function, or in a literal in it, changes
// tables.
func (g *graph) changesTables(f *flow.Func) bool {
	return g.effectsOf(f).ddl || slices.ContainsFunc(f.Lits, g.changesTables)
}

// isTest reports whether the function is test code: in a test file, or one that takes
// or uses a running test, or that nothing but tests call.
func (g *graph) isTest(f *flow.Func) bool {
	is, known := g.tests[f]
	if !known {
		is = g.isTestCode(f)
		g.tests[f] = is
	}
	return is
}

func (g *graph) isTestCode(f *flow.Func) bool {
	if f.File.Generated {
		return f.File.Test
	}
	if o := f.Outer(); g.serves || o.File.Test || o.When&testscope.PerTest != 0 || forTestsOnly(o) || g.usesTest(o) {
		return true
	}
	for m := f; m != nil; m = m.Parent {
		if m.Sig != nil && testscope.TakesTB(m.Sig) {
			return true
		}
	}
	return false
}

// usesTest reports whether a declaration uses a running test or an assertion library.
func (g *graph) usesTest(f *flow.Func) bool {
	if !f.File.Supports {
		return false
	}
	found, known := g.serving[f]
	if !known {
		for id := range f.Cursor.Preorder((*ast.Ident)(nil)) {
			found = found || testscope.Serves(g.info.Uses[id.Node().(*ast.Ident)])
		}
		g.serving[f] = found
	}
	return found
}

// namedForTests reports whether the function is production code that says of itself
// that it serves tests.
func (g *graph) namedForTests(f *flow.Func) bool {
	o := f.Outer()
	if o.Obj == nil {
		return false
	}
	name := o.Obj.Name()
	if recv := o.Sig.Recv(); recv != nil {
		typ := dbapi.TypeName(recv.Type())
		name = "of" + typ[strings.LastIndexByte(typ, '.')+1:] + "_" + name
	}
	return testscope.NamedForTests(g.pass.Module, g.pass.Pkg.Path(), g.pass.Fset.PositionFor(o.Decl.Pos(), false).Filename, name)
}

// forTestsOnly reports whether the function is an unexported one that test files mention and no
// other file does. What nothing mentions, as in the variant of the package without test files,
// is for nobody.
func forTestsOnly(f *flow.Func) bool {
	if f.Obj == nil || f.Obj.Exported() || f.Sig.Recv() != nil || f.When != 0 || f.Obj.Name() == "main" {
		return false
	}
	return len(f.Callers)+len(f.Uses) > 0 &&
		!slices.ContainsFunc(f.Callers, func(c *flow.Call) bool { return !c.In.File.Test }) &&
		!slices.ContainsFunc(f.Uses, func(u flow.Use) bool { return !u.In.File.Test })
}

// opaque reports whether values of the type say nothing of a database: contexts
// and running tests.
func opaque(t types.Type) bool {
	return dbapi.TypeName(t) == "context.Context" || testscope.IsTB(t)
}
