package byid

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"

	"github.com/poollint/poollint/internal/flow"
)

// Returned is the load of a change that returns whose the row is.
const Returned = "the tenant that it returns"

// takesBack reports whether the function ends its transaction with an error where a change
// returns the row of another tenant.
func (r *reader) takesBack(f *flow.Func, change event) bool {
	ways := r.code.Ways(f)
	if !change.Gives || !change.inTx && !r.runsInTx(change.call) || ways == nil || f.Sig.Results().Len() == 0 {
		return false
	}
	stmt := ways.Node(change.call.At)
	if stmt == nil || isReturn(stmt) || !r.compares(f, change) {
		return false
	}
	foreign := r.foreign(f, change, r.rowsOf(f, change, stmt), nobodys)
	return !slices.ContainsFunc(f.Calls, func(call *flow.Call) bool {
		return call.Fn != nil && call.Fn.Name() == "Commit" && r.reaches(ways, foreign, ways.Node(call.At), nil)
	})
}

// Later is the load of a change that ends with its transaction where the load fails.
const Later = "a later query of its transaction"

// undoes reports whether the transaction of a change is committed only where a load behind it has
// found the row for its tenant: the order's items are deleted, and then the order.
func (r *reader) undoes(f *flow.Func, change event) bool {
	ways := r.code.Ways(f)
	if !change.inTx && !r.runsInTx(change.call) || ways == nil {
		return false
	}
	var commits []ast.Node
	for _, call := range f.Calls {
		if call.Fn != nil && call.Fn.Name() == "Commit" {
			commits = append(commits, ways.Node(call.At))
		}
	}
	return len(commits) > 0 && r.anyLoad(f, func(load event) bool {
		stmt := ways.Node(load.call.At)
		if stmt == nil || !change.counts(load) || !slices.ContainsFunc(load.ids, func(id source) bool { return slices.ContainsFunc(change.ids, id.equal) }) {
			return false
		}
		return !slices.ContainsFunc(commits, func(commit ast.Node) bool {
			return r.reaches(ways, flow.Query{From: change.call.At}, commit, stmt) || !r.failureEnds(ways, f, load, stmt, commit)
		})
	})
}

// transacts are words in the names of functions that run others in a transaction.
var transacts = regexp.MustCompile(`(?i)tx|transact|atomic`)

// runsInTx reports whether the receiver of a call has been given a transaction: it is made of one,
// or what a function takes that runs in one.
func (r *reader) runsInTx(call *flow.Call) bool {
	recv := call.Receiver()
	if v := flow.Var(r.info, recv); v != nil {
		if p, ok := r.code.Param(v); ok {
			around, ok := p.Of.Cursor.Parent().Node().(*ast.CallExpr)
			runner := r.code.Call(around)
			return ok && runner != nil && runner.Fn != nil && transacts.MatchString(runner.Fn.Name())
		}
		stores := r.code.Into(v)
		if len(stores) != 1 {
			return false
		}
		recv = stores[0].Src
	}
	made, ok := recv.(*ast.CallExpr)
	return ok && slices.ContainsFunc(made.Args, func(arg ast.Expr) bool { return isTx(r.info.TypeOf(arg)) })
}

// isTx reports whether values of a type are transactions.
func isTx(t types.Type) bool {
	has := func(method string) bool {
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, method)
		_, ok := obj.(*types.Func)
		return ok
	}
	return t != nil && has("Commit") && has("Rollback")
}
