package testpool

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// counted is a Migrator that notes which databases it has migrated, beside that of the process's pool.
type counted struct {
	hash     string
	migrated *names
	fails    error
}

type names struct {
	mu  sync.Mutex
	all []string
}

func (n *names) add(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, name)
}

func (m counted) Hash() (string, error) { return m.hash, nil }

func (m counted) Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	if !isDraft(pool) {
		return nil
	}
	m.migrated.add(pool.Config().ConnConfig.Database)
	if _, err := pool.Exec(ctx, "create table orders (id int)"); err != nil {
		return err
	}
	return m.fails
}

func isDraft(pool *pgxpool.Pool) bool {
	return strings.HasPrefix(pool.Config().ConnConfig.Database, privatePrefix+"testpool_template_"+run)
}

// newCounted returns migrations that no other test has.
func newCounted(t *testing.T) counted { return counted{hash: Slug(t), migrated: new(names)} }

// mustBeGone checks that nothing is left of the databases that became no template.
func (m counted) mustBeGone(t *testing.T) {
	t.Helper()
	for _, name := range m.migrated.all {
		if left := databases(t, name); len(left) > 0 {
			t.Errorf("left: %s", left)
		}
	}
}

// templateOf returns the name of a process's template, which is dropped after the test.
func templateOf(t *testing.T, s *shared) string {
	t.Helper()
	template, err := s.template(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn := connect(t, serverURL(t))
	t.Cleanup(func() {
		for _, statement := range []string{
			"alter database " + quoteName(template.name) + " with is_template false",
			"drop database " + quoteName(template.name) + " with (force)",
		} {
			if _, err := conn.Exec(context.Background(), statement); err != nil {
				t.Error(err)
			}
		}
	})
	return template.name
}

func databases(t *testing.T, pattern string) (names []string) {
	t.Helper()
	rows, err := connect(t, serverURL(t)).Query(t.Context(), "select datname from pg_database where datname like $1 order by 1", pattern)
	if err != nil {
		t.Fatal(err)
	}
	names, err = pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// withDatabases runs a test that asks for databases one after the other, and hands each to use.
func withDatabases(s *shared, name string, n int, use func(f testing.TB, pool *pgxpool.Pool)) *fakeT {
	return (&fakeT{name: name}).run(func(f testing.TB) {
		for range n {
			use(f, s.private(f, database, nil))
		}
	})
}

const insertOrder = "with new as (insert into orders values (1)) select count(*) from orders"

func mustInsert(f testing.TB, pool *pgxpool.Pool) {
	var orders int
	err := pool.QueryRow(context.Background(), insertOrder).Scan(&orders)
	if err != nil || orders != 0 {
		f.Errorf("%d orders: %v", orders, err)
	}
}

// Processes that start at once, and later ones, make one template of equal migrations.
func TestTemplateIsMadeOnce(t *testing.T) {
	t.Parallel()
	m := newCounted(t)
	var group sync.WaitGroup
	var last *shared
	for range 3 {
		s := newShared(t, Migrations(m), MaxConns(2)).open(t, nil)
		last = s
		group.Go(func() {
			if f := withDatabases(s, "TestTemplated", 2, mustInsert); f.text() != "" {
				t.Error(f.text())
			}
		})
	}
	group.Wait()
	templateOf(t, last)
	if got := len(m.migrated.all); got != 1 {
		t.Errorf("%d databases were migrated, want 1", got)
	}
	if left := placesOf(t, "templated", 0); left != 0 {
		t.Errorf("%d databases are left", left)
	}
}

// A template that is left by migrations that fail is none.
func TestTemplateOfFailedMigrations(t *testing.T) {
	t.Parallel()
	m := newCounted(t)
	m.fails = errors.New("0002_totals.sql: no such column")
	s := newShared(t, Migrations(m)).open(t, nil)
	for range 2 {
		f := withDatabases(s, "TestFailing", 1, mustInsert)
		mustContain(t, f.text(), "testpool: create a private database: migrate: 0002_totals.sql: no such column")
	}
	if got := len(m.migrated.all); got != 1 {
		t.Errorf("migrated %d times, want once", got)
	}
	m.fails = nil
	again := newShared(t, Migrations(m)).open(t, nil)
	if f := withDatabases(again, "TestMended", 1, mustInsert); f.text() != "" {
		t.Error(f.text())
	}
	templateOf(t, again)
	m.mustBeGone(t)
}

func TestTemplateOfMigrationsThatKeepAConnection(t *testing.T) {
	t.Parallel()
	s := newShared(t, Migrations(keeping{newCounted(t)})).open(t, nil)
	f := withDatabases(s, "TestKept", 1, mustInsert)
	mustContain(t, f.text(), "a connection of the migrations is left: ", "taken at template_test.go:")
}

// Migrations that end their test fail those after it, which must not get an empty database.
func TestTemplateOfMigrationsThatEndTheTest(t *testing.T) {
	t.Parallel()
	m := ending{newCounted(t)}
	s := newShared(t, Migrations(m)).open(t, nil)
	withDatabases(s, "TestEnded", 1, mustInsert)
	f := withDatabases(s, "TestAfterEnded", 1, mustInsert)
	mustContain(t, f.text(), "testpool: create a private database: the migrations have ended the test that ran them")
	m.mustBeGone(t)
}

type ending struct{ counted }

func (m ending) Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	if isDraft(pool) {
		m.migrated.add(pool.Config().ConnConfig.Database)
		runtime.Goexit()
	}
	return nil
}

type keeping struct{ counted }

func (m keeping) Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	if isDraft(pool) {
		//poollint:ignore missingcleanup -- the test is about what is left
		if _, err := pool.Acquire(ctx); err != nil {
			return err
		}
	}
	return m.counted.Migrate(ctx, pool)
}

