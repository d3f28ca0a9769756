package share

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/testscope"
)

// An Adoption is how a call that opens a pool for each test takes a shared one instead.
type Adoption struct {
	Source Source
	Bound  bool // the source only has its meaning in this package, whose edits declare the pool
	DDL    bool // tests on the pool change tables, and its connections would keep plans
	Skips  bool // tests skip where the database cannot be reached

	Call []analysis.TextEdit // take the pool where the call stood, with its error
	Test []analysis.TextEdit // take it from a function that takes the running test; nil if none is at hand

	// Handing are exported functions of the package that hand the pool out: tests of other
	// packages must not release it.
	Handing []dbapi.Name
}

// Reasons to leave a pool to its test.
const (
	whyGoroutines = "the tests look for goroutines that are left, which a shared pool has"
	whyConn       = "it is a single connection, which tests that run at once cannot share"
	whyVariable   = "it is opened by a package variable"
	whySeveral    = "the call does not return just a pool and an error"
	whyAround     = "it comes in an object around it, which the tests would share too"
	whyUnlimited  = "its type has no limit that can be set once it is open"
	whyKept       = "it is kept in a field or variable, where others may close it"
	whyPassed     = "it is handed to code that may close it"
	whyDSN        = "where it connects depends on the test, or cannot be followed"
	whyDriven     = "the test works with the pool itself: its state, its configuration, its one connection"
	whyTested     = "the test may be of what opens it"
	whyConfigured = "it is opened with a configuration of its own"
	whySession    = "the test changes the session, databases or roles"
	whySetenv     = "tests set the environment that says where it connects"
	whyRelease    = "how it is released cannot be followed"
	whyCaller     = "a caller of the helper hands it on, or releases it in a way that cannot be followed"
	whyCompile    = "a name or variable is in the way of the rewrite"
)

// A Taker is the function that hands out the shared pool: its package and its name.
type Taker struct{ Path, Name, Func string }

// Adopt returns how a site takes a shared pool, or why it does not.
func (s *Sharer) Adopt(site *lifecycle.Site, taker Taker, limits config.Pool) (*Adoption, string) {
	if s.leaked {
		return nil, whyGoroutines
	}
	if slices.ContainsFunc(site.Opens, func(o lifecycle.Open) bool { return o.Kind != dbapi.Pool }) {
		return nil, whyConn
	}
	in := s.code.Around(site.At)
	if in == nil || in.Outer().Decl == nil {
		return nil, whyVariable
	}
	if in.Outer().When&testscope.PerTest != 0 && s.tested(site) {
		return nil, whyTested
	}
	h, file := s.handle(site.Call), s.files.At(site.Call.Pos())
	results := resultsOf(s.pass.TypesInfo.TypeOf(site.Call))
	if h == nil || file == nil || len(results) > 2 || len(results) == 2 && !flow.IsError(results[1]) {
		return nil, whySeveral
	}
	if !dbapi.Handle(results[0]) {
		return nil, whyAround
	}
	m := &mover{Sharer: s, file: file, at: site.Call.Pos(), opener: site.Call, fails: len(results) == 2, whole: true, fallbacks: map[*types.Var][]ast.Stmt{}}
	a := &Adoption{DDL: site.DDL && site.Opens[0].Opener.CachesPlans(), Skips: s.skips(in, site.Call)}
	if s.session(in.Outer()) {
		return nil, whySession
	}
	limits.MaxConns = max(limits.MaxConns, s.atOnce(site, in.Outer()))
	if why := m.source(a, site, results, limits); why != "" {
		return nil, why
	}
	if s.setsEnvironment(a) {
		return nil, whySetenv
	}
	if why := m.free(a, h); why != "" {
		return nil, why
	}
	name := taker.Func
	if a.Bound {
		declared, ok := m.declareOnce(a, in.Outer().Decl)
		if !ok {
			return nil, whyCompile
		}
		name = declared
	}
	if !m.forget(site.Call) {
		return nil, whyCompile
	}
	if !m.keep(site) {
		return nil, whyDSN
	}
	released := m.edits
	if !a.Bound {
		qualifier, edits, ok := file.Import(site.Call.Pos(), taker.Path, taker.Name)
		if !ok {
			return nil, whyCompile
		}
		released, name = slices.Concat(released, edits), qualifier+name
	}
	a.Call = append(slices.Clip(released), rewrite.Replace(site.Call.Pos(), site.Call.End(), name+"()"))
	if stmt, ok := statement(site.At); ok {
		a.Call = append(a.Call, file.Claim(cmp.Or(s.check(stmt, h), stmt.Node())))
	}
	if edits := m.fromTest(site, h, name); edits != nil && !a.Bound {
		a.Test = slices.Concat(released, edits)
	}
	return a, ""
}

