// Package schema finds the tables of a module's databases: their columns, keys and
// row-level security, and which column of each holds the tenant. It reads migrations and
// schema files and, where there are none, the models of object mappers.
package schema

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// A Database is the tables that one set of migrations makes.
type Database struct {
	// Dir is the directory that the DDL came from, relative to the module root;
	// empty for tables known from Go code only.
	Dir     string
	Tables  []*Table // in the order of their creation; none in a merged database, see All
	Dialect sqlast.Dialect

	// Skipped lists what could not be read and may hold tables or columns.
	Skipped []Skipped

	// Tenant is the tenant column chosen for the database, and why.
	Tenant Choice

	// parts are the databases that a merged database is made of.
	parts []*Database

	searches bool      // the DDL sets a search path
	searched []string  // the schemas on those
	made     []string  // the schemas that it makes
	cut      []Skipped // the part of Skipped that is beyond a bound

	byName     map[string][]*Table
	bySchema   map[string]*Table   // by qualified name
	hasSchema  map[string]bool     // the schemas of tables, in lower case
	bySingular map[string][]*Table // by bareName, with and without a short prefix
}

// A Skipped is DDL that could not be read.
type Skipped struct {
	Path string
	Line int
	Why  string // lower case, one line
}

// A Table is a table or a view.
type Table struct {
	Schema, Name string // Schema is empty unless the DDL names one
	View         bool
	Columns      []Column // in order
	PrimaryKey   []string
	Unique       []Key
	ForeignKeys  []ForeignKey
	RLS          RLS

	// Path and Line say where the table is defined.
	Path string
	Line int

	// TenantColumns are the columns that hold the tenant, in order of preference;
	// empty if the table has none.
	TenantColumns []string

	// Part is the column of a part of a tenant which rows may lack. Where it is compared, it
	// limits them; nothing else is asked of it.
	Part string

	Role   Role
	Parent string // of an Owned table: the table through which it belongs to a tenant

	// Owners are the keys of an Owned table by which its rows certainly belong to those of
	// tables that are limited to a tenant; the nearest to the tenants first.
	Owners []Owner

	columns map[string]int // by lower-case name, once indexed
	filters []string       // columns that the WHERE of a view names
	dropped int            // columns without a name, while DDL is applied
	cut     string         // what a bound cut off, if anything
}

// Role says how a table relates to tenants.
type Role uint8

// The roles.
const (
	Global Role = iota // rows belong to nobody in particular
	Scoped             // rows carry their tenant
	Owned              // rows belong to a tenant through a foreign key
	Root               // rows are the tenants
	Shared             // declared to belong to all tenants
)

func (r Role) String() string {
	return [...]string{"global", "scoped", "owned", "root", "shared"}[r]
}

// A Column is a column of a table.
type Column struct {
	Name    string
	Type    string // lower case, as written; "" if not known
	NotNull bool
	As      string // what it would be called by what it refers to, where it bears the name of something else
	// Default says what an INSERT that leaves the column out stores.
	Default Default
}

// Default is the kind of a column's default.
type Default uint8

// The kinds of defaults.
const (
	NoDefault       Default = iota
	ConstantDefault         // the same for every row
	FunctionDefault         // computed, perhaps from the session
)

// A Key is a unique key, by name where it has one.
type Key struct {
	Name    string
	Columns []string
}

// A ForeignKey says that Columns refer to the rows of Table by its RefColumns,
// which are its primary key if empty.
type ForeignKey struct {
	Name       string
	Columns    []string
	RefSchema  string
	RefTable   string
	RefColumns []string
	Cascade    bool // ON DELETE CASCADE

	renames int // of tables, before the key was written; while DDL is applied
}

// An Owner is a table that the rows of another belong to, by the key.
type Owner struct {
	*Table
	Key ForeignKey
}

// RLS is the state of a table's row-level security.
type RLS struct {
	Enabled, Forced bool
	Policies        []Policy
}

// A Policy is a row-level security policy.
type Policy struct {
	Name     string
	Command  string   // "all", "select", "insert", "update" or "delete"
	Columns  []string // that its USING expression compares with a setting or a function
	Settings []string // names of the settings that it reads
	Open     bool     // it lets everybody have all rows, whatever other policies say
}

// Column returns the named column, nil if the table has none.
func (t *Table) Column(name string) *Column {
	if t.columns != nil {
		i, ok := t.columns[name]
		if !ok {
			i, ok = t.columns[strings.ToLower(name)]
		}
		if !ok {
			return nil
		}
		return &t.Columns[i]
	}
	for i := range t.Columns {
		if strings.EqualFold(t.Columns[i].Name, name) {
			return &t.Columns[i]
		}
	}
	return nil
}

// HasTenant reports whether the column holds the table's tenant.
func (t *Table) HasTenant(column string) bool {
	return containsFold(t.TenantColumns, column)
}

// LacksTenant reports whether the column is the tenant's where the table belongs to, though no DDL
// says that the table has it: a statement that names it knows more.
func (t *Table) LacksTenant(column string) bool {
	return t.Role == Owned && t.Column(column) == nil && slices.ContainsFunc(t.Owners, func(o Owner) bool {
		return o.HasTenant(column) || o.LacksTenant(column)
	})
}

