package clients_test

import (
	"context"
	"testing"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/poollint/poollint/testpool"
)

type bunOrder struct {
	bun.BaseModel `bun:"table:orders"`

	ID     int64 `bun:",pk,autoincrement"`
	Number string
	Total  int64
}

func TestBun(t *testing.T) {
	t.Parallel()
	for name, open := range paths {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, number := t.Context(), testpool.Slug(t)
			db := bun.NewDB(open(t), pgdialect.New())

			err := db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				_, err := tx.NewInsert().Model(&bunOrder{Number: number, Total: 7}).Exec(ctx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}

			if _, err := db.NewInsert().Model(&bunOrder{Number: number, Total: 8}).Exec(ctx); err == nil {
				t.Error("a number is used twice")
			}
			var order bunOrder
			if err := db.NewSelect().Model(&order).Where("number = ?", number).Scan(ctx); err != nil || order.Total != 7 {
				t.Errorf("order %+v: %v", order, err)
			}
		})
	}
}