// keep makes the calls that may end the test, and stand in the one that goes, before it.
func (m *mover) keep(site *lifecycle.Site) bool {
	for _, call := range m.stay {
		if call.Pos() < site.Call.Pos() || site.Call.End() < call.End() {
			return false
		}
		stmt, ok := statement(site.At)
		if !ok {
			return false
		}
		m.edits = append(m.edits, rewrite.Insert(stmt.Node().Pos(), m.file.Text(call)+"\n"+m.file.Indent(stmt.Node().Pos())))
	}
	return true
}

// atOnce returns how many goroutines of one test open the pool at once, each its own: they
// are to go on beside each other.
func (s *Sharer) atOnce(site *lifecycle.Site, in *flow.Func) (most int) {
	calls := []inspector.Cursor{site.At}
	for _, c := range in.Callers {
		calls = append(calls, c.At)
	}
	together := map[ast.Node]int{}
	for _, call := range calls {
		n, by := flow.AtOnce(s.pass.TypesInfo, call, config.Decided)
		together[by] += n
		most = max(most, min(together[by], config.Decided))
	}
	return most
}

// tested reports whether a site calls what the tests of the package may be there to test.
func (s *Sharer) tested(site *lifecycle.Site) bool {
	fn, path := site.Callee, strings.TrimSuffix(s.pass.Pkg.Path(), "_test")
	if site.Direct || fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != path {
		return false
	}
	file := s.pass.Fset.PositionFor(fn.Pos(), false).Filename
	return !testscope.InTestFile(file) && !testscope.NamedForTests(s.pass.Module, path, file, fn.Name())
}

// source finds out how the site opens its pool.
func (m *mover) source(a *Adoption, site *lifecycle.Site, results []types.Type, limits config.Pool) string {
	row := m.cat.Opener(site.Callee)
	parsed := m.parsed(site, row)
	if parsed != nil {
		row = parsed.row
	}
	a.Source = Source{Kind: kindOf(results[0], row), Error: len(results) == 2, MaxConns: limits.MaxConns, ConnectTimeout: limits.ConnectTimeout, Old: m.before("go1.21")}
	if a.Source.Kind == Unlimitable || a.Source.Kind == Beneath && !a.Source.Error {
		return whyUnlimited
	}
	call := site.Call
	if parsed != nil {
		if call = parsed.call; !m.unconfigure(parsed) {
			return whyConfigured
		}
	} else if a.Source.Kind == Configured && row.Source >= len(call.Args) {
		return whyConfigured
	}
	before, own := *m, len(m.edits)
	m.away = &away{imports: map[string]string{}}
	ok := m.texts(a, call, results[0], row)
	if away := m.away; ok && !away.bound && m.pass.Module != nil {
		m.away, a.Source.Imports = nil, away.imports
		return m.prepares(a)
	}
	*m = before
	a.Bound, a.Source.Imports = true, map[string]string{}
	if !m.texts(a, call, results[0], row) {
		return whyDSN
	}
	m.imports, m.edits = slices.Clone(m.edits[own:]), m.edits[:own]
	if parsed != nil {
		m.taken = append(m.taken, parsed.config)
	}
	return m.prepares(a)
}

// prepares has what makes the configuration of the pool go with the call.
func (m *mover) prepares(a *Adoption) string {
	if a.Source.Before = m.prelude; m.prelude == "" {
		return ""
	}
	a.Source.DSN = ""
	if a.Source.Kind == Configured || !m.unprepare() {
		return whyConfigured
	}
	return ""
}

// texts writes the source as it means the same at the place that is chosen.
func (m *mover) texts(a *Adoption, opener *ast.CallExpr, result types.Type, row *dbapi.Opener) bool {
	fits := true
	a.Source.Type = types.TypeString(result, func(pkg *types.Package) string {
		qualifier, ok := m.qualifier(pkg.Path(), pkg.Name())
		fits = fits && ok
		return strings.TrimSuffix(qualifier, ".")
	})
	if row != nil && row.Parse != "" { // the call is put together anew
		last := len(opener.Args) - 1
		for _, arg := range opener.Args[:last] { // contexts
			m.takes(arg)
		}
		dsn, ok := m.text(opener.Args[last])
		a.Source.DSN, a.Source.Call = dsn, row.Name.Short()+"("+dsn+")"
		return ok && fits
	}
	call, ok := m.text(opener)
	if row != nil && 0 <= row.Source && row.Source < len(opener.Args) {
		dsn, known := m.text(opener.Args[row.Source])
		a.Source.DSN, ok = dsn, ok && known
	}
	a.Source.Call = call
	return ok && fits
}

