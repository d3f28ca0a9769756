package direct

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/go-pg/pg/v10"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"xorm.io/xorm"
)

var dsn = os.Getenv("TEST_DATABASE_URL")

func TestPgxpool(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), dsn) // want `pgxpool\.New opens a pool for this test alone; share one a process: open it in TestMain or behind sync\.Once$`
	require.NoError(t, err)
	defer pool.Close()
}

func TestPgxpoolConfig(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(dsn)
	require.NoError(t, err)
	cfg.MaxConns = 2
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg) // want `pgxpool\.NewWithConfig opens a pool for this test alone`
	require.NoError(t, err)
	t.Cleanup(pool.Close)
}

func TestPgx(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), dsn) // want info:`pgx\.Connect opens a connection for this test alone`
	require.NoError(t, err)
	defer conn.Close(context.Background())
}

func TestSQL(t *testing.T) {
	db, err := sql.Open("postgres", dsn) // want `sql\.Open opens a pool for this test alone`
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
}

func TestStdlib(t *testing.T) {
	cfg, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	db := stdlib.OpenDB(*cfg) // want `stdlib\.OpenDB opens a pool for this test alone`
	defer db.Close()
}

func TestSqlx(t *testing.T) {
	db := sqlx.MustConnect("postgres", dsn) // want `sqlx\.MustConnect opens a pool for this test alone`
	defer db.Close()
}

func TestBun(t *testing.T) {
	db := bun.NewDB(sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))), pgdialect.New()) // want `sql\.OpenDB opens a pool for this test alone`
	defer db.Close()
}

func TestGoPG(t *testing.T) {
	db := pg.Connect(&pg.Options{Addr: "localhost:5432"}) // want `pg\.Connect opens a pool for this test alone`
	defer db.Close()
}

func TestXorm(t *testing.T) {
	engine, err := xorm.NewEngine("postgres", dsn) // want `xorm\.NewEngine opens a pool for this test alone`
	require.NoError(t, err)
	defer engine.Close()
}

func TestRedis(t *testing.T) {
	client := redis.NewClient(&redis.Options{Addr: "localhost:6379"}) // want info:`redis\.NewClient opens a pool for this test alone`
	defer client.Close()
}

func TestRueidis(t *testing.T) {
	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{"localhost:6379"}}) // want info:`rueidis\.NewClient opens a pool for this test alone`
	require.NoError(t, err)
	defer client.Close()
}

func TestMongo(t *testing.T) {
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://localhost")) // want info:`mongo\.Connect opens a pool for this test alone`
	require.NoError(t, err)
	defer client.Disconnect(context.Background())
}

func TestStatementCaches(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), dsn) // want `open it in TestMain or behind sync\.Once, with statement caches off since the tests run DDL \(default_query_exec_mode=exec\)$`
	require.NoError(t, err)
	defer pool.Close()
	_, err = pool.Exec(context.Background(), "ALTER TABLE widgets ADD COLUMN colour text")
	require.NoError(t, err)
}

func BenchmarkOpen(b *testing.B) {
	db, err := sql.Open("postgres", dsn) // want `for this test alone`
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
}

func FuzzOpen(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) {
		db, err := sql.Open("postgres", dsn) // want `for this test alone`
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
	})
}
