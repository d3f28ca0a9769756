package byid

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/schema"
)

// holder returns the name of a function that gives the program the row of a change, as it was
// put into a context or a session: who loaded it, and for which tenant, is out of sight. The id
// must be that of the row or of one that the row leads to. It is empty if there is no such
// function.
func (r *reader) holder(change event) string {
	for _, id := range change.ids {
		if name := r.heldBy(id, pedigree{reader: r}); name != "" {
			return name
		}
	}
	return ""
}

// heldBy returns what the row of an id comes from.
func (r *reader) heldBy(id source, p pedigree) string {
	if !r.leadsToRow(id) && !id.isID(plainKey) && !id.isWho() || r.replaced(id) {
		return ""
	}
	if by, ok := strings.CutSuffix(strings.Join(id.path, "."), "()"); ok && len(id.path) == 1 && namesPerson(by[strings.LastIndex(by, ".")+1:]) && isRequest(id.root.Type()) {
		return by
	}
	return p.ofVar(id.root, maxHops)
}

var plainKey = []string{"id"}

// isWho reports whether the last field of a source says who somebody is: claims.UserID.
func (s source) isWho() bool { return len(s.path) > 0 && namesPerson(s.path[len(s.path)-1]) }

// isMade reports whether a source says who has made something, or has it: note.CreatedBy.
func (s source) isMade() bool { return len(s.path) > 0 && has(s.path[len(s.path)-1], makers) }

// replaced reports whether a field on the way to an id is set for itself.
func (r *reader) replaced(id source) bool {
	return slices.ContainsFunc(r.code.Into(id.root), func(s *flow.Store) bool {
		key := s.KeyIn(id.root)
		return key != "" && (len(id.path) > 0 && key == id.path[0] || len(id.path) == 0 && strings.EqualFold(key, "id"))
	})
}

// A pedigree is a search for what a row comes from: rows that are known, or a function that
// holds it.
type pedigree struct {
	*reader
	rows map[*types.Var]bool // nil to search for a function
}

// ofVar returns the name of what the variable comes from whatever it is set to; empty if it
// is not found.
func (p pedigree) ofVar(v *types.Var, hops int) (name string) {
	if p.rows[v] {
		return v.Name()
	}
	if _, isParam := p.code.Param(v); isParam || hops == 0 || flow.Global(v) {
		return ""
	}
	for _, s := range p.code.Into(v) {
		if !s.Whole(v) {
			continue
		}
		if name = p.of(s.Src, v.Type(), hops-1); name == "" {
			return ""
		}
	}
	return name
}

// of is ofVar for an expression that a variable of the type takes.
func (p pedigree) of(e ast.Expr, as types.Type, hops int) string {
	if p.looks--; p.looks < 0 || hops == 0 {
		return ""
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v := flow.Var(p.info, e); v != nil {
			return p.ofVar(v, hops)
		}
	case *ast.SelectorExpr:
		return p.of(e.X, p.info.TypeOf(e.X), hops)
	case *ast.TypeAssertExpr:
		return p.of(e.X, as, hops)
	case *ast.StarExpr:
		return p.of(e.X, as, hops)
	case *ast.UnaryExpr:
		return p.of(e.X, as, hops)
	case *ast.IndexExpr:
		return p.of(e.X, p.info.TypeOf(e.X), hops)
	case *ast.SliceExpr:
		return p.of(e.X, p.info.TypeOf(e.X), hops)
	case *ast.CallExpr:
		return p.ofCall(e, as, hops)
	}
	return ""
}

// ofCall is of for a call: of a method of a row that gives another, or of a function that is
// given a context or a constant alone.
func (p pedigree) ofCall(call *ast.CallExpr, as types.Type, hops int) string {
	sel, _ := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if sel != nil && p.info.Selections[sel] != nil && rowType(as) != nil && rowType(p.info.TypeOf(sel.X)) != nil {
		if name := p.of(sel.X, p.info.TypeOf(sel.X), hops); name != "" {
			return name
		}
	}
	c := p.code.Call(call)
	if p.rows != nil || len(call.Args) == 0 || c == nil || c.Fn == nil {
		return ""
	}
	if p.tellsWho(call, as) || p.isTenants(as) && (p.asksContext(sel) || !slices.ContainsFunc(call.Args, p.choosesRow)) {
		return c.Fn.Name()
	}
	return ""
}

