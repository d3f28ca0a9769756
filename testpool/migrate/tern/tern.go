// Package tern has testpool apply the migrations of tern.
//
//	//go:embed *.sql
//	var files embed.FS
//
//	func TestMain(m *testing.M) { testpool.Main(m, testpool.Migrations(tern.New(files, nil))) }
package tern

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/tern/v2/migrate"

	"github.com/poollint/poollint/testpool"
)

// versionTable is that of tern's command, in the schema that is being migrated.
const versionTable = "schema_version"

// New returns a Migrator of the files in the root directory of fsys. data is what they
// refer to as {{.name}}, as in the section [data] of tern.conf.
func New(fsys fs.FS, data map[string]any) testpool.Migrator { return migrator{fsys, data} }

type migrator struct {
	fsys fs.FS
	data map[string]any
}

func (m migrator) Hash() (string, error) {
	// fmt prints maps in the order of their keys.
	return testpool.HashFiles(fmt.Sprintf("tern %v", m.data), m.fsys)
}

func (m migrator) Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	return pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		all, err := migrate.NewMigrator(ctx, conn.Conn(), versionTable)
		if err != nil {
			return err
		}
		for name, value := range m.data {
			all.Data[name] = value
		}
		if err := all.LoadMigrations(m.fsys); err != nil {
			return err
		}
		return all.Migrate(ctx)
	})
}
