package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// verb is a verb of fmt in a text.
var verb = regexp.MustCompile(`%(\[\d+\])?[sdvqT]`)

// readGo applies the DDL in the string literals of a Go file, in their order. Those in
// functions that undo a migration are left out.
func (d *ddl) readGo(path, text string) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
	if err != nil {
		return // the compiler reports it
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return !undoes(n.Name.Name)
		case *ast.KeyValueExpr:
			switch key := n.Key.(type) {
			case *ast.Ident:
				return !undoes(key.Name)
			case *ast.BasicLit: // a map of files
				return !downFile.MatchString(strings.Trim(key.Value, "\"`"))
			}
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return false
			}
			sql, err := strconv.Unquote(n.Value)
			if err == nil && mayDefine(sql) {
				sql = upPart(verb.ReplaceAllString(sql, sqlast.HoleMark))
				d.read(path, sql, fset.PositionFor(n.Pos(), false).Line-1, guessDialect(path, sql))
			}
		}
		return true
	})
}

func undoes(name string) bool {
	lower := strings.ToLower(name)
	for _, word := range []string{"down", "rollback", "revert", "undo"} {
		if strings.HasPrefix(lower, word) || strings.HasSuffix(lower, word) {
			return true
		}
	}
	return false
}
