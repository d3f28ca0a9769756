package clients_test

import (
	"testing"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"github.com/poollint/poollint/testpool"
	"github.com/poollint/poollint/testpool/clients/ent"
	"github.com/poollint/poollint/testpool/clients/ent/order"
)

func TestEnt(t *testing.T) {
	t.Parallel()
	for name, open := range paths {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, number := t.Context(), testpool.Slug(t)
			client := ent.NewClient(ent.Driver(entsql.OpenDB(dialect.Postgres, open(t))))

			tx, err := client.Tx(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			if err := tx.Order.Create().SetNumber(number).SetTotal(7).Exec(ctx); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}

			if err := client.Order.Create().SetNumber(number).SetTotal(8).Exec(ctx); !ent.IsConstraintError(err) {
				t.Errorf("a number is used twice: %v", err)
			}
			found, err := client.Order.Query().Where(order.Number(number)).Only(ctx)
			if err != nil || found.Total != 7 {
				t.Errorf("order %v: %v", found, err)
			}
		})
	}
}
