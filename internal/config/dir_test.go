package config

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// A line directive must not choose the module whose files are read, but for the files that cgo makes.
func TestDir(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"/module/p/p.go":                  "/module/p",
		"/tmp/work/b001/_cgo_gotypes.go":  "/elsewhere",
		"/home/user/.cache/go-build/ab-d": "/elsewhere",
	} {
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, file, "//line /elsewhere/x.go:1\npackage p\n", parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		if got := Dir(&analysis.Pass{Fset: fset, Files: []*ast.File{parsed}}); got != want {
			t.Errorf("the package of %s is in %s, want %s", file, got, want)
		}
	}
}
