package showschema

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestShow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, archive, want string }{
		{"DDL", `
-- go.mod --
module example.test/shop
-- db/schema.sql --
CREATE TABLE tenants (id int PRIMARY KEY);
CREATE TABLE invoices (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants (id));
CREATE TABLE lines (invoice_id int NOT NULL REFERENCES invoices (id));
CREATE TABLE countries (id int);
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD x int', 'lines'); END $$;
`, `db: tenant column tenant_id, confidence high (1 table has it, 1 refers to tenants)
  root    tenants                                                db/schema.sql:1
  scoped  invoices   tenant_id; row security, not for the owner  db/schema.sql:2
  owned   lines      through invoices                            db/schema.sql:3
  global  countries                                              db/schema.sql:4
  not read  db/schema.sql:6: a DO block makes statements from strings
`},
		{"models", `
-- go.mod --
module example.test/shop

go 1.24
-- models/models.go --
package models

type Invoice struct {
	ID       string ` + "`gorm:\"primaryKey\"`" + `
	TenantID string
}

type Country struct {
	ID string ` + "`gorm:\"primaryKey\"`" + `
}
`, `models: tenant column tenant_id, confidence high (1 table has it)
  scoped  invoices   tenant_id  models/models.go:3
  global  countries             models/models.go:8
`},
		{"unsure", `
-- go.mod --
module example.test/shop

go 1.24
-- schema.sql --
CREATE TABLE a (customer_id int);
-- shop.go --
package shop
`, `.: the tenant column may be customer_id (1 table has it; too little to be sure); name it in tenant.column, until then tenantfilter is silent
  global  a    schema.sql:1
`},
		{"nothing", `
-- go.mod --
module example.test/shop

go 1.24
-- shop.go --
package shop
`, `no tables found: there is no DDL in the module and no model of an object mapper; name the DDL in tenant.schema
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			for _, f := range txtar.Parse([]byte(test.archive)).Files {
				name := filepath.Join(root, filepath.FromSlash(f.Name))
				if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			var out bytes.Buffer
			if err := show(t.Context(), root, nil, &out); err != nil {
				t.Fatal(err)
			}
			if got := out.String(); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
