package golangmigrate_test

import (
	"testing"
	"testing/fstest"

	"github.com/poollint/poollint/testpool/internal/migratetest"
	"github.com/poollint/poollint/testpool/migrate/golangmigrate"
)

var files = fstest.MapFS{
	"0001_orders.up.sql":   &fstest.MapFile{Data: []byte("create table orders (id int);")},
	"0001_orders.down.sql": &fstest.MapFile{Data: []byte("drop table orders;")},
	"0002_totals.up.sql":   &fstest.MapFile{Data: []byte("alter table orders add total int;")},
}

func TestMigrator(t *testing.T) {
	migratetest.Run(t, files, golangmigrate.New)
}
