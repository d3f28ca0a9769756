package isolation

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/tenantname"
	"github.com/poollint/poollint/internal/testscope"
)

// summarize finds out what a function of test code does, once what it calls is known.
func (p *Package) summarize(f *flow.Func) (changed bool) {
	if !p.serves(f) {
		return false
	}
	does := p.funcs[f]
	specs, undone := false, true
	for _, lit := range f.Lits {
		inner := p.funcs[lit]
		if runsSpecs(lit) { // each undoes what is its own
			specs, undone = true, undone && inner.Undoes
			inner.Undoes = false
		}
		does.add(inner, lit.Detached || lit.When&testscope.After != 0)
		if inner.Does > does.Does {
			does.Wipe = inner.Wipe
		}
	}
	does.Undoes = does.Undoes || specs && undone
	for _, ref := range f.Refs {
		if ref.Of.Name() == "Rollback" && testscope.Later(p.pass.TypesInfo, ref.At) {
			does.Undoes = true // DeferCleanup(tx.Rollback)
		}
	}
	for _, call := range f.Calls {
		p.call(&does, call)
		p.wiped(&does, f, call)
	}
	changed = does != p.funcs[f]
	p.funcs[f] = does
	return changed
}

// runsSpecs reports whether a literal is a subtest or a spec, or has some.
func runsSpecs(lit *flow.Func) bool {
	return lit.When&testscope.PerTest != 0 && !lit.Prepares || lit.When&testscope.Once != 0 && slices.ContainsFunc(lit.Lits, runsSpecs)
}

// serves reports whether a function is test code.
func (p *Package) serves(f *flow.Func) bool {
	outer := f.Outer()
	if outer.File.Test || outer.File.Supports || outer.Sig != nil && (testscope.TakesTB(outer.Sig) || outer.Sig.Recv() != nil && testscope.Serves(outer.Sig.Recv())) {
		return true
	}
	file := p.pass.Fset.PositionFor(outer.File.Syntax.Pos(), false).Filename
	return outer.Obj != nil && testscope.NamedForTests(p.pass.Module, p.pass.Pkg.Path(), file, outer.Obj.Name())
}

// call adds what a call does.
func (p *Package) call(does *Func, call *flow.Call) {
	later := testscope.Later(p.pass.TypesInfo, call.At)
	for _, to := range call.Targets() {
		does.add(p.funcs[to], later)
	}
	fn := call.Fn
	if fn == nil {
		return
	}
	if p.code.Func(fn) == nil {
		does.add(p.of(fn), later)
	}
	switch fn.Name() {
	case "Rollback":
		does.add(Func{Rolls: true}, later)
	case "Commit":
		v := flow.Var(p.pass.TypesInfo, call.Receiver())
		does.add(Func{Commits: true, Ends: v != nil && v.IsField()}, later)
	}
	does.Undoes = does.Undoes || p.fails(call)
	does.add(p.runs(call), later)
	does.Cleans = does.Cleans || cleans(fn, later, p.code.Func(fn) == nil || !p.serves(p.code.Func(fn)))
}

// scopes run a function in a transaction that is rolled back if it returns an error.
var scopes = []string{"Transaction", "RunInTx", "RunInTransaction", "BeginFunc", "BeginTxFunc", "InTx", "WithTx"}

// fails reports whether a call runs a function in a transaction that it always makes fail.
func (p *Package) fails(call *flow.Call) bool {
	args := call.Expr.Args
	return slices.Contains(scopes, call.Fn.Name()) && len(args) > 0 &&
		slices.ContainsFunc(p.code.FuncsOf(args[len(args)-1]), func(f *flow.Func) bool {
			return len(f.Returns) > 0 && !slices.ContainsFunc(f.Returns, func(ret *ast.ReturnStmt) bool { return !p.isError(ret) })
		})
}

// isError reports whether a statement returns an error that is made there, or a variable of
// the package.
func (p *Package) isError(ret *ast.ReturnStmt) bool {
	if len(ret.Results) == 0 {
		return false
	}
	e := ret.Results[len(ret.Results)-1]
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		fn := dbapi.Callee(p.pass.TypesInfo, call)
		return fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "errors" || fn.Pkg().Path() == "fmt")
	}
	v := flow.Var(p.pass.TypesInfo, e)
	return v != nil && flow.Global(v)
}

// runs returns what the SQL that a call runs does.
func (p *Package) runs(call *flow.Call) (does Func) {
	row := p.queries.Of(call.Fn)
	if row == nil || row.SQL >= len(call.Expr.Args) {
		return does
	}
	for _, text := range p.textsOf(call.Expr.Args[row.SQL]) {
		switch first(text) {
		case "delete", "truncate", "drop":
			does.Cleans = true
		case "do":
			does.Cleans = does.Cleans || EffectOf(text) != None
		case "rollback":
			does.Rolls = true
		case "commit":
			does.Commits = true
		}
	}
	return does
}

// Words in names of functions that clean a database: at any time, and when a test is over.
var (
	emptying = []string{"truncate", "wipe", "purge", "clean", "cleanup", "drop", "reset", "flush", "clear", "down"}
	deleting = []string{"delete", "remove", "destroy", "teardown", "purge", "clean", "cleanup"}
	stores   = []string{"db", "database", "databases", "table", "tables", "schema", "data", "storage", "migrate", "migrations"}
)

// cleans reports whether a function cleans a database by its name; opaque says that its
// body cannot be asked.
func cleans(fn *types.Func, later, opaque bool) bool {
	if !opaque || fn.Pkg() == nil || config.Standard(fn.Pkg().Path()) || testscope.Argument(fn) != 0 {
		return false // DeferCleanup cleans nothing by itself
	}
	words := tenantname.Split(fn.Name())
	has := func(list []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	return later && has(deleting) || has(emptying) && (has(stores) || worksWithHandle(fn.Signature()))
}

// worksWithHandle reports whether a function takes a handle.
func worksWithHandle(sig *types.Signature) bool {
	for i := range flow.ParamCount(sig) {
		if v := flow.ParamOf(sig, i); v != nil && dbapi.Handle(v.Type()) {
			return true
		}
	}
	return false
}
