package schema

import (
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// A ddl applies DDL statements, one after the other, to a database.
type ddl struct {
	*Database
	tables map[string]*Table // by "schema.name", case folded
	at     string            // path of the file being read
	file   *sqlast.File
	lines  int // before the text, where it stands within a file
}

func newDDL(dir string) *ddl {
	return &ddl{Database: &Database{Dir: dir}, tables: map[string]*Table{}}
}

// read applies the text, which begins behind the given number of lines of the file.
func (d *ddl) read(path, text string, lines int, dialect sqlast.Dialect) {
	d.at, d.lines = path, lines
	d.file = sqlast.Read(text, sqlast.Options{Dialect: dialect})
	for _, s := range d.file.Stmts {
		d.apply(s)
	}
}

func (d *ddl) lineOf(n sqlast.Node) int {
	return d.lines + 1 + strings.Count(d.file.Src[:n.Bounds().Start], "\n")
}

func (d *ddl) skip(n sqlast.Node, why string) {
	d.Skipped = append(d.Skipped, Skipped{Path: d.at, Line: d.lineOf(n), Why: why})
}

// key names a table; a schema that the program puts in at run time is as good as
// the default one.
func key(name sqlast.QName) string {
	schema := name.Qualifier().Text
	if schema == "public" || schema == "dbo" || schema == "main" || name.Qualifier().HasHole() {
		schema = ""
	}
	return strings.ToLower(schema + "." + name.Last().Text)
}

// lookup finds a table. A name without a schema finds the only table of that name
// too, as a search path would.
func (d *ddl) lookup(name sqlast.QName) *Table {
	if t := d.tables[key(name)]; t != nil {
		return t
	}
	var found *Table
	if len(name) == 1 {
		for _, t := range d.tables {
			if strings.EqualFold(t.Name, name.Last().Text) {
				if found != nil {
					return nil
				}
				found = t
			}
		}
	}
	return found
}

func (d *ddl) add(name sqlast.QName, n sqlast.Node) *Table {
	schema, _, _ := strings.Cut(key(name), ".")
	t := &Table{Schema: schema, Name: name.Last().Text, Path: d.at, Line: d.lineOf(n)}
	d.drop(name)
	d.tables[key(name)] = t
	d.Tables = append(d.Tables, t)
	return t
}

func (d *ddl) drop(name sqlast.QName) {
	t := d.lookup(name)
	if t == nil {
		return
	}
	d.Tables = slices.DeleteFunc(d.Tables, func(x *Table) bool { return x == t })
	for k, x := range d.tables {
		if x == t {
			delete(d.tables, k)
		}
	}
}

// move renames a table or sets its schema.
func (d *ddl) move(t *Table, schema, name string) {
	if name == "" {
		return
	}
	for k, x := range d.tables {
		if x == t {
			delete(d.tables, k)
		}
	}
	for _, other := range d.Tables {
		for i := range other.ForeignKeys {
			if fk := &other.ForeignKeys[i]; strings.EqualFold(fk.RefTable, t.Name) {
				fk.RefTable = name
			}
		}
	}
	t.Schema, t.Name = schema, name
	d.tables[strings.ToLower(schema+"."+name)] = t
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
		if t := d.lookup(s.Table); t != nil && s.Unique && s.Where == nil {
			if columns, ok := plainColumns(s.Keys); ok {
				t.Unique = append(t.Unique, Key{Name: s.Name.Text, Columns: columns})
			}
		}
	case *sqlast.Drop:
		d.applyDrop(s)
	case *sqlast.Policy:
		d.policy(s)
	case *sqlast.Select:
		if s.Into != nil && s.Into.Name.Last().Text != "" && !s.Into.Name.Last().HasHole() {
			d.derive(d.add(s.Into.Name, s), nil, s)
		}
	case *sqlast.Other:
		d.body(s)
	}
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
	if s.Table.Last().HasHole() || s.Table.Last().Text == "" {
		d.skip(s, "the name of the table is put in at run time")
		return
	}
	if s.Temporary || s.IfNotExists && d.tables[key(s.Table)] != nil {
		return
	}
	t := d.add(s.Table, s)
	for _, from := range slices.Concat(s.Like, s.Inherits, parentOf(s)) {
		if other := d.lookup(from); other != nil && other != t {
			t.Columns = append(t.Columns, other.Columns...)
			t.PrimaryKey = slices.Clone(other.PrimaryKey)
			t.ForeignKeys = append(t.ForeignKeys, other.ForeignKeys...)
		}
	}
	for _, c := range s.Columns {
		t.setColumn(c)
	}
	for _, c := range s.Constraints {
		t.constrain(c)
	}
	if s.As != nil {
		var names []sqlast.Name
		for _, c := range s.Columns {
			names = append(names, c.Name)
		}
		t.Columns = nil
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
			t.setColumn(a.Column)
		}
	case sqlast.DropColumn:
		t.dropColumn(name)
	case sqlast.RenameColumn:
		t.renameColumn(name, a.NewName.Text)
	case sqlast.ChangeColumn:
		t.renameColumn(name, a.NewName.Text)
		t.setColumn(a.Column)
	case sqlast.ModifyColumn:
		t.setColumn(a.Column)
	case sqlast.SetNotNull, sqlast.DropNotNull:
		t.setNotNull(name, a.Kind == sqlast.SetNotNull)
	case sqlast.RenameTable:
		d.move(t, t.Schema, a.Table.Last().Text)
	case sqlast.SetSchema:
		d.move(t, name, t.Name)
	case sqlast.AddConstraint:
		if a.Constraint != nil {
			t.constrain(a.Constraint)
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
		if parent := d.lookup(a.Table); parent != nil && len(t.Columns) == 0 {
			t.Columns = slices.Clone(parent.Columns)
		}
	}
}

