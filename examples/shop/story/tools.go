package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// root is the module of poollint, seen from this one.
const root = "../.."

// tools are the programs that the story runs, in a directory of their own.
type tools struct {
	dir string
}

func (t tools) poollint() string     { return filepath.Join(t.dir, "poollint") }
func (t tools) withPostgres() string { return filepath.Join(t.dir, "withpostgres") }
func (t tools) shop() string         { return filepath.Join(t.dir, "shop") }

func buildTools() (tools, error) {
	dir, err := os.MkdirTemp("", "story-")
	if err != nil {
		return tools{}, err
	}
	t := tools{dir}
	for _, build := range []struct{ in, output, pkg string }{
		{root, t.poollint(), "./cmd/poollint"},
		{root, t.withPostgres(), "./internal/pgtest/withpostgres"},
		{".", t.shop(), "./cmd/shop"},
	} {
		cmd := exec.Command("go", "build", "-o", build.output, build.pkg)
		cmd.Dir, cmd.Stderr = build.in, os.Stderr
		if err := cmd.Run(); err != nil {
			return t, errors.Join(fmt.Errorf("build %s: %w", build.pkg, err), os.RemoveAll(dir))
		}
	}
	return t, nil
}

// run runs a tool and returns what it has printed, and its exit status. Beyond the
// given status the tool has failed.
func (t tools) run(dir string, highest int, name string, args ...string) (stdout []byte, status int, err error) {
	var out, errOut bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errOut
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() <= highest {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, errOut.String())
	}
	return out.Bytes(), cmd.ProcessState.ExitCode(), err
}

// A finding is what poollint has to say about one place.
type finding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Path     string `json:"path"`
	Line     int    `json:"line"`
	Message  string `json:"message"`
}

// lint returns the findings in packages of a module, those of severity info left out as poollint
// itself leaves them out.
func (t tools) lint(dir, packages string) ([]finding, error) {
	out, _, err := t.run(dir, 1, t.poollint(), "-format", "json", packages)
	if err != nil {
		return nil, err
	}
	var report struct {
		Findings []finding `json:"findings"`
	}
	err = json.Unmarshal(out, &report)
	return slices.DeleteFunc(report.Findings, func(f finding) bool { return f.Severity == "info" }), err
}

// fix applies the fixes to a copy of this module. It returns how many findings are left there,
// and whether its tests pass, package by package, on a server of their own.
func (t tools) fix(packages string) (left int, pass bool, err error) {
	copied := filepath.Join(t.dir, "examples", "shop")
	if err := os.CopyFS(copied, os.DirFS(".")); err != nil {
		return 0, false, err
	}
	if err := os.CopyFS(filepath.Join(t.dir, "testpool"), os.DirFS(root+"/testpool")); err != nil {
		return 0, false, err
	}
	if _, _, err := t.run(copied, 1, t.poollint(), "-fix", packages); err != nil {
		return 0, false, err
	}
	if _, _, err := t.run(copied, 0, "go", "vet", packages); err != nil {
		return 0, false, fmt.Errorf("the fixes do not build: %w", err)
	}
	findings, err := t.lint(copied, packages)
	if err != nil {
		return 0, false, err
	}
	_, status, err := t.run(copied, 1, t.withPostgres(), "-set", serverSize, "--", "sh", "-c", migrated, t.shop(), "go", "test", "-p", "1", packages)
	return len(findings), status == 0, err
}

// migrated is a script that runs a command on a server with the schema; $0 is the shop's program.
const migrated = `DATABASE_URL=$DATABASE_URL_TEST "$0" -migrate && exec "$@"`

// watch runs a suite under poollint watch on a server of its own.
func (t tools) watch(suite, pages string) (w watched, err error) {
	report := filepath.Join(t.dir, suite+".json")
	args := []string{"-set", serverSize, "--", "sh", "-c", migrated,
		t.shop(), t.poollint(), "watch", "-format", "text", "-format", "json=" + report}
	if pages != "" {
		args = append(args, "-format", "html="+filepath.Join(pages, suite+".html"))
	}
	out, _, err := t.run(".", 1, t.withPostgres(), append(args, "--", "go", "test", "-count=1", "-p", atOnce, "./"+suite+"/...")...)
	if err != nil {
		return w, err
	}
	printOutput(os.Stdout, string(out))
	text, err := os.ReadFile(report)
	if err != nil {
		return w, err
	}
	return w, json.Unmarshal(text, &w)
}

// printOutput prints what a watched run has printed: a line for each package and what
// the server refused first, then poollint's table.
func printOutput(w io.Writer, output string) {
	tests, table, _ := strings.Cut(output, "\npoollint watch:")
	refused := 0
	for _, line := range strings.SplitAfter(tests, "\n") {
		isRefusal := strings.Contains(line, "SQLSTATE 53300")
		if isRefusal {
			refused++
		}
		if strings.HasPrefix(line, "ok  ") || strings.HasPrefix(line, "FAIL\t") || isRefusal && refused == 1 {
			fmt.Fprint(w, line)
		}
	}
	if refused > 1 {
		fmt.Fprintf(w, "    … and %d lines more like it\n", refused-1)
	}
	fmt.Fprint(w, "\npoollint watch:", table)
}

// A budget is the most connections that poollint expects of a suite.
type budget struct {
	Servers []struct {
		Worst     int  `json:"worst"`
		Unbounded bool `json:"unbounded"`
		Over      bool `json:"over"` // more than the server takes
	} `json:"servers"`
}

// budget adds up what a suite may take.
func (t tools) budget(packages string) (b budget, err error) {
	out, _, err := t.run(".", 1, t.poollint(), "budget", "-limit", fmt.Sprint(usable), "-p", atOnce, "-format", "json", packages)
	if err != nil {
		return b, err
	}
	return b, json.Unmarshal(out, &b)
}

func (b budget) over() bool { return len(b.Servers) > 0 && b.Servers[0].Over }

func (b budget) String() string {
	switch {
	case len(b.Servers) == 0:
		return "no pool"
	case b.Servers[0].Unbounded:
		return "no bound"
	}
	return fmt.Sprint(b.Servers[0].Worst)
}

// summarize prints how many findings each rule has, and its first one.
func summarize(findings []finding) {
	counts := map[string]int{}
	var first []finding
	for _, f := range findings {
		if counts[f.Rule]++; counts[f.Rule] == 1 {
			first = append(first, f)
		}
	}
	for _, f := range first {
		fmt.Printf("%-15s %3d  %s:%d: %s\n", f.Rule, counts[f.Rule], f.Path, f.Line, f.Message)
	}
}
