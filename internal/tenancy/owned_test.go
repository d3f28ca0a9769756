package tenancy_test

import (
	"testing"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

const ownedDDL = `
CREATE TABLE tenants (id uuid PRIMARY KEY, slug text NOT NULL UNIQUE, domain text NOT NULL);
CREATE TABLE documents (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), title text);
CREATE TABLE tags (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), name text);
CREATE TABLE document_tags (document_id uuid REFERENCES documents(id), tag_id uuid REFERENCES tags(id), PRIMARY KEY (document_id, tag_id));
CREATE TABLE tagged_pages (tag_id uuid, page_id uuid, PRIMARY KEY (tag_id, page_id));
CREATE TABLE pages (id uuid PRIMARY KEY, document_id uuid NOT NULL REFERENCES documents(id), number int, body text, UNIQUE (document_id, number), UNIQUE (body));
CREATE TABLE covers (document_id uuid PRIMARY KEY REFERENCES documents(id), art text);
CREATE TABLE backs (document uuid PRIMARY KEY REFERENCES documents(id), art text);
CREATE TABLE words (id uuid PRIMARY KEY, at uuid NOT NULL REFERENCES pages(id) ON DELETE CASCADE, word text);
CREATE TABLE shares (id uuid PRIMARY KEY, document_id uuid NOT NULL REFERENCES documents(id), token text NOT NULL);
CREATE TABLE notices (id uuid PRIMARY KEY, about uuid NOT NULL REFERENCES documents(id), text text);
CREATE VIEW titles AS SELECT d.id AS document, d.title FROM documents d WHERE d.title <> '';
CREATE VIEW tagged AS SELECT tag_id, count(*) AS n FROM document_tags GROUP BY tag_id;
CREATE VIEW mine AS SELECT id, title FROM documents WHERE tenant_id = current_setting('app.tenant')::uuid;
`

func TestOwned(t *testing.T) {
	t.Parallel()
	db := schema.Parse(ownedDDL, sqlast.Postgres, config.Default().Tenant)
	for _, test := range []struct{ name, sql, want string }{
		{"all", `SELECT * FROM pages`, "pages unrestricted"},
		{"natural key", `SELECT * FROM pages WHERE number = $1`, "pages unrestricted"},
		{"own id", `SELECT * FROM pages WHERE id = $1`, "pages by-id"},
		{"secret", `SELECT * FROM shares WHERE token = $1`, "shares by-id"},
		{"parent's id", `SELECT * FROM pages WHERE document_id = $1`, "pages by-parent"},
		{"parent's parent's id", `SELECT w.* FROM words w JOIN pages p ON p.id = w.at WHERE p.document_id = $1`, "pages by-parent"},
		{"joined to a pinned parent", `SELECT * FROM pages p JOIN documents d ON d.id = p.document_id WHERE d.tenant_id = $1 AND p.number = $2`, ""},
		{"joined to an unpinned parent", `SELECT * FROM pages p JOIN documents d ON d.id = p.document_id WHERE p.number = $2`, "documents unrestricted"},
		{"outer join to a pinned parent", `SELECT * FROM pages p LEFT JOIN documents d ON d.id = p.document_id AND d.tenant_id = $1`, "pages unrestricted"},
		{"outer join from a pinned parent", `SELECT * FROM documents d LEFT JOIN pages p ON p.document_id = d.id WHERE d.tenant_id = $1`, ""},
		{"joined by no key", `SELECT * FROM pages p JOIN documents d ON d.title = p.body WHERE d.tenant_id = $1`, "pages unrestricted"},
		{"IN of a pinned parent", `DELETE FROM pages WHERE document_id IN (SELECT id FROM documents WHERE tenant_id = $1)`, ""},
		{"EXISTS of a pinned parent", `UPDATE pages p SET body = '' WHERE EXISTS (SELECT 1 FROM documents d WHERE d.id = p.document_id AND d.tenant_id = $1)`, ""},
		{"two levels", `SELECT * FROM words WHERE at IN (SELECT p.id FROM pages p JOIN documents d ON d.id = p.document_id WHERE d.tenant_id = $1)`, ""},
		{"two levels unpinned", `SELECT * FROM words WHERE word = $1`, "words unrestricted"},
		{"link by its first key", `SELECT dt.* FROM document_tags dt JOIN documents d ON d.id = dt.document_id WHERE d.tenant_id = $1`, ""},
		{"link by its second key", `SELECT d.* FROM documents d JOIN document_tags dt ON dt.document_id = d.id JOIN tags t ON t.id = dt.tag_id WHERE t.tenant_id = $1`, ""},
		{"link without keys by one of its ids", `DELETE FROM tagged_pages WHERE tag_id = $1`, "write tagged_pages by-parent"},
		{"link without keys by both of its ids", `DELETE FROM tagged_pages WHERE tag_id = $1 AND page_id = $2`, "write tagged_pages by-parent"},
		{"link without keys of a pinned parent", `DELETE FROM tagged_pages WHERE tag_id IN (SELECT id FROM tags WHERE id = $1 AND tenant_id = $2)`, ""},
		{"link without keys beside a pinned parent", `SELECT t.* FROM tags t JOIN tagged_pages x ON x.tag_id = t.id WHERE t.tenant_id = $1`, ""},
		{"link without keys, all", `SELECT * FROM tagged_pages`, "tagged_pages unrestricted"},
		{"INSERT into a link without keys", `INSERT INTO tagged_pages VALUES ($1, $2)`, ""},
		{"UPDATE of the tenants", `UPDATE tenants SET slug = lower(slug)`, "write tenants unrestricted"},
		{"UPDATE of tenants by what does not tell one", `UPDATE tenants SET slug = $1 WHERE slug <> $2`, "write tenants unrestricted"},
		{"UPDATE of a tenant by its key", `UPDATE tenants SET slug = $1 WHERE id = $2`, ""},
		{"UPDATE of a tenant by a unique key", `UPDATE tenants SET domain = $1 WHERE slug = $2`, ""},
		{"UPDATE of the tenant of a pinned row", `UPDATE tenants SET domain = '' FROM documents d WHERE d.tenant_id = tenants.id AND d.tenant_id = $1`, ""},
		{"DELETE of the tenants", `DELETE FROM tenants`, "write tenants unrestricted"},
		{"DELETE of a tenant by its key", `DELETE FROM tenants WHERE id = ANY($1)`, ""},
		{"DELETE of tenants by a hole", "DELETE FROM tenants WHERE \x00", "write tenants unseen"},
		{"all tenants", `SELECT * FROM tenants`, ""},
		{"INSERT of a tenant", `INSERT INTO tenants (id, slug) VALUES ($1, $2)`, ""},
		{"UPDATE by id", `UPDATE pages SET body = $1 WHERE id = $2`, "write pages by-id"},
		{"UPDATE with the parent's id", `UPDATE pages SET body = '' FROM documents d WHERE pages.document_id = $1 AND d.id = pages.document_id`, "write pages by-parent"},
		{"DELETE with the parent's id", `DELETE FROM pages USING documents d WHERE d.id = $1 AND d.id = pages.document_id`, "write pages by-parent"},
		{"UPDATE by id with the parent", `UPDATE pages SET body = '' FROM documents d WHERE pages.id = $1 AND d.id = pages.document_id`, "write pages by-id"},
		{"UPDATE with a parent by a natural key", `UPDATE pages SET body = '' FROM documents d WHERE d.title = $1 AND d.id = pages.document_id`, "write pages unrestricted"},
		{"UPDATE with a pinned parent", `UPDATE pages SET body = '' FROM documents d WHERE d.id = $1 AND d.tenant_id = $2 AND d.id = pages.document_id`, ""},
		{"UPDATE of a parent with what it has", `UPDATE documents SET title = '' FROM pages p WHERE p.id = $1 AND documents.id = p.document_id`, "write documents by-parent"},
		{"DELETE by parent", `DELETE FROM pages WHERE document_id = $1`, "write pages by-parent"},
		{"INSERT under a given parent", `INSERT INTO pages (id, document_id) VALUES ($1, $2)`, ""},
		{"INSERT of an owned SELECT", `INSERT INTO pages (id, document_id) SELECT gen_random_uuid(), document_id FROM shares`, "shares unrestricted"},
		{"rows of an INSERT", `WITH p AS (INSERT INTO pages (id, document_id) VALUES ($1, $2) RETURNING *) SELECT d.* FROM documents d JOIN p ON p.document_id = d.id`, ""},
		{"conflict with the parent", `INSERT INTO pages (id, document_id, number) VALUES ($1, $2, $3) ON CONFLICT (document_id, number) DO UPDATE SET body = ''`, ""},
		{"conflict without the parent", `INSERT INTO pages (id, document_id, body) VALUES ($1, $2, $3) ON CONFLICT (body) DO UPDATE SET number = 1`, "write pages unrestricted conflict"},
		{"conflict by id", `INSERT INTO pages (id, document_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = ''`, "write pages by-id conflict"},
		{"conflict by id, tested", `INSERT INTO pages (id, document_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = '' WHERE pages.document_id IN (SELECT id FROM documents WHERE tenant_id = $3)`, ""},
		{"conflict by id, left alone", `INSERT INTO pages (id, document_id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, ""},
		{"conflict by the parent's key", `INSERT INTO covers (document_id, art) VALUES ($1, $2) ON CONFLICT (document_id) DO UPDATE SET art = EXCLUDED.art`, "write covers by-id conflict"},
		{"conflict by the parent's key, tested", `INSERT INTO covers (document_id, art) VALUES ($1, $2) ON CONFLICT (document_id) DO UPDATE SET art = '' WHERE covers.document_id IN (SELECT id FROM documents WHERE tenant_id = $3)`, ""},
		{"conflict by the key of a selected parent", `INSERT INTO covers (document_id, art) SELECT id, $1 FROM documents WHERE tenant_id = $2 ON CONFLICT (document_id) DO UPDATE SET art = ''`, ""},
		{"conflict by the key of a parent looked up", `INSERT INTO covers (document_id, art) VALUES ((SELECT id FROM documents WHERE tenant_id = $1 AND title = $2), $3) ON CONFLICT (document_id) DO UPDATE SET art = ''`, ""},
		{"conflict by the parent's key, named as it", `INSERT INTO backs (document, art) VALUES ($1, $2) ON CONFLICT (document) DO UPDATE SET art = ''`, "write backs by-id conflict"},
		{"MERGE by id", `MERGE INTO pages p USING (VALUES ($1)) v (id) ON p.id = v.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (v.id)`, "write pages by-id"},
		{"mention of a parent", `SELECT * FROM notices`, ""},
		{"hole", "SELECT * FROM pages WHERE \x00", "pages unseen"},
		{"view by a natural key", `SELECT * FROM titles WHERE title = $1`, "titles unrestricted"},
		{"view by the id that it shows", `SELECT * FROM titles t JOIN documents d ON d.id = t.document WHERE d.tenant_id = $1`, ""},
		{"view of an owned table", `SELECT * FROM tagged`, "tagged unrestricted"},
		{"view joined by a key that it shows", `SELECT v.n FROM tagged v JOIN tags t ON t.id = v.tag_id WHERE t.tenant_id = $1`, ""},
		{"view that limits itself", `SELECT * FROM mine`, ""},
		{"tenant by either of its natural keys", `SELECT d.* FROM documents d JOIN tenants t ON t.id = d.tenant_id WHERE t.slug = $1 OR t.domain = $1`, ""},
		{"another table limited without a key", `SELECT * FROM documents JOIN tags ON tags.name = $1 WHERE tags.tenant_id = $2`, "documents unrestricted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := describe(t, db, test.sql, tenancy.Options{}); got != test.want {
				t.Errorf("%s\n got %q\nwant %q", test.sql, got, test.want)
			}
		})
	}
}

func TestPredicateOfOwned(t *testing.T) {
	t.Parallel()
	db := schema.Parse(ownedDDL, sqlast.Postgres, config.Default().Tenant)
	for sql, want := range map[string]string{
		`SELECT * FROM pages`:             `document_id IN (SELECT id FROM documents WHERE tenant_id = $n)`,
		`SELECT * FROM words w`:           `w.at IN (SELECT id FROM pages WHERE document_id IN (SELECT id FROM documents WHERE tenant_id = $n))`,
		`COPY pages TO STDOUT`:            `(SELECT … WHERE document_id IN (SELECT id FROM documents WHERE tenant_id = $n))`,
		`SELECT * FROM document_tags t`:   `t.document_id IN (SELECT id FROM documents WHERE tenant_id = $n)`,
		`UPDATE pages SET body = 'x'`:     `document_id IN (SELECT id FROM documents WHERE tenant_id = $n)`,
		`DELETE FROM pages WHERE id = $1`: `document_id IN (SELECT id FROM documents WHERE tenant_id = $n)`,
	} {
		verdicts := tenancy.Judge(sqlast.Read(sql, sqlast.Options{}).Stmts[0], db, tenancy.Options{})
		if len(verdicts) != 1 || verdicts[0].Add != want || verdicts[0].Column != "tenant_id" {
			t.Errorf("%s: %+v, want %q", sql, verdicts, want)
		}
		if v := tenancy.Judge(sqlast.Read(sql, sqlast.Options{}).Stmts[0], db, tenancy.Options{StrictJoins: true}); v[0].Pinned {
			t.Errorf("%s is pinned", sql)
		}
	}
	const joined = `SELECT * FROM pages p JOIN documents d ON d.id = p.document_id WHERE d.tenant_id = $1`
	for _, v := range tenancy.Judge(sqlast.Read(joined, sqlast.Options{}).Stmts[0], db, tenancy.Options{StrictJoins: true}) {
		if !v.Pinned {
			t.Errorf("%s: %s is not pinned, though it has no tenant column", joined, v.Table.Name)
		}
	}
}

// The key of the table that lists the tenants may be called as the others call their column.
func TestRootKey(t *testing.T) {
	t.Parallel()
	db := schema.Parse(`
CREATE TABLE companies (company_id uuid PRIMARY KEY, domain text NOT NULL UNIQUE, size int);
CREATE TABLE teams (id uuid PRIMARY KEY, company_id uuid NOT NULL REFERENCES companies (company_id), name text);
CREATE TABLE limits (company_id uuid PRIMARY KEY REFERENCES companies (company_id), code text UNIQUE, seats int);
`, sqlast.Postgres, config.Tenant{Column: "company_id"})
	for _, test := range []struct{ name, sql, want string }{
		{"by key", `SELECT * FROM companies WHERE company_id = $1`, ""},
		{"by natural key", `SELECT * FROM companies WHERE domain = $1`, ""},
		{"by another column", `SELECT * FROM companies WHERE size = $1`, ""},
		{"joined", `SELECT t.* FROM teams t JOIN companies c ON c.company_id = t.company_id WHERE c.domain = $1`, ""},
		{"of a table that belongs to them", `SELECT * FROM limits WHERE code = $1`, "limits unrestricted"},
		{"of such a table by key", `UPDATE limits SET seats = 1 WHERE company_id = $1`, ""},
	} {
		if got := describe(t, db, test.sql, tenancy.Options{}); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
