// Package store is the production code that the tests exercise.
package store

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// DefaultTenant is the tenant of installations with one tenant.
const DefaultTenant = "default"

type Tenant struct {
	ID   string
	Slug string
	Name string
	Plan string
}

type Environment struct {
	ProjectID string
	Slug      string
}

type Invoice struct {
	TenantID string
	Total    int
}

func CreateTenant(ctx context.Context, db *pgxpool.Pool, t Tenant) (Tenant, error) {
	_, err := db.Exec(ctx, "INSERT INTO tenants (id, slug, name) VALUES ($1, $2, $3)", t.ID, t.Slug, t.Name)
	return t, err
}

func CreateEnvironment(ctx context.Context, db *pgxpool.Pool, e Environment) (Environment, error) {
	_, err := db.Exec(ctx, "INSERT INTO environments (project_id, slug) VALUES ($1, $2)", e.ProjectID, e.Slug)
	return e, err
}

func Invoices(ctx context.Context, db *pgxpool.Pool, tenantID string) ([]Invoice, error) {
	_, err := db.Exec(ctx, "SELECT 1 FROM invoices WHERE tenant_id = $1", tenantID)
	return nil, err
}

// Service works for one tenant.
type Service struct {
	Pool   *pgxpool.Pool
	Tenant Tenant
}

func (s *Service) Slug() string { return s.Tenant.Slug }
