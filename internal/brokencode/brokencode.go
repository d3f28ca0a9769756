// Package brokencode breaks Go source, for tests: analyzers also run on packages that do
// not type-check, and must not panic then.
package brokencode

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"strings"
)

// A mutation returns a range of the node and the text to replace it by. The positions are
// not valid if the mutation does not apply to the node.
type mutation func(n ast.Node, r *rand.Rand) (from, to token.Pos, text string)

// mutations are tried on each node in turn.
var mutations = []mutation{
	wrongName, lineDirective, wrongReceiver, emptySelector, missingBody, doubled, wrongArguments, typeParameter, wrongResults, wrongType, wrongImport, wrongLiteral,
}

// Break replaces about one node in rate by something wrong, and sometimes truncates the
// source. Source that does not parse is returned unchanged.
func Break(source string, rate int, r *rand.Rand) string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
	if err != nil {
		return source
	}
	offset := func(pos token.Pos) int { return min(max(0, int(pos-file.FileStart)), len(source)) }
	var b strings.Builder
	done := 0
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || n == file || n == file.Name || r.IntN(rate) > 0 {
			return true
		}
		from, to, text := mutations[r.IntN(len(mutations))](n, r)
		if from.IsValid() && from <= to && offset(from) >= done {
			b.WriteString(source[done:offset(from)])
			b.WriteString(strings.ReplaceAll(text, same, source[offset(from):offset(to)]))
			done = offset(to)
		}
		return true
	})
	b.WriteString(source[done:])
	broken := b.String()
	if r.IntN(10*rate) == 0 {
		return broken[:r.IntN(len(broken)+1)]
	}
	return broken
}

// same stands for the source that is replaced.
const same = "\x00"

func pick(r *rand.Rand, words ...string) string { return words[r.IntN(len(words))] }

// wrongName replaces names, so that the code parses but types are unexpected.
func wrongName(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	if name, ok := n.(*ast.Ident); ok {
		return name.Pos(), name.End(), pick(r, "missing", "nil", "0", `""`, "string", "len", "new", "func() {}", "struct{}{}", "_", "")
	}
	return 0, 0, ""
}

// lineDirective inserts line directives, so that positions are elsewhere.
func lineDirective(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	switch n.(type) {
	case ast.Stmt, ast.Decl, ast.Spec:
		return n.Pos(), n.Pos(), "\n//line " + pick(r, "x.y:10", "a_test.go:1", "../../up.go:3:7", "/x.go:2147483647", "sql:1:1", ":0") + "\n"
	case ast.Expr:
		return n.Pos(), n.Pos(), "/*line " + pick(r, "x.y:10", "a_test.go:1:1", "../up.go:3:7") + "*/"
	}
	return 0, 0, ""
}

func wrongReceiver(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	if decl, ok := n.(*ast.FuncDecl); ok && decl.Recv != nil {
		return decl.Recv.Pos(), decl.Recv.End(), pick(r, "()", "(a, b T)", "(*T[K, V])", "(T[])", "(missing)", "(x int)", "(x struct{})", "(x **T)", "(x ...T)", "")
	}
	if decl, ok := n.(*ast.FuncDecl); ok {
		return decl.Name.Pos(), decl.Name.Pos(), pick(r, "()", "(x T)", "(x *T[int])")
	}
	return 0, 0, ""
}

func emptySelector(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	if sel, ok := n.(*ast.SelectorExpr); ok {
		return sel.Sel.Pos(), sel.Sel.End(), pick(r, "", "_", "(type)", "missing", same+"."+same)
	}
	return 0, 0, ""
}

func missingBody(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Body != nil {
			return n.Body.Pos(), n.Body.End(), pick(r, "", "{}", "{ return }", "{", "{ return 1, 2, 3 }")
		}
	case *ast.BlockStmt:
		return n.Pos(), n.End(), pick(r, "{}", "{", "{{"+same+"}}", "{ for { select {} } }")
	}
	return 0, 0, ""
}

// doubled writes statements, declarations and parameters twice, or not at all.
func doubled(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	switch n.(type) {
	case ast.Decl, ast.Stmt, ast.Spec:
		return n.Pos(), n.End(), pick(r, "", same+"\n"+same, same+"; "+same)
	case *ast.Field:
		return n.Pos(), n.End(), pick(r, "", same+", "+same)
	}
	return 0, 0, ""
}

func wrongArguments(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	switch n := n.(type) {
	case *ast.CallExpr:
		return n.Lparen, n.End(), pick(r, "()", "(x...)", "(nil, nil, nil, nil, nil)", "(f())", "", "[int]"+same, same+same)
	case *ast.CompositeLit:
		return n.Lbrace, n.End(), pick(r, "{}", "{1, x: 2}", "{{}, {}}", "{nil: nil}")
	case *ast.IndexExpr:
		return n.Lbrack, n.End(), pick(r, "[]", "[1:2:3]", "[int, string]")
	}
	return 0, 0, ""
}

func typeParameter(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	at := token.NoPos
	switch n := n.(type) {
	case *ast.FuncDecl:
		at = n.Name.End()
	case *ast.TypeSpec:
		at = n.Name.End()
	}
	return at, at, pick(r, "[T any]", "[T T]", "[]", "[K comparable, V ~int|string]", "[T interface{ M() T }]")
}

func wrongResults(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	switch n := n.(type) {
	case *ast.FuncType:
		if n.Results != nil {
			return n.Results.Pos(), n.Results.End(), pick(r, "", "()", "(error, missing)", "(a, b)", "(x int, error)")
		}
	case *ast.ReturnStmt:
		return n.Pos(), n.End(), pick(r, "return", "return 1, 2, 3", "return f()", "return nil,")
	case *ast.AssignStmt:
		return n.TokPos, n.TokPos, pick(r, ", x ", ", _, _, _ ", "[0] ", ".f ", "() ")
	}
	return 0, 0, ""
}

// wrongType makes types that contain themselves, or are none.
func wrongType(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	switch n := n.(type) {
	case *ast.TypeSpec:
		name := n.Name.Name
		return n.Type.Pos(), n.Type.End(), pick(r, name, "*"+name, "struct{ "+name+" }", "[len("+name+"{})]int", "interface{ "+name+" }", "= "+name, "missing.T", "struct{ T int; T string }", "func("+name+") "+name)
	case *ast.Field:
		return n.Type.Pos(), n.Type.End(), pick(r, "missing", "...int", "0", "[...]int", "chan chan<- struct{}", "func(", "map[func()]int")
	}
	return 0, 0, ""
}

func wrongImport(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	if spec, ok := n.(*ast.ImportSpec); ok {
		return spec.Pos(), spec.End(), pick(r, "", `. "fmt"`, `"C"`, `"missing.example/x"`, `""`, `_ "testing"`, same+"\n"+same, `x "database/sql"`)
	}
	return 0, 0, ""
}

func wrongLiteral(n ast.Node, r *rand.Rand) (from, to token.Pos, text string) {
	if lit, ok := n.(*ast.BasicLit); ok {
		return lit.Pos(), lit.End(), pick(r, `""`, "-1", "1e1000", "0xffffffffffffffffffff", "'\\x00'", "`\n`", `"`, same+" + "+same, "string(rune(-1))", `"%[9999999999]*s%!"`, "1 << 1000")
	}
	return 0, 0, ""
}
