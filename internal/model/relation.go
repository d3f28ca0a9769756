package model

import (
	"go/types"
	"slices"
)

// A Relation joins the rows of a table with those that a field of its model holds.
type Relation struct {
	Table *Table
	On    [][2]string // columns of the two tables that are equal in such rows; nil if not known
	Many  bool        // there may be several rows
}

// A link is a field that holds rows of another table.
type link struct {
	field string
	typ   types.Type
	tag   tag
}

// Relation returns what a field of the model holds, nil if that is not known.
func (t *Table) Relation(field string) *Relation {
	for _, l := range t.links {
		if l.field != field {
			continue
		}
		other := t.of(l.typ)
		if other == nil {
			return nil
		}
		return &Relation{Table: other, On: t.keysOf(l, other), Many: isMany(l.typ)}
	}
	return nil
}

// References returns the columns by which a row of the table refers to the key of another, as its
// fields that hold one such row say.
func (t *Table) References() (all []Reference) {
	for _, l := range t.links {
		if isMany(l.typ) || l.tag.through {
			continue
		}
		other := t.of(l.typ)
		if other == nil || other.Name == "" {
			continue
		}
		on := l.tag.on
		if len(on) == 0 {
			on = t.refersTo(other, l.field, l.tag)
		}
		if key := other.Key(); len(on) == 1 && len(key) == 1 && on[0][1] == key[0] && !slices.Contains(t.Key(), on[0][0]) {
			all = append(all, Reference{Table: t.Name, Column: on[0][0], To: other.Name})
		}
	}
	return all
}

// keysOf returns the columns of a relation: those that its tag names, or a key of
// one table that the other refers to by a column named after it.
func (t *Table) keysOf(l link, other *Table) (on [][2]string) {
	switch {
	case len(l.tag.on) > 0:
		return l.tag.on
	case l.tag.through:
		return nil
	}
	if !isMany(l.typ) {
		if on := t.refersTo(other, l.field, l.tag); on != nil {
			return on
		}
	}
	for _, pair := range other.refersTo(t, t.model, l.tag) {
		on = append(on, [2]string{pair[1], pair[0]})
	}
	return on
}

// refersTo returns the columns by which t refers to the key of other, nil if there
// are none; they are called after prefix unless the tag names them.
func (t *Table) refersTo(other *Table, prefix string, tag tag) (on [][2]string) {
	keys := tag.references
	if len(keys) == 0 {
		for _, c := range other.Columns {
			if c.Key {
				keys = append(keys, c.field)
			}
		}
	}
	for i, key := range keys {
		names := []string{prefix + key, prefix + "ID", prefix + "Id"}
		if i < len(tag.foreign) {
			names = tag.foreign[i : i+1]
		}
		from, to := t.column(names), other.column([]string{key})
		if from == "" || to == "" {
			return nil
		}
		on = append(on, [2]string{from, to})
	}
	return on
}

// column returns the first column that is called by one of the names, its own or
// its field's.
func (t *Table) column(names []string) string {
	for _, name := range names {
		for _, c := range t.Columns {
			if c.field == name || c.Name == name || c.Name == Underscore(name) {
				return c.Name
			}
		}
	}
	return ""
}

// isMany reports whether a field of the type holds any number of rows.
func isMany(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok := t.Underlying().(*types.Slice)
	return ok
}
