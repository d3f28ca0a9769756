package sqltext_test

import (
	"fmt"
	"go/ast"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/passtest"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
)

// A comment such as "// local: SELECT 1" in a function of the testdata gives a
// text of one of its queries, with the form; holes are underscores.
var wanted = regexp.MustCompile(`^// ((?:constant|local|literal|format|concat|helper|wrapper|builder|field|file)(?: \w+)?: .*)`)

type unit struct {
	passtest.Analysed
	result *sqltext.Result
}

func load(t *testing.T) (units []unit) {
	t.Helper()
	for _, a := range passtest.Analyse(t, sqltext.Analyzer, "testdata/queries", "./...") {
		units = append(units, unit{a, a.Result.(*sqltext.Result)})
	}
	return units
}

func TestTexts(t *testing.T) {
	t.Parallel()
	for _, u := range load(t) {
		t.Run(u.Pkg.Name(), func(t *testing.T) {
			t.Parallel()
			for _, file := range u.Files {
				for _, decl := range file.Decls {
					if fn, ok := decl.(*ast.FuncDecl); ok {
						compareTexts(t, u, file, fn)
					}
				}
			}
			checkPositions(t, u)
		})
	}
}

func compareTexts(t *testing.T, u unit, file *ast.File, fn *ast.FuncDecl) {
	var want, got []string
	for _, group := range file.Comments {
		for _, c := range group.List {
			if m := wanted.FindStringSubmatch(c.Text); m != nil && fn.Pos() <= c.Pos() && c.Pos() < fn.End() {
				want = append(want, m[1])
			}
		}
	}
	for _, s := range u.result.Sites {
		if s.Func != fn {
			continue
		}
		form := string(s.Form)
		if s.Name != "" {
			form += " " + s.Name
		}
		for _, text := range s.Texts {
			got = append(got, form+": "+flat(text.SQL))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: %s:\n got %s\nwant %s", u.Fset.Position(fn.Pos()), fn.Name.Name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func flat(sql string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(sql, sqlast.HoleMark, "_")), " ")
}

// checkPositions holds every word of the texts that the source spells as such to
// its position.
func checkPositions(t *testing.T, u unit) {
	sources := map[string][]byte{}
	word := regexp.MustCompile(`[A-Za-z_]{3,}`)
	exact := 0
	for _, s := range u.result.Sites {
		for _, text := range s.Texts {
			checkHoles(t, u, text)
			for _, m := range word.FindAllStringIndex(text.SQL, -1) {
				pos := text.Pos(m[0])
				if !pos.IsValid() {
					t.Errorf("%s: no position for %q", u.Fset.Position(s.Pos), text.SQL[m[0]:m[1]])
					continue
				}
				at := u.Fset.Position(pos)
				if sources[at.Filename] == nil {
					sources[at.Filename], _ = os.ReadFile(at.Filename)
				}
				if text.Pos(m[0]+1) != pos+1 {
					continue // the source does not hold it as such
				}
				exact++
				if got := string(sources[at.Filename][at.Offset:]); !strings.HasPrefix(got, text.SQL[m[0]:m[1]]) {
					t.Errorf("%s: %q maps to %q", at, text.SQL[m[0]:m[1]], got[:min(20, len(got))])
				}
			}
		}
	}
	if u.Pkg.Name() == "raw" && exact < 50 {
		t.Errorf("only %d words have positions of their own", exact)
	}
}

// checkHoles holds the holes of a text to the marks in it, in their order.
func checkHoles(t *testing.T, u unit, text *sqltext.Text) {
	rest := 0
	for _, h := range text.Holes {
		next := strings.Index(text.SQL[rest:], sqlast.HoleMark)
		if next < 0 || h.Offset != rest+next || !h.Pos.IsValid() {
			t.Errorf("%s: no hole at %d of %q", u.Fset.Position(h.Pos), h.Offset, text.SQL)
			return
		}
		rest = h.Offset + len(sqlast.HoleMark)
	}
	if strings.Contains(text.SQL[rest:], sqlast.HoleMark) {
		t.Errorf("%s: a mark without a hole in %q", u.Fset.Position(text.Pos(0)), text.SQL)
	}
}

func TestGeneratedConstants(t *testing.T) {
	t.Parallel()
	for _, u := range load(t) {
		if u.Pkg.Name() != "generated" {
			continue
		}
		var got []string
		for _, s := range u.result.Sites {
			got = append(got, fmt.Sprintf("%s call=%t", s.Name, s.Call != nil))
		}
		slices.Sort(got)
		if want := []string{"GetUser call=true", "NotCalled call=false"}; !slices.Equal(got, want) {
			t.Errorf("sites %q, want %q", got, want)
		}
	}
}

func TestUnread(t *testing.T) {
	t.Parallel()
	for _, u := range load(t) {
		got, want := map[string]bool{}, map[string]bool{}
		for _, unread := range u.result.Unread {
			at := u.Fset.Position(unread.Pos)
			why := "unread: " + unread.Why
			if unread.SQL != "" {
				why, _, _ = strings.Cut(strings.TrimPrefix(unread.Why, "the text goes to "), ",")
				why = "handed: " + why
			}
			got[fmt.Sprintf("%d: %s", at.Line, why)] = true
		}
		for _, file := range u.Files {
			for _, group := range file.Comments {
				for _, c := range group.List {
					if text := strings.TrimPrefix(c.Text, "// "); strings.HasPrefix(text, "unread: ") || strings.HasPrefix(text, "handed: ") {
						want[fmt.Sprintf("%d: %s", u.Fset.Position(c.Pos()).Line, text)] = true
					}
				}
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: got  %q\nwant %q", u.Pkg.Name(), slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
	}
}

// TestPlaceOfNames holds names from a list to the line of the query that they are
// put in.
func TestPlaceOfNames(t *testing.T) {
	t.Parallel()
	for _, u := range load(t) {
		for _, s := range u.result.Sites {
			if s.Func == nil || s.Func.Name.Name != "sliced" || u.Pkg.Name() != "raw" {
				continue
			}
			for _, text := range s.Texts {
				got, want := u.Fset.Position(text.Pos(strings.Index(text.SQL, "FROM ")+5)), u.Fset.Position(s.Pos)
				if got.Line != want.Line || got.Column <= want.Column {
					t.Errorf("%s: the table stands at %v", want, got)
				}
			}
		}
	}
}
