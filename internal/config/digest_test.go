package config

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
)

func TestDigest(t *testing.T) {
	t.Parallel()
	base := map[string]string{
		"go.mod":                 "module m",
		".poollint.yml":          "tenant: {schema: [db]}\npool: {env_files: [test.conf]}",
		"db/tables.ddl":          "create table t ()",
		"test.conf":              "DSN=a",
		"migrations/0001.up.sql": "create table u ()",
		".env.test":              "DSN=b",
		"sqlc.yaml":              "version: 2",
		"a/a.go":                 "package a",
		"README":                 "one",
		"other/go.mod":           "module other",
		"other/b.sql":            "create table v ()",
		"node_modules/x/x.sql":   "create table w ()",
	}
	before := Digest(tree(t, base))
	if again := Digest(filepath.Join(tree(t, base), "a")); again != before {
		t.Errorf("a copy of the module, seen from a package, has %s instead of %s", again, before)
	}
	for name, counts := range map[string]bool{
		".poollint.yml":          true,
		"db/tables.ddl":          true,
		"test.conf":              true,
		"migrations/0001.up.sql": true,
		"migrations/0002.up.sql": true,
		".env.test":              true,
		"sqlc.yaml":              true,
		"build/poollint.yml":     true,
		"ci.yml":                 false,
		"db/migrate/m1.go":       true,
		"a/postgres/init.go":     true,
		"a/server.go":            false,
		"a/.poollint.yml":        true,
		"a/a.go":                 false,
		"README":                 false,
		"other/b.sql":            false,
		"node_modules/x/x.sql":   false,
	} {
		changed := maps.Clone(base)
		changed[name] += "\n# more"
		if got := Digest(tree(t, changed)) != before; got != counts {
			t.Errorf("a change of %s changes the digest: %t, want %t", name, got, counts)
		}
	}
}

func TestDigestOfWorkspace(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"go.work":    "go 1.26\nuse (./m\n./n)",
		"m/go.mod":   "module m",
		"n/go.mod":   "module n",
		"n/file.sql": "create table t ()",
	})
	before := Digest(filepath.Join(root, "m"))
	if err := os.WriteFile(filepath.Join(root, "n/file.sql"), []byte("drop table t"), 0o666); err != nil {
		t.Fatal(err)
	}
	if Digest(filepath.Join(root, "m")) == before {
		t.Error("a change in another module of the workspace leaves the digest as it was")
	}
}
