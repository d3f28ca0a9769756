package config

import (
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

func TestLoadFindsTheNearestFile(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		".poollint.yml":             "tenant: {column: above}",
		"m/go.mod":                  "module m",
		"m/.poollint.yml":           "tenant: {column: module}",
		"m/a/b/b.go":                "package b",
		"m/c/.poollint.yml":         "tenant: {column: nearest}",
		"m/c/d/d.go":                "package d",
		"m/nested/go.mod":           "module nested",
		"m/broken/.poollint.yml":    "tenant: {colum: x}",
		"m/dirname/.poollint.yml/x": "",
	})
	for dir, want := range map[string]string{
		"m":        "module",
		"m/a/b":    "module",
		"m/c/d":    "nearest",
		"m/nested": "tenant_id",
	} {
		c, err := Load(filepath.Join(root, dir), false)
		if err != nil {
			t.Errorf("%s: %v", dir, err)
		} else if c.Tenant.Column != want {
			t.Errorf("%s: column %s, want %s", dir, c.Tenant.Column, want)
		}
	}
	if c, err := Load(filepath.Join(root, "m/c/d"), true); err != nil || c.Tenant.Column != "tenant_id" {
		t.Errorf("a dependency's file is read: %+v, %v", c, err)
	}
	want := filepath.Join(root, "m/broken/.poollint.yml") + ":1:10: unknown key colum"
	if _, err := Load(filepath.Join(root, "m/broken"), false); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err := Load(filepath.Join(root, "m/dirname"), false); err == nil {
		t.Error("a directory of the file's name is no error")
	}
}

// The file beside go.work serves the modules that have none, and a cache knows that it was read.
func TestLoadFromWorkspace(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"go.work":             "go 1.26\nuse (./a\n./b\n./c)",
		".poollint.yml":       "tenant: {column: shared, schema: [db, more/*.sql]}",
		"a/go.mod":            "module a",
		"a/db/1.sql":          "create table t ()",
		"b/go.mod":            "module b",
		"b/.poollint.yml":     "tenant: {column: own}",
		"b/inner/inner.go":    "package inner",
		"c/go.mod":            "module c",
		"c/more/1.sql":        "create table t ()",
		"c/deep/inner/doc.go": "package inner",
	})
	for dir, want := range map[string]string{"a": "shared [db]", "b/inner": "own []", "c/deep/inner": "shared [more/*.sql]", ".": "shared [db more/*.sql]"} {
		c, err := Load(filepath.Join(root, dir), false)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(c.Tenant.Column, " ", c.Tenant.Schema); got != want {
			t.Errorf("%s: %s, want %s", dir, got, want)
		}
	}
	if c, err := Load(filepath.Join(root, "a"), true); err != nil || c.Tenant.Column != "tenant_id" {
		t.Errorf("the file is read for a dependency: %v, %v", c, err)
	}
	for _, change := range []struct {
		name string
		do   func() error
	}{
		{"edit", func() error { return os.WriteFile(filepath.Join(root, FileName), []byte("pool: {}"), 0o666) }},
		{"remove", func() error { return os.Remove(filepath.Join(root, FileName)) }},
		{"create", func() error { return os.WriteFile(filepath.Join(root, FileName), []byte("pool: {}"), 0o666) }},
		{"leave", func() error { return os.Remove(filepath.Join(root, "go.work")) }},
	} {
		files := NewFiles(filepath.Join(root, "a"))
		if _, _, err := files.workspace(); err != nil {
			t.Fatal(err)
		}
		if !NewFiles(files.root).Unchanged(files.Reads()) {
			t.Errorf("%s: it changes by itself", change.name)
		}
		if err := change.do(); err != nil {
			t.Fatal(err)
		}
		if NewFiles(files.root).Unchanged(files.Reads()) {
			t.Errorf("%s: the change is not seen", change.name)
		}
	}
}

func TestOnce(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"go.mod": "module m", "schema.sql": "create table t ()"})
	calls := 0
	for range 2 {
		c, err := Load(root, false)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Once(c, "schema", func(files *Files) (string, error) {
			calls++
			text, err := files.ReadFile("schema.sql")
			return string(text), err
		})
		if err != nil || got != "create table t ()" {
			t.Errorf("%q, %v", got, err)
		}
		var names []string
		for _, r := range c.Files.Reads() {
			names = append(names, r.Op+" "+r.Name)
		}
		if got := strings.Join(names, ", "); got != "stat .poollint.yml, workspace .poollint.yml, read schema.sql" {
			t.Errorf("read %s", got)
		}
	}
	if calls != 1 {
		t.Errorf("computed %d times", calls)
	}
}

func TestFlags(t *testing.T) {
	set := Flags("tenantfilter")
	t.Cleanup(func() { overrides = nil; settings = "" })
	if err := set.Parse([]string{"-level=by-id", "-strict-joins", "-root=a,b", "-columns={plans: [shop_id]}", "-severity=info", "-exempt-paths=legacy/**,cmd"}); err != nil {
		t.Fatal(err)
	}
	if err := Analyzer.Flags.Set("settings", "tenant: {column: org_id, level: unseen}"); err != nil {
		t.Fatal(err)
	}
	c, err := Load(tree(t, map[string]string{"go.mod": ""}), false)
	if err != nil {
		t.Fatal(err)
	}
	if c.Tenant.Level != "by-id" || !c.Tenant.StrictJoins || len(c.Tenant.Root) != 2 || c.Tenant.Column != "org_id" || c.Tenant.Columns["plans"] == nil {
		t.Errorf("%+v", c.Tenant)
	}
	if r := c.Rule("tenantfilter"); r.Severity != "info" || r.Exempts("legacy/a/b.go") != "legacy/**" || r.Exempts("a.go") != "" || c.Rule("newpool").Severity != "default" {
		t.Errorf("%+v", c.Rules)
	}
	if err := set.Lookup("level").Value.Set("all"); err == nil || err.Error() != "must be one of unrestricted, by-parent, by-id, unseen" {
		t.Error(err)
	}
	for value, want := range map[string]string{"[": "did not find", "{plans: org_id}": "plans must be a list", "[a]": "columns must be a mapping"} {
		if err := set.Lookup("columns").Value.Set(value); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("-columns=%s: got %v, want %s", value, err, want)
		}
	}
	if err := Analyzer.Flags.Set("settings", "tenant: {colum: x}"); err == nil {
		t.Error("a misspelt setting is taken")
	}
}

func TestOurs(t *testing.T) {
	t.Parallel()
	pass := &analysis.Pass{Pkg: types.NewPackage("example.com/module/p_test", "p_test"), Module: &analysis.Module{Path: "example.com/module"}}
	for path, want := range map[string]bool{
		"example.com/module": true, "example.com/module/q": true, "example.com/module2": false, "example.com": false, "fmt": false,
	} {
		if got := Ours(pass, types.NewPackage(path, "x")); got != want {
			t.Errorf("%s is ours: %v", path, got)
		}
	}
	if Ours(pass, nil) || !Ours(pass, pass.Pkg) {
		t.Error("the package itself is ours, no package is not")
	}
	for _, pass.Module = range []*analysis.Module{nil, {}} {
		if Ours(pass, types.NewPackage("example.com/module", "x")) || !Ours(pass, pass.Pkg) {
			t.Error("without a module's path only the package itself is known to be ours")
		}
	}
}
