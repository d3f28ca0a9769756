package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	osexec "os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/poollint/poollint/internal/pgtest"
)

// see runs the doctor in text form.
func see(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	status = newCommand(func() []string { return nil }).Main(t.Context(), args, &out, &errOut)
	return status, out.String(), errOut.String()
}

func connect(t *testing.T, url string, settings ...string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url+"&"+strings.Join(settings, "&"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // some are ended by the test
	return conn
}

func exec(t *testing.T, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func TestHealthyServer(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	status, stdout, stderr := see(t, "-dsn", server.URL()+"&connect_timeout=5")
	if status != 0 || stderr != "" || strings.Contains(stdout, "warn") || strings.Contains(stdout, "bad") {
		t.Errorf("exit status %d\n%s%s", status, stdout, stderr)
	}
	for _, want := range []string{
		"ok  database      -dsn: postgres at 127.0.0.1:",
		"ok  server        PostgreSQL ",
		"ok  pooler        none in the way",
		"ok  slots         97 of 97 free for the server (max_connections 100, 3 reserved); a run needs 10",
		"ok  leftovers     no private schema or database of a dead run",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is missing in\n%s", want, stdout)
		}
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t, "max_connections=14", "superuser_reserved_connections=2")
	url := server.URL()
	admin := connect(t, url, "application_name=admin")
	exec(t, admin, "create role tester login connection limit 3", "create database shop connection limit 5",
		`create schema "testpool_dead"`, "comment on schema testpool_dead is 'made by TestRefund (shop.test 1) at 2026-01-02T03:04:05Z'",
		`create schema "testpool_alive"`, "comment on schema testpool_alive is 'made by TestRefund (shop.test 2) at 2026-01-02T03:04:05Z'",
		`create schema "testpool_silent"`, "create database testpool_dead", "create database testpool_template_1f is_template true",
		"begin", "select\n 42")
	connect(t, url, "application_name=shop.test%202")

	status, stdout, _ := see(t, "-dsn", url)
	if status != 0 {
		t.Errorf("exit status %d", status)
	}
	mustContain(t, stdout, "warn  database      no connect_timeout")
	mustContain(t, stdout, "schema testpool_dead is left, made by TestRefund (shop.test 1) at 2026-01-02T03:04:05Z",
		"-> drop schema testpool_dead cascade", "schema testpool_silent is left, without a word", "-> drop database testpool_dead with (force)")
	if strings.Contains(stdout, "testpool_alive") || strings.Contains(stdout, "testpool_template") {
		t.Errorf("what is in use is listed:\n%s", stdout)
	}

	status, stdout, _ = see(t, "-dsn", url, "-need", "13")
	if status != 1 {
		t.Errorf("with too few slots exit status %d", status)
	}
	mustContain(t, stdout, " of 12 free for the server (max_connections 14, 2 reserved); a run needs 13", "-> end other sessions")

	tester := strings.NewReplacer("postgres@", "tester@", "/postgres?", "/shop?").Replace(url)
	status, stdout, _ = see(t, "-dsn", tester+"&pool_max_conns=3", "-need", "4")
	if status != 1 {
		t.Errorf("with too few slots of the role exit status %d", status)
	}
	mustContain(t, stdout, "ok    slots         5 of 5 free for the database; a run needs 4", "bad   slots         3 of 3 free for the role; a run needs 4",
		"warn  database      pool_max_conns is pgxpool's own", "warn  sight         poollint watch sees only this role's sessions whole")
}

func TestOldSessions(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	conn := connect(t, server.URL())
	// What these checks find must be old: the server cannot be made to wait, so the queries are run on a made-up view.
	exec(t, conn, `create schema made_up`, `create view made_up.pg_stat_activity as
		select 101 as pid, 'shop.test 7' as application_name, 'idle' as state, now() - interval '20 minutes' as state_change, 'commit' as query
		union all select 102, 'poollint:abcdef:shop', 'idle', now() - interval '1 minute', ''
		union all select 103, 'web', 'idle', now() - interval '2 days', ''
		union all select 104, '', 'idle in transaction', now() - interval '1 minute', E'update  orders\nset state = 1'
		union all select 105, 'quick', 'idle in transaction', now(), ''`, "set search_path = made_up, pg_catalog")
	for _, test := range []struct {
		run  func(context.Context, *pgx.Conn, int) ([]result, error)
		want result
	}{
		{checkTransactions, result{Text: "pid 104 (without a name) is in a transaction, idle for 60 s, last query: update orders set state = 1", Fix: "select pg_terminate_backend(104)"}},
		{checkLeftoverSessions, result{Text: "pid 101 (shop.test 7) of a test binary, idle for 20 min", Fix: "select pg_terminate_backend(101)"}},
	} {
		test.want.Verdict, test.want.Remedy = warn, test.want.Fix
		got, err := test.run(t.Context(), conn, 0)
		if err != nil || len(got) != 1 || got[0] != test.want {
			t.Errorf("%+v, %v\nwant %+v", got, err, test.want)
		}
	}
}

// Who has the turn to run Setup gives a sign of life each second. An idle session with the lock has no Setup to run.
func TestLock(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	url := server.URL() + "&connect_timeout=5"
	busy := connect(t, server.URL(), "application_name=busy")
	exec(t, busy, "begin", "select pg_advisory_xact_lock(hashtext('testpool.Setup'))")
	status, stdout, _ := see(t, "-dsn", url)
	if status != 0 {
		t.Errorf("while Setup runs exit status %d", status)
	}
	mustContain(t, stdout, "ok  lock          nobody keeps testpool's Setup waiting")

	conn := connect(t, server.URL())
	exec(t, conn, `create schema made_up`, `create view made_up.pg_stat_activity as
		select pid, application_name, state, xact_start, now() - interval '70 seconds' as state_change from pg_catalog.pg_stat_activity`,
		"set search_path = made_up, pg_catalog")
	found, err := checkLock(t.Context(), conn, 0)
	if err != nil || len(found) != 1 || found[0].Verdict != bad {
		t.Fatalf("%+v, %v", found, err)
	}
	mustContain(t, found[0].Text, "(busy) keeps every run with a testpool.Setup waiting since ", ", idle in transaction, last heard of 70 s ago")

	exec(t, busy, "commit", "select pg_advisory_lock(hashtext('testpool.Setup'))")
	status, stdout, _ = see(t, "-dsn", url)
	if status != 1 {
		t.Errorf("with a lock that is left exit status %d", status)
	}
	mustContain(t, stdout, fmt.Sprintf("-> select pg_terminate_backend(%d)", busy.PgConn().PID()))
	if !regexp.MustCompile(`\(busy\) keeps every run with a testpool\.Setup waiting, idle, last heard of \d{1,2} s ago`).MatchString(stdout) {
		t.Errorf("the lock that is left is not told of in\n%s", stdout)
	}
}

// psql runs the script, and then there is nothing left to mend but what a person has to.
func TestFix(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	admin := connect(t, server.URL())
	exec(t, admin, `create role "the tester" superuser login connection limit 2`,
		"create schema testpool_dead", "comment on schema testpool_dead is E'made by TestRefund\n; drop table orders (shop.test 1) at noon'",
		"create database testpool_dead", "create table orders ()")
	holder := connect(t, server.URL(), "application_name=left")
	exec(t, holder, "select pg_advisory_lock(hashtext('testpool.Setup'))")

	url := strings.Replace(server.URL(), "postgres@", "the%20tester@", 1)
	status, script, _ := see(t, "-dsn", url, "-need", "4", "-format", "sql")
	if status != 1 {
		t.Errorf("exit status %d", status)
	}
	mustContain(t, script, "-- for the database of -dsn: postgres at 127.0.0.1:", "of 2 free for the role; a run needs 4\nalter role \"the tester\" connection limit 4;\n",
		"-- lock: pid ", fmt.Sprintf("\nselect pg_terminate_backend(%d);\n", holder.PgConn().PID()),
		"\ndrop schema testpool_dead cascade;\n", "\ndrop database testpool_dead with (force);\n",
		"-- database: no connect_timeout: where the server does not answer, tests wait without end\n-- no statement mends it: add connect_timeout=5")
	if psql, err := osexec.LookPath("psql"); err == nil {
		run := osexec.Command(psql, "-v", "ON_ERROR_STOP=1", "-f", "-", server.URL())
		run.Stdin = strings.NewReader(script)
		if out, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s\n%s", err, out, script)
		}
		exec(t, admin, "table orders")
		if _, script, _ = see(t, "-dsn", url+"&connect_timeout=5", "-need", "4", "-format", "sql"); !strings.Contains(script, "-- nothing is to be mended\n") {
			t.Errorf("after the script:\n%s", script)
		}
	}
}

