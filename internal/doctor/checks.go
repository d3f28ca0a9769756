package doctor

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/poollint/poollint/internal/testdb"
)

// A check examines one property of the server or database.
type check struct {
	name string
	run  func(ctx context.Context, conn *pgx.Conn, need int) ([]result, error)
}

// What counts as old. docs/doctor.md gives these figures.
const (
	oldTransaction = 10 * time.Second // idle in a transaction: a test's query takes less, a breakpoint more
	oldSession     = 10 * time.Minute // of a test binary: go test ends one after ten minutes, unless told otherwise
	silentSetup    = time.Minute      // testpool gives a sign of life each second while Setup runs
)

// checks are made in this order.
var checks = []check{
	{"pooler", checkPooler},
	{"slots", checkSlots},
	{"sight", checkSight},
	{"lock", checkLock},
	{"transactions", checkTransactions},
	{"leftovers", checkLeftoverSessions},
	{"leftovers", checkLeftoverPlaces},
}

// checkURL examines the connection string, before it is used.
func checkURL(db testdb.Database) []result {
	config, err := pgx.ParseConfig(db.URL)
	if err != nil {
		return nil // cannot happen: Config has parsed it
	}
	var found []result
	for name := range config.RuntimeParams {
		if strings.HasPrefix(name, "pool_") {
			found = append(found, result{Check: "database", Verdict: warn, Text: name + " is pgxpool's own: every other driver sends it to the server, which refuses",
				Remedy: "use pgxpool, or leave it out and call SetMaxOpenConns"})
		}
	}
	if config.ConnectTimeout == 0 {
		found = append(found, result{Check: "database", Verdict: warn, Text: "no connect_timeout: where the server does not answer, tests wait without end",
			Remedy: "add connect_timeout=5 (testpool has it by itself)"})
	}
	return found
}

// checkPooler looks for a connection pooler between us and the server.
func checkPooler(ctx context.Context, conn *pgx.Conn, _ int) ([]result, error) {
	pooled, err := testdb.BehindPooler(ctx, conn)
	if err != nil || !pooled {
		return []result{{Verdict: ok, Text: "none in the way"}}, err
	}
	return []result{{Verdict: warn, Text: "a pooler stands between: session state, advisory locks and prepared statements may not hold, and sessions are the pooler's",
		Remedy: "connect tests to the server itself, or add default_query_exec_mode=cache_describe (testpool does by itself)"}}, nil
}

// checkSlots compares what a run needs with what the server, the database and the role still allow.
func checkSlots(ctx context.Context, conn *pgx.Conn, need int) ([]result, error) {
	limits, err := testdb.ReadLimits(ctx, conn)
	if err != nil {
		return nil, err
	}
	// The doctor's own session will be gone during the run.
	var used, usedHere, usedByRole, database, role int
	var alterDatabase, alterRole string
	err = conn.QueryRow(ctx, `
		with other as (
			select datname, usename from pg_stat_activity
			where pid <> pg_backend_pid() and (backend_type = 'client backend' or backend_type is null and usesysid is not null))
		select (select count(*) from other),
			(select count(*) from other where datname = current_database()),
			(select count(*) from other where usename = current_user),
			(select datconnlimit from pg_database where datname = current_database()),
			(select rolconnlimit from pg_roles where rolname = current_user),
			format('alter database %I connection limit ', current_database()), format('alter role %I connection limit ', current_user)`).
		Scan(&used, &usedHere, &usedByRole, &database, &role, &alterDatabase, &alterRole)
	if err != nil {
		return nil, err
	}
	var found []result
	for _, limit := range []struct {
		of         string
		limit, use int
		raise      string // the beginning of a statement, which the least limit ends
		reserved   int
	}{
		{fmt.Sprintf("the server (max_connections %d, %d reserved)", limits.MaxConnections, limits.Reserved), limits.Usable(), used,
			"alter system set max_connections = ", limits.Reserved}, // counts from the server's next start
		{"the database", database, usedHere, alterDatabase, 0},
		{"the role", role, usedByRole, alterRole, 0},
	} {
		if limit.limit < 0 {
			continue // there is no limit
		}
		r := result{Verdict: ok, Text: fmt.Sprintf("%d of %d free for %s; a run needs %d", limit.limit-limit.use, limit.limit, limit.of, need)}
		if limit.limit-limit.use < need {
			r.Verdict = bad
			r.Remedy = "end other sessions, raise the limit, or let fewer packages run at once (go test -p)"
			r.Fix = limit.raise + strconv.Itoa(limit.use+need+limit.reserved)
		}
		found = append(found, r)
	}
	return found, nil
}

