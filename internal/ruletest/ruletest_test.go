package ruletest

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
)

// calls is a rule that reports the calls of a function named bad, and one named
// odd with severity info; a call of dark it does not look at. Its whole-run step
// adds how many findings a case has.
var calls = finding.Rule{
	Everywhere: true,
	Analyzer: &analysis.Analyzer{
		Name: "calls", Doc: "report calls", Run: runCalls,
		Requires:   []*analysis.Analyzer{config.Analyzer, directive.Analyzer},
		ResultType: reflect.TypeFor[*finding.Result](),
	},
	Finish: func(found []finding.Located, _ []finding.Evidence) []finding.Located {
		for i := range found {
			found[i].Data = finding.Text(fmt.Sprintf("%s, one of %d", found[i].Message, len(found)))
		}
		return found
	},
}

func runCalls(pass *analysis.Pass) (any, error) {
	report := finding.NewReporter(pass, finding.Warning)
	each(pass, func(call *ast.CallExpr, name *ast.Ident) {
		f := finding.At(name, finding.Text("a call of "+name.Name))
		switch name.Name {
		case "bad":
			for _, better := range []string{"good", "best"} {
				f.SuggestedFixes = append(f.SuggestedFixes, analysis.SuggestedFix{
					Message:   "call " + better,
					TextEdits: []analysis.TextEdit{{Pos: name.Pos(), End: name.End(), NewText: []byte(better)}},
				})
			}
			report.Report(f)
		case "odd":
			f.Severity = finding.Info
			report.Report(f)
		case "dark":
			report.Note(pass.Fset.Position(name.Pos()), "too dark")
		}
	})
	return report.Result(), nil
}

func each(pass *analysis.Pass, do func(*ast.CallExpr, *ast.Ident)) {
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if name, ok := call.Fun.(*ast.Ident); ok {
					do(call, name)
				}
			}
			return true
		})
	}
}

// named is a fact analyzer: of functions it exports their names' lengths, of
// packages their paths.
var named = &analysis.Analyzer{
	Name: "named", Doc: "measure names",
	FactTypes: []analysis.Fact{new(length), new(path)},
	Run: func(pass *analysis.Pass) (any, error) {
		pass.ExportPackageFact(&path{pass.Pkg.Path()})
		for _, file := range pass.Files {
			for _, decl := range file.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok {
					pass.ExportObjectFact(pass.TypesInfo.Defs[fn.Name], &length{len(fn.Name.Name)})
				}
			}
		}
		return nil, nil
	},
}

type length struct{ N int }

func (*length) AFact()           {}
func (l *length) String() string { return fmt.Sprintf("%d letters", l.N) }

type path struct{ Path string }

func (*path) AFact()           {}
func (p *path) String() string { return p.Path }

// facts says of the calls, too, what they call.
var facts = func() finding.Rule {
	rule := Facts(named, nil, func(pass *analysis.Pass, _ any, say Say) {
		each(pass, func(call *ast.CallExpr, name *ast.Ident) {
			f := new(length)
			if pass.ImportObjectFact(pass.TypesInfo.Uses[name], f) {
				say(call.Pos(), "call", f.String())
			}
		})
	})
	rule.Everywhere = true
	return rule
}()

