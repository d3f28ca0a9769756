package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
)

// assignments are what the code of a package assigns, whatever the order.
type assignments struct {
	fields   map[types.Object][]ast.Expr // what is assigned to fields; nil until it is collected
	grown    map[types.Object]bool       // fields that methods add to
	assigned map[types.Object]bool       // package-level variables that functions change
}

// noteAssigned notes which package-level variables a function changes.
func (r *reader) noteAssigned(body ast.Node) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, lhs := range n.Lhs {
					if obj := rootObject(r.info, lhs); obj != nil && !isLocal(obj) {
						r.assigned[obj] = true
					}
				}
			}
		case *ast.UnaryExpr:
			if obj := rootObject(r.info, n.X); n.Op == token.AND && obj != nil && obj.Pkg() != nil && !isLocal(obj) {
				r.assigned[obj] = true
			}
		}
		return true
	})
}

// collectFields notes what composite literals and assignments give to fields.
func (r *reader) collectFields() {
	if r.fields != nil {
		return
	}
	r.fields, r.grown = map[types.Object][]ast.Expr{}, map[types.Object]bool{}
	for _, file := range r.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				r.literalFields(n)
			case *ast.CallExpr:
				r.writtenField(n)
			case *ast.AssignStmt:
				for i, lhs := range n.Lhs {
					sel, ok := lhs.(*ast.SelectorExpr)
					if !ok {
						continue
					}
					if v, ok := r.info.Uses[sel.Sel].(*types.Var); ok && v.IsField() {
						if tracked(v.Type()) && (n.Tok == token.ADD_ASSIGN || mentions(r.info, n.Rhs[min(i, len(n.Rhs)-1)], v)) {
							r.grown[v] = true
						}
						if len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN {
							r.fields[v] = append(r.fields[v], n.Rhs[i])
						} else {
							r.fields[v] = append(r.fields[v], n.Rhs[0])
						}
					}
				}
			}
			return true
		})
	}
}

// writtenField notes a strings.Builder in a struct: x.f.WriteString(…).
func (r *reader) writtenField(call *ast.CallExpr) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !strings.HasPrefix(sel.Sel.Name, "Write") {
		return
	}
	if field, ok := sel.X.(*ast.SelectorExpr); ok {
		switch dbapi.TypeName(r.TypeOf(field)) {
		case "strings.Builder", "bytes.Buffer":
			r.grown[r.info.Uses[field.Sel]] = true
		}
	}
}

func (r *reader) literalFields(lit *ast.CompositeLit) {
	s, ok := r.TypeOf(lit).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				if obj := r.info.Uses[id]; obj != nil {
					r.fields[obj] = append(r.fields[obj], kv.Value)
				}
			}
		} else if i < s.NumFields() {
			r.fields[s.Field(i)] = append(r.fields[s.Field(i)], elt)
		}
	}
}

// unassigned returns the parameters of a function that nothing changes, whose
// conditions hold all through the body.
func unassigned(info *types.Info, decl *ast.FuncDecl) map[types.Object]bool {
	constant := map[types.Object]bool{}
	for _, list := range []*ast.FieldList{decl.Recv, decl.Type.Params} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			for _, name := range field.Names {
				constant[info.Defs[name]] = true
			}
		}
	}
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				delete(constant, rootObject(info, lhs))
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				delete(constant, rootObject(info, n.X))
			}
		case *ast.IncDecStmt:
			delete(constant, rootObject(info, n.X))
		}
		return true
	})
	return constant
}

func mentions(info *types.Info, e ast.Expr, obj types.Object) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == obj {
			found = true
		}
		return !found
	})
	return found
}

// rootObject returns the variable that an expression such as x.f[i] begins with.
func rootObject(info *types.Info, e ast.Expr) types.Object {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return info.ObjectOf(x)
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}
