// Package showschema is the command poollint schema: it prints what the tables
// of a module are to tenantfilter, and why, so that users can correct it before
// they see a finding.
package showschema

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/redact"
	"github.com/poollint/poollint/internal/schema"
)

// Main prints the databases of the module around the working directory, and
// returns the exit status: 0, or 2 if something could not be read. Where no DDL
// names a tenant, it reads the models of the packages, ./... unless given.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	dir, err := os.Getwd()
	if err == nil {
		err = show(ctx, dir, args, stdout)
	}
	if err != nil {
		fmt.Fprintf(stderr, "poollint: %s\n", redact.Text(err.Error()))
		return 2
	}
	return 0
}

func show(ctx context.Context, dir string, patterns []string, out io.Writer) error {
	c, err := config.Load(dir, false)
	if err != nil {
		return err
	}
	set, err := schema.Load(c.Files, c.Tenant)
	if err != nil {
		return err
	}
	databases := set.Databases
	if !slices.ContainsFunc(databases, func(d *schema.Database) bool { return d.Tenant.Confidence > schema.Low }) {
		fromModels, err := models(ctx, dir, patterns, c.Tenant)
		if err != nil {
			return err
		}
		databases = append(databases, fromModels...)
	}
	if len(databases) == 0 {
		fmt.Fprintln(out, "no tables found: there is no DDL in the module and no model of an object mapper; name the DDL in tenant.schema")
		return nil
	}
	for i, d := range databases {
		if i > 0 {
			fmt.Fprintln(out)
		}
		if err := print(d, c.Files, out); err != nil {
			return err
		}
	}
	return nil
}

// print writes one database down: tables with a tenant first.
func print(d *schema.Database, files *config.Files, out io.Writer) error {
	name := d.Dir
	if name == "" {
		name = "models"
	}
	fmt.Fprintf(out, "%s: %s\n", name, verdict(d.Tenant))
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	tables := slices.Clone(d.Tables)
	slices.SortStableFunc(tables, func(a, b *schema.Table) int { return order[a.Role] - order[b.Role] })
	for _, t := range tables {
		full := t.Name
		if t.Schema != "" {
			full = t.Schema + "." + t.Name
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s:%d\n", t.Role, full, detail(t), relative(files, t.Path), t.Line)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, s := range d.Skipped {
		fmt.Fprintf(out, "  not read  %s:%d: %s\n", s.Path, s.Line, s.Why)
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
	if t.Parent != "" {
		parts = append(parts, "through "+t.Parent)
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

func relative(files *config.Files, path string) string {
	if filepath.IsAbs(path) {
		if rel, ok := files.Rel(path); ok {
			return rel
		}
	}
	return path
}

// models returns the database that the models of the packages describe, none if
// there are no models.
func models(ctx context.Context, dir string, patterns []string, c config.Tenant) ([]*schema.Database, error) {
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	pkgs, err := packages.Load(&packages.Config{Context: ctx, Dir: dir, Mode: packages.LoadAllSyntax | packages.NeedModule}, patterns...)
	if err != nil {
		return nil, err
	}
	collect := &analysis.Analyzer{
		Name:             "showschema",
		Doc:              "collect the tables of every package",
		Requires:         []*analysis.Analyzer{schema.Analyzer},
		RunDespiteErrors: true,
		Run: func(pass *analysis.Pass) (any, error) {
			return pass.ResultOf[schema.Analyzer], nil
		},
		ResultType: reflect.TypeFor[*schema.Database](),
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{collect}, pkgs, nil)
	if err != nil {
		return nil, err
	}
	var seen []*schema.Database
	for _, action := range graph.Roots {
		if action.Err != nil {
			return nil, action.Err
		}
		d := *action.Result.(*schema.Database)
		d.Tables = slices.DeleteFunc(slices.Clone(d.Tables), func(t *schema.Table) bool {
			return !filepath.IsAbs(t.Path) // known from DDL
		})
		seen = append(seen, &d)
	}
	if all := schema.Union(seen, c); len(all.Tables) > 0 {
		return []*schema.Database{all}, nil
	}
	return nil, nil
}
