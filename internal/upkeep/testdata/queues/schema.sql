CREATE TABLE tenants (id uuid PRIMARY KEY);
CREATE TABLE invoices (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants (id), number text, total int);
