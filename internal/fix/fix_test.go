package fix

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/finding"
)

const source = `package p

import (
	"context"
	"fmt"

	"example.com/pool/v2"
)

func f() {
	p := pool.New(context.Background())
	defer p.Close()
	fmt.Println(p)
}
`

// edit replaces the first occurrence of old in the source.
func edit(file, old, new string) finding.Edit {
	at := strings.Index(source, old)
	return finding.Edit{Path: file, Start: at, End: at + len(old), New: new}
}

func before(file, text, new string) finding.Edit {
	at := strings.Index(source, text)
	return finding.Edit{Path: file, Start: at, End: at, New: new}
}

func fixes(edits ...[]finding.Edit) (findings []finding.Located) {
	for _, e := range edits {
		f := finding.Located{Rule: "r"}
		if e != nil {
			f.Fixes = []finding.Fix{{Edits: e}, {Edits: nil}}
		}
		findings = append(findings, f)
	}
	return findings
}

func TestFixes(t *testing.T) {
	t.Parallel()
	const file = "p.go"
	for name, c := range map[string]struct {
		findings []finding.Located
		fixed    []bool
		want     []string // parts of the result
		not      []string
	}{
		"one, formatted": {
			fixes([]finding.Edit{edit(file, "defer p.Close()", "t.Cleanup( p.Close )")}),
			[]bool{true}, []string{"\tt.Cleanup(p.Close)\n"}, []string{"defer"},
		},
		"several": {
			fixes(nil, []finding.Edit{edit(file, "fmt.Println(p)", "fmt.Print(p)")}, []finding.Edit{edit(file, "defer p.Close()\n", "")}),
			[]bool{false, true, true}, []string{"fmt.Print(p)"}, []string{"Close"},
		},
		"overlapping: the larger wins, whole": {
			fixes([]finding.Edit{edit(file, "p.Close()", "a()")},
				[]finding.Edit{edit(file, "fmt.Println(p)", "b()"), edit(file, "defer p.Close()", "c()")}),
			[]bool{false, true}, []string{"b()", "c()"}, []string{"a()", "fmt.Println(p)"},
		},
		"overlapping and alike: the first wins": {
			fixes([]finding.Edit{edit(file, "p.Close()", "a()")}, []finding.Edit{edit(file, "defer p.Close()", "c()")}),
			[]bool{true, false}, []string{"defer a()"}, []string{"c()"},
		},
		"the same import twice": {
			fixes([]finding.Edit{before(file, "\t\"fmt\"", "\t\"errors\"\n"), edit(file, "defer p.Close()", "errors.New(\"\")")},
				[]finding.Edit{before(file, "\t\"fmt\"", "\t\"errors\"\n"), edit(file, "fmt.Println(p)", "fmt.Print(errors.New(\"\"))")}),
			[]bool{true, true}, []string{"\t\"context\"\n\t\"errors\"\n\t\"fmt\"\n"}, []string{"\"errors\"\n\t\"errors\""},
		},
		"an import without use": {
			fixes([]finding.Edit{edit(file, "pool.New(context.Background())", "testpool(t)")}),
			[]bool{true}, []string{"import (\n\t\"fmt\"\n)"}, []string{"context", "example.com/pool"},
		},
		"different text at one place": {
			fixes([]finding.Edit{before(file, "defer", "a()\n")}, []finding.Edit{before(file, "defer", "b()\n")}),
			[]bool{true, true}, []string{"\ta()\n\tb()\n\tdefer"}, nil,
		},
		"neighbours": {
			fixes([]finding.Edit{edit(file, "defer ", "")}, []finding.Edit{edit(file, "p.Close()", "a()")}),
			[]bool{true, true}, []string{"\ta()\n"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), file)
			if err := os.WriteFile(path, []byte(source), 0o640); err != nil {
				t.Fatal(err)
			}
			for i := range c.findings {
				for j := range c.findings[i].Fixes {
					c.findings[i].Fixes[j].Edits = slices.Clone(c.findings[i].Fixes[j].Edits)
					for k := range c.findings[i].Fixes[j].Edits {
						c.findings[i].Fixes[j].Edits[k].Path = path
					}
				}
			}
			plan := New(c.findings, []string{filepath.Dir(path)}, later())
			for i, want := range c.fixed {
				if plan.Fixed(i) != want {
					t.Errorf("finding %d: fixed %v, want %v", i, plan.Fixed(i), want)
				}
			}
			diff := plan.Diff(filepath.Base)
			if !strings.Contains(diff, "--- a/p.go\n+++ b/p.go\n@@") {
				t.Errorf("diff:\n%s", diff)
			}
			if err := plan.Write(t.Context(), told); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range c.want {
				if !strings.Contains(string(got), part) {
					t.Errorf("%q is missing in\n%s", part, got)
				}
			}
			for _, part := range c.not {
				if strings.Contains(string(got), part) {
					t.Errorf("%q is left in\n%s", part, got)
				}
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			if err := plan.Write(t.Context(), told); err == nil {
				t.Error("a file that has changed meanwhile is written over")
			}
		})
	}
}

