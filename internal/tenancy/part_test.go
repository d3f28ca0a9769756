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
CREATE TABLE chats (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id), project_id int NOT NULL REFERENCES projects(id));
CREATE TABLE rules (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id), project_id int REFERENCES projects(id));
CREATE TABLE tools (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id), project_id int NOT NULL REFERENCES projects(id));
CREATE TABLE steps (id int PRIMARY KEY, rule_id int NOT NULL REFERENCES rules(id) ON DELETE CASCADE, text text);
CREATE TABLE messages (id int PRIMARY KEY, chat_id int NOT NULL REFERENCES chats(id) ON DELETE CASCADE, project_id int REFERENCES projects(id), text text);`
	for sql, want := range map[string]string{
		`SELECT * FROM messages WHERE project_id = $1`:                                               "",
		`UPDATE messages SET text = $1 WHERE id = $2 AND project_id = $3`:                            "",
		`DELETE FROM messages WHERE project_id IN ($1, $2)`:                                          "",
		`SELECT m.* FROM messages m JOIN projects p ON p.id = m.project_id WHERE p.org_id = $1`:      "",
		`SELECT m.* FROM messages m JOIN chats c ON c.project_id = m.project_id WHERE c.org_id = $1`: "",
		`INSERT INTO messages (chat_id, text) VALUES ($1, $2)`:                                       "",
		`UPDATE messages SET project_id = $1 WHERE id = $2`:                                          "write messages by-id",
		`UPDATE messages SET text = $1 WHERE id = $2`:                                                "write messages by-id",
		`SELECT * FROM steps WHERE text = $1`:                                                        "steps unrestricted",
		`SELECT s.* FROM steps s JOIN rules r ON r.id = s.rule_id WHERE r.project_id = $1`:           "",
		`SELECT * FROM messages WHERE project_id IS NULL`:                                            "messages unrestricted",
		`SELECT * FROM messages WHERE project_id IS NOT NULL`:                                        "messages unrestricted",
		`SELECT * FROM messages WHERE project_id <> $1`:                                              "messages unrestricted",
		`SELECT * FROM messages WHERE project_id = $1 OR text = $2`:                                  "messages unrestricted wrong-or",
		`SELECT * FROM messages WHERE text = $1`:                                                     "messages unrestricted",
		`SELECT * FROM rules WHERE project_id = $1 OR project_id IS NULL AND org_id = $2`:            "",
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
