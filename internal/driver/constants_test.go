package driver

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

func TestShorten(t *testing.T) {
	t.Parallel()
	doubling := func(n int) string {
		var b strings.Builder
		b.WriteString("package p\nconst c0 = \"some text\"\n")
		for i := range n {
			fmt.Fprintf(&b, "const c%d = c%d + c%d\n", i+1, i, i)
		}
		return b.String()
	}
	long := types.NewPackage("example.com/long", "long")
	text := constant.MakeString(strings.Repeat("x", maxText*2/3))
	long.Scope().Insert(types.NewConst(token.NoPos, long, "C", types.Typ[types.UntypedString], text))
	importer := importFunc(func(string) (*types.Package, error) { return long, nil })
	for name, test := range map[string]struct {
		source string
		cut    bool
	}{
		"doubled too often":     {doubling(40), true},
		"doubled a little":      {doubling(10), false},
		"a long text":           {"package p\nconst c = \"" + strings.Repeat("x", 2*maxText) + "\" + \"y\"\n", false},
		"a sum in a function":   {doubling(14) + "func f() string { return c14" + strings.Repeat(" + c14", 100) + " }\n", true},
		"another package's":     {"package p\nimport \"example.com/long\"\nconst c = long.C + long.C\n", true},
		"renamed":               {"package p\nimport l \"example.com/long\"\nfunc f() string { return l.C + \"x\" + l.C }\n", true},
		"imported with a dot":   {"package p\nimport . \"example.com/long\"\nconst c = C + C\n", true},
		"another's as it is":    {"package p\nimport \"example.com/long\"\nconst c = long.C + \"x\"\n", false},
		"made of itself":        {"package p\nconst a = b + b\nconst b = a + a\n", false},
		"repeated without text": {"package p\nconst (\na = \"x\" + \"y\"\nb\nc\n)\n", false},
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", test.source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if cut := shorten([]*ast.File{file}, len(test.source), importer); (len(cut) > 0) != test.cut {
			t.Errorf("%s: cut at %v, want %v", name, cut, test.cut)
		}
		if again := shorten([]*ast.File{file}, len(test.source), importer); len(again) > 0 {
			t.Errorf("%s: still too long", name)
		}
	}
}
