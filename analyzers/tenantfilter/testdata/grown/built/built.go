// Package built puts texts together; it knows no database and holds no SQL.
package built

import "strings"

type Query struct {
	sql  strings.Builder
	Args []any
}

func New(s string) *Query {
	q := &Query{}
	q.sql.WriteString(s + " ")
	return q
}

func (q *Query) Add(s string, args ...any) {
	q.sql.WriteString(s + " ")
	q.Args = append(q.Args, args...)
}

func (q *Query) String() string { return q.sql.String() }
