package dbapi

import "iter"

// Limits yields the limits of the built-in openers; one may come several times.
func Limits() iter.Seq[*Limit] {
	return func(yield func(*Limit) bool) {
		for _, row := range openers {
			if row.Limit != nil && !yield(row.Limit) {
				return
			}
		}
	}
}

// OpenerNamed returns the row of the given name; nil if there is none.
func (c *Catalogue) OpenerNamed(name Name) *Opener {
	if row := c.added[name]; row != nil {
		return row
	}
	return openers[name]
}
