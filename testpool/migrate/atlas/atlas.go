// Package atlas has testpool apply the versioned migrations of Atlas, without its command.
//
//	//go:embed migrations
//	var files embed.FS
//
//	func TestMain(m *testing.M) {
//		migrations, _ := fs.Sub(files, "migrations")
//		testpool.Main(m, testpool.Migrations(atlas.New(migrations)))
//	}
package atlas

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/poollint/poollint/testpool"
)

// New returns a Migrator of the files in the root directory of fsys, atlas.sum among them.
func New(fsys fs.FS) testpool.Migrator { return migrator{fsys} }

type migrator struct{ fsys fs.FS }

func (m migrator) Hash() (string, error) { return testpool.HashFiles("atlas", m.fsys) }

func (m migrator) Migrate(ctx context.Context, pool *pgxpool.Pool) (err error) {
	files, err := m.files()
	if err != nil {
		return err
	}
	if err := migrate.Validate(files); err != nil {
		return fmt.Errorf("atlas.sum: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	defer func() { err = errors.Join(err, db.Close()) }()
	driver, err := postgres.Open(db)
	if err != nil {
		return err
	}
	revisions, err := openRevisions(ctx, pool)
	if err != nil {
		return err
	}
	executor, err := migrate.NewExecutor(driver, files, revisions, migrate.WithAllowDirty(true))
	if err != nil {
		return err
	}
	if err := executor.ExecuteN(ctx, 0); !errors.Is(err, migrate.ErrNoPendingFiles) {
		return err
	}
	return nil
}

// files copies the migrations to where Atlas reads them.
func (m migrator) files() (*migrate.MemDir, error) {
	entries, err := fs.ReadDir(m.fsys, ".")
	if err != nil {
		return nil, err
	}
	dir := new(migrate.MemDir)
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		content, err := fs.ReadFile(m.fsys, entry.Name())
		if err != nil {
			return nil, err
		}
		if err := dir.WriteFile(entry.Name(), content); err != nil {
			return nil, err
		}
	}
	return dir, nil
}
