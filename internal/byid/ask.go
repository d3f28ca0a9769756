package byid

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/tenantname"
)

// asking are the words, or their beginnings, of functions that are asked whether somebody may
// have to do with something: CanManage, CheckAccess, RequireMember. Short words stand for
// themselves alone.
var asking = []string{
	"can", "may",
	"access", "admin", "allow", "assert", "authori", "authz", "belong", "check", "enforce", "ensure", "forbid",
	"guard", "member", "owner", "permi", "require", "role", "validate", "verify",
}

const shortWord = 3

func asksBy(name string) bool {
	return slices.ContainsFunc(tenantname.Split(name), func(word string) bool {
		return slices.ContainsFunc(asking, func(a string) bool {
			return word == a || len(a) > shortWord && strings.HasPrefix(word, a)
		})
	})
}

// asks reports whether a call asks if somebody may have to do with the tenant of one of the
// rows: it is given the tenant and another value, who that is.
func (r *reader) asks(rows map[*types.Var]bool, call *ast.CallExpr) bool {
	c := r.code.Call(call)
	if c == nil || c.Fn == nil || !asksBy(c.Fn.Name()) {
		return false
	}
	isTenant := func(arg ast.Expr) bool { return r.isTenantOf(rows, arg) }
	isWho := func(arg ast.Expr) bool { return r.varies(arg) && !isTenant(arg) }
	return slices.ContainsFunc(call.Args, isTenant) && slices.ContainsFunc(call.Args, isWho)
}

// isAnswer reports whether an expression is the answer to a call that asks: whether somebody
// may, or the error that says that they may not.
func (r *reader) isAnswer(rows map[*types.Var]bool, e ast.Expr) bool {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		return r.asks(rows, call)
	}
	v := flow.Var(r.info, e)
	if v == nil {
		return false
	}
	stores := r.code.Into(v)
	if r.looks -= len(stores); r.looks < 0 {
		return false
	}
	var last *flow.Store // before the expression, in the text
	for _, s := range stores {
		if s.Whole(v) && s.Dst != nil && s.Dst.Pos() < e.Pos() && (last == nil || last.Dst.Pos() < s.Dst.Pos()) {
			last = s
		}
	}
	if last == nil {
		return false
	}
	call, ok := ast.Unparen(last.Src).(*ast.CallExpr)
	return ok && r.says(call, last.Result) && r.asks(rows, call)
}

// says reports whether a result of a call is its answer: a bool, or else an error.
func (r *reader) says(call *ast.CallExpr, result int) bool {
	results, ok := r.info.TypeOf(call).(*types.Tuple)
	if !ok {
		return true
	}
	if result >= results.Len() {
		return false
	}
	bools := false
	for v := range results.Variables() {
		bools = bools || isBool(v.Type())
	}
	t := results.At(result).Type()
	return isBool(t) || !bools && flow.IsError(t)
}
