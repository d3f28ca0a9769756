package tenantfilter

import (
	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/tenancy"
	"github.com/poollint/poollint/internal/upkeep"
)

// calls are the evidence of a package for who runs queries.
type calls struct {
	All     []upkeep.Call
	Program bool // the package is one: nobody imports its module for the queries
}

func recordCalls(pass *analysis.Pass, report *finding.Reporter) {
	found := calls{pass.ResultOf[upkeep.Analyzer].(*upkeep.Package).Calls, pass.Pkg.Name() == "main"}
	if len(found.All) > 0 || found.Program && len(pass.Files) > 0 {
		report.Evidence(pass.Pkg.Path(), pass.Files[0].Package, found)
	}
}

// runBy returns what runs the query of a leak, if that may show that it is meant for all
// tenants; somebody unknown if it may not.
func (c *checker) runBy(l *leak) []upkeep.Caller {
	forgets := l.site.Func != nil && c.tenantParameter(l.site.Func, l.Column) != ""
	if c.config.Tenant.ByDesign == "error" || l.Tier == tenancy.Unseen || l.Reason != tenancy.NotPinned || l.sometimes || forgets || l.site.Call == nil {
		return []upkeep.Caller{{}}
	}
	return c.upkeep.Callers(l.site.Call)
}

// runs tells apart what only code runs that runs on its own.
func (u *unpinned) runs(graph upkeep.Graph) (own bool) {
	if u.Tier == byDesign {
		return false
	}
	by := graph.Own(u.RunBy, u.Tier == tenancy.ByID || u.Tier == tenancy.ByParent) // the row has been found before, as whoever's
	if by == "" {
		return false
	}
	u.Across, u.Tier = by, byDesign
	return true
}

// tellUpkeep holds findings to what all packages call.
func tellUpkeep(findings []finding.Located, graph upkeep.Graph) {
	for i := range findings {
		if u, ok := findings[i].Data.(unpinned); ok && u.runs(graph) {
			findings[i].Data, findings[i].Tier, findings[i].Severity = u, string(u.Tier), finding.Info
		}
	}
}
