package usesstore

import (
	"context"
	"os"
	"testing"

	"example.com/newpool/store"
	"github.com/stretchr/testify/require"
)

func TestUse(t *testing.T) {
	s, err := store.New(os.Getenv("DSN")) // want `store\.New opens a pool \(pgxpool\.New\) for each of 3 tests`
	require.NoError(t, err)
	defer s.Close()
}

func newStore(t *testing.T) *store.Store {
	s, err := store.New(os.Getenv("DSN"))
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func TestOne(t *testing.T) { newStore(t) }
func TestTwo(t *testing.T) { newStore(t) }

func TestConnect(t *testing.T) {
	s := new(store.Store)
	require.NoError(t, s.Connect(os.Getenv("DSN"))) // want info:`Store\.Connect opens a pool \(pgxpool\.New\) for this test alone`
	defer s.Close()
}

func TestReplica(t *testing.T) {
	s, err := store.NewReplicated(store.Config{DSN: "x"}, nil)
	require.NoError(t, err)
	defer s.Close()

	s, err = store.NewReplicated(store.Config{ReplicaDSN: os.Getenv("REPLICA")}, nil) // want info:`store\.NewReplicated opens a pool`
	require.NoError(t, err)
	defer s.Close()
}

func TestKeptInside(t *testing.T) {
	_, err := store.Version(os.Getenv("DSN"))
	require.NoError(t, err)
	require.NoError(t, store.Serve(context.Background(), os.Getenv("DSN")))
	require.NoError(t, store.TestConnection(os.Getenv("DSN")))
}

func TestRefused(t *testing.T) {
	_, err := store.New(os.Getenv("DSN"))
	require.ErrorContains(t, err, "store: ")
}

func TestUnreachable(t *testing.T) {
	s, err := store.New("postgres://127.0.0.1:1/none")
	require.NoError(t, err)
	defer s.Close()
}

func TestEngines(t *testing.T) {
	_, err := store.Open(store.Settings{Engine: "memory"})
	require.NoError(t, err)

	none := store.Settings{}
	_, err = store.Open(none)
	require.NoError(t, err)

	db, err := store.Open(store.Settings{Engine: "postgres", DSN: os.Getenv("DSN")}) // want `store\.Open opens a pool \(sql\.Open\) for this test alone`
	require.NoError(t, err)
	defer db.Close()
}

func TestDrivers(t *testing.T) {
	db, err := store.Dial("postgres", os.Getenv("DSN")) // want `store\.Dial opens a pool \(sql\.Open\) for this test alone`
	require.NoError(t, err)
	defer db.Close()

	memory, err := store.Dial("sqlite3", os.Getenv("FILE"))
	require.NoError(t, err)
	defer memory.Close()

	_, err = store.New("")
	require.NoError(t, err)
}
