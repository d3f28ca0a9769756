package golangci

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/config"
)

// reset undoes what New set for the process.
func reset(t *testing.T) {
	t.Cleanup(func() {
		for _, name := range []string{"settings", "config"} {
			if err := config.Analyzer.Flags.Set(name, ""); err != nil {
				t.Error(err)
			}
		}
		config.Forget()
	})
}

func TestRegistered(t *testing.T) {
	build, err := register.GetPlugin("poollint")
	if err != nil {
		t.Fatal(err)
	}
	plugin, err := build(nil)
	if err != nil {
		t.Fatal(err)
	}
	if mode := plugin.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode %s", mode)
	}
	analyzers, err := plugin.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	if err := analysis.Validate(analyzers); err != nil {
		t.Error(err)
	}
	if got, want := len(analyzers), len(poollint.Analyzers())+1; got != want {
		t.Errorf("%d analyzers, want %d", got, want)
	}
}

func TestSettings(t *testing.T) {
	reset(t)
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, "go.mod", "module m")
	write(t, "lint/poollint.yml", "tenant: {column: org_id, level: by-id}\npool: {max_conns: 7}\nrules: {newpool: {severity: info}}")
	write(t, ".golangci.yml", "version: \"2\"")

	_, err := New(map[string]any{
		"config": "lint/poollint.yml",
		"pool":   map[string]any{"max_conns": 2, "connect_timeout": "9s"},
		"rules":  map[string]any{"newpool": map[string]any{"severity": "off", "exempt_paths": []any{"legacy/**"}}},
		"tenant": map[string]any{"level": "unseen", "columns": map[string]any{"orders": []any{"shop_id"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if c.Pool.MaxConns != 2 || c.Tenant.Level != "unseen" || c.Tenant.Column != "org_id" ||
		!slices.Equal(c.Tenant.Columns["orders"], []string{"shop_id"}) || c.Rule("newpool").Severity != config.Off || c.Rule("newpool").Exempts("legacy/a.go") == "" {
		t.Errorf("settings are not laid over the file: %+v", c)
	}
}

func TestSettingsMistakes(t *testing.T) {
	reset(t)
	t.Chdir(t.TempDir())
	for _, test := range []struct {
		settings any
		want     string
	}{
		{[]any{"x"}, "settings must be a mapping, not []interface {}"},
		{map[string]any{"tenant": map[string]any{"colum": "x"}}, "settings: unknown key colum; did you mean column?"},
		{map[string]any{"pools": 1}, "settings: unknown key pools; did you mean pool?"},
		{map[string]any{"pool": map[string]any{"max_conns": "many"}}, "settings: max_conns must be a number from 1 to 10000"},
		{map[string]any{"config": 3}, "settings: config: must be the path of a file"},
		{map[string]any{"config": "gone.yml"}, "settings: config: stat "},
	} {
		_, err := New(test.settings)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%v: got %v, want %s", test.settings, err, test.want)
		}
	}
}

// A rule's findings begin with its name, so only what it requires may have facts.
func TestRulesHaveNoFacts(t *testing.T) {
	t.Parallel()
	for _, rule := range poollint.Analyzers() {
		if len(rule.FactTypes) > 0 {
			t.Errorf("%s has facts; let an analyzer that it requires have them", rule.Name)
		}
	}
}

func TestKeyed(t *testing.T) {
	t.Parallel()
	facts := &analysis.Analyzer{Name: "facts", FactTypes: []analysis.Fact{new(fact)}}
	rule := &analysis.Analyzer{Name: "rule", Requires: []*analysis.Analyzer{facts}}
	for range 2 { // golangci-lint may build them again
		var names []string
		for _, a := range append(keyed([]*analysis.Analyzer{rule}, "0a1b"), facts) {
			names = append(names, a.Name)
		}
		if want := []string{"rule", "poollintinputs_0a1b", "facts_0a1b"}; !slices.Equal(names, want) {
			t.Errorf("names %v, want %v", names, want)
		}
	}
}

type fact struct{}

func (*fact) AFact() {}

func TestBasePath(t *testing.T) {
	top := t.TempDir()
	t.Chdir(top)
	write(t, "repo/.git/HEAD", "")
	write(t, "repo/.golangci.yml", "run:\n  timeout: 1m\n")
	write(t, "repo/lint/gomod.toml", "[run]\nrelative-path-mode = \"gomod\"\n")
	write(t, "repo/lint/gitroot.json", `{"run": {"relative-path-mode": "gitroot"}}`)
	write(t, "repo/lint/wd.yml", "run:\n  relative-path-mode: wd # here\n")
	write(t, "repo/lint/odd.yml", "run:\n  relative-path-mode: odd\n")
	write(t, "repo/m/go.mod", "module m")
	write(t, "repo/m/p/p.go", "package p")
	t.Chdir(filepath.Join(top, "repo/m/p"))
	for _, test := range []struct{ args, want string }{
		{"run", "repo"},
		{"run ./...", "repo"},
		{"run -c ../../lint/gomod.toml", "repo/m"},
		{"run -c=../../lint/gitroot.json", "repo"},
		{"run --config ../../lint/wd.yml ./...", "repo/m/p"},
		{"run --config=../../lint/odd.yml", "unknown relative-path-mode odd"},
		{"run --config gone.yml", "no such file"},
	} {
		got, err := basePath(strings.Fields("golangci-lint " + test.args))
		if err != nil {
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want %s", test.args, err, test.want)
			}
		} else if want := filepath.Join(top, test.want); got != want {
			t.Errorf("%s: %s, want %s", test.args, got, want)
		}
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}
