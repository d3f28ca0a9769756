package testpool

import (
	"testing"
	"testing/fstest"
)

func sqlFiles(content map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range content {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestSQL(t *testing.T) {
	t.Parallel()
	pool := Schema(t)
	files := sqlFiles(map[string]string{
		"0002_totals.up.sql": "alter table orders add total int; insert into orders values (1, 2);",
		"0001_orders.sql":    "create table orders (id int)",
		"0001_old.down.sql":  "drop table orders",
		"README.md":          "no SQL",
	})
	for range 2 { // the second time there is nothing to do
		if err := SQL(files).Migrate(t.Context(), pool); err != nil {
			t.Fatal(err)
		}
	}
	files["0003_bad.sql"] = &fstest.MapFile{Data: []byte("insert into orders values (3, 4); select nothing")}
	if err := SQL(files).Migrate(t.Context(), pool); err == nil {
		t.Error("a statement that fails is no error")
	} else {
		mustContain(t, err.Error(), `0003_bad.sql: ERROR: column "nothing" does not exist`)
	}
	var orders int
	if err := pool.QueryRow(t.Context(), "select sum(total) from orders").Scan(&orders); err != nil || orders != 2 {
		t.Errorf("a sum of %d, want 2: %v", orders, err)
	}
	delete(files, "0003_bad.sql")
	files["0001_orders.sql"] = &fstest.MapFile{Data: []byte("create table orders (id bigint)")}
	if err := SQL(files).Migrate(t.Context(), pool); err == nil {
		t.Error("a file that has changed is no error")
	} else {
		mustContain(t, err.Error(), "0001_orders.sql: has changed since it ran on this database")
	}
}

func TestSQLWithoutFiles(t *testing.T) {
	t.Parallel()
	none := SQL(sqlFiles(map[string]string{"sql/0001_orders.sql": "select 1", "0001_orders.down.sql": "select 1"}))
	if _, err := none.Hash(); err == nil {
		t.Error("no error")
	} else {
		mustContain(t, err.Error(), "no *.sql file in the root of the migrations")
	}
}

func TestHashFiles(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for name, hash := range map[string]func() (string, error){
		"files":            func() (string, error) { return HashFiles("x", sqlFiles(map[string]string{"a/1": "one", "b": "two"})) },
		"another tool":     func() (string, error) { return HashFiles("y", sqlFiles(map[string]string{"a/1": "one", "b": "two"})) },
		"another name":     func() (string, error) { return HashFiles("x", sqlFiles(map[string]string{"a/2": "one", "b": "two"})) },
		"another content":  func() (string, error) { return HashFiles("x", sqlFiles(map[string]string{"a/1": "one", "b": "tw0"})) },
		"another boundary": func() (string, error) { return HashFiles("x", sqlFiles(map[string]string{"a/1": "onet", "b": "wo"})) },
		"one of them": func() (string, error) {
			return HashFiles("x", sqlFiles(map[string]string{"a/1": "one", "b": "two"}), "b")
		},
	} {
		got, err := hash()
		if err != nil {
			t.Fatal(err)
		}
		if other, known := seen[got]; known {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[got] = name
	}
}
