// Package listers has helpers that make a query of a text and options.
package listers

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

type part interface{ SQL() (string, []any) }

type equal struct {
	column string
	value  any
}

func (e *equal) SQL() (sql string, args []any) {
	if e.column == "" {
		return "", nil
	}
	sql = fmt.Sprintf("%s = ?", e.column)
	args = append(args, e.value)
	return
}

type options struct {
	filters []*equal
	limit   int
}

func (o *options) parts() []part {
	var all []part
	if o.filters != nil {
		for _, f := range o.filters {
			all = append(all, f)
		}
	}
	return all
}

func where(parts []part) (sql string, args []any) {
	var sb strings.Builder
	if len(parts) == 0 {
		return "", nil
	} else {
		sb.WriteString(" WHERE ")
	}
	for i, p := range parts {
		if i != 0 {
			sb.WriteString(" AND ")
		}
		s, a := p.SQL()
		sb.WriteString(s)
		args = append(args, a...)
	}
	sql = sb.String() + " "
	return
}

func construct(base string, o *options) (query string, args []any) {
	if o != nil {
		var w string
		parts := o.parts()
		w, args = where(parts)
		query = base + w
	} else {
		query = base
		args = []any{}
	}
	return
}

func list(ctx context.Context, db *sql.DB, o *options) {
	query, args := construct("SELECT id FROM users", o)
	db.QueryContext(ctx, query, args...)
	// helper: SELECT id FROM users WHERE _
	// helper: SELECT id FROM users
}

func join(ctx context.Context, db *sql.DB, parts []part) {
	w, args := where(parts)
	db.QueryContext(ctx, "SELECT id FROM users"+w, args...)
	// concat: SELECT id FROM users WHERE _
	// concat: SELECT id FROM users
}

func given(ctx context.Context, db *sql.DB, conds []string) {
	q := "SELECT id FROM users"
	if len(conds) > 0 {
		q += " WHERE " + strings.Join(conds, " AND ")
	}
	db.QueryContext(ctx, q)
	// local: SELECT id FROM users WHERE _
	// local: SELECT id FROM users
}

func unrolled(ctx context.Context, db *sql.DB) {
	q := "SELECT id FROM users WHERE "
	for i, column := range []string{"id", "name"} {
		if i > 0 {
			q += " AND "
		}
		q += column + " = ?"
	}
	db.QueryContext(ctx, q)
	// local: SELECT id FROM users WHERE id = ? AND name = ?
}

func counted(ctx context.Context, db *sql.DB, columns []string) {
	q := "SELECT id FROM users WHERE "
	for i := 0; i < len(columns); i++ {
		if i == 0 {
			q += "id = ? AND "
		} else {
			q += " OR "
		}
		q += columns[i] + " = ?"
	}
	db.QueryContext(ctx, q)
	// local: SELECT id FROM users WHERE id = ? AND _ = ?
}

func joinLoop(conds []string) string {
	result := ""
	for i, c := range conds {
		if i > 0 {
			result += " AND "
		}
		result += c
	}
	return result
}

func joinFull(conds []string) string {
	s := ""
	for _, c := range conds {
		if s != "" {
			s += " OR "
		}
		s += fmt.Sprintf("(%s)", c)
	}
	return s
}

func joinCall(conds []string, sep string) string { return strings.Join(conds, sep) }

func joinBuilder(conds ...string) string {
	var sb strings.Builder
	for i, c := range conds {
		if i == 0 {
			sb.WriteString(" WHERE ")
		} else {
			sb.WriteString(" AND ")
		}
		sb.WriteString(c)
	}
	return sb.String()
}

func joinLen(conds []string) string {
	var sb strings.Builder
	for _, c := range conds {
		if sb.Len() > 0 {
			sb.WriteString(" AND ")
		}
		sb.WriteString(c)
	}
	return sb.String()
}

func joinAnd(query string, conds []string) string {
	for _, c := range conds {
		query += " AND " + c
	}
	return query
}

// some leaves out what it likes: what it makes of a list is not known.
func some(conds []string) string {
	s := ""
	for _, c := range conds {
		if strings.HasPrefix(c, "id") {
			s += c
		}
	}
	return s
}

