package parity

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/drivertest"
)

// sample is a value of a rule's flag under which the findings in settingsModule change.
type sample struct {
	value  string
	yaml   string // the same in .poollint.yml
	silent bool   // it changes fixes or severities alone
}

// samples are by flag. Each flag of each rule must have one.
var samples = map[string]sample{
	"genericslug.names":          {value: "shop", yaml: "slug: {names: [shop]}"},
	"genericslug.words":          {value: "bigcorp", yaml: "slug: {words: [bigcorp]}"},
	"newpool.helpers":            {value: "example.com/service/dbtest.Pool", yaml: "pool: {helpers: [example.com/service/dbtest.Pool]}"},
	"newpool.self-test":          {value: "true", yaml: "pool: {self_test: true}"},
	"poollimit.connect-timeout":  {value: "7s", yaml: "pool: {connect_timeout: 7s}", silent: true},
	"poollimit.env-files":        {value: "dev/vars", yaml: "pool: {env_files: [dev/vars]}"},
	"poollimit.max-conns":        {value: "12", yaml: "pool: {max_conns: 12}"},
	"tenantfilter.by-design":     {value: "error", yaml: "tenant: {by_design: error}"},
	"tenantfilter.column":        {value: "shop_id", yaml: "tenant: {column: shop_id}"},
	"tenantfilter.level":         {value: "by-id", yaml: "tenant: {level: by-id}", silent: true},
	"tenantfilter.rls":           {value: "trust", yaml: "tenant: {rls: trust}"},
	"tenantfilter.scopers":       {value: "example.com/service/keys.scoped", yaml: "tenant: {scopers: [example.com/service/keys.scoped]}"},
	"tenantfilter.shared-tables": {value: "payments", yaml: "tenant: {shared_tables: [payments]}"},
	"tenantfilter.strict-joins":  {value: "true", yaml: "tenant: {strict_joins: true}"},
}

// settingsModule is laid over testdata/service, such that every key changes a finding.
var settingsModule = map[string]string{
	"dev/vars": "DATABASE_URL=postgres://postgres@localhost:5432/service?pool_max_conns=3&connect_timeout=5\n",
	"migrations/0002.up.sql": "CREATE TABLE notes (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, shop_id uuid, text text);\nALTER TABLE notes ENABLE ROW LEVEL SECURITY;\n" +
		"ALTER TABLE notes FORCE ROW LEVEL SECURITY;\nCREATE POLICY own ON notes USING (tenant_id = current_setting('app.tenant')::uuid);\n",
	"keys/keys.go": `// Package keys has code for which each setting counts.
package keys

import (
	"context"
	"database/sql"
)

func scoped(query string) string { return query }

func Scoped(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, scoped("DELETE FROM orders WHERE status = 'old'"))
	return err
}

func Notes(ctx context.Context, db *sql.DB, tenant string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "SELECT set_config('app.tenant', $1, true)", tenant); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM notes WHERE text = ''"); err != nil {
		return err
	}
	return tx.Commit()
}

func Joined(ctx context.Context, db *sql.DB, tenant string) error {
	_, err := db.ExecContext(ctx, "SELECT 1 FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.tenant_id = $1", tenant)
	return err
}

func Claim(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "SELECT id FROM orders WHERE status = 'new' LIMIT 1 FOR UPDATE SKIP LOCKED")
	return err
}
`,
	"keys/keys_test.go": `package keys

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
)

func TestLimit(t *testing.T) {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(12)
	shopCode := "tenant-1"
	addNote(t, db, shopCode)
	tenantSlug := "bigcorp"
	addNote(t, db, tenantSlug)
}

func addNote(t *testing.T, db *sql.DB, text string) {
	if _, err := db.ExecContext(t.Context(), "INSERT INTO notes (id, tenant_id, text) VALUES (gen_random_uuid(), gen_random_uuid(), $1)", text); err != nil {
		t.Fatal(err)
	}
}
`,
}

// Each key of the configuration means the same as a flag and in the file; and all of them
// together mean the same to go vet, which vets every dependency anew for other flags.
func TestSettings(t *testing.T) {
	dir := drivertest.Copy(t, filepath.Join(drivertest.Root(t), "testdata", "service"))
	for name, text := range settingsModule {
		put(t, filepath.Join(dir, name), text)
	}
	config := filepath.Join(dir, ".poollint.yml")
	defaults := drivertest.Standalone(t, dir, "./...")
	all := []string{"./..."}
	for _, rule := range poollint.Analyzers() {
		rule.Flags.VisitAll(func(f *flag.Flag) {
			name := rule.Name + "." + f.Name
			s, ok := samples[name]
			if !ok {
				t.Errorf("%s: no sample for this flag", name)
				return
			}
			option := "-" + name + "=" + s.value
			if name != "newpool.self-test" { // which hides what other keys change
				all = slices.Insert(all, 0, option)
			}
			want := drivertest.Standalone(t, dir, option, "./...")
			if slices.Equal(want, defaults) != s.silent {
				t.Errorf("%s: changes findings: %v", option, s.silent)
			}
			put(t, config, s.yaml+"\n")
			if got := drivertest.Standalone(t, dir, "./..."); !slices.Equal(got, want) {
				t.Errorf("with %s:\n%v\nwith %s:\n%v", s.yaml, got, option, want)
			}
			if err := os.Remove(config); err != nil {
				t.Fatal(err)
			}
		})
	}
	if testing.Short() {
		t.Skip("go vet runs on each dependency")
	}
	drivertest.Compare(t, "go vet", drivertest.Vet(t, dir, all...), "poollint", drivertest.Standalone(t, dir, all...))
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
