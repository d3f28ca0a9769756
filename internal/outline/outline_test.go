package outline

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// declarations prints what a file declares, with positions, but for the bodies
// of functions; false if it cannot be parsed.
func declarations(text []byte) (string, bool) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return "", false
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if body, ok := n.(*ast.BlockStmt); ok {
			body.List = nil
		}
		return true
	})
	var b strings.Builder
	ast.Fprint(&b, fset, file.Decls, nil)
	return b.String(), true
}

func sameDeclarations(t *testing.T, name string, text []byte) {
	t.Helper()
	blanked := bytes.Clone(text)
	Blank(blanked)
	want, ok := declarations(text)
	if !ok {
		return
	}
	if got, ok := declarations(blanked); !ok || got != want {
		t.Errorf("%s declares something else without its bodies:\n%s", name, blanked)
	}
}

func TestStandardLibrary(t *testing.T) {
	t.Parallel()
	out, err := os.Stat(filepath.Join(build.Default.GOROOT, "src"))
	if err != nil || !out.IsDir() {
		t.Skip("the standard library's sources are not here")
	}
	shrunk, total := 0, 0
	for _, dir := range []string{"net", "reflect", "slices"} {
		err := filepath.WalkDir(filepath.Join(build.Default.GOROOT, "src", dir), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sameDeclarations(t, path, text)
			total += len(bytes.Fields(text))
			Blank(text)
			shrunk += len(bytes.Fields(text))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if shrunk > total*3/4 {
		t.Errorf("%d of %d words are left", shrunk, total)
	}
}

var bodies = []string{
	"package p\nfunc f() { g(\"}\") }\nfunc g(string) { _ = '}' /* } */ // }\n}\nvar x int\n",
	"package p\nfunc f(x struct{ a int }) struct{ b int } { return struct{ b int }{1} }\nvar y = 1\n",
	"package p\nfunc (t *T[K]) f(x interface{ M() }) interface {\n\tM()\n} {\n\treturn nil\n}\ntype T[K any] struct{}\n",
	"package p\nfunc f[T interface{ ~int }](a, b map[string]struct{}) (c func() struct{}) { return nil }\n",
	"package p\nfunc asm(x int) int\nfunc other() {\n}\n",
	"package p\nfunc f() (\n\tint,\n\terror,\n) {\n\treturn 0, nil\n}\n",
	"package p\nvar f = func() {\n\tx := 1\n\t_ = x\n}\nvar s = `\nfunc in() {`\nfunc g() { _ = `}` }\n",
	"package p\nfunc f() /* { */ {\n}\nfunc g() // {\nvar s struct{}\n",
	"package p\nvar f =\nfunc () int { return 1 }()\n",
	"package p\nfunc (",
	"package p\nfunc f() { \"\n}\n",
	"func ",
}

func TestBlank(t *testing.T) {
	for _, text := range bodies {
		sameDeclarations(t, text, []byte(text))
	}
}

func FuzzBlank(f *testing.F) {
	for _, text := range bodies {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { sameDeclarations(t, "it", text) })
}
