package upkeep

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// eachMade tells the types of other packages of the module that the package names, other than for a pointer:
// it may make a value of one.
func (r *reader) eachMade(tell func(name string)) {
	for _, file := range r.pass.Files {
		if testscope.InTestFile(r.pass.Fset.PositionFor(file.FileStart, false).Filename) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.StarExpr:
				_, named := n.X.(*ast.SelectorExpr)
				return !named
			case *ast.SelectorExpr:
				if t, ok := r.info.Uses[n.Sel].(*types.TypeName); ok && config.Ours(r.pass, t.Pkg()) {
					tell(nameOf(t))
				}
			}
			return true
		})
	}
}

// nameOf names a type as the receivers of its methods are named.
func nameOf(t *types.TypeName) string { return t.Pkg().Path() + "." + t.Name() }

// findMakers returns the functions that make the values of types: of a struct with a private field, which other
// packages cannot fill, that stands in no variable, field or other type itself, and in literals of one function alone.
func (r *reader) findMakers() map[*types.TypeName]string {
	makers, other := map[*types.TypeName]string{}, map[*types.TypeName]bool{}
	for _, file := range r.pass.Files {
		for _, decl := range file.Decls {
			in := ""
			fn, isFunc := decl.(*ast.FuncDecl)
			if isFunc && fn.Recv == nil {
				in = r.pass.Pkg.Path() + "." + fn.Name.Name
			}
			pointed := map[ast.Node]bool{}
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FieldList:
					if isFunc && n == fn.Recv {
						return false
					}
				case *ast.StarExpr:
					pointed[n.X] = true
				case *ast.CompositeLit:
					if t := r.typeNamed(n.Type); t != nil && in != "" && (makers[t] == "" || makers[t] == in) {
						makers[t] = in
						pointed[n.Type] = true
					}
				case *ast.Ident:
					if t := r.typeNamed(n); t != nil && !pointed[n] {
						other[t] = true
					}
				}
				return true
			})
		}
	}
	for t := range makers {
		if other[t] || !hasPrivateField(t.Type()) {
			delete(makers, t)
		}
	}
	return makers
}

// typeNamed returns the type of the package that an identifier uses.
func (r *reader) typeNamed(e ast.Expr) *types.TypeName {
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	t, ok := r.info.Uses[id].(*types.TypeName)
	if !ok || t.Pkg() != r.pass.Pkg {
		return nil
	}
	return t
}

func hasPrivateField(t types.Type) bool {
	s, ok := flow.Pointee(t).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if !f.Exported() {
			return true
		}
	}
	return false
}
