package tenantfilter

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/enthook"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqltext"
	"github.com/poollint/poollint/internal/tenancy"
)

// recordHooks records what a package has ent do to all queries.
func recordHooks(pass *analysis.Pass, report *finding.Reporter, db func() *schema.Database) {
	if !enthook.Uses(pass.Pkg) {
		return
	}
	tenants := map[string]bool{}
	for _, t := range db().All() {
		for _, c := range t.TenantColumns {
			tenants[schema.Normal(c)] = true
		}
	}
	found := enthook.Of(pass, func(column string) bool { return tenants[schema.Normal(column)] })
	if len(found.Registered)+len(found.Functions) > 0 {
		report.Evidence(pass.Pkg.Path(), pass.Files[0].Package, found)
	}
}

// deeds are what hooks of ent see of a statement.
var deeds = map[string]enthook.Deed{"query": enthook.Reads, "update": enthook.Changes, "delete": enthook.Changes, "insert": enthook.Inserts}

// hookedAs returns what hooks of ent may limit to a tenant: the rows of the entity that a query
// is about, not those behind its edges.
func (c *checker) hookedAs(l *leak) enthook.Target {
	if l.site.Form != sqltext.Builder || l.Reason == tenancy.ConflictTarget {
		return enthook.Target{}
	}
	t := enthook.TargetOf(string(l.site.Method), deeds[l.verb])
	if t.Entity == "" { // run by what takes builders of any entity
		t = enthook.TargetOf("("+c.builderAt(l)+").", deeds[l.verb])
	}
	for _, pkg := range c.pass.Pkg.Imports() {
		if of := entity(pkg, t); of != nil {
			if table, ok := model.Constant(of, "Table"); ok && !strings.EqualFold(table, l.Table.Name) {
				return enthook.Target{}
			}
		}
	}
	return t
}

// builderAt returns the generated type that a statement begins with: client.Doc.Query() gives a DocQuery.
func (c *checker) builderAt(l *leak) (name string) {
	if l.site.Func == nil {
		return ""
	}
	ast.Inspect(l.site.Func, func(n ast.Node) bool {
		if n == nil || l.pos < n.Pos() || n.End() <= l.pos {
			return false
		}
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && sel.Sel.Pos() == l.pos {
			name = dbapi.TypeName(c.pass.TypesInfo.TypeOf(call))
		}
		return name == ""
	})
	return name
}

// entity returns the package of the entity of a target, nil if client is not that of its client.
func entity(client *types.Package, t enthook.Target) *types.Package {
	if client.Path() != t.Client {
		return nil
	}
	for _, pkg := range client.Imports() {
		if pkg.Name() == t.Entity && model.Entity(pkg) {
			return pkg
		}
	}
	return nil
}

// tellHooks silences findings on what hooks of ent limit.
func tellHooks(findings []finding.Located, evidence []finding.Evidence) {
	var packages []enthook.Package
	for _, e := range evidence {
		if p, ok := e.Data.(enthook.Package); ok {
			packages = append(packages, p)
		}
	}
	hooks := enthook.Together(packages)
	for i := range findings {
		u, ok := findings[i].Data.(unpinned)
		if !ok || findings[i].Suppressed != "" {
			continue
		}
		if by := hooks.Limits(u.Hooked); by != "" {
			findings[i].Suppressed = "ent adds the tenant, by " + by
		}
	}
}