// write makes files in a directory of the test and returns their paths.
func write(t *testing.T, files ...string) (dir string, paths []string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(source), 0o666)); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return dir, paths
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// left returns why fixes are not made.
func left(plan *Plan) (reasons []error) {
	for _, err := range plan.Left {
		reasons = append(reasons, err)
	}
	return reasons
}

func TestUnfitFixes(t *testing.T) {
	t.Parallel()
	dir, paths := write(t, "p.go", "q.go")
	path, other := paths[0], paths[1]
	suppressed := fixes([]finding.Edit{edit(path, "defer", "go")})
	suppressed[0].Suppressed = "why"
	if plan := New(suppressed, []string{dir}, later()); plan.Fixed(0) || len(plan.Files()) != 0 || left(plan) != nil {
		t.Error("a suppressed finding is fixed")
	}
	for name, e := range map[string]finding.Edit{
		"does not parse": edit(path, "defer p.Close()", "defer ("),
		"out of bounds":  {Path: path, Start: len(source), End: len(source) + 1},
		"backwards":      {Path: path, Start: 20, End: 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := New(fixes(
				[]finding.Edit{edit(other, "defer ", ""), e},
				[]finding.Edit{edit(other, "fmt.Println(p)", "")},
			), []string{dir}, later())
			if plan.Fixed(0) || !plan.Fixed(1) || !slices.Equal(plan.Files(), []string{other}) || !slices.Equal(left(plan), []error{errUnfit}) {
				t.Errorf("fixed %v %v, files %v, left %v", plan.Fixed(0), plan.Fixed(1), plan.Files(), left(plan))
			}
			if diff := plan.Diff(filepath.Base); !strings.Contains(diff, "\n \tdefer p.Close()\n-\tfmt.Println(p)\n") {
				t.Errorf("half of a fix is made:\n%s", diff)
			}
		})
	}
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prepare func(dir, path, outside string) error
		want    error
	}{
		"symbolic link": {func(_, path, outside string) error {
			return errors.Join(os.Remove(path), os.Symlink(outside, path))
		}, errLink},
		"link inside the module": {func(dir, path, _ string) error {
			return errors.Join(os.Rename(path, filepath.Join(dir, "q.go")), os.Symlink(filepath.Join(dir, "q.go"), path))
		}, errLink},
		"linked directory": {func(_, path, outside string) error {
			return errors.Join(os.RemoveAll(filepath.Dir(path)), os.Symlink(filepath.Dir(outside), filepath.Dir(path)))
		}, errLink},
		"hard link": {func(_, path, outside string) error {
			return errors.Join(os.Remove(path), os.Link(outside, path))
		}, errHardLinks},
		"read-only": {func(_, path, _ string) error { return os.Chmod(path, 0o444) }, errReadOnly},
		"generated": {func(_, path, _ string) error {
			return os.WriteFile(path, []byte("// Code generated by hand. DO NOT EDIT.\n\n"+source), 0o666)
		}, errGenerated},
		"gone":            {func(_, path, _ string) error { return os.Remove(path) }, fs.ErrNotExist},
		"not a file":      {func(_, path, _ string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o777)) }, errIrregular},
		"another's files": {func(string, string, string) error { return nil }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, paths := write(t, "sub/p.go", "r.go")
			_, elsewhere := write(t, "p.go")
			if err := c.prepare(dir, paths[0], elsewhere[0]); err != nil {
				t.Fatal(err)
			}
			change := func(path string) finding.Edit { return edit(path, "defer ", "") }
			if c.want == nil {
				paths[0], c.want = elsewhere[0], errOutside
			}
			plan := New(fixes([]finding.Edit{change(paths[0]), change(paths[1])}), []string{dir}, later())
			if why := left(plan); len(why) != 1 || !errors.Is(why[0], c.want) || plan.Fixed(0) || len(plan.Files()) > 0 {
				t.Errorf("left %v, want %v; files %v", why, c.want, plan.Files())
			}
			if err := plan.Write(t.Context(), told); err != nil {
				t.Error(err)
			}
			if read(t, elsewhere[0]) != source || read(t, paths[1]) != source {
				t.Error("a file is changed")
			}
		})
	}
}

