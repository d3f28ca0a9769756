package fix

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
		"overlapping: the first wins, whole": {
			fixes([]finding.Edit{edit(file, "p.Close()", "a()")},
				[]finding.Edit{edit(file, "fmt.Println(p)", "b()"), edit(file, "defer p.Close()", "c()")}),
			[]bool{true, false}, []string{"defer a()", "fmt.Println(p)"}, []string{"b()", "c()"},
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
			plan, err := New(c.findings)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(plan.Fixed, c.fixed) {
				t.Errorf("fixed %v, want %v", plan.Fixed, c.fixed)
			}
			diff := plan.Diff(filepath.Base)
			if !strings.Contains(diff, "--- a/p.go\n+++ b/p.go\n@@") {
				t.Errorf("diff:\n%s", diff)
			}
			if err := plan.Write(); err != nil {
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
			if err := plan.Write(); err == nil {
				t.Error("a file that has changed meanwhile is written over")
			}
		})
	}
}

func TestSuppressedAndUnfitFixes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(path, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	suppressed := fixes([]finding.Edit{edit(path, "defer", "go")})
	suppressed[0].Suppressed = "why"
	plan, err := New(suppressed)
	if err != nil || plan.Fixed[0] || len(plan.Files()) != 0 {
		t.Errorf("a suppressed finding is fixed: %v", err)
	}
	for name, e := range map[string]finding.Edit{
		"does not parse": edit(path, "defer p.Close()", "defer ("),
		"out of bounds":  {Path: path, Start: len(source), End: len(source) + 1},
	} {
		if _, err := New(fixes([]finding.Edit{e})); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