func TestFailures(t *testing.T) {
	t.Parallel()
	const functions = "\nfunc bad()\nfunc odd()\nfunc dark()\n"
	tests := []struct {
		name    string
		rule    finding.Rule
		archive string
		want    []string // "line: error"
	}{
		{"all wanted", calls, `
-- p/p.go --
package p

func f() {
	bad()  // want "^a call of bad, one of 6$"
	bad(); bad() // want "bad" ` + "`call`" + `
	odd()  // want info:"odd"
	dark() // want note:"too dark"
	//poollint:ignore calls -- it must be
	bad() // want suppressed:"it must be"
	// want +1 "b.d"
	bad()
}
` + functions, nil},
		{"cases are apart", calls, `
-- p/p.go --
package p

func f() {
	bad() // want "one of 2"
}
` + functions + `
-- p/below/p_test.go --
package below_test

func f() {
	bad() // want "one of 2"
}
` + functions + `
-- q/q.go --
package q

func f() {
	bad() // want "one of 1"
}
` + functions, nil},
		{"missing", calls, `
-- p/p.go --
package p

func f() {
	odd()  // want "odd" info:"od{2}" info:"once more"
	f() // want "f" note:"f" suppressed:"f"
}
` + functions, []string{
			"6: nothing matches `odd`", "6: nothing matches info:`once more`",
			"7: nothing matches `f`", "7: nothing matches note:`f`", "7: nothing matches suppressed:`f`",
		}},
		{"unexpected", calls, `
-- p/p.go --
package p

func f() {
	bad()
	odd()
	dark()
	//poollint:ignore calls -- it must be
	bad()
	bad() // want "a call of odd"
}
` + functions, []string{
			`6: unexpected "a call of bad, one of 4"`, `7: unexpected info:"a call of odd, one of 4"`, `8: unexpected note:"too dark"`,
			`10: unexpected suppressed:"it must be"`, `11: unexpected "a call of bad, one of 4"`, "11: nothing matches `a call of odd`",
		}},
		{"comments", calls, `
-- p/p.go --
package p

// wants nothing, and "// wanted" is no expectation
/* want "a" */ // want "(" 
var a = "// want this" // want that
// want name "x"
// want +x "x"
`, []string{
			"6: in a want comment: error parsing regexp: missing closing ): `(`", "7: in a want comment: EOF where \":\" is due",
			"8: in a want comment: String where \":\" is due", "9: in a want comment: Ident where Int is due", "6: nothing matches `a`",
		}},
		{"facts", facts, `
-- p/p.go --
package p // want package:"/p$"

func open() {} // want open:"^4 letters$"

func (T) close() { // want close:"5 letters"
	open() // want call:"4 letters"
}

type T struct{}
`, nil},
		{"wrong facts", facts, `
-- p/p.go --
package p // want package:"/q$"

func open() {} // want open:"^5 letters$"

func shut() {
	open()
}
`, []string{
			"3: nothing matches package:`/q$`", `5: unexpected open:"4 letters"`, "5: nothing matches open:`^5 letters$`",
			`7: unexpected shut:"4 letters"`, `8: unexpected call:"4 letters"`,
		}},
		{"does not compile", calls, `
-- p/p.go --
package p

var x int = ""
`, []string{`5: cannot use "" (untyped string constant) as int value in variable declaration`}},
		{"fixed", calls, `
-- p/p.go --
package p

func f() {
	bad() // want "bad"
}
func bad()
-- p/p.go.golden --
package p

func f() {
	good() // want "bad"
}
func bad()
`, nil},
		{"fixed otherwise", calls, `
-- p/p.go --
package p

func f() {
	bad() // want "bad"
}
func bad()
-- p/p.go.golden --
package p

func f() {
	best() // want "bad"
}
func bad()
-- p/q.go --
package p

func g() {
	bad() // want "bad"
}
-- p/r.go --
package p
-- p/r.go.golden --
package p
`, []string{
			"3: the fixes make something else of the file:\n--- want\n+++ got\n@@ -1,6 +1,6 @@\n package p\n \n func f() {\n-\tbest() // want \"bad\"\n+\tgood() // want \"bad\"\n }\n func bad()\n",
			"23: no fix changes the file", "17: a fix changes the file, which has no .golden beside it",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			archive := filepath.Join(write(t, "case.txtar", test.archive), "case.txtar")
			m, err := layOut(t.TempDir(), moduleDir(t), []string{archive})
			if err != nil {
				t.Fatal(err)
			}
			_, errs := m.run(t, test.rule)
			var got []string
			for _, err := range errs {
				got = append(got, strings.TrimPrefix(err.Error(), archive+":"))
			}
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestSections(t *testing.T) {
	t.Parallel()
	dir := moduleDir(t)
	source := "package p\n\nfunc f() {\n\tNAME() // want `bad`\n}\n\nfunc bad()\n"
	text := func(name string) string { return strings.ReplaceAll(source, "NAME", name) }
	writeFile(t, dir, "p.go", text("bad"))
	writeFile(t, dir, "p.go.golden", "-- call best --\n"+text("best")+"-- call good --\n"+text("best")+"-- call x --\n"+text("x"))
	m, err := layOut(t.TempDir(), dir, []string{"./..."})
	if err != nil {
		t.Fatal(err)
	}
	_, errs := m.run(t, calls)
	file := filepath.Join(dir, "p.go")
	if got := fmt.Sprint(errs); len(errs) != 2 ||
		!strings.Contains(got, file+":1: the fixes make something else of the file:\n") || !strings.Contains(got, "\n+\tgood()") ||
		!strings.Contains(got, file+`:1: no fix "call x" changes the file`) {
		t.Errorf("got %v", errs)
	}
}

func TestReplacedModules(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFile(t, dir, "main/go.mod", "module example.test/m\n\ngo 1.26\n\nrequire example.test/other v0.0.0\n\nreplace example.test/other => ../other\n")
	writeFile(t, dir, "other/go.mod", "module example.test/other\n\ngo 1.26\n")
	writeFile(t, dir, "other/other.go", "package other\n\nfunc F() {}\n")
	writeFile(t, dir, "main/p.go", "package p\n\nimport \"example.test/other\"\n\nvar bad = other.F\n\nfunc f() { bad() } // want `bad`\n")
	Run(t, calls, filepath.Join(dir, "main"), "./...")
}

func TestNoArchive(t *testing.T) {
	t.Parallel()
	if _, err := layOut(t.TempDir(), moduleDir(t), []string{"testdata/*.txtar"}); err == nil {
		t.Error("a pattern that names no archive is no error")
	}
	archive := filepath.Join(write(t, "case.txtar", "-- ../../x.go --\npackage x\n"), "case.txtar")
	if _, err := layOut(t.TempDir(), moduleDir(t), []string{archive}); err == nil {
		t.Error("a file outside the module is no error")
	}
}

func moduleDir(t *testing.T) string { return write(t, "go.mod", "module example.test/m\n\ngo 1.26\n") }

func write(t *testing.T, name, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	writeFile(t, dir, name, text)
	return dir
}

func writeFile(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
