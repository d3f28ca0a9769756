// Package migratetest is the test that each package below testpool/migrate has to pass.
package migratetest

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/poollint/poollint/testpool"
	"github.com/poollint/poollint/testpool/internal/pgtest"
)

// Run checks the Migrator that a package makes of files, which make the table orders with a column total.
func Run(t *testing.T, files fstest.MapFS, make func(fs.FS) testpool.Migrator) {
	server := pgtest.Start(t)
	migrator := make(files)
	for name, open := range map[string]func(testing.TB, ...testpool.Option) *pgxpool.Pool{
		"Get": testpool.Get, "Schema": testpool.Schema, "Database": testpool.Database,
	} {
		t.Run(name, func(t *testing.T) {
			pool := open(t, testpool.URL(server.URL()), testpool.Migrations(migrator))
			if err := migrator.Migrate(t.Context(), pool); err != nil {
				t.Errorf("migrated again: %v", err)
			}
			if _, err := pool.Exec(t.Context(), "insert into orders (id, total) values (1, 2)"); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("Hash", func(t *testing.T) {
		others := fstest.MapFS{}
		for name, file := range files {
			others[name] = &fstest.MapFile{Data: append([]byte("-- another\n"), file.Data...)}
		}
		first, again, other := hash(t, migrator), hash(t, make(files)), hash(t, make(others))
		if first != again || first == other {
			t.Errorf("hashes of the migrations %s and %s, and of others %s", first, again, other)
		}
	})
}

func hash(t *testing.T, migrator testpool.Migrator) string {
	t.Helper()
	hash, err := migrator.Hash()
	if err != nil {
		t.Fatal(err)
	}
	return hash
}
