package tenantuse

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/tenantname"
	"github.com/poollint/poollint/internal/testlib"
)

// reading are words that the names of functions and types begin with which make nothing.
var reading = []string{"get", "list", "find", "fetch", "search", "lookup", "load", "read", "query", "count", "exists",
	"has", "is", "check", "validate", "verify", "parse", "describe", "show", "filter", "resolve", "where", "first", "last",
	"take", "select", "by", "match", "equal", "compare", "assert", "require", "expect", "want", "must", "delete", "remove",
	"ensure", "upsert", "drop", "clean", "cleanup", "truncate", "format", "unmarshal", "decode", "normalize"}

// conditions are words that the names of types end with which say what is looked for.
var conditions = []string{"filter", "filters", "query", "criteria", "condition", "conditions", "selector", "claims"}

// looks reports whether a call only reads, compares, prints or expects: it makes nothing
// that has a name.
func looks(call *ast.CallExpr, fn *types.Func) bool {
	if fn.Pkg() == nil || testlib.Looks(fn.Pkg().Path()) || expected(call) {
		return true
	}
	words := tenantname.Split(fn.Name())
	if len(words) > 1 && words[0] == "must" {
		words = words[1:] // mustCreate
	}
	return len(words) > 0 && slices.Contains(reading, words[0]) || gets(fn, words)
}

// gets reports whether a function is named for what it gets, as Workspace(ctx, slug) is.
func gets(fn *types.Func, words []string) bool {
	sig := fn.Signature()
	if sig.Params().Len() < 2 || dbapi.TypeName(sig.Params().At(0).Type()) != "context.Context" || sig.Results().Len() < 2 {
		return false
	}
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool {
		return w != "by" && !tenantname.Means(w) && !tenantname.IsKey(w)
	})
}

// expects reports whether a variable or field is named for what is to come out.
func expects(name string) bool {
	words := tenantname.Split(name)
	return len(words) > 0 && slices.ContainsFunc([]string{"want", "exp", "expect", "got"}, func(w string) bool { return strings.HasPrefix(words[0], w) })
}

// looked reports whether a literal is only looked at: an operand, a value that is expected,
// an argument of what makes nothing.
func (f *Finder) looked(c inspector.Cursor) bool {
	for at := c; at.Valid(); at = at.Parent() {
		kind, i := at.ParentEdge()
		switch up := at.Parent().Node().(type) {
		case *ast.CallExpr:
			if kind != edge.CallExpr_Args || f.info.Types[up.Fun].IsType() || f.info.Types[up.Fun].IsBuiltin() {
				continue
			}
			fn := dbapi.Callee(f.info, up)
			return fn != nil && fn.Name() != "Run" && (looks(up, fn) || f.selects(up, fn) || f.aside(at.Parent()))
		case *ast.KeyValueExpr:
			if expects(flow.Name(up.Key)) {
				return true
			}
		case *ast.BinaryExpr:
			return up.Op == token.EQL || up.Op == token.NEQ
		case *ast.AssignStmt:
			return kind == edge.AssignStmt_Rhs && i < len(up.Lhs) && expects(flow.Name(up.Lhs[i]))
		case *ast.ValueSpec:
			return kind == edge.ValueSpec_Values && i < len(up.Names) && expects(up.Names[i].Name)
		case ast.Stmt, ast.Decl, *ast.FuncLit:
			return false
		}
	}
	return false
}

// idle reports whether a variable or constant is only looked at, or belongs to objects within
// others: nothing that has a name by itself is made of it.
func (f *Finder) idle(obj types.Object) bool {
	if obj == nil {
		return false
	}
	if known, asked := f.idles[obj]; asked {
		return known
	}
	f.idles[obj] = true // if it only leads to itself
	is := !slices.ContainsFunc(f.code.Mentions(obj), func(at inspector.Cursor) bool {
		return !assigned(at) && !f.looked(at) && !f.beside(at)
	})
	f.idles[obj] = is
	return is
}

// assigned reports whether what is named, or a part of it, takes a value.
func assigned(c inspector.Cursor) bool {
	for at := c; at.Valid(); at = at.Parent() {
		switch at.ParentEdgeKind() {
		case edge.AssignStmt_Lhs:
			return true
		case edge.SelectorExpr_X, edge.ParenExpr_X, edge.StarExpr_X:
		default:
			return false
		}
	}
	return false
}

// taker returns the variable or constant that takes a literal, or its address, where it is
// declared or assigned; nil if none does.
func (f *Finder) taker(c inspector.Cursor) types.Object {
	for kind := c.ParentEdgeKind(); kind == edge.UnaryExpr_X || kind == edge.ParenExpr_X; kind = c.ParentEdgeKind() {
		c = c.Parent()
	}
	kind, i := c.ParentEdge()
	switch up := c.Parent().Node().(type) {
	case *ast.AssignStmt:
		if kind == edge.AssignStmt_Rhs && len(up.Lhs) == len(up.Rhs) {
			return f.object(up.Lhs[i])
		}
	case *ast.ValueSpec:
		if kind == edge.ValueSpec_Values && len(up.Names) == len(up.Values) {
			return f.object(up.Names[i])
		}
	}
	return nil
}

func (f *Finder) object(e ast.Expr) types.Object {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		return f.info.ObjectOf(id)
	}
	return nil
}

// selects reports whether a call runs SQL that makes nothing.
func (f *Finder) selects(call *ast.CallExpr, fn *types.Func) bool {
	row := f.queries.Of(fn)
	if row == nil || row.SQL >= len(call.Args) {
		return false
	}
	words := strings.Fields(strings.ToLower(f.text(call.Args[row.SQL])))
	return len(words) > 0 && slices.Contains([]string{"select", "delete", "truncate"}, words[0])
}

// expected reports whether the call is one on a mock: m.EXPECT().Create(…).
func expected(call *ast.CallExpr) bool {
	for {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		if sel.Sel.Name == "EXPECT" {
			return true
		}
		if call, ok = ast.Unparen(sel.X).(*ast.CallExpr); !ok {
			return false
		}
	}
}