// tellsWho reports whether a call gives the id of who asks, by its name or that of what it asks a
// context for: auth.UserID(r), c.GetString("user_id").
func (p pedigree) tellsWho(call *ast.CallExpr, as types.Type) bool {
	if !mayBeID(as) && !types.IsInterface(as) {
		return false
	}
	sel, _ := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if p.asksContext(sel) {
		return namesPerson(flow.Text(p.info, call.Args[0]))
	}
	return namesPerson(nameOf(call.Fun)) && !slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return !isRequest(p.info.TypeOf(arg)) })
}

// isRequest reports whether values of a type are what a handler is given.
func isRequest(t types.Type) bool {
	name := typeName(t)
	return isContext(t) || name == "Request" || name == "ResponseWriter"
}

// choosesRow reports whether an argument may say which row is meant.
func (r *reader) choosesRow(arg ast.Expr) bool {
	if r.info.Types[arg].Value != nil {
		return false
	}
	return !isContext(r.info.TypeOf(arg))
}

// asksContext reports whether a method hands out what a context has, under whatever key.
func (r *reader) asksContext(method *ast.SelectorExpr) bool {
	if method == nil {
		return false
	}
	of := r.info.TypeOf(method.X)
	return values[method.Sel.Name] && isContext(of) || method.Sel.Name == "Get" && typeName(of) == "Context" // fiber's Ctx gets a header
}

// values are names of methods that hand out what a middleware has put into a context.
var values = map[string]bool{"Value": true, "MustGet": true, "GetString": true, "GetInt": true, "GetInt64": true, "GetUint": true, "Locals": true}

func isContext(t types.Type) bool {
	name := typeName(t)
	return strings.HasSuffix(name, "Context") || name == "Ctx"
}

// rowType returns the struct type that a value, a pointer or an element has; nil if it has none.
func rowType(t types.Type) *types.Struct {
	for t != nil {
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Struct:
			return u
		default:
			return nil
		}
	}
	return nil
}

// isTenants reports whether a struct type has a field for the tenant, its own or an embedded
// struct's.
func (r *reader) isTenants(t types.Type) bool {
	s := rowType(t)
	if s == nil {
		return false
	}
	for i := range s.NumFields() {
		if f := s.Field(i); f.Embedded() && r.isTenants(f.Type()) || r.isTenantField(s, i) {
			return true
		}
	}
	return false
}

// isTenantField reports whether a field of a struct holds the tenant.
func (r *reader) isTenantField(s *types.Struct, i int) bool {
	if r.tenants[schema.Normal(s.Field(i).Name())] {
		return true
	}
	return slices.ContainsFunc([]string{"db", "bun", "pg", "json", model.Boil}, func(tag string) bool {
		name, _, _ := strings.Cut(reflect.StructTag(s.Tag(i)).Get(tag), ",")
		return r.tenants[schema.Normal(name)]
	})
}

// TenantColumns returns the names of the columns that hold the tenant.
func TenantColumns(db *schema.Database) map[string]bool {
	names := map[string]bool{}
	for _, t := range db.All() {
		for _, c := range t.TenantColumns {
			names[schema.Normal(c)] = true
		}
	}
	return names
}

// isOfPart reports whether an id is that of a row which another row leads to.
func (r *reader) isOfPart(id source) bool {
	if n := len(id.path); n > 0 && id.isID(plainKey) {
		id.path = id.path[:n-1]
	}
	return len(id.path) > 0 && r.leadsToRow(id)
}

// leadsToRow reports whether the fields and methods of a source lead from a struct to another,
// and not to a value in it.
func (r *reader) leadsToRow(id source) bool {
	t := id.root.Type()
	for _, step := range id.path {
		name, _ := strings.CutSuffix(step, "()")
		if s := rowType(t); s == nil {
			return false
		}
		for s, ok := t.Underlying().(*types.Slice); ok; s, ok = t.Underlying().(*types.Slice) {
			t = s.Elem()
		}
		obj, _, _ := types.LookupFieldOrMethod(t, true, r.pass.Pkg, name)
		switch obj := obj.(type) {
		case *types.Var:
			t = obj.Type()
		case *types.Func:
			if obj.Signature().Results().Len() == 0 {
				return false
			}
			t = obj.Signature().Results().At(0).Type()
		default:
			return false
		}
	}
	return rowType(t) != nil
}
