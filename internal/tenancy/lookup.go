package tenancy

import (
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// A key that is unique over all tenants is an address: an e-mail at login, the slug of a public
// page. It is looked up before the tenant is known, to find the tenant or to see whether it is
// taken. What a statement selects beyond that, it shows to whoever guesses the key.

// looksUp reports whether a statement is such a look-up by what it selects: it tells whose the
// row is, which one, or that there is one, and nothing of what stands in it, or nobody reads that.
func (b *builder) looksUp() bool {
	s, ok := b.root.(*sqlast.Select)
	return ok && len(s.Targets) > 0 && (b.opts.Unread || !slices.ContainsFunc(s.Targets, func(t sqlast.Target) bool {
		return !tellsWhich(t.Expr) && !b.tellsTenant(t.Expr)
	}))
}

// tellsTenant reports whether an output has the tenant of a judged table, or the key to what its
// rows belong to.
func (b *builder) tellsTenant(e sqlast.Expr) bool {
	column, ok := e.(*sqlast.ColumnRef)
	return ok && b.spend(len(b.judged)) && slices.ContainsFunc(b.judged, func(j judged) bool {
		name := column.Name.Last().Text
		if isOwned(j.Table) {
			return indexFold(j.Table.Owners[0].Key.Columns, name) >= 0
		}
		return j.Table.HasTenant(name)
	})
}

// tellsWhich reports whether an output says no more than that there is a row, or its id.
func tellsWhich(e sqlast.Expr) bool {
	switch e := e.(type) {
	case *sqlast.Exists, *sqlast.Literal:
		return true
	case *sqlast.FuncCall:
		return strings.EqualFold(e.Name.Last().Text, "count")
	case *sqlast.ColumnRef:
		return isID(e.Name.Last().Text)
	}
	return false
}

// foundByUnique reports whether values from outside are all of a key that is unique over all
// tenants.
func (s *solver) foundByUnique(c, row int) bool {
	t := s.rows[row].table
	if t == nil {
		return false
	}
	return slices.ContainsFunc(t.Unique, func(k schema.Key) bool {
		return len(k.Columns) > 0 && !slices.ContainsFunc(k.Columns, func(name string) bool {
			return t.HasTenant(name) || !s.isBound(c, row, name)
		})
	})
}

// isBound reports whether a column of the row equals a value from outside.
func (s *solver) isBound(c, row int, name string) bool {
	s.spend(len(s.columns))
	for i := range s.columns {
		if x := &s.columns[i]; x.row == row && strings.EqualFold(x.origin, name) && s.bound[c][s.class[c][i]] {
			return true
		}
	}
	return false
}
