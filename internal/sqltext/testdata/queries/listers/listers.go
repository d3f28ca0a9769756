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
