package gormdb

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

type dummy struct{ gorm.Dialector }

func TestPostgres(t *testing.T) {
	db, err := gorm.Open(postgres.Open(os.Getenv("DSN")), &gorm.Config{}) // want `gorm\.Open opens a pool for this test alone`
	require.NoError(t, err)
	require.NotNil(t, db)
}

func TestConfig(t *testing.T) {
	dialector := postgres.New(postgres.Config{DSN: os.Getenv("DSN")})
	_, err := gorm.Open(dialector) // want `gorm\.Open opens a pool for this test alone`
	require.NoError(t, err)
}

func TestExisting(t *testing.T) {
	pool, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for this test alone`
	require.NoError(t, err)
	defer pool.Close()
	_, err = gorm.Open(postgres.New(postgres.Config{Conn: pool}))
	require.NoError(t, err)
}

func TestNoServer(t *testing.T) {
	_, err := gorm.Open(sqlite.Open(os.Getenv("FILE")), &gorm.Config{})
	require.NoError(t, err)
	_, err = gorm.Open(dummy{})
	require.NoError(t, err)
	_, err = gorm.Open(nil, &gorm.Config{})
	require.NoError(t, err)
}
