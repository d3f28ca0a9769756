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
