package exempt

import (
	"context"
	"os"
	"testing"

	"github.com/DATA-DOG/go-sqlmock"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

func TestConnection(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	defer conn.Close(context.Background())
}

func TestOtherServers(t *testing.T) {
	cache := redis.NewClient(&redis.Options{Addr: "localhost:6379"})
	defer cache.Close()
}

func TestMock(t *testing.T) {
	db, _, err := sqlmock.New()
	require.NoError(t, err)
	defer sqlx.NewDb(db, "pgx").Close()
}

func TestFails(t *testing.T) {
	_, err := pgxpool.New(context.Background(), "postgres://localhost:notaport/shop")
	require.Error(t, err)
}

func admin(t *testing.T, sql string) {
	pool, err := pgxpool.New(context.Background(), os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	defer pool.Close()
	_, err = pool.Exec(context.Background(), sql)
	require.NoError(t, err)
}

func TestAdmin(t *testing.T) { admin(t, "SELECT 1") }

func Example() {
	pool, err := pgxpool.New(context.Background(), os.Getenv("SHOP_DSN"))
	if err == nil {
		pool.Close()
	}
}

func TestSilenced(t *testing.T) {
	//poollint:ignore poollimit -- the test is about the default
	pool, err := pgxpool.New(context.Background(), os.Getenv("SHOP_DSN")) // want suppressed:`the test is about the default`
	require.NoError(t, err)
	defer pool.Close()
}
