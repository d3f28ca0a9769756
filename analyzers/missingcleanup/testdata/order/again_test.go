package order

import (
	"database/sql"
	"testing"
)

// One variable takes a function that ends each thing; what is deferred is what it holds there.

func place() (*sql.DB, func(), error) {
	admin, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, nil, err
	}
	db, err := sql.Open("postgres", dsn+"&place")
	return db, func() {
		admin.Exec("DROP DATABASE place")
		admin.Close()
	}, err
}

func publish(db *sql.DB, name string) (func(), error) {
	_, err := db.Exec("CREATE PUBLICATION " + name)
	return func() {
		db.Exec("DROP PUBLICATION " + name)
		db.Close()
	}, err
}

func look(db *sql.DB) (func(), error) {
	return func() { db.Exec("SELECT 1") }, nil
}

func TestOneAfterTheOther(t *testing.T) {
	db, end, err := place()
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	end, err = publish(db, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer end()
}

func TestWorksBehindTheRelease(t *testing.T) {
	db, end, err := place()
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	end, err = look(db)
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	end, err = publish(db, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer end() // want `the deferred release of the pool of sql.Open runs before the deferred call of line 57 that works with it`
}
