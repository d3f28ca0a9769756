package testpool

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// sweepTime bounds what a run spends on what others have left; the next one goes on.
const sweepTime = 5 * time.Second

// leftPlaces lists the role's private places that no session uses. A session that looks
// into one, such as psql's, counts too.
const leftPlaces = `
	with place (noun, name, comment, owner) as (
		select 'schema', nspname, obj_description(oid, 'pg_namespace'), nspowner from pg_namespace
		union all
		select 'database', datname, shobj_description(oid, 'pg_database'), datdba from pg_database)
	select noun, name, coalesce(comment, '') from place
	where name like 'testpool\_%' and pg_has_role(owner, 'usage')
		and not exists (select from pg_locks where ` + lockOfPlace + `)
		and not exists (select from pg_stat_activity where noun = 'database' and datname = name)`

// sweep drops the private schemas and databases of killed runs whose owner is surely gone,
// once a process. What cannot be dropped is no fault of the test's.
func (s *shared) sweep(t testing.TB) {
	t.Helper()
	s.swept.Do(func() {
		if err := sweep(t, s.pool, time.Now().Add(sweepTime)); err != nil {
			t.Logf("testpool: look for what killed runs have left: %v", err)
		}
	})
}

func sweep(t testing.TB, pool *pgxpool.Pool, deadline time.Time) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(unrecorded(context.Background()), cleanupTimeout)
	defer cancel()
	rows, err := pool.Query(ctx, leftPlaces, pgx.QueryExecModeExec)
	if err != nil {
		return err
	}
	left, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p leftPlace, err error) {
		return p, row.Scan(&p.noun, &p.name, &p.comment)
	})
	if err != nil {
		return err
	}
	for _, place := range left {
		owner, ok := parseOwner(place.comment)
		if !ok || !owner.gone(time.Now()) {
			continue
		}
		if time.Now().After(deadline) {
			break
		}
		if err := place.drop(ctx, pool); err != nil {
			t.Logf("testpool: drop the %s %s, %s: %v", place.noun, place.name, owner, err)
		}
	}
	return nil
}

// A leftPlace is a private place that no session uses.
type leftPlace struct{ noun, name, comment string }

// drop waits for nobody: who is in the place meanwhile has a use for it.
func (p leftPlace) drop(ctx context.Context, pool *pgxpool.Pool) error {
	quoted := quoteName(p.name)
	if p.noun == database.noun {
		_, err := pool.Exec(ctx, "drop database if exists "+quoted)
		return err
	}
	_, err := pool.Exec(ctx, "set local lock_timeout = '1s'; drop schema if exists "+quoted+" cascade")
	return err
}

// lockOfPlace finds, in pg_locks, the lock that each session of the place called name holds.
const lockOfPlace = `locktype = 'advisory' and objsubid = 2
	and classid = hashtext('testpool.private')::oid and objid = hashtext(name)::oid`

// lockPlace has each session that connects to a private place hold a lock, which tells
// other runs that the place is in use. Behind a pooler sessions are not
// ours, and would keep the lock: there is none.
func lockPlace(config *pgxpool.Config, name string) {
	first := config.AfterConnect
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(unrecorded(ctx), fmt.Sprintf(`select pg_advisory_lock_shared(hashtext('testpool.private'), hashtext(%s))
			where pg_backend_pid() = %d`, quoteLiteral(name), conn.PgConn().PID()))
		if err != nil || first == nil {
			return err
		}
		return first(ctx, conn)
	}
}
