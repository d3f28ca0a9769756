package testpool

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// recorded returns the lines of a directory's one file, without the first.
func recorded(t *testing.T, dir string) []record {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(names) != 1 {
		t.Fatalf("files %v, %v", names, err)
	}
	text, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	var all []record
	for line := range strings.Lines(string(text)) {
		var r record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if first := all[0]; first.Version != 1 || first.Package != "github.com/poollint/poollint/testpool" {
		t.Errorf("the first line is %+v", first)
	}
	return all[1:]
}

// want checks which statements were recorded, and that each names the test and this file.
func want(t *testing.T, got []record, texts ...string) {
	t.Helper()
	var sqls []string
	for _, r := range got {
		sqls = append(sqls, r.SQL)
		if r.Test != t.Name() {
			t.Errorf("%s: test %q", r.SQL, r.Test)
		}
		if len(r.Calls) == 0 || !strings.Contains(r.Calls[0], "/record_test.go:") {
			t.Errorf("%s: calls %v", r.SQL, r.Calls)
		}
	}
	if strings.Join(sqls, "\n") != strings.Join(texts, "\n") {
		t.Errorf("recorded\n%s\nwant\n%s", strings.Join(sqls, "\n"), strings.Join(texts, "\n"))
	}
}

// Of what testpool does for a private database nothing is recorded.
func TestRecordPrivate(t *testing.T) {
	t.Parallel()
	r := newRecorder(t.TempDir())
	s := newShared(t, Migrations(newCounted(t)), Configure(func(c *pgxpool.Config) { c.ConnConfig.Tracer = statementTracer{r} })).open(t, nil)
	f := withDatabases(s, "TestRecorded", 1, func(f testing.TB, pool *pgxpool.Pool) { mustInsert(f, pool) })
	templateOf(t, s)
	if f.text() != "" {
		t.Error(f.text())
	}
	var got []string
	for _, record := range recorded(t, r.dir) {
		got = append(got, record.SQL)
	}
	if want := []string{"create table orders (id int)", insertOrder}; !slices.Equal(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
}

func TestRecordPgx(t *testing.T) {
	t.Parallel()
	r := newRecorder(t.TempDir())
	pool := newShared(t, MaxConns(1), Configure(func(c *pgxpool.Config) { c.ConnConfig.Tracer = statementTracer{r} })).open(t, nil).pool
	ctx := t.Context()
	for i := range 3 {
		var n int
		if err := pool.QueryRow(ctx, "select $1::int", i).Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := pool.Exec(ctx, "create temporary table recorded_notes (id int, note text)"); err != nil {
		t.Fatal(err)
	}
	batch := &pgx.Batch{}
	batch.Queue("insert into recorded_notes values ($1, $2)", 1, "secret")
	batch.Queue("delete from recorded_notes where id = $1", 1)
	if err := pool.SendBatch(ctx, batch).Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.CopyFrom(ctx, pgx.Identifier{"recorded_notes"}, []string{"id", "note"}, pgx.CopyFromRows([][]any{{1, "secret"}})); err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Conn().Prepare(ctx, "byname", "select count(*) from recorded_notes"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, "byname"); err != nil {
		t.Fatal(err)
	}
	want(t, recorded(t, r.dir), "select $1::int", "create temporary table recorded_notes (id int, note text)",
		"insert into recorded_notes values ($1, $2)", "delete from recorded_notes where id = $1",
		`COPY "recorded_notes" ("id", "note") FROM STDIN`, "select count(*) from recorded_notes")
}

func TestRecordDatabaseSQL(t *testing.T) {
	t.Parallel()
	r := newRecorder(t.TempDir())
	config, err := pgx.ParseConfig(serverURL(t))
	if err != nil {
		t.Fatal(err)
	}
	byName, err := sql.Open(r.driver("pgx"), serverURL(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, db := range []*sql.DB{sql.OpenDB(r.connector(stdlib.GetConnector(*config))), byName} {
		use(t, db)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	texts := []string{"select $1::text", "select 1 as one", "select 2 as two"}
	want(t, recorded(t, r.dir), texts...)
}

func use(t *testing.T, db *sql.DB) {
	t.Helper()
	ctx := t.Context()
	if err := db.PingContext(ctx); err != nil {
		t.Fatal(err)
	}
	var text string
	if err := db.QueryRowContext(ctx, "select $1::text", "secret").Scan(&text); err != nil || text != "secret" {
		t.Fatal(text, err)
	}
	stmt, err := db.PrepareContext(ctx, "select 1 as one")
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	if _, err := stmt.ExecContext(ctx); err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "select 2 as two"); err != nil {
		t.Fatal(err)
	}
}

// A driver that has no more than it must, as old ones have.
type plainDriver struct{}

func (plainDriver) Open(string) (driver.Conn, error) { return plainConn{}, nil }

type plainConn struct{}

func (plainConn) Prepare(string) (driver.Stmt, error) { return plainStmt{}, nil }
func (plainConn) Close() error                        { return nil }
func (plainConn) Begin() (driver.Tx, error)           { return plainTx{}, nil }

type plainTx struct{}

func (plainTx) Commit() error   { return nil }
func (plainTx) Rollback() error { return nil }

type plainStmt struct{}

func (plainStmt) Close() error                               { return nil }
func (plainStmt) NumInput() int                              { return -1 }
func (plainStmt) Exec([]driver.Value) (driver.Result, error) { return driver.RowsAffected(1), nil }
func (plainStmt) Query([]driver.Value) (driver.Rows, error)  { return nil, errors.New("no rows") }

func TestRecordPlainDriver(t *testing.T) {
	t.Parallel()
	sql.Register("testpool plain", plainDriver{})
	r := newRecorder(t.TempDir())
	db, err := sql.Open(r.driver("testpool plain"), "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec("delete from notes where id = ?", 7); err != nil {
		t.Fatal(err)
	}
	if _, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true}); err == nil {
		t.Error("options of a transaction are ignored")
	}
	want(t, recorded(t, r.dir), "delete from notes where id = ?")
}

// Without the variable nothing is wrapped.
func TestRecordIsOff(t *testing.T) {
	t.Parallel()
	if os.Getenv(recordEnv) != "" {
		t.Skip("statements are recorded")
	}
	if _, wrapped := Record(stdlib.GetConnector(pgx.ConnConfig{})).(recordedConnector); wrapped || RecordDriver("pgx") != "pgx" {
		t.Error("something is wrapped")
	}
	ctx := Tracer().TraceQueryStart(t.Context(), nil, pgx.TraceQueryStartData{SQL: "select 1"})
	if ctx != t.Context() {
		t.Error("the context is another one")
	}
}

func TestRecordBounds(t *testing.T) {
	t.Parallel()
	r := newRecorder(t.TempDir())
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 2 * maxPerPlace {
				r.record(fmt.Sprintf("select %d from worker%d", i, worker))
			}
			r.record("select " + strings.Repeat("x", maxStatement))
			r.record("commit")
		})
	}
	group.Wait()
	if got := len(recorded(t, r.dir)); got != maxPerPlace {
		t.Errorf("%d statements of one place", got)
	}
	for i := range maxRecorded/maxStatement + 1 {
		atSomePlace(i%maxCalls, func() { r.record(fmt.Sprint("select ", i, strings.Repeat(" ", maxStatement-20))) })
	}
	all := recorded(t, r.dir)
	if last := all[len(all)-1]; !last.Cut {
		t.Errorf("the last line is of %d bytes", len(last.SQL))
	}
}

