package schema

import (
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
)

// Analyzer finds the tables that the queries of a package run on; its result is a
// *Database. The module's DDL comes first. Tables that it does not define come from the
// models of object mappers, which the packages that declare them export as facts.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintschema",
	Doc:              "know the tables of the module's databases",
	Requires:         []*analysis.Analyzer{config.Analyzer},
	Run:              run,
	RunDespiteErrors: true,
	ResultType:       reflect.TypeFor[*Database](),
	FactTypes:        []analysis.Fact{new(modelsFact)},
}

func run(pass *analysis.Pass) (any, error) {
	if len(pass.Files) == 0 || config.Dependency(pass) {
		return &Database{}, nil // a dependency's tables are somebody else's
	}
	own := exportModels(pass)
	c := config.Of(pass)
	set, err := Of(c)
	if err != nil {
		return nil, err
	}
	dir, ok := c.Files.Rel(config.Dir(pass))
	if !ok {
		dir = "."
	}
	models := append(own, importedModels(pass)...)
	d := set.For(dir).with(models, c.Tenant)
	d.Match(c)
	return d, nil
}

// Match records which of the tables that the configuration names the database has.
func (d *Database) Match(c *config.Config) {
	tables := d.All()
	if len(tables) == 0 {
		return
	}
	named := c.Named("table")
	if len(named) == 0 {
		return
	}
	var names []string
	for _, t := range tables {
		names = append(names, t.Name)
	}
	for key, entries := range named {
		for _, e := range entries {
			found := slices.ContainsFunc(tables, func(t *Table) bool { return listed([]string{e.Value}, t) })
			c.Match(key, e, found, names)
		}
	}
}

// Of returns the databases of the module that the configuration is for. They are read once
// in the process.
func Of(c *config.Config) (*Set, error) {
	set, err := config.Once(c, "schema", func(files *config.Files) (*Set, error) { return Load(files, c.Tenant) })
	return set, c.Locate(err)
}
