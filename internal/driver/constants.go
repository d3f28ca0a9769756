package driver

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"
)

// maxText bounds the text of a constant, in bytes, where the sources of the whole
// package are smaller: const b = a + a, and so on, doubles it with each line.
const maxText = 1 << 20

// texts computes how long the text of constants is, from their syntax.
type texts struct {
	values   map[string][]ast.Expr // by name, of whatever scope
	sizes    map[string]int
	imported map[string][]*types.Package // by the name under which files import them
}

// shorten replaces constant texts that are longer than both the limit and the source by
// empty ones, before the type checker computes them, and returns their positions. Imported
// packages have been shortened already.
func shorten(files []*ast.File, source int, importer types.Importer) (cut []token.Pos) {
	limit := max(maxText, source)
	t := &texts{values: map[string][]ast.Expr{}, sizes: map[string]int{}, imported: map[string][]*types.Package{}}
	for _, file := range files {
		t.importAll(file, importer)
	}
	longest := 0
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				if n.Tok == token.CONST {
					t.declare(n)
				}
			case *ast.SelectorExpr:
				longest = max(longest, t.selected(n))
			}
			return true
		})
	}
	for name := range t.values {
		longest = max(longest, t.named(name, limit))
	}
	if longest < maxText>>8 {
		return nil // a constant cannot be longer than the sum of all literals
	}
	for _, file := range files {
		astutil.Apply(file, func(c *astutil.Cursor) bool {
			sum, ok := c.Node().(*ast.BinaryExpr)
			if !ok {
				return true
			}
			if t.size(sum, limit) > limit {
				cut = append(cut, sum.Pos())
				c.Replace(&ast.BasicLit{ValuePos: sum.Pos(), Kind: token.STRING, Value: strconv.Quote("")})
			}
			return false
		}, nil)
	}
	return cut
}

func (t *texts) importAll(file *ast.File, importer types.Importer) {
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || path == "C" {
			continue
		}
		pkg, err := importer.Import(path)
		if err != nil || pkg == nil {
			continue // the type checker reports it
		}
		name := pkg.Name()
		if spec.Name != nil {
			name = spec.Name.Name
		}
		t.imported[name] = append(t.imported[name], pkg)
	}
}

// selected returns the size of another package's constant.
func (t *texts) selected(e *ast.SelectorExpr) int {
	if of, ok := e.X.(*ast.Ident); ok {
		return t.foreign(of.Name, e.Sel.Name)
	}
	return 0
}

// foreign returns the size of a constant of the packages that are imported under a name.
func (t *texts) foreign(of, name string) (size int) {
	for _, pkg := range t.imported[of] {
		if c, ok := pkg.Scope().Lookup(name).(*types.Const); ok && c.Val().Kind() == constant.String {
			size = max(size, len(constant.StringVal(c.Val())))
		}
	}
	return size
}

func (t *texts) declare(decl *ast.GenDecl) {
	var values []ast.Expr
	for _, spec := range decl.Specs {
		spec, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if len(spec.Values) > 0 {
			values = spec.Values // else the values above are repeated
		}
		for i, name := range spec.Names {
			if i < len(values) {
				t.values[name.Name] = append(t.values[name.Name], values[i])
			}
		}
	}
}

// named returns the size of the longest constant of the name, or some size above the limit.
func (t *texts) named(name string, limit int) int {
	size, known := t.sizes[name]
	if !known {
		t.sizes[name] = 0 // ends recursion: a constant cannot contain itself
		size = t.foreign(".", name)
		for _, value := range t.values[name] {
			size = max(size, t.size(value, limit))
		}
		t.sizes[name] = size
	}
	return size
}

// size returns the size of a text, or some size above the limit.
func (t *texts) size(e ast.Expr, limit int) int {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return len(e.Value)
		}
	case *ast.Ident:
		return t.named(e.Name, limit)
	case *ast.SelectorExpr:
		return t.selected(e)
	case *ast.ParenExpr:
		return t.size(e.X, limit)
	case *ast.CallExpr: // a conversion
		if len(e.Args) == 1 {
			return t.size(e.Args[0], limit)
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return min(limit+1, t.size(e.X, limit)+t.size(e.Y, limit))
		}
	}
	return 0
}
