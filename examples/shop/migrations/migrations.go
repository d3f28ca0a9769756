// Package migrations holds the schema, and brings a database up to it.
package migrations

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed *.up.sql
var files embed.FS

// Up runs the migrations that the database does not have. Those of its schema are
// counted in the table migrations_done there.
func Up(ctx context.Context, pool *pgxpool.Pool) error {
	names, err := fs.Glob(files, "*.up.sql")
	if err != nil {
		return err
	}
	if _, err := pool.Exec(ctx, "CREATE TABLE IF NOT EXISTS migrations_done (name text PRIMARY KEY)"); err != nil {
		return err
	}
	for _, name := range names {
		if err := up(ctx, pool, name); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}

func up(ctx context.Context, pool *pgxpool.Pool, name string) error {
	text, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	done, err := tx.Exec(ctx, "INSERT INTO migrations_done (name) VALUES ($1) ON CONFLICT DO NOTHING", name)
	if err != nil || done.RowsAffected() == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, string(text)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