// Files that one fix changes stay as they were if one of them cannot be changed.
func TestAllFilesOrNone(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(path string) error{
		"changed meanwhile":  func(path string) error { return os.WriteFile(path, []byte(source+"\n"), 0o666) },
		"replaced by a link": func(path string) error { return errors.Join(os.Rename(path, path+"~"), os.Symlink(path+"~", path)) },
		"replaced by its double": func(path string) error {
			return errors.Join(os.Rename(path, path+"~"), os.WriteFile(path, []byte(source), 0o666))
		},
		"a full directory": func(path string) error { return os.Chmod(filepath.Dir(path), 0o555) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "a full directory" && os.Geteuid() == 0 {
				t.Skip("root writes anywhere")
			}
			dir, paths := write(t, "a/a.go", "b/b.go", "c/c.go", "d/d.go")
			change := func(path string) finding.Edit { return edit(path, "defer ", "") }
			plan := New(fixes([]finding.Edit{change(paths[1]), change(paths[0])}, []finding.Edit{change(paths[3])},
				[]finding.Edit{edit(paths[0], "fmt.Println(p)", "")}), []string{dir}, later())
			if err := spoil(paths[1]); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(filepath.Dir(paths[1]), 0o777) })
			err := plan.Write(t.Context(), told)
			if err == nil || plan.Fixed(0) || !plan.Fixed(1) || plan.Fixed(2) || !slices.Equal(plan.Files(), paths[3:]) || len(left(plan)) != 2 {
				t.Errorf("%v; fixed %v %v, files %v, left %v", err, plan.Fixed(0), plan.Fixed(1), plan.Files(), left(plan))
			}
			if read(t, paths[0]) != source || read(t, paths[3]) == source {
				t.Error("a.go is changed, or d.go is not")
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*", ".*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// What has been replaced is put back when a later file cannot be.
func TestPutBack(t *testing.T) {
	t.Parallel()
	dir, paths := write(t, "a.go", "b.go")
	var files []*file
	for _, path := range paths {
		f, err := open(path, []string{dir})
		if err != nil {
			t.Fatal(err)
		}
		f.after = []byte("package q\n")
		files = append(files, f)
	}
	last, err := files[1].stage()
	if err != nil {
		t.Fatal(err)
	}
	defer last.close()
	first, err := files[0].stage()
	if err == nil {
		err = first.keepOld()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer first.close()
	if err := os.Remove(filepath.Join(dir, last.new)); err != nil {
		t.Fatal(err)
	}
	if err := makeAll([]*replacement{first, last}); err == nil {
		t.Error("no error")
	}
	last.new = ""
	if read(t, paths[0]) != source || read(t, paths[1]) != source {
		t.Errorf("a.go is %q", read(t, paths[0]))
	}
}

func told(string) {}

// The edits of a run are those of what it has read.
func TestChangedSinceTheRunStarted(t *testing.T) {
	t.Parallel()
	dir, paths := write(t, "a.go")
	start := time.Now().Add(-time.Minute)
	plan := New(fixes([]finding.Edit{edit(paths[0], "defer ", "")}), []string{dir}, start)
	if why := left(plan); plan.Fixed(0) || len(why) != 1 || !errors.Is(why[0], errChanged) {
		t.Errorf("left %v", why)
	}
}

// later is behind all that the test does.
func later() time.Time { return time.Now().Add(time.Hour) }

func TestInterruptedWrite(t *testing.T) {
	t.Parallel()
	dir, paths := write(t, "a.go")
	plan := New(fixes([]finding.Edit{edit(paths[0], "defer ", "")}), []string{dir}, later())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := plan.Write(ctx, told); !errors.Is(err, errInterrupted) || plan.Fixed(0) || read(t, paths[0]) != source {
		t.Errorf("%v, fixed %v", err, plan.Fixed(0))
	}
}

// All bytes stay but those of the lines that the fix makes.
// A line of a changed file is found in the file as it is.
func TestWas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "p.go")
	const before = "package p\n\nvar a = 1\nvar b = 2\nvar c = 3\nvar d = 4\n"
	const after = "package p\n\nimport _ \"os\"\n\nvar a = 1\nvar c = 30\nvar d = 4\n"
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(dir, "new.go")
	plan, err := Replace(map[string][]byte{path: []byte(after), fresh: []byte(before)}, []string{dir}, later())
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[int]int{1: 1, 3: 2, 5: 3, 6: 4, 7: 6} {
		if got := plan.Was(path, line); got != want {
			t.Errorf("line %d was %d, want %d", line, got, want)
		}
	}
	if got := plan.Was(fresh, 4); got != 4 {
		t.Errorf("line 4 of a new file was %d", got)
	}
	if got := plan.Was("other.go", 9); got != 9 {
		t.Errorf("line 9 of an unchanged file was %d", got)
	}
}

func TestRestStays(t *testing.T) {
	t.Parallel()
	insert := func(in, behind, text string) (edits []finding.Edit) {
		at := strings.Index(in, behind) + len(behind)
		return []finding.Edit{{Start: at, End: at, New: text}}
	}
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	const ugly = "package p\nimport  (\n\t\"os\"\n\n\n    \"fmt\"\n)\nvar a   = 1\nfunc f() {\n    x:=os.Args ;  fmt.Println( x)\n    if  x!=nil {\n    g( )\n    }\n}\nvar raw = `\n  x\r\n\ty`\nfunc g(){}"
	for name, c := range map[string]struct{ before, old, new, want string }{
		"line ends":       {crlf(source), "defer p.Close()", "\n\tp.Ping( )", crlf(strings.Replace(source, "defer p.Close()", "defer p.Close()\n\tp.Ping()", 1))},
		"byte order mark": {"\ufeff" + source, "defer p.Close()", "\n  p.Ping()", "\ufeff" + strings.Replace(source, "defer p.Close()", "defer p.Close()\n\tp.Ping()", 1)},
		"no line end":     {strings.TrimSpace(source), "defer p.Close()", "\n  p.Ping()", strings.TrimSpace(strings.Replace(source, "defer p.Close()", "defer p.Close()\n\tp.Ping()", 1))},
		"unformatted":     {ugly, "{\n    g( )", "\n\t\tg( 1)", strings.Replace(ugly, "g( )", "g( )\n\t\tg(1)", 1)},
		"aligned":         {"package p\n\nvar x = T{\n\ta: 1,\n}\n", "a: 1,", "\n\tlong: 2,", "package p\n\nvar x = T{\n\ta:    1,\n\tlong: 2,\n}\n"},
		"mixed line ends": {"package p\r\n\nvar a = 1\r\n\nvar b = 2\n", "a = 1", " + 1\nvar c int", "package p\r\n\nvar a = 1 + 1\r\nvar c int\r\n\nvar b = 2\n"},
		"import":          {"package p\n\nimport  \"os\"\nimport \"io\"\nvar  a = os.Args ; var b io.Reader\n", "a = os.Args", "", "package p\n\nimport \"io\"\n\nvar a = nil\nvar b io.Reader\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "p.go")
			if err := os.WriteFile(path, []byte(c.before), 0o666); err != nil {
				t.Fatal(err)
			}
			edits := insert(c.before, c.old, c.new)
			if name == "import" {
				edits[0] = finding.Edit{Start: edits[0].Start - len("os.Args"), End: edits[0].Start, New: "nil"}
			}
			edits[0].Path = path
			plan := New(fixes(edits), []string{dir}, later())
			if err := plan.Write(t.Context(), told); err != nil || !plan.Fixed(0) {
				t.Fatalf("%v, left %v", err, left(plan))
			}
			if got := read(t, path); got != c.want {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
			if got := applied(t, c.before, plan.Diff(func(string) string { return "a b.go" })); got != c.want {
				t.Errorf("git apply makes\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}

// applied returns what git apply makes of a file by the diff.
func applied(t *testing.T, before, diff string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a b.go")
	if err := os.WriteFile(path, []byte(before), 0o666); err != nil {
		t.Fatal(err)
	}
	git := exec.CommandContext(t.Context(), "git", "apply", "-")
	git.Dir, git.Stdin = dir, strings.NewReader(diff)
	git.Env = append(git.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir), "GIT_CONFIG_GLOBAL=/dev/null")
	if out, err := git.CombinedOutput(); err != nil {
		t.Errorf("%v: %s in\n%s", err, out, diff)
	}
	return read(t, path)
}
