package parity

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/drivertest"
)

// sample is a value of a rule's flag under which the findings in settingsModule change.
type sample struct {
	value  string
	yaml   string // the same in .poollint.yml
	silent bool   // it changes fixes or severities alone
}

// samples are by flag. Each key must have one, but for those that every rule has.
var samples = map[string]sample{
	"genericslug.names":          {value: "shop", yaml: "slug: {names: [shop]}"},
	"genericslug.words":          {value: "bigcorp", yaml: "slug: {words: [bigcorp]}"},
	"newpool.openers":            {value: "example.com/service/keys.dial", yaml: "api: {openers: [example.com/service/keys.dial]}"},
	"newpool.helpers":            {value: "example.com/service/dbtest.Pool", yaml: "pool: {helpers: [example.com/service/dbtest.Pool]}"},
	"newpool.self-test":          {value: "true", yaml: "pool: {self_test: true}"},
	"poollimit.connect-timeout":  {value: "7s", yaml: "pool: {connect_timeout: 7s}", silent: true},
	"poollimit.env-files":        {value: "dev/vars", yaml: "pool: {env_files: [dev/vars]}"},
	"poollimit.max-conns":        {value: "12", yaml: "pool: {max_conns: 12}"},
	"tenantfilter.by-design":     {value: "error", yaml: "tenant: {by_design: error}"},
	"tenantfilter.column":        {value: "shop_id", yaml: "tenant: {column: shop_id}"},
	"tenantfilter.columns":       {value: "{notes: [shop_id]}", yaml: "tenant: {columns: {notes: [shop_id]}}"},
	"tenantfilter.exempt-names":  {value: "Note*,Nobody", yaml: "tenant: {exempt_names: [Note*, Nobody]}"},
	"tenantfilter.level":         {value: "by-id", yaml: "tenant: {level: by-id}", silent: true},
	"tenantfilter.queries":       {value: "example.com/service/keys.send:0", yaml: "api: {queries: ['example.com/service/keys.send:0']}"},
	"tenantfilter.rls":           {value: "trust", yaml: "tenant: {rls: trust}"},
	"tenantfilter.root":          {value: "payments", yaml: "tenant: {root: [payments]}"},
	"tenantfilter.schema":        {value: "migrations/0002.up.sql", yaml: "tenant: {schema: [migrations/0002.up.sql]}"},
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

var dialer func(dsn string) *sql.DB

func dial(dsn string) *sql.DB { return dialer(dsn) }

func send(query string) {}

func Send() { send("DELETE FROM orders WHERE status = 'old'") }

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

func Forget(ctx context.Context, db *sql.DB, id string) error {
	_, err := db.ExecContext(ctx, "DELETE FROM payments WHERE id = $1", id)
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

func TestDial(t *testing.T) {
	db := dial(os.Getenv("DATABASE_URL"))
	defer db.Close()
	if err := db.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func addNote(t *testing.T, db *sql.DB, text string) {
	if _, err := db.ExecContext(t.Context(), "INSERT INTO notes (id, tenant_id, text) VALUES (gen_random_uuid(), gen_random_uuid(), $1)", text); err != nil {
		t.Fatal(err)
	}
}
`,
}

// sampleOf returns the sample of a key, made up for those that every rule has: they silence
// the rule's findings.
func sampleOf(k config.Key, defaults []drivertest.Finding) (s sample, ok bool) {
	key, ok := strings.CutPrefix(k.Name, "rules.")
	if !ok {
		s, ok = samples[k.Flag]
		return s, ok
	}
	rule, key, _ := strings.Cut(key, ".")
	value := map[string]string{"severity": "info", "exempt_paths": "**"}[key]
	return sample{
		value: value, yaml: fmt.Sprintf("rules: {%s: {%s: %s}}", rule, key, map[string]string{"info": "info", "**": "['**']"}[value]),
		silent: !slices.ContainsFunc(defaults, func(f drivertest.Finding) bool { return f.Rule == rule }),
	}, value != ""
}

// Each key of the configuration means the same as a flag and in the file; and all of them
// together mean the same to go vet, which vets every dependency anew for other flags.
func TestSettings(t *testing.T) {
	dir := drivertest.Copy(t, filepath.Join(drivertest.Root(t), "testdata", "service"))
	for name, text := range settingsModule {
		put(t, filepath.Join(dir, name), text)
	}
	file := filepath.Join(dir, ".poollint.yml") // always there: where files come and go, the go command lists the module again
	put(t, file, "")
	defaults := drivertest.Standalone(t, dir, "./...")
	all := []string{"-poollimit.severity=info", "-parallelpool.exempt-paths=keys/**", "./..."}
	for _, k := range config.Keys() {
		s, ok := sampleOf(k, defaults)
		if !ok {
			t.Errorf("%s: no sample for this key", k.Name)
			continue
		}
		option := "-" + k.Flag + "=" + s.value
		if k.Name != "pool.self_test" && !strings.HasPrefix(k.Name, "rules.") && k.Name != "tenant.schema" { // which hide what other keys change
			all = slices.Insert(all, 0, option)
		}
		want := drivertest.Standalone(t, dir, option, "./...")
		if slices.Equal(want, defaults) != s.silent {
			t.Errorf("%s: changes findings: %v", option, s.silent)
		}
		put(t, file, s.yaml+"\n")
		if got := drivertest.Standalone(t, dir, "./..."); !slices.Equal(got, want) {
			t.Errorf("with %s:\n%v\nwith %s:\n%v", s.yaml, got, option, want)
		}
		put(t, file, "")
	}
	if testing.Short() {
		t.Skip("go vet runs on each dependency")
	}
	drivertest.Compare(t, "go vet", drivertest.Vet(t, dir, all...), "poollint", drivertest.Standalone(t, dir, all...))
}

// Each rule has its settings, and nothing else has.
func TestEachRuleHasSettings(t *testing.T) {
	t.Parallel()
	var rules, configured []string
	for _, rule := range poollint.Analyzers() {
		rules = append(rules, rule.Name)
	}
	for _, k := range config.Keys() {
		if rule, ok := strings.CutSuffix(k.Flag, ".severity"); ok {
			configured = append(configured, rule)
		}
	}
	if !slices.Equal(rules, configured) {
		t.Errorf("the rules are %v, config.Rules has %v", rules, configured)
	}
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
