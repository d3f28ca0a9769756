package share

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/testscope"
)

// pureFuncs are functions without side effects: a call whose result is not used can be
// removed.
var pureFuncs = map[dbapi.Name]bool{
	"os.Getenv": true, "context.Background": true, "context.TODO": true, "fmt.Sprintf": true,
	"(testing.common).Context": true, "(testing.TB).Context": true,
}

func pureFunc(fn *types.Func) bool {
	return fn != nil && (pureFuncs[dbapi.NameOf(fn)] || dbapi.Configures(fn))
}

// Pure reports whether an expression has no effects, so that it can be removed.
func Pure(info *types.Info, e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.CallExpr:
			fn := dbapi.Callee(info, x)
			ok = ok && pureFunc(fn)
		case *ast.FuncLit:
			ok = false
		case *ast.UnaryExpr:
			ok = ok && !reaches(x)
		}
		return ok
	})
	return ok
}

// reaches reports whether an operation receives from a channel, or takes the address of what is elsewhere.
func reaches(x *ast.UnaryExpr) bool {
	_, literal := ast.Unparen(x.X).(*ast.CompositeLit)
	return x.Op == token.ARROW || x.Op == token.AND && !literal
}

// pure is Pure that, where the run changes whole modules, also looks into functions of the
// package.
func (m *mover) pure(e ast.Expr) bool {
	if Pure(m.pass.TypesInfo, e) {
		return true
	}
	if !m.whole {
		return false
	}
	ok := true
	ast.Inspect(e, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.CallExpr:
			ok = ok && m.settles(dbapi.Callee(m.pass.TypesInfo, x), maxValues)
		case *ast.FuncLit:
			ok = false
		case *ast.UnaryExpr:
			ok = ok && !reaches(x)
		}
		return ok
	})
	return ok
}

// texts are the standard library's packages whose functions only make text of text.
var texts = map[string]bool{"strings": true, "net": true, "net/url": true, "path": true, "path/filepath": true, "strconv": true, "cmp": true}

// settles reports whether a function gives the same whenever it is called, and does nothing else.
func (m *mover) settles(fn *types.Func, depth int) bool {
	switch {
	case fn == nil || depth == 0:
		return false
	case pureFunc(fn), dbapi.NameOf(fn) == "os.LookupEnv", fn.Pkg() != nil && texts[fn.Pkg().Path()]:
		return true
	}
	f := m.code.Func(fn)
	if f == nil && m.configures(fn) {
		return true
	}
	if f == nil || f.Decl == nil || len(f.Lits) > 0 || testscope.TakesTB(f.Sig) {
		return false
	}
	for _, store := range f.Stores {
		if store.Root == nil || !m.code.Local(store.Root) {
			return false
		}
	}
	for _, c := range f.Calls {
		if c.Fn == nil || !m.settles(c.Fn, depth-1) {
			return false
		}
	}
	return true
}

// configures reports whether a function of another package of the module takes nothing and returns what
// is named a configuration: it is the same for all tests.
func (m *mover) configures(fn *types.Func) bool {
	sig := fn.Signature()
	if fn.Pkg() == m.pass.Pkg || !config.Ours(m.pass, fn.Pkg()) || sig.Recv() != nil || sig.Params().Len() > 0 || sig.Results().Len() != 1 {
		return false
	}
	named, ok := types.Unalias(flow.Pointee(sig.Results().At(0).Type())).(*types.Named)
	known := m.pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package).Func(fn)
	return ok && configuration.MatchString(named.Obj().Name()) && len(known.Opens) == 0 && known.Makes == 0 && known.Result == 0
}

var configuration = regexp.MustCompile(`(?i)(conf|config|configuration|settings|env|environment)$`)
