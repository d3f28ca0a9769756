package directive

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// In the sources of this test each call report("rule") stands for a finding;
// report("rule", true) for one that must be silenced.
func TestSilence(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"on the line":           `report("a", true) //poollint:ignore a -- why`,
		"above the line":        "//poollint:ignore a -- why\nreport(\"a\", true)",
		"not two lines below":   "//poollint:ignore a -- why\nx()\nreport(\"a\")",
		"not above":             "report(\"a\")\n//poollint:ignore a -- why\nx()",
		"trailing, not below":   "x() //poollint:ignore a -- why\nreport(\"a\")",
		"a blank line between":  "//poollint:ignore a -- why\n\nreport(\"a\")",
		"another rule":          "//poollint:ignore b -- why\nreport(\"a\")",
		"several rules":         "//poollint:ignore a, b -- why\nx(report(\"a\", true), report(\"b\", true), report(\"c\"))",
		"no reason":             "//poollint:ignore a\nreport(\"a\")",
		"an empty reason":       "//poollint:ignore a --   \nreport(\"a\")",
		"no space":              "//poollint:ignored a -- why\nreport(\"a\")",
		"not a directive":       "// poollint:ignore a -- why\nreport(\"a\")",
		"dashes in the reason":  "//poollint:ignore a -- why -- so\nreport(\"a\", true)",
		"more comment below":    "//poollint:ignore a -- why\n// and more\nreport(\"a\", true)",
		"more comment above":    "// more\n//poollint:ignore a -- why\nreport(\"a\", true)",
		"a long statement":      "//poollint:ignore a -- why\nx(\n1,\nreport(\"a\", true),\n)\nreport(\"a\")",
		"a long assignment":     "//poollint:ignore a -- why\ny, z :=\nx(),\nreport(\"a\", true)",
		"trailing, long":        "x( //poollint:ignore a -- why\n1,\nreport(\"a\", true),\n)",
		"a function literal":    "//poollint:ignore a -- why\nt.Run(\"\", func() {\nx()\nreport(\"a\", true)\n})",
		"the head of an if":     "//poollint:ignore a -- why\nif y := x(\nreport(\"a\", true)); y {\nreport(\"a\")\n}",
		"the head of a for":     "//poollint:ignore a -- why\nfor range report(\"a\", true) {\nreport(\"a\")\n}",
		"the head of a switch":  "//poollint:ignore a -- why\nswitch report(\"a\", true) {\ncase 1:\nreport(\"a\")\n}",
		"the head of a case":    "switch {\n//poollint:ignore a -- why\ncase report(\"a\", true):\nreport(\"a\")\n}",
		"an else branch":        "if x() {\n} else {\n//poollint:ignore a -- why\nreport(\"a\", true)\n}",
		"an element":            "z := []any{\n//poollint:ignore a -- why\nx(\nreport(\"a\", true),\n),\nreport(\"a\"),\n}",
		"a keyed element":       "z := m{\n//poollint:ignore a -- why\nk: x(\nreport(\"a\", true),\n),\nl: report(\"a\"),\n}",
		"a link of a chain":     "x().\n//poollint:ignore a -- why\ny(report(\"a\", true)).\nz(report(\"a\"))",
		"a local declaration":   "//poollint:ignore a -- why\nvar (\ny = 1\nz = report(\"a\", true)\n)",
		"one of a declaration":  "var (\n//poollint:ignore a -- why\ny = report(\"a\", true)\nz = report(\"a\")\n)",
		"trailing in a literal": "z := m{\nk: report(\"a\", true), //poollint:ignore a -- why\nl: report(\"a\"),\n}",
	} {
		for _, shape := range []string{"package p\nfunc f() {\n" + body + "\n}\n", "package p\n//line other.go:100\nfunc f() {\n" + body + "\n}\n"} {
			check(t, name, shape)
		}
	}
	for name, source := range map[string]string{
		"a function":          "package p\n//poollint:ignore a -- why\nfunc f() {\nx()\nreport(\"a\", true)\n}\nfunc g() { report(\"a\") }",
		"in a doc comment":    "package p\n// F does.\n//\n//poollint:ignore a -- why\nfunc f() {\nx()\nreport(\"a\", true)\n}",
		"a variable":          "package p\n//poollint:ignore a -- why\nvar v = x(\nreport(\"a\", true),\n)\nvar w = report(\"a\")",
		"one of a group":      "package p\nvar (\n//poollint:ignore a -- why\nv = x(\nreport(\"a\", true))\nw = report(\"a\")\n)",
		"a whole group":       "package p\n//poollint:ignore a -- why\nvar (\nv = 1\nw = report(\"a\", true)\n)",
		"not the whole file":  "//poollint:ignore a -- why\npackage p\nvar v = report(\"a\")",
		"a field's function":  "package p\ntype s struct {\n//poollint:ignore a -- why\nf [len(report(\"a\", true))]int\ng [len(report(\"a\"))]int\n}",
		"carriage returns":    "package p\r\n//poollint:ignore a -- why\r\nvar v = report(\"a\", true)\r\n",
		"at the very end":     "package p\nvar v = report(\"a\")\n//poollint:ignore a -- why",
		"the file's last one": "package p\nvar v = report(\"a\", true) //poollint:ignore a -- why",
	} {
		check(t, name, source)
	}
}

func check(t *testing.T, name, source string) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	index := newIndex(fset, []*ast.File{file})
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		if fun, ok := call.Fun.(*ast.Ident); !ok || fun.Name != "report" {
			return true
		}
		rule, err := strconv.Unquote(call.Args[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		d := index.Silence(rule, call.Pos())
		if want := len(call.Args) > 1; (d != nil) != want {
			t.Errorf("%s: line %d: silenced %v, want %v", name, fset.PositionFor(call.Pos(), false).Line, d != nil, want)
		}
		if d != nil && !index.Used(d, rule) {
			t.Errorf("%s: the directive does not count as used", name)
		}
		return true
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", " a -- why", " a,b,,c--", "\ta", " -- ", "x", " a -- b -- c\r"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\n\x00") {
			t.Skip()
		}
		d, ok := parse(&ast.Comment{Text: "//" + begin + text})
		if !ok {
			return
		}
		if strings.TrimSpace(d.Reason) != d.Reason {
			t.Errorf("reason %q", d.Reason)
		}
		if slices.ContainsFunc(d.Rules, func(r string) bool { return r == "" || strings.ContainsAny(r, ",") || strings.Contains(r, "--") }) {
			t.Errorf("rules %q", d.Rules)
		}
	})
}

func BenchmarkSilence(b *testing.B) {
	var source strings.Builder
	source.WriteString("package p\n")
	for i := range 500 {
		if i%50 == 0 {
			source.WriteString("//poollint:ignore a -- why\n")
		}
		source.WriteString("var _ = f()\n")
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source.String(), parser.ParseComments)
	if err != nil {
		b.Fatal(err)
	}
	index := newIndex(fset, []*ast.File{file})
	b.ReportAllocs()
	for b.Loop() {
		for _, decl := range file.Decls {
			index.Silence("a", decl.Pos())
		}
	}
}
