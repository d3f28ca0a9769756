package sqltext

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// condition reads what decides a branch. Conditions with the same key have the
// same truth; negate says that the second alternative is taken when it holds.
func (f *frame) condition(e ast.Expr) condition {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			c := f.condition(e.X)
			c.negate = !c.negate
			return c
		}
	case *ast.BinaryExpr:
		if v, negate, ok := f.emptiness(e); ok {
			return condition{f.exprKey(e.X, nil, e) + " holds something", v, negate}
		}
		if e.Op == token.NEQ || e.Op == token.EQL {
			return condition{f.exprKey(e.X, e.Y, e), nil, e.Op == token.NEQ}
		}
	}
	return condition{f.exprKey(e, nil, e), f.mention(e), false}
}

// mention recognises the question whether a text that is being built has a word in
// it: strings.Contains(strings.ToLower(query), "where").
func (f *frame) mention(e ast.Expr) value.Value {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return nil
	}
	fn, word := callee(f.info, call), f.info.Types[call.Args[1]].Value
	if fn == nil || dbapi.NameOf(fn) != "strings.Contains" || word == nil || word.Kind() != constant.String {
		return nil
	}
	x := ast.Unparen(call.Args[0])
	if inner, ok := x.(*ast.CallExpr); ok && len(inner.Args) == 1 {
		if fn := callee(f.info, inner); fn == nil || dbapi.NameOf(fn) != "strings.ToLower" && dbapi.NameOf(fn) != "strings.ToUpper" {
			return nil
		}
		x = ast.Unparen(inner.Args[0])
	}
	v := f.local(x)
	if !told(v) {
		return nil
	}
	return &value.Mention{Origin: value.Origin{Pos: e.Pos()}, Of: v, Word: strings.ToLower(constant.StringVal(word))}
}

// exprKey names a condition by its expression if that reads parameters only,
// which nothing changes; else by its place.
func (f *frame) exprKey(x, y, at ast.Expr) string {
	stable := true
	for _, e := range []ast.Expr{x, y} {
		if e == nil {
			continue
		}
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr, *ast.FuncLit:
				stable = false
			case *ast.Ident:
				if v, ok := f.info.Uses[n].(*types.Var); ok && !v.IsField() && !f.isConstant(v) {
					stable = false
				}
			}
			return stable
		})
	}
	if !stable {
		return f.key(at.Pos())
	}
	key := f.name + ":" + types.ExprString(x)
	if y != nil {
		key += "==" + types.ExprString(y)
	}
	return key
}

func (f *frame) key(pos token.Pos) string {
	return f.name + "+" + strconv.Itoa(int(pos-f.decl.Pos()))
}

// emptiness recognises tests of whether a text or list that is being built holds
// anything: len(x) > 0, x != "", len(x) == 0, b.Len() > 0 …; negate stands for "is value.Empty".
func (f *frame) emptiness(e *ast.BinaryExpr) (v value.Value, negate, ok bool) {
	x := ast.Unparen(e.X)
	if call, isCall := x.(*ast.CallExpr); isCall {
		if x = f.measured(call); x == nil {
			return nil, false, false
		}
		n := f.info.Types[e.Y].Value
		switch {
		case n == nil:
			return nil, false, false
		case e.Op == token.GTR && n.ExactString() == "0", e.Op == token.NEQ && n.ExactString() == "0", e.Op == token.GEQ && n.ExactString() == "1":
		case e.Op == token.EQL && n.ExactString() == "0", e.Op == token.LSS && n.ExactString() == "1":
			negate = true
		default:
			return nil, false, false
		}
	} else {
		if c := f.info.Types[e.Y].Value; c == nil || c.ExactString() != `""` || e.Op != token.EQL && e.Op != token.NEQ {
			return nil, false, false
		}
		negate = e.Op == token.EQL
	}
	v = f.local(x)
	if !told(v) {
		return nil, false, false
	}
	return v, negate, true
}

// measured returns what a call tells the length of: len(x), or b.Len() of text that is being
// written; nil for any other call.
func (f *frame) measured(call *ast.CallExpr) ast.Expr {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		if len(call.Args) == 1 && f.info.Uses[fun] == types.Universe.Lookup("len") {
			return ast.Unparen(call.Args[0])
		}
	case *ast.SelectorExpr:
		if fn := callee(f.info, call); fn != nil && (dbapi.NameOf(fn) == "(strings.Builder).Len" || dbapi.NameOf(fn) == "(bytes.Buffer).Len") {
			return fun.X
		}
	}
	return nil
}

// told reports whether it can be asked if a text or list that is built holds anything.
func told(v value.Value) bool {
	_, isRecord := v.(*value.Record)
	return v != nil && !isRecord && !value.IsHole(v)
}

// join merges what is known behind a condition: yes where it holds, no where not.
func join(c condition, yes, no env) env {
	switch {
	case yes.dead:
		return no
	case no.dead:
		return yes
	}
	return joinAll(c.key, c.cond, []env{yes, no})
}

func joinAll(key string, cond value.Value, envs []env) env {
	live := slices.DeleteFunc(slices.Clone(envs), func(e env) bool { return e.dead })
	if len(live) == 0 {
		return envs[0] // what is known counts for a function literal's surroundings
	}
	if len(live) == 1 {
		return live[0]
	}
	out := newEnv()
	alternatives := make([]value.Value, len(live))
vars:
	for obj, v := range live[0].vars {
		alternatives[0] = v
		for i, e := range live[1:] {
			if alternatives[i+1] = e.vars[obj]; alternatives[i+1] == nil {
				continue vars
			}
		}
		out.vars[obj] = value.Choose(key, cond, slices.Clone(alternatives)...)
	}
	for key, truth := range live[0].known {
		if !slices.ContainsFunc(live[1:], func(e env) bool { t, ok := e.known[key]; return !ok || t != truth }) {
			out.known[key] = truth
		}
	}
	return out
}
