package goose_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/poollint/poollint/testpool"
	"github.com/poollint/poollint/testpool/internal/migratetest"
	"github.com/poollint/poollint/testpool/migrate/goose"
)

var files = fstest.MapFS{
	"00001_orders.sql": &fstest.MapFile{Data: []byte("-- +goose Up\ncreate table orders (id int);\n-- +goose Down\ndrop table orders;\n")},
	"00002_totals.sql": &fstest.MapFile{Data: []byte("-- +goose Up\nalter table orders add total int;\n")},
}

func TestMigrator(t *testing.T) {
	migratetest.Run(t, files, func(fsys fs.FS) testpool.Migrator { return goose.New(fsys) })
}