// The child that TestTemplateOfAKilledProcess kills while it migrates.
func TestMigrationsOfAChild(t *testing.T) {
	hash := os.Getenv(childEnv + "_HASH")
	if hash == "" {
		t.Skip("the parent starts it")
	}
	s := newShared(t, Migrations(hanging{counted{hash: hash, migrated: new(names)}}), URL(os.Getenv(childEnv))).open(t, nil)
	s.private(t, database, nil)
}

type hanging struct{ counted }

func (m hanging) Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	if !isDraft(pool) {
		return nil
	}
	if err := m.counted.Migrate(ctx, pool); err != nil {
		return err
	}
	os.Stdout.WriteString("ready\n")
	select {}
}

func TestTemplateOfAKilledProcess(t *testing.T) {
	t.Parallel()
	m := newCounted(t)
	child := exec.Command(os.Args[0], "-test.run=^TestMigrationsOfAChild$")
	child.Env = append(os.Environ(), childEnv+"="+serverURL(t), childEnv+"_HASH="+m.hash, "PGAPPNAME=")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(child) })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the child says %q: %v", line, err)
	}
	conn := connect(t, serverURL(t))
	drafts := placesOfChild(t, conn, child)
	if len(drafts) != 1 {
		t.Fatalf("the child has made %s, want a draft", drafts)
	}
	kill(child)
	s := newShared(t, Migrations(m)).open(t, nil)
	if f := withDatabases(s, "TestAfterAKill", 1, mustInsert); f.text() != "" {
		t.Error(f.text())
	}
	if name := templateOf(t, s); name == drafts[0] {
		t.Errorf("%s is the template of a process that was killed", name)
	}
	for deadline := time.Now().Add(10 * time.Second); len(placesOfChild(t, conn, child)) > 0 && time.Now().Before(deadline); {
		sweepNow(t)
	}
	if left := placesOfChild(t, conn, child); machine() != "" && len(left) != 0 {
		t.Errorf("left of the killed process: %s", left)
	}
}

