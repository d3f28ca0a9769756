// Package joined puts texts together; it knows no database and holds no SQL.
package joined

type Query struct {
	sql  string
	Args []any
}

func New(s string) *Query {
	q := &Query{}
	q.sql += s + " "
	return q
}

func (q *Query) Add(s string, args ...any) {
	q.sql += s + " "
	q.Args = append(q.Args, args...)
}

func (q *Query) String() string { return q.sql }
