package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// Bounds on tables, above what any database allows.
const (
	maxColumns    = 4096    // of a table
	maxKeys       = 1024    // unique keys, foreign keys and policies of a table, of each kind
	maxKeyColumns = 64      // of a key
	maxDerived    = 500_000 // columns and keys that tables copy from others
)

// A ddl applies DDL statements to a database, one after the other. finish completes the
// tables.
type ddl struct {
	*Database
	tables  map[string]*Table // by "schema.name", case folded
	created map[*Table]int    // the order of their creation
	names   tableSet          // by name
	schemas tableSet          // by schema
	indexes tableSet          // by the names of unique keys that they have, or had
	renamed renames
	derived int

	functions routines
	reading
}

// A reading is the text that is being read.
type reading struct {
	at    string // path of the file
	file  *sqlast.File
	lines int    // before the text, where it stands within a file
	home  string // the schema in which the search path makes tables; "" for the default one
	// counted newlines before the offset; statements come in order.
	offset, counted int
}

// A tableSet finds tables by a word, case folded.
type tableSet map[string]map[*Table]bool

func (s tableSet) add(word string, t *Table) {
	word = strings.ToLower(word)
	if s[word] == nil {
		s[word] = map[*Table]bool{}
	}
	s[word][t] = true
}

func (s tableSet) remove(word string, t *Table) {
	word = strings.ToLower(word)
	if delete(s[word], t); len(s[word]) == 0 {
		delete(s, word)
	}
}

func newDDL(dir string) *ddl {
	return &ddl{
		Database: &Database{Dir: dir}, tables: map[string]*Table{}, created: map[*Table]int{},
		names: tableSet{}, schemas: tableSet{}, indexes: tableSet{}, renamed: renames{of: map[string][]int{}},
		functions: routines{},
	}
}

// finish returns the database that the statements made.
func (d *ddl) finish() *Database {
	for _, t := range d.tables {
		d.Tables = append(d.Tables, t)
	}
	slices.SortFunc(d.Tables, func(a, b *Table) int { return d.created[a] - d.created[b] })
	d.renamed.settle()
	for _, t := range d.Tables {
		t.compact()
		for i := range t.ForeignKeys {
			fk := &t.ForeignKeys[i]
			fk.RefTable, fk.renames = d.renamed.after(fk.RefTable, fk.renames), 0
		}
		if t.cut != "" {
			d.cut = append(d.cut, Skipped{Path: t.Path, Line: t.Line, Why: t.cut})
		}
	}
	d.Skipped = append(d.Skipped, d.cut...)
	return d.Database
}

// read applies the text, which begins behind the given number of lines of the file.
func (d *ddl) read(path, text string, lines int, dialect sqlast.Dialect) {
	d.reading = reading{at: path, lines: lines, file: sqlast.Read(text, sqlast.Options{Dialect: dialect})}
	for _, s := range d.file.Stmts {
		d.apply(s)
	}
	d.noteCut()
}

// noteCut notes what is not read: statements that a bound of the reader cut off, and all behind what
// nothing closes.
func (d *ddl) noteCut() {
	for _, p := range d.file.Problems {
		switch {
		case p.Limit:
			d.cut = append(d.cut, Skipped{Path: d.at, Line: d.lineAt(p.Start), Why: p.Msg})
		case p.Open:
			d.cut = append(d.cut, Skipped{Path: d.at, Line: d.lineAt(p.Start), Why: p.Msg + ": what is behind it is not read"})
		}
	}
}

func (d *ddl) lineOf(n sqlast.Node) int { return d.lineAt(n.Bounds().Start) }

// lineAt returns the line of an offset in the text that is being read.
func (d *ddl) lineAt(offset int) int {
	if offset < d.offset {
		d.offset, d.counted = 0, 0
	}
	d.counted += strings.Count(d.file.Src[d.offset:offset], "\n")
	d.offset = offset
	return d.lines + 1 + d.counted
}

func (d *ddl) skip(n sqlast.Node, why string) {
	d.Skipped = append(d.Skipped, Skipped{Path: d.at, Line: d.lineOf(n), Why: why})
}

// key returns the key of a table in ddl.tables. A schema that is put in at run time
// counts as the default one; without one it is the search path's.
func (d *ddl) key(name sqlast.QName) string {
	schema := name.Qualifier().Text
	switch {
	case name.Qualifier().HasHole():
		schema = ""
	case len(name) == 1:
		schema = d.home
	}
	return keyOf(schema, name.Last().Stem())
}

func keyOf(schema, name string) string {
	if schema == "public" || schema == "dbo" || schema == "main" {
		schema = ""
	}
	return strings.ToLower(schema + "." + name)
}

