// Package secrets finds rows by what only their tenant has.
package secrets

import (
	"context"
	"database/sql"
)

type store struct{ db *sql.DB }

func (s *store) redeem(ctx context.Context, hash string) error {
	_, err := s.db.ExecContext(ctx, "UPDATE invites SET used = true WHERE token_hash = $1 AND NOT used", hash) // want info:`update on "invites" is across tenants by design, as it finds its row by a secret: if it is not, add ".*" \(by-design\)`
	return err
}

func (s *store) withdraw(ctx context.Context, hash string) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM invites WHERE id = (SELECT id FROM invites WHERE token_hash = $1)", hash) // want info:`query on "invites" is across tenants by design, as it finds its row by a secret`
	return err
}

// Others know an e-mail too.
func (s *store) forget(ctx context.Context, email string) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM invites WHERE email = $1", email) // want `delete on "invites" is not limited to a tenant: add "tenant_id = \$n" \(unrestricted\)`
	return err
}

func (s *store) login(ctx context.Context, email string) *sql.Row {
	return s.db.QueryRowContext(ctx, "SELECT id, tenant_id FROM invites WHERE email = $1", email) // want info:`query on "invites" is not limited to a tenant: add ".*" \(by-id\)`
}

func (s *store) isUsed(ctx context.Context, email string) *sql.Row {
	return s.db.QueryRowContext(ctx, "SELECT used FROM invites WHERE email = $1", email) // want `query on "invites" is not limited to a tenant: add "tenant_id = \$n" \(unrestricted\)`
}

func (s *store) byHash(ctx context.Context, hash string) *sql.Row {
	return s.db.QueryRowContext(ctx, "SELECT used, email FROM invites WHERE token_hash = $1 AND NOT used", hash) // want info:`query on "invites" is across tenants by design, as it finds its row by a secret`
}

// Who is given the tenant has forgotten it.
func (s *store) ofTenant(ctx context.Context, tenantID, hash string) *sql.Row {
	return s.db.QueryRowContext(ctx, "SELECT used, email FROM invites WHERE token_hash = $1", hash) // want info:`query on "invites" is not limited to a tenant: add ".*" \(by-id\)`
}

func (s *store) anotherSecret(ctx context.Context, hash string) *sql.Row {
	return s.db.QueryRowContext(ctx, "SELECT used, email FROM invites WHERE token_hash <> $1", hash) // want `query on "invites" is not limited to a tenant: add ".*" \(unrestricted\)`
}

func (s *store) secretOrEmail(ctx context.Context, hash, email string) *sql.Row {
	return s.db.QueryRowContext(ctx, "SELECT used, email FROM invites WHERE token_hash = $1 OR email = $2", hash, email) // want `query on "invites" is not limited to a tenant: add ".*" \(unrestricted\)`
}
