package parallelpool

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/isolation"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/testscope"
)

// A wipe is a call in a parallel test that empties or changes tables which other
// tests use.
type wipe struct {
	does  isolation.Effect
	tests []string
	units []*flow.Func // the tests and subtests that run in parallel and make the call
}

// query notes a call that wipes the shared database.
func (c *checker) query(test *parallel.Test, call *flow.Call, unit *flow.Func) {
	w, known := c.wiped[call]
	if !known {
		if does, handle := c.wipeOf(call.Expr, call.Fn); does != isolation.None && handle != nil && c.onShared(handle, 2*maxSources) {
			w = &wipe{does: does}
		} else if does := c.wipedElsewhere(call); does != isolation.None {
			w = &wipe{does: does}
		}
		c.wiped[call] = w
	}
	if w == nil {
		return
	}
	if !slices.Contains(w.tests, test.Name) {
		w.tests = append(w.tests, test.Name)
	}
	if !slices.Contains(w.units, unit) {
		w.units = append(w.units, unit)
	}
}

// wipeOf returns what a call does to tables, and the handle that it does it by.
func (c *checker) wipeOf(call *ast.CallExpr, fn *types.Func) (does isolation.Effect, handle ast.Expr) {
	if arg, ok := dbapi.Migration(fn); ok {
		return isolation.Migrates, argument(call, arg)
	}
	if handle := c.sweepOf(call, fn); handle != nil {
		return isolation.Empties, handle
	}
	row := c.queries.Of(fn)
	if row == nil || row.Handle == dbapi.Tx || row.SQL >= len(call.Args) {
		return isolation.None, nil
	}
	return c.left.EffectOf(call.Args[row.SQL]), argument(call, dbapi.Receiver)
}

// wipedElsewhere returns what a helper of another package does to tables of the shared database.
func (c *checker) wipedElsewhere(call *flow.Call) isolation.Effect {
	w := c.left.WipeOf(call.Fn)
	shared := w.By == isolation.Global
	switch {
	case w.Does == isolation.None:
		return isolation.None
	case w.By == isolation.Opened:
		shared = opensOnce(c.pkg.Func(call.Fn))
	case w.By > 0:
		args := call.Args(call.Fn.Signature(), w.By)
		shared = len(args) == 1 && c.shared(args[0])
	}
	if !shared {
		return isolation.None
	}
	return w.Does
}

// onShared reports whether something works on the shared database: a handle of it, what is made of
// one, or of a DSN that is fixed or comes from the environment.
func (c *checker) onShared(e ast.Expr, depth int) bool {
	if depth == 0 {
		return false
	}
	if t := c.info.TypeOf(e); t != nil && dbapi.Handle(t) {
		return c.shared(e)
	}
	if text := flow.Text(c.info, e); text != "" {
		return dbapi.OriginOfText(text)&dbapi.Server != 0
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		fn := dbapi.Callee(c.info, e)
		if fn != nil && dbapi.NameOf(fn) == "os.Getenv" {
			return true
		}
		return slices.ContainsFunc(e.Args, func(arg ast.Expr) bool { return c.onShared(arg, depth-1) })
	case *ast.Ident:
		v := flow.Var(c.info, e)
		return v != nil && !flow.Global(v) && slices.ContainsFunc(c.sources(v), func(s ast.Expr) bool { return c.onShared(s, depth-1) })
	}
	return false
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
				site := c.sites[e]
				return site != nil && site.Verdict == lifecycle.Once
			}
			over := argument(e, row.Over)
			return over != nil && c.sharedAt(over, depth-1)
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
		return opensOnce(known)
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
	found := false
	for _, ret := range f.Returns {
		if len(ret.Results) == 0 || c.info.Types[ret.Results[0]].IsNil() {
			continue
		}
		if !c.sharedAt(ret.Results[0], depth-1) {
			return false
		}
		found = true
	}
	return found
}

func (c *checker) sharedVar(v *types.Var, depth int) bool {
	if dbapi.TypeName(v.Type()) == "" || !dbapi.Handle(v.Type()) {
		return false
	}
	sources := c.sources(v)
	if flow.Global(v) {
		return !slices.ContainsFunc(sources, c.pkg.Fake)
	}
	return len(sources) > 0 && !slices.ContainsFunc(sources, func(s ast.Expr) bool { return !c.sharedAt(s, depth-1) })
}

// wipes reports the calls that other parallel tests suffer from.
func (c *checker) wipes(report *finding.Reporter) {
	if c.tests < 2 {
		return
	}
	for _, f := range c.code.Funcs() {
		for _, call := range f.Calls {
			if w := c.wiped[call]; w != nil {
				f := finding.At(call.Expr, wiped{w.does, w.tests}, c.inTurn(w)...)
				f.Witnesses = c.witnesses(report, w.tests)
				report.Report(f)
			}
		}
	}
}
