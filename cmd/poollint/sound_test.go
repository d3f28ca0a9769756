package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/driver"
)

// A cached run of all rules says what an uncached one does, whatever was edited.
// POOLLINT_SOUNDNESS_MODULE names a module to edit a copy of instead of the small
// one, POOLLINT_SOUNDNESS_STEPS how often.
func TestCachedRunsOfAModuleAreSound(t *testing.T) {
	e, steps, seed := editorOf(t)
	t.Setenv("POOLLINT_CACHE", t.TempDir())
	took := map[string]time.Duration{}
	outcomes := map[int]int{}
	lint := func(cache string) string {
		var stdout, stderr bytes.Buffer
		start := time.Now()
		status := program().Main(t.Context(), []string{"-progress=off", "-format=json", "-cache=" + cache, "./..."}, &stdout, &stderr)
		took[cache] += time.Since(start)
		outcomes[status]++
		return fmt.Sprintf("%s%s%d", stdout.String(), stderr.String(), status)
	}
	for step := range steps {
		if err := e.edit(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(60 * time.Millisecond) // else the change is too young to be kept
		want := lint("off")
		for range 2 { // what the first run keeps, the second takes
			if got := lint("on"); got != want {
				t.Fatalf("step %d, seed %d:\ngot\n%s\nwant\n%s\nafter\n%s", step, seed, got, want, strings.Join(e.history, "\n"))
			}
		}
	}
	t.Logf("%d steps, runs by exit status %v, time by cache %v", steps, outcomes, took)
}

// A session's run of all rules says what a run of its own does, whatever was edited, saved or
// not. The variables are those of TestCachedRunsOfAModuleAreSound.
func TestSessionsOfAModuleAreSound(t *testing.T) {
	e, steps, seed := editorOf(t)
	t.Setenv("POOLLINT_CACHE", t.TempDir())
	session, early := new(driver.Session), 0
	run := func(cache string, texts driver.Overlay, session *driver.Session) *driver.Result {
		o := options{patterns: []string{"./..."}, test: true, cache: cache}
		if session != nil {
			session.Renew()
		}
		run, err := o.request(e.dir, poollint.Rules())
		if err != nil {
			t.Fatal(err)
		}
		run.Overlay, run.Session, run.Unsaved = texts, session, texts != nil
		run.Early = func(driver.Early) { early++ }
		result, err := driver.Run(t.Context(), run)
		if err != nil {
			t.Fatalf("seed %d: %v\nafter\n%s", seed, err, strings.Join(e.history, "\n"))
		}
		return result
	}
	for step := range steps {
		var got *driver.Result
		var texts driver.Overlay
		for range 1 + e.IntN(3) { // also what the runs between have kept counts
			if err := e.edit(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(60 * time.Millisecond)
			texts = e.typed()
			got = run("on", texts, session)
		}
		if want := run("off", texts, nil); !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d, seed %d:\ngot\n%s\nwant\n%s\nafter\n%s", step, seed, told(t, got), told(t, want), strings.Join(e.history, "\n"))
		}
	}
	t.Logf("%d steps, %d told early", steps, early)
}

// told is all that a result says.
func told(t *testing.T, r *driver.Result) string {
	t.Helper()
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A module is a directory of files, with what they held at first.
type module struct {
	dir   string
	files map[string][]byte
	names []string // of those that edits are made in
}

// copyOf copies a module to a directory of the test's own.
func copyOf(t *testing.T, from string) module {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := module{dir: dir, files: map[string][]byte{}}
	err = filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if m.files[name], err = os.ReadFile(path); err != nil {
			return err
		}
		if slices.Contains([]string{".go", ".sql"}, filepath.Ext(name)) {
			m.names = append(m.names, name)
		}
		return m.write(name, m.files[name])
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (m module) write(name string, content []byte) error {
	path := filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o666)
}

// remove removes a file, which may be gone already.
func (m module) remove(name string) error {
	err := os.Remove(filepath.Join(m.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// An editor edits a module at random.
type editor struct {
	*rand.Rand
	module
	edited  []string
	history []string
}

// editorOf returns an editor of a copy of the module, in which the test runs, and how many steps it
// is to make.
func editorOf(t *testing.T) (e *editor, steps int, seed uint64) {
	t.Helper()
	module, steps := os.Getenv("POOLLINT_SOUNDNESS_MODULE"), 2
	if module == "" {
		module = "../../testdata/service"
	}
	if n, err := strconv.Atoi(os.Getenv("POOLLINT_SOUNDNESS_STEPS")); err == nil {
		steps = n
	}
	seed = uint64(time.Now().UnixNano())
	e = &editor{Rand: rand.New(rand.NewPCG(seed, 0)), module: copyOf(t, module)}
	t.Chdir(e.module.dir)
	return e, steps, seed
}

// typed returns what is typed and not saved in one of the files, sometimes.
func (e *editor) typed() driver.Overlay {
	name := e.names[e.IntN(len(e.names))]
	text, err := os.ReadFile(filepath.Join(e.dir, name))
	if err != nil || filepath.Ext(name) != ".go" || e.IntN(2) == 0 {
		return nil
	}
	if edited := edits[e.IntN(len(edits))]; edited.suffix == "" {
		if text = edited.apply(e, text); text != nil {
			e.history = append(e.history, edited.what+" typed in "+name)
			return driver.Overlay{filepath.Join(e.dir, name): text}
		}
	}
	return nil
}

// edit makes one edit, or undoes those before so that mistakes do not pile up.
func (e *editor) edit() error {
	if len(e.edited) > 3 || len(e.edited) > 0 && e.IntN(4) == 0 {
		return e.undo()
	}
	name := e.names[e.IntN(len(e.names))]
	text, err := os.ReadFile(filepath.Join(e.dir, name))
	if err != nil {
		text = e.files[name] // an edit before has removed it
	}
	edit := edits[e.IntN(len(edits))]
	if filepath.Ext(name) == ".sql" {
		edit = addTable
	}
	e.history = append(e.history, edit.what+" in "+name)
	if edit.suffix != "" {
		name = strings.TrimSuffix(name, ".go") + edit.suffix
	}
	e.edited = append(e.edited, name)
	edited := edit.apply(e, text)
	if edited == nil {
		return e.remove(name)
	}
	return e.write(name, edited)
}

// An edit makes a new text of a file, or of one beside it whose name ends with
// the suffix; nil for none.
type edit struct {
	what, suffix string
	apply        func(*editor, []byte) []byte
}

var addTable = edit{"a new table", "", func(e *editor, text []byte) []byte {
	return fmt.Appendf(slices.Clip(text), "\nCREATE TABLE added_%d (id int PRIMARY KEY, tenant_id int NOT NULL);\n", e.IntN(1e6))
}}

var edits = []edit{
	{"a function twice", "", func(e *editor, text []byte) []byte {
		fn, at := e.function(text)
		if fn == nil {
			return text
		}
		name := fmt.Sprintf("%s%d", fn.Name.Name, e.IntN(1e6))
		return slices.Concat(text, []byte("\n"), text[at(fn.Pos()):at(fn.Name.Pos())], []byte(name), text[at(fn.Name.End()):at(fn.End())], []byte("\n"))
	}},
	{"no function", "", func(e *editor, text []byte) []byte {
		fn, at := e.function(text)
		if fn == nil {
			return text
		}
		return slices.Concat(text[:at(fn.Pos())], text[at(fn.End()):])
	}},
	{"another parameter", "", func(e *editor, text []byte) []byte {
		fn, at := e.function(text)
		if fn == nil {
			return text
		}
		return slices.Insert(slices.Clone(text), at(fn.Type.Params.Opening)+1, fmt.Appendf(nil, "_ [%d]int, ", e.IntN(1e6))...)
	}},
	{"no statement", "", func(e *editor, text []byte) []byte {
		fn, at := e.function(text)
		if fn == nil || fn.Body == nil || len(fn.Body.List) == 0 {
			return text
		}
		statement := fn.Body.List[e.IntN(len(fn.Body.List))]
		return slices.Concat(text[:at(statement.Pos())], text[at(statement.End()):])
	}},
	{"another import", "", func(e *editor, text []byte) []byte {
		path := []string{"database/sql", "embed", "image/png"}[e.IntN(3)]
		i := bytes.Index(text, []byte("\npackage ")) + 1
		end := i + bytes.IndexByte(text[i:], '\n') + 1
		return slices.Concat(text[:end], fmt.Appendf(nil, "import _ %q\n", path), text[end:])
	}},
	{"an empty line", "", func(_ *editor, text []byte) []byte { return slices.Concat([]byte("\n"), text) }},
	{"no file", "", func(*editor, []byte) []byte { return nil }},
	{"a new file", "_added.go", func(e *editor, text []byte) []byte {
		file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.PackageClauseOnly)
		if err != nil {
			return text
		}
		return fmt.Appendf(nil, "package %s\n\nimport \"database/sql\"\n\nfunc added%d() { sql.Open(\"\", \"\") }\n", file.Name.Name, e.IntN(1e6))
	}},
}

// function returns one of the functions in a file, if there are any, and where
// positions are in the text.
func (e *editor) function(text []byte) (*ast.FuncDecl, func(token.Pos) int) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil
	}
	var functions []*ast.FuncDecl
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			functions = append(functions, fn)
		}
	}
	if functions == nil {
		return nil, nil
	}
	return functions[e.IntN(len(functions))], func(pos token.Pos) int { return fset.PositionFor(pos, false).Offset }
}

// undo restores the files that edits have changed.
func (e *editor) undo() error {
	e.history = append(e.history, "undo")
	for _, name := range e.edited {
		restore := e.remove
		if content, was := e.files[name]; was {
			restore = func(name string) error { return e.write(name, content) }
		}
		if err := restore(name); err != nil {
			return err
		}
	}
	e.edited = nil
	return nil
}
