package tenantfilter

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
	"github.com/poollint/poollint/internal/tenancy"
)

var numbered = regexp.MustCompile(`\$\d+`)

// fixes adds the predicate where that is certainly right: the statement is a literal at the
// call, with numbered parameters that the call lists, and the function has a parameter
// named like the tenant column.
func (c *checker) fixes(l *leak) []analysis.SuggestedFix {
	site := l.site
	lit := literal(site)
	if lit == nil || len(site.Texts) != 1 || len(l.text.Holes) > 0 || site.Func == nil || l.Scope == nil ||
		l.Reason != tenancy.NotPinned || l.Add == "" {
		return nil
	}
	if n := l.src.parameters(); n < 1 || n > len(site.Args) || l.src.hasOuter() {
		return nil // the predicate would make the join an inner one
	}
	tenant := c.tenantParameter(site.Func, l.Column)
	insertions, ok := l.Insertions(l.text.SQL)
	if tenant == "" || !ok {
		return nil
	}
	argument := fmt.Sprintf("$%d", len(site.Args)+1)
	start := lit.Pos() + 1
	fix := analysis.SuggestedFix{Message: fmt.Sprintf("limit the query to %s", tenant)}
	for _, i := range insertions {
		at := start + token.Pos(i.Offset)
		text := strings.ReplaceAll(i.Text, "$n", argument)
		fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: at, End: at, NewText: []byte(text)})
	}
	end := site.Args[len(site.Args)-1].End()
	fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: end, End: end, NewText: []byte(", " + tenant)})
	return []analysis.SuggestedFix{fix}
}

// countParameters returns the highest number of a parameter; -1 if one is above 9.
func countParameters(sql string) int {
	most := 0
	for _, n := range numbered.FindAllString(sql, -1) {
		if len(n) > 2 {
			return -1
		}
		most = max(most, int(n[1]-'0'))
	}
	return most
}

func hasOuterJoin(stmt sqlast.Stmt) bool {
	found := false
	sqlast.Inspect(stmt, func(n sqlast.Node) bool {
		if j, ok := n.(*sqlast.Join); ok && j.Kind != sqlast.Inner && j.Kind != sqlast.Cross {
			found = true
		}
		return !found
	})
	return found
}

// literal returns the literal at the call that is the whole text, byte by byte.
func literal(site *sqltext.Site) *ast.BasicLit {
	if site.Form != sqltext.Literal || site.Call == nil {
		return nil
	}
	i := slices.IndexFunc(site.Call.Args, func(e ast.Expr) bool { return e.Pos() == site.Pos })
	if i < 0 {
		return nil
	}
	lit, ok := site.Call.Args[i].(*ast.BasicLit)
	if !ok || lit.Value[1:len(lit.Value)-1] != site.Texts[0].SQL {
		return nil
	}
	return lit
}

// tenantParameter returns the name of the function's parameter that holds the
// tenant: named like the column, and of a type that a value of it has.
func (c *checker) tenantParameter(fn *ast.FuncDecl, column string) string {
	for _, field := range fn.Type.Params.List {
		for _, name := range field.Names {
			if !strings.EqualFold(name.Name, strings.ReplaceAll(column, "_", "")) {
				continue
			}
			switch t := c.pass.TypesInfo.TypeOf(field.Type).Underlying().(type) {
			case *types.Basic:
				if t.Info()&(types.IsString|types.IsInteger) != 0 {
					return name.Name
				}
			case *types.Array: // a UUID
				return name.Name
			}
		}
	}
	return ""
}
