package fake

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/DATA-DOG/go-sqlmock"
	"github.com/alicebob/miniredis/v2"
	_ "github.com/lib/pq"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"xorm.io/xorm"
)

func TestMock(t *testing.T) {
	db, _, err := sqlmock.New()
	require.NoError(t, err)
	defer db.Close()
}

func TestMemory(t *testing.T) {
	db, err := sql.Open("sqlite3", ":memory:")
	require.NoError(t, err)
	defer db.Close()
}

func TestFile(t *testing.T) {
	db, err := sql.Open(os.Getenv("DRIVER"), filepath.Join(t.TempDir(), "x"))
	require.NoError(t, err)
	defer db.Close()
}

// An environment variable may switch to a server; in memory is the default.
func config() (driver, dsn string) {
	if os.Getenv("DRIVER") != "" {
		return os.Getenv("DRIVER"), os.Getenv("DSN")
	}
	return "sqlite3", ":memory:"
}

func TestSwitch(t *testing.T) {
	engine, err := xorm.NewEngine(config())
	require.NoError(t, err)
	defer engine.Close()
}

// A switch that names its driver decides for each case.
func engine(t *testing.T) *xorm.Engine {
	name, dsn := config()
	switch name {
	case "postgres":
		engine, err := xorm.NewEngine(name, os.Getenv("DSN")) // want `xorm\.NewEngine opens a pool for TestEngine alone`
		require.NoError(t, err)
		return engine
	default:
		engine, err := xorm.NewEngine(name, dsn)
		require.NoError(t, err)
		return engine
	}
}

func TestEngine(t *testing.T) { engine(t).Close() }

func TestMiniredis(t *testing.T) {
	server := miniredis.RunT(t)
	client := redis.NewClient(&redis.Options{Addr: server.Addr()})
	defer client.Close()
}

func TestClosedPort(t *testing.T) {
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"})
	defer client.Close()
}

type connector struct{ driver.Connector }

func TestConnector(t *testing.T) {
	db := sql.OpenDB(connector{})
	defer db.Close()
}

type failing struct{}

func (failing) Open(string) (driver.Conn, error) { return nil, errors.New("refused") }

func init() { sql.Register("failing", failing{}) }

func named(t *testing.T, driver string) *sql.DB {
	db, err := sql.Open(driver, "")
	require.NoError(t, err)
	return db
}

func TestRegistered(t *testing.T) { named(t, "failing").Close() }
