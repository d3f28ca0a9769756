-- name: UpsertCustomer :one
INSERT INTO customers (tenant_id, email, name)
VALUES ($1, $2, $3)
ON CONFLICT (tenant_id, email) DO UPDATE SET name = excluded.name
RETURNING *;

-- name: CreateOrder :one
INSERT INTO orders (tenant_id, customer_id)
VALUES ($1, $2)
RETURNING *;

-- name: AddOrderLine :exec
INSERT INTO order_lines (order_id, tenant_id, product_id, quantity, price_cents)
VALUES ($1, $2, $3, $4, $5);

-- name: OrderTotal :one
SELECT coalesce(sum(quantity * price_cents), 0)::bigint AS total_cents
FROM order_lines
WHERE tenant_id = $1 AND order_id = $2;

-- name: ListOrders :many
SELECT o.id, o.state, o.placed_at, c.email
FROM orders o
JOIN customers c ON c.id = o.customer_id AND c.tenant_id = o.tenant_id
WHERE o.tenant_id = $1
ORDER BY o.placed_at DESC, o.id DESC;

-- name: SetOrderState :execrows
UPDATE orders
SET state = $3
WHERE tenant_id = $1 AND id = $2 AND state = 'open';
