package builder

import (
	"go/token"
	"strings"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// A related is an association of the model that a query joins by its name.
type related struct {
	path string // fields, with dots between them
	kind string // the words of the join
	on   func(alias string) value.Value
	pos  token.Pos
}

// relate adds the joins of the model's associations, in front of the others, which
// may name them. Each table is called after its field, as name does.
func (st *Statement) relate(name func(field string) string) {
	o, ok := st.model.(*value.Object)
	if !ok {
		return
	}
	var joins []value.Value
	seen := map[string]bool{}
	for _, r := range st.related {
		table, alias, prefix := o.Table, baseName(o.Table), ""
		fields := strings.Split(r.path, ".")
		for i, field := range fields {
			rel := table.Relation(field)
			if rel == nil || rel.Many || rel.On == nil || rel.Table.Name == "" {
				break
			}
			from := alias
			alias = prefix + name(field)
			table, prefix = rel.Table, alias+"__"
			if seen[alias] {
				continue
			}
			seen[alias] = true
			join := value.Value(value.Static(r.kind+Quote(table.Name)+" AS "+Quote(alias)+" ON "+equalities(rel.On, from, alias), r.pos))
			if i == len(fields)-1 && r.on != nil {
				join = value.Concat(join, r.on(alias))
			}
			joins = append(joins, join)
		}
	}
	st.Joins = append(joins, st.Joins...)
}

// baseName returns what the table of a model is called in a query.
func baseName(t *model.Table) string {
	if t.Alias != "" {
		return t.Alias
	}
	return t.Name[strings.LastIndexByte(t.Name, '.')+1:]
}

// equalities returns the condition of a join by columns.
func equalities(on [][2]string, from, to string) string {
	terms := make([]string, len(on))
	for i, pair := range on {
		terms[i] = Quote(from+"."+pair[0]) + " = " + Quote(to+"."+pair[1])
	}
	return strings.Join(terms, " AND ")
}

// qualified puts the statement's qualifier in front of the columns of a record.
func (st *Statement) qualified(v value.Value) value.Value {
	if st.qualifier == "" {
		return v
	}
	return value.Rewrite(v, func(v value.Value) value.Value {
		e, ok := v.(*value.Entry)
		if !ok || e.Name == value.AnyName || strings.Contains(e.Name, ".") {
			return v
		}
		w := *e
		w.Name = st.qualifier + "." + e.Name
		return &w
	})
}