// atSomePlace calls a function at one of several depths.
func atSomePlace(depth int, f func()) {
	if depth > 0 {
		atSomePlace(depth-1, f)
		return
	}
	f()
}

// The tests of subtests are told apart as far as they use the pool.
func TestRecordSubtest(t *testing.T) {
	t.Parallel()
	r := newRecorder(t.TempDir())
	t.Run("one", func(t *testing.T) {
		active.add(t)
		r.record("select 1 from notes")
		if got := recorded(t, r.dir); len(got) != 1 || got[0].Test != "TestRecordSubtest/one" {
			t.Errorf("%+v", got)
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	r := newRecorder(b.TempDir())
	for b.Loop() {
		r.record("select id, number, total from invoices where tenant_id = $1 and id = $2")
	}
}

// What recording costs beside a query to a server on the same machine.
func BenchmarkQuery(b *testing.B) {
	for name, r := range map[string]*recorder{"off": nil, "on": newRecorder(b.TempDir())} {
		b.Run(name, func(b *testing.B) {
			config := Get(b).Config().ConnConfig.Copy()
			config.Tracer = nil
			if r != nil {
				config.Tracer = statementTracer{r}
			}
			conn, err := pgx.ConnectConfig(b.Context(), config)
			if err != nil {
				b.Fatal(err)
			}
			defer conn.Close(b.Context())
			for b.Loop() {
				if _, err := conn.Exec(b.Context(), "select $1::int", 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
