package drivertest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// Proxy makes the working tree available as a release of this module, as if it
// were published, and returns the environment in which the go command finds it.
func Proxy(t testing.TB, version string) Env {
	t.Helper()
	root := Root(t)
	m := module.Version{Path: "github.com/poollint/poollint", Version: version}
	dir := t.TempDir()
	releases := filepath.Join(dir, filepath.FromSlash(m.Path), "@v")
	if err := os.MkdirAll(releases, 0o777); err != nil {
		t.Fatal(err)
	}
	archive, err := os.Create(filepath.Join(releases, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if err := zip.CreateFromDir(archive, m, root); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"list":            version + "\n",
		version + ".info": `{"Version": "` + version + `", "Time": "2026-01-01T00:00:00Z"}`,
		version + ".mod":  string(mod),
	} {
		if err := os.WriteFile(filepath.Join(releases, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	other := strings.TrimSpace(Run(t, root, "go", "env", "GOPROXY").Stdout)
	// A module cache of its own keeps the release out of the user's; what is
	// there already serves as one more proxy.
	cached := strings.TrimSpace(Run(t, root, "go", "env", "GOMODCACHE").Stdout)
	return Env{
		"GOPROXY=file://" + filepath.ToSlash(dir) + ",file://" + filepath.ToSlash(cached) + "/cache/download," + other,
		"GONOSUMDB=" + m.Path,
		"GOMODCACHE=" + t.TempDir(),
		// The test must be able to remove it, and to build from it what it built before.
		"GOFLAGS=-modcacherw -trimpath",
	}
}
