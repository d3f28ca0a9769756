package tenancy

import (
	"strings"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// isOwned reports whether rows of the table certainly belong to a tenant, though not by a
// column of their own.
func isOwned(t *schema.Table) bool { return t != nil && t.Role == schema.Owned && len(t.Owners) > 0 }

// isJudged reports whether references to the table get verdicts.
func isJudged(t *schema.Table) bool {
	return isOwned(t) || t != nil && len(t.TenantColumns) > 0 && (t.Role == schema.Scoped || t.Role == schema.Root)
}

// isTenants reports whether the rows of the table are the tenants. Statements that change or
// delete some get verdicts: they name one by its key.
func isTenants(t *schema.Table) bool {
	return t != nil && t.Role == schema.Root && len(t.TenantColumns) == 0 && len(t.PrimaryKey) == 1
}

// levels counts the keys between the table and the tenant column.
func levels(t *schema.Table) int {
	n := 0
	for ; isOwned(t); t = t.Owners[0].Table {
		n++
	}
	return n
}

// tenantColumn returns the column that says whose the rows are: of an owned table, that of
// the table that they belong to, of the tenants their key.
func tenantColumn(t *schema.Table) string {
	for isOwned(t) {
		t = t.Owners[0].Table
	}
	if isTenants(t) {
		return t.PrimaryKey[0]
	}
	return t.TenantColumns[0]
}

// limit returns the predicate that limits a table, whose columns have the qualifier, to a
// tenant: of an owned one, that it belongs to rows which are.
func limit(t *schema.Table, qualifier, placeholder string) string {
	if !isOwned(t) {
		return qualifier + identifier(tenantColumn(t)) + " = " + placeholder
	}
	owner := t.Owners[0]
	keys := owner.Key.RefColumns
	if len(keys) == 0 {
		keys = owner.PrimaryKey
	}
	if len(keys) == 0 { // a model may have it from elsewhere
		keys = []string{"id"}
	}
	columns := identifiers(owner.Key.Columns, qualifier)
	if len(keys) > 1 {
		columns = "(" + columns + ")"
	}
	return columns + " IN (SELECT " + identifiers(keys, "") + " FROM " + tableName(owner.Table) +
		" WHERE " + limit(owner.Table, "", placeholder) + ")"
}

func tableName(t *schema.Table) string {
	if t.Schema == "" {
		return identifier(t.Name)
	}
	return identifier(t.Schema) + "." + identifier(t.Name)
}

func identifiers(names []string, qualifier string) string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = qualifier + identifier(n)
	}
	return strings.Join(all, ", ")
}

// identifier writes a name, which is quoted if it was not written in lower case.
func identifier(name string) string {
	return written(sqlast.Name{Text: name, Quoted: name != strings.ToLower(name)})
}

func written(n sqlast.Name) string {
	if n.HasHole() {
		n.Text = n.Stem() // whatever stands before it
	}
	if n.Quoted {
		return `"` + n.Text + `"`
	}
	return n.Text
}
