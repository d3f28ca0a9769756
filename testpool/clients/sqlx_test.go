package clients_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/poollint/poollint/testpool"
)

type sqlxOrder struct {
	Number string `db:"number"`
	Total  int64  `db:"total"`
}

func TestSqlx(t *testing.T) {
	t.Parallel()
	for name, open := range paths {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, number := t.Context(), testpool.Slug(t)
			db := sqlx.NewDb(open(t), "pgx") // the name tells sqlx how to write parameters

			const insert = "insert into orders (number, total) values (:number, :total)"
			tx, err := db.BeginTxx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			if _, err := tx.NamedExecContext(ctx, insert, sqlxOrder{number, 7}); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}

			if _, err := db.NamedExecContext(ctx, insert, sqlxOrder{number, 8}); err == nil {
				t.Error("a number is used twice")
			}
			var order sqlxOrder
			if err := db.GetContext(ctx, &order, "select number, total from orders where number = $1", number); err != nil || order.Total != 7 {
				t.Errorf("order %+v: %v", order, err)
			}
		})
	}
}
