package schema_test

import (
	"fmt"
	"testing"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// What a policy compares the tenant with stands in a function of the database, in each of the
// ways to write one.
func TestPoliciesThroughFunctions(t *testing.T) {
	t.Parallel()
	const reads = "current_setting('app.tenant', true)"
	for name, test := range map[string]struct{ function, using, want string }{
		"matches":       {"CREATE FUNCTION own(t uuid) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT t::text = " + reads + " $$", "own(tenant_id)", "[app.tenant]"},
		"returns":       {"CREATE OR REPLACE FUNCTION app.own() RETURNS uuid AS $fn$ BEGIN RETURN NULLIF(" + reads + ", '')::uuid; END; $fn$ LANGUAGE plpgsql", "tenant_id = app.own()", "[app.tenant]"},
		"quoted body":   {"CREATE FUNCTION own() RETURNS text LANGUAGE sql AS 'SELECT current_setting(''app.tenant'')'", "tenant_id = own()", "[app.tenant]"},
		"standard body": {"CREATE FUNCTION own() RETURNS text RETURN " + reads, "tenant_id = own()", "[app.tenant]"},
		"quoted name":   {`CREATE FUNCTION public."Own"() RETURNS text LANGUAGE sql AS $$ SELECT ` + reads + ` $$`, `tenant_id = public."Own"()`, "[app.tenant]"},
		"through another": {"CREATE FUNCTION inner_own() RETURNS text LANGUAGE sql AS $$ SELECT " + reads + " $$; " +
			"CREATE FUNCTION own(t text) RETURNS bool LANGUAGE sql AS $$ SELECT t = inner_own() $$", "own(tenant_id)", "[app.tenant]"},
		"replaced": {"CREATE FUNCTION own() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('app.old') $$; " +
			"CREATE OR REPLACE FUNCTION own() RETURNS text LANGUAGE sql AS $$ SELECT " + reads + " $$", "tenant_id = own()", "[app.tenant]"},
		"in a comment":     {"CREATE FUNCTION own() RETURNS text LANGUAGE sql AS $$ -- no " + reads + "\n SELECT 'x' $$", "tenant_id = own()", "[]"},
		"another function": {"CREATE FUNCTION other() RETURNS text LANGUAGE sql AS $$ SELECT " + reads + " $$", "tenant_id = own()", "[]"},
		"a procedure":      {"CREATE PROCEDURE own() LANGUAGE sql AS $$ SELECT " + reads + " $$", "tenant_id = own()", "[]"},
	} {
		d := schema.Parse("CREATE TABLE a (tenant_id text NOT NULL);\n"+test.function+";\n"+
			"ALTER TABLE a ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON a USING ("+test.using+");", sqlast.Postgres, tenant())
		if got := fmt.Sprint(d.Lookup("", "a").RLS.Policies[0].Settings); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
