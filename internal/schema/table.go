package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// setColumn adds the column to the table or replaces it.
func (d *ddl) setColumn(t *Table, def *sqlast.ColumnDef) {
	if def == nil || def.Name.Text == "" {
		return
	}
	c := Column{Name: def.Name.Text, Type: def.Type.Name, NotNull: def.NotNull || def.PrimaryKey, Default: defaultOf(def)}
	if i := t.indexOf(c.Name); i >= 0 {
		t.Columns[i] = c
	} else if !t.addColumn(c) {
		return
	}
	if def.PrimaryKey {
		t.PrimaryKey = []string{c.Name}
	}
	if def.Unique {
		d.unique(t, Key{Name: t.Name + "_" + c.Name + "_key", Columns: []string{c.Name}})
	}
	if def.References != nil {
		d.refer(t, "", []string{c.Name}, def.References)
	}
}

// addColumn adds a column, which the table may have already; it reports false if the
// table is too wide.
func (t *Table) addColumn(c Column) bool {
	if len(t.Columns) >= maxColumns {
		t.cut = fmt.Sprintf("more than %d columns: the rest is left out", maxColumns)
		return false
	}
	t.columns[strings.ToLower(c.Name)] = len(t.Columns)
	t.Columns = append(t.Columns, c)
	return true
}

// takeColumns copies the columns of another table; with once, only those whose names the
// table does not have yet.
func (d *ddl) takeColumns(t, from *Table, once bool) {
	for _, c := range from.Columns {
		if d.derived++; d.derived > maxDerived {
			t.cut = "views and tables made from others have too many columns: some are left out"
			return
		}
		if c.Name == "" || once && t.indexOf(c.Name) >= 0 {
			continue
		}
		if !t.addColumn(c) {
			return
		}
	}
}

// inheritFrom adds the columns and keys of a parent.
func (d *ddl) inheritFrom(t, parent *Table) {
	d.takeColumns(t, parent, true)
	t.PrimaryKey = slices.Clone(parent.PrimaryKey)
	if d.derived += len(parent.ForeignKeys); d.derived <= maxDerived {
		t.ForeignKeys = append(t.ForeignKeys, parent.ForeignKeys[:min(len(parent.ForeignKeys), maxKeys-len(t.ForeignKeys))]...)
	}
}

// indexOf returns where the column is, or -1.
func (t *Table) indexOf(column string) int {
	if i, ok := t.columns[strings.ToLower(column)]; ok {
		return i
	}
	return -1
}

// compact removes the columns that were dropped.
func (t *Table) compact() {
	if t.dropped == 0 {
		return
	}
	t.dropped = 0
	t.Columns = slices.DeleteFunc(t.Columns, func(c Column) bool { return c.Name == "" })
	t.number()
}

// number tells where the columns are, after their names or places have changed.
func (t *Table) number() {
	clear(t.columns)
	for i, c := range t.Columns {
		t.columns[strings.ToLower(c.Name)] = i
	}
}

func defaultOf(def *sqlast.ColumnDef) Default {
	switch {
	case def.Generated != nil, def.Numbers, strings.Contains(def.Type.Name, "serial"):
		return FunctionDefault
	case def.Default == nil:
		return NoDefault
	}
	computed := false
	sqlast.Inspect(def.Default, func(n sqlast.Node) bool {
		_, call := n.(*sqlast.FuncCall)
		computed = computed || call
		return true
	})
	if computed {
		return FunctionDefault
	}
	if l, ok := def.Default.(*sqlast.Literal); ok && l.Kind == sqlast.NullLit {
		return NoDefault
	}
	return ConstantDefault
}