func TestFullServer(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t, "max_connections=4", "superuser_reserved_connections=0")
	for range 4 {
		connect(t, server.URL())
	}
	status, stdout, _ := see(t, "-dsn", server.URL())
	if status != 1 {
		t.Errorf("exit status %d", status)
	}
	mustContain(t, stdout, "bad   server    takes no more connections: ")
}

func TestUnreachableServer(t *testing.T) {
	t.Parallel()
	status, stdout, _ := see(t, "-dsn", "postgres://127.0.0.1:1/shop", "-format", "json")
	var report struct{ Checks []result }
	if err := json.Unmarshal([]byte(stdout), &report); err != nil {
		t.Fatal(err)
	}
	last := report.Checks[len(report.Checks)-1]
	if status != 1 || last.Check != "server" || last.Verdict != bad || !strings.Contains(last.Text, "refused") {
		t.Errorf("exit status %d\n%s", status, stdout)
	}
}

// PgBouncer in transaction mode runs each statement on any session, also those that another run has used.
func TestPgBouncer(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	url := pgtest.StartPgBouncer(t, server.URL()) + "&connect_timeout=5"
	for range 2 {
		status, stdout, stderr := see(t, "-dsn", url)
		if status != 0 || strings.Contains(stdout, "could not be checked") {
			t.Errorf("exit status %d\n%s%s", status, stdout, stderr)
		}
		mustContain(t, stdout, "warn  pooler        a pooler stands between")
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "no database: "},
		{[]string{"-dsn", "postgres://%"}, "-dsn: cannot parse"},
		{[]string{"-format", "xml"}, `invalid value "xml" for flag -format: the formats are text, json, sql`},
		{[]string{"now"}, "now: no arguments are taken"},
		{[]string{"-need", "x"}, "invalid value"},
	} {
		status, _, stderr := see(t, test.args...)
		if status != 2 || !strings.Contains(stderr, "poollint doctor: "+test.want) {
			t.Errorf("%q: exit status %d\n%s", test.args, status, stderr)
		}
	}
}

func mustContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}
