package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A workbench is a copy of the measured module, with caches of its own for
// everything but the go command's warm build cache.
type workbench struct {
	dir    string // the copy
	tmp    string // caches and configurations
	tools  string // the built yardsticks
	edited string // the test file that the edited states touch
}

func newWorkbench(source, tmp, tools string) (*workbench, error) {
	b := &workbench{dir: filepath.Join(tmp, "module"), tmp: tmp, tools: tools}
	if err := os.CopyFS(b.dir, os.DirFS(source)); err != nil {
		return nil, fmt.Errorf("copy the module: %w", err)
	}
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "vendor" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, "_test.go") && b.edited == "" {
			b.edited = path
		}
		return nil
	})
	if err == nil && b.edited == "" {
		err = fmt.Errorf("%s has no test file to edit", source)
	}
	return b, err
}

func (b *workbench) path(name string) string { return filepath.Join(b.tmp, name) }

// edit changes the edited file's content, not its meaning.
func (b *workbench) edit() error {
	f, err := os.OpenFile(b.edited, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = fmt.Fprintf(f, "\n// edited at %d\n", time.Now().UnixNano())
	return err
}

func (b *workbench) empty(dirs ...string) func() error {
	return func() error {
		for _, dir := range dirs {
			if err := os.RemoveAll(b.path(dir)); err != nil {
				return err
			}
			if err := os.MkdirAll(b.path(dir), 0o755); err != nil {
				return err
			}
		}
		return nil
	}
}

// freshTool makes a copy of the tool that the go command has never seen: its
// key for vet results is the content of the executable.
func (b *workbench) freshTool(tool string) func() error {
	return func() error {
		content, err := os.ReadFile(tool)
		if err != nil {
			return err
		}
		content = fmt.Appendf(content, "%d", time.Now().UnixNano())
		return os.WriteFile(b.path("fresh-poollint"), content, 0o755)
	}
}

func (b *workbench) config(name, content string) (string, error) {
	path := b.path(name)
	return path, os.WriteFile(path, []byte(content), 0o644)
}

const linterConfig = `version: "2"
linters:
  default: none
  enable: [bodyclose, rowserrcheck, sqlclosecheck]
`

const pluginConfig = `version: "2"
linters:
  default: none
  enable: [poollint]
  settings:
    custom:
      poollint:
        type: module
`

// subjects lists what is measured. Cold states, which compile the world, run once.
func (b *workbench) subjects(cold bool) ([]*Subject, error) {
	linters, err := b.config("linters.yml", linterConfig)
	if err != nil {
		return nil, err
	}
	plugin, err := b.config("plugin.yml", pluginConfig)
	if err != nil {
		return nil, err
	}
	tool := func(name string) string { return filepath.Join(b.tools, name) }
	poollint := tool("poollint")
	golangci := func(config string) []string {
		return []string{tool("golangci"), "run", "--config", config, "--max-same-issues=0", "--max-issues-per-linter=0", "./..."}
	}
	env := func(pairs ...string) []string {
		for i := range pairs {
			name, dir, _ := strings.Cut(pairs[i], "=")
			pairs[i] = name + "=" + b.path(dir)
		}
		return pairs
	}
	vettool := []string{"go", "vet", "-vettool=" + poollint, "./..."}

	subjects := []*Subject{
		{Name: "go list -deps -test", Args: []string{"go", "list", "-deps", "-test", "./..."}},
		{Name: "go list -export -deps -test", Args: []string{"go", "list", "-export", "-deps", "-test", "./..."}},
		{Name: "poollint, first run, build-warm", Args: []string{poollint, "./..."}, Env: env("POOLLINT_CACHE=first"), Prepare: b.empty("first")},
		{Name: "poollint, hot", Args: []string{poollint, "./..."}, Env: env("POOLLINT_CACHE=hot")},
		{Name: "poollint, one file edited", Args: []string{poollint, "./..."}, Env: env("POOLLINT_CACHE=edited"), Prepare: b.edit},
		{Name: "x/tools multichecker of the same analyzers", Args: []string{tool("multichecker"), "./..."}},
		{Name: "go vet -vettool=poollint, first run, build-warm", Args: []string{"go", "vet", "-vettool=" + b.path("fresh-poollint"), "./..."}, Prepare: b.freshTool(poollint)},
		{Name: "go vet -vettool=poollint, one file edited", Args: vettool, Prepare: b.edit},
		{Name: "go vet -vettool=poollint, hot", Args: vettool},
		{Name: "go vet, hot", Args: []string{"go", "vet", "./..."}},
		{Name: "staticcheck, first run", Args: []string{tool("staticcheck"), "./..."}, Env: env("STATICCHECK_CACHE=staticcheck"), Prepare: b.empty("staticcheck")},
		{Name: "golangci-lint, three SQL and body linters, first run", Args: golangci(linters), Env: env("GOLANGCI_LINT_CACHE=gcl"), Prepare: b.empty("gcl")},
		{Name: "golangci-lint, three SQL and body linters, hot", Args: golangci(linters), Env: env("GOLANGCI_LINT_CACHE=gclhot")},
		{Name: "golangci-lint with poollint, first run", Args: golangci(plugin), Env: env("GOLANGCI_LINT_CACHE=plugin"), Prepare: b.empty("plugin")},
		{Name: "golangci-lint with poollint, hot", Args: golangci(plugin), Env: env("GOLANGCI_LINT_CACHE=pluginhot")},
	}
	if cold {
		subjects = append(subjects,
			&Subject{Name: "poollint, cold, empty build cache", Args: []string{poollint, "./..."}, Env: env("POOLLINT_CACHE=cold", "GOCACHE=coldbuild"), Prepare: b.empty("cold", "coldbuild"), Runs: 1},
			&Subject{Name: "go list -export -deps -test, cold", Args: []string{"go", "list", "-export", "-deps", "-test", "./..."}, Env: env("GOCACHE=coldlist"), Prepare: b.empty("coldlist"), Runs: 1},
		)
	}
	return subjects, nil
}
