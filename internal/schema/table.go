package schema

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// setColumn adds the column or replaces it.
func (t *Table) setColumn(def *sqlast.ColumnDef) {
	if def == nil || def.Name.Text == "" {
		return
	}
	c := Column{Name: def.Name.Text, Type: def.Type.Name, NotNull: def.NotNull || def.PrimaryKey, Default: defaultOf(def)}
	if i := t.indexOf(c.Name); i >= 0 {
		t.Columns[i] = c
	} else {
		t.Columns = append(t.Columns, c)
	}
	if def.PrimaryKey {
		t.PrimaryKey = []string{c.Name}
	}
	if def.Unique {
		t.Unique = append(t.Unique, Key{Name: t.Name + "_" + c.Name + "_key", Columns: []string{c.Name}})
	}
	if def.References != nil {
		t.refer("", []string{c.Name}, def.References)
	}
}

func (t *Table) indexOf(column string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return strings.EqualFold(c.Name, column) })
}

func defaultOf(def *sqlast.ColumnDef) Default {
	switch {
	case def.Generated != nil:
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

func (t *Table) constrain(c *sqlast.Constraint) {
	columns := texts(c.Columns)
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
			t.Unique = append(t.Unique, Key{Name: name, Columns: columns})
		}
	case sqlast.ForeignKey:
		if c.References != nil {
			t.refer(c.Name.Text, columns, c.References)
		}
	case sqlast.NotNull:
		for _, name := range columns {
			t.setNotNull(name, true)
		}
	}
}

func (t *Table) refer(name string, columns []string, ref *sqlast.Reference) {
	schema, _, _ := strings.Cut(key(ref.Table), ".")
	t.ForeignKeys = append(t.ForeignKeys, ForeignKey{
		Name: name, Columns: columns,
		RefSchema: schema, RefTable: ref.Table.Last().Text, RefColumns: texts(ref.Columns),
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

func (t *Table) dropColumn(name string) {
	gone := func(columns []string) bool { return containsFold(columns, name) }
	t.Columns = slices.DeleteFunc(t.Columns, func(c Column) bool { return strings.EqualFold(c.Name, name) })
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
func (p *Policy) read(e sqlast.Expr) {
	if e == nil {
		return
	}
	sqlast.Inspect(e, func(n sqlast.Node) bool {
		switch n := n.(type) {
		case *sqlast.ColumnRef:
			p.Columns = append(p.Columns, n.Name.Last().Text)
		case *sqlast.FuncCall:
			if n.Name.Last().Text == "current_setting" && len(n.Args) > 0 {
				if l, ok := n.Args[0].(*sqlast.Literal); ok {
					p.Settings = append(p.Settings, l.Value)
				}
			}
		}
		return true
	})
}
