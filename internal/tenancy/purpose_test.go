package tenancy_test

import (
	"testing"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

const queueDDL = `
CREATE TABLE tenants (id uuid PRIMARY KEY);
CREATE TABLE queues (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), paused boolean);
CREATE TABLE jobs (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), queue_id uuid NOT NULL REFERENCES queues(id),
	state text, attempts int, ttl int, created_at timestamptz, done timestamp with time zone, expires bigint, seen_at text, kind text, changed_at uuid);
CREATE TABLE hosts (name text PRIMARY KEY, zone text);
CREATE TABLE attempts (id bigint PRIMARY KEY, job_id uuid NOT NULL REFERENCES jobs(id), at timestamptz);
`

func TestPurpose(t *testing.T) {
	t.Parallel()
	db := schema.Parse(queueDDL, sqlast.Postgres, config.Default().Tenant)
	const claim, take, sweep, requeue, tally, roll, none = "claim", "take", "sweep", "requeue", "tally", "roll", ""
	for _, test := range []struct{ name, sql, want string }{
		{"select", `SELECT * FROM jobs WHERE state = 'queued' ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED`, claim},
		{"no key update", `SELECT id FROM jobs FOR NO KEY UPDATE SKIP LOCKED`, claim},
		{"of an alias", `SELECT j.*, q.paused FROM jobs j JOIN queues q ON q.id = j.queue_id WHERE NOT q.paused FOR UPDATE OF j SKIP LOCKED`, claim},
		{"of a parent's", `SELECT * FROM jobs WHERE queue_id = $1 LIMIT 10 FOR UPDATE SKIP LOCKED`, claim},
		{"update by subquery", `UPDATE jobs SET state = 'running' WHERE id = (SELECT id FROM jobs WHERE state = 'queued' LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *`, claim},
		{"update by IN", `UPDATE jobs SET state = 'running' WHERE state = 'queued' AND id IN (SELECT id FROM jobs LIMIT 9 FOR UPDATE SKIP LOCKED)`, claim},
		{"update from CTE", `WITH next AS (SELECT id FROM jobs WHERE state = $1 LIMIT $2 FOR UPDATE SKIP LOCKED) UPDATE jobs j SET state = 'running' FROM next WHERE j.id = next.id RETURNING j.*`, claim},
		{"update from derived", `UPDATE jobs SET attempts = attempts + 1 FROM (SELECT id FROM jobs FOR UPDATE SKIP LOCKED) n WHERE n.id = jobs.id`, claim},
		{"delete", `DELETE FROM jobs WHERE id = (SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *`, claim},
		{"subquery within", `SELECT id FROM jobs WHERE queue_id NOT IN (SELECT id FROM queues WHERE paused) FOR UPDATE SKIP LOCKED`, claim},
		{"owned", `SELECT id FROM attempts LIMIT 1 FOR UPDATE SKIP LOCKED`, claim},
		{"lock of the next", `SELECT * FROM jobs WHERE state = 'queued' LIMIT 1 FOR UPDATE`, take},
		{"next by a parameter", `SELECT id FROM jobs WHERE state = $1 ORDER BY created_at LIMIT 1 FOR UPDATE`, take},
		{"next by states", `SELECT id FROM jobs WHERE state IN ($1, $2) AND kind = 'mail' AND created_at < now() LIMIT $3 FOR UPDATE`, take},
		{"next by state, joined", `SELECT j.id FROM jobs j LEFT JOIN attempts a ON a.job_id = j.id WHERE j.state LIKE 'pending%' AND a.id IS NULL LIMIT 1 FOR UPDATE OF j`, take},
		{"next and a natural key", `SELECT * FROM jobs WHERE state = 'queued' AND kind = $1 LIMIT 1 FOR UPDATE`, "none"},
		{"next and a list", `SELECT * FROM jobs WHERE state = 'queued' AND kind IN ($1) LIMIT 1 FOR UPDATE`, "none"},
		{"next of nothing", `SELECT * FROM jobs LIMIT 1 FOR UPDATE`, "none"},
		{"next by a natural key", `SELECT * FROM jobs WHERE kind = $1 LIMIT 1 FOR UPDATE`, "none"},
		{"all in a state", `SELECT * FROM jobs WHERE state = 'queued' FOR UPDATE`, "none"},
		{"next without a lock", `SELECT * FROM jobs WHERE state = 'queued' LIMIT 1`, "none"},
		{"next of a parent", `SELECT * FROM jobs WHERE state = 'queued' AND queue_id = $1 LIMIT 1 FOR UPDATE`, "none"},
		{"nowait", `SELECT * FROM jobs LIMIT 1 FOR UPDATE NOWAIT`, "none"},
		{"by its id", `SELECT * FROM jobs WHERE id = $1 FOR UPDATE SKIP LOCKED`, "none"},
		{"optional", `SELECT * FROM jobs WHERE ($1::uuid IS NULL OR tenant_id = $1) FOR UPDATE SKIP LOCKED`, "claim"},
		{"wrong or", `SELECT * FROM jobs WHERE kind = $1 OR state = $2 AND tenant_id = $3 FOR UPDATE SKIP LOCKED`, "none"},
		{"another table", `WITH next AS (SELECT id FROM jobs FOR UPDATE SKIP LOCKED) UPDATE queues SET paused = true`, "none claim"},
		{"update without", `UPDATE jobs SET state = 'running' WHERE state = 'queued'`, "none"},
		{"update by age", `UPDATE jobs SET state = 'late' WHERE created_at < $1`, requeue},
		{"requeue", `UPDATE jobs SET done = NULL, attempts = attempts + 1 WHERE done < now() - interval '1 hour' AND state = $1`, requeue},
		{"take back by age", `UPDATE jobs SET is_active = false, reason = $1 WHERE created_at <= $2 AND is_active`, requeue},
		{"update of what is old", `UPDATE jobs SET kind = $1 WHERE created_at < $2`, "none"},
		{"update by age or", `UPDATE jobs SET state = 'late' WHERE created_at < $1 OR kind = $2`, "none"},
		{"update by age of one parent", `UPDATE jobs SET state = 'late' WHERE created_at < $1 AND queue_id = $2`, "none"},
		{"who has work", `SELECT DISTINCT tenant_id FROM jobs WHERE state = $1 AND done IS NULL`, roll},
		{"who has had work", `SELECT j.tenant_id FROM jobs j WHERE j.kind = 'mail' AND j.created_at < $1 GROUP BY 1`, roll},
		{"whose is it", `SELECT tenant_id FROM jobs WHERE kind = $1`, "none"},
		{"who has work, and how much", `SELECT tenant_id, ttl FROM jobs WHERE state = 'queued'`, "none"},
		{"what work", `SELECT kind FROM jobs WHERE state = 'queued'`, "none"},
		{"by who has work", `SELECT kind FROM jobs WHERE kind IN (SELECT tenant_id::text FROM jobs WHERE state = 'queued')`, "none"},
		{"pinned", `SELECT * FROM jobs WHERE tenant_id = $1 FOR UPDATE SKIP LOCKED`, none},

		{"age", `DELETE FROM jobs WHERE created_at < $1`, sweep},
		{"age at most", `DELETE FROM jobs WHERE created_at <= $1`, sweep},
		{"age reversed", `DELETE FROM jobs WHERE $1 > jobs.created_at`, sweep},
		{"now", `DELETE FROM jobs WHERE created_at < now() - interval '30 days'`, sweep},
		{"now and days", `DELETE FROM jobs WHERE created_at < NOW() - make_interval(days => $1)`, sweep},
		{"its own ttl", `DELETE FROM jobs WHERE created_at < now() - ttl * interval '1 second'`, sweep},
		{"column and ttl", `DELETE FROM jobs WHERE created_at + interval '1 day' < now()`, sweep},
		{"difference", `DELETE FROM jobs WHERE now() - created_at > interval '1 day'`, sweep},
		{"age()", `DELETE FROM jobs WHERE age(now(), created_at) > $1`, sweep},
		{"by type", `DELETE FROM jobs WHERE done < $1`, sweep},
		{"number by name", `DELETE FROM jobs WHERE expires < extract(epoch FROM now())`, sweep},
		{"text by name", `DELETE FROM jobs WHERE seen_at < $1`, sweep},
		{"and more", `DELETE FROM jobs WHERE state IN ('done', 'failed') AND created_at < $1 AND kind = $2`, sweep},
		{"or both", `DELETE FROM jobs WHERE created_at < $1 OR done < $2`, sweep},
		{"or over", `DELETE FROM jobs WHERE created_at < $1 OR used = true OR state IN ('done', 'failed')`, sweep},
		{"or in some state", `DELETE FROM jobs WHERE created_at < $1 OR state = $2`, "none"},
		{"or of some kind", `DELETE FROM jobs WHERE created_at < $1 OR kind = 'mail'`, "none"},
		{"batch", `DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE created_at < $1 LIMIT 1000)`, sweep},
		{"batch by CTE", `WITH old AS (SELECT id FROM jobs WHERE created_at < $1 LIMIT 100) DELETE FROM jobs USING old WHERE jobs.id = old.id`, sweep},
		{"owned by parent's age", `DELETE FROM attempts WHERE job_id IN (SELECT id FROM jobs WHERE created_at < $1)`, sweep},
		{"owned", `DELETE FROM attempts WHERE at < $1`, sweep},
		{"using", `DELETE FROM attempts a USING jobs j WHERE j.id = a.job_id AND j.done < now()`, sweep},
		{"or one", `DELETE FROM jobs WHERE created_at < $1 OR kind = $2`, "none"},
		{"later", `DELETE FROM jobs WHERE created_at > $1`, "none"},
		{"two times", `DELETE FROM jobs WHERE created_at < done`, "none"},
		{"number", `DELETE FROM jobs WHERE attempts < $1`, "none"},
		{"an id", `DELETE FROM jobs WHERE changed_at < $1`, "none"},
		{"equal", `DELETE FROM jobs WHERE created_at = $1`, "none"},
		{"of one parent", `DELETE FROM jobs WHERE queue_id = $1 AND created_at < $2`, "none"},
		{"all", `DELETE FROM jobs`, "none"},
		{"select", `SELECT * FROM jobs WHERE created_at < $1`, "none"},
		{"age elsewhere", `DELETE FROM jobs WHERE kind IN (SELECT kind FROM queues WHERE created_at < $1)`, "none none"},
		{"count of each", `SELECT h.*, count(j.id) AS load FROM hosts h LEFT JOIN jobs j ON j.kind = h.name WHERE h.zone = $1 GROUP BY h.name ORDER BY load LIMIT 1`, tally},
		{"count of each, bare names", `SELECT zone, count(jobs.id) FROM hosts LEFT JOIN jobs ON jobs.kind = hosts.name GROUP BY zone`, tally},
		{"count and more", `SELECT h.name, count(j.id), max(j.created_at) FROM hosts h LEFT JOIN jobs j ON j.kind = h.name GROUP BY h.name`, "none"},
		{"count by its own", `SELECT h.name, state, count(j.id) FROM hosts h LEFT JOIN jobs j ON j.kind = h.name GROUP BY h.name, state`, "none"},
		{"count and star", `SELECT *, count(j.id) FROM hosts h LEFT JOIN jobs j ON j.kind = h.name GROUP BY h.name`, "none"},
		{"count of the inner", `SELECT h.name, count(j.id) FROM hosts h JOIN jobs j ON j.kind = h.name GROUP BY h.name`, "none"},
		{"count of a tenant's", `SELECT q.id, count(j.id) FROM queues q LEFT JOIN jobs j ON j.kind = q.id GROUP BY q.id`, "none"},
		{"count of all", `SELECT count(*) FROM jobs`, "none"},
		{"pinned sweep", `DELETE FROM jobs WHERE created_at < $1 AND tenant_id = $2`, none},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, stmt := range sqlast.Read(test.sql, sqlast.Options{}).Stmts {
				for i, v := range tenancy.Judge(stmt, db, tenancy.Options{}) {
					if v.Pinned || v.Leader != i {
						continue
					}
					if got != "" {
						got += " "
					}
					got += [...]string{"none", "claim", "take", "sweep", "requeue", "tally", "roll"}[v.Purpose]
				}
			}
			if got != test.want {
				t.Errorf("%s:\ngot %q, want %q", test.sql, got, test.want)
			}
		})
	}
}
