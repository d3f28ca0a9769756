// Package objects has its SQL in structs, beside a name, with a text for each dialect.
package objects

import (
	"context"
	"fmt"
)

type statement struct {
	ID       string
	Text     string
	SQLite   string
	Postgres string
}

func (s statement) For(dialect string) string {
	if dialect == "sqlite" && s.SQLite != "" {
		return s.SQLite
	}
	return s.Text
}

type label struct{ Name, Title string }

type client interface {
	Query(s statement, args ...any) ([]map[string]any, error)
	ExecuteContext(ctx context.Context, s statement, args ...any) error
	ExecuteText(ctx context.Context, text string, args ...any) error
	QueryLabels(l label, args ...any) error
}

var (
	byHandle = statement{
		ID:   "Q-01",
		Text: "SELECT * FROM flows WHERE handle = $1",
	}
	byName = statement{ID: "Q-02", Text: "SELECT * FROM flows WHERE name = $1"}
	all    = statement{ID: "Q-07", Text: "SELECT * FROM flows"}
	rename = statement{
		ID:       "DROP",
		Postgres: "UPDATE flows SET name = $1",
		SQLite:   "UPDATE flows SET name = ?",
	}
)

type store struct{ db client }

func (s *store) variables(ctx context.Context) {
	s.db.Query(byHandle, 1)
	// constant: SELECT * FROM flows WHERE handle = $1
	s.db.ExecuteContext(ctx, rename, 1)
	// constant: UPDATE flows SET name = $1
	// constant: UPDATE flows SET name = ?
}

func (s *store) literal() {
	s.db.Query(statement{ID: "Q-03", Text: "DELETE FROM flows"})
	// local: DELETE FROM flows
}

func (s *store) local(table string) {
	q := statement{ID: "Q-04", Text: fmt.Sprintf("DELETE FROM %s", table)}
	s.db.Query(q)
	// concat: DELETE FROM _
}

func made(n int) statement {
	return statement{ID: "Q-05", Text: fmt.Sprintf("SELECT * FROM flows LIMIT %d", n)}
}

func (s *store) result() {
	q := made(3)
	s.db.Query(q)
	// helper: SELECT * FROM flows LIMIT _
}

func (s *store) one(q statement, id string) error {
	_, err := s.db.Query(q, id)
	return err
}

func (s *store) wrapped() {
	s.one(byName, "x")
	// wrapper: SELECT * FROM flows WHERE name = $1
}

func (s *store) text(ctx context.Context) {
	s.db.ExecuteText(ctx, "DELETE FROM flows", 1)
	// literal: DELETE FROM flows
	s.db.ExecuteText(ctx, "purge", 1)
}

// db fulfils client, and is called itself.
type db struct{ dialect string }

func (d *db) Query(s statement, args ...any) error { return run(s.For(d.dialect), args) }

func run(string, []any) error { return nil }

func (d *db) direct() {
	d.Query(all, 1)
	// constant: SELECT * FROM flows
}

func (s *store) labels() {
	s.db.QueryLabels(label{"team", "Your team"}, 1)
}
