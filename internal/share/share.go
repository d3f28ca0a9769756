// Package share rewrites tests so that they share a pool: the call that opens one goes where it
// runs once a process, and what released the pool goes away.
package share

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/testlib"
)

// A Sharer makes helpers, which open a pool for each test, open it once a process: the call
// goes into a variable of the package, behind sync.OnceValues.
type Sharer struct {
	pass  *analysis.Pass
	code  *flow.Package
	files *rewrite.Files
	cat   *dbapi.Catalogue

	handles map[*ast.CallExpr][]*ownership.Handle
	callers map[*flow.Func][]*ownership.Handle // by what they call
	inside  map[*flow.Func][]*ownership.Handle // by the declaration that obtains them

	used   map[string]bool                // names in the package
	named  map[string][]analysis.TextEdit // declarations that the fixes of the package add, by file and text
	names  map[string]string              // of the variables that these declare
	leaked bool                           // the tests look for what is left running
}

// New returns the sharer of a package.
func New(pass *analysis.Pass) *Sharer {
	s := &Sharer{
		pass: pass, code: flow.Of(pass), files: rewrite.In(pass), cat: dbapi.NewCatalogue(nil),
		handles: map[*ast.CallExpr][]*ownership.Handle{}, callers: map[*flow.Func][]*ownership.Handle{}, inside: map[*flow.Func][]*ownership.Handle{},
		used: map[string]bool{}, named: map[string][]analysis.TextEdit{}, names: map[string]string{},
	}
	for _, h := range pass.ResultOf[ownership.Analyzer].(*ownership.Package).Handles {
		s.handles[h.Expr()] = append(s.handles[h.Expr()], h)
		s.inside[h.In()] = append(s.inside[h.In()], h)
		for _, f := range h.From {
			s.callers[f] = append(s.callers[f], h)
		}
	}
	for id := range pass.TypesInfo.Defs {
		s.used[id.Name] = true
	}
	for _, imp := range pass.Pkg.Imports() {
		s.leaked = s.leaked || imp.Path() == "go.uber.org/goleak"
	}
	return s
}

// Fixes returns the fix of a helper that alone decides what it opens, and whose pool
// nobody closes but by what the fix removes.
func (s *Sharer) Fixes(site *lifecycle.Site) []analysis.SuggestedFix {
	if site.Verdict == lifecycle.Unassigned {
		return s.assign(site)
	}
	if s.leaked || site.Func == nil || site.Verdict != lifecycle.PerTest || slices.ContainsFunc(site.Opens, func(o lifecycle.Open) bool { return o.Kind != dbapi.Pool }) {
		return nil
	}
	helper := s.code.Around(site.At)
	if helper == nil || helper.Decl == nil || helper.When != 0 {
		return nil
	}
	if s.atOnce(site, helper) > config.Of(s.pass).Pool.MaxConns {
		return nil // what limits the pool would have them wait for each other
	}
	file := s.files.At(site.Call.Pos())
	results := resultsOf(s.pass.TypesInfo.TypeOf(site.Call))
	if file == nil || len(results) == 0 || len(results) > 2 || !dbapi.Handle(results[0]) || len(results) == 2 && !flow.IsError(results[1]) {
		return nil
	}
	h := s.handle(site.Call)
	if h == nil || h.Fate.Kept || h.Fate.Closers|h.Fate.Supplies != 0 || h.Fate.Passed || h.Holder != nil && !s.plain(h) {
		return nil
	}
	m := &mover{Sharer: s, file: file, at: site.Call.Pos()}
	call, ok := m.text(site.Call)
	if !ok || !m.release(h) || !m.freed(h, helper) {
		return nil
	}
	name, ok := m.declare(helper.Decl, results, call)
	if !ok || !m.forget(site.Call) {
		return nil
	}
	edits := append(m.edits, rewrite.Replace(site.Call.Pos(), site.Call.End(), name+"()"))
	if stmt, ok := statement(site.At); ok {
		edits = append(edits, file.Claim(cmp.Or(s.check(stmt, h), stmt.Node())))
	}
	return rewrite.Fix("open it once a process", edits...)
}

