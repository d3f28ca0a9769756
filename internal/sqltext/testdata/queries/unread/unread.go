// Package unread has queries that cannot be read.
package unread

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/Masterminds/squirrel"
	"github.com/doug-martin/goqu/v9"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"
	"gorm.io/gorm"
)

type Group struct {
	ID   int64 `bun:"id,pk"`
	Name string
}

func executor(ctx context.Context, db *goqu.Database) error {
	// builder: DELETE FROM groups
	_, err := db.Delete("groups").Executor().ExecContext(ctx)
	return err
}

// One query is counted once, wherever its steps stand.
func split(db *goqu.Database) (n int, err error) {
	executor := db.From("groups").Select("id").Executor()
	// builder: SELECT id FROM groups
	_, err = executor.ScanVal(&n)
	return n, err
}

func generic(ctx context.Context, db *gorm.DB) ([]Group, error) {
	// builder: SELECT * FROM groups WHERE name = ?
	return gorm.G[Group](db).Where("name = ?", "x").Find(ctx)
}

func genericExec(ctx context.Context, db *gorm.DB) error {
	// literal: DELETE FROM groups
	return gorm.G[Group](db).Exec(ctx, "DELETE FROM groups")
}

func raw(db *gorm.DB, out *Group) error {
	// literal: SELECT * FROM groups
	return db.Raw("SELECT * FROM groups").Scan(out).Error
}

func params(ctx context.Context, c *pgconn.PgConn) *pgconn.ResultReader {
	return c.ExecParams(ctx, "DELETE FROM groups", nil, nil, nil, nil) // unread: PgConn.ExecParams of github.com/jackc/pgx/v5/pgconn is not modelled
}

func with(ctx context.Context, db squirrel.ExecerContext) error {
	// builder: DELETE FROM groups
	_, err := squirrel.ExecContextWith(ctx, db, squirrel.Delete("groups"))
	return err
}

// Nothing here calls it.
func get(ctx context.Context, db bun.IDB, model any) error {
	return db.NewSelect().Model(model).Scan(ctx) // unread: the table is a parameter of a function that no call in its package reaches
}

// Its callers tell the table.
func find(ctx context.Context, db bun.IDB, model any) error {
	return db.NewSelect().Model(model).Scan(ctx)
	// builder: SELECT * FROM groups AS "group"
}

func groups(ctx context.Context, db bun.IDB) (g []Group, err error) {
	err = find(ctx, db, &g)
	return g, err
}

type runner interface {
	Run(ctx context.Context, text string, args ...any) error
	Note(ctx context.Context, message string) error
}

type statement struct{ SQL string }

const listed = `SELECT id FROM groups`

func handed(ctx context.Context, r runner, run func(string) error, do func(statement) error) error {
	return errors.Join(
		r.Run(ctx, listed),                           // handed: r.Run
		run("SELECT id FROM groups WHERE id = 1"),    // handed: run
		do(statement{SQL: "DELETE FROM groups"}),     // handed: do
		later("UPDATE groups SET name = ''"),         // handed: later
		r.Run(ctx, "select the group that you want"), // handed: r.Run
		r.Note(ctx, "SELECT id FROM groups failed"),
		r.Run(ctx, "groups"),
		fmt.Errorf("DELETE FROM groups: %w", ctx.Err()),
		wrapped("DELETE FROM groups"),
	)
}

func later(text string) error {
	todo = append(todo, text)
	return nil
}

var todo []string

func wrapped(text string) error { return errors.New(text) }

// What is logged and run is one query.
func logged(ctx context.Context, db *sql.DB, r runner) error {
	const text = `DELETE FROM groups WHERE id = 2`
	slog.InfoContext(ctx, text)
	if err := r.Run(ctx, text); err != nil {
		return err
	}
	// local: DELETE FROM groups WHERE id = 2
	_, err := db.ExecContext(ctx, text)
	return err
}

// Reflection prepares what a tag names, once for all that use it.
type statements struct {
	Groups *sqlx.Stmt `query:"groups"` // unread: the statement is prepared by the tag of Groups, from a text that is not known
	Named  *sqlx.Stmt `json:"-"`
	Own    *sql.Stmt  `query:"own"`
	Plain  *sql.Stmt
}

func (s *statements) prepare(ctx context.Context, db *sql.DB) (err error) {
	// literal: SELECT id FROM groups WHERE id = 3
	s.Own, err = db.PrepareContext(ctx, "SELECT id FROM groups WHERE id = 3")
	return err
}

func (s *statements) get(ctx context.Context, g *[]Group) error {
	return errors.Join(s.Groups.SelectContext(ctx, g), s.Groups.GetContext(ctx, g))
}

// An interface of one's own, with a type of a library behind it.
type engine interface {
	Where(query any, args ...any) *gorm.DB
	Create(value any) *gorm.DB
	Save(value any) *gorm.DB
}

func behind(e engine, g *Group) error {
	return e.Create(g).Error // unread: engine.Create of example.com/queries/unread is not modelled
}

// One method that a type of a library has too says nothing.
type keeper interface{ Save(value any) *gorm.DB }

func keeps(k keeper, g *Group) error { return k.Save(g).Error }

// partly returns what is known on one way only.
func partly(db *sql.DB, own bool, other func() (string, error)) error {
	query, err := eitherText(own, other)
	if err != nil {
		return err
	}
	_, err = db.Exec(query)
	// helper: _
	// helper: DELETE FROM groups
	return err
}

func eitherText(own bool, other func() (string, error)) (string, error) {
	if own {
		return other()
	}
	return "DELETE FROM groups", nil
}

type part struct{ text string }

// numbered returns the parts with a placeholder after each.
func numbered(parts []part) string {
	var b strings.Builder
	for i, p := range parts {
		b.WriteString(p.text)
		b.WriteString("$")
		b.WriteString(strconv.Itoa(i))
	}
	return b.String()
}

// Holes and punctuation are no statement.
func punctuated(db *sql.DB, parts []part) {
	db.Exec(numbered(parts)) // unread: the text is the value of p.text
}

func begun(db *sql.DB, parts []part) {
	db.Exec("DELETE FROM groups WHERE " + numbered(parts))
	// concat: DELETE FROM groups WHERE _$_
}
