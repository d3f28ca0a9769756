// Package model reads the struct types of object mappers as tables, by each
// mapper's tags and naming conventions.
package model

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/jinzhu/inflection"
)

// Mapper is an object mapper.
type Mapper string

// The mappers, named as in their struct tags but for pop.
const (
	GORM Mapper = "gorm"
	Bun  Mapper = "bun"
	GoPG Mapper = "pg"
	XORM Mapper = "xorm"
	DB   Mapper = "db"   // sqlx, goqu, squirrel: columns only, no table name
	Pop  Mapper = "pop"  // the columns of db, and tables named after their types
	Gorp Mapper = "gorp" // the columns of db and all other fields; tables as they are registered, else as pop's
)

// tag returns the name of the mapper's struct tag.
func (m Mapper) tag() string {
	if m == Pop || m == Gorp {
		return string(DB)
	}
	return string(m)
}

// Registers reports whether programs register what tables their structs are.
func (m Mapper) Registers() bool { return m == Gorp }

// Table is what a mapper makes of a struct type.
type Table struct {
	Name    string // may be schema-qualified; empty if only the running program knows
	Alias   string // what the mapper calls the table in queries; empty for none
	Columns []Column

	model string // the type
	links []link
	of    func(types.Type) *Table // by the same mapper
}

// Column is one column of a table.
type Column struct {
	Name string
	Key  bool // part of the primary key
	Auto bool // filled by the database unless set

	Filters []string // the verbs of the statements that its type limits by it

	field  string // of the struct
	unique string // see tag
}

// Unique returns the columns of the unique keys.
func (t *Table) Unique() (keys [][]string) {
	at := map[string]int{}
	for _, c := range t.Columns {
		i, known := at[c.unique]
		switch {
		case c.unique == "":
		case known && c.unique != alone:
			keys[i] = append(keys[i], c.Name)
		default:
			at[c.unique] = len(keys)
			keys = append(keys, []string{c.Name})
		}
	}
	return keys
}

// Key returns the names of the primary key's columns.
func (t *Table) Key() []string {
	var names []string
	for _, c := range t.Columns {
		if c.Key {
			names = append(names, c.Name)
		}
	}
	return names
}

// ColumnOf returns the column that the mapper makes of the field, "" for none.
func (t *Table) ColumnOf(field string) string {
	for _, c := range t.Columns {
		if c.field == field {
			return c.Name
		}
	}
	return ""
}

// Registered returns the table as a program registers it: under a name, with the
// fields that make its key if it names some.
func (t *Table) Registered(name string, key []string) *Table {
	as := *t
	as.Name = name
	if len(key) > 0 {
		as.Columns = slices.Clone(t.Columns)
		for i, c := range as.Columns {
			as.Columns[i].Key = slices.Contains(key, c.field)
		}
	}
	return &as
}

// Struct returns the named struct type behind pointers, slices and arrays, nil
// if there is none.
func Struct(t types.Type) *types.Named {
	for range 5 {
		switch u := types.Unalias(t).(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Named:
			switch under := u.Underlying().(type) {
			case *types.Struct:
				return u
			case *types.Slice:
				t = under.Elem()
			default:
				return nil
			}
		default:
			return nil
		}
	}
	return nil
}

// Of returns the table that the mapper makes of the struct type behind t, nil if
// there is no struct. The function constant says what a method that names the
// table returns, "" if that is not known.
func Of(t types.Type, m Mapper, constant func(*types.Func) string) *Table {
	named := Struct(t)
	if named == nil {
		return nil
	}
	of := func(t types.Type) *Table { return Of(t, m, constant) }
	r := &reader{mapper: m, table: &Table{model: named.Obj().Name(), of: of}}
	r.fields(named.Underlying().(*types.Struct), "", 0)
	r.name(named, constant)
	r.key()
	return r.table
}

type reader struct {
	mapper Mapper
	table  *Table
}

func (r *reader) name(named *types.Named, constant func(*types.Func) string) {
	name := named.Obj().Name()
	if (r.mapper == Bun || r.mapper == GoPG) && r.table.Alias == "" {
		r.table.Alias = Underscore(name)
	}
	if r.table.Name != "" || r.mapper == DB {
		return
	}
	if r.mapper == GORM || r.mapper == XORM || r.mapper == Pop {
		obj, _, _ := types.LookupFieldOrMethod(named, true, named.Obj().Pkg(), "TableName")
		if fn, ok := obj.(*types.Func); ok {
			r.table.Name = constant(fn)
			return
		}
	}
	switch r.mapper {
	case XORM:
		r.table.Name = snake(name)
	case GORM:
		r.table.Name = inflection.Plural(snake(name))
	default:
		r.table.Name = inflection.Plural(Underscore(name))
	}
}

