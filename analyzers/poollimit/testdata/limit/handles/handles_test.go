package handles

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"github.com/stretchr/testify/suite"

	"example.com/pools/limit/limits"
)

func open(t *testing.T) *sql.DB {
	db, err := sql.Open("pgx", os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestGivenAway(t *testing.T) {
	a := open(t)
	limits.Handle(a)
	b := open(t)
	limits.HandleTo(b, 3)
	c := open(t)
	limits.Indirect(c)
}

func openIdle(t *testing.T) *sql.DB {
	db, err := sql.Open("pgx", os.Getenv("SHOP_DSN")) // want `without a limit`
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	limits.Idle(db)
	return db
}

func TestIdle(t *testing.T) { openIdle(t) }

// Callers limit it, but for one.
func openForSome(t *testing.T) *sql.DB {
	db, err := sql.Open("pgx", os.Getenv("SHOP_DSN")) // want `without a limit`
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestSome(t *testing.T)   { openForSome(t).SetMaxOpenConns(3) }
func TestOthers(t *testing.T) { openForSome(t) }

func pool(t *testing.T, dsn string) *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), dsn)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

const small = "postgres://localhost/shop?pool_max_conns=2"

func TestParameter(t *testing.T)      { pool(t, small) }
func TestParameterToo(t *testing.T)   { named(t, "shop") }
func named(t *testing.T, name string) { pool(t, "postgres://localhost/"+name+"?pool_max_conns=3") }

func poolOfAny(t *testing.T, dsn string) *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), dsn) // want `without a limit`
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

func TestAny(t *testing.T)  { poolOfAny(t, small) }
func TestMore(t *testing.T) { poolOfAny(t, "postgres://localhost/shop") }

func TestConfigOfHelper(t *testing.T) {
	ctx := context.Background()
	cfg, err := limits.New("postgres://localhost/shop")
	require.NoError(t, err)
	a, err := pgxpool.NewWithConfig(ctx, cfg)
	require.NoError(t, err)
	defer a.Close()

	other, err := pgxpool.ParseConfig("postgres://localhost/shop")
	require.NoError(t, err)
	limits.Config(other)
	b, err := pgxpool.NewWithConfig(ctx, other)
	require.NoError(t, err)
	defer b.Close()
}

type Suite struct {
	suite.Suite
	db        *sql.DB
	unlimited *sql.DB
}

func TestSuite(t *testing.T) { suite.Run(t, new(Suite)) }

func (s *Suite) SetupTest() {
	var err error
	s.db, err = sql.Open("pgx", os.Getenv("SHOP_DSN"))
	s.Require().NoError(err)
	s.db.SetMaxOpenConns(3)
	s.unlimited, err = sql.Open("pgx", os.Getenv("SHOP_DSN")) // want `without a limit`
	s.Require().NoError(err)
}

func (s *Suite) TearDownTest() {
	s.db.Close()
	s.unlimited.Close()
}

func (s *Suite) TestQuery() {}

// A closure that opens.
func TestClosure(t *testing.T) {
	connect := func() *sql.DB {
		db, err := sql.Open("pgx", os.Getenv("SHOP_DSN"))
		require.NoError(t, err)
		return db
	}
	db := connect()
	defer db.Close()
	db.SetMaxOpenConns(3)
}

// What the caller sets comes last.
func TestLowered(t *testing.T) {
	cfg, err := limits.Large(os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	cfg.MaxConns = 2
	small, err := pgxpool.NewWithConfig(context.Background(), cfg)
	require.NoError(t, err)
	defer small.Close()

	other, err := limits.Large(os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	large, err := pgxpool.NewWithConfig(context.Background(), other) // want `of 25 connections \(MaxConns\), more than 3`
	require.NoError(t, err)
	defer large.Close()

	db, err := limits.OpenLarge(os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	defer db.Close()
	db.SetMaxOpenConns(2)
}
