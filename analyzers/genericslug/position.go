package genericslug

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/tenantname"
	"github.com/poollint/poollint/internal/testlib"
)

// A slug is a generic word in a position that means a tenant.
type slug struct {
	expr  ast.Expr // the literal, or the constant's name
	value string
	name  string // of the position: "Slug", "tenantID", "tenants.slug"
}

// A finder looks for slugs in one file.
type finder struct {
	info    *types.Info
	words   vocabulary
	queries *dbapi.Queries
	found   []slug
}

// visit looks at one node; it is called for all nodes outside assertions.
func (f *finder) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		f.call(n)
	case *ast.CompositeLit:
		f.composite(n)
	case *ast.AssignStmt:
		if len(n.Lhs) == len(n.Rhs) && n.Tok != token.ADD_ASSIGN {
			for i, l := range n.Lhs {
				f.named(identifier(l), n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		if len(n.Names) == len(n.Values) {
			for i, name := range n.Names {
				f.named(name.Name, n.Values[i])
			}
		}
	}
}

func identifier(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// named records the value if the name means a tenant.
func (f *finder) named(name string, value ast.Expr) {
	if name != "" && f.words.namesTenant(name) {
		f.add(name, value)
	}
}

func (f *finder) add(name string, value ast.Expr) {
	value = ast.Unparen(value)
	if call, ok := value.(*ast.CallExpr); ok && len(call.Args) == 1 {
		if tv := f.info.Types[call.Fun]; tv.IsType() || parses(f.info, call) {
			value = ast.Unparen(call.Args[0]) // TenantID("acme"), uuid.MustParse("0000…")
		}
	}
	if text, ok := f.text(value); ok && f.words.generic(text) {
		f.found = append(f.found, slug{expr: value, value: text, name: name})
	}
}

// parses reports whether the call only converts a text to a value, as MustParse does.
func parses(info *types.Info, call *ast.CallExpr) bool {
	fn := dbapi.Callee(info, call)
	return fn != nil && strings.HasPrefix(fn.Name(), "MustParse")
}

func (f *finder) text(e ast.Expr) (string, bool) {
	if tv := f.info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.String {
		return constant.StringVal(tv.Value), true
	}
	return "", false
}

func (f *finder) call(call *ast.CallExpr) {
	fn := dbapi.Callee(f.info, call)
	if fn == nil {
		return
	}
	if f.query(call, fn) {
		return
	}
	if f.nested(call.Args, func(i int) string { return paramName(fn, i) }) {
		return
	}
	tenants := f.words.mentionsTenant(fn.Name())
	for i, arg := range call.Args {
		name := paramName(fn, i)
		switch {
		case f.words.namesTenant(name), tenants && namesKey(name):
			f.add(name, arg)
		case i > 0:
			if key, ok := f.text(call.Args[i-1]); ok && f.words.namesTenant(key) {
				f.add(key, arg) // header.Set("X-Tenant-ID", "acme")
			}
		}
	}
}

func paramName(fn *types.Func, i int) string {
	params := fn.Signature().Params()
	if fn.Signature().Variadic() && i >= params.Len()-1 || i >= params.Len() {
		return ""
	}
	return params.At(i).Name()
}

func (f *finder) composite(lit *ast.CompositeLit) {
	t := f.info.TypeOf(lit)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem() // an element of a slice of pointers
	}
	values := make([]ast.Expr, len(lit.Elts))
	names := make([]string, len(lit.Elts))
	fields, _ := t.Underlying().(*types.Struct)
	for i, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		switch {
		case ok:
			values[i] = kv.Value
			if key, isText := f.text(kv.Key); isText {
				names[i] = key
			} else if fields != nil {
				names[i] = identifier(kv.Key)
			}
		case fields != nil && i < fields.NumFields():
			values[i], names[i] = elt, fields.Field(i).Name()
		default:
			values[i] = elt
		}
	}
	if f.nested(values, func(i int) string { return names[i] }) {
		return
	}
	typeName := dbapi.TypeName(t)
	tenants := f.words.mentionsTenant(typeName[strings.LastIndexByte(typeName, '.')+1:])
	for i, name := range names {
		if f.words.namesTenant(name) || tenants && namesKey(name) {
			f.add(name, values[i])
		}
	}
}

// nested reports whether one of the values is the ID of another object that the program
// has made. A name within that object need not be unique by itself.
func (f *finder) nested(values []ast.Expr, name func(int) string) bool {
	for i, value := range values {
		words := tenantname.Split(name(i))
		if len(words) < 2 || words[len(words)-1] != "id" || f.info.Types[value].Value != nil {
			continue
		}
		if _, isLit := ast.Unparen(value).(*ast.BasicLit); !isLit {
			return true
		}
	}
	return false
}

// asserts reports whether a call only compares, prints or expects.
func asserts(info *types.Info, call *ast.CallExpr) bool {
	fn := dbapi.Callee(info, call)
	if fn == nil || fn.Pkg() == nil || fn.Name() == "Run" {
		return false
	}
	return testlib.Looks(fn.Pkg().Path()) || strings.HasPrefix(fn.Name(), "assert") || strings.HasPrefix(fn.Name(), "Assert") || expected(call)
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

// find returns the slugs below a node.
func (f *finder) find(root inspector.Cursor) []slug {
	f.found = nil
	root.Inspect(nil, func(c inspector.Cursor) bool {
		if call, ok := c.Node().(*ast.CallExpr); ok && asserts(f.info, call) {
			return false
		}
		f.visit(c.Node())
		return true
	})
	return f.found
}