// key finds the primary key where no tag names one.
func (r *reader) key() {
	if slices.ContainsFunc(r.table.Columns, func(c Column) bool { return c.Key }) {
		return
	}
	for i, c := range r.table.Columns {
		if c.Name == "id" {
			r.table.Columns[i].Key = true
			return
		}
	}
}

func (r *reader) fields(s *types.Struct, prefix string, depth int) {
	if depth > 5 {
		return
	}
	for i := range s.NumFields() {
		field := s.Field(i)
		value := reflect.StructTag(s.Tag(i)).Get(r.mapper.tag())
		tag := readTag(r.mapper, value)
		if tag.skip || r.header(field, tag) || !field.Exported() && !field.Anonymous() {
			continue
		}
		if inner := embedded(field, tag, r.mapper); inner != nil {
			r.fields(inner, prefix+tag.prefix, depth+1)
			continue
		}
		if tag.relation || r.mapper == GORM && tag.column == "" && !tag.typed && isRelation(field.Type()) {
			r.table.links = append(r.table.links, link{field.Name(), field.Type(), tag})
			continue
		}
		name := tag.column
		switch {
		case name != "":
		case r.mapper == Gorp:
			name = strings.ToLower(field.Name())
		case r.mapper.tag() == string(DB):
			continue
		case r.mapper == GORM || r.mapper == XORM:
			name = snake(field.Name())
		default:
			name = Underscore(field.Name())
		}
		r.table.Columns = append(r.table.Columns, Column{
			Name: prefix + name, Key: tag.key, Auto: tag.auto, Filters: filters(r.mapper, field.Type()), field: field.Name(), unique: tag.unique,
		})
	}
}

// header reads the field that carries the table's name: bun.BaseModel or
// go-pg's tableName.
func (r *reader) header(field *types.Var, tag tag) bool {
	switch {
	case r.mapper == Bun && field.Anonymous() && field.Name() == "BaseModel", r.mapper == GoPG && field.Name() == "tableName":
	default:
		return false
	}
	if tag.table == "" { // a bare name is the table's
		tag.table = tag.column
	}
	r.table.Name, r.table.Alias = unquote(tag.table), unquote(tag.alias)
	return true
}

func embedded(field *types.Var, tag tag, m Mapper) *types.Struct {
	if !tag.embedded && (!field.Anonymous() || tag.column != "") {
		return nil
	}
	t := field.Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if m == GORM && !tag.embedded && scans(t) {
		return nil
	}
	s, _ := t.Underlying().(*types.Struct)
	return s
}

// isRelation reports whether GORM takes a field of the type for an association.
func isRelation(t types.Type) bool {
	named := Struct(t)
	if named == nil {
		_, isInterface := t.Underlying().(*types.Interface)
		return isInterface
	}
	if obj := named.Obj(); obj.Pkg() != nil && obj.Pkg().Path() == "time" {
		return false
	}
	return !scans(t) && !scans(named)
}

// scans reports whether values of the type go to and from one column.
func scans(t types.Type) bool {
	for _, method := range []string{"Scan", "Value", "GormDataType"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, method); obj != nil {
			if _, ok := obj.(*types.Func); ok {
				return true
			}
		}
	}
	return false
}

// clauses are the methods by which GORM asks the type of a field for conditions.
var clauses = []struct{ method, verb string }{{"QueryClauses", "SELECT"}, {"UpdateClauses", "UPDATE"}, {"DeleteClauses", "DELETE"}}

// filters returns the verbs of the statements to which a field's type adds a condition
// on its column. GORM's own types leave out deleted rows, which is none of a value.
func filters(m Mapper, t types.Type) (verbs []string) {
	if m != GORM {
		return nil
	}
	for _, c := range clauses {
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, c.method)
		if fn, ok := obj.(*types.Func); ok && !within(fn.Pkg().Path(), "gorm.io") {
			verbs = append(verbs, c.verb)
		}
	}
	return verbs
}

func unquote(s string) string { return strings.Trim(s, "\"`'") }