// checkSight checks whether the role may see other roles' sessions, as poollint watch
// needs.
func checkSight(ctx context.Context, conn *pgx.Conn, _ int) ([]result, error) {
	var sees bool
	var grant string
	err := conn.QueryRow(ctx, "select pg_has_role('pg_read_all_stats', 'usage'), format('grant pg_read_all_stats to %I', current_user)").Scan(&sees, &grant)
	if err != nil {
		return nil, err
	}
	if sees {
		return []result{{Verdict: ok, Text: "poollint watch sees every role's sessions"}}, nil
	}
	return []result{{Verdict: warn, Text: "poollint watch sees only this role's sessions whole",
		Remedy: "grant pg_read_all_stats to the role, if tests connect as several", Fix: grant}}, nil
}

// checkLock looks for who has the turn to run testpool's Setup, which every run with one waits
// for. It is a lock of a transaction; an idle session that has it was left by an
// older testpool behind a pooler.
func checkLock(ctx context.Context, conn *pgx.Conn, _ int) ([]result, error) {
	return list(ctx, conn, result{Verdict: bad}, "nobody keeps testpool's Setup waiting", `
		select format('pid %s (%s) keeps every run with a testpool.Setup waiting%s, %s, last heard of %s s ago', pid, `+named+`,
				coalesce(' since ' || to_char(xact_start, 'HH24:MI:SS'), ''), state, extract(epoch from now() - state_change)::int),
			format('select pg_terminate_backend(%s)', pid)
		from pg_locks join pg_stat_activity using (pid)
		where locktype = 'advisory' and objsubid = 1 and granted
			and classid::bigint << 32 | objid::bigint = hashtext('testpool.Setup')::bigint
			and database = (select oid from pg_database where datname = current_database())
			and (state = 'idle' or state_change < now() - make_interval(secs => $1))`, silentSetup.Seconds())
}

// named is the name of a session in a query.
const named = `coalesce(nullif(application_name, ''), 'without a name')`

// checkTransactions lists idle transactions: they hold locks that tests will wait for.
func checkTransactions(ctx context.Context, conn *pgx.Conn, _ int) ([]result, error) {
	return list(ctx, conn, result{Verdict: warn}, "no transaction is left open", `
		select format('pid %s (%s) is in a transaction, idle for %s s, last query: %s', pid, `+named+`,
				extract(epoch from now() - state_change)::int, left(regexp_replace(query, '\s+', ' ', 'g'), 60)),
			format('select pg_terminate_backend(%s)', pid)
		from pg_stat_activity
		where state like 'idle in transaction%' and state_change < now() - make_interval(secs => $1)
		order by state_change`, oldTransaction.Seconds())
}

// checkLeftoverSessions lists sessions of test binaries that have been idle for long.
func checkLeftoverSessions(ctx context.Context, conn *pgx.Conn, _ int) ([]result, error) {
	return list(ctx, conn, result{Verdict: warn}, "no session of a dead run", `
		select format('pid %s (%s) of a test binary, idle for %s min', pid, application_name, extract(epoch from now() - state_change)::int / 60),
			format('select pg_terminate_backend(%s)', pid)
		from pg_stat_activity
		where (application_name like 'poollint:%' or application_name ~ '\.test( \d+)?$')
			and state = 'idle' and state_change < now() - make_interval(secs => $1)
		order by state_change`, oldSession.Seconds())
}

// checkLeftoverPlaces lists private schemas and databases of testpool that no session uses. Each
// session of one holds a lock; testpool writes in the comment whose it is. Its templates are
// there for the next run.
func checkLeftoverPlaces(ctx context.Context, conn *pgx.Conn, _ int) ([]result, error) {
	return list(ctx, conn, result{Verdict: warn}, "no private schema or database of a dead run", `
		with place (kind, name, comment) as (
			select 'schema', nspname, obj_description(oid, 'pg_namespace') from pg_namespace
			union all
			select 'database', datname, shobj_description(oid, 'pg_database') from pg_database where not datistemplate)
		select format('%s %s is left, %s', kind, name, coalesce(comment, 'without a word of who made it')),
			format('drop %s %I%s', kind, name, case kind when 'schema' then ' cascade' else ' with (force)' end)
		from place
		where name like 'testpool\_%'
			and not exists (select from pg_stat_activity where application_name <> '' and strpos(comment, '(' || application_name || ')') > 0)
			and not exists (select from pg_stat_activity where kind = 'database' and datname = name and pid <> pg_backend_pid())
			and not exists (select from pg_locks where locktype = 'advisory' and objsubid = 2
				and classid = hashtext('testpool.private')::oid and objid = hashtext(name)::oid)
		order by kind, name`)
}

// list makes a result like found of each row of the query: the problem, and the statement
// that mends it.
func list(ctx context.Context, conn *pgx.Conn, found result, none, query string, args ...any) ([]result, error) {
	rows, err := conn.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	results, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (result, error) {
		r := found
		err := row.Scan(&r.Text, &r.Fix)
		r.Remedy = r.Fix
		return r, err
	})
	if len(results) == 0 {
		results = []result{{Verdict: ok, Text: none}}
	}
	return results, err
}
