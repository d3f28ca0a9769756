package driver

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/cache"
)

// A cached run tells a change of what it depends on, wherever that stands. Each
// archive is written over the one before; $DIR in it is where.
func TestWhatMakesStale(t *testing.T) {
	const (
		lent      = "package v\nimport \"database/sql\"\nfunc Open() *sql.DB { return nil }\n"
		changed   = "package v\nimport \"database/sql\"\nfunc Open() (*sql.DB, error) { return nil, nil }\n"
		user      = "-- a.go --\npackage m\nimport (\"database/sql\"; \"example.com/v\")\nvar DB *sql.DB = v.Open()\nfunc Other() { sql.Open(\"\", \"\") }\n"
		module    = user + "-- go.mod --\nmodule example.com/m\ngo 1.26\nrequire example.com/v v1.0.0\n"
		inside    = module + "replace example.com/v => ./v\n-- v/go.mod --\nmodule example.com/v\ngo 1.26\n-- v/v.go --\n"
		byOverlay = "-- env --\nGOFLAGS=-overlay=$DIR/overlay.json\n"
		overlay   = "-- overlay.json --\n{\"Replace\": {\"$DIR/v/v.go\": \"$DIR/other.txt\"}}\n-- other.txt --\n"
	)
	for name, c := range map[string]struct {
		env      map[string]string // $DIR in it is the tree's
		load     Load
		archives []string
	}{
		"signature in a replaced module": {archives: []string{
			inside + lent, "-- v/v.go --\n" + changed, "-- go.mod --\nmodule example.com/m\ngo 1.25\nrequire example.com/v v1.0.0\nreplace example.com/v => ./v\n",
		}},
		"signature in a replaced module outside": {archives: []string{
			"-- m/go.work --\ngo 1.26\nuse .\nreplace example.com/v => ../v\n" + in("m", module) + "-- v/go.mod --\nmodule example.com/v\ngo 1.26\n-- v/v.go --\n" + lent,
			"-- v/v.go --\n" + changed,
		}},
		"signature below a replaced module": {archives: []string{
			inside + "package v\nimport \"example.com/v/w\"\nfunc Open() w.DB { return nil }\n-- v/w/w.go --\npackage w\nimport \"database/sql\"\ntype DB = *sql.DB\n",
			"-- v/w/w.go --\npackage w\nimport \"database/sql\"\ntype DB = **sql.DB\n",
		}},
		"mistake where nothing is looked for": {load: LoadExport, archives: []string{
			inside + lent + "-- x/x.go --\npackage x\nvar x int\n", "-- x/x.go --\npackage x\nvar x int = \"\"\n",
		}},
		"signature in GOPATH": {env: map[string]string{"GO111MODULE": "off", "GOPATH": "$DIR"}, archives: []string{
			in("src/example.com/m", user) + "-- src/example.com/v/v.go --\n" + lent, "-- src/example.com/v/v.go --\n" + changed,
		}},
		"overlay": {env: map[string]string{"GOFLAGS": "-overlay=$DIR/overlay.json"}, archives: []string{
			inside + lent + overlay + lent, overlay + changed,
		}},
		"overlay by go env -w": {env: map[string]string{"GOENV": "$DIR/env"}, archives: []string{
			inside + lent + overlay + lent, byOverlay, overlay + changed,
		}},
		"overlay by a settings file below": {env: map[string]string{"GOENV": "env"}, archives: []string{
			inside + lent + overlay + lent + byOverlay, overlay + changed,
		}},
		"workspace by go env -w": {env: map[string]string{"GOENV": "$DIR/env"}, archives: []string{
			module + "-- env --\nGOWORK=$DIR/w/go.work\n-- w/go.work --\ngo 1.26\nuse ..\nreplace example.com/v => ../v\n-- v/go.mod --\nmodule example.com/v\ngo 1.26\n-- v/v.go --\n" + lent +
				"-- v2/go.mod --\nmodule example.com/v\ngo 1.26\n-- v2/v.go --\n" + changed,
			"-- w/go.work --\ngo 1.26\nuse ..\nreplace example.com/v => ../v2\n",
		}},
		"tags by go env -w": {env: map[string]string{"GOENV": "$DIR/env"}, archives: []string{
			inside + lent + "-- more.go --\n//go:build more\n\npackage m\nfunc More() { Other() }\n", "-- env --\nGOFLAGS=-tags=more\n",
		}},
		"a version that another module of the workspace asks for": {archives: []string{
			"-- go.work --\ngo 1.26\nuse ./m\nuse ./w\nreplace example.com/v v1.0.0 => ./v\nreplace example.com/v v1.1.0 => ./v1.1\n" + in("m", module) +
				"-- v/go.mod --\nmodule example.com/v\ngo 1.26\n-- v/v.go --\n" + lent +
				"-- v1.1/go.mod --\nmodule example.com/v\ngo 1.26\n-- v1.1/v.go --\n" + changed +
				"-- w/go.mod --\nmodule example.com/w\ngo 1.26\n",
			"-- w/go.mod --\nmodule example.com/w\ngo 1.26\nrequire example.com/v v1.1.0\n",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.env == nil {
				t.Parallel()
			}
			dir := tree(t, "")
			for variable, value := range c.env {
				t.Setenv(variable, strings.ReplaceAll(value, "$DIR", dir))
			}
			store, err := cache.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			for i, archive := range c.archives {
				write(t, dir, strings.ReplaceAll(archive, "$DIR", dir))
				time.Sleep(60 * time.Millisecond) // else the change is too young to be kept
				o := options(dir, "./...")
				for _, below := range []string{"m", "src/example.com/m"} {
					if _, err := os.Stat(filepath.Join(dir, below)); err == nil {
						o.Dir = filepath.Join(dir, below)
					}
				}
				o.Load = c.load
				build := exec.Command("go", "build", "example.com/v") // so that there is export data, if it compiles
				build.Dir = o.Dir
				build.Run()
				want, wantErr := Run(t.Context(), o)
				if i == 0 && (wantErr != nil || len(want.Findings) == 0 || want.Failures != nil) {
					t.Fatalf("at first %+v, %v", want, wantErr)
				}
				o.Cache, o.Tool = store, "test"
				for range 2 { // what the first run keeps, the second takes
					got, gotErr := Run(t.Context(), o)
					if fmt.Sprint(gotErr) != fmt.Sprint(wantErr) || !reflect.DeepEqual(got, want) {
						t.Fatalf("step %d:\ngot  %+v, %v\nwant %+v, %v", i, got, gotErr, want, wantErr)
					}
				}
			}
		})
	}
}