// lookup finds a table. A name without a schema also finds a table of another schema if
// it is the only one of that name, as a search path would.
func (d *ddl) lookup(name sqlast.QName) *Table {
	if t := d.tables[d.key(name)]; t != nil {
		return t
	}
	if found := d.names[strings.ToLower(name.Last().Stem())]; len(name) == 1 && len(found) == 1 {
		for t := range found {
			return t
		}
	}
	return nil
}

func (d *ddl) add(name sqlast.QName, n sqlast.Node) *Table {
	schema, _, _ := strings.Cut(d.key(name), ".")
	t := &Table{Schema: schema, Name: name.Last().Stem(), Path: d.at, Line: d.lineOf(n), columns: map[string]int{}}
	if old := d.lookup(name); old != nil {
		d.drop(old)
	}
	d.created[t] = len(d.created)
	d.enter(t)
	return t
}

// enter adds the table to the indexes.
func (d *ddl) enter(t *Table) {
	if old := d.tables[keyOf(t.Schema, t.Name)]; old != nil {
		d.drop(old)
	}
	d.tables[keyOf(t.Schema, t.Name)] = t
	d.names.add(t.Name, t)
	d.schemas.add(t.Schema, t)
}

func (d *ddl) drop(t *Table) {
	delete(d.tables, keyOf(t.Schema, t.Name))
	d.names.remove(t.Name, t)
	d.schemas.remove(t.Schema, t)
}

// move renames a table or sets its schema. Foreign keys to it follow.
func (d *ddl) move(t *Table, schema, name string) {
	if name == "" {
		return
	}
	d.drop(t)
	d.renamed.add(t.Name, name)
	t.Schema, t.Name = schema, name
	d.enter(t)
}

func (d *ddl) apply(stmt sqlast.Stmt) {
	switch s := stmt.(type) {
	case *sqlast.CreateTable:
		d.createTable(s)
	case *sqlast.AlterTable:
		d.alterTable(s)
	case *sqlast.CreateView:
		d.createView(s)
	case *sqlast.CreateIndex:
		if t := d.lookup(s.Table); t != nil && s.Unique {
			if columns, ok := plainColumns(s.Keys); ok && (s.Where == nil || leavesOutDeleted(s.Where, columns)) {
				d.unique(t, Key{Name: s.Name.Text, Columns: columns})
			}
		}
	case *sqlast.Drop:
		d.applyDrop(s)
	case *sqlast.Policy:
		d.policy(s)
	case *sqlast.CreateSchema:
		d.made = append(d.made, s.Name.Text)
	case *sqlast.Set:
		if s.Name == "search_path" {
			d.search(s.Values)
		}
	case *sqlast.Select:
		if s.Into != nil && s.Into.Name.Last().Text != "" && !s.Into.Name.Last().HasHole() {
			d.derive(d.add(s.Into.Name, s), nil, s)
		}
	case *sqlast.Other:
		if strings.HasPrefix(s.Keywords, "CREATE") {
			d.functions.define(d.file.Src[s.Start:s.End])
		}
		d.body(s)
	}
}

// search notes a search path, which holds for the rest of the text. Tables are made in the first of
// its schemas.
func (d *ddl) search(path []sqlast.Expr) {
	d.searches, d.home = true, ""
	for i, e := range path {
		schema := pathName(e)
		if i == 0 && schema != "$user" {
			d.home = schema
		}
		if schema != "" {
			d.searched = append(d.searched, schema)
		}
	}
}

// pathName returns the name of a schema on a search path, "" if it is not fixed.
func pathName(e sqlast.Expr) string {
	switch e := e.(type) {
	case *sqlast.ColumnRef:
		if name := e.Name.Last(); !name.HasHole() {
			return name.Text
		}
	case *sqlast.Literal:
		if !strings.Contains(e.Value, sqlast.HoleMark) {
			return e.Value
		}
	}
	return ""
}

// gone are parts of the names of columns that say that a row counts no more.
var gone = []string{"delet", "remov", "archiv", "revok"}

// leavesOutDeleted reports whether the condition of a unique index leaves out no more than the
// rows that count no more, and those without a key, as in slug IS NOT NULL.
func leavesOutDeleted(where sqlast.Expr, key []string) bool {
	tested, other := false, false
	sqlast.Inspect(where, func(n sqlast.Node) bool {
		if c, ok := n.(*sqlast.ColumnRef); ok {
			name := strings.ToLower(c.Name.Last().Text)
			tested = true
			other = other || !containsFold(key, name) && !slices.ContainsFunc(gone, func(part string) bool { return strings.Contains(name, part) })
		}
		return true
	})
	return tested && !other
}

