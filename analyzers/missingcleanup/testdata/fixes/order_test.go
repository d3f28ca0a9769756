package fixes

import (
	"database/sql"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func TestRegisteredLate(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	require.NotEmpty(t, dsn)
	t.Cleanup(func() { // want `require.NotEmpty in line 15 can end the test before this release`
		_ = db.Close()
	})
	_ = db.Ping()
}

func TestDeferredLate(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(); err != nil {
		t.Fatal(err)
	}
	// It is not needed below.
	defer db.Close() // want `Fatal in line 27 can end the test before this release`
}

func TestLateWithMore(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	name := t.Name()
	require.NotEmpty(t, name)
	t.Cleanup(func() { // want `can end the test before this release`
		t.Log(name)
		_ = db.Close()
	})
}

func TestDeferBeforeCleanup(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dsn)
	require.NoError(t, err)
	defer pool.Close()                               // want `runs before the t.Cleanup function of line 49 that works with it`
	t.Cleanup(func() { _ = pool.Ping(t.Context()) }) // want `cancelled before cleanup functions run`
}

func TestDeferOfAConnectionBeforeCleanup(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = conn.Exec(t.Context(), "DELETE FROM tenants") }) // want `cancelled before cleanup functions run`
	defer conn.Close(t.Context())                                              // want `runs before the t.Cleanup function of line 55 that works with it`
}

func TestDeferInALoop(t *testing.T) {
	for range 3 {
		db, err := sql.Open("postgres", dsn)
		require.NoError(t, err)
		defer db.Close() // want `runs when the function ends, not the iteration`
		for _, q := range []string{"", "SELECT 1"} {
			if q == "" {
				continue
			}
			_, _ = db.Exec(q)
		}
	}
}

func TestDeferInALoopThatEndsEarly(t *testing.T) {
	for range 3 {
		db, err := sql.Open("postgres", dsn)
		require.NoError(t, err)
		defer db.Close() // want `runs when the function ends, not the iteration`
		if db.Ping() == nil {
			break
		}
	}
}

func open(t *testing.T) (*sql.DB, func() error) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	return db, db.Close
}

func TestDropped(t *testing.T) {
	db, _ := open(t) // want `the function that closes what open opens is dropped; call it with t.Cleanup`
	release := db.Ping()
	require.NoError(t, release)
}

func TestDroppedWithNothingElse(t *testing.T) {
	db, closeAll := open(t)
	t.Cleanup(func() { _ = closeAll() })
	_ = db.Ping()
}

func TestSkipped(t *testing.T) {
	db, err := sql.Open("postgres", dsn) // want `is not closed on the way through the return in line 109; release it with t.Cleanup or defer`
	if err != nil {
		t.Fatal(err)
	}
	if db.Ping() != nil {
		return
	}
	db.Close()
}
