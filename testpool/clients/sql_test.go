package clients_test

import (
	"database/sql"
	"testing"

	"github.com/poollint/poollint/testpool"
)

// paths are the ways to a *sql.DB.
var paths = map[string]func(testing.TB, ...testpool.Option) *sql.DB{
	"DB":         testpool.DB,         // the process's pool: take a testpool.Tenant
	"TxDB":       testpool.TxDB,       // a transaction, rolled back with the test
	"SchemaDB":   testpool.SchemaDB,   // a schema of the test's own
	"DatabaseDB": testpool.DatabaseDB, // a database of the test's own
}

func TestSQL(t *testing.T) {
	t.Parallel()
	for name, open := range paths {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, db, number := t.Context(), open(t), testpool.Slug(t)

			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			if _, err := tx.ExecContext(ctx, "insert into orders (number, total) values ($1, 7)", number); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}

			if _, err := db.ExecContext(ctx, "insert into orders (number, total) values ($1, 8)", number); err == nil {
				t.Error("a number is used twice")
			}
			var total int
			if err := db.QueryRowContext(ctx, "select total from orders where number = $1", number).Scan(&total); err != nil || total != 7 {
				t.Errorf("total %d: %v", total, err)
			}
		})
	}
}