// sessions are signs of SQL that outlives the statement in its session, or is not about rows.
var sessions = regexp.MustCompile(`(?i)^\s*(set\s+(session|role|search_path|[a-z_]+\.[a-z_]+)|reset\s|listen\s|create\s+(temp|database|role|user)|drop\s+(database|role|user)|alter\s+(database|role|user|system)|discard\s|prepare\s)|pg_(try_)?advisory_lock|pg_terminate_backend|pg_stat_activity`)

// session reports whether the texts of a function, or of those of the package that call it,
// show that its tests need a session, or connections, of their own.
func (s *Sharer) session(f *flow.Func) bool {
	all := []*flow.Func{f}
	for _, c := range f.Callers {
		all = append(all, c.In.Outer())
	}
	return slices.ContainsFunc(all, func(f *flow.Func) bool {
		found := false
		ast.Inspect(f.Body(), func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok {
				text, err := strconv.Unquote(lit.Value)
				found = found || err == nil && sessions.MatchString(text)
			}
			return !found
		})
		return found
	})
}

var connecting = regexp.MustCompile(`(?i)DATABASE|DSN|POSTGRES|PG|MYSQL|SQL|DB|URL`)

// setsEnvironment reports whether a test of the package sets a variable that says where a pool
// connects: what is opened once would be where the first test says. Of a bound source the name of
// the variable is not known.
func (s *Sharer) setsEnvironment(a *Adoption) bool {
	names := variables(a.Source.Before + a.Source.Call)
	return slices.ContainsFunc(s.code.Funcs(), func(f *flow.Func) bool {
		return f.Outer().When&testscope.Once == 0 && slices.ContainsFunc(f.Calls, func(c *flow.Call) bool {
			if c.Fn == nil || c.Fn.Name() != "Setenv" || len(c.Expr.Args) != 2 {
				return false
			}
			name := s.pass.TypesInfo.Types[c.Expr.Args[0]].Value
			if name == nil || name.Kind() != constant.String {
				return true
			}
			return slices.Contains(names, constant.StringVal(name)) || a.Bound && connecting.MatchString(constant.StringVal(name))
		})
	})
}

// skips reports whether a function skips its test behind a call.
func (s *Sharer) skips(f *flow.Func, opener *ast.CallExpr) bool {
	return slices.ContainsFunc(f.Calls, func(c *flow.Call) bool {
		return c.Expr.Pos() > opener.Pos() && c.Fn != nil && strings.HasPrefix(c.Fn.Name(), "Skip") && testscope.IsTB(s.pass.TypesInfo.TypeOf(receiver(c)))
	})
}

func receiver(c *flow.Call) ast.Expr {
	if e := c.Receiver(); e != nil {
		return e
	}
	return c.Expr.Fun
}

// declareOnce declares a variable that opens a bound source once, and returns its name.
func (m *mover) declareOnce(a *Adoption, decl *ast.FuncDecl) (string, bool) {
	once, imports := a.Source.Once("", a.DDL)
	declared := m.imports
	for _, path := range slices.Sorted(maps.Keys(imports)) {
		qualifier, edits, ok := m.file.Import(m.at, path, imports[path])
		if !ok || qualifier != imports[path]+"." {
			return "", false
		}
		declared = append(declared, edits...)
	}
	key := fileOf(m.pass, decl) + once
	if _, known := m.named[key]; !known {
		typ := a.Source.Type
		name := m.unused("shared" + typ[strings.LastIndexAny(typ, ".*")+1:])
		if name == "" {
			return "", false
		}
		at := decl.Pos()
		if decl.Doc != nil {
			at = decl.Doc.Pos()
		}
		once, _ = a.Source.Once(name, a.DDL)
		m.names[key] = name
		m.named[key] = append(declared, rewrite.Insert(at, fmt.Sprintf("// %s opens the pool that the tests of a process share. Nobody closes it.\n%s\n\n", name, once)))
	}
	m.edits = append(m.edits, m.named[key]...)
	return m.names[key], true
}

// fileOf names the file that declarations for a function go into. Files without build
// constraints are one.
func fileOf(pass *analysis.Pass, decl *ast.FuncDecl) string {
	for _, f := range pass.Files {
		if f.FileStart > decl.Pos() || decl.Pos() >= f.FileEnd {
			continue
		}
		name := pass.Fset.PositionFor(f.Package, false).Filename
		for _, group := range f.Comments {
			if group.Pos() < f.Package && strings.HasPrefix(group.List[0].Text, "//go:build") {
				return name
			}
		}
		if testscope.InTestFile(name) {
			return "tests"
		}
		return name
	}
	return ""
}
