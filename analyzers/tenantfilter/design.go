package tenantfilter

import (
	"cmp"
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/internal/sqltext"
	"github.com/poollint/poollint/internal/tenancy"
	"github.com/poollint/poollint/internal/tenantname"
)

// byDesign is the tier of statements that are meant for the rows of all tenants.
const byDesign tenancy.Tier = "by-design"

// purposes say what shows the purpose of a statement.
var purposes = map[tenancy.Purpose]string{
	tenancy.Claim:   "claims rows with SKIP LOCKED",
	tenancy.Take:    "takes the next rows in a state with FOR UPDATE",
	tenancy.Sweep:   "sweeps by age",
	tenancy.Requeue: "moves on what is old",
	tenancy.Tally:   "only counts the rows of what all share",
	tenancy.Roll:    "only asks for tenants",
}

// design returns what shows that a statement is meant for the rows of all tenants, empty
// if nothing does. One that only forgets the tenant it was given is not.
func (c *checker) design(l *leak) string {
	open := l.Reason == tenancy.NotPinned || l.Reason == tenancy.OptionalFilter
	switch {
	case c.config.Tenant.ByDesign == "error", l.Tier == tenancy.Unseen:
		return ""
	case l.Tier == tenancy.ByID && c.byID.Fixed(l.site, l.Table.Name):
		return "names its row by a constant"
	}
	if by := c.ownDatabase(l.site); by != "" && open {
		return "runs on what " + by + " gives for the tenant"
	}
	switch {
	case l.Purpose != tenancy.NoPurpose || l.Secret:
		if l.sometimes || l.site.Func != nil && c.tenantParameter(l.site.Func, l.Column) != "" {
			return ""
		}
		return cmp.Or(purposes[l.Purpose], "finds its row by a secret")
	case open && l.Tier == tenancy.Unrestricted && c.byID.LogsIn(l.site):
		if l.sometimes || c.knowsTenant(l.site) {
			return ""
		}
		return "finds who logs in with a password or a key"
	case l.Reason == tenancy.MissingColumn && l.sometimes:
		return "makes a row of a tenant where it knows one"
	case open:
		return c.upkeep.ByHand(l.site.Pos)
	}
	return ""
}

// knowsTenant reports whether a query's function is given the tenant, or has had it before.
func (c *checker) knowsTenant(site *sqltext.Site) bool {
	found := false
	ast.Inspect(site.Func, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		has := ok && !c.namesNoValue(id) && (c.pass.TypesInfo.Uses[id] != nil || id.Pos() < site.Func.Body.Pos()) // not only declared
		found = found || has && id.Pos() < site.Pos && tenantname.Identifies(id.Name, nil)
		return !found && (n == nil || n.Pos() < site.Pos)
	})
	return found
}

// namesNoValue reports whether an identifier is that of a type or a package: it knows no tenant.
func (c *checker) namesNoValue(id *ast.Ident) bool {
	switch c.pass.TypesInfo.Uses[id].(type) {
	case *types.TypeName, *types.PkgName:
		return true
	}
	return false
}
