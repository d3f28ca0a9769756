package tenantmap

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/showschema"
)

// example has two packages, one of them with hostile names.
func example(evil string) *Map {
	return New(
		[]showschema.Database{{Name: "db" + evil, Verdict: "tenant column tenant_id", Tables: []showschema.Table{
			{Role: "root", Name: "tenants", Place: "db/a.sql:1"},
			{Role: "scoped", Name: "app.invoices", Detail: "tenant_id" + evil, Place: "db/a.sql:2"},
			{Role: "scoped", Name: "x" + evil, Detail: "tenant_id", Place: "db/a.sql:3"},
			{Role: "global", Name: "countries"},
		}}},
		[]finding.Located{
			{Data: Package{Path: "example.com/shop/store", Queries: 9, Uses: []Use{
				{Table: "invoices", Verb: Read, Queries: 5, Pinned: 4, Findings: []Count{{"by-id", 1}}},
				{Table: "invoices", Verb: "update", Queries: 2, Pinned: 1, Exempt: 1},
				{Table: "tenants", Verb: Read, Queries: 1},
			}, Unread: []Count{{"DB.Find of example.com/orm is not modelled", 1}}, Scopers: []Count{{"store.scope", 4}}}},
			{Data: Package{Path: "example.com/shop/jobs" + evil, Queries: 3, Uses: []Use{
				{Table: "invoices", Verb: "delete", Queries: 1, Findings: []Count{{"by-design", 1}, {"unrestricted", 1}}},
				{Table: "x" + evil, Verb: "insert" + evil, Queries: 1, Pinned: 1},
			}, Unread: []Count{{"the text is out of sight" + evil, 1}}, Exemptions: []Count{{"all of them" + evil, 2}}}},
			{Data: finding.Text("another rule's")},
		})
}

func written(t *testing.T, m *Map, name string) string {
	t.Helper()
	var out bytes.Buffer
	for _, f := range Formats {
		if f.Name == name {
			if err := f.Write(m, &out); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out.String()
}

const wantText = `tables: 4; packages with queries: 2; queries: 10 read, 2 not read of 12

db: tenant column tenant_id
  ROLE    TABLE         TENANT     READS  WRITES  LIMITED  NOT READ  EXEMPT  FINDINGS
  root    tenants                  1
  scoped  app.invoices  tenant_id  5      3       5                  1       unrestricted 1, by-id 1, by-design 1
  scoped  x             tenant_id         1       1
  in no query that is read: countries

packages
  PACKAGE  QUERIES  TABLES
  jobs     3        invoices: delete 1; x: insert 1
  store    9        invoices: read 5, update 2; tenants: read 1

functions that add the tenant to the queries of others
     4  store.scope

exempt, by reason
     2  all of them

not read, by library
     1  example.com/orm

not read, for another reason
     1  the text is out of sight
`

func TestText(t *testing.T) {
	t.Parallel()
	if got := written(t, example(""), "text"); got != wantText {
		t.Errorf("got\n%s\nwant\n%s", got, wantText)
	}
	if got := written(t, example("\x1b[31m\n::error::"), "text"); strings.ContainsRune(got, '\x1b') || strings.Contains(got, "\n::error::") {
		t.Errorf("a name acts on the terminal: %q", got)
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	for _, f := range Formats {
		got := written(t, New(nil, nil), f.Name)
		if got == "" || strings.Contains(got, "null") {
			t.Errorf("%s: %q", f.Name, got)
		}
	}
}

// The picture has a column for each package and a row for each table that is used; a cell has the colour of
// the worst.
func TestPage(t *testing.T) {
	t.Parallel()
	html := written(t, example(""), "html")
	picture := html[strings.Index(html, "<svg"):strings.Index(html, "</svg>")]
	var cells []string
	for _, cell := range regexp.MustCompile(`(?s)<title>(\S+), (\S+).*?class="(\w+)".*?>(R?W?)</text>`).FindAllStringSubmatch(picture, -1) {
		cells = append(cells, strings.Join(cell[1:], " "))
	}
	want := "jobs invoices open W, jobs x pinned W, store invoices mild RW, store tenants free R"
	if got := strings.Join(cells, ", "); got != want {
		t.Errorf("cells:\ngot  %s\nwant %s", got, want)
	}
	for _, part := range []string{">jobs</text>", ">app.invoices</text>", "<h2>db</h2>", "<code>countries</code>", "unrestricted 1, by-id 1, by-design 1", "example.com/orm", "prefers-color-scheme: dark"} {
		if !strings.Contains(html, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
}

// Names that come from the code under lint stay text, and nothing is loaded.
func TestPageEscapes(t *testing.T) {
	t.Parallel()
	html := written(t, example(`"'><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}`), "html")
	for _, part := range []string{"<script", "<img", "alert(1)</script>"} {
		if strings.Contains(html, part) {
			t.Errorf("the page has %s", part)
		}
	}
	if external := regexp.MustCompile(`(?:src|href)="[^#]|@import|url\(`).FindString(html); external != "" {
		t.Errorf("the page loads something: %s", external)
	}
	picture := html[strings.Index(html, "<svg") : strings.Index(html, "</svg>")+len("</svg>")]
	for d := xml.NewDecoder(strings.NewReader(picture)); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestManyPackages(t *testing.T) {
	t.Parallel()
	m := &Map{Databases: []Database{{Tables: []Table{{Name: "a", Reads: 1}}}}}
	for range 500 {
		m.Packages = append(m.Packages, Package{Path: "p/" + strings.Repeat("long/", 30), Uses: []Use{{Table: "a", Verb: Read, Queries: 1}}})
	}
	if g := m.grid(); len(g.Columns) != maxColumns || g.More != 500-maxColumns || g.Width > 2500 {
		t.Errorf("%d columns, %d more, %d wide", len(g.Columns), g.More, g.Width)
	}
}
