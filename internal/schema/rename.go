package schema

import (
	"slices"
	"strings"
)

// renames are the changes of tables' names, in order. With them a foreign key finds the
// table that had the name when the key was written.
type renames struct {
	to []string         // the new name; once settled, the final one
	of map[string][]int // indices in to, by the old name, case folded
}

func (r *renames) add(from, to string) {
	from = strings.ToLower(from)
	r.of[from] = append(r.of[from], len(r.to))
	r.to = append(r.to, to)
}

// settle replaces every new name by the final one.
func (r *renames) settle() {
	for i := len(r.to) - 1; i >= 0; i-- {
		r.to[i] = r.after(r.to[i], i+1)
	}
}

// after returns the final name of the table that had the name when n changes had been
// made. The later changes must be settled.
func (r *renames) after(name string, n int) string {
	changes := r.of[strings.ToLower(name)]
	if i, _ := slices.BinarySearch(changes, n); i < len(changes) {
		return r.to[changes[i]]
	}
	return name
}
