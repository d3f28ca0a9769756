package parallelpool

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/tenantname"
	"github.com/poollint/poollint/internal/testlib"
)

// A name is a fixed name of a tenant in a function.
type name struct {
	at    ast.Expr
	value string
}

// A tenant is a name in a function that a test runs in parallel.
type tenant struct {
	name
	test     *parallel.Test
	repeated bool // parallel subtests of a loop use it
}

// namesIn returns the fixed names of tenants in a function, in source order.
func (c *checker) namesIn(f *flow.Func) []name {
	names, known := c.names[f]
	if known {
		return names
	}
	note := func(called string, value ast.Expr) {
		if s, ok := c.text(value); ok && tenantname.Identifies(called, nil) && strings.TrimSpace(s) != "" {
			names = append(names, name{value, s})
		}
	}
	for _, call := range f.Calls {
		c.arguments(call, note)
	}
	f.Cursor.Inspect([]ast.Node{(*ast.CompositeLit)(nil), (*ast.FuncLit)(nil)}, func(at inspector.Cursor) (descend bool) {
		lit, ok := at.Node().(*ast.CompositeLit)
		if ok {
			c.fields(lit, note)
		}
		return ok || at == f.Cursor
	})
	slices.SortFunc(names, func(a, b name) int { return int(a.at.Pos() - b.at.Pos()) })
	c.names[f] = names
	return names
}

// arguments hands on the arguments of a call, with the names of the parameters.
func (c *checker) arguments(call *flow.Call, note func(called string, value ast.Expr)) {
	if call.Fn == nil || asserts(call.Fn) {
		return
	}
	sig := call.Fn.Signature()
	for i := 1; i < flow.ParamCount(sig) && !(sig.Variadic() && i == sig.Params().Len()); i++ {
		for _, arg := range call.Args(sig, i) {
			note(flow.ParamOf(sig, i).Name(), arg)
		}
	}
}

// fields hands on the keyed elements of a literal.
func (c *checker) fields(lit *ast.CompositeLit, note func(called string, value ast.Expr)) {
	for _, el := range lit.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if id, ok := kv.Key.(*ast.Ident); ok {
			note(id.Name, kv.Value)
		} else if s, ok := c.text(kv.Key); ok {
			note(s, kv.Value)
		}
	}
}

func (c *checker) text(e ast.Expr) (string, bool) {
	if tv := c.info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.String {
		return constant.StringVal(tv.Value), true
	}
	return "", false
}

// asserts reports whether fn compares rather than creates.
func asserts(fn *types.Func) bool {
	return fn.Pkg() != nil && testlib.Looks(fn.Pkg().Path())
}

// shareTenants reports names that two parallel tests on one database share.
func (c *checker) shareTenants(report *finding.Reporter) {
	if len(c.tenants) == 0 {
		return
	}
	sharing := c.sharing()
	users := map[string][]string{} // tests by name
	repeated := map[string]bool{}
	for _, t := range c.tenants {
		if !sharing[t.test.Func] {
			continue
		}
		if !slices.Contains(users[t.value], t.test.Name) {
			users[t.value] = append(users[t.value], t.test.Name)
		}
		repeated[t.value] = repeated[t.value] || t.repeated
	}
	slices.SortStableFunc(c.tenants, func(a, b tenant) int { return int(a.at.Pos() - b.at.Pos()) })
	seen := map[token.Pos]bool{}
	first := map[string]bool{}
	for _, t := range c.tenants {
		tests := users[t.value]
		key := t.test.Name + "\x00" + t.value
		if seen[t.at.Pos()] || first[key] || !slices.Contains(tests, t.test.Name) || len(tests) < 2 && !repeated[t.value] {
			continue
		}
		seen[t.at.Pos()], first[key] = true, true
		report.Report(finding.At(t.at, shared{t.value, tests}))
	}
}

// sharing returns the declared functions that mention, or call for, a handle that they
// share.
func (c *checker) sharing() map[*flow.Func]bool {
	all := map[*flow.Func]bool{}
	for _, f := range c.code.Funcs() {
		for _, call := range f.Calls {
			if t := c.info.TypeOf(call.Expr); t != nil && dbapi.Handle(t) && c.shared(call.Expr) {
				all[f.Outer()] = true
			}
		}
	}
	for obj := range c.code.Mentioned() {
		v, ok := obj.(*types.Var)
		if !ok || !dbapi.Handle(v.Type()) || !c.sharedVar(v, maxSources) {
			continue
		}
		for _, at := range c.code.Mentions(v) {
			if f := c.code.Around(at); f != nil {
				all[f.Outer()] = true
			}
		}
	}
	return all
}
