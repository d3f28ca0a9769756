package packaging

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/poollint/poollint/internal/drivertest"
)

// pre-commit installs a hook of language golang with `go install ./...` in a
// clone, and runs its entry from there in the user's repository.
func TestPreCommitHook(t *testing.T) {
	if testing.Short() {
		t.Skip("installs every command of the module")
	}
	t.Parallel()
	root := drivertest.Root(t)
	text, err := os.ReadFile(filepath.Join(root, ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID, Name, Description, Entry, Language string
		Args                                   []string
		TypesOr                                []string `yaml:"types_or"`
		PassFilenames                          bool     `yaml:"pass_filenames"`
		RequireSerial                          bool     `yaml:"require_serial"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&hooks); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if out := (drivertest.Env{"GOBIN=" + bin}).Run(t, root, "go", "install", "./..."); out.Status != 0 {
		t.Fatal(out.Stderr)
	}
	for _, hook := range hooks {
		if hook.Language != "golang" || hook.PassFilenames || !hook.RequireSerial {
			t.Errorf("%s: poollint lints packages, not files: %+v", hook.ID, hook)
		}
		out := drivertest.Run(t, drivertest.Write(t, leaky), filepath.Join(bin, hook.Entry), hook.Args...)
		if out.Status != 1 {
			t.Errorf("%s: exit status %d on a module with findings\n%s", hook.ID, out.Status, out.Stderr)
		}
	}
	if len(hooks) == 0 {
		t.Error("no hooks")
	}
}
