package schema

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

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
	Unique  [][]string
	Key     []string
	Refers  []model.Reference
	Links   []model.Reference // by fields that hold a row of another table
	Path    string
	Line    int
}

// mappers are the object mappers whose models name their tables.
var mappers = []model.Mapper{model.Bun, model.GORM, model.XORM, model.GoPG}

// exportModels finds the models that the package declares or hands to a mapper, and
// makes them a fact.
func exportModels(pass *analysis.Pass) []modelTable {
	own := slices.Concat(declaredModels(pass), usedModels(pass), entity(pass))
	if len(own) > 0 {
		pass.ExportPackageFact(&modelsFact{own})
	}
	return own
}

// declaredModels returns the models that are such by their tags.
func declaredModels(pass *analysis.Pass) (all []modelTable) {
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				spec, ok := spec.(*ast.TypeSpec)
				if !ok || spec.TypeParams != nil {
					continue
				}
				obj := pass.TypesInfo.Defs[spec.Name]
				if obj == nil {
					continue
				}
				if mapper, ok := mapperOf(obj.Type()); ok {
					all = appendModel(all, pass, obj, mapper)
				}
			}
		}
	}
	return all
}

// usedModels returns the models that nothing but calls of a mapper's methods tells.
func usedModels(pass *analysis.Pass) (all []modelTable) {
	seen := map[*types.TypeName]bool{}
	for _, file := range pass.Files {
		if strings.HasSuffix(pass.Fset.Position(file.FileStart).Filename, "_test.go") {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
			if !ok {
				return true
			}
			mapper, ok := model.Takes(fn)
			if !ok {
				return true
			}
			for _, t := range given(pass, call) {
				named := modelType(pass, t)
				if named == nil || seen[named.Obj()] {
					continue
				}
				seen[named.Obj()] = true
				if _, tagged := mapperOf(named); !tagged {
					all = appendModel(all, pass, named.Obj(), mapper)
				}
			}
			return true
		})
	}
	return all
}

// given returns the types of a call's arguments, and those that it instantiates its
// function with.
func given(pass *analysis.Pass, call *ast.CallExpr) (all []types.Type) {
	if index, ok := ast.Unparen(call.Fun).(*ast.IndexExpr); ok {
		all = append(all, pass.TypesInfo.TypeOf(index.Index))
	}
	for _, arg := range call.Args {
		all = append(all, pass.TypesInfo.TypeOf(arg))
	}
	return all
}

// modelType returns the struct type of the module's own behind t, nil if there is none.
func modelType(pass *analysis.Pass, t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	named := model.Struct(t)
	if named == nil || named.Obj().Pkg() == nil || named.TypeArgs() != nil || named.Obj().Parent() != named.Obj().Pkg().Scope() {
		return nil
	}
	if pass.Module != nil && !config.Ours(pass, named.Obj().Pkg()) {
		return nil
	}
	return named
}

// appendModel adds the table that the mapper makes of a type, if its name is known.
func appendModel(all []modelTable, pass *analysis.Pass, obj types.Object, mapper model.Mapper) []modelTable {
	t := model.Of(obj.Type(), mapper, func(fn *types.Func) string { return constantResult(pass, fn) })
	if t == nil {
		return all
	}
	return appendTable(all, pass, t, obj.Pos())
}

func appendTable(all []modelTable, pass *analysis.Pass, t *model.Table, pos token.Pos) []modelTable {
	if t.Name == "" || len(t.Columns) == 0 {
		return all
	}
	at := pass.Fset.PositionFor(pos, false)
	m := modelTable{Name: t.Name, Key: t.Key(), Unique: t.Unique(), Links: t.References(), Path: at.Filename, Line: at.Line}
	for _, c := range t.Columns {
		m.Columns = append(m.Columns, c.Name)
	}
	return append(all, m)
}

