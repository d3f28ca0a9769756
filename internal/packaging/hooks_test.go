package packaging

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/poollint/poollint/internal/drivertest"
)

// pre-commit installs a hook of language golang with `go install ./...` in a
// clone, and runs its entry from there in the user's repository. Which programs that makes is
// listed: to link them all says no more of the hook.
func TestPreCommitHook(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
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
	commands := drivertest.Run(t, root, "go", "list", "-f", `{{if eq .Name "main"}}{{.Target}} {{.Dir}}{{end}}`, "./...")
	if commands.Status != 0 {
		t.Fatal(commands.Stderr)
	}
	installed := map[string][]string{} // by the name of the program, where its source is
	for line := range strings.Lines(commands.Stdout) {
		if target, dir, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			name := filepath.Base(target)
			installed[name] = append(installed[name], dir)
		}
	}
	for _, hook := range hooks {
		if hook.Language != "golang" || hook.PassFilenames || !hook.RequireSerial {
			t.Errorf("%s: poollint lints packages, not files: %+v", hook.ID, hook)
		}
		if from := installed[hook.Entry]; !slices.Equal(from, []string{filepath.Join(root, "cmd", "poollint")}) {
			t.Errorf("%s: the entry %s is made of %q", hook.ID, hook.Entry, from)
		}
		out := drivertest.Run(t, drivertest.Write(t, leaky), drivertest.Poollint, hook.Args...)
		if out.Status != 1 {
			t.Errorf("%s: exit status %d on a module with findings\n%s", hook.ID, out.Status, out.Stderr)
		}
	}
	if len(hooks) == 0 {
		t.Error("no hooks")
	}
}
