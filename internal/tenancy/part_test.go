package tenancy_test

import (
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

// The column of a part of a tenant limits rows that may lack it, but is not asked for.
func TestParts(t *testing.T) {
	t.Parallel()
	const ddl = `CREATE TABLE orgs (id int PRIMARY KEY);
CREATE TABLE projects (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id));
CREATE TABLE threads (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id), project_id int NOT NULL REFERENCES projects(id));
CREATE TABLE labels (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id), project_id int REFERENCES projects(id));
CREATE TABLE pins (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id), project_id int NOT NULL REFERENCES projects(id));
CREATE TABLE marks (id int PRIMARY KEY, label_id int NOT NULL REFERENCES labels(id) ON DELETE CASCADE, text text);
CREATE TABLE posts (id int PRIMARY KEY, thread_id int NOT NULL REFERENCES threads(id) ON DELETE CASCADE, project_id int REFERENCES projects(id), text text);`
	for sql, want := range map[string]string{
		`SELECT * FROM posts WHERE project_id = $1`:                                                 "",
		`UPDATE posts SET text = $1 WHERE id = $2 AND project_id = $3`:                              "",
		`DELETE FROM posts WHERE project_id IN ($1, $2)`:                                            "",
		`SELECT m.* FROM posts m JOIN projects p ON p.id = m.project_id WHERE p.org_id = $1`:        "",
		`SELECT m.* FROM posts m JOIN threads c ON c.project_id = m.project_id WHERE c.org_id = $1`: "",
		`INSERT INTO posts (thread_id, text) VALUES ($1, $2)`:                                       "",
		`UPDATE posts SET project_id = $1 WHERE id = $2`:                                            "write posts by-id",
		`UPDATE posts SET text = $1 WHERE id = $2`:                                                  "write posts by-id",
		`SELECT * FROM marks WHERE text = $1`:                                                       "marks unrestricted",
		`SELECT s.* FROM marks s JOIN labels r ON r.id = s.label_id WHERE r.project_id = $1`:        "",
		`SELECT * FROM posts WHERE project_id IS NULL`:                                              "posts unrestricted",
		`SELECT * FROM posts WHERE project_id IS NOT NULL`:                                          "posts unrestricted",
		`SELECT * FROM posts WHERE project_id <> $1`:                                                "posts unrestricted",
		`SELECT * FROM posts WHERE project_id = $1 OR text = $2`:                                    "posts unrestricted wrong-or",
		`SELECT * FROM posts WHERE text = $1`:                                                       "posts unrestricted",
		`SELECT * FROM labels WHERE project_id = $1 OR project_id IS NULL AND org_id = $2`:          "",
	} {
		for _, column := range []string{"", "org_id"} { // found, or named by the configuration
			tenant := config.Default().Tenant
			if column != "" {
				tenant.Column = column
			}
			db := schema.Parse(ddl, sqlast.Postgres, tenant)
			if got := describe(t, db, sql, tenancy.Options{}); got != want {
				t.Errorf("%s, %q: %q, want %q", strings.TrimSpace(sql), column, got, want)
			}
		}
	}
}

// What is to be added is the column that every row has.
func TestPartsThatRowsLack(t *testing.T) {
	t.Parallel()
	const ddl = `CREATE TABLE orgs (id int PRIMARY KEY);
CREATE TABLE projects (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id));
CREATE TABLE threads (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id), project_id int NOT NULL REFERENCES projects(id));
CREATE TABLE labels (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id), project_id int REFERENCES projects(id));
CREATE TABLE pins (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id), project_id int NOT NULL REFERENCES projects(id));`
	db := schema.Parse(ddl, sqlast.Postgres, config.Default().Tenant)
	for name, want := range map[string]string{"threads": "project_id org_id", "labels": "org_id project_id"} {
		if got := strings.Join(db.Named(name).TenantColumns, " "); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
