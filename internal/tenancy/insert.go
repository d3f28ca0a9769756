package tenancy

import (
	"strings"

	"github.com/poollint/poollint/internal/sqlast"
)

// An Insertion is text that goes in front of the byte at the offset.
type Insertion struct {
	Offset int
	Text   string
}

// Insertions returns what to insert into the statement's text to add the verdict's
// predicate to its WHERE; ok is false where that is not straightforward.
func (v *Verdict) Insertions(src string) (all []Insertion, ok bool) {
	where, end := whereOf(v.Scope)
	if where == nil {
		return []Insertion{{end, " WHERE " + v.Add}}, end > 0
	}
	bounds := where.Bounds()
	before := strings.TrimRight(src[:bounds.Start], " \t\r\n(")
	if len(before) < len("WHERE") || !strings.EqualFold(before[len(before)-len("WHERE"):], "WHERE") {
		return nil, false
	}
	start := len(before) + len(src[len(before):]) - len(strings.TrimLeft(src[len(before):], " \t\r\n"))
	if _, ok := where.(*sqlast.Or); ok {
		return []Insertion{{start, v.Add + " AND ("}, {bounds.End, ")"}}, true
	}
	return []Insertion{{start, v.Add + " AND "}}, true
}

// whereOf returns the WHERE condition of a statement or, without one, the offset at which
// WHERE can be inserted; 0 where that is not straightforward.
func whereOf(n sqlast.Node) (where sqlast.Expr, end int) {
	switch s := n.(type) {
	case *sqlast.Select:
		return s.Where, endOf(s.From, 0)
	case *sqlast.Update:
		if len(s.Set) == 0 {
			return s.Where, 0
		}
		return s.Where, endOf(s.From, s.Set[len(s.Set)-1].End)
	case *sqlast.Delete:
		if len(s.Tables) == 0 || s.Multi {
			return s.Where, endOf(s.From, 0)
		}
		return s.Where, endOf(s.From, s.Tables[len(s.Tables)-1].End)
	}
	return nil, 0
}

func endOf(items []sqlast.TableExpr, otherwise int) int {
	if len(items) == 0 {
		return otherwise
	}
	return items[len(items)-1].Bounds().End
}
