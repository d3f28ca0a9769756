package tenancy_test

import (
	"testing"

	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

// FuzzJudge checks that every text is judged, and that what the verdicts say
// holds together.
func FuzzJudge(f *testing.F) {
	for _, s := range statements {
		f.Add(s)
	}
	f.Add("SELECT * FROM invoices WHERE id = $1 AND \x00")
	f.Add("MERGE INTO payments p USING invoices v ON p.id = v.id WHEN MATCHED THEN DELETE")
	f.Add("WITH RECURSIVE x AS (SELECT * FROM invoices UNION SELECT i.* FROM invoices i JOIN x ON i.parent_id = x.id) SELECT * FROM x, x y")
	f.Add("MERGE INTO lines l USING invoices i ON l.invoice_id = i.id WHEN MATCHED AND i.tenant_id = $1 THEN DELETE WHEN MATCHED THEN DO NOTHING")
	f.Add("COPY lines (id) FROM STDIN; COPY invoices TO STDOUT")
	f.Add("INSERT INTO lines (id) VALUES ($1) ON CONFLICT (sku) DO UPDATE SET sku = '' WHERE lines.id = $1 RETURNING *")
	db := database(f)
	f.Fuzz(func(t *testing.T, sql string) {
		for _, stmt := range sqlast.Read(sql, sqlast.Options{}).Stmts {
			verdicts := tenancy.Judge(stmt, db, tenancy.Options{})
			for i, v := range verdicts {
				switch {
				case v.Table == nil || v.Ref == nil || v.Column == "":
					t.Fatalf("verdict %d of %q says nothing", i, sql)
				case !v.Pinned && v.Tier == "":
					t.Fatalf("verdict %d of %q has no tier", i, sql)
				case v.Leader < 0 || v.Leader >= len(verdicts) || verdicts[v.Leader].Leader != v.Leader:
					t.Fatalf("verdict %d of %q follows %d", i, sql, v.Leader)
				}
			}
		}
	})
}
