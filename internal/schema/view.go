package schema

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// viewKeys gives a view the keys of the tables that it reads, as far as it shows their
// columns: its rows refer to what these refer to, and to these themselves.
func (d *ddl) viewKeys(view *Table, q *sqlast.Select) {
	if q.Where != nil {
		sqlast.Inspect(q.Where, func(n sqlast.Node) bool {
			if c, ok := n.(*sqlast.ColumnRef); ok {
				view.filters = append(view.filters, c.Name.Last().Text)
			}
			return true
		})
	}
	refs := kept(q.From)
	for _, ref := range refs {
		source := d.lookup(ref.Name)
		if source == nil || source == view {
			continue
		}
		shown := d.shown(source, ref.Ref().Text, len(refs) == 1, q.Targets)
		self := ForeignKey{RefSchema: source.Schema, RefTable: source.Name, Columns: source.PrimaryKey, RefColumns: source.PrimaryKey, renames: len(d.renamed.to)}
		for _, fk := range append([]ForeignKey{self}, source.ForeignKeys...) {
			columns := shown.all(fk.Columns)
			if d.derived++; columns == nil || !source.requires(fk.Columns) || d.derived > maxDerived || len(view.ForeignKeys) >= maxKeys {
				continue
			}
			fk.Columns = columns
			view.ForeignKeys = append(view.ForeignKeys, fk)
			for _, c := range columns {
				view.setNotNull(c, true)
			}
		}
	}
}

// kept returns the tables of which each row of FROM has one.
func kept(items []sqlast.TableExpr) []*sqlast.TableRef {
	var refs []*sqlast.TableRef
	for _, item := range items {
		switch item := item.(type) {
		case *sqlast.TableRef:
			refs = append(refs, item)
		case *sqlast.Join:
			var sides []sqlast.TableExpr
			if item.Kind != sqlast.Right && item.Kind != sqlast.Full {
				sides = append(sides, item.Left)
			}
			if item.Kind != sqlast.Left && item.Kind != sqlast.Full {
				sides = append(sides, item.Right)
			}
			refs = append(refs, kept(sides)...)
		}
	}
	return refs
}

// shownColumns are the names that a view gives to columns of a table, by their own names
// in lower case.
type shownColumns map[string]string

// all returns the view's names of the columns, nil if it does not show them all.
func (s shownColumns) all(columns []string) []string {
	var names []string
	for _, c := range columns {
		name, ok := s[strings.ToLower(c)]
		if !ok {
			return nil
		}
		names = append(names, name)
	}
	return names
}

// shown returns what the targets show of a table, which goes by the name; alone says that
// columns without a qualifier are its columns.
func (d *ddl) shown(t *Table, name string, alone bool, targets []sqlast.Target) shownColumns {
	shown := shownColumns{}
	of := func(qualifier string) bool {
		return strings.EqualFold(qualifier, name) || qualifier == "" && alone
	}
	for _, target := range targets {
		if d.derived++; d.derived > maxDerived {
			return shown
		}
		switch e := target.Expr.(type) {
		case *sqlast.Star:
			if q := e.Qualifier.Last().Text; q != "" && !of(q) {
				continue
			}
			for _, c := range t.Columns {
				if d.derived++; d.derived > maxDerived {
					return shown
				}
				shown[strings.ToLower(c.Name)] = c.Name
			}
		case *sqlast.ColumnRef:
			if column := e.Name.Last().Text; of(e.Name.Qualifier().Text) && t.indexOf(column) >= 0 {
				if shown[strings.ToLower(column)] = target.Alias.Text; target.Alias.Text == "" {
					shown[strings.ToLower(column)] = column
				}
			}
		}
	}
	return shown
}

// limits reports whether the view itself tests the tenant column of the table.
func (t *Table) limits(parent *Table) bool {
	return slices.ContainsFunc(t.filters, parent.HasTenant)
}
