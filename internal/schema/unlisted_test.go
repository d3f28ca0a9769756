package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// A column that is not named like a tenant is one where most tables refer by it to a table to
// which those who log in belong.
func TestUnlisted(t *testing.T) {
	t.Parallel()
	tables := func(n int, columns string) string {
		var s strings.Builder
		for i := range n {
			fmt.Fprintf(&s, "CREATE TABLE t%d (id int PRIMARY KEY%s);\n", i, columns)
		}
		return s.String()
	}
	const (
		vets       = "CREATE TABLE vets (id int PRIMARY KEY);"
		vet        = ", vet_id int NOT NULL REFERENCES vets(id)"
		users      = "CREATE TABLE users (id int PRIMARY KEY" + vet + ");"
		nobody     = "CREATE TABLE users (id int PRIMARY KEY);"
		membership = "CREATE TABLE staff (user_id int REFERENCES users(id)" + vet + ", UNIQUE (user_id, vet_id));"
	)
	for _, test := range []struct{ name, ddl, want string }{
		{"users belong to one", vets + users + tables(2, vet), "vet_id"},
		{"users may belong to one", vets + strings.Replace(users, " NOT NULL", "", 1) + tables(2, vet), ""},
		{"users belong to none", vets + nobody + tables(9, vet), ""},
		{"half of the tables", vets + users + tables(2, vet) + "CREATE TABLE a (id int); CREATE TABLE b (id int);", ""},
		{"no key", vets + users + tables(2, ", vet_id int"), ""},
		{"many tables, and members", vets + nobody + membership + tables(9, vet), "vet_id"},
		{"many tables, and members by their profiles", vets + "CREATE TABLE profiles (user_id int PRIMARY KEY);" + strings.Replace(membership, "users(id)", "profiles(user_id)", 1) + tables(9, vet), "vet_id"},
		{"many tables, and a key of who made it", vets + nobody + strings.ReplaceAll(membership, "user_id", "author_id") + tables(9, vet), ""},
		{"many tables, and no key of members", vets + nobody + strings.Replace(membership, ", UNIQUE (user_id, vet_id)", "", 1) + tables(9, vet), ""},
		{"nine tables, and members", vets + nobody + membership + tables(8, vet), ""},
		{"half of many tables, and members", vets + nobody + membership + tables(9, vet) + strings.ReplaceAll(tables(6, ""), " t", " u"), ""},
		{"a part of the firm", strings.ReplaceAll(vets+users+tables(2, vet), "vet", "department"), ""},
		{"what people make", strings.ReplaceAll(vets+users+tables(2, vet), "vet", "author"), ""},
		{"beside a usual name", vets + users + tables(2, vet) + "CREATE TABLE tenants (id int PRIMARY KEY); CREATE TABLE a (tenant_id int REFERENCES tenants(id));", "tenant_id"},
		{"beside a usual name that few have", vets + users + tables(4, vet) + "CREATE TABLE a (project_id int);", "vet_id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := schema.Parse(test.ddl, sqlast.Postgres, tenant()).Tenant
			if got.Confidence == schema.Low {
				got.Column = ""
			}
			if got.Column != test.want {
				t.Errorf("got %+v, want %q", got, test.want)
			}
		})
	}
}
