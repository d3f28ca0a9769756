package tenantfilter

import (
	"fmt"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

// message names the table, what is wrong and the remedy.
func message(l *leak) string {
	what := l.what
	if l.site.Name != "" {
		what += " " + l.site.Name
	}
	what += fmt.Sprintf(" on %q", l.Table.Name)
	remedy := fmt.Sprintf("add %q", l.Add)
	switch {
	case l.sometimes:
		what += " is limited to a tenant only on a condition"
		remedy += " on every path"
	case l.Reason == tenancy.OptionalFilter:
		what += " is limited to a tenant only if its caller wants it"
		remedy += " without a way around it"
	case l.Reason == tenancy.WrongOr:
		what += " leaves the tenant out in a branch of OR"
		remedy += " and put the OR in parentheses"
	case l.Reason == tenancy.MissingColumn:
		what += " leaves the tenant out"
		remedy = fmt.Sprintf("set %q", l.Column)
	case l.Reason == tenancy.ConflictTarget:
		what += " can overwrite another tenant's row"
		remedy = fmt.Sprintf("add %q to the target of ON CONFLICT", l.Column)
	case l.Reason == tenancy.UnmatchedRows:
		what += " changes rows of every tenant that its source does not match"
		remedy = fmt.Sprintf("test %q in WHEN NOT MATCHED BY SOURCE", l.Column)
	case l.Add == "":
		what += " takes the tenant from rows that are not limited to one"
		remedy = fmt.Sprintf("limit the query that gives %q", l.Column)
	case l.Tier == tenancy.Unseen:
		what += " shows no tenant"
		remedy = "its condition is made at run time; " + remedy + " where it is written"
	case l.vouched:
		what += " is limited to a tenant by an earlier query alone"
	default:
		what += " is not limited to a tenant"
	}
	return fmt.Sprintf("%s: %s (%s)", what, remedy, l.Tier)
}

// verb says what the statement does to the table.
func verb(stmt sqlast.Stmt, write bool) string {
	if !write {
		return "query"
	}
	switch stmt.(type) {
	case *sqlast.Insert:
		return "insert"
	case *sqlast.Update:
		return "update"
	case *sqlast.Delete:
		return "delete"
	case *sqlast.Merge:
		return "merge"
	}
	return "change"
}

// severity follows the tier, a step graver for a change of rows; what the level
// does not ask for is Info, which fails no run. The default level asks for every
// change of rows that is seen to reach other tenants, unless the function has
// looked them up for their tenant before.
func severity(l *leak, level string) finding.Severity {
	asked := gravity[l.Tier] >= gravity[tenancy.Tier(level)] || l.writes && !l.vouched && l.Tier != tenancy.Unseen
	step := gravity[l.Tier]
	if l.writes {
		step++
	}
	switch {
	case !asked:
		return finding.Info
	case step >= gravity[tenancy.Unrestricted]:
		return finding.Error
	}
	return finding.Warning
}
