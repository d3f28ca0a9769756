// Package searched changes rows whose id functions have searched for among the tenant's rows, or
// whose tenant the change itself returns.
package searched

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type invoice struct {
	ID, TenantID string
	Total        int
}

type store struct{ db *pgxpool.Pool }

var errNone = errors.New("none")

func (s *store) list(ctx context.Context, tenant string) ([]invoice, error) {
	rows, err := s.db.Query(ctx, "SELECT id, tenant_id, total FROM invoices WHERE tenant_id = $1", tenant)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[invoice])
}

func (s *store) mustHave(ctx context.Context, tenant, id string) error {
	all, err := s.list(ctx, tenant)
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.ID == id {
			return nil
		}
	}
	return errNone
}

func (s *store) afterError(ctx context.Context, tenant, id string) error {
	if err := s.mustHave(ctx, tenant, id); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, "UPDATE invoices SET total = 1 WHERE id = $1", id) // want info:`limited by the earlier query list alone`
	return err
}

func (s *store) errorDropped(ctx context.Context, tenant, id string) error {
	_ = s.mustHave(ctx, tenant, id)
	_, err := s.db.Exec(ctx, "UPDATE invoices SET total = 2 WHERE id = $1", id) // want `not limited to a tenant`
	return err
}

func (s *store) otherID(ctx context.Context, tenant, id, other string) error {
	if err := s.mustHave(ctx, tenant, id); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, "UPDATE invoices SET total = 3 WHERE id = $1", other) // want `not limited to a tenant`
	return err
}

func (s *store) owns(ctx context.Context, tenant, id string) (bool, error) {
	all, err := s.list(ctx, tenant)
	if err != nil {
		return false, err
	}
	found := false
	for _, i := range all {
		if i.ID == id {
			found = true
		}
	}
	return found, nil
}

func (s *store) afterBool(ctx context.Context, tenant, id string) error {
	ok, err := s.owns(ctx, tenant, id)
	if err != nil {
		return err
	}
	if !ok {
		return errNone
	}
	_, err = s.db.Exec(ctx, "UPDATE invoices SET total = 4 WHERE id = $1", id) // want info:`limited by the earlier query list alone`
	return err
}

// hasSome finds what has a total, whatever its id.
func (s *store) hasSome(ctx context.Context, tenant, id string) error {
	all, err := s.list(ctx, tenant)
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.ID == id || i.Total > 0 {
			return nil
		}
	}
	return errNone
}

func (s *store) afterSome(ctx context.Context, tenant, id string) error {
	if err := s.hasSome(ctx, tenant, id); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, "UPDATE invoices SET total = 5 WHERE id = $1", id) // want `not limited to a tenant`
	return err
}

func has(all []invoice, id string) bool {
	for _, i := range all {
		if i.ID == id {
			return true
		}
	}
	return false
}

func find(id string, all []invoice) *invoice {
	for n := range all {
		if all[n].ID == id {
			return &all[n]
		}
	}
	return nil
}

// lacks says the opposite.
func lacks(all []invoice, id string) bool {
	for _, i := range all {
		if i.ID == id {
			return false
		}
	}
	return true
}

func (s *store) inList(ctx context.Context, tenant, id string) error {
	all, err := s.list(ctx, tenant)
	if err != nil {
		return err
	}
	if !has(all, id) {
		return errNone
	}
	_, err = s.db.Exec(ctx, "UPDATE invoices SET total = 6 WHERE id = $1", id) // want info:`limited by the earlier query list alone`
	return err
}

func (s *store) foundInList(ctx context.Context, tenant, id string) error {
	all, err := s.list(ctx, tenant)
	if err != nil {
		return err
	}
	if find(id, all) == nil {
		return errNone
	}
	_, err = s.db.Exec(ctx, "UPDATE invoices SET total = 7 WHERE id = $1", id) // want info:`limited by the earlier query list alone`
	return err
}

func (s *store) notInList(ctx context.Context, tenant, id string) error {
	all, err := s.list(ctx, tenant)
	if err != nil {
		return err
	}
	if !lacks(all, id) {
		return errNone
	}
	_, err = s.db.Exec(ctx, "UPDATE invoices SET total = 8 WHERE id = $1", id) // want `not limited to a tenant`
	return err
}

func (s *store) returned(ctx context.Context, tenant, id string) error {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var owner string
	if err := tx.QueryRow(ctx, "UPDATE invoices SET total = 9 WHERE id = $1 RETURNING tenant_id", id).Scan(&owner); err != nil { // want info:`update on "invoices" is limited by a comparison of the tenant that it returns alone`
		return err
	}
	if owner != tenant {
		return errNone
	}
	return tx.Commit(ctx)
}

func (s *store) committedFirst(ctx context.Context, tenant, id string) error {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var owner string
	if err := tx.QueryRow(ctx, "UPDATE invoices SET total = 10 WHERE id = $1 RETURNING tenant_id", id).Scan(&owner); err != nil { // want `not limited to a tenant`
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	if owner != tenant {
		return errNone
	}
	return nil
}

// No transaction takes back what a pool has done.
func (s *store) returnedByPool(ctx context.Context, tenant, id string) error {
	var owner string
	if err := s.db.QueryRow(ctx, "DELETE FROM invoices WHERE id = $1 RETURNING tenant_id", id).Scan(&owner); err != nil { // want `not limited to a tenant`
		return err
	}
	if owner != tenant {
		return errNone
	}
	return nil
}