func (d *ddl) constrain(t *Table, c *sqlast.Constraint) {
	columns := texts(c.Columns)
	if len(columns) > maxKeyColumns {
		t.cut = fmt.Sprintf("a key of more than %d columns is left out", maxKeyColumns)
		return
	}
	switch c.Kind {
	case sqlast.PrimaryKey:
		if len(columns) > 0 {
			t.PrimaryKey = columns
		} else if i := slices.IndexFunc(t.Unique, func(k Key) bool { return k.Name == c.UsingIndex.Text }); i >= 0 {
			t.PrimaryKey = t.Unique[i].Columns
		}
		for _, name := range t.PrimaryKey {
			t.setNotNull(name, true)
		}
	case sqlast.Unique:
		if len(c.Exprs) == 0 {
			name := c.Name.Text
			if name == "" {
				name = t.Name + "_" + strings.Join(columns, "_") + "_key"
			}
			d.unique(t, Key{Name: name, Columns: columns})
		}
	case sqlast.ForeignKey:
		if c.References != nil {
			d.refer(t, c.Name.Text, columns, c.References)
		}
	case sqlast.NotNull:
		for _, name := range columns {
			t.setNotNull(name, true)
		}
	}
}

// unique adds a unique key to the table.
func (d *ddl) unique(t *Table, k Key) {
	if len(t.Unique) >= maxKeys {
		t.cut = fmt.Sprintf("more than %d unique keys: the rest is left out", maxKeys)
		return
	}
	t.Unique = append(t.Unique, k)
	d.indexes.add(k.Name, t)
}

// refer adds a foreign key to the table.
func (d *ddl) refer(t *Table, name string, columns []string, ref *sqlast.Reference) {
	if len(t.ForeignKeys) >= maxKeys {
		t.cut = fmt.Sprintf("more than %d foreign keys: the rest is left out", maxKeys)
		return
	}
	schema, _, _ := strings.Cut(d.key(ref.Table), ".")
	if len(ref.Table) == 1 && d.tables[d.key(ref.Table)] == nil {
		schema = "" // elsewhere on the search path
	}
	t.ForeignKeys = append(t.ForeignKeys, ForeignKey{
		Name: name, Columns: columns,
		RefSchema: schema, RefTable: ref.Table.Last().Text, RefColumns: texts(ref.Columns),
		Cascade: ref.Cascade,
		renames: len(d.renamed.to),
	})
}

func texts(names []sqlast.Name) []string {
	var all []string
	for _, n := range names {
		all = append(all, n.Text)
	}
	return all
}

func (t *Table) setNotNull(column string, notNull bool) {
	if i := t.indexOf(column); i >= 0 {
		t.Columns[i].NotNull = notNull
	}
}

func (t *Table) setDefault(column string, to Default) {
	if i := t.indexOf(column); i >= 0 {
		t.Columns[i].Default = to
	}
}

func (t *Table) dropColumn(name string) {
	gone := func(columns []string) bool { return containsFold(columns, name) }
	if i := t.indexOf(name); i >= 0 {
		delete(t.columns, strings.ToLower(name))
		t.Columns[i] = Column{}
		if t.dropped++; 2*t.dropped > len(t.Columns) {
			t.compact()
		}
	}
	t.Unique = slices.DeleteFunc(t.Unique, func(k Key) bool { return gone(k.Columns) })
	t.ForeignKeys = slices.DeleteFunc(t.ForeignKeys, func(k ForeignKey) bool { return gone(k.Columns) })
	if gone(t.PrimaryKey) {
		t.PrimaryKey = nil
	}
}

func (t *Table) renameColumn(from, to string) {
	if to == "" {
		return
	}
	rename := func(columns []string) {
		for i := range columns {
			if strings.EqualFold(columns[i], from) {
				columns[i] = to
			}
		}
	}
	if i := t.indexOf(from); i >= 0 {
		t.Columns[i].Name = to
		delete(t.columns, strings.ToLower(from))
		t.columns[strings.ToLower(to)] = i
	}
	rename(t.PrimaryKey)
	for _, k := range t.Unique {
		rename(k.Columns)
	}
	for _, k := range t.ForeignKeys {
		rename(k.Columns)
	}
}

// read finds the columns that the policy compares, and the settings it reads.
func (p *Policy) read(e sqlast.Expr, functions routines) {
	if e == nil {
		return
	}
	sqlast.Inspect(e, func(n sqlast.Node) bool {
		switch n := n.(type) {
		case *sqlast.ColumnRef:
			p.Columns = append(p.Columns, n.Name.Last().Text)
		case *sqlast.FuncCall:
			p.Settings = append(p.Settings, functions.readBy(n)...)
		}
		return true
	})
}
