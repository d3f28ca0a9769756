package testpool

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/poollint/poollint/testpool/internal/pgtest"
)

// Two sessions of the server for three connections: statements that one has prepared the other does not know.
func TestThroughPooler(t *testing.T) {
	t.Parallel()
	url := pgtest.StartPgBouncer(t, setupDatabase(t), "default_pool_size=2")
	s := newShared(t, URL(url), Setup(nothing))
	f := (&fakeT{name: "TestPooled"}).run(func(f testing.TB) {
		s.open(f, nil)
		var group sync.WaitGroup
		for worker := range 3 {
			group.Go(func() {
				for n := range 20 {
					var got int
					query := fmt.Sprintf("select $1::int + %d", worker)
					if err := s.pool.QueryRow(t.Context(), query, n).Scan(&got); err != nil {
						f.Error(err)
					}
					if err := s.handle(f).QueryRow(query, n).Scan(&got); err != nil {
						f.Error(err)
					}
				}
			})
		}
		group.Wait()
		if name := currentPlace(t, s.pool.QueryRow, "current_setting('application_name')"); name != appName() {
			f.Errorf("the server's session is named %q, want %q", name, appName())
		}
		if place := currentPlace(t, s.private(f, database, nil).QueryRow, "current_database()"); place == "" {
			f.Error("no private database")
		}
	})
	if f.text() != "" {
		t.Error(f.text())
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}

func TestPoolerThatKnowsPreparedStatements(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]pgx.QueryExecMode{
		"": pgx.QueryExecModeCacheDescribe,
		"&default_query_exec_mode=cache_statement": pgx.QueryExecModeCacheStatement,
		"&default_query_exec_mode=exec":            pgx.QueryExecModeExec,
	} {
		s := settings{limits: limits{url: "postgres://localhost/shop?sslmode=disable" + query}, pooled: true}
		config, err := s.poolConfig(1)
		if err != nil {
			t.Fatal(err)
		}
		if got := config.ConnConfig.DefaultQueryExecMode; got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
}

func TestPrivateBehindPoolerSaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	server := setupDatabase(t)
	for name, test := range map[string]struct {
		kind    kind
		setting string
		want    string
	}{
		"refuses":     {schema, "", "a private schema behind a pooler: it has to hand search_path on"},
		"drops":       {schema, "ignore_startup_parameters=search_path", "a private schema behind a pooler: it has to hand search_path on"},
		"one_for_all": {database, "", "a private database behind a pooler: it has to know databases by their own names"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := pgtest.StartPgBouncer(t, server, test.setting)
			if name == "one_for_all" {
				// Whatever the database's name, sessions are of one.
				url = pgtest.StartPgBouncer(t, server, "[databases]", "* = host=127.0.0.1 port="+portOf(t, server)+" dbname="+nameOf(t, server))
			}
			s := newShared(t, URL(url))
			f := (&fakeT{name: "pooled_" + name}).run(func(f testing.TB) { s.private(f, test.kind, nil) })
			mustContain(t, f.text(), test.want)
			if len(f.errors) != 1 {
				t.Errorf("more than one report: %s", f.text())
			}
			if left := placesOf(t, "pooled_"+name, 0); left != 0 {
				t.Errorf("%d are left", left)
			}
		})
	}
}

// A pooler keeps sessions in the databases that it has seen: of the one that becomes the template, of
// those that are copied ahead, and of those that are dropped.
func TestTemplateThroughPooler(t *testing.T) {
	t.Parallel()
	url := pgtest.StartPgBouncer(t, serverURL(t), "default_pool_size=2")
	m := newCounted(t)
	var last *shared
	for process := range 2 {
		s := newShared(t, URL(url), Migrations(m), MaxConns(2)).open(t, nil)
		last = s
		s.stock.start()
		f := withDatabases(s, "TestPooledTemplate", 4, mustInsert)
		if err := s.stock.close(s.dropDatabase); f.text() != "" || err != nil {
			t.Errorf("process %d: %s %v", process, f.text(), err)
		}
	}
	templateOf(t, last)
	if got := len(m.migrated.all); got != 1 {
		t.Errorf("%d databases were migrated, want 1", got)
	}
	if left := placesOf(t, "pooled_template", 0); left != 0 {
		t.Errorf("%d databases are left", left)
	}
}

func portOf(t *testing.T, url string) string {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(config.Port)
}

func nameOf(t *testing.T, url string) string {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return config.Database
}

// Behind a pooler the session outlives a process that ends in the middle of Setup; the turn does not.
func TestTurnEndsWithTheProcessBehindPooler(t *testing.T) {
	t.Parallel()
	url := pgtest.StartPgBouncer(t, setupDatabase(t))
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	first, err := takeTurn(t.Context(), config, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := takeTurn(t.Context(), config, 300*time.Millisecond); err == nil {
		t.Fatal("two have the turn")
	} else {
		mustContain(t, err.Error(), "no turn after 300ms: pid ")
	}
	if err := first.conn.PgConn().Conn().Close(); err != nil { // as the kernel does it for a killed process
		t.Fatal(err)
	}
	second, err := takeTurn(t.Context(), config, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	second.keep(context.Background(), func(err error) { t.Error(err) })
	if err := second.end(); err != nil {
		t.Error(err)
	}
}