func plainColumns(keys []sqlast.Expr) (columns []string, ok bool) {
	for _, k := range keys {
		c, ok := k.(*sqlast.ColumnRef)
		if !ok {
			return nil, false
		}
		columns = append(columns, c.Name.Last().Text)
	}
	return columns, true
}

func (d *ddl) createTable(s *sqlast.CreateTable) {
	if s.Table.Last().Stem() == "" {
		d.skip(s, "the name of the table is put in at run time")
		return
	}
	if s.Temporary || s.IfNotExists && d.tables[d.key(s.Table)] != nil {
		return
	}
	t := d.add(s.Table, s)
	for _, from := range slices.Concat(s.Like, s.Inherits, parentOf(s)) {
		if other := d.lookup(from); other != nil && other != t {
			d.inheritFrom(t, other)
		}
	}
	for _, c := range s.Columns {
		d.setColumn(t, c)
	}
	for _, c := range s.Constraints {
		d.constrain(t, c)
	}
	if s.As != nil {
		var names []sqlast.Name
		for _, c := range s.Columns {
			names = append(names, c.Name)
		}
		t.Columns, t.columns = nil, map[string]int{}
		d.derive(t, names, s.As)
	}
	if len(s.Holes) > 0 {
		d.skip(s, "part of the definition is put in at run time")
	}
}

func parentOf(s *sqlast.CreateTable) []sqlast.QName {
	if len(s.PartitionOf) == 0 {
		return nil
	}
	return []sqlast.QName{s.PartitionOf}
}

func (d *ddl) alterTable(s *sqlast.AlterTable) {
	t := d.lookup(s.Table)
	if t == nil {
		return
	}
	for i := range s.Actions {
		d.alter(t, &s.Actions[i])
	}
}

func (d *ddl) alter(t *Table, a *sqlast.AlterAction) {
	name := a.Name.Text
	switch a.Kind {
	case sqlast.AddColumn:
		if a.Column != nil && !(a.IfExists && t.indexOf(name) >= 0) {
			d.setColumn(t, a.Column)
		}
	case sqlast.DropColumn:
		t.dropColumn(name)
	case sqlast.RenameColumn:
		t.renameColumn(name, a.NewName.Text)
	case sqlast.ChangeColumn:
		t.renameColumn(name, a.NewName.Text)
		d.setColumn(t, a.Column)
	case sqlast.ModifyColumn:
		d.setColumn(t, a.Column)
	case sqlast.SetNotNull, sqlast.DropNotNull:
		t.setNotNull(name, a.Kind == sqlast.SetNotNull)
	case sqlast.SetDefault:
		t.setDefault(name, defaultOf(a.Column))
	case sqlast.DropDefault:
		t.setDefault(name, NoDefault)
	case sqlast.RenameTable:
		d.move(t, t.Schema, a.Table.Last().Text)
	case sqlast.SetSchema:
		d.move(t, name, t.Name)
	case sqlast.AddConstraint:
		if a.Constraint != nil {
			d.constrain(t, a.Constraint)
		}
	case sqlast.DropConstraint:
		named := func(n string) bool { return strings.EqualFold(n, name) }
		t.Unique = slices.DeleteFunc(t.Unique, func(k Key) bool { return named(k.Name) })
		t.ForeignKeys = slices.DeleteFunc(t.ForeignKeys, func(k ForeignKey) bool { return named(k.Name) })
		if named(t.Name + "_pkey") {
			t.PrimaryKey = nil
		}
	case sqlast.DropPrimaryKey:
		t.PrimaryKey = nil
	case sqlast.EnableRLS, sqlast.DisableRLS:
		t.RLS.Enabled = a.Kind == sqlast.EnableRLS
	case sqlast.ForceRLS, sqlast.NoForceRLS:
		t.RLS.Forced = a.Kind == sqlast.ForceRLS
	case sqlast.InheritTable:
		if parent := d.lookup(a.Table); parent != nil && len(t.columns) == 0 {
			d.takeColumns(t, parent, true)
		}
	}
}

func (d *ddl) applyDrop(s *sqlast.Drop) {
	switch s.Kind {
	case "table", "view", "materialized view", "foreign table":
		for _, name := range s.Names {
			if t := d.lookup(name); t != nil {
				d.drop(t)
			}
		}
	case "schema":
		for _, name := range s.Names {
			for t := range maps.Clone(d.schemas[strings.ToLower(name.Last().Text)]) {
				d.drop(t)
			}
		}
	case "index":
		for _, name := range s.Names {
			for t := range d.indexes[strings.ToLower(name.Last().Text)] {
				t.Unique = slices.DeleteFunc(t.Unique, func(k Key) bool { return strings.EqualFold(k.Name, name.Last().Text) })
			}
		}
	}
}

