package parallelpool

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/testscope"
)

// onShared reports whether something works on the shared database: a handle of it, what is made of
// one, or of a DSN that is the same for all.
func (c *checker) onShared(e ast.Expr, depth int) bool {
	if e = c.left.Root(e); e == nil || depth == 0 {
		return false
	}
	t := c.info.TypeOf(e)
	if t != nil && dbapi.Handle(t) {
		return c.shared(e)
	}
	if text := flow.Text(c.info, e); text != "" {
		return strings.ContainsAny(text, ":=") && dbapi.OriginOfText(text)&dbapi.Server != 0 // "postgres" is no DSN
	}
	every := func(all []ast.Expr) bool {
		return len(all) > 0 && !slices.ContainsFunc(all, func(e ast.Expr) bool { return !c.onShared(e, depth-1) })
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr: // dsn + "?sslmode=disable"
		return e.Op == token.ADD && flow.Text(c.info, e.Y) != "" && c.onShared(e.X, depth-1)
	case *ast.CallExpr:
		fn := dbapi.Callee(c.info, e)
		if f := c.code.Func(fn); f != nil {
			return every(firstResults(c.info, f))
		}
		return fn != nil && (dbapi.IsEnvironment(fn) || c.passesOn(e, fn, depth))
	case *ast.Ident, *ast.SelectorExpr:
		v := flow.Var(c.info, e)
		return v != nil && (!flow.Global(v) || t != nil && dbapi.OfLibrary(t)) && every(c.sources(v))
	}
	return false
}

// passesOn reports whether a function of a database library, or one that makes text, is given the
// shared database and nothing that may be one test's.
func (c *checker) passesOn(call *ast.CallExpr, fn *types.Func, depth int) bool {
	if fn.Pkg() == nil {
		return false
	}
	text := config.Standard(fn.Pkg().Path())
	if !text && !dbapi.Knows(fn.Pkg().Path()) {
		return false
	}
	found := false
	for _, arg := range call.Args {
		switch {
		case c.onShared(arg, depth-1):
			found = true
		case text && c.info.Types[arg].Value == nil, c.configures(arg):
			return false
		}
	}
	return found
}

// configures reports whether an argument is a literal with a text that may vary, such as the name of
// a schema.
func (c *checker) configures(arg ast.Expr) bool {
	if ref, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok {
		arg = ref.X
	}
	lit, ok := ast.Unparen(arg).(*ast.CompositeLit)
	return ok && slices.ContainsFunc(lit.Elts, func(elt ast.Expr) bool {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			elt = kv.Value
		}
		tv := c.info.Types[elt]
		return tv.Value == nil && tv.Type != nil && types.Identical(tv.Type.Underlying(), types.Typ[types.String])
	})
}

// firstResults returns the first results of a function's return statements, but for nil.
func firstResults(info *types.Info, f *flow.Func) (all []ast.Expr) {
	for _, ret := range f.Returns {
		if len(ret.Results) > 0 && !info.Types[ret.Results[0]].IsNil() {
			all = append(all, ret.Results[0])
		}
	}
	return all
}

func argument(call *ast.CallExpr, i int) ast.Expr {
	if i == dbapi.Receiver {
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return sel.X
		}
		return nil
	}
	if i < len(call.Args) {
		return call.Args[i]
	}
	return nil
}

// shared reports whether the handle is the process's: a package variable, or
// given by a function that opens at most once.
func (c *checker) shared(e ast.Expr) bool { return c.sharedAt(e, maxSources) }

// maxSources bounds the variables between a handle and where it comes from.
const maxSources = 4

func (c *checker) sharedAt(e ast.Expr, depth int) bool {
	if depth == 0 {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		fn := dbapi.Callee(c.info, e)
		if fn == nil {
			return c.givesOnce(e, depth)
		}
		if row := c.cat.Opener(fn); row != nil {
			if row.Kind != dbapi.Wrapper {
				site := c.sites[e] // a pool of the test's own is one of the shared database, unless that is private
				return site != nil && (site.Verdict == lifecycle.Once || site.Verdict == lifecycle.PerTest)
			}
			over := argument(e, row.Over)
			return over != nil && c.sharedAt(over, depth-1)
		}
		if recv := argument(e, dbapi.Receiver); recv != nil && dbapi.Chains(fn) {
			return c.sharedAt(recv, depth-1)
		}
		return slices.Contains(c.helpers, dbapi.NameOf(fn)) || c.givesShared(fn, depth)
	case *ast.Ident, *ast.SelectorExpr:
		v := flow.Var(c.info, e)
		return v != nil && c.sharedVar(v, depth)
	}
	return false
}

// givesShared reports whether a function hands out a handle of a database that its callers
// share: it opens one at most once, or returns what is there already.
func (c *checker) givesShared(fn *types.Func, depth int) bool {
	known := c.pkg.Func(fn)
	switch {
	case known.Makes != 0 || known.Result.Fakes() || known.Result&(dbapi.Private|dbapi.Unique) != 0:
		return false
	case len(known.Opens) > 0:
		return !slices.ContainsFunc(known.Opens, func(o lifecycle.Open) bool { return o.Private || !o.Opener.SQL() })
	}
	f := c.code.Func(fn)
	return f != nil && c.returnsShared(f, depth)
}

// opensOnce reports whether a function opens what its callers share.
func opensOnce(f *lifecycle.Func) bool {
	return len(f.Opens) > 0 && !slices.ContainsFunc(f.Opens, func(o lifecycle.Open) bool { return o.Private || !o.Once })
}

// givesOnce reports whether a call runs a package variable that gives one handle to all:
// sync.OnceValue's.
func (c *checker) givesOnce(call *ast.CallExpr, depth int) bool {
	v := flow.Var(c.info, call.Fun)
	if v == nil || !flow.Global(v) {
		return false
	}
	found := opensOnce(c.pkg.Var(v))
	for _, s := range c.sources(v) {
		if once, ok := ast.Unparen(s).(*ast.CallExpr); ok && testscope.Argument(dbapi.Callee(c.info, once))&testscope.Once != 0 && len(once.Args) > 0 {
			s = once.Args[0]
		}
		for _, f := range c.code.FuncsOf(s) {
			found = found || c.returnsShared(f, depth)
		}
	}
	return found
}

// returnsShared reports whether a function's first result is a handle that its callers share.
func (c *checker) returnsShared(f *flow.Func, depth int) bool {
	results := firstResults(c.info, f)
	return len(results) > 0 && !slices.ContainsFunc(results, func(e ast.Expr) bool { return !c.sharedAt(e, depth-1) })
}

// sourced is a variable that is asked about, see sharedVar.
type sourced struct {
	v     *types.Var
	depth int
}

func (c *checker) sharedVar(v *types.Var, depth int) bool {
	if dbapi.TypeName(v.Type()) == "" || !dbapi.Handle(v.Type()) {
		return false
	}
	asked := sourced{v, depth}
	shared, known := c.sharing[asked]
	if !known {
		shared = c.givenShared(v, depth)
		c.sharing[asked] = shared
	}
	return shared
}

// givenShared reports whether all that a variable is given is of the shared database.
func (c *checker) givenShared(v *types.Var, depth int) bool {
	sources := c.sources(v)
	if flow.Global(v) {
		return !slices.ContainsFunc(sources, c.pkg.Fake)
	}
	return len(sources) > 0 && !slices.ContainsFunc(sources, func(s ast.Expr) bool { return !c.sharedAt(s, depth-1) })
}
