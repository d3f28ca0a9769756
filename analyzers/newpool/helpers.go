package newpool

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/testscope"
)

// helpers are the functions of pool.helpers: they hand out the shared pool.
type helpers []dbapi.Name

func parseHelpers(names []string) helpers {
	var all helpers
	for _, n := range names {
		all = append(all, dbapi.Name(n))
	}
	return all
}

// contain reports whether the site stands in one of the helpers, or calls one.
func (h helpers) contain(pass *analysis.Pass, site *lifecycle.Site) bool {
	var around *types.Func
	if site.Func != nil {
		around, _ = pass.TypesInfo.Defs[site.Func.Name].(*types.Func)
	}
	for _, name := range h {
		if around != nil && dbapi.NameOf(around) == name || site.Callee != nil && dbapi.NameOf(site.Callee) == name {
			return true
		}
	}
	return false
}

// testpools are the helpers of the module testpool, with their result types. They are known
// without being imported.
var testpools = map[dbapi.Name]string{
	"github.com/poollint/poollint/testpool.Get": "*github.com/jackc/pgx/v5/pgxpool.Pool",
	"github.com/poollint/poollint/testpool.DB":  "*database/sql.DB",
}

// fit says whether a helper takes the running test and returns a type.
type fit int

const (
	unfit   fit = iota
	unknown     // the package does not import the helper's
	fits
)

func fitOf(pass *analysis.Pass, name dbapi.Name, typ types.Type) fit {
	if t, ok := testpools[name]; ok {
		if typ.String() == t {
			return fits
		}
		return unfit
	}
	fn := lookup(pass, name)
	if fn == nil {
		return unknown
	}
	params, results := fn.Signature().Params(), fn.Signature().Results()
	if params.Len() >= 1 && testscope.IsTB(params.At(0).Type()) &&
		(params.Len() == 1 || params.Len() == 2 && fn.Signature().Variadic()) &&
		results.Len() == 1 && types.Identical(results.At(0).Type(), typ) {
		return fits
	}
	return unfit
}

// lookup finds the helper in the package or in what it imports.
func lookup(pass *analysis.Pass, name dbapi.Name) *types.Func {
	for _, pkg := range append(pass.Pkg.Imports(), pass.Pkg) {
		if pkg.Path() == name.Package() {
			_, short, _ := strings.Cut(name.Short(), ".")
			fn, _ := pkg.Scope().Lookup(short).(*types.Func)
			return fn
		}
	}
	return nil
}

// choose returns the helper to use instead of what the site opens: one that
// fits, else one that may; "" if there is none.
func (h helpers) choose(pass *analysis.Pass, site *lifecycle.Site) dbapi.Name {
	typ := pass.TypesInfo.TypeOf(site.Call)
	if tuple, ok := typ.(*types.Tuple); ok && tuple.Len() > 0 {
		typ = tuple.At(0).Type()
	}
	for _, want := range []fit{fits, unknown} {
		for _, name := range h {
			if fitOf(pass, name, typ) == want {
				return name
			}
		}
	}
	return ""
}
