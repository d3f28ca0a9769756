CREATE TABLE tenants (
    id   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    slug text NOT NULL UNIQUE
);

CREATE TABLE invoices (
    id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    number    text NOT NULL,
    total     bigint NOT NULL DEFAULT 0
);

CREATE TABLE lines (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id  uuid NOT NULL REFERENCES tenants (id),
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    sku        text NOT NULL
);
