package tenantmap

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/poollint/poollint/internal/printable"
)

// Formats are the ways to write a map; the first is the default.
var Formats = []Format{{"text", (*Map).text}, {"json", (*Map).json}, {"html", (*Map).html}}

// A Format is one way to write a map.
type Format struct {
	Name  string
	Write func(m *Map, out io.Writer) error
}

func (m *Map) json(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(m)
}

// text writes the map as tables for a terminal.
func (m *Map) text(to io.Writer) error {
	out := &bytes.Buffer{}
	fmt.Fprintln(out, m.Summary())
	for _, d := range m.Databases {
		fmt.Fprintln(out, "\n"+printable.Line(d.Name+": "+d.Verdict))
		rows := [][]string{{"ROLE", "TABLE", "TENANT", "READS", "WRITES", "LIMITED", "NOT READ", "EXEMPT", "FINDINGS"}}
		var idle []string
		for _, t := range d.Tables {
			if t.Idle() {
				idle = append(idle, t.Name)
				continue
			}
			rows = append(rows, []string{t.Role, t.Name, t.Detail, number(t.Reads), number(t.Writes), number(t.Pinned), number(t.NotRead), number(t.Exempt), list(t.Found)})
		}
		if len(rows) > 1 {
			write(out, rows)
		}
		if len(idle) > 0 {
			fmt.Fprintln(out, printable.Line("  in no query that is read: "+strings.Join(idle, ", ")))
		}
	}
	if len(m.Packages) > 0 {
		fmt.Fprintln(out, "\npackages")
		rows := [][]string{{"PACKAGE", "QUERIES", "TABLES"}}
		for _, p := range m.Packages {
			rows = append(rows, []string{m.Short(p), fmt.Sprint(p.Queries), strings.Join(p.Touches(), "; ")})
		}
		write(out, rows)
	}
	for _, part := range m.Lists() {
		fmt.Fprintln(out, "\n"+part.Title)
		for _, c := range part.Counts {
			fmt.Fprintf(out, "%6d  %s\n", c.Count, printable.Line(c.Name))
		}
	}
	_, err := to.Write(out.Bytes())
	return err
}

// write writes rows in columns.
func write(out io.Writer, rows [][]string) {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			row[i] = printable.Line(cell)
		}
		fmt.Fprintln(w, "  "+strings.Join(row, "\t"))
	}
	w.Flush()
	for line := range strings.Lines(b.String()) {
		fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	}
}

// number leaves zeros out.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// list writes counts as "unrestricted 3, by-id 1".
func list(counts []Count) string {
	var parts []string
	for _, c := range counts {
		parts = append(parts, fmt.Sprintf("%s %d", c.Name, c.Count))
	}
	return strings.Join(parts, ", ")
}

// Summary says in one line what the map holds.
func (m *Map) Summary() string {
	tables := 0
	for _, d := range m.Databases {
		tables += len(d.Tables)
	}
	return fmt.Sprintf("tables: %d; packages with queries: %d; queries: %d read, %d not read of %d", tables, len(m.Packages), m.Queries-m.NotRead, m.NotRead, m.Queries)
}

// Idle reports whether no query names the table.
func (t Table) Idle() bool { return t.Reads+t.Writes == 0 && len(t.Found) == 0 }

// Touches says what the package does with each table.
func (p Package) Touches() []string {
	var touches []string
	last := ""
	for _, u := range p.Uses {
		if u.Queries == 0 {
			continue
		}
		does := fmt.Sprintf("%s %d", u.Verb, u.Queries)
		if u.Table == last {
			touches[len(touches)-1] += ", " + does
		} else {
			touches = append(touches, u.Table+": "+does)
		}
		last = u.Table
	}
	return touches
}

// A Part is a list below the tables.
type Part struct {
	Title  string
	Counts []Count
}

// Lists returns the lists that have something to say.
func (m *Map) Lists() (parts []Part) {
	for _, p := range []Part{
		{"functions that add the tenant to the queries of others", m.Scopers},
		{"exempt, by reason", m.Exemptions},
		{"not judged, as no DDL and no model has the table", m.Unknown},
		{"not read, by library", m.Libraries},
		{"not read, for another reason", m.Others},
	} {
		if len(p.Counts) > 0 {
			parts = append(parts, p)
		}
	}
	return parts
}
