package order

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// Where there is no handle there is none to release.
func TestNoHandle(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	require.NotNil(t, db)
	defer db.Close()
}

func TestNoHandleEither(t *testing.T) {
	db, _ := sql.Open("postgres", dsn)
	if db == nil {
		t.Fatal("no handle")
	}
	defer db.Close()
}

func TestErrorOfAnotherCall(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	err = db.Ping()
	require.NoError(t, err)
	defer db.Close() // want `require.NoError in line 33 can end the test before this release`
}

// What closes the pool has to be asked for.
func TestErrorOnTheWay(t *testing.T) {
	g, err := gorm.Open(postgres.Open(dsn), &gorm.Config{})
	require.NoError(t, err)
	db, err := g.DB()
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
}

type closer interface{ Close() error }

type wrapper struct{ db *sql.DB }

func (w *wrapper) Close() error { return w.db.Close() }

func wrap(db *sql.DB, name string) (closer, error) {
	if name == "" {
		return nil, errors.New("no name")
	}
	return &wrapper{db}, nil
}

func TestErrorOfTheWrapper(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	w, err := wrap(db, "a")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
}

func TestFatalBeforeTheWrapper(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	if err = db.Ping(); err != nil {
		t.Fatal(err)
	}
	w, err := wrap(db, "a")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { // want `Fatal in line 76 can end the test before this release`
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}()
}

func TestAnotherTry(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	for i := 0; err != nil && i < 3; i++ {
		db, err = sql.Open("postgres", dsn)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
}

func TestFatalBehindAnotherTry(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		db, err = sql.Open("postgres", dsn)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err = db.Ping(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) // want `Fatal in line 109 can end the test before this release`
}

func again(db *sql.DB) (*sql.DB, error) { return db, db.Ping() }

func TestSameHandleAgain(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	db, err = again(db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) // want `can end the test before this release`
}

func TestReleasedWhereItEnds(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	if err = db.Ping(); err != nil {
		db.Close()
		t.Fatal(err)
	}
	switch err := db.Ping(); {
	case err != nil:
		_ = db.Close()
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
}

func TestReleasedOnOneOfTwoWays(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	if err = db.Ping(); err != nil {
		if testing.Verbose() {
			t.Fatal(err)
		}
		db.Close()
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) // want `Fatal in line \d+ can end the test before this release`
}

func TestReleasedBehindTheEnd(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	if err = db.Ping(); err != nil {
		if testing.Verbose() {
			db.Close()
		}
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) // want `Fatal in line \d+ can end the test before this release`
}
