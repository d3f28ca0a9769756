-- name: CreateTenant :one
INSERT INTO tenants (slug, name)
VALUES ($1, $2)
RETURNING id, slug, name, created_at;

-- name: TenantBySlug :one
SELECT id, slug, name, created_at
FROM tenants
WHERE slug = $1;

-- name: DeleteTenant :exec
DELETE FROM tenants
WHERE id = $1;