// Catalogue reports whether the schema is one in which a server describes itself.
func Catalogue(schema string) bool { return schema == "information_schema" || schema == "pg_catalog" }

// Lookup finds a table. The schema counts if it is given; the result is nil if there is no
// such table, or several.
func (d *Database) Lookup(schema, name string) *Table {
	if Catalogue(schema) {
		return nil
	}
	for _, part := range d.parts {
		if part.knows(name) {
			if t := part.Lookup(schema, name); t != nil || schema == "" {
				return t
			}
		}
	}
	tables := d.byName[name]
	if tables == nil {
		tables = d.byName[strings.ToLower(name)]
	}
	switch {
	case len(tables) == 0:
		return nil
	case len(tables) == 1 && d.isIn(tables[0], schema):
		return tables[0]
	}
	return d.bySchema[qualified(schema, tables[0].Name)]
}

// isIn reports whether the table may be meant where a query names the schema. That of a
// table without one depends on the search path, if that is set, or the schema is made for it.
func (d *Database) isIn(t *Table, schema string) bool {
	switch {
	case schema == "" || d.Dialect != sqlast.Postgres || qualified(schema, t.Name) == qualified(t.Schema, t.Name):
		return true
	case t.Schema != "":
		return false
	case containsFold(d.searched, schema):
		return true
	case d.hasSchema[strings.ToLower(schema)]:
		return false
	}
	return d.searches || containsFold(d.made, schema)
}

// knows reports whether a table of the database has the name.
func (d *Database) knows(name string) bool {
	return d.byName[name] != nil || d.byName[strings.ToLower(name)] != nil
}

// qualified is the key of a table in bySchema.
func qualified(schema, name string) string {
	if schema == "public" {
		schema = ""
	}
	return schema + "." + strings.ToLower(name)
}

// index builds the indexes of Lookup. It is called once the tables are complete.
func (d *Database) index() {
	d.byName = make(map[string][]*Table, len(d.Tables))
	d.bySchema = make(map[string]*Table, len(d.Tables))
	d.bySingular = make(map[string][]*Table, len(d.Tables))
	d.hasSchema = map[string]bool{}
	for _, t := range d.Tables {
		d.hasSchema[strings.ToLower(t.Schema)] = true
		d.bySingular[bareName(t.Name)] = append(d.bySingular[bareName(t.Name)], t)
		if prefix, rest, ok := strings.Cut(t.Name, "_"); ok && len(prefix) <= 3 {
			d.bySingular[bareName(rest)] = append(d.bySingular[bareName(rest)], t) // app_users, v1_task
		}
		d.byName[t.Name] = append(d.byName[t.Name], t)
		if lower := strings.ToLower(t.Name); lower != t.Name {
			d.byName[lower] = append(d.byName[lower], t)
		}
		if at := qualified(t.Schema, t.Name); d.bySchema[at] == nil {
			d.bySchema[at] = t
		}
		if t.columns == nil { // a table may be in several databases
			t.columns = make(map[string]int, len(t.Columns))
			for i, c := range t.Columns {
				t.columns[strings.ToLower(c.Name)] = i
			}
		}
	}
}

func containsFold(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// UniqueAlone reports whether the column is a primary or unique key by itself.
func (t *Table) UniqueAlone(column string) bool {
	if len(t.PrimaryKey) == 1 && strings.EqualFold(t.PrimaryKey[0], column) {
		return true
	}
	return slices.ContainsFunc(t.Unique, func(k Key) bool {
		return len(k.Columns) == 1 && strings.EqualFold(k.Columns[0], column)
	})
}

// Named returns the table that a column such as user_id is named after: users, app_user.
// The result is nil if there is no such table, or several.
func (d *Database) Named(singular string) *Table {
	key := bareName(singular)
	if len(d.parts) == 0 {
		if tables := d.bySingular[key]; len(tables) == 1 {
			return tables[0]
		}
		return nil
	}
	var found *Table
	for i, part := range d.parts {
		for _, t := range part.bySingular[key] {
			if slices.ContainsFunc(d.parts[:i], func(before *Database) bool { return before.knows(t.Name) }) {
				continue
			}
			if found != nil {
				return nil
			}
			found = t
		}
	}
	return found
}

// IsNamed reports whether a name in the singular, as the user of user_id, is that of the table.
func (t *Table) IsNamed(singular string) bool { return bareName(t.Name) == bareName(singular) }

// bareName strips case, underscores and the plural from a table's name.
func bareName(name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, "_", ""))
	name = strings.Replace(name, "organisation", "organization", 1)
	if name == "org" || name == "orgs" {
		return "organization"
	}
	switch {
	case strings.HasSuffix(name, "ies"):
		return strings.TrimSuffix(name, "ies") + "y"
	case strings.HasSuffix(name, "sses"), strings.HasSuffix(name, "xes"), strings.HasSuffix(name, "ches"):
		return strings.TrimSuffix(name, "es")
	case strings.HasSuffix(name, "ss"):
		return name
	}
	return strings.TrimSuffix(name, "s")
}
