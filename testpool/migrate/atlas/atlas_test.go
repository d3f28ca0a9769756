package atlas_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"ariga.io/atlas/sql/migrate"

	"github.com/poollint/poollint/testpool"
	"github.com/poollint/poollint/testpool/internal/migratetest"
	"github.com/poollint/poollint/testpool/migrate/atlas"
)

// summed adds the file atlas.sum, as the command does.
func summed(t *testing.T, files map[string]string) fstest.MapFS {
	t.Helper()
	dir, fsys := new(migrate.MemDir), fstest.MapFS{}
	for name, content := range files {
		if err := dir.WriteFile(name, []byte(content)); err != nil {
			t.Fatal(err)
		}
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	sum, err := dir.Checksum()
	if err != nil {
		t.Fatal(err)
	}
	text, err := sum.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	fsys[migrate.HashFileName] = &fstest.MapFile{Data: text}
	return fsys
}

var files = map[string]string{
	"20260101000000_orders.sql": "CREATE TABLE orders (id int);\n",
	"20260102000000_totals.sql": "ALTER TABLE orders ADD COLUMN total int;\n",
}

func TestMigrator(t *testing.T) {
	migratetest.Run(t, summed(t, files), func(fsys fs.FS) testpool.Migrator { return atlas.New(fsys) })
}

func TestFilesThatAreNotSummed(t *testing.T) {
	fsys := summed(t, files)
	fsys["20260103000000_more.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE more (id int);")}
	err := atlas.New(fsys).Migrate(t.Context(), nil)
	if err == nil || !strings.Contains(err.Error(), "atlas.sum: checksum mismatch") {
		t.Errorf("error %v, want one of atlas.sum", err)
	}
}
