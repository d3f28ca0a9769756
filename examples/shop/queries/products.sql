-- name: CreateProduct :one
INSERT INTO products (tenant_id, sku, name, price_cents, stock)
VALUES ($1, $2, $3, $4, $5)
RETURNING *;

-- name: ListProducts :many
SELECT *
FROM products
WHERE tenant_id = $1
ORDER BY sku;

-- name: ProductBySKU :one
SELECT *
FROM products
WHERE tenant_id = $1 AND sku = $2;

-- name: TakeStock :execrows
UPDATE products
SET stock = stock - sqlc.arg(quantity)
WHERE tenant_id = sqlc.arg(tenant_id) AND id = sqlc.arg(id) AND stock >= sqlc.arg(quantity);
