package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	const text = `# comment
pool:
  max_conns: 2
  connect_timeout: 1500ms
  helpers: [example.com/app/testdb.Pool, (*example.com/app/testdb.Kit).Pool]
  self_test: true
tenant:
  column: 007
  level: by-id
  columns:
    "user groups": [org_id, tenant_id]
    plans: [org_id]
rules:
  newpool:
  tenantfilter: {severity: off, exempt_paths: ["legacy/**"]}
`
	got := Default()
	if err := got.Decode("f.yml", []byte(text)); err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Pool = Pool{MaxConns: 2, ConnectTimeout: 1500 * time.Millisecond, Helpers: []string{"example.com/app/testdb.Pool", "(example.com/app/testdb.Kit).Pool"}, SelfTest: true}
	want.Tenant.Column, want.Tenant.Level = "007", "by-id"
	want.Tenant.Columns = map[string][]string{"user groups": {"org_id", "tenant_id"}, "plans": {"org_id"}}
	want.Rules.TenantFilter = Rule{Off, []string{"legacy/**"}}
	want.entries = got.entries
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestDecodeNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "# only a comment\n", "---\n", "{}", "null", "pool:\n  # max_conns: 3\n"} {
		c := Default()
		if err := c.Decode("f.yml", []byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if !reflect.DeepEqual(c, Default()) {
			t.Errorf("%q: %+v", text, c)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"pool:\n  max_con: 3":                      "f.yml:2:3: unknown key max_con; did you mean max_conns?",
		"pools: {}":                                "f.yml:1:1: unknown key pools; did you mean pool?",
		"colour: red":                              "f.yml:1:1: unknown key colour; the keys are api, pool, rules, slug, tenant",
		"pool:\n  max_conns: many":                 "f.yml:2:14: max_conns must be a number from 1 to 10000",
		"pool: {max_conns: 0}":                     "f.yml:1:19: max_conns must be a number from 1 to 10000",
		"pool: {max_conns: 99999999999999999999}":  "f.yml:1:19: max_conns must be a number from 1 to 10000",
		"pool: {connect_timeout: 5}":               "f.yml:1:25: connect_timeout must be a positive duration such as 5s",
		"pool: {connect_timeout: -5s}":             "f.yml:1:25: connect_timeout must be a positive duration such as 5s",
		"pool: {self_test: yes}":                   "f.yml:1:19: self_test must be true or false",
		"pool: {helpers: one}":                     "f.yml:1:17: helpers must be a list; each entry is a function, such as import/path.Func or (import/path.Type).Method",
		"pool: {helpers: [[one]]}":                 "f.yml:1:18: an entry of helpers must be a function, such as import/path.Func or (import/path.Type).Method",
		"pool: 3":                                  "f.yml:1:7: pool must be a mapping with the keys connect_timeout, env_files, helpers, max_conns, self_test",
		"pool:\n  max_conns:":                      "f.yml:2:13: max_conns has no value; it must be a number from 1 to 10000",
		"tenant:\n  level: all":                    "f.yml:2:10: level must be one of unrestricted, by-parent, by-id, unseen",
		"tenant:\n  column: {a: b}":                "f.yml:2:11: column must be a name",
		"tenant:\n  columns: [a]":                  "f.yml:2:12: columns must be a mapping from a name to a list; each entry is a name",
		"tenant:\n  columns: {plans: org_id}":      "f.yml:2:20: plans must be a list; each entry is a name",
		"tenant:\n  rls: trust\n  rls: trust":      "f.yml:3:3: ",
		"tenant:\n\trls: trust":                    "f.yml:2:",
		"- a\n- b":                                 "f.yml:1:1: the configuration must be a mapping with the keys api, pool, rules, slug, tenant",
		"pool: {}\n---\npool: {}":                  "f.yml:3:1: a second document; write one",
		"pool: &p {}\nslug: *p":                    "f.yml:2:7: slug must be a mapping",
		"api:\n  openers: [Open]":                  "f.yml:2:13: an entry of openers must be a function, such as",
		"pool: {helpers: [foo]}":                   "f.yml:1:18: an entry of helpers must be a function, such as",
		"api: {queries: [a/b.Query]}":              "f.yml:1:17: an entry of queries must be a function and the index of its SQL argument, such as",
		"tenant: {columns: {plans: []}}":           "f.yml:1:27: plans has no entry",
		"tenant: {columns: {'': [a]}}":             "f.yml:1:20: a key of columns must be a name",
		"tenant: {exempt_paths: [a]}":              "f.yml:1:10: tenant.exempt_paths is called rules.tenantfilter.exempt_paths now",
		"rules: {newpol: {}}":                      "f.yml:1:9: unknown key newpol; did you mean newpool?",
		"rules: {newpool: {severity: on}}":         "f.yml:1:29: severity must be one of default, error, warning, info, off",
		"rules: {newpool: off}":                    "f.yml:1:18: newpool must be a mapping with the keys exempt_paths, severity",
		"rules: {newpool: {exempt_paths: ['a[']}}": "f.yml:1:34: an entry of exempt_paths must be a pattern of paths below the module root",
		"rules: {newpool: {exempt_paths: [/a]}}":   "f.yml:1:34: an entry of exempt_paths must be a pattern of paths below the module root",
		"tenant: {exempt_names: ['']}":             "f.yml:1:25: an entry of exempt_names must be a pattern",
		"slug: {names: [shopCode]}":                "f.yml:1:16: an entry of names must be one word of a name, in lower case, such as customer",
		"tenant: {column: ''}":                     "f.yml:1:18: column must be a name",
		"tenant: {columns: {plans: [' ']}}":        "f.yml:1:28: an entry of plans must be a name",
		"tenant: {schema: [/etc/schema.sql]}":      "f.yml:1:19: an entry of schema must be a path below the module root, with slashes",
		"pool: {env_files: [../.env]}":             "f.yml:1:20: an entry of env_files must be a path below the module root, with slashes",
		strings.Repeat("[", 100000):                "f.yml:1:1: nested too deeply",
		strings.Repeat("- ", 100000):               "f.yml:1:1: nested too deeply",
		strings.Repeat("#", 256<<10+1):             "f.yml:1:1: larger than 256 KiB",
	} {
		err := Default().Decode("f.yml", []byte(text))
		var mistake *Error
		if !errors.As(err, &mistake) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.60q\ngot  %v\nwant %s", text, err, want)
		}
	}
}

