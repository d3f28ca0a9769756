CREATE TABLE orgs (id uuid PRIMARY KEY);
CREATE TABLE projects (id uuid PRIMARY KEY, org_id uuid NOT NULL REFERENCES orgs (id), name text);
CREATE TABLE events (id uuid PRIMARY KEY, project_id uuid NOT NULL REFERENCES projects (id), org_id uuid, kind text);
