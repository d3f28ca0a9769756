package tenantfilter

import (
	"fmt"
	"go/token"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/schema"
)

// An outlook counts the queries of a package, and the tables that it judges them by. It is
// the rule's evidence, one for each package.
type outlook struct {
	Queries    int
	Judged     bool          // a known table has a tenant column, so that queries can be judged
	Tables     int           // number of known tables, unless Judged
	Configured string        // the column that the configuration names
	Schema     []string      // the paths of DDL that it names, if no table is known
	Near       []schema.Near // columns that may hold the tenant

	Scoped  int // tables with a tenant column, if Judged
	Guarded int // those of them whose policies are not trusted, and would limit all that is done with them
}

func (c *checker) outlook() outlook {
	o := outlook{Judged: c.db.HasTenants()}
	if !o.Judged {
		o.Tables = len(c.db.All())
		o.Near = c.db.Near()
		if o.Tables == 0 {
			o.Schema = config.Of(c.pass).Tenant.Schema
		}
		if c.db.Tenant.Confidence == schema.Configured {
			o.Configured = c.db.Tenant.Column
		}
	}
	for _, t := range c.db.All() {
		if len(t.TenantColumns) == 0 || !o.Judged {
			continue
		}
		if o.Scoped++; c.config.Tenant.RLS != "trust" && !lacksGuard(t) {
			o.Guarded++
		}
	}
	return o
}

// recordOutlook records the outlook as evidence, if there are queries.
func (c *checker) recordOutlook(o outlook) {
	if o.Queries == 0 {
		return
	}
	c.report.Evidence(c.pass.Pkg.Path(), token.NoPos, o)
}

// notesOf returns a note if the rule judges no query of the run, which says how to change
// that. If packages have different tables, as with models, it is about the one with most.
func notesOf(evidence []finding.Evidence) []finding.Note {
	var most outlook
	queries := 0
	for _, e := range evidence {
		o, ok := e.Data.(outlook)
		if !ok {
			continue
		}
		if o.Judged {
			return o.advice()
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
	return []finding.Note{{Text: most.String()}}
}

// advice is a note if policies limit most tables, and nobody has said whether to trust them.
func (o outlook) advice() []finding.Note {
	if o.Guarded*2 <= o.Scoped {
		return nil
	}
	return []finding.Note{{Text: fmt.Sprintf(untrusted, o.Guarded, plural(o.Scoped, "table", "tables"))}}
}