func (d *ddl) applyDrop(s *sqlast.Drop) {
	switch s.Kind {
	case "table", "view", "materialized view", "foreign table":
		for _, name := range s.Names {
			d.drop(name)
		}
	case "schema":
		for _, name := range s.Names {
			for _, t := range slices.Clone(d.Tables) {
				if strings.EqualFold(t.Schema, name.Last().Text) {
					d.drop(sqlast.QName{{Text: t.Schema}, {Text: t.Name}})
				}
			}
		}
	case "index":
		for _, name := range s.Names {
			for _, t := range d.Tables {
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
}

// derive gives a table the columns of a query.
func (d *ddl) derive(t *Table, names []sqlast.Name, q *sqlast.Select) {
	for q != nil && q.Op != sqlast.NoSetOp {
		q = q.Left
	}
	if q == nil {
		return
	}
	for _, target := range q.Targets {
		if star, ok := target.Expr.(*sqlast.Star); ok {
			for _, source := range d.sources(q, star.Qualifier.Last().Text) {
				t.Columns = append(t.Columns, source.Columns...)
			}
			continue
		}
		c := Column{Name: target.Alias.Text}
		if ref, ok := target.Expr.(*sqlast.ColumnRef); ok && c.Name == "" {
			c.Name = ref.Name.Last().Text
		}
		t.Columns = append(t.Columns, c)
	}
	for i, n := range names {
		if i < len(t.Columns) {
			t.Columns[i].Name = n.Text
		}
	}
}

// sources returns the tables in FROM that a star with the qualifier stands for.
func (d *ddl) sources(q *sqlast.Select, qualifier string) []*Table {
	var tables []*Table
	for _, item := range q.From {
		sqlast.Inspect(item, func(n sqlast.Node) bool {
			switch n := n.(type) {
			case *sqlast.Select:
				return false
			case *sqlast.TableRef:
				if t := d.lookup(n.Name); t != nil && (qualifier == "" || strings.EqualFold(n.Ref().Text, qualifier)) {
					tables = append(tables, t)
				}
			}
			return true
		})
	}
	return tables
}

func (d *ddl) policy(s *sqlast.Policy) {
	t := d.lookup(s.Table)
	if t == nil {
		return
	}
	same := func(p Policy) bool { return strings.EqualFold(p.Name, s.Name.Text) }
	switch s.Verb {
	case "create":
		p := Policy{Name: s.Name.Text, Command: s.Command}
		p.read(s.Using)
		if s.Using == nil {
			p.read(s.Check)
		}
		t.RLS.Policies = append(t.RLS.Policies, p)
	case "drop":
		t.RLS.Policies = slices.DeleteFunc(t.RLS.Policies, same)
	case "alter":
		if i := slices.IndexFunc(t.RLS.Policies, same); i >= 0 && s.Using != nil {
			p := &t.RLS.Policies[i]
			p.Columns, p.Settings = nil, nil
			p.read(s.Using)
		}
	}
}

// inBody finds the plain DDL in the body of DO or of a function that runs at once.
var inBody = regexp.MustCompile(`(?i)\b(?:CREATE|ALTER|DROP)\s+TABLE\b[^;']*(?:'[^']*'[^;']*)*;`)

// dynamic tells DDL that the body makes from strings.
var dynamic = regexp.MustCompile(`(?i)\bEXECUTE\b`)

// body reads the DDL in a DO block as if every branch were taken.
func (d *ddl) body(s *sqlast.Other) {
	if !strings.HasPrefix(s.Keywords, "DO") || s.Body == (sqlast.Span{}) {
		return
	}
	text := d.file.Src[s.Body.Start:s.Body.End]
	if dynamic.MatchString(text) && strings.Contains(strings.ToLower(text), "table") {
		d.skip(s, "a DO block makes statements from strings")
	}
	outer, lines := d.file, d.lines
	for _, at := range inBody.FindAllStringIndex(text, -1) {
		d.read(d.at, text[at[0]:at[1]], lines+strings.Count(outer.Src[:s.Body.Start+at[0]], "\n"), sqlast.Postgres)
	}
	d.file, d.lines = outer, lines
}
