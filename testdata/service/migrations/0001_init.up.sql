CREATE TABLE tenants (
    id   uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE
);

CREATE TABLE orders (
    id        uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    status    text NOT NULL
);

CREATE TABLE payments (
    id        uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    order_id  uuid NOT NULL REFERENCES orders (id),
    cents     bigint NOT NULL
);