// Which packages are looked at is part of what is asked.
func TestOtherLibrariesAreAnotherRun(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	store, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(60 * time.Millisecond)
	o := options(dir)
	o.Cache, o.Tool, o.Libraries = store, "test", nil
	equal(t, "without libraries", lines(dir, mustRun(t, o)), nil)
	o.Libraries = []string{"database/sql"}
	equal(t, "with one", lines(dir, mustRun(t, o)), serviceFindings)
}

// Only where the go command compiles does it tell mistakes in packages that are
// not looked at.
func TestOtherLoadIsAnotherRun(t *testing.T) {
	t.Parallel()
	dir := tree(t, "-- go.mod --\nmodule example.com/m\ngo 1.26\n-- x.go --\npackage m\nvar x int = \"\"\n")
	store, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(60 * time.Millisecond)
	o := options(dir)
	o.Cache, o.Tool = store, "test"
	for _, c := range []struct {
		load     Load
		failures int
	}{{LoadAuto, 0}, {LoadSource, 0}, {LoadExport, 1}} {
		o.Load = c.load
		if r := mustRun(t, o); len(r.Failures) != c.failures {
			t.Errorf("-load=%s: %v", o.Load, r.Failures)
		}
	}
}

// in moves the files of an archive to a directory.
func in(dir, archive string) string { return strings.ReplaceAll(archive, "-- ", "-- "+dir+"/") }

// A file whose name the go command cannot tell, since it is no UTF-8, costs its
// package, with the cache as without.
func TestFileThatCannotBeNamed(t *testing.T) {
	t.Parallel()
	dir := tree(t, "-- go.mod --\nmodule example.com/m\ngo 1.26\n-- a/a.go --\npackage a\nimport \"database/sql\"\nfunc A() { sql.Open(\"\", \"\") }\n-- b/b.go --\npackage b\n")
	if err := os.WriteFile(filepath.Join(dir, "b/\xff.go"), []byte("package b\nimport _ \"database/sql\"\n"), 0o666); err != nil {
		t.Skip(err)
	}
	store, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ask := question{Dir: dir, Patterns: []string{"./..."}, Load: LoadAuto}
	want := ask.answer(nil)
	if want.Err != "" || len(want.Result.Findings) != 1 || len(want.Result.Failures) != 1 {
		t.Fatalf("%+v, %s", want.Result, want.Err)
	}
	for range 2 {
		if got := ask.answer(store); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %s\nwant %+v", got.Result, got.Err, want.Result)
		}
	}
}
