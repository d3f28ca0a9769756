package genericslug

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/testscope"
)

const testpoolPath = "github.com/poollint/poollint/testpool"

// A unique is the expression that makes a name unique to a test.
type unique struct {
	text  string
	fresh bool // it is another at each evaluation
	named bool // it begins with the test's name
}

// instead returns what makes the name unique. A UUID remains one, and without a running test
// there is no name to make one of.
func (p *place) instead(pass *analysis.Pass, files *rewrite.Files) unique {
	file := files.At(p.at.Pos())
	if uuid.MatchString(p.Value) || file == nil {
		return unique{text: "a new UUID", fresh: true}
	}
	around, t := p.running(pass)
	if around == nil && p.in != nil && p.in.name != "" {
		return unique{text: "a new UUID", fresh: true}
	}
	if around != nil {
		if name := importName(file.Syntax); name != "" {
			return unique{text: name + ".Slug(" + t + ")", fresh: true}
		}
	}
	prefix := stem(pass.Fset.PositionFor(p.at.Pos(), false).Filename) + "-"
	return unique{text: strconv.Quote(prefix) + " + " + p.like(around, t), named: true}
}

// like returns the name of a running test in the style of the place's: that may be all that
// a slug is allowed to consist of.
func (p *place) like(around ast.Node, t string) string {
	name := t + ".Name()"
	fn, declared := around.(*ast.FuncDecl)
	slash := around != nil && (!declared || fn.Recv != nil)
	underscore := !strings.Contains(p.Value, "_") && (slash || p.in != nil && strings.Contains(p.in.name, "_"))
	switch {
	case slash && underscore:
		name = `strings.NewReplacer("/", "-", "_", "-").Replace(` + name + ")"
	case slash:
		name = `strings.ReplaceAll(` + name + `, "/", "-")`
	case underscore:
		name = `strings.ReplaceAll(` + name + `, "_", "-")`
	}
	if strings.ToLower(p.Value) == p.Value {
		name = "strings.ToLower(" + name + ")"
	}
	return name
}

// running returns the function around the name that has a running test, and that; nil and t
// if there is none.
func (p *place) running(pass *analysis.Pass) (around ast.Node, t string) {
	if p.in != nil {
		if c, ok := p.in.at(p.at); ok {
			if around, t = testscope.Running(pass.TypesInfo, c, "Name"); around != nil {
				return around, t
			}
		}
	}
	return nil, "t"
}

// importName returns the name under which the file imports testpool.
func importName(file *ast.File) string {
	for _, spec := range file.Imports {
		if path, _ := strconv.Unquote(spec.Path.Value); path == testpoolPath {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return "testpool"
		}
	}
	return ""
}

// fix replaces every occurrence of the literal in its test by the expression for a unique
// name. There is no fix if an occurrence must stay a constant, has another type than
// string, or belongs to another running test. Different names of a test stay different
// (t.Name() is the same for all), and equal ones equal (testpool.Slug is new at each call).
func (p *place) fix(pass *analysis.Pass, files *rewrite.Files, places []*place) []analysis.SuggestedFix {
	lit, ok := p.at.(*ast.BasicLit)
	file := files.At(p.at.Pos())
	if !ok || file == nil || p.in == nil || p.in.name == "" || flow.Text(pass.TypesInfo, lit) != p.Value { // a part of a text
		return nil
	}
	around, _ := p.running(pass)
	instead := p.instead(pass, files)
	if around == nil || instead.fresh && !strings.Contains(instead.text, ".Slug(") {
		return nil
	}
	text := instead.text
	if instead.named && slices.ContainsFunc(places, func(other *place) bool { return other.in == p.in && other.Value != p.Value }) {
		text += " + " + strconv.Quote("-"+p.Value)
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
		here := text
		if _, ok := c.Parent().Node().(*ast.BinaryExpr); ok && instead.named {
			here = "(" + text + ")"
		}
		edits = append(edits, rewrite.Replace(other.Pos(), other.End(), here))
	}
	if instead.fresh && len(edits) > 1 {
		return nil
	}
	if strings.Contains(text, "strings.") {
		qualifier, imports, ok := file.Import(p.at.Pos(), "strings", "strings")
		if !ok || qualifier != "strings." {
			return nil
		}
		edits = append(edits, imports...)
	}
	return rewrite.Fix("make the name unique to the test", edits...)
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
