package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
)

// A ledger holds the calls that run queries, by their ends, so that each of them is
// read or counted.
type ledger struct {
	libraries map[*types.Package]*dbapi.Library
	asked     map[token.Pos]bool      // calls whose query is known, or is the caller's
	runs      map[token.Pos]execution // calls of libraries that run a query
	open      map[token.Pos]execution // queries that callers have to complete
	bound     map[*types.Func]bool
}

func newLedger() ledger {
	return ledger{map[*types.Package]*dbapi.Library{}, map[token.Pos]bool{}, map[token.Pos]execution{}, map[token.Pos]execution{}, map[*types.Func]bool{}}
}

// An execution is a call that runs a query.
type execution struct {
	pos    token.Pos
	why    string      // it is not read
	before []token.Pos // ends of the calls that its receiver is made by
	within *ast.FuncDecl
}

// account notes a call that runs a query, whatever is understood of it.
func (f *frame) account(call *ast.CallExpr) {
	fn := callee(f.info, call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == f.pass.Pkg {
		return
	}
	lib, ok := f.libraries[fn.Pkg()]
	if !ok {
		lib = dbapi.LibraryOf(fn.Pkg())
		f.libraries[fn.Pkg()] = lib
	}
	if lib != nil && lib.Runs(fn) {
		f.runs[call.Rparen] = execution{pos: namePos(call), why: dbapi.NameOf(fn).Short() + " of " + fn.Pkg().Path() + " is not modelled", before: f.receivers(call)}
	}
}

// receivers returns the ends of the calls that make what a method is called on,
// through local variables.
func (f *frame) receivers(call *ast.CallExpr) []token.Pos {
	const most = 50
	var ends []token.Pos
	e := ast.Expr(call)
	for range most {
		switch x := ast.Unparen(e).(type) {
		case *ast.CallExpr:
			if x != call {
				ends = append(ends, x.Rparen)
			}
			sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
			if !ok {
				return ends
			}
			e = sel.X
		case *ast.Ident:
			if e = f.origins[f.info.Uses[x]]; e == nil {
				return ends
			}
		default:
			return ends
		}
	}
	return ends
}

// leaveOpen notes a chain that callers have to complete with its table.
func (f *frame) leaveOpen(call *ast.CallExpr) {
	f.open[call.Rparen] = execution{pos: namePos(call), why: "the table is a parameter of a function that no call here reaches", within: f.decl}
}

// unread returns the calls that run a query which nothing has read.
func (r *reader) unread() []Unread {
	var all []Unread
	for end, run := range r.runs {
		known := func(end token.Pos) bool { _, runs := r.runs[end]; return runs || r.asked[end] }
		if !r.asked[end] && !slices.ContainsFunc(run.before, known) {
			all = append(all, Unread{run.pos, run.why})
		}
	}
	for _, run := range r.open {
		if fn, ok := r.info.Defs[run.within.Name].(*types.Func); ok && !r.bound[fn] {
			all = append(all, Unread{run.pos, run.why})
		}
	}
	return all
}
