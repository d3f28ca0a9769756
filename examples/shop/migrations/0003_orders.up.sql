CREATE TABLE customers (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    email     text NOT NULL,
    name      text NOT NULL,
    UNIQUE (tenant_id, email)
);

CREATE TABLE orders (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id   bigint NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    customer_id bigint NOT NULL REFERENCES customers (id),
    state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'cancelled')),
    placed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
    order_id    bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    tenant_id   bigint NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    product_id  bigint NOT NULL REFERENCES products (id),
    quantity    integer NOT NULL CHECK (quantity > 0),
    price_cents bigint NOT NULL,
    PRIMARY KEY (order_id, product_id)
);

CREATE INDEX orders_by_tenant ON orders (tenant_id, placed_at DESC);
