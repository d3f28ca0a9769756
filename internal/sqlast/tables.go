package sqlast

import "slices"

// TableUse is one reference to a table.
type TableUse struct {
	Ref   *TableRef
	Depth int // how many CTEs, derived tables and subqueries it stands in
}

// Tables returns the references to tables in s, those that are written to among them.
// The names of CTEs are no tables where they are visible.
func Tables(s Stmt) []TableUse {
	var (
		uses  []TableUse
		ctes  []string // those visible
		marks []int    // how many were visible outside of the current statements
		w     walker
	)
	w.visit = func(n Node) bool {
		switch n := n.(type) {
		case Stmt:
			marks = append(marks, len(ctes))
			if view, ok := n.(*CreateView); ok && view.Recursive {
				ctes = append(ctes, view.View.Last().Text)
			}
			if with := WithOf(n); with != nil && with.Recursive {
				for _, c := range with.CTEs {
					ctes = append(ctes, c.Name.Text)
				}
			}
		case *TableRef:
			name := n.Name.Last().Text
			if name != "" && (len(n.Name) > 1 || !slices.Contains(ctes, name)) {
				uses = append(uses, TableUse{n, w.depth})
			}
		}
		return true
	}
	w.leave = func(n Node) {
		switch n := n.(type) {
		case Stmt:
			ctes = ctes[:marks[len(marks)-1]]
			marks = marks[:len(marks)-1]
		case *CTE:
			ctes = append(ctes, n.Name.Text)
		}
	}
	w.stmt(s)
	return uses
}

// WithOf returns the WITH clause of s, nil if it has none.
func WithOf(s Stmt) *With {
	switch s := s.(type) {
	case *Select:
		return s.With
	case *Insert:
		return s.With
	case *Update:
		return s.With
	case *Delete:
		return s.With
	case *Merge:
		return s.With
	}
	return nil
}
