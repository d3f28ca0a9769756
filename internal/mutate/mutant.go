package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A mutant is a change of one line of a file.
type mutant struct {
	pos        token.Position
	start, end int // bytes that are replaced
	was, is    string
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: %s → %s", m.pos.Filename, m.pos.Line, abridged(m.was), abridged(m.is))
}

// abridged returns the first line of a piece of code.
func abridged(code string) string {
	if first, _, more := strings.Cut(code, "\n"); more {
		code = first + " …"
	}
	return strconv.Quote(code)
}

// apply returns the source with the change.
func (m mutant) apply(source []byte) []byte {
	return append([]byte(string(source[:m.start])+m.is), source[m.end:]...)
}

// mutants returns all that can be made of the Go files of a folder, tests left out.
func mutants(dir string) (all []mutant, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		of, err := mutantsOf(file, source)
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
	}
	return all, nil
}

// mutantsOf returns what can be made of the functions in a file. What it changes
// compiles mostly, not always.
func mutantsOf(name string, source []byte) ([]mutant, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	c := &collector{fset: fset, source: string(source)}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil && fn.Name.Name != "String" {
			ast.Inspect(fn.Body, c.visit)
		}
	}
	return c.all, nil
}

type collector struct {
	fset   *token.FileSet
	source string
	all    []mutant
}

// operators are what stands for what: the opposite, or one more or less.
var operators = map[token.Token]token.Token{
	token.LAND: token.LOR, token.LOR: token.LAND,
	token.EQL: token.NEQ, token.NEQ: token.EQL,
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.ADD: token.SUB, token.SUB: token.ADD,
}

func (c *collector) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IfStmt:
		c.replace(n.Cond.Pos(), n.Cond.End(), "!("+c.text(n.Cond)+")")
	case *ast.BinaryExpr:
		if other, ok := operators[n.Op]; ok {
			c.replace(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), other.String())
		}
	case *ast.BasicLit:
		if i, err := strconv.Atoi(n.Value); n.Kind == token.INT && err == nil {
			c.replace(n.Pos(), n.End(), strconv.Itoa(i+1))
		}
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.BranchStmt, *ast.DeferStmt:
		c.drop(n)
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			c.drop(n)
		}
	case *ast.ReturnStmt:
		c.returned(n)
	case *ast.BlockStmt:
		c.returnEarly(n)
	}
	return true
}

// returned turns what is returned around where that is a constant truth, and drops
// a return that something follows.
func (c *collector) returned(n *ast.ReturnStmt) {
	for _, r := range n.Results {
		if id, ok := r.(*ast.Ident); ok {
			if other := map[string]string{"true": "false", "false": "true"}[id.Name]; other != "" {
				c.replace(id.Pos(), id.End(), other)
			}
		}
	}
	c.drop(n)
}

// returnEarly returns before the last of several statements, which compiles where the
// function returns nothing.
func (c *collector) returnEarly(n *ast.BlockStmt) {
	if len(n.List) < 2 {
		return
	}
	last := n.List[len(n.List)-1]
	switch last.(type) {
	case *ast.CaseClause, *ast.CommClause, *ast.ReturnStmt:
	default:
		c.replace(last.Pos(), last.Pos(), "if true { return }; ")
	}
}

// drop takes a statement out; what it mentions stays used.
func (c *collector) drop(n ast.Node) { c.replace(n.Pos(), n.End(), "") }

func (c *collector) text(n ast.Node) string {
	return c.source[c.offset(n.Pos()):c.offset(n.End())]
}

func (c *collector) offset(pos token.Pos) int { return c.fset.PositionFor(pos, false).Offset }

func (c *collector) replace(from, to token.Pos, is string) {
	start, end := c.offset(from), c.offset(to)
	c.all = append(c.all, mutant{
		pos: c.fset.PositionFor(from, false), start: start, end: end, was: c.source[start:end], is: is,
	})
}
