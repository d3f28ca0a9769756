package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/poollint/poollint/internal/pgtest"
)

// see runs the doctor in text form.
func see(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	status = run(t.Context(), args, &out, &errOut, nil)
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
		{checkTransactions, result{"", warn, "pid 104 (without a name) is in a transaction, idle for 60 s, last query: update orders set state = 1", "select pg_terminate_backend(104)"}},
		{checkLeftoverSessions, result{"", warn, "pid 101 (shop.test 7) of a test binary, idle for 20 min", "select pg_terminate_backend(101)"}},
	} {
		got, err := test.run(t.Context(), conn, 0)
		if err != nil || len(got) != 1 || got[0] != test.want {
			t.Errorf("%+v, %v\nwant %+v", got, err, test.want)
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

// A pooler tells its clients a process id that the server does not know.
func TestPooler(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	status, stdout, _ := see(t, "-dsn", pooler(t, server.URL())+"&connect_timeout=5")
	if status != 0 {
		t.Errorf("exit status %d", status)
	}
	mustContain(t, stdout, "warn  pooler        a pooler stands between")
}

// pooler passes a connection on to the server and changes the process id that the client is told.
func pooler(t *testing.T, url string) string {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	address := net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	go func() {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		client.SetDeadline(time.Now().Add(time.Minute))
		server, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		defer server.Close()
		go func() {
			_, _ = server.(*net.TCPConn).ReadFrom(client)
		}()
		frontend := pgproto3.NewFrontend(server, nil)
		for {
			message, err := frontend.Receive()
			if err != nil {
				return
			}
			if key, ok := message.(*pgproto3.BackendKeyData); ok {
				key.ProcessID++
			}
			out, err := message.Encode(nil)
			if err != nil {
				return
			}
			if _, err := client.Write(out); err != nil {
				return
			}
		}
	}()
	return strings.Replace(url, address, listener.Addr().String(), 1)
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "no database: "},
		{[]string{"-dsn", "postgres://%"}, "-dsn: cannot parse"},
		{[]string{"-format", "xml"}, "-format xml: not one of json, text"},
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