func TestOldTemplates(t *testing.T) {
	t.Parallel()
	conn := connect(t, serverURL(t))
	daysAgo := func(days int) string {
		return templateComment + time.Now().UTC().AddDate(0, 0, -days).Format(time.DateOnly)
	}
	run := strings.ReplaceAll(Slug(t), "-", "_")
	for name, comment := range map[string]string{
		"old":   daysAgo(15),
		"young": daysAgo(13),
		"other": "of somebody",
	} {
		name = templatePrefix + run[len(run)-20:] + name
		for _, statement := range []string{
			"create database " + name + " is_template true",
			"comment on database " + name + " is '" + comment + "'",
		} {
			if _, err := conn.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	s := newShared(t, Migrations(newCounted(t))).open(t, nil)
	name := templateOf(t, s)
	left := databases(t, templatePrefix+run[len(run)-20:]+"%")
	if got := fmt.Sprint(left); strings.Contains(got, "old") || !strings.Contains(got, "young") || !strings.Contains(got, "other") {
		t.Errorf("left: %s", left)
	}
	for _, name := range left {
		for _, statement := range []string{"alter database " + name + " is_template false", "drop database " + name} {
			if _, err := conn.Exec(t.Context(), statement); err != nil {
				t.Error(err)
			}
		}
	}

	// One that was left while it was being dropped is made anew.
	if _, err := conn.Exec(t.Context(), "alter database "+name+" is_template false"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.template(t.Context()); err != nil {
		t.Fatal(err)
	}

	// A later run notes that it uses the template.
	if _, err := conn.Exec(t.Context(), "comment on database "+name+" is '"+daysAgo(3)+"'"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.template(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, day, err := s.findTemplate(t.Context(), name); err != nil || day != today() {
		t.Errorf("used on %q, want %s: %v", day, today(), err)
	}
}

// Where Main waits, the third database was made before it was asked for, and nothing is left in the end.
func TestDatabasesAreMadeAhead(t *testing.T) {
	t.Parallel()
	s := newShared(t, Migrations(newCounted(t))).open(t, nil)
	s.stock.start()
	f := withDatabases(s, "TestFirst", 2, mustInsert)
	if s.stock.ahead == nil {
		t.Fatal("none is made ahead: ", f.text())
	}
	ahead := <-s.stock.ahead
	s.stock.ahead <- ahead
	if ahead.err != nil {
		t.Fatal(ahead.err)
	}
	third := withDatabases(s, "TestThird", 1, func(f testing.TB, pool *pgxpool.Pool) {
		mustInsert(f, pool)
		if len(databases(t, ahead.name)) != 0 {
			f.Errorf("%s is not used", ahead.name)
		}
	})
	if text := f.text() + third.text(); text != "" {
		t.Error(text)
	}
	templateOf(t, s)
	next := <-s.stock.ahead
	s.stock.ahead <- next
	if err := s.stock.close(s.dropDatabase); err != nil {
		t.Error(err)
	}
	for _, pattern := range []string{`testpool\_testpool\_first\_%`, `testpool\_testpool\_third\_%`, next.name} {
		if left := databases(t, pattern); len(left) != 0 {
			t.Errorf("left: %s", left)
		}
	}
}

// A turn is one of a database: two processes of a server may make a template at once.
func TestTemplateOfTwoDatabases(t *testing.T) {
	t.Parallel()
	m := newCounted(t)
	var group sync.WaitGroup
	var last *shared
	for range 2 {
		url := strings.Replace(serverURL(t), "/postgres?", "/"+currentPlace(t, Database(t).QueryRow, "current_database()")+"?", 1)
		s := newShared(t, Migrations(slow{m}), URL(url)).open(t, nil)
		last = s
		group.Go(func() {
			if f := withDatabases(s, "TestOfTwo", 1, mustInsert); f.text() != "" {
				t.Error(f.text())
			}
		})
	}
	group.Wait()
	templateOf(t, last)
	m.mustBeGone(t)
}

// slow migrations let another process begin the same.
type slow struct{ counted }

func (m slow) Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	if isDraft(pool) {
		time.Sleep(300 * time.Millisecond)
	}
	return m.counted.Migrate(ctx, pool)
}

// What could not be dropped while tests had all connections is dropped in the end.
func TestDatabasesAreDroppedInTheEnd(t *testing.T) {
	t.Parallel()
	s := newShared(t, MaxConns(1), MaxWait(300*time.Millisecond)).open(t, nil)
	s.stock.start()
	name := placeName("late")
	if err := s.createNoted(t.Context(), template{}, name, t.Name()); err != nil {
		t.Fatal(err)
	}
	conn, err := s.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.dropDatabase(name); err != nil {
		t.Error(err)
	}
	time.Sleep(time.Second) // longer than a drop waits
	conn.Release()
	if err := s.stock.close(s.dropDatabase); err != nil {
		t.Error(err)
	}
	if left := databases(t, name); len(left) != 0 {
		t.Errorf("left: %s", left)
	}
}

func TestSetupRunsOnEachCopy(t *testing.T) {
	t.Parallel()
	seed := func(ctx context.Context, pool *pgxpool.Pool) error {
		if pool.Config().ConnConfig.Database == "postgres" {
			return nil
		}
		_, err := pool.Exec(ctx, "insert into orders values (7)")
		return err
	}
	s := newShared(t, Migrations(newCounted(t)), Setup(seed)).open(t, nil)
	f := withDatabases(s, "TestSeeded", 2, func(f testing.TB, pool *pgxpool.Pool) {
		var orders int
		if err := pool.QueryRow(t.Context(), "select count(*) from orders").Scan(&orders); err != nil || orders != 1 {
			f.Errorf("%d orders: %v", orders, err)
		}
	})
	templateOf(t, s)
	if f.text() != "" {
		t.Error(f.text())
	}
}
