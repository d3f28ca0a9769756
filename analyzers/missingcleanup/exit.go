package missingcleanup

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/isolation"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/testlib"
)

// exits reports deferred calls of TestMain, or of a helper that runs the tests, that are
// skipped since the process ends there. What ends with the process anyway, such as a
// pool, is not reported.
func (c *check) exits() {
	for _, f := range c.code.Funcs() {
		if !c.runsTests(f) {
			continue
		}
		exit := c.exit(f)
		for _, e := range c.endings().of[f] {
			if e.deferred && e.at.Node().Pos() < exit && !e.call.Exits() && c.lasts(e) && c.code.Ways(f).Reaches(e.at) {
				c.found(e.at.Node(), skippedByExit)
			}
		}
	}
}

// runsTests reports whether a function gets, or is in one that gets, the *testing.M.
func (c *check) runsTests(f *flow.Func) bool {
	outer := f.Outer()
	if outer.Sig == nil {
		return false
	}
	for v := range outer.Sig.Params().Variables() {
		if dbapi.TypeName(v.Type()) == "testing.M" {
			return true
		}
	}
	return false
}

// exit returns the last place in a function where the process ends after the tests have
// run; token.NoPos if it does nowhere.
func (c *check) exit(f *flow.Func) token.Pos {
	last, ran := token.NoPos, false
	for _, call := range f.Calls {
		_, deferred := call.At.Parent().Node().(*ast.DeferStmt)
		ran = ran || c.ranBy(call)
		if call.Exits() && (deferred || ran && !c.code.OnError(call.At)) {
			last = call.Expr.Pos()
		}
	}
	return last
}

// ranBy reports whether the tests have run when a call has been made, or its arguments are known.
func (c *check) ranBy(call *flow.Call) bool {
	for inner := range call.At.Preorder((*ast.Ident)(nil)) {
		if v, ok := c.pass.TypesInfo.Uses[inner.Node().(*ast.Ident)].(*types.Var); ok && dbapi.TypeName(v.Type()) == "testing.M" {
			return true
		}
	}
	return false
}

// lasts reports whether what a deferred call undoes outlives the process. What is named for
// closing does nothing else, unless it works with a database.
func (c *check) lasts(e *ending) bool {
	if c.lastingCall(e.call) {
		return true
	}
	closes := e.call.Fn != nil && namedClose(e.call.Fn)
	for _, f := range e.list {
		if slices.ContainsFunc(f.Calls, func(call *flow.Call) bool {
			return c.lastingCall(call) && (!closes || call.Fn != nil && c.worksWithHandle(call.Expr, call.Fn))
		}) {
			return true
		}
	}
	return false
}

// namedClose reports whether a function says that it closes something: Close, CloseDB.
func namedClose(fn *types.Func) bool { return strings.HasPrefix(strings.ToLower(fn.Name()), "close") }

// lastingCall reports whether a call does something to what outlives the process: it works
// with a database, or calls code that cannot be looked into and closes nothing.
func (c *check) lastingCall(call *flow.Call) bool {
	switch fn := call.Fn; {
	case !call.Runs() || len(call.Targets()) > 0: // its calls are looked at
		return false
	case fn == nil:
		if sel, ok := call.Expr.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Close" {
			return false
		}
		return dbapi.TypeName(c.pass.TypesInfo.TypeOf(call.Expr.Fun)) != "context.CancelFunc" && !c.releasesHandle(call.At)
	case fn.Pkg() == nil || namedClose(fn) || dbapi.ReleaseOf(fn) != nil || testlib.Looks(fn.Pkg().Path()) || c.onlyCloses(call):
		return false
	}
	if c.worksWithHandle(call.Expr, call.Fn) {
		return true
	}
	return !slices.Contains(ofProcess, call.Fn.Pkg().Path()) && !strings.HasSuffix(call.Fn.Name(), "setenv")
}

// onlyCloses reports whether a call gives handles alone to a function of another package, which
// closes them and does nothing to tables.
func (c *check) onlyCloses(call *flow.Call) bool {
	deeds, args := c.code.Deeds(call.Fn), call.Expr.Args
	if deeds == nil || len(args) == 0 || c.left.WipeOf(call.Fn).Does != isolation.None {
		return false
	}
	sig := call.Fn.Signature()
	for i, arg := range args {
		if !deeds.Closes.Has(1+min(i, sig.Params().Len()-1)) || !dbapi.Handle(c.pass.TypesInfo.TypeOf(arg)) {
			return false
		}
	}
	return true
}

// ofProcess are packages that change nothing outside of the process.
var ofProcess = []string{"context", "sync", "testing", "time", "log/slog", "runtime", "runtime/debug", "runtime/pprof", "sync/atomic", "os/signal"}

func (c *check) releasesHandle(stmt inspector.Cursor) bool {
	return slices.ContainsFunc(c.owners.Handles, func(h *ownership.Handle) bool {
		return slices.ContainsFunc(h.Fate.Releases, stmt.Contains)
	})
}
