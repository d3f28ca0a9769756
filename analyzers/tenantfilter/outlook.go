package tenantfilter

import (
	"encoding/json"
	"fmt"
	"go/token"
	"strings"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/schema"
)

// An outlook is what a package has to judge, and to judge it by. It is the rule's
// evidence, one a package.
type outlook struct {
	Queries    int
	Judged     bool          // some table is known to have a tenant column
	Tables     int           // that are known, if none is judged
	Configured string        // the column that the configuration names
	Near       []schema.Near // columns that may hold the tenant
}

func (c *checker) outlook() outlook {
	o := outlook{Judged: c.db.HasTenants()}
	if !o.Judged {
		o.Tables = len(c.db.All())
		o.Near = c.db.Near()
		if c.db.Tenant.Confidence == schema.Configured {
			o.Configured = c.db.Tenant.Column
		}
	}
	return o
}

// tell records the outlook as evidence.
func (c *checker) tell(o outlook) {
	if o.Queries == 0 {
		return
	}
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // of strings and numbers
	}
	c.report.Evidence(c.pass.Pkg.Path(), token.NoPos, string(text))
}

// Notes says that the rule judges no query of the run, and what would have it do
// so. Where packages know different tables, as where models declare them, the one
// that knows the most speaks.
func Notes(evidence []finding.Evidence) []finding.Note {
	var most outlook
	queries := 0
	for _, e := range evidence {
		var o outlook
		if err := json.Unmarshal([]byte(e.Text), &o); err != nil || o.Judged {
			return nil
		}
		queries += o.Queries
		if o.Tables >= most.Tables {
			most = o
		}
	}
	if queries == 0 {
		return nil
	}
	most.Queries = queries
	return []finding.Note{{Text: most.inert()}}
}

// inert says why nothing is judged, and the line of the configuration that would
// change it.
func (o outlook) inert() string {
	judges := "tenantfilter judges none of " + plural(o.Queries, "query", "queries") + ": "
	switch {
	case o.Tables == 0:
		return judges + "no table is known, as there is no DDL in the module and no model; name the DDL in .poollint.yml: tenant: {schema: [db/schema.sql]}"
	case o.Configured != "":
		judges += fmt.Sprintf("tenant.column is %s, and none of %s has it", o.Configured, plural(o.Tables, "table", "tables"))
	case len(o.Near) == 0:
		return judges + fmt.Sprintf("no column of %s is named like a tenant; if one holds the tenant, write it in .poollint.yml: tenant: {column: NAME}; if there are no tenants, leave the rule out: -rules -tenantfilter", plural(o.Tables, "table", "tables"))
	default:
		judges += fmt.Sprintf("no column of %s is surely the tenant's", plural(o.Tables, "table", "tables"))
	}
	if len(o.Near) == 0 {
		return judges
	}
	return judges + fmt.Sprintf(" (%s); if one is, write it in .poollint.yml: tenant: {column: %s}", listNear(o.Near), o.Near[0].Column)
}

// listNear names the columns with the tables that have them, the likeliest first.
func listNear(near []schema.Near) string {
	const most = 4
	var parts []string
	for i, n := range near {
		if i == most {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, n.Column+": "+n.Why)
	}
	return strings.Join(parts, "; ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
