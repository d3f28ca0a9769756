package vetx

import (
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/unitchecker"
)

// unit writes a package of one file and returns what go vet would say of it.
func unit(t *testing.T, path, text string, imports ...*unitchecker.Config) *unitchecker.Config {
	t.Helper()
	dir := t.TempDir()
	u := &unitchecker.Config{
		ImportPath:  path,
		GoFiles:     []string{filepath.Join(dir, "p.go")},
		GoVersion:   "go1.26",
		ImportMap:   map[string]string{"unsafe": "unsafe"},
		PackageVetx: map[string]string{},
		VetxOnly:    true,
		VetxOutput:  filepath.Join(dir, "vetx"),
	}
	if err := os.WriteFile(u.GoFiles[0], []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, dep := range imports {
		u.ImportMap["as/"+dep.ImportPath] = dep.ImportPath
		u.PackageVetx[dep.ImportPath] = dep.VetxOutput
	}
	return u
}

const a = `package a

import "unsafe"

type T[K any] struct{ Key K }

func (t T[K]) Get() K { return t.Key + missing }

const Size = unsafe.Sizeof(T[int]{})

func New() *T[string] {
	undefined()
}
`

// Types are handed on from unit to unit, and nobody looks into functions.
func TestHandOn(t *testing.T) {
	t.Parallel()
	first := unit(t, "a", a)
	second := unit(t, "b", "package b\n\nimport \"as/a\"\n\nvar V = a.New().Get()\n\nvar S [a.Size]int\n", first)
	for _, u := range []*unitchecker.Config{first, second} {
		if err := HandOn(u); err != nil {
			t.Fatal(err)
		}
	}
	in := importer{unit(t, "c", "", second), token.NewFileSet(), map[string]*types.Package{}}
	pkg, err := in.Import("as/b")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"V": "string", "S": "[8]int"} {
		if got := pkg.Scope().Lookup(name).Type().String(); got != want {
			t.Errorf("%s is of type %s, not %s", name, got, want)
		}
	}
}

// What cannot be handed on this way is told, and left to unitchecker.
func TestCannotHandOn(t *testing.T) {
	t.Parallel()
	good := unit(t, "a", "package a\n")
	if err := HandOn(good); err != nil {
		t.Fatal(err)
	}
	junk := unit(t, "junk", "package junk\n")
	if err := os.WriteFile(junk.VetxOutput, []byte("vetx and not more of it"), 0o666); err != nil {
		t.Fatal(err)
	}
	foreign := unit(t, "foreign", "package foreign\n")
	if err := os.WriteFile(foreign.VetxOutput, []byte("facts of an older protocol"), 0o666); err != nil {
		t.Fatal(err)
	}
	unmade := unit(t, "unmade", "package unmade\n")
	for text, want := range map[string]string{
		"package p\nfunc {":                             "expected 'IDENT'",
		"package p\nvar x int = \"\"":                   "cannot use",
		"package p\nimport _ \"unknown\"":               "cannot resolve import",
		"package p\nimport _ \"as/junk\"":               "cut off",
		"package p\nimport _ \"as/foreign\"":            "not of go vet's",
		"package p\nimport _ \"as/unmade\"":             "no such file",
		"package p\nimport _ \"as/a\"\nvar y int = nil": "cannot use nil",
	} {
		u := unit(t, "p", text, good, junk, foreign, unmade)
		if err := HandOn(u); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
		if _, err := os.Stat(u.VetxOutput); err == nil {
			t.Errorf("%q: something was handed on", text)
		}
	}
}
