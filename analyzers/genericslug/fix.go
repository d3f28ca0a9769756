package genericslug

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/testscope"
)

const testpoolPath = "github.com/poollint/poollint/testpool"

// instead returns the expression that makes the name unique.
func (p *place) instead(pass *analysis.Pass) string {
	t := "t"
	file := pass.Fset.Position(p.at.Pos()).Filename
	if p.in != nil {
		if around, name := runningTest(pass.TypesInfo, p.in.root, p.at); around != nil {
			t = name
		}
		if name := importName(pass, p.at.Pos()); name != "" {
			return name + ".Slug(" + t + ")"
		}
	}
	return strconv.Quote(stem(file)+"-") + " + " + t + ".Name()"
}

// importName returns the name under which the file around pos imports testpool.
func importName(pass *analysis.Pass, pos token.Pos) string {
	for _, file := range pass.Files {
		if file.FileStart > pos || pos >= file.FileEnd {
			continue
		}
		for _, spec := range file.Imports {
			if path, _ := strconv.Unquote(spec.Path.Value); path == testpoolPath {
				if spec.Name != nil {
					return spec.Name.Name
				}
				return "testpool"
			}
		}
	}
	return ""
}

// fix replaces every occurrence of the literal in its test. There is none where
// one of them must stay a constant, has another type than string, or belongs to
// another running test.
func (p *place) fix(pass *analysis.Pass) []analysis.SuggestedFix {
	lit, ok := p.at.(*ast.BasicLit)
	if !ok || p.in == nil || p.in.name == "" {
		return nil
	}
	around, _ := runningTest(pass.TypesInfo, p.in.root, lit)
	if around == nil {
		return nil
	}
	instead := p.instead(pass)
	var edits []analysis.TextEdit
	for c := range p.in.root.Preorder((*ast.BasicLit)(nil)) {
		other := c.Node().(*ast.BasicLit)
		if other.Kind != token.STRING || other.Value != lit.Value {
			continue
		}
		if home, _ := runningTest(pass.TypesInfo, p.in.root, other); home != around || !replaceable(pass.TypesInfo, c) {
			return nil
		}
		text := instead
		if _, ok := c.Parent().Node().(*ast.BinaryExpr); ok && strings.Contains(instead, "+") {
			text = "(" + instead + ")"
		}
		edits = append(edits, analysis.TextEdit{Pos: other.Pos(), End: other.End(), NewText: []byte(text)})
	}
	return []analysis.SuggestedFix{{Message: "make the name unique to the test", TextEdits: edits}}
}

// replaceable reports whether a value that is not constant may stand for the literal.
func replaceable(info *types.Info, c inspector.Cursor) bool {
	if t := info.TypeOf(c.Node().(ast.Expr)); t != types.Typ[types.String] {
		return false
	}
	for around := range c.Enclosing((*ast.GenDecl)(nil), (*ast.CaseClause)(nil), (*ast.BlockStmt)(nil)) {
		switch n := around.Node().(type) {
		case *ast.GenDecl:
			return n.Tok != token.CONST
		case *ast.CaseClause, *ast.BlockStmt:
			return true
		}
	}
	return true
}

// runningTest returns the innermost function around e that takes a running
// test, and the name of that parameter.
func runningTest(info *types.Info, root inspector.Cursor, e ast.Expr) (around ast.Node, name string) {
	c, ok := root.FindNode(e)
	if !ok {
		return nil, ""
	}
	for fn := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		var params *ast.FieldList
		switch n := fn.Node().(type) {
		case *ast.FuncLit:
			params = n.Type.Params
		case *ast.FuncDecl:
			params = n.Type.Params
		}
		for _, field := range params.List {
			if len(field.Names) == 1 && field.Names[0].Name != "_" && testscope.IsTB(info.TypeOf(field.Type)) && hasName(info.TypeOf(field.Type)) {
				return fn.Node(), field.Names[0].Name
			}
		}
	}
	return nil, ""
}

// hasName reports whether the running test can tell its name.
func hasName(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Name")
	_, ok := obj.(*types.Func)
	return ok
}
