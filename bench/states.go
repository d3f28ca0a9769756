package main

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/dbapi"
)

// A workbench is a copy of the measured module, with caches of its own for
// everything but the go command's warm build cache.
type workbench struct {
	dir    string // the copy
	tmp    string // caches and configurations
	tools  string // the built yardsticks
	edited string // the test file of a database package that the edited states touch
}

func newWorkbench(source, tmp, tools string) (*workbench, error) {
	b := &workbench{dir: filepath.Join(tmp, "module"), tmp: tmp, tools: tools}
	if err := os.CopyFS(b.dir, os.DirFS(source)); err != nil {
		return nil, fmt.Errorf("copy the module: %w", err)
	}
	libraries := dbapi.Packages()
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != b.dir && (d.Name() == "vendor" || d.Name() == "testdata" || isFile(filepath.Join(path, "go.mod"))):
			return filepath.SkipDir
		case strings.HasSuffix(path, "_test.go") && importsOne(path, libraries):
			b.edited = path
			return filepath.SkipAll
		}
		return nil
	})
	if err == nil && b.edited == "" {
		err = fmt.Errorf("%s has no test file that imports a database library, to edit", source)
	}
	return b, err
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// importsOne reports whether a Go file without build constraints imports one of
// the packages.
func importsOne(path string, packages []string) bool {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil || slices.ContainsFunc(file.Comments, func(c *ast.CommentGroup) bool {
		return c.Pos() < file.Package && strings.HasPrefix(c.List[0].Text, "//go:build")
	}) {
		return false
	}
	return slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
		name, err := strconv.Unquote(spec.Path.Value)
		return err == nil && slices.Contains(packages, name)
	})
}

func (b *workbench) path(name string) string { return filepath.Join(b.tmp, name) }

// edit changes the edited file's content, not its meaning.
func (b *workbench) edit() error {
	f, err := os.OpenFile(b.edited, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(f, "\n// edited at %d\n", time.Now().UnixNano()); err != nil {
		f.Close()
		return err
	}
	time.Sleep(savedFor)
	return f.Close()
}

// savedFor is how long ago a file was saved when a linter gets to see it.
const savedFor = 200 * time.Millisecond

// size returns how large the module is, and how much of it poollint analyses.
func (b *workbench) size(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(b.tools, "poollint"), "-cache=off", "./...")
	cmd.Dir = b.dir
	out, _ := cmd.Output() // findings and broken packages are no reason to stop
	size := regexp.MustCompile(`\d+ packages, \d+ analysed`).Find(out)
	if size == nil {
		return "", fmt.Errorf("poollint says nothing about packages: %s", out)
	}
	return string(size), nil
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

// fresh makes a copy of a vet tool that the go command has never seen: its key
// for vet results is the content of the executable.
func (b *workbench) fresh(tool, name string) func() error {
	return func() error {
		content, err := os.ReadFile(tool)
		if err != nil {
			return err
		}
		content = fmt.Appendf(content, "%d", time.Now().UnixNano())
		return os.WriteFile(b.path(name), content, 0o755)
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

// The names of the subjects that the ratios are of.
const (
	list          = "go list -deps -test"
	listExport    = "go list -export -deps -test"
	first         = "poollint, first run"
	edited        = "poollint, one file edited"
	hot           = "poollint, hot"
	vettoolFirst  = "go vet -vettool=poollint, first run"
	vetFirst      = "go vet, first run"
	vetEdited     = "go vet, one file edited"
	vetHot        = "go vet, hot"
	golangciFirst = "golangci-lint with bodyclose, rowserrcheck, sqlclosecheck, first run"
	cold          = "poollint, empty build cache and own cache"
	coldKept      = "poollint, empty build cache, types of dependencies kept"
	compiled      = "go list -export -deps -test, empty build cache"
)

// subjects lists what is measured. What takes a minute runs once.
func (b *workbench) subjects(withCold bool) ([]*Subject, error) {
	linters, err := b.config("linters.yml", linterConfig)
	if err != nil {
		return nil, err
	}
	plugin, err := b.config("plugin.yml", pluginConfig)
	if err != nil {
		return nil, err
	}
	never := fmt.Sprintf("never%d", time.Now().UnixNano()) // its flags are part of the key of go vet's results
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
		{Name: list, Args: []string{"go", "list", "-deps", "-test", "./..."}},
		{Name: listExport, Args: []string{"go", "list", "-export", "-deps", "-test", "./..."}},
		{Name: first, Args: []string{poollint, "./..."}, Env: env("POOLLINT_CACHE=first"), Prepare: b.empty("first")},
		{Name: edited, Args: []string{poollint, "./..."}, Env: env("POOLLINT_CACHE=edited"), Warm: true, Prepare: b.edit},
		{Name: hot, Args: []string{poollint, "./..."}, Env: env("POOLLINT_CACHE=hot"), Warm: true},
		{Name: "x/tools multichecker of the same analyzers", Args: []string{tool("multichecker"), "./..."}, Runs: 1},
		{Name: vettoolFirst, Args: []string{"go", "vet", "-vettool=" + b.path("fresh-poollint"), "./..."}, Prepare: b.fresh(poollint, "fresh-poollint"), Runs: 3},
		{Name: "go vet -vettool=poollint, one file edited", Args: vettool, Warm: true, Prepare: b.edit},
		{Name: "go vet -vettool=poollint, hot", Args: vettool, Warm: true},
		{Name: vetFirst, Args: []string{"go", "vet", "-printf.funcs=" + never, "./..."}, Runs: 1},
		{Name: vetEdited, Args: []string{"go", "vet", "./..."}, Warm: true, Prepare: b.edit},
		{Name: vetHot, Args: []string{"go", "vet", "./..."}, Warm: true},
		{Name: "staticcheck, first run", Args: []string{tool("staticcheck"), "./..."}, Env: env("STATICCHECK_CACHE=staticcheck"), Prepare: b.empty("staticcheck"), Runs: 1},
		{Name: golangciFirst, Args: golangci(linters), Env: env("GOLANGCI_LINT_CACHE=gcl"), Prepare: b.empty("gcl"), Runs: 3},
		{Name: "golangci-lint with these three, one file edited", Args: golangci(linters), Env: env("GOLANGCI_LINT_CACHE=gcledited"), Warm: true, Prepare: b.edit},
		{Name: "golangci-lint with these three, hot", Args: golangci(linters), Env: env("GOLANGCI_LINT_CACHE=gclhot"), Warm: true},
		{Name: "golangci-lint with poollint, first run", Args: golangci(plugin), Env: env("GOLANGCI_LINT_CACHE=plugin"), Prepare: b.empty("plugin"), Runs: 1},
		{Name: "golangci-lint with poollint, hot", Args: golangci(plugin), Env: env("GOLANGCI_LINT_CACHE=pluginhot"), Warm: true},
	}
	if withCold {
		subjects = append(subjects,
			&Subject{Name: cold, Args: []string{poollint, "./..."}, Env: env("POOLLINT_CACHE=cold", "GOCACHE=coldbuild"), Prepare: b.empty("cold", "coldbuild"), Runs: 3},
			&Subject{Name: coldKept, Args: []string{poollint, "-rules=newpool", "./..."}, Env: env("POOLLINT_CACHE=cold", "GOCACHE=coldbuild"), Prepare: b.empty("coldbuild"), Runs: 1},
			&Subject{Name: compiled, Args: []string{"go", "list", "-export", "-deps", "-test", "./..."}, Env: env("GOCACHE=coldlist"), Prepare: b.empty("coldlist"), Runs: 1},
		)
	}
	return subjects, nil
}
