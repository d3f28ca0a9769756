// Package pages holds the code on the rules' pages to what it claims: what
// stands under Bad is found, what stands under Good is not.
package pages

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/drivertest"
	"github.com/poollint/poollint/internal/passtest"
	"github.com/poollint/poollint/internal/ruledoc"
)

func TestMain(m *testing.M) { drivertest.Main(m) }

// imports tells what the package names on the pages mean.
var imports = map[string]string{
	"context":  "context",
	"errors":   "errors",
	"fmt":      "fmt",
	"os":       "os",
	"pgx":      "github.com/jackc/pgx/v5",
	"pgxpool":  "github.com/jackc/pgx/v5/pgxpool",
	"require":  "github.com/stretchr/testify/require",
	"sql":      "database/sql",
	"sync":     "sync",
	"testing":  "testing",
	"testpool": "github.com/poollint/poollint/testpool",
	"time":     "time",
	"uuid":     "github.com/google/uuid",
}

// A snippet is a code block as a package of the module testdata/shop.
type snippet struct {
	rule, dir string
	bad       bool
	functions map[string][2]int // first and last line by name
}

func TestSections(t *testing.T) {
	t.Parallel()
	for _, rule := range poollint.Rules() {
		page := string(ruledoc.Markdown(rule.Analyzer))
		for _, heading := range []string{"What is wrong", "Why it hurts", "Bad", "Good", "How to fix", "What it says", "What it does not see"} {
			if rule.Name != "directive" && !strings.Contains(page, "\n## "+heading+"\n") {
				t.Errorf("%s: the page has no section %q", rule.Name, heading)
			}
		}
	}
}

func TestPages(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles and lints the code on the pages")
	}
	t.Parallel()
	module := drivertest.Copy(t, filepath.Join("testdata", "shop"))
	var snippets []snippet
	for _, rule := range poollint.Analyzers() {
		for _, heading := range []string{"Bad", "Good"} {
			blocks := ruledoc.Code(rule, heading)
			if len(blocks) == 0 && (heading == "Bad" || rule.Name != "directive") {
				t.Errorf("%s: no code under %q", rule.Name, heading)
			}
			for i, code := range blocks {
				s := snippet{rule: rule.Name, bad: heading == "Bad"}
				s.dir = fmt.Sprintf("%s%s%d", rule.Name, strings.ToLower(heading), i)
				if err := s.write(module, code); err != nil {
					t.Errorf("%s: %s: %v\n%s", rule.Name, heading, err, code)
					continue
				}
				snippets = append(snippets, s)
			}
		}
	}
	passtest.Analyse(t, nil, module, "./...") // which fails where the code does not compile

	findings := map[string][]drivertest.Finding{} // by directory
	for _, f := range drivertest.Standalone(t, module, "./...") {
		dir := filepath.Dir(f.Path)
		findings[dir] = append(findings[dir], f)
	}
	for _, s := range snippets {
		if !s.bad {
			for _, f := range findings[s.dir] {
				t.Errorf("%s: what is good is found: %v", s.rule, f)
			}
			continue
		}
		if !slices.ContainsFunc(findings[s.dir], func(f drivertest.Finding) bool { return f.Rule == s.rule }) {
			t.Errorf("%s: what is bad is not found", s.rule)
		}
		for name, lines := range s.functions {
			if !slices.ContainsFunc(findings[s.dir], func(f drivertest.Finding) bool {
				return f.Rule == s.rule && lines[0] <= f.Line && f.Line <= lines[1]
			}) {
				t.Errorf("%s: what is bad is not found in %s", s.rule, name)
			}
		}
	}
}

// write makes the code a package of the module, with the declarations of
// testdata/shop/page, which the code may use.
func (s *snippet) write(module, code string) error {
	code = elide(code)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "page.go", "package page\n"+code, parser.ParseComments)
	if err != nil {
		return err
	}
	paths := map[string]bool{}
	for _, id := range file.Unresolved {
		if path, ok := imports[id.Name]; ok {
			paths[path] = true
		}
	}
	text := "package page\n\nimport (\n"
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		text += fmt.Sprintf("%q\n", path)
	}
	formatted, err := format.Source([]byte(text + ")\n\n" + code))
	if err != nil {
		return err
	}
	name := "page.go"
	if paths["testing"] {
		name = "page_test.go"
	}
	if err := s.locate(formatted); err != nil {
		return err
	}
	dir := filepath.Join(module, s.dir)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(module, "page"))); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), formatted, 0o666)
}

var declaration = regexp.MustCompile(`^\t(\w+)(, \w+)* :=`)

// elide replaces "...", which stands for what does not matter, by a use of the
// first variable of each declaration above it in the function.
func elide(code string) string {
	var b strings.Builder
	var names []string
	for line := range strings.Lines(code) {
		switch m := declaration.FindStringSubmatch(line); {
		case strings.TrimSpace(line) == "...":
			for _, name := range names {
				fmt.Fprintf(&b, "\t_ = %s\n", name)
			}
			continue
		case strings.HasPrefix(line, "func "):
			names = nil
		case m != nil:
			names = append(names, m[1])
		}
		b.WriteString(line)
	}
	return b.String()
}

// locate notes where the functions stand.
func (s *snippet) locate(text []byte) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, 0)
	if err != nil {
		return err
	}
	s.functions = map[string][2]int{}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			s.functions[fn.Name.Name] = [2]int{fset.Position(fn.Pos()).Line, fset.Position(fn.End()).Line}
		}
	}
	return nil
}
