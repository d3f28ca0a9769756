// Package e2e tests the plugin inside the golangci-lint release that
// .custom-gcl.yml names. It is a module of its own, so that poollint does not
// depend on golangci-lint.
package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/poollint/poollint/internal/drivertest"
)

func TestMain(m *testing.M) { drivertest.Main(m) }

// short skips what needs golangci-lint.
func short(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a golangci-lint with the plugin, which takes minutes to build the first time")
	}
}

// golangci is a golangci-lint with a cache of its own, in one module.
type golangci struct {
	bin, dir, config string
	env              drivertest.Env
}

// start returns the built golangci-lint for the module in dir, configured as
// the example says.
func start(t *testing.T, dir string) *golangci {
	t.Helper()
	return &golangci{
		bin:    built(t),
		dir:    dir,
		config: filepath.Join(drivertest.Root(t), ".golangci.example.yml"),
		env:    drivertest.Env{"GOLANGCI_LINT_CACHE=" + t.TempDir()},
	}
}

// run returns what golangci-lint's run command says; its findings end in exit status 1.
func (g *golangci) run(t *testing.T, args ...string) drivertest.Output {
	t.Helper()
	args = append([]string{"run", "--config", g.config, "--enable-only=poollint", "--allow-parallel-runners"}, args...)
	return g.env.Run(t, g.dir, g.bin, args...)
}

// findings returns poollint's findings.
func (g *golangci) findings(t *testing.T, args ...string) []drivertest.Finding {
	t.Helper()
	out := g.run(t, append([]string{"--path-mode=abs", "--output.json.path=stdout", "--show-stats=false"}, args...)...)
	if out.Status > 1 {
		t.Fatalf("golangci-lint: exit status %d\n%s", out.Status, out.Stderr)
	}
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct {
				Filename     string
				Line, Column int
			}
		}
	}
	drivertest.Decode(t, out.Stdout, &report)
	var findings []drivertest.Finding
	for _, issue := range report.Issues {
		rule, message, ok := strings.Cut(issue.Text, ": ")
		rel, err := filepath.Rel(g.dir, issue.Pos.Filename)
		if issue.FromLinter != "poollint" || !ok || err != nil {
			t.Fatalf("not a finding of poollint: %+v", issue)
		}
		findings = append(findings, drivertest.Finding{
			Rule: rule, Path: filepath.ToSlash(rel), Line: issue.Pos.Line, Column: issue.Pos.Column, Message: message,
		})
	}
	return drivertest.Sort(findings)
}

var building sync.Mutex

// built returns a golangci-lint with the plugin as it stands in the working
// tree. The last one built is kept in the user's cache directory.
func built(t *testing.T) string {
	t.Helper()
	building.Lock()
	defer building.Unlock()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "poollint-e2e")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	bin, keyFile, key := filepath.Join(dir, "golangci-lint"), filepath.Join(dir, "key"), sourceKey(t)
	if last, err := os.ReadFile(keyFile); err == nil && string(last) == key {
		return bin
	}
	temp := filepath.Join(t.TempDir(), "golangci-lint")
	if out := (drivertest.Env{"CGO_ENABLED=0"}).Run(t, ".", "go", "build", "-trimpath", "-ldflags=-s -w", "-o", temp, "./golangci-lint"); out.Status != 0 {
		t.Fatal(out.Stderr)
	}
	os.Remove(keyFile)
	if err := copyFile(bin, temp); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keyFile, []byte(key), 0o666); err != nil {
		t.Fatal(err)
	}
	return bin
}

// sourceKey digests what the binary is built from: the Go version, the versions
// of the modules, and the plugin's source.
func sourceKey(t *testing.T) string {
	t.Helper()
	h := sha256.New()
	io.WriteString(h, drivertest.Run(t, ".", "go", "version").Stdout)
	files := []string{"go.mod", "go.sum", "golangci-lint/main.go"}
	list := drivertest.Run(t, ".", "go", "list", "-deps", "-f",
		`{{with .Module}}{{if .Replace}}{{range $.GoFiles}}{{$.Dir}}/{{.}}{{"\n"}}{{end}}{{range $.EmbedFiles}}{{$.Dir}}/{{.}}{{"\n"}}{{end}}{{end}}{{end}}`,
		"github.com/poollint/poollint/golangci")
	files = append(files, strings.Fields(list.Stdout)...)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(h, "%s %x\n", file, sha256.Sum256(text))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	temp, err := os.CreateTemp(filepath.Dir(to), "temp-")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if _, err := io.Copy(temp, in); err != nil {
		return err
	}
	if err := temp.Chmod(0o755); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), to)
}
