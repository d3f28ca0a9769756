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

// setters finds the settings that code sets within transactions, or for as long as it has a connection.
// Its result has those of the package and of its imports. It is an analyzer of its own since rules have no facts.
var setters = &analysis.Analyzer{
	Name:             "poollintsetters",
	Doc:              "find the settings that code sets within transactions, or for a connection",
	Run:              findSetters,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, sqltext.Analyzer},
	FactTypes:        []analysis.Fact{new(settersFact)},
	ResultType:       reflect.TypeFor[map[string]bool](),
}

// settersFact holds the settings that a package sets.
type settersFact struct{ Settings []string }

func (*settersFact) AFact() {}

func (f *settersFact) String() string { return "sets " + strings.Join(f.Settings, " ") }

func findSetters(pass *analysis.Pass) (any, error) {
	all := map[string]bool{}
	if config.Of(pass).Tenant.RLS != "trust" {
		return all, nil
	}
	for _, f := range pass.AllPackageFacts() {
		if fact, ok := f.Fact.(*settersFact); ok {
			for _, name := range fact.Settings {
				all[name] = true
			}
		}
	}
	var own []string
	sites := pass.ResultOf[sqltext.Analyzer].(*sqltext.Result).Sites
	habits := habitsOf(pass.TypesInfo, sites)
	for _, site := range sites {
		inTx := site.Handle == dbapi.Tx || inTransaction(pass.TypesInfo, site)
		for _, s := range settingsIn(pass.TypesInfo, site) {
			forTx := site.Handle == 0 && s.until == transaction // which is nothing outside of one
			lent := site.Handle != dbapi.Pool && s.until == session && habits.takesBack(s.name)
			if inTx || forTx || lent {
				all[s.name] = true
				own = append(own, s.name)
			}
		}
	}
	if len(own) > 0 {
		slices.Sort(own)
		pass.ExportPackageFact(&settersFact{slices.Compact(own)})
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
