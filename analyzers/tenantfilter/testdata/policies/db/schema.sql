CREATE TABLE guarded (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON guarded USING (tenant_id = current_setting('app.tenant')::uuid);

CREATE TABLE disabled (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
CREATE POLICY own ON disabled USING (tenant_id = current_setting('app.tenant')::uuid);

CREATE TABLE unset (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE unset ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON unset USING (tenant_id = current_setting('app.other')::uuid);

CREATE TABLE mapped (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE mapped ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON mapped USING (tenant_id = current_setting('app.mapped')::uuid);

CREATE TABLE pooled (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE pooled ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON pooled USING (tenant_id = current_setting('app.pooled')::uuid);

CREATE FUNCTION is_own(row_tenant uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT row_tenant::text = current_setting('app.given', true)
$$;
CREATE TABLE called (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE called ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON called USING (is_own(tenant_id));

CREATE FUNCTION is_varied(row_tenant uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT row_tenant::text = current_setting('app.varied', true)
$$;
CREATE TABLE varied (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE varied ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON varied USING (is_varied(tenant_id));

CREATE TABLE commanded (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants (id), name text);
ALTER TABLE commanded ENABLE ROW LEVEL SECURITY;
CREATE POLICY reads ON commanded FOR SELECT USING (tenant_id = current_setting('app.tenant')::uuid);
CREATE POLICY inserts ON commanded FOR INSERT WITH CHECK (tenant_id = current_setting('app.tenant')::uuid);

CREATE TABLE opened (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants (id), name text);
ALTER TABLE opened ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON opened USING (tenant_id = current_setting('app.tenant')::uuid);
CREATE POLICY anybody ON opened FOR SELECT USING (true);
CREATE POLICY office ON opened FOR UPDATE TO office USING (true);

CREATE TABLE handed (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants (id));
ALTER TABLE handed ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON handed USING (tenant_id = current_setting('app.handed')::uuid);

CREATE TABLE hooked (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE hooked ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON hooked USING (tenant_id = current_setting('app.hooked')::uuid);

CREATE TABLE kept (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE kept ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON kept USING (tenant_id = current_setting('app.kept')::uuid);

CREATE FUNCTION has_hooked(of uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM hooked WHERE id = of AND tenant_id = current_setting('app.hooked')::uuid)
$$;
CREATE TABLE parts (id uuid PRIMARY KEY, hooked_id uuid NOT NULL REFERENCES hooked (id) ON DELETE CASCADE, kind text);
ALTER TABLE parts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON parts USING (has_hooked(hooked_id));

CREATE TABLE kinds (id uuid PRIMARY KEY, hooked_id uuid NOT NULL REFERENCES hooked (id) ON DELETE CASCADE, kind text);
ALTER TABLE kinds ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON kinds USING (kind = current_setting('app.hooked'));
