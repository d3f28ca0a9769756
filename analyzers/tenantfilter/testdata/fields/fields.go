// Package fields has the names of tables in fields, which its tests set as well.
package fields

import (
	"context"
	"database/sql"

	"github.com/Masterminds/squirrel"
)

type repo struct {
	db    *sql.DB
	table string
}

func newRepo(db *sql.DB) *repo { return &repo{db: db, table: "invoices"} }

func (r *repo) total(ctx context.Context, number string) error {
	query, args, err := squirrel.Select("total").From(r.table).Where(squirrel.Eq{"number": number}).ToSql() // want `query on "invoices" is not limited to a tenant: .*\(unrestricted\)`
	if err != nil {
		return err
	}
	_, err = r.db.QueryContext(ctx, query, args...)
	return err
}
