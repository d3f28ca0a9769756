package open

import (
	"database/sql"
	"testing"

	"example.com/cleanup/store"
	_ "github.com/mattn/go-sqlite3"
	"github.com/stretchr/testify/require"
)

func openMemory(t *testing.T) *sql.DB {
	db, err := sql.Open("sqlite3", ":memory:")
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestTransactionInMemory(t *testing.T) {
	tx, err := openMemory(t).Begin()
	require.NoError(t, err)
	_, err = tx.Exec("SELECT 1")
	require.NoError(t, err)
}

func TestConstructorOfAFile(t *testing.T) {
	o, err := store.Open("sqlite3", t.TempDir()+"/test.db")
	require.NoError(t, err)
	_ = o
}

func TestConstructorOfAServer(t *testing.T) {
	o, err := store.Open("postgres", dsn) // want `the pool that Open gets from sql.Open is never closed`
	require.NoError(t, err)
	_ = o
}
