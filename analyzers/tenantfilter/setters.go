package tenantfilter

import (
	"go/ast"
	"go/types"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
)

// setters finds the settings that code sets within transactions, or whenever a connection leaves its pool.
// Its result has those of the package and of its imports. It is an analyzer of its own since rules have no facts.
var setters = &analysis.Analyzer{
	Name:             "poollintsetters",
	Doc:              "find the settings that code sets for a tenant's queries",
	Run:              findSetters,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, flow.Analyzer, sqltext.Analyzer},
	FactTypes:        []analysis.Fact{new(settersFact)},
	ResultType:       reflect.TypeFor[map[string]bool](),
}

// settersFact holds the settings that a package sets, and those that its functions set for good on whatever
// connection they are given.
type settersFact struct {
	Settings []string
	Lasting  []lasting
}

// lasting is a setting that a function leaves on a connection.
type lasting struct{ Func, Setting string }

func (*settersFact) AFact() {}

func (f *settersFact) String() string { return "sets " + strings.Join(f.Settings, " ") }

func findSetters(pass *analysis.Pass) (any, error) {
	all := map[string]bool{}
	if config.Of(pass).Tenant.RLS != "trust" {
		return all, nil
	}
	var known []lasting
	for _, f := range pass.AllPackageFacts() {
		if fact, ok := f.Fact.(*settersFact); ok {
			known = append(known, fact.Lasting...)
			for _, name := range fact.Settings {
				all[name] = true
			}
		}
	}
	own := settersFact{}
	hooks := hooksOf(pass)
	for _, site := range pass.ResultOf[sqltext.Analyzer].(*sqltext.Result).Sites {
		within := site.Handle == dbapi.Tx || inTransaction(pass.TypesInfo, site) || hooks.around(site)
		for _, s := range settingsIn(pass.TypesInfo, site) {
			switch {
			case within || site.Handle == 0 && s.until == transaction: // which is nothing outside of one
				own.Settings = append(own.Settings, s.name)
			case site.Handle == 0 && s.until == session:
				own.Lasting = append(own.Lasting, lasting{pass.Pkg.Path() + "." + nameOf(site), s.name})
			}
		}
	}
	own.Settings = append(own.Settings, hooks.leave(append(known, own.Lasting...))...)
	for _, name := range own.Settings {
		all[name] = true
	}
	if len(own.Settings)+len(own.Lasting) > 0 {
		slices.Sort(own.Settings)
		own.Settings = slices.Compact(own.Settings)
		pass.ExportPackageFact(&own)
	}
	return all, nil
}

// settingsIn returns what the texts of a query set.
func settingsIn(info *types.Info, site *sqltext.Site) (all []setting) {
	for _, text := range site.Texts {
		for _, stmt := range sqlast.Read(text.SQL, sqlast.Options{}).Stmts {
			all = append(all, settings(stmt, constants(info, site))...)
		}
	}
	return all
}

// nameOf returns the name of the function that runs a query.
func nameOf(site *sqltext.Site) string {
	if site.Func != nil {
		return site.Func.Name.Name
	}
	return site.Name
}

// hooks are the functions that a pool runs whenever it hands a connection out.
type hooks []*flow.Func

// handingOut are the fields of pgxpool.Config that take them.
var handingOut = []string{"PrepareConn", "BeforeAcquire"}

func hooksOf(pass *analysis.Pass) (all hooks) {
	code := flow.Of(pass)
	for _, f := range code.Funcs() {
		for _, s := range f.Stores {
			if s.To == nil || !s.To.IsField() || !slices.Contains(handingOut, s.To.Name()) || dbapi.LibraryOf(s.To.Pkg()) == nil {
				continue
			}
			var named types.Object
			switch src := ast.Unparen(s.Src).(type) {
			case *ast.FuncLit:
				all = append(all, code.FuncAt(src))
			case *ast.Ident:
				named = pass.TypesInfo.Uses[src]
			case *ast.SelectorExpr:
				named = pass.TypesInfo.Uses[src.Sel]
			}
			if fn, ok := named.(*types.Func); ok {
				all = append(all, code.Func(fn))
			}
		}
	}
	return slices.DeleteFunc(all, func(f *flow.Func) bool { return f == nil })
}

// around reports whether a query stands in a hook.
func (all hooks) around(site *sqltext.Site) bool {
	return site.Call != nil && slices.ContainsFunc(all, func(f *flow.Func) bool {
		return f.Cursor.Node().Pos() <= site.Call.Pos() && site.Call.End() <= f.Cursor.Node().End()
	})
}

// leave returns the settings that functions which hooks call leave on the connection.
func (all hooks) leave(known []lasting) (names []string) {
	for _, f := range all {
		for _, call := range f.Calls {
			if call.Fn == nil || call.Fn.Pkg() == nil {
				continue
			}
			for _, l := range known {
				if l.Func == call.Fn.Pkg().Path()+"."+call.Fn.Name() {
					names = append(names, l.Setting)
				}
			}
		}
	}
	return names
}

// inTransaction reports whether a query runs on the handle that a function literal is given by
// what runs it in a transaction: the types of some mappers do not tell.
func inTransaction(info *types.Info, site *sqltext.Site) bool {
	if site.Call == nil || site.Func == nil || site.Func.Body == nil {
		return false
	}
	handle := flow.Root(info, site.Call.Fun)
	if handle == nil {
		return false
	}
	takes := func(arg ast.Expr) bool {
		lit, ok := arg.(*ast.FuncLit)
		return ok && lit.Type.Pos() <= handle.Pos() && handle.Pos() < lit.Type.End()
	}
	found := false
	ast.Inspect(site.Func.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			sel, isSel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
			found = found || isSel && transacts.MatchString(sel.Sel.Name) && slices.ContainsFunc(call.Args, takes)
		}
		return !found
	})
	return found
}

// transacts are names of methods that run a function in a transaction.
var transacts = regexp.MustCompile(`^(Run|With|In)*(Transaction|Tx)$`)
