package propose

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/poollint/poollint/internal/config"
)

func TestValues(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files string
		want  map[string]config.Proposal
	}{
		"nothing": {"-- main.go --\npackage main\n", map[string]config.Proposal{}},
		"service": {`
-- db/migrations/001_init.up.sql --
CREATE TABLE orgs (id int);
CREATE TABLE users (id int, org_id int);
CREATE TABLE plans (id int, org_id int REFERENCES orgs (id));
-- db/migrations/001_init.down.sql --
CREATE TABLE old (tenant_id int);
-- db/migrations/seed/a.sql --
create  table seeds (x int);
-- db/queries/users.sql --
SELECT tenant_id, tenant_id, tenant_id FROM users;
-- it's/schema.sql --
CREATE TABLE a (b int);
-- .env.test --
DSN=x
-- .env --
DSN=x
-- vendor/v/v.sql --
CREATE TABLE v (account_id int);
-- nested/go.mod --
module nested
-- nested/n.sql --
CREATE TABLE n (account_id int);
`, map[string]config.Proposal{
			"tenant.column":  {YAML: "org_id"},
			"pool.env_files": {YAML: "['.env.test']"},
		}},
		"no tenants": {"-- schema.sql --\nCREATE TABLE accounts (id int);\nCREATE TABLE entries (account_id int);\n", map[string]config.Proposal{
			"tenant.column": {YAML: "account_id", Doubt: "1 table has it; with it, 1 table would be judged; not sure"},
		}},
		"several": {"-- schema.sql --\nCREATE TABLE teams (id int PRIMARY KEY);\nCREATE TABLE a (id int PRIMARY KEY, team_id int NOT NULL REFERENCES teams, account_id int);\n" +
			"CREATE TABLE b (a_id int NOT NULL REFERENCES a, account_id int);\nCREATE TABLE c (customer_id int);\nCREATE TABLE d (project_id int);\n", map[string]config.Proposal{
			"tenant.column": {YAML: "account_id", Doubt: "2 tables have it; with it, 2 tables would be judged; not sure", Or: []config.Proposal{
				{YAML: "team_id", Doubt: "1 table has it, 1 refers to teams; with it, 2 tables would be judged; not sure"},
				{YAML: "project_id", Doubt: "1 table has it; with it, 1 table would be judged; not sure"},
			}},
		}},
		"driver": {"-- d.go --\npackage d\nfunc init() {\n\tsql.Register(\"d\", nil)\n}\n", map[string]config.Proposal{
			"pool.self_test": {YAML: "true", Doubt: "it registers a driver, as services do too that wrap one; true only if its tests open pools on purpose"},
		}},
		"fake driver": {"-- d_test.go --\npackage d\nfunc init() {\n\tsql.Register(\"d\", nil)\n}\n", map[string]config.Proposal{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			for _, f := range txtar.Parse([]byte(c.files)).Files {
				file := filepath.Join(root, f.Name)
				if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			got := Values(config.NewFiles(root))
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %v\nwant %v", got, c.want)
			}
			settings := config.Default()
			if err := settings.Decode("f.yml", config.Template(got)); err != nil {
				t.Error(err)
			}
		})
	}
}
