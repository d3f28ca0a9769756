// The command migrate runs what packages of their own do between its migrations.
package main

import (
	"context"
	"database/sql"

	"example.test/shop/design/reconcile"
)

var hooks = map[string]func(context.Context, *sql.DB) error{"7": totals, "8": ofTenant}

func totals(ctx context.Context, db *sql.DB) error {
	return reconcile.Totals(ctx, db, reconcile.Options{})
}

func ofTenant(ctx context.Context, db *sql.DB) error {
	return reconcile.OfTenant(ctx, db, "")
}

func main() {
	for _, hook := range hooks {
		hook(context.Background(), nil)
	}
}
