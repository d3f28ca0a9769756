package failing

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRequire(t *testing.T) {
	_, err := pgx.Connect(context.Background(), os.Getenv("BAD"))
	require.Error(t, err)
}

func TestAssertIs(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), os.Getenv("BAD"))
	assert.Nil(t, conn)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestIfNil(t *testing.T) {
	if _, err := sql.Open("nonsense", os.Getenv("BAD")); err == nil {
		t.Fatal("opened")
	}
}

func TestTable(t *testing.T) {
	for _, tt := range []struct {
		dsn     string
		wantErr bool
	}{{os.Getenv("BAD"), true}} {
		pool, err := pgxpool.New(context.Background(), tt.dsn)
		if (err != nil) != tt.wantErr {
			t.Errorf("New() error = %v, wantErr %v", err, tt.wantErr)
		}
		if pool != nil {
			pool.Close()
		}
	}
}

func TestPanics(t *testing.T) {
	require.Panics(t, func() { pgxpool.NewWithConfig(context.Background(), nil) })
}

// The error that is asserted is another one's.
func TestLater(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), os.Getenv("DSN")) // want info:`pgx\.Connect opens a connection for this test alone`
	require.NoError(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(context.Background(), "nonsense")
	require.Error(t, err)
}

// t.Error(err) reports an error; it does not ask for one.
func TestReports(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), os.Getenv("DSN")) // want info:`pgx\.Connect opens a connection for this test alone`
	if err != nil {
		t.Error(err)
	}
	defer conn.Close(context.Background())
}

func assertErrorContains(t *testing.T, err error, part string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error", part)
	}
}

func TestOwnAssertion(t *testing.T) {
	_, err := pgx.Connect(context.Background(), os.Getenv("BAD"))
	assertErrorContains(t, err, "refused")
}

var errExpected = errors.New("expected")

func TestAnotherError(t *testing.T) {
	_, err := pgx.Connect(context.Background(), os.Getenv("BAD"))
	if err != errExpected {
		t.Errorf("got %v", err)
	}
}

func TestAnotherKindOfError(t *testing.T) {
	_, err := pgx.Connect(context.Background(), os.Getenv("BAD"))
	if !errors.Is(err, errExpected) {
		t.Errorf("got %v", err)
	}
}

func isRefused(err error) bool { return errors.Is(err, errExpected) }

func TestKindOfTheModulesOwn(t *testing.T) {
	_, err := pgx.Connect(context.Background(), os.Getenv("BAD"))
	if !isRefused(err) {
		t.Errorf("got %v", err)
	}
}

func isOK(err error) bool { return err == nil }

func TestOK(t *testing.T) {
	_, err := pgx.Connect(context.Background(), os.Getenv("DSN")) // want `pgx.Connect opens a connection for this test alone`
	if !isOK(err) {
		t.Errorf("got %v", err)
	}
}
