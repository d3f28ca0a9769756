// Package pieces puts texts together and spells none itself.
package pieces

import "strings"

type Query struct {
	text strings.Builder
	Args []any
}

func New(text string) *Query {
	q := &Query{}
	q.text.WriteString(text + " ")
	return q
}

func (q *Query) Add(text string, args ...any) {
	q.text.WriteString(text + " ")
	q.Args = append(q.Args, args...)
}

func (q *Query) String() string { return q.text.String() }
