package atlas

import (
	"context"
	"errors"

	"ariga.io/atlas/sql/migrate"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// revisionTable is named as that of Atlas's command, and is in the schema that is being migrated.
const revisionTable = "atlas_schema_revisions"

// revisions keeps the history of a database in a table.
type revisions struct{ pool *pgxpool.Pool }

var _ migrate.RevisionReadWriter = revisions{}

func openRevisions(ctx context.Context, pool *pgxpool.Pool) (revisions, error) {
	_, err := pool.Exec(ctx, "create table if not exists "+revisionTable+` (
		version text primary key,
		description text not null,
		type bigint not null,
		applied bigint not null,
		total bigint not null,
		executed_at timestamptz not null,
		execution_time bigint not null,
		error text not null,
		error_stmt text not null,
		hash text not null,
		partial_hashes text[],
		operator_version text not null)`)
	return revisions{pool}, err
}

func (r revisions) Ident() *migrate.TableIdent { return &migrate.TableIdent{Name: revisionTable} }

const columns = "version, description, type, applied, total, executed_at, execution_time, error, error_stmt, hash, partial_hashes, operator_version"

func (r revisions) ReadRevisions(ctx context.Context) ([]*migrate.Revision, error) {
	rows, err := r.pool.Query(ctx, "select "+columns+" from "+revisionTable+" order by version")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanRevision)
}

func (r revisions) ReadRevision(ctx context.Context, version string) (*migrate.Revision, error) {
	rows, err := r.pool.Query(ctx, "select "+columns+" from "+revisionTable+" where version = $1", version)
	if err != nil {
		return nil, err
	}
	revision, err := pgx.CollectExactlyOneRow(rows, scanRevision)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, migrate.ErrRevisionNotExist
	}
	return revision, err
}

func scanRevision(row pgx.CollectableRow) (*migrate.Revision, error) {
	r := new(migrate.Revision)
	return r, row.Scan(&r.Version, &r.Description, &r.Type, &r.Applied, &r.Total, &r.ExecutedAt, &r.ExecutionTime,
		&r.Error, &r.ErrorStmt, &r.Hash, &r.PartialHashes, &r.OperatorVersion)
}

func (r revisions) WriteRevision(ctx context.Context, w *migrate.Revision) error {
	_, err := r.pool.Exec(ctx, "insert into "+revisionTable+" ("+columns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (version) do update set applied = excluded.applied, total = excluded.total, executed_at = excluded.executed_at,
			execution_time = excluded.execution_time, error = excluded.error, error_stmt = excluded.error_stmt, partial_hashes = excluded.partial_hashes`,
		w.Version, w.Description, w.Type, w.Applied, w.Total, w.ExecutedAt, w.ExecutionTime.Nanoseconds(),
		w.Error, w.ErrorStmt, w.Hash, w.PartialHashes, w.OperatorVersion)
	return err
}

func (r revisions) DeleteRevision(ctx context.Context, version string) error {
	_, err := r.pool.Exec(ctx, "delete from "+revisionTable+" where version = $1", version)
	return err
}
