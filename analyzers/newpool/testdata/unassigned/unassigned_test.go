package unassigned

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	pool  *pgxpool.Pool
	other *pgxpool.Pool
	mu    sync.Mutex
	once  sync.Once
)

func get(t *testing.T) *pgxpool.Pool {
	mu.Lock()
	defer mu.Unlock()
	if pool != nil {
		return pool
	}
	pool, err := pgxpool.New(context.Background(), os.Getenv("DSN")) // want `pgxpool\.New opens a pool, but the package variable pool that should share it is never assigned; assign with = instead of :=`
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

func getOnce(t *testing.T) *pgxpool.Pool {
	once.Do(func() {
		other, err := pgxpool.New(context.Background(), os.Getenv("DSN")) // want `the package variable other that should share it is never assigned`
		if err != nil {
			t.Fatal(err)
		}
		other.Reset()
	})
	return other
}

func TestOne(t *testing.T) { get(t); getOnce(t) }
