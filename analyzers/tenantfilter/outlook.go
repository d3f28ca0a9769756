package tenantfilter

import (
	"go/token"

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
	c.report.Evidence(c.pass.Pkg.Path(), token.NoPos, o)
}

// notesOf says that the rule judges no query of the run, and what would have it do
// so. Where packages know different tables, as where models declare them, the one
// that knows the most speaks.
func notesOf(evidence []finding.Evidence) []finding.Note {
	var most outlook
	queries := 0
	for _, e := range evidence {
		o := e.Data.(outlook)
		if o.Judged {
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
	return []finding.Note{{Text: most.String()}}
}
