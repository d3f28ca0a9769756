package dbapi

import (
	"iter"
	"slices"
	"strings"
)

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

// others are libraries whose servers are no SQL databases and take thousands of
// connections.
var others = []string{"go.mongodb.org/", "github.com/go-redis/", "github.com/redis/"}

// SQL reports whether the named opener's servers are SQL databases.
func (n Name) SQL() bool {
	return !slices.ContainsFunc(others, func(prefix string) bool { return strings.HasPrefix(n.Package(), prefix) })
}
