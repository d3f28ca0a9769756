package schema

import (
	"slices"
	"strings"
)

// renames are the tables' changes of name, in their order, so that foreign keys find
// the tables that they were written for.
type renames struct {
	to []string         // the new name; once settled, the last one
	of map[string][]int // indices in to, by the old name, case folded
}

func (r *renames) add(from, to string) {
	from = strings.ToLower(from)
	r.of[from] = append(r.of[from], len(r.to))
	r.to = append(r.to, to)
}

// settle follows every new name to the last one.
func (r *renames) settle() {
	for i := len(r.to) - 1; i >= 0; i-- {
		r.to[i] = r.after(r.to[i], i+1)
	}
}

// after returns the last name of what had the name when n changes were made. The
// changes behind those are settled.
func (r *renames) after(name string, n int) string {
	changes := r.of[strings.ToLower(name)]
	if i, _ := slices.BinarySearch(changes, n); i < len(changes) {
		return r.to[changes[i]]
	}
	return name
}
