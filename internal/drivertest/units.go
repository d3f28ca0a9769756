package drivertest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// listed is a package as go list prints it.
type listed struct {
	Dir                       string
	ImportPath                string // "p [q.test]" is p as compiled for the test of q
	Name                      string
	ForTest                   string
	Standard                  bool
	GoFiles, IgnoredGoFiles   []string
	TestGoFiles, XTestGoFiles []string
	Imports                   []string
	ImportMap                 map[string]string
	Module                    *struct {
		Path, Version, GoVersion string
		Main                     bool
	}
	Error *struct{ Err string }
}

// Units drives the command through the protocol by which go vet and other
// build systems call it: once for each package of the transitive closure of
// ./..., dependencies first, types and facts handed on as files.
func Units(t testing.TB, dir string) []Finding {
	t.Helper()
	list := Env{"CGO_ENABLED=0"}.Run(t, dir, "go", "list", "-deps", "-test", "-json", "./...")
	if list.Status != 0 {
		t.Fatalf("go list: %s", list.Stderr)
	}
	var packages []listed
	tested := map[string]bool{}
	for decoder := json.NewDecoder(strings.NewReader(list.Stdout)); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.Error != nil {
			t.Fatalf("%s: %s", p.ImportPath, p.Error.Err)
		}
		if len(p.GoFiles) == 0 || p.ImportPath == "unsafe" || p.Name == "main" && strings.HasSuffix(p.ImportPath, ".test") {
			continue
		}
		if p.ForTest == p.path() {
			tested[p.path()] = true
		}
		packages = append(packages, p)
	}

	files := t.TempDir()
	vetx := map[string]string{} // by go list's import path: the file of types and facts
	var findings []Finding
	for i, p := range packages {
		vetx[p.ImportPath] = filepath.Join(files, fmt.Sprint(i, ".vetx"))
		out := Run(t, p.Dir, Poollint, "-json", p.unit(t, files, i, vetx, tested))
		if out.Status != 0 {
			t.Fatalf("%s: exit status %d\n%s%s", p.ImportPath, out.Status, out.Stdout, out.Stderr)
		}
		findings = append(findings, VetFindings(t, dir, out.Stdout)...)
	}
	return Sort(findings)
}

// path returns the import path as the compiler sees it.
func (p *listed) path() string {
	path, _, _ := strings.Cut(p.ImportPath, " ")
	return path
}

// unit writes the i-th description of a unit and returns its file.
func (p *listed) unit(t testing.TB, dir string, i int, vetx map[string]string, tested map[string]bool) string {
	t.Helper()
	cfg := map[string]any{
		"ID":           p.ImportPath,
		"Dir":          p.Dir,
		"ImportPath":   p.path(),
		"GoFiles":      p.files(p.GoFiles),
		"IgnoredFiles": p.files(p.IgnoredGoFiles),
		"VetxOutput":   vetx[p.ImportPath],
		// A package is judged together with its tests, if it has any.
		"VetxOnly": p.Module == nil || !p.Module.Main || p.ForTest == "" && tested[p.path()],
	}
	if p.Module != nil {
		cfg["ModulePath"], cfg["ModuleVersion"] = p.Module.Path, p.Module.Version
		cfg["GoVersion"] = "go" + p.Module.GoVersion
	}
	importMap, packageVetx := map[string]string{}, map[string]string{}
	for _, imported := range p.Imports {
		path, _, _ := strings.Cut(imported, " ")
		importMap[path] = path
		if imported != "unsafe" {
			packageVetx[path] = vetx[imported]
		}
	}
	for source, imported := range p.ImportMap {
		path, _, _ := strings.Cut(imported, " ")
		importMap[source] = path
	}
	cfg["ImportMap"], cfg["PackageVetx"] = importMap, packageVetx
	text, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, fmt.Sprint(i, ".cfg"))
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func (p *listed) files(names []string) []string {
	files := make([]string, len(names))
	for i, name := range names {
		files[i] = filepath.Join(p.Dir, name)
	}
	return files
}
