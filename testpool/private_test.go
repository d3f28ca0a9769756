package testpool

import (
	"context"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// placesOf counts the private schemas and databases that a test has left, once they are as many as
// are to stay, or those that are dropped behind it may be gone.
func placesOf(t *testing.T, name string, stay int) (places int) {
	t.Helper()
	conn := connect(t, serverURL(t))
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := conn.QueryRow(t.Context(), `
			select count(*) from (select nspname from pg_namespace union all select datname from pg_database) as place (name)
			where name like $1`, "testpool\\_testpool\\_"+name+"\\_%").Scan(&places)
		if err != nil {
			t.Fatal(err)
		}
		if places == stay || time.Now().After(deadline) {
			return places
		}
	}
}

func TestPrivatePlaces(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB, ...Option) *pgxpool.Pool{"Schema": Schema, "Database": Database} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			serverURL(t)
			own := "private" + name
			var comment string
			f := (&fakeT{name: own}).run(func(f testing.TB) {
				first, second := open(f), open(f)
				for _, pool := range []*pgxpool.Pool{first, second} {
					if _, err := pool.Exec(t.Context(), "create table orders (id int)"); err != nil {
						f.Fatal(err)
					}
				}
				if _, err := first.Exec(t.Context(), "drop table orders"); err != nil {
					f.Fatal(err)
				}
				if _, err := second.Exec(t.Context(), "insert into orders values (1)"); err != nil {
					f.Fatal(err)
				}
				if got := second.Config().MaxConns; got != 2 {
					f.Errorf("a private pool of %d connections, want 2", got)
				}
				err := first.QueryRow(t.Context(), `select coalesce(obj_description(to_regnamespace(current_schema())::oid, 'pg_namespace'), '')
					|| coalesce(shobj_description((select oid from pg_database where datname = current_database()), 'pg_database'), '')`).Scan(&comment)
				if err != nil {
					f.Fatal(err)
				}
			})
			if f.text() != "" {
				t.Error(f.text())
			}
			mustContain(t, comment, "made by "+own+" (")
			if left := placesOf(t, "private_"+map[string]string{"Schema": "schema", "Database": "database"}[name], 0); left != 0 {
				t.Errorf("%d are left", left)
			}
		})
	}
}

func TestPrivatePlaceWithAConnectionLeft(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB, ...Option) *pgxpool.Pool{"schema": Schema, "database": Database} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			serverURL(t)
			f := (&fakeT{name: "kept_" + name}).run(func(f testing.TB) {
				//poollint:ignore missingcleanup -- the test is about what is left
				tx, err := open(f).Begin(context.Background())
				if err != nil {
					f.Fatal(err)
				}
				if _, err := tx.Exec(t.Context(), "create table orders (id int)"); err != nil {
					f.Fatal(err)
				}
			})
			mustContain(t, f.text(), "a connection of the private "+name+" is left: ", "in a transaction, last query: create table orders")
			if len(f.errors) != 1 {
				t.Errorf("more than one report: %s", f.text())
			}
			if left := placesOf(t, "kept_"+name, 0); left != 0 {
				t.Errorf("%d are left", left)
			}
		})
	}
}

// currentPlace asks a private pool where it is.
func currentPlace(t *testing.T, queryRow func(ctx context.Context, sql string, args ...any) pgx.Row, expression string) (name string) {
	t.Helper()
	if err := queryRow(t.Context(), "select "+expression).Scan(&name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestPlaceOfAFailedTestIsKept(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fails, keeps bool
	}{"fails": {true, true}, "passes": {false, true}, "fails_unkept": {true, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var options []Option
			if test.keeps {
				options = []Option{KeepFailed()}
			}
			s := newShared(t, options...)
			for _, kind := range []kind{schema, database} {
				f := (&fakeT{name: "keep_" + name}).run(func(f testing.TB) {
					pool := s.private(f, kind, nil)
					if _, err := pool.Exec(t.Context(), "create table evidence (id int)"); err != nil {
						f.Fatal(err)
					}
					if test.fails {
						f.Error("as it must")
					}
				})
				stay := 0
				if test.fails && test.keeps {
					stay = 1
				}
				if left := placesOf(t, "keep_"+name, stay); left != stay {
					t.Errorf("%s: %d are left\n%s", kind.noun, left, f.logs)
				}
				if test.fails && test.keeps {
					lookInto(t, s.pool, kind, strings.Join(f.logs, "\n"))
				}
			}
		})
	}
}

// lookInto runs the command that the log gives, and drops the place, which a sweep has left alone.
func lookInto(t *testing.T, pool *pgxpool.Pool, kind kind, log string) {
	t.Helper()
	if f := sweepNow(t); f.text() != "" || len(f.logs) > 0 {
		t.Error(f.text(), f.logs)
	}
	mustContain(t, log, "testpool: the "+kind.noun+" of the failed test is kept until ")
	command := log[strings.Index(log, "psql "):]
	name := regexp.MustCompile(`testpool_\w+`).FindString(command)
	if _, err := exec.LookPath("psql"); err == nil {
		if out, err := exec.Command("sh", "-c", command+" -c 'table evidence'").CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
	}
	if err := execCleanup(pool, "drop "+kind.noun+" "+name+map[string]string{"schema": " cascade"}[kind.noun]); err != nil {
		t.Error(err)
	}
}
