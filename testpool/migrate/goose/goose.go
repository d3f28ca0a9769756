// Package goose has testpool apply the migrations of goose.
//
//	//go:embed *.sql
//	var files embed.FS
//
//	func TestMain(m *testing.M) { testpool.Main(m, testpool.Migrations(goose.New(files))) }
package goose

import (
	"context"
	"errors"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/poollint/poollint/testpool"
)

// New returns a Migrator of the files in the root directory of fsys, with options of
// goose.NewProvider. Templates are told apart by the files alone: change one with a
// migration in Go.
func New(fsys fs.FS, options ...goose.ProviderOption) testpool.Migrator {
	return migrator{fsys, options}
}

type migrator struct {
	fsys    fs.FS
	options []goose.ProviderOption
}

func (m migrator) Hash() (string, error) { return testpool.HashFiles("goose", m.fsys) }

func (m migrator) Migrate(ctx context.Context, pool *pgxpool.Pool) (err error) {
	db := stdlib.OpenDBFromPool(pool)
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, m.fsys, m.options...)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}
