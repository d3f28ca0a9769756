package schema

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/model"
)

// modelsFact holds the tables that the models of a package and of its imports
// describe.
type modelsFact struct {
	Models []modelTable
}

func (*modelsFact) AFact() {}

func (f *modelsFact) String() string {
	names := make([]string, len(f.Models))
	for i, m := range f.Models {
		names[i] = m.Name
	}
	return "models " + strings.Join(names, " ")
}

// A modelTable is a table as a model describes it.
type modelTable struct {
	Name    string // may be schema-qualified
	Columns []string
	Key     []string
	Path    string
	Line    int
}

// mappers are the object mappers whose models name their tables.
var mappers = []model.Mapper{model.Bun, model.GORM, model.XORM, model.GoPG}

// exportModels finds the models that the package declares and makes them a fact.
func exportModels(pass *analysis.Pass) []modelTable {
	var own []modelTable
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok && spec.TypeParams == nil {
					if m, ok := readModel(pass, spec); ok {
						own = append(own, m)
					}
				}
			}
		}
	}
	if len(own) > 0 {
		pass.ExportPackageFact(&modelsFact{own})
	}
	return own
}

func readModel(pass *analysis.Pass, spec *ast.TypeSpec) (modelTable, bool) {
	obj := pass.TypesInfo.Defs[spec.Name]
	if obj == nil {
		return modelTable{}, false
	}
	s, ok := obj.Type().Underlying().(*types.Struct)
	if !ok {
		return modelTable{}, false
	}
	mapper, ok := mapperOf(s, obj.Type())
	if !ok {
		return modelTable{}, false
	}
	t := model.Of(obj.Type(), mapper, func(fn *types.Func) string { return constantResult(pass, fn) })
	if t == nil || t.Name == "" || len(t.Columns) == 0 {
		return modelTable{}, false
	}
	at := pass.Fset.PositionFor(spec.Pos(), false)
	m := modelTable{Name: t.Name, Key: t.Key(), Path: at.Filename, Line: at.Line}
	for _, c := range t.Columns {
		m.Columns = append(m.Columns, c.Name)
	}
	return m, true
}

// mapperOf returns the object mapper that the struct is a model of, by its tags or its
// method TableName.
func mapperOf(s *types.Struct, t types.Type) (model.Mapper, bool) {
	for i := range s.NumFields() {
		tag := reflect.StructTag(s.Tag(i))
		for _, m := range mappers {
			if _, ok := tag.Lookup(string(m)); ok {
				return m, true
			}
		}
	}
	method, _, _ := types.LookupFieldOrMethod(t, true, nil, "TableName")
	_, ok := method.(*types.Func)
	return model.GORM, ok
}

// constantResult returns the constant that a function of the package returns, "" if it
// returns something else.
func constantResult(pass *analysis.Pass, fn *types.Func) string {
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil || len(decl.Body.List) != 1 || pass.TypesInfo.Defs[decl.Name] != fn {
				continue
			}
			if ret, ok := decl.Body.List[0].(*ast.ReturnStmt); ok && len(ret.Results) == 1 {
				if v := pass.TypesInfo.Types[ret.Results[0]].Value; v != nil && v.Kind() == constant.String {
					return constant.StringVal(v)
				}
			}
		}
	}
	return ""
}

// importedModels returns the models of the packages that this one depends on, but for
// packages of migrations, whose models describe tables as they once were.
func importedModels(pass *analysis.Pass) []modelTable {
	var all []modelTable
	for _, f := range pass.AllPackageFacts() {
		fact, ok := f.Fact.(*modelsFact)
		if ok && f.Package != pass.Pkg && !strings.Contains(strings.ToLower(f.Package.Path()), "migrat") {
			all = append(all, fact.Models...)
		}
	}
	slices.SortFunc(all, func(a, b modelTable) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
	return all
}

// with returns the database with the tables that only models describe.
func (d *Database) with(models []modelTable, c config.Tenant) *Database {
	var added []*Table
	known := map[string]*Table{}
	for _, m := range models {
		schema, name, ok := strings.Cut(m.Name, ".")
		if !ok {
			schema, name = "", m.Name
		}
		if d.Lookup(schema, name) != nil {
			continue
		}
		t := known[m.Name]
		if t == nil {
			t = &Table{Schema: schema, Name: name, PrimaryKey: m.Key, Path: m.Path, Line: m.Line, columns: map[string]int{}}
			known[m.Name] = t
			added = append(added, t)
		}
		for _, column := range m.Columns { // several structs may be views of one table
			if t.indexOf(column) < 0 {
				t.addColumn(Column{Name: column})
			}
		}
	}
	if len(added) == 0 {
		return d
	}
	all := &Database{Dialect: d.Dialect, Tables: added}
	all.settle(c)
	merged := merge([]*Database{d, all})
	switch {
	case d.Tenant.Confidence == High && all.Tenant.Confidence == Low:
		c.Column = d.Tenant.Column
		all.settle(c)
	case d.Tenant.Confidence == Low:
		merged.Tenant = all.Tenant
	}
	return merged
}
