// Package showschema is the command poollint schema: it prints what the tables
// of a module are to tenantfilter, and why, so that users can correct it before
// they see a finding.
package showschema

import (
	"cmp"
	"fmt"
	"go/token"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqltext"
)

// Rule finds the tables that the queries of a package are judged by and that no file
// of DDL defines: those of models, and of queries. Each is a finding without a place,
// whose Data is a known table, so that drivers keep it.
var Rule = finding.Rule{
	Analyzer: &analysis.Analyzer{
		Name:             "poollintshowschema",
		Doc:              "list the tables that the queries of a package are judged by",
		Requires:         []*analysis.Analyzer{config.Analyzer, directive.Analyzer, schema.Analyzer, sqltext.Analyzer},
		Run:              run,
		RunDespiteErrors: true,
		ResultType:       reflect.TypeFor[*finding.Result](),
	},
	Data:   []any{known{}},
	Finish: join,
}

// A known is a table and the choice of the tenant column that it was judged by.
type known struct {
	Table  schema.Table
	Choice schema.Choice
}

// Message names the table.
func (k known) Message() string { return nameOf(&k.Table) }

// nameOf returns a table's name as SQL has it.
func nameOf(t *schema.Table) string {
	if t.Schema == "" {
		return t.Name
	}
	return t.Schema + "." + t.Name
}

func run(pass *analysis.Pass) (any, error) {
	report := finding.NewReporter(pass, finding.Info)
	queries := pass.ResultOf[sqltext.Analyzer].(*sqltext.Result)
	d := pass.ResultOf[schema.Analyzer].(*schema.Database).With(queries.Definitions(), config.Of(pass).Tenant)
	d.Match(config.Of(pass))
	for _, t := range d.All() {
		switch {
		case t.Path == "": // a query's
			t.Path, t.Line = filepath.Dir(pass.Fset.PositionFor(pass.Files[0].Package, false).Filename), 0
		case !filepath.IsAbs(t.Path):
			continue // known from DDL
		}
		k := known{
			schema.Table{Schema: t.Schema, Name: t.Name, TenantColumns: t.TenantColumns, Role: t.Role, Parent: t.Parent, Owners: names(t.Owners), RLS: t.RLS, Path: t.Path, Line: t.Line},
			d.Tenant,
		}
		report.Evidence(k.Message(), token.NoPos, k)
	}
	return report.Result(), nil
}

// join returns the tables that the packages know, each once. Where they see them
// differently, as each sees the models that it imports, the one that judges more
// counts.
func join(_ []finding.Located, evidence []finding.Evidence) []finding.Located {
	var all []known
	for _, e := range evidence {
		all = append(all, e.Data.(known))
	}
	slices.SortStableFunc(all, func(a, b known) int {
		return cmp.Or(strings.Compare(a.Table.Path, b.Table.Path), cmp.Compare(a.Table.Line, b.Table.Line), order[a.Table.Role]-order[b.Table.Role])
	})
	if len(all) == 0 {
		return nil
	}
	var tables []finding.Located
	seen, choice := map[string]bool{}, surest(all)
	for _, k := range all {
		if name := strings.ToLower(k.Message()); !seen[name] {
			seen[name] = true
			k.Choice = choice
			tables = append(tables, finding.Located{Data: k})
		}
	}
	return tables
}

// surest returns the choice that a package is surest of.
func surest(all []known) schema.Choice {
	best := all[0].Choice
	for _, k := range all {
		if best.Column == "" || k.Choice.Confidence > best.Confidence {
			best = k.Choice
		}
	}
	return best
}

// A Database is what Write prints of one: its tables, those of tenants first.
type Database struct {
	Name, Verdict string
	Near          []Near // columns that may hold the tenant, unless one is found
	Tables        []Table
	NotRead       []string // statements, with places and reasons
}

// A Near is a column that may hold the tenant, and what would come of it.
type Near struct{ Column, Why, Judges string }

// A Table is one line: what the table is to tenantfilter, by what, and where it is defined.
type Table struct{ Role, Name, Detail, Place string }

// Defined returns the databases that the DDL of a module defines.
func Defined(c *config.Config) ([]Database, error) {
	set, err := schema.Of(c)
	if err != nil {
		return nil, err
	}
	var all []Database
	for _, d := range set.Databases {
		all = append(all, describe(d, d.Dir, verdict(d.Tenant), c.Files))
	}
	nameApart(all, set.Databases)
	return all, nil
}

// nameApart adds to the names that several databases have what kind of files each is of, such as
// migrations in SQL and in Go beside each other.
func nameApart(all []Database, of []*schema.Database) {
	same := map[string]int{}
	for _, d := range all {
		same[d.Name]++
	}
	for i, d := range all {
		if same[d.Name] > 1 && len(of[i].Tables) > 0 {
			all[i].Name = fmt.Sprintf("%s (%s)", d.Name, filepath.Ext(of[i].Tables[0].Path))
		}
	}
}

// WithCode returns the databases with the tables that Rule has found in the packages.
func WithCode(defined []Database, c *config.Config, found []finding.Located) []Database {
	code := fromCode(found)
	if len(code.Tables) == 0 {
		return defined
	}
	says := "tables that the DDL does not define"
	if len(defined) == 0 {
		says = verdict(code.Tenant)
	}
	return append(defined, describe(code, "models", says, c.Files))
}

