package tenantfilter

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/tenancy"
	"github.com/poollint/poollint/internal/upkeep"
)

// uncalled is the tier of queries that nobody calls: they reach nobody's rows.
const uncalled tenancy.Tier = "uncalled"

// A method is the function around a query whose callers the run sees.
type method struct {
	upkeep.Function
	Open bool // other modules may call it
	Made bool // it is dead only if no value of its type is made
	Idle bool // nobody imports its package
}

// methodOf returns the function around a query, if the run sees its callers: all of a query that
// a generator, such as sqlc, writes, and those of other functions that no interface of another
// module may have.
func (c *checker) methodOf(l *leak) method {
	if l.site.Func == nil || !c.upkeep.Used && !c.upkeep.Idle {
		return method{}
	}
	fn, ok := c.pass.TypesInfo.Defs[l.site.Func.Name].(*types.Func)
	if !ok || fn.Name() == "init" {
		return method{}
	}
	is := method{Function: c.upkeep.Function(fn), Open: !upkeep.IsInternal(c.pass.Pkg), Idle: c.upkeep.Idle}
	if is.Idle {
		return is
	}
	if !is.Closed && (l.site.Name == "" || !c.isGenerated(l.site.Func.Pos())) {
		is.Made = true
		if is.Maker == "" {
			return method{}
		}
	}
	return is
}

func (c *checker) isGenerated(pos token.Pos) bool {
	return slices.ContainsFunc(c.pass.Files, func(f *ast.File) bool { return f.FileStart <= pos && pos < f.FileEnd && ast.IsGenerated(f) })
}

// tellUncalled tells apart the queries that nothing in the module calls, or nothing but what
// nobody calls. What a library exports may have callers elsewhere.
func (a callers) tellUncalled(findings []finding.Located) {
	for i := range findings {
		u, ok := findings[i].Data.(unpinned)
		if !ok || u.Tier == byDesign || u.Method.Name == "" || u.Method.Open && !a.program || !a.reachesNobody(u.Method) {
			continue
		}
		u.Tier = uncalled
		findings[i].Data, findings[i].Tier, findings[i].Severity = u, string(u.Tier), finding.Info
	}
}

// reachesNobody reports whether nobody calls a method.
func (a callers) reachesNobody(m method) bool {
	if m.Idle {
		return a.program
	}
	if m.Made {
		return a.program && a.graph.NeverMade(m.Function)
	}
	return a.graph.Dead(m.Function, a.program)
}
