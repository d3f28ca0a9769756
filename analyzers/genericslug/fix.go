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
	file := pass.Fset.PositionFor(p.at.Pos(), false).Filename
	if p.in != nil {
		if c, ok := p.in.root.FindNode(p.at); ok {
			if _, name := testscope.Running(pass.TypesInfo, c, "Name"); name != "" {
				t = name
			}
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

// fix replaces every occurrence of the literal in its test by the expression for a unique
// name. There is no fix if an occurrence must stay a constant, has another type than
// string, or belongs to another running test. Nor is there one if it would make different
// names equal (t.Name() is the same for two names of a test) or equal ones different
// (testpool.Slug is new at each call).
func (p *place) fix(pass *analysis.Pass, places []*place) []analysis.SuggestedFix {
	lit, ok := p.at.(*ast.BasicLit)
	if !ok || p.in == nil || p.in.name == "" {
		return nil
	}
	at, ok := p.in.root.FindNode(lit)
	if !ok {
		return nil
	}
	around, t := testscope.Running(pass.TypesInfo, at, "Name")
	if around == nil {
		return nil
	}
	instead := p.instead(pass)
	fresh := strings.HasSuffix(instead, ".Slug("+t+")")
	for _, other := range places {
		if !fresh && other.in == p.in && other.Value != p.Value {
			return nil
		}
	}
	var edits []analysis.TextEdit
	for c := range p.in.root.Preorder((*ast.BasicLit)(nil)) {
		other := c.Node().(*ast.BasicLit)
		if other.Kind != token.STRING || other.Value != lit.Value {
			continue
		}
		if home, _ := testscope.Running(pass.TypesInfo, c, "Name"); home != around || !replaceable(pass.TypesInfo, c) {
			return nil
		}
		text := instead
		if _, ok := c.Parent().Node().(*ast.BinaryExpr); ok && strings.Contains(instead, "+") {
			text = "(" + instead + ")"
		}
		edits = append(edits, analysis.TextEdit{Pos: other.Pos(), End: other.End(), NewText: []byte(text)})
	}
	if fresh && len(edits) > 1 {
		return nil
	}
	return []analysis.SuggestedFix{{Message: "make the name unique to the test", TextEdits: edits}}
}

// replaceable reports whether the literal can be replaced by a value that is not constant.
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