// describe makes lines of a database's tables: tables with a tenant first.
func describe(db *schema.Database, name, verdict string, files *config.Files) Database {
	tables := slices.Clone(db.Tables)
	slices.SortStableFunc(tables, func(a, b *schema.Table) int { return order[a.Role] - order[b.Role] })
	d := Database{Name: name, Verdict: verdict}
	if db.Tenant.Confidence == schema.Low {
		for _, near := range db.Near() {
			d.Near = append(d.Near, Near{near.Column, near.Why, db.WouldJudge(near.Column)})
		}
	}
	for _, s := range db.Skipped {
		d.NotRead = append(d.NotRead, fmt.Sprintf("%s:%d: %s", s.Path, s.Line, s.Why))
	}
	for _, t := range tables {
		d.Tables = append(d.Tables, Table{t.Role.String(), nameOf(t), detail(t), place(files, t)})
	}
	return d
}

// Write writes down the databases, for which the configuration names DDL.
func Write(out io.Writer, all []Database, named []string) error {
	switch {
	case len(all) == 0 && len(named) > 0:
		fmt.Fprintf(out, "no tables found: there is no CREATE TABLE in what tenant.schema names, %s\n", printable.Line(strings.Join(named, ", ")))
	case len(all) == 0:
		fmt.Fprintln(out, "no tables found: no DDL stands where it usually does, and no model of an object mapper; name the DDL in tenant.schema; where it stands outside of the module, keep a dump of it inside (pg_dump --schema-only)")
	}
	for i, d := range all {
		if i > 0 {
			fmt.Fprintln(out)
		}
		if err := d.write(out); err != nil {
			return err
		}
	}
	return nil
}

// fromCode makes a database of the tables that were found, in the order of the code.
func fromCode(found []finding.Located) *schema.Database {
	d := &schema.Database{}
	for _, f := range found {
		k, ok := f.Data.(known)
		if !ok {
			continue // another rule's
		}
		d.Tenant = k.Choice
		d.Tables = append(d.Tables, &k.Table)
	}
	slices.SortFunc(d.Tables, func(a, b *schema.Table) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), strings.Compare(a.Schema, b.Schema), strings.Compare(a.Name, b.Name))
	})
	return d
}

func (d *Database) write(out io.Writer) error {
	fmt.Fprintln(out, printable.Line(d.Name+": "+d.Verdict))
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	for _, near := range d.Near {
		fmt.Fprintf(w, "  perhaps\t%s\t%s\t%s\n", printable.Line(near.Column), printable.Line(near.Why), near.Judges)
	}
	for _, t := range d.Tables {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", t.Role, printable.Line(t.Name), printable.Line(t.Detail), printable.Line(t.Place))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, s := range d.NotRead {
		fmt.Fprintln(out, printable.Line("  not read  "+s))
	}
	return nil
}

func verdict(c schema.Choice) string {
	switch {
	case c.Column == "":
		return c.Why + "; name it in tenant.column"
	case c.Confidence == schema.Low:
		return fmt.Sprintf("the tenant column may be %s (%s); name it in tenant.column, until then tenantfilter is silent", c.Column, c.Why)
	}
	return fmt.Sprintf("tenant column %s, confidence %s (%s)", c.Column, c.Confidence, c.Why)
}

var order = map[schema.Role]int{schema.Root: 0, schema.Scoped: 1, schema.Owned: 2, schema.Shared: 3, schema.Global: 4}

func detail(t *schema.Table) string {
	var parts []string
	if len(t.TenantColumns) > 0 {
		parts = append(parts, strings.Join(t.TenantColumns, ", "))
	}
	if owner := through(t); owner != "" {
		parts = append(parts, "through "+owner)
	}
	switch {
	case t.RLS.Enabled && t.RLS.Forced:
		parts = append(parts, "row security")
	case t.RLS.Enabled:
		parts = append(parts, "row security, not for the owner")
	case len(t.RLS.Policies) > 0:
		parts = append(parts, "policies without row security: they do nothing")
	}
	return strings.Join(parts, "; ")
}

// names returns the owners with no more than their names.
func names(owners []schema.Owner) []schema.Owner {
	var all []schema.Owner
	for _, o := range owners {
		all = append(all, schema.Owner{Table: &schema.Table{Schema: o.Schema, Name: o.Name}, Key: o.Key})
	}
	return all
}

// through says by which keys the rows of an owned table belong to a tenant.
func through(t *schema.Table) string {
	if len(t.Owners) == 0 && t.Parent != "" {
		return t.Parent + " perhaps, so not judged"
	}
	var keys []string
	for _, o := range t.Owners {
		keys = append(keys, strings.Join(o.Key.Columns, ", ")+" of "+nameOf(o.Table))
	}
	return strings.Join(keys, " or ")
}

// place says where a table is defined.
func place(files *config.Files, t *schema.Table) string {
	name := t.Path
	if filepath.IsAbs(name) {
		if rel, ok := files.Rel(name); ok {
			name = rel
		}
	}
	if t.Line == 0 {
		return name
	}
	return fmt.Sprintf("%s:%d", name, t.Line)
}
