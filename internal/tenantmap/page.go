package tenantmap

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/poollint/poollint/internal/page"
)

//go:embed page.html
var source string

var html = page.New(source, "", template.FuncMap{"list": list, "number": number})

// html writes the map as one page that needs nothing else.
func (m *Map) html(out io.Writer) error {
	return html.Execute(out, struct {
		*Map
		Grid grid
	}{m, m.grid()})
}

// A grid is the picture: a column for each package, a row for each table.
type grid struct {
	Width, Height int
	Columns       []label
	Rows          []label
	Cells         []cell
	More          int // packages that are left out
}

// A label is text at a place.
type label struct {
	X, Y int
	Text string
	Role string
}

// A cell is what one package does with one table: Class colours it, Text is in it.
type cell struct {
	X, Y        int
	Class, Text string
	Title       string
}

// The measures of the picture.
const (
	size       = 26  // of a cell
	names      = 230 // the room for the names of tables
	runeHeight = 6   // of a slanted name of a package
	maxColumns = 60
	maxName    = 32 // runes of a name
)

func (m *Map) grid() grid {
	var g grid
	packages := slices.DeleteFunc(slices.Clone(m.Packages), func(p Package) bool { return len(p.Uses) == 0 })
	if len(packages) > maxColumns {
		g.More = len(packages) - maxColumns
		packages = packages[:maxColumns]
	}
	longest := 0
	for _, p := range packages {
		longest = max(longest, utf8.RuneCountInString(short(m.Short(p))))
	}
	heads := 20 + runeHeight*longest
	row := map[string]int{}
	for _, d := range m.Databases {
		for _, t := range d.Tables {
			if _, known := row[bare(t.Name)]; !known && !t.Idle() {
				row[bare(t.Name)] = len(g.Rows)
				g.Rows = append(g.Rows, label{names - 8, heads + size*len(g.Rows) + 17, short(t.Name), t.Role})
			}
		}
	}
	for i, p := range packages {
		x := names + size*i
		g.Columns = append(g.Columns, label{X: x + 16, Y: heads - 8, Text: short(m.Short(p))})
		for _, uses := range byTable(p.Uses) {
			if r, ok := row[bare(uses[0].Table)]; ok {
				g.Cells = append(g.Cells, cellOf(x, heads+size*r, m.Short(p), uses))
			}
		}
	}
	g.Width, g.Height = names+size*len(packages)+120, heads+size*len(g.Rows)+10
	return g
}

// short shortens a name at its beginning, where it says least.
func short(name string) string {
	if runes := []rune(name); len(runes) > maxName {
		return "…" + string(runes[len(runes)-maxName+1:])
	}
	return name
}

// byTable groups uses, which are in the order of their tables.
func byTable(uses []Use) (groups [][]Use) {
	for i, u := range uses {
		if i > 0 && uses[i-1].Table == u.Table {
			groups[len(groups)-1] = append(groups[len(groups)-1], u)
		} else {
			groups = append(groups, []Use{u})
		}
	}
	return groups
}

// cellOf paints a cell by the worst of the uses: a finding, then something exempt or not
// read, else limited or of no tenant. Its text is R, W or both.
func cellOf(x, y int, in string, uses []Use) cell {
	c := cell{X: x, Y: y, Class: "free"}
	var reads, writes bool
	lines := []string{in + ", " + uses[0].Table}
	rank := func(class string, by int) {
		if by > 0 && slices.Index(classes, class) > slices.Index(classes, c.Class) {
			c.Class = class
		}
	}
	for _, u := range uses {
		reads, writes = reads || u.Verb == Read, writes || u.Verb != Read
		text := fmt.Sprintf("%s: %d", u.Verb, u.Queries)
		for _, part := range []Count{{"limited to a tenant", u.Pinned}, {"exempt", u.Exempt}, {"not read", u.NotRead}} {
			if part.Count > 0 {
				text += fmt.Sprintf(", %d %s", part.Count, part.Name)
			}
		}
		if len(u.Findings) > 0 {
			text += "; " + list(u.Findings)
		}
		lines = append(lines, text)
		rank("pinned", u.Pinned)
		rank("exempt", u.Exempt+u.NotRead)
		for _, f := range u.Findings {
			class := "mild"
			if f.Name == tiers[0] {
				class = "open"
			}
			rank(class, f.Count)
		}
	}
	if reads {
		c.Text = "R"
	}
	if writes {
		c.Text += "W"
	}
	c.Title = strings.Join(lines, "\n")
	return c
}

// classes are the colours of cells, from the mildest.
var classes = []string{"free", "pinned", "exempt", "mild", "open"}
