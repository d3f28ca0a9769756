package tenantfilter

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/tenancy"
	"github.com/poollint/poollint/internal/upkeep"
)

// uncalled is the tier of generated queries that nobody calls: they reach nobody's rows.
const uncalled tenancy.Tier = "uncalled"

// A generated is the method that a generator, such as sqlc, writes for a query.
type generated struct {
	upkeep.Function
	Open bool // other modules may call it
}

// generatedFor returns the generated method of a query whose callers the run sees.
func (c *checker) generatedFor(l *leak) generated {
	if l.site.Name == "" || l.site.Func == nil || !c.upkeep.Used || !c.isGenerated(l.site.Func.Pos()) {
		return generated{}
	}
	fn, ok := c.pass.TypesInfo.Defs[l.site.Func.Name].(*types.Func)
	if !ok {
		return generated{}
	}
	return generated{upkeep.FunctionOf(fn), !slices.Contains(strings.Split(c.pass.Pkg.Path(), "/"), "internal")}
}

func (c *checker) isGenerated(pos token.Pos) bool {
	return slices.ContainsFunc(c.pass.Files, func(f *ast.File) bool { return f.FileStart <= pos && pos < f.FileEnd && ast.IsGenerated(f) })
}

// tellUncalled tells apart the generated queries that nothing in the module calls, or
// nothing but what nobody calls. What a library
// exports may have callers elsewhere.
func (a callers) tellUncalled(findings []finding.Located) {
	for i := range findings {
		u, ok := findings[i].Data.(unpinned)
		if !ok || u.Tier == byDesign || u.Method.Name == "" || u.Method.Open && !a.program || !a.graph.Dead(u.Method.Function, a.program) {
			continue
		}
		u.Tier = uncalled
		findings[i].Data, findings[i].Tier, findings[i].Severity = u, string(u.Tier), finding.Info
	}
}
