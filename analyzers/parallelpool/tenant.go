package parallelpool

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/tenantname"
	"github.com/poollint/poollint/internal/testlib"
)

// A tenant is a fixed name of a tenant in a parallel test.
type tenant struct {
	at       ast.Expr
	value    string
	test     *parallel.Test
	repeated bool // parallel subtests of a loop use it
}

// tenantArguments notes fixed tenants among the arguments of a call.
func (c *checker) tenantArguments(test *parallel.Test, call *ast.CallExpr, at parallel.Where) {
	fn := dbapi.Callee(c.info, call)
	if fn == nil || asserts(fn) {
		return
	}
	params := fn.Signature().Params()
	for i, arg := range call.Args {
		if i < params.Len() && !(fn.Signature().Variadic() && i == params.Len()-1) && tenantname.Identifies(params.At(i).Name(), nil) {
			c.tenant(test, arg, at)
		}
	}
}

// tenantFields notes fixed tenants in the fields of a composite literal.
func (c *checker) tenantFields(test *parallel.Test, lit *ast.CompositeLit, at parallel.Where) {
	for _, el := range lit.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		name := ""
		if id, ok := kv.Key.(*ast.Ident); ok {
			name = id.Name
		} else if s, ok := c.text(kv.Key); ok {
			name = s
		}
		if tenantname.Identifies(name, nil) {
			c.tenant(test, kv.Value, at)
		}
	}
}

func (c *checker) tenant(test *parallel.Test, value ast.Expr, at parallel.Where) {
	if s, ok := c.text(value); ok && strings.TrimSpace(s) != "" && !c.isolate[test.Decl] {
		c.named = append(c.named, tenant{value, s, test, at.Repeated})
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

// tenants reports names that two parallel tests on one database share.
func (c *checker) tenants(report *finding.Reporter) {
	users := map[string][]string{} // tests by name
	repeated := map[string]bool{}
	for _, t := range c.named {
		if !c.usesShared(t.test.Decl) {
			continue
		}
		if !slices.Contains(users[t.value], t.test.Name) {
			users[t.value] = append(users[t.value], t.test.Name)
		}
		repeated[t.value] = repeated[t.value] || t.repeated
	}
	seen := map[token.Pos]bool{}
	first := map[string]bool{}
	for _, t := range c.named {
		tests := users[t.value]
		key := t.test.Name + "\x00" + t.value
		if seen[t.at.Pos()] || first[key] || !slices.Contains(tests, t.test.Name) || len(tests) < 2 && !repeated[t.value] {
			continue
		}
		seen[t.at.Pos()], first[key] = true, true
		report.Report(finding.At(t.at, shared{t.value, tests}))
	}
}

// usesShared reports whether a test mentions a handle that it shares.
func (c *checker) usesShared(decl *ast.FuncDecl) bool {
	if uses, ok := c.sharing[decl]; ok {
		return uses
	}
	uses := false
	ast.Inspect(decl, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && !uses {
			if t := c.info.TypeOf(e); t != nil && dbapi.Handle(t) {
				uses = c.shared(e)
			}
		}
		return !uses
	})
	c.sharing[decl] = uses
	return uses
}