// assign gives the pool to the package variable that was meant to hold it.
func (s *Sharer) assign(site *lifecycle.Site) []analysis.SuggestedFix {
	stmt, ok := statement(site.At)
	file, h := s.files.At(site.Call.Pos()), s.handle(site.Call)
	if !ok || file == nil || h == nil || h.Fate.Released() || h.Fate.Closers != 0 {
		return nil
	}
	assign := stmt.Node().(*ast.AssignStmt)
	names := make([]*ast.Ident, len(assign.Lhs))
	for i, e := range assign.Lhs {
		if names[i], ok = e.(*ast.Ident); !ok {
			return nil
		}
	}
	if assign.Tok != token.DEFINE || names[0].Name != site.Meant.Name() || len(names) > 2 {
		return nil
	}
	edits := []analysis.TextEdit{rewrite.Replace(assign.TokPos, assign.TokPos+2, "=")}
	if len(names) == 2 && names[1].Name != "_" && s.pass.TypesInfo.Defs[names[1]] != nil {
		text := "var " + names[1].Name + " error\n" + file.Indent(assign.Pos())
		edits = append([]analysis.TextEdit{rewrite.Insert(assign.Pos(), text)}, edits...)
	}
	return rewrite.Fix("assign it to the package variable", edits...)
}

func resultsOf(t types.Type) []types.Type {
	tuple, ok := t.(*types.Tuple)
	if !ok {
		return []types.Type{t}
	}
	var all []types.Type
	for v := range tuple.Variables() {
		all = append(all, v.Type())
	}
	return all
}

// handle returns the pool that a call obtains; nil if it obtains more, or none.
func (s *Sharer) handle(call *ast.CallExpr) *ownership.Handle {
	if all := s.handles[call]; len(all) == 1 {
		return all[0]
	}
	return nil
}

// harmless are methods of handles that may be called for each test on one that is shared.
var harmless = map[string]bool{
	"Ping": true, "PingContext": true, "Exec": true, "ExecContext": true, "Query": true, "QueryContext": true,
	"QueryRow": true, "QueryRowContext": true, "Raw": true, "AutoMigrate": true, "Migrator": true, "Sync": true, "Sync2": true,
	"SetMaxOpenConns": true, "SetMaxIdleConns": true, "SetConnMaxLifetime": true, "SetConnMaxIdleTime": true,
	"DB": true, "Stat": true, "Stats": true, "Config": true, "MustExec": true, "WithContext": true,
}

// plain reports whether a helper only does with its pool what can be done once a test to one
// that is shared.
func (s *Sharer) plain(h *ownership.Handle) bool {
	for _, use := range s.code.Mentions(h.Holder) {
		for use.ParentEdgeKind() == edge.ParenExpr_X {
			use = use.Parent()
		}
		switch around := use.Parent().Node().(type) {
		case *ast.ReturnStmt, *ast.BinaryExpr:
		case *ast.AssignStmt:
			if use.ParentEdgeKind() != edge.AssignStmt_Lhs {
				return false
			}
		case *ast.ValueSpec:
			if use.ParentEdgeKind() != edge.ValueSpec_Names {
				return false
			}
		case *ast.SelectorExpr:
			if !harmless[around.Sel.Name] && !dbapi.SoundsClosing(around.Sel.Name) {
				return false
			}
		case *ast.KeyValueExpr:
			if h.Fate.Returned == 0 {
				return false
			}
		case *ast.CallExpr:
			fn := dbapi.Callee(s.pass.TypesInfo, around)
			if use.ParentEdgeKind() != edge.CallExpr_Args || fn == nil || fn.Pkg() == nil || !s.trusted(fn) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// trusted reports whether what a function does with a handle is known: code of the
// module, whose facts tell of it, a wrapper, an assertion.
func (s *Sharer) trusted(fn *types.Func) bool {
	if config.Ours(s.pass, fn.Pkg()) {
		return true
	}
	row := s.cat.Opener(fn)
	return testlib.Asserts(fn.Pkg().Path()) || row != nil && row.Kind == dbapi.Wrapper
}
