package packaging

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/drivertest"
)

// What scripts/new-rule makes is a rule that builds, is found and passes its tests.
func TestNewRule(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and tests a copy of the module")
	}
	t.Parallel()
	dir := t.TempDir()
	root := os.DirFS(drivertest.Root(t))
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		to := filepath.Join(dir, filepath.FromSlash(path))
		switch {
		case err != nil:
			return err
		case path == ".git" && d.IsDir():
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(to, 0o777)
		case !d.Type().IsRegular():
			return nil
		}
		return copyFile(root, path, to)
	})
	if err != nil {
		t.Fatal(err)
	}
	env := trimmed(t)
	run := func(command ...string) {
		t.Helper()
		out := env.Run(t, dir, command[0], command[1:]...)
		if out.Status != 0 {
			t.Fatalf("%v: %d\n%s%s", command, out.Status, out.Stdout, out.Stderr)
		}
	}
	run("bash", "scripts/new-rule", "example")
	run("go", "vet", "./analyzers/example/...")
	run("go", "test", "-vet=off", ".", "./analyzers/example", "./internal/ruledoc/...")
	if out := drivertest.Run(t, dir, "bash", "scripts/new-rule", "example"); out.Status == 0 {
		t.Error("a rule was made over one that is there")
	}
}

// trimmed is the environment in which the go command compiles nothing of a copy that it has
// compiled of the module: where a package lies is no part of what -trimpath makes of it.
func trimmed(t *testing.T) drivertest.Env {
	root := strings.TrimSpace(drivertest.Run(t, ".", "go", "env", "GOROOT").Stdout)
	return drivertest.Env{"GOFLAGS=-trimpath", "GOROOT=" + root} // which tests ask for, and -trimpath leaves out
}

func copyFile(from fs.FS, path, to string) error {
	text, err := fs.ReadFile(from, path)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o666)
}
