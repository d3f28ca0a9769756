// Package closed holds handles that are released, though it does not look so.
package closed

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"example.com/cleanup/store"
)

var dsn = os.Getenv("TEST_DATABASE_URL")

func closeConn(t testing.TB, conn *pgx.Conn) {
	if err := conn.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestDeferredWrapper(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer closeConn(t, conn)
}

func TestDeferredLiteralWithCheckedError(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
}

func TestDeferredLiteralWithDroppedError(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
}

func TestMethodValue(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
}

func setup(t *testing.T) (*sql.DB, func()) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	return db, func() { db.Close() }
}

func TestReturnedCloser(t *testing.T) {
	db, done := setup(t)
	defer done()
	_ = db.Ping()
}

func TestReturnedCloserBehindNilCheck(t *testing.T) {
	db, done := setup(t)
	if db == nil {
		return
	}
	t.Cleanup(done)
}

func TestReturnedCloserAndClosedByHand(t *testing.T) {
	db, _ := setup(t)
	defer db.Close()
}

type services struct {
	db      *sql.DB
	closeDB func()
}

func newServices(t *testing.T) services {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	return services{db: db, closeDB: func() { db.Close() }}
}

func TestFieldThatCloses(t *testing.T) {
	s := newServices(t)
	defer s.closeDB()
}

type fixture struct{ db *sql.DB }

func (f *fixture) Teardown() { f.db.Close() }

func newFixture(t *testing.T) *fixture {
	f := new(fixture)
	var err error
	f.db, err = sql.Open("postgres", dsn)
	require.NoError(t, err)
	return f
}

func TestTeardownMethod(t *testing.T) {
	f := newFixture(t)
	defer f.Teardown()
}

func TestConstructorTakesOver(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	owner := store.NewOwner(db)
	defer owner.Close()
}

func TestProductionConstructor(t *testing.T) {
	s, err := store.New(dsn)
	require.NoError(t, err)
	defer s.Shutdown()
	_ = s.Count(t.Context())
}

func TestSlice(t *testing.T) {
	var all []*sql.DB
	for range 3 {
		db, err := sql.Open("postgres", dsn)
		require.NoError(t, err)
		all = append(all, db)
	}
	for _, db := range all {
		db.Close()
	}
}

func TestClosedEarly(t *testing.T) {
	s, err := store.New(dsn)
	require.NoError(t, err)
	s.Shutdown()
	_ = s.Count(t.Context())
}

func TestExplicitBehindErrorCheck(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Log(err)
		return
	}
	_ = db.Ping()
	db.Close()
}

func helperWithCleanup(t *testing.T) *pgxpool.Pool {
	pool, err := pgxpool.New(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { pool.Close() })
	return pool
}

func TestHelperWithCleanup(t *testing.T) {
	pool := helperWithCleanup(t)
	conn, err := pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
}

func TestFailingOpen(t *testing.T) {
	_, err := pgxpool.New(t.Context(), "postgres://localhost:1/none")
	require.Error(t, err)
}

func TestFailingBegin(t *testing.T) {
	pool := helperWithCleanup(t)
	tx, err := pool.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: "none"})
	require.Error(t, err)
	require.Nil(t, tx)
}

func TestCommitReturned(t *testing.T) {
	pool := helperWithCleanup(t)
	work := func() error {
		tx, err := pool.Begin(t.Context())
		if err != nil {
			return err
		}
		return tx.Commit(t.Context())
	}
	require.NoError(t, work())
}

func TestBeneathGORM(t *testing.T) {
	db, err := gorm.Open(postgres.Open(dsn))
	require.NoError(t, err)
	below, err := db.DB()
	require.NoError(t, err)
	t.Cleanup(func() { below.Close() })
}

func TestReturnBehindFatal(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	if err := db.Ping(); err != nil {
		t.Fatal(err)
		return
	}
	db.Close()
}

func Example() {
	db, _ := sql.Open("postgres", dsn)
	_ = db.Ping()
}
