package tern_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/poollint/poollint/testpool"
	"github.com/poollint/poollint/testpool/internal/migratetest"
	"github.com/poollint/poollint/testpool/migrate/tern"
)

var (
	files = fstest.MapFS{
		"001_orders.sql": &fstest.MapFile{Data: []byte("create table {{.table}} (id int);\n---- create above / drop below ----\ndrop table {{.table}};\n")},
		"002_totals.sql": &fstest.MapFile{Data: []byte("alter table orders add total int;\n")},
	}
	data = map[string]any{"table": "orders"}
)

func TestMigrator(t *testing.T) {
	migratetest.Run(t, files, func(fsys fs.FS) testpool.Migrator { return tern.New(fsys, data) })
}

func TestHashOfData(t *testing.T) {
	first, err := tern.New(files, data).Hash()
	if err != nil {
		t.Fatal(err)
	}
	other, err := tern.New(files, map[string]any{"table": "sales"}).Hash()
	if err != nil {
		t.Fatal(err)
	}
	if first == other {
		t.Errorf("%s whatever the data", first)
	}
}
