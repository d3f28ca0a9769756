// Package golangmigrate has testpool apply the migrations of golang-migrate.
//
//	//go:embed *.sql
//	var files embed.FS
//
//	func TestMain(m *testing.M) { testpool.Main(m, testpool.Migrations(golangmigrate.New(files))) }
package golangmigrate

import (
	"context"
	"errors"
	"io/fs"

	"github.com/golang-migrate/migrate/v4"
	postgres "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/poollint/poollint/testpool"
)

// New returns a Migrator of the files in the root directory of fsys.
func New(fsys fs.FS) testpool.Migrator { return migrator{fsys} }

type migrator struct{ fsys fs.FS }

func (m migrator) Hash() (string, error) { return testpool.HashFiles("golang-migrate", m.fsys) }

func (m migrator) Migrate(_ context.Context, pool *pgxpool.Pool) (err error) {
	files, err := iofs.New(m.fsys, ".")
	if err != nil {
		return err
	}
	database, err := postgres.WithInstance(stdlib.OpenDBFromPool(pool), &postgres.Config{})
	if err != nil {
		return errors.Join(err, files.Close())
	}
	all, err := migrate.NewWithInstance("iofs", files, "pgx5", database)
	if err != nil {
		return errors.Join(err, files.Close(), database.Close())
	}
	defer func() {
		filesErr, databaseErr := all.Close()
		err = errors.Join(err, filesErr, databaseErr)
	}()
	if err := all.Up(); !errors.Is(err, migrate.ErrNoChange) {
		return err
	}
	return nil
}
