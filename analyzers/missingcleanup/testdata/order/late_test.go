package order

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"
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