// entity returns the table of a package that ent generated for an entity, and what its
// edges say of others.
func entity(pass *analysis.Pass) []modelTable {
	t, edges := model.OfEntity(pass.Pkg)
	if t == nil {
		return nil
	}
	var unnamed []string // which are no fields, and are called after the edge at their other end
	if keys := pass.Pkg.Scope().Lookup("ForeignKeys"); keys != nil {
		unnamed = stringsOf(pass, keys)
	}
	for _, name := range unnamed {
		t.Columns = append(t.Columns, model.Column{Name: name})
	}
	pos := pass.Pkg.Scope().Lookup("Table").Pos()
	all := appendTable(nil, pass, t, pos)
	for _, e := range edges {
		if !slices.Contains(unnamed, e.Column) {
			e.Edge = ""
		}
		other := &model.Table{Name: e.Table, Columns: []model.Column{{Name: e.Column}}}
		if all = appendTable(all, pass, other, pos); len(all) > 0 {
			all[len(all)-1].Refers = []model.Reference{e}
		}
	}
	return all
}

// stringsOf returns the constants in the literal that a variable starts with.
func stringsOf(pass *analysis.Pass, v types.Object) (all []string) {
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				spec, ok := spec.(*ast.ValueSpec)
				if !ok || len(spec.Names) != 1 || len(spec.Values) != 1 || pass.TypesInfo.Defs[spec.Names[0]] != v {
					continue
				}
				lit, ok := spec.Values[0].(*ast.CompositeLit)
				if !ok {
					continue
				}
				for _, e := range lit.Elts {
					if c := pass.TypesInfo.Types[e].Value; c != nil && c.Kind() == constant.String {
						all = append(all, constant.StringVal(c))
					}
				}
			}
		}
	}
	return all
}

// mapperOf returns the object mapper that a struct is a model of, by its tags, by what
// it embeds or by its method TableName.
func mapperOf(t types.Type) (model.Mapper, bool) {
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return "", false
	}
	for i := range s.NumFields() {
		tag := reflect.StructTag(s.Tag(i))
		for _, m := range mappers {
			if _, ok := tag.Lookup(string(m)); ok {
				return m, true
			}
		}
	}
	if m, ok := model.Embeds(s); ok {
		return m, true
	}
	method, _, _ := types.LookupFieldOrMethod(t, true, nil, "TableName")
	_, ok = method.(*types.Func)
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

// link adds the foreign keys that fields of a model stand for, from a tenant's rows to others of a
// tenant. Whether the database has them is not known, so whose a table is they do not say.
func (t *Table) link(links []model.Reference, d *Database) {
	for _, l := range links {
		of, name, ok := strings.Cut(l.To, ".")
		if !ok {
			of, name = "", l.To
		}
		if to := d.Lookup(of, name); to == nil || to == t || to.Role != Scoped || refersBy(t, l.Column) || t.UniqueAlone(l.Column) { // what is unique is a key itself
			continue
		}
		t.ForeignKeys = append(t.ForeignKeys, ForeignKey{Columns: []string{l.Column}, RefSchema: of, RefTable: name})
	}
}

// refersBy reports whether a column of the table is in a foreign key.
func refersBy(t *Table, column string) bool {
	return slices.ContainsFunc(t.ForeignKeys, func(fk ForeignKey) bool { return containsFold(fk.Columns, column) })
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
			for _, columns := range m.Unique {
				t.Unique = append(t.Unique, Key{Columns: columns})
			}
			added = append(added, t)
		}
		for _, column := range m.Columns { // several structs may be views of one table
			if t.indexOf(column) < 0 {
				t.addColumn(Column{Name: column})
			}
		}
		for _, r := range m.Refers {
			if c := t.Column(r.Column); c != nil && r.Edge != "" {
				c.As = model.Underscore(r.Edge) + "_id"
			}
			t.ForeignKeys = append(t.ForeignKeys, ForeignKey{Columns: []string{r.Column}, RefTable: r.To})
		}
	}
	if len(added) == 0 {
		return d
	}
	all := &Database{Dialect: d.Dialect, Tables: added}
	all.settle(c)
	for _, m := range models {
		if t := known[m.Name]; t != nil && t.Role == Scoped {
			t.link(m.Links, all)
		}
	}
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
