// Package drivertest runs poollint in the ways in which its users do and
// returns the findings in one form, for the tests that compare them.
package drivertest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/poollint/poollint"
)

// A Finding is the part of a finding that all drivers print.
type Finding struct {
	Rule         string
	Path         string // relative to the module, slash-separated
	Line, Column int
	Message      string
}

func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s (%s)", f.Path, f.Line, f.Column, f.Message, f.Rule)
}

// Sort sorts findings as reports do, and drops repetitions.
func Sort(findings []Finding) []Finding {
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(findings)
}

// withoutWholeRun removes from findings what only a run over all packages knows: the
// messages of rules with a whole-run step.
func withoutWholeRun(findings []Finding) []Finding {
	local := slices.Clone(findings)
	for _, rule := range poollint.Rules() {
		if rule.Finish == nil {
			continue
		}
		for i := range local {
			if local[i].Rule == rule.Name {
				local[i].Message = ""
			}
		}
	}
	return Sort(local)
}

// needsAllPackages are the rules that find more where they see all packages, or tell it
// elsewhere: at a helper, in place of its callers in other packages.
var needsAllPackages = []string{"missingcleanup", "parallelpool"}

// Compare reports the findings that only one of two drivers has. The one with
// the name sees one package at a time, the other all.
func Compare(t testing.TB, name string, got []Finding, other string, want []Finding) {
	t.Helper()
	got, want = withoutWholeRun(got), withoutWholeRun(want)
	elsewhere := map[string]bool{} // rules
	for _, f := range want {
		if slices.Contains(got, f) {
			continue
		}
		elsewhere[f.Rule] = true
		if !slices.Contains(needsAllPackages, f.Rule) {
			t.Errorf("only %s: %v", other, f)
		}
	}
	for _, f := range got {
		if !slices.Contains(want, f) && !(f.Rule == "missingcleanup" && elsewhere[f.Rule]) {
			t.Errorf("only %s: %v", name, f)
		}
	}
}

// Poollint is the path of the command, which Main builds.
var Poollint string

// Main is the body of TestMain in packages that run the command.
func Main(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "poollint")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		Poollint = filepath.Join(dir, "poollint")
		os.Setenv("POOLLINT_CACHE", filepath.Join(dir, "cache")) // not the user's
		build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", Poollint, "./cmd/poollint")
		if build.Dir, err = root(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// Root returns the directory of this module.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := root()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func root() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/poollint/poollint").Output()
	return strings.TrimSpace(string(out)), err
}

// Modules returns the modules that the drivers are compared on.
func Modules(t testing.TB) []string {
	t.Helper()
	var modules []string
	for _, pattern := range []string{"examples/*", "examples/*/*", "testdata/*", "testdata/*/*"} {
		found, err := filepath.Glob(filepath.Join(Root(t), pattern, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			modules = append(modules, filepath.Dir(file))
		}
	}
	if len(modules) == 0 {
		t.Fatal("there are no modules to compare the drivers on")
	}
	return modules
}

// Copy copies a module to a directory of the test's own. Replacements by
// relative paths keep their meaning.
func Copy(t testing.TB, module string) string {
	t.Helper()
	module, err := filepath.Abs(module)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(module)); err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Replace []struct{ Old, New struct{ Path string } }
	}
	Decode(t, Run(t, dir, "go", "mod", "edit", "-json").Stdout, &mod)
	for _, r := range mod.Replace {
		if strings.HasPrefix(r.New.Path, ".") {
			Run(t, dir, "go", "mod", "edit", "-replace="+r.Old.Path+"="+filepath.Join(module, r.New.Path))
		}
	}
	return dir
}

// Write writes a module to a directory of the test's own.
func Write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Read returns the files below a directory by name.
func Read(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	tree := os.DirFS(dir)
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(tree, name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Output is what a command left behind.
type Output struct {
	Stdout, Stderr string
	Status         int
}

// Run runs a command in the directory, with the environment variables among
// the leading arguments, and fails the test if it cannot be started.
func Run(t testing.TB, dir, name string, args ...string) Output {
	t.Helper()
	return Env(nil).Run(t, dir, name, args...)
}

// Env is a list of variables added to the environment of commands.
type Env []string

// Run is as the function Run.
func (env Env) Run(t testing.TB, dir, name string, args ...string) Output {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return Output{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// Decode decodes JSON and fails the test if it cannot.
func Decode(t testing.TB, text string, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), to); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
}

// Standalone returns the findings of the command in the directory.
func Standalone(t testing.TB, dir string, args ...string) []Finding {
	t.Helper()
	out := Run(t, dir, Poollint, append([]string{"-format=json"}, args...)...)
	if out.Status > 1 {
		t.Fatalf("poollint: exit status %d\n%s", out.Status, out.Stderr)
	}
	var report struct {
		Findings []struct {
			Finding
			Suppressed bool
			Severity   string
		}
	}
	Decode(t, out.Stdout, &report)
	var findings []Finding
	for _, f := range report.Findings {
		if !f.Suppressed && f.Severity != "info" { // which other drivers are not handed
			findings = append(findings, f.Finding)
		}
	}
	return Sort(findings)
}

// Vet returns the findings of go vet -vettool in the directory.
func Vet(t testing.TB, dir string, args ...string) []Finding {
	t.Helper()
	out := Run(t, dir, "go", append([]string{"vet", "-vettool=" + Poollint, "-json"}, args...)...)
	if out.Status != 0 {
		t.Fatalf("go vet -json: exit status %d\n%s%s", out.Status, out.Stdout, out.Stderr)
	}
	return VetFindings(t, dir, out.Stdout)
}

// VetFindings reads what go vet -json prints: a JSON value for each unit. The messages end
// with the rule's name.
func VetFindings(t testing.TB, dir, text string) []Finding {
	t.Helper()
	var findings []Finding
	for decoder := json.NewDecoder(strings.NewReader(text)); decoder.More(); {
		var unit map[string]map[string]json.RawMessage // by package and analyzer
		if err := decoder.Decode(&unit); err != nil {
			t.Fatalf("%v in:\n%s", err, text)
		}
		for pkg, analyzers := range unit {
			for rule, result := range analyzers {
				var diagnostics []struct{ Posn, Message string }
				if err := json.Unmarshal(result, &diagnostics); err != nil {
					t.Fatalf("%s: %s: %s", pkg, rule, result) // {"error": …}
				}
				for _, d := range diagnostics {
					message, named := strings.CutSuffix(d.Message, " ("+rule+")")
					if !named {
						t.Errorf("%s: the message does not name its rule %s: %s", d.Posn, rule, d.Message)
					}
					findings = append(findings, at(t, dir, rule, d.Posn, message))
				}
			}
		}
	}
	return Sort(findings)
}

// at makes a finding of a position written as file:line:column.
func at(t testing.TB, dir, rule, posn, message string) Finding {
	t.Helper()
	rest, column, ok1 := cutLast(posn, ":")
	file, line, ok2 := cutLast(rest, ":")
	rel, err := filepath.Rel(dir, file)
	l, err1 := strconv.Atoi(line)
	c, err2 := strconv.Atoi(column)
	if err := errors.Join(err, err1, err2); err != nil || !ok1 || !ok2 {
		t.Fatalf("bad position %q: %v", posn, err)
	}
	return Finding{rule, filepath.ToSlash(rel), l, c, message}
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