// uneven is no join: the first element has nothing behind it, the others have.
func uneven(conds []string) string {
	s := ""
	for i, c := range conds {
		s += c
		if i > 0 {
			s += " IS NULL"
		}
	}
	return s
}

func joinedByHelper(ctx context.Context, db *sql.DB, byID bool) {
	var conds []string
	if byID {
		conds = append(conds, "id = $1")
	}
	conds = append(conds, "name = $2")
	db.QueryContext(ctx, "SELECT 1 FROM users WHERE "+joinLoop(conds))
	// concat: SELECT 1 FROM users WHERE id = $1 AND name = $2
	// concat: SELECT 1 FROM users WHERE name = $2
}

func joinedOrNot(ctx context.Context, db *sql.DB, byID bool) {
	q := "SELECT 2 FROM users"
	var conds []string
	if byID {
		conds = append(conds, "id = $1")
	}
	if len(conds) > 0 {
		q += " WHERE " + joinLoop(conds)
	}
	db.QueryContext(ctx, q)
	// local: SELECT 2 FROM users WHERE id = $1
	// local: SELECT 2 FROM users
}

func joinedEachWay(ctx context.Context, db *sql.DB) {
	two := []string{"id = $1", "name = $2"}
	db.QueryContext(ctx, "SELECT 3 FROM users WHERE "+joinFull(two))
	db.QueryContext(ctx, "SELECT 4 FROM users WHERE "+joinCall(two, " AND "))
	db.QueryContext(ctx, "SELECT 5 FROM users"+joinBuilder("id = $1", "name = $2"))
	db.QueryContext(ctx, "SELECT 6 FROM users"+joinBuilder())
	db.QueryContext(ctx, joinAnd("SELECT 7 FROM users WHERE id > 0", two))
	db.QueryContext(ctx, "SELECT 8 FROM users WHERE "+joinLen(two))
	db.QueryContext(ctx, "SELECT 9 FROM users WHERE "+some(two))
	db.QueryContext(ctx, "SELECT 10 FROM users WHERE "+uneven(two))
	// concat: SELECT 3 FROM users WHERE (id = $1) OR (name = $2)
	// concat: SELECT 4 FROM users WHERE id = $1 AND name = $2
	// concat: SELECT 5 FROM users WHERE id = $1 AND name = $2
	// concat: SELECT 6 FROM users
	// helper: SELECT 7 FROM users WHERE id > 0 AND id = $1 AND name = $2
	// concat: SELECT 8 FROM users WHERE id = $1 AND name = $2
	// concat: SELECT 9 FROM users WHERE _
	// concat: SELECT 9 FROM users WHERE
	// concat: SELECT 10 FROM users WHERE _
}

func joinMore(conds []string) string {
	s := ""
	for i, c := range append([]string{"id > 0"}, conds...) {
		if i > 0 {
			s += " AND "
		}
		s += c
	}
	return s
}

func joinedWithMore(ctx context.Context, db *sql.DB, conds []string) {
	db.QueryContext(ctx, "SELECT 1 FROM users WHERE "+joinMore([]string{"id = $1", "name = $2"}))
	db.QueryContext(ctx, "SELECT 2 FROM users WHERE "+joinMore(nil))
	db.QueryContext(ctx, "SELECT 3 FROM users WHERE "+joinMore(conds))
	// concat: SELECT 1 FROM users WHERE id > 0 AND id = $1 AND name = $2
	// concat: SELECT 2 FROM users WHERE id > 0
	// concat: SELECT 3 FROM users WHERE id > 0 AND _
}

func joinedUnknown(ctx context.Context, db *sql.DB, conds []string) {
	db.QueryContext(ctx, "SELECT 1 FROM users"+joinBuilder(conds...))
	db.QueryContext(ctx, "SELECT 2 FROM users WHERE "+joinFull(conds))
	// concat: SELECT 1 FROM users WHERE _
	// concat: SELECT 2 FROM users WHERE (_)
}

func eachOf(ctx context.Context, db *sql.DB, conds []string) {
	q := "SELECT 1 FROM users WHERE "
	for i, c := range conds {
		if i > 0 {
			q += " AND "
		}
		q += c
		db.QueryContext(ctx, q)
	}
	// local: SELECT 1 FROM users WHERE _
}
