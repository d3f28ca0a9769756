package tenancy_test

import (
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

// A key that is unique over all tenants finds the tenant, whichever way it is declared.
func TestLookUps(t *testing.T) {
	t.Parallel()
	const table = `CREATE TABLE tenants (id uuid PRIMARY KEY);
CREATE TABLE pages (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), slug text, host text, body text, deleted_at timestamptz, draft boolean);
CREATE TABLE aliases (page_id uuid NOT NULL REFERENCES pages(id) ON DELETE CASCADE, slug text, host text, note text);
`
	addresses := []string{
		`CREATE UNIQUE INDEX u ON TABLE (slug)`,
		`CREATE UNIQUE INDEX u ON TABLE (slug) WHERE deleted_at IS NULL`,
		`CREATE UNIQUE INDEX u ON TABLE (slug) WHERE NOT is_deleted AND archived_at IS NULL`,
		`CREATE UNIQUE INDEX u ON TABLE (slug, host) WHERE slug IS NOT NULL AND deleted_at IS NULL`,
		`ALTER TABLE TABLE ADD UNIQUE (slug)`,
		`ALTER TABLE TABLE ADD CONSTRAINT u UNIQUE (host, slug)`,
	}
	others := []string{
		``,
		`CREATE INDEX u ON TABLE (slug)`,
		`CREATE UNIQUE INDEX u ON TABLE (lower(slug))`,
		`CREATE UNIQUE INDEX u ON TABLE (slug) WHERE draft`,
		`CREATE UNIQUE INDEX u ON TABLE (slug) WHERE host IS NOT NULL`,
		`CREATE UNIQUE INDEX u ON TABLE (slug) WHERE deleted_at IS NULL AND draft`,
		`CREATE UNIQUE INDEX u ON TABLE (slug) WHERE true`,
		`CREATE UNIQUE INDEX u ON TABLE (slug, note)`,
	}
	for _, form := range []struct {
		sql    string
		lookUp bool
	}{
		{`SELECT OWNER FROM TABLE WHERE slug = $1 AND host = $2`, true},
		{`SELECT a.OWNER FROM TABLE a WHERE a.slug = $1 AND a.host IS NOT DISTINCT FROM $2`, true},
		{`SELECT id, OWNER FROM TABLE WHERE (slug, host) = ($1, $2)`, true},
		{`SELECT note, OWNER FROM TABLE WHERE (slug, host) = ($1, $2)`, false},
		{`SELECT * FROM TABLE WHERE slug = $1 AND host = $2`, false},
		{`SELECT EXISTS (SELECT 1 FROM TABLE WHERE slug = $1 AND host = $2)`, true},
		{`SELECT count(*) FROM TABLE WHERE slug = $1 AND host = $2`, true},
		{`SELECT 1 FROM TABLE WHERE slug = $1 AND host = $2 FOR UPDATE`, true},
		{`SELECT id FROM TABLE WHERE slug = $1 AND host = $2`, true},
		{`SELECT note FROM TABLE WHERE slug = $1 AND host = $2`, false},
		{`SELECT id, note FROM TABLE WHERE slug = $1 AND host = $2`, false},
		{`SELECT max(note) FROM TABLE WHERE slug = $1 AND host = $2`, false},
		{`SELECT * FROM TABLE WHERE slug LIKE $1 AND host = $2`, false},
		{`SELECT * FROM TABLE WHERE slug = $1 OR host = $2`, false},
		{`UPDATE TABLE SET note = $1 WHERE slug = $1 AND host = $2`, false},
		{`DELETE FROM TABLE WHERE slug = $1 AND host = $2 RETURNING *`, false},
	} {
		for name, owner := range map[string]string{"pages": "tenant_id", "aliases": "page_id"} {
			for i, index := range append(addresses, others...) {
				write := strings.NewReplacer("ALTER TABLE TABLE", "ALTER TABLE "+name, "TABLE", name, "OWNER", owner).Replace
				want := name + " unrestricted"
				if form.lookUp && i < len(addresses) {
					want = name + " by-id"
				}
				if !strings.HasPrefix(form.sql, "SELECT") {
					want = "write " + want
				}
				db := schema.Parse(table+write(index), sqlast.Postgres, config.Default().Tenant)
				if got := describe(t, db, write(form.sql), tenancy.Options{}); got != want {
					t.Errorf("%s; %s: %s, want %s", write(index), write(form.sql), got, want)
				}
			}
		}
	}
	owned := schema.Parse(table+"CREATE UNIQUE INDEX u ON pages (tenant_id, slug); CREATE UNIQUE INDEX v ON aliases (host);", sqlast.Postgres, config.Default().Tenant)
	for sql, want := range map[string]string{
		`SELECT * FROM pages WHERE slug = $1`:                                                                                "pages unrestricted",
		`SELECT p.id, p.tenant_id FROM aliases a JOIN pages p ON p.id = a.page_id WHERE a.host = $1`:                         "pages by-parent",
		`SELECT p.id, p.body FROM aliases a JOIN pages p ON p.id = a.page_id WHERE a.host = $1`:                              "pages unrestricted",
		`SELECT * FROM pages p WHERE p.slug IN (SELECT slug FROM aliases WHERE host = $1) AND p.draft`:                       "pages unrestricted, aliases unrestricted",
		`WITH a AS (SELECT page_id FROM aliases WHERE host = $1) SELECT p.tenant_id FROM a JOIN pages p ON p.id = a.page_id`: "pages by-parent",
		`WITH a AS (SELECT page_id FROM aliases WHERE host = $1) SELECT p.* FROM a JOIN pages p ON p.id = a.page_id`:         "pages unrestricted",
	} {
		if got := describe(t, owned, sql, tenancy.Options{}); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}