func (d *ddl) createView(s *sqlast.CreateView) {
	if s.Temporary || s.View.Last().HasHole() || s.View.Last().Text == "" {
		return
	}
	t := d.add(s.View, s)
	t.View = true
	d.derive(t, s.Columns, s.Query)
	if s.Query != nil && s.Query.Op == sqlast.NoSetOp && len(s.Columns) == 0 {
		d.viewKeys(t, s.Query)
	}
}

// derive gives a table the columns of the query that it is made from, under the given
// names. Without these, a name that the query has twice becomes one column.
func (d *ddl) derive(t *Table, names []sqlast.Name, q *sqlast.Select) {
	for q != nil && q.Op != sqlast.NoSetOp {
		q = q.Left
	}
	if q == nil {
		return
	}
	var from []derivedFrom
	for _, target := range q.Targets {
		if star, ok := target.Expr.(*sqlast.Star); ok {
			if from == nil {
				from = d.sources(q)
			}
			for _, source := range from {
				if name := star.Qualifier.Last().Text; name == "" || strings.EqualFold(source.name, name) {
					d.takeColumns(t, source.table, len(names) == 0)
				} else if d.derived++; d.derived > maxDerived {
					break
				}
			}
			continue
		}
		c := Column{Name: target.Alias.Text}
		if ref, ok := target.Expr.(*sqlast.ColumnRef); ok && c.Name == "" {
			c.Name = ref.Name.Last().Text
		}
		t.addColumn(c)
	}
	for i, n := range names[:min(len(names), len(t.Columns))] {
		t.Columns[i].Name = n.Text
	}
	t.number()
}

// derivedFrom is a table in FROM, and what the query calls it.
type derivedFrom struct {
	table *Table
	name  string
}

// sources returns the tables in FROM that stars stand for.
func (d *ddl) sources(q *sqlast.Select) []derivedFrom {
	var from []derivedFrom
	for _, item := range q.From {
		sqlast.Inspect(item, func(n sqlast.Node) bool {
			switch n := n.(type) {
			case *sqlast.Select:
				return false
			case *sqlast.TableRef:
				if t := d.lookup(n.Name); t != nil {
					from = append(from, derivedFrom{t, n.Ref().Text})
				}
			}
			return true
		})
	}
	return from
}

func (d *ddl) policy(s *sqlast.Policy) {
	t := d.lookup(s.Table)
	if t == nil {
		return
	}
	same := func(p Policy) bool { return strings.EqualFold(p.Name, s.Name.Text) }
	switch s.Verb {
	case "create":
		if len(t.RLS.Policies) >= maxKeys {
			t.cut = fmt.Sprintf("more than %d policies of one table: the rest is left out", maxKeys)
			return
		}
		p := Policy{Name: s.Name.Text, Command: s.Command, Open: opens(s)}
		p.read(s.Using, d.functions)
		if s.Using == nil {
			p.read(s.Check, d.functions)
		}
		t.RLS.Policies = append(t.RLS.Policies, p)
	case "drop":
		t.RLS.Policies = slices.DeleteFunc(t.RLS.Policies, same)
	case "alter":
		if i := slices.IndexFunc(t.RLS.Policies, same); i >= 0 && s.Using != nil {
			p := &t.RLS.Policies[i]
			p.Columns, p.Settings = nil, nil
			p.read(s.Using, d.functions)
		}
	}
}

// opens reports whether a policy lets everybody have all rows.
func opens(s *sqlast.Policy) bool {
	e := s.Using
	if e == nil {
		e = s.Check
	}
	all, ok := e.(*sqlast.Literal)
	return ok && all.Kind == sqlast.TrueLit && !s.Restrictive && !slices.ContainsFunc(s.Roles, func(role sqlast.Name) bool { return !strings.EqualFold(role.Text, "public") })
}

// body reads the DDL in a DO block as if every branch were taken.
func (d *ddl) body(s *sqlast.Other) {
	if !strings.HasPrefix(s.Keywords, "DO") || s.Body == (sqlast.Span{}) {
		return
	}
	text := d.file.Src[s.Body.Start:s.Body.End]
	if sqlast.BuildsTables(text) {
		d.skip(s, "a DO block makes statements from strings")
	}
	for _, at := range sqlast.TableChanges(text) {
		line := d.lineAt(s.Body.Start + at[0])
		outer := d.reading
		d.read(d.at, text[at[0]:at[1]], line-1, sqlast.Postgres)
		d.reading = outer
	}
}
