package returned

import (
	"context"
	"database/sql"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

var pool = sync.OnceValues(func() (*pgxpool.Pool, error) {
	return pgxpool.New(context.Background(), os.Getenv("SHOP_DSN")) // want `without a limit`
})

func open() (*sql.DB, error) {
	return sql.Open("postgres", os.Getenv("SHOP_DSN")) // want `without a limit`
}

func named() (pool *pgxpool.Pool, err error) {
	return pgxpool.New(context.Background(), os.Getenv("SHOP_DSN")) // want `without a limit`
}

// What a method returns can fail: that is left to people.
func mapper() (*gorm.DB, error) {
	return gorm.Open(postgres.Open(os.Getenv("SHOP_DSN"))) // want `without a limit`
}

// Who calls it may have limited the pool in the DSN.
func of(dsn string) (*pgxpool.Pool, error) {
	return pgxpool.New(context.Background(), dsn) // want `without a limit`
}

// The error goes elsewhere.
func TestPools(t *testing.T) {
	var db *pgxpool.Pool
	var err error
	if os.Getenv("SHOP_DSN") != "" {
		db, err = pgxpool.New(context.Background(), os.Getenv("SHOP_DSN")) // want `without a limit`
		if err != nil {
			t.Fatal(err)
		}
	}
	_ = db
	for range 2 {
		_, _ = pool()
		_, _ = open()
		_, _ = named()
		_, _ = mapper()
		_, _ = of(os.Getenv("SHOP_DSN"))
	}
}
