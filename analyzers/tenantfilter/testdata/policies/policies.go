// Package policies trusts row-level security where all of it is there.
package policies

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

func begin(ctx context.Context, tx pgx.Tx, tenant string) {
	tx.Exec(ctx, "SELECT set_config('app.tenant', $1, true)", tenant)
	tx.Query(ctx, "SELECT id FROM guarded")  // want suppressed:`row-level security: policy "own" on "guarded"`
	tx.Query(ctx, "SELECT id FROM disabled") // want `query on "disabled" is not limited to a tenant`
	tx.Query(ctx, "SELECT id FROM unset")    // want `query on "unset" is not limited to a tenant`
}

// A policy for one command limits that command, unless another one lets everybody through.
func commands(ctx context.Context, tx pgx.Tx) {
	tx.Query(ctx, "SELECT id FROM commanded")             // want suppressed:`row-level security: policy "reads" on "commanded"`
	tx.Exec(ctx, "INSERT INTO commanded (id) VALUES (1)") // want suppressed:`row-level security: policy "inserts" on "commanded"`
	tx.Exec(ctx, "UPDATE commanded SET name = ''")        // want `update on "commanded" is not limited to a tenant`
	tx.Exec(ctx, "DELETE FROM commanded")                 // want `delete on "commanded" is not limited to a tenant`
	tx.Query(ctx, "SELECT id FROM opened")                // want `query on "opened" is not limited to a tenant`
	tx.Exec(ctx, "UPDATE opened SET name = ''")           // want suppressed:`row-level security: policy "own" on "opened"`
}

// The types of some mappers do not tell a transaction from a pool.
func mapped(ctx context.Context, db *gorm.DB, tenant string, rows any) error {
	db.Exec(fmt.Sprintf("SET app.pooled = '%s'", tenant))
	each(func(own *gorm.DB) { own.Exec(fmt.Sprintf("SET app.pooled = '%s'", tenant)) })
	return db.Transaction(func(tx *gorm.DB) error {
		tx.Exec(fmt.Sprintf("SET LOCAL app.mapped = '%s'", tenant))
		tx.Raw("SELECT id FROM mapped").Scan(rows) // want suppressed:`row-level security: policy "own" on "mapped"`
		db.Exec(fmt.Sprintf("SET app.pooled = '%s'", tenant))
		return tx.Raw("SELECT id FROM pooled").Scan(rows).Error // want `query on "pooled" is not limited to a tenant`
	})
}

func each(f func(own *gorm.DB)) {}