// All mistakes are told, each at its place, up to ten.
func TestAllMistakes(t *testing.T) {
	t.Parallel()
	err := Default().Decode("f.yml", []byte("pool:\n  max_con: 3\n  max_conns: many\n  helpers: [foo, a/b.C, bar]\ntenant:\n  columns: {'': [a], plans: [' '], b: [], b: [c]}\n  level: all\n  rls:\nslug: 3\n"))
	want := []string{
		"f.yml:2:3: unknown key max_con; did you mean max_conns?",
		"f.yml:3:14: max_conns must be a number from 1 to 10000",
		"f.yml:4:13: an entry of helpers must be a function, such as import/path.Func or (import/path.Type).Method",
		"f.yml:4:25: an entry of helpers must be a function, such as import/path.Func or (import/path.Type).Method",
		"f.yml:6:13: a key of columns must be a name",
		"f.yml:6:30: an entry of plans must be a name",
		"f.yml:6:39: b has no entry",
		"f.yml:6:43: b is set twice",
		"f.yml:7:10: level must be one of unrestricted, by-parent, by-id, unseen",
	}
	got := MistakesOf(fmt.Errorf("wrapped: %w", err)).Lines()
	if len(got) != maxMistakes || !slices.Equal(got[:len(want)], want) {
		t.Errorf("%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := MistakesOf(Default().Decode("f.yml", []byte("a: [\n"))); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("pool: {max_conns: 3, helpers: [a.B]}\n")
	f.Add("tenant:\n  columns:\n    a: [b]\n  level: by-id # why\n")
	f.Add("? a\n: - &x b\n  - *x\n<<: {c: !!str d}\n")
	f.Add("a: |\n  text\n---\n...\n%YAML 1.2\n")
	f.Fuzz(func(t *testing.T, text string) {
		err := Default().Decode("f.yml", []byte(text))
		var mistake *Error
		if err != nil && (!errors.As(err, &mistake) || mistake.Line < 1 || mistake.Column < 1) {
			t.Errorf("no position: %v", err)
		}
	})
}
