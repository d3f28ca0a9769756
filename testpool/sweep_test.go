package testpool

import (
	"bufio"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// childEnv makes TestPlacesOfAChild the test of a child process, on the server of this address.
const childEnv = "TESTPOOL_TEST_CHILD"

// TestPlacesOfAChild makes a schema and a database, and waits to be killed.
func TestPlacesOfAChild(t *testing.T) {
	if os.Getenv(childEnv) == "" {
		t.Skip("the parent starts it")
	}
	Schema(t)
	Database(t)
	os.Stdout.WriteString("ready\n")
	select {}
}

// startChild starts a test process that has made private places.
func startChild(t *testing.T) *exec.Cmd {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestPlacesOfAChild$")
	child.Env = append(os.Environ(), childEnv+"="+serverURL(t), "PGAPPNAME=")
	child.Stderr = os.Stderr
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
	return child
}

func kill(child *exec.Cmd) {
	_ = child.Process.Kill()
	_ = child.Wait()
}

// placesOfChild lists what a child has left.
func placesOfChild(t *testing.T, conn *pgx.Conn, child *exec.Cmd) (names []string) {
	t.Helper()
	rows, err := conn.Query(t.Context(), `
		select name from (
			select nspname, obj_description(oid, 'pg_namespace') from pg_namespace
			union all
			select datname, shobj_description(oid, 'pg_database') from pg_database) as place (name, comment)
		where strpos(comment, format(', process %s of ', $1::int)) > 0`, child.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	names, err = pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func sweepNow(t *testing.T) *fakeT {
	t.Helper()
	pool := Get(t)
	return (&fakeT{name: "TestSweep"}).run(func(f testing.TB) {
		if err := sweep(f, pool, time.Now().Add(time.Minute)); err != nil {
			f.Fatal(err)
		}
	})
}

func TestSweepDropsWhatAKilledRunHasLeft(t *testing.T) {
	t.Parallel()
	if machine() == "" {
		t.Skip("processes cannot be told here")
	}
	conn := connect(t, serverURL(t))
	child, living := startChild(t), startChild(t)
	if err := living.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	kill(child)
	// The next run that makes a place drops them. The server may notice a little later that the sessions have ended.
	for runs := 0; len(placesOfChild(t, conn, child)) > 0 && runs < 5; runs++ {
		startChild(t)
	}
	if left := placesOfChild(t, conn, child); len(left) != 0 {
		t.Errorf("left of the killed process: %s", left)
	}
	if left := placesOfChild(t, conn, living); len(left) != 2 {
		t.Errorf("of the process that a debugger has stopped there is %s, want a schema and a database", left)
	}
}

// A session in a place, its owner's or a person's, keeps it, whatever the comment says.
func TestSweepLeavesWhatIsInUse(t *testing.T) {
	t.Parallel()
	serverURL(t)
	conn := connect(t, serverURL(t))
	old := owner{verb: made, test: "TestOld", app: "old.test 1", at: time.Now().Add(-killedAfter - time.Hour), pid: 1, machine: "elsewhere"}
	schemaName, databaseName := currentPlace(t, Schema(t).QueryRow, "current_schema()"), currentPlace(t, Database(t).QueryRow, "current_database()")
	for _, statement := range []string{
		"comment on schema " + schemaName + " is " + quoteLiteral(old.String()),
		"comment on database " + databaseName + " is " + quoteLiteral(old.String()),
		"create schema testpool_left_long_ago", "comment on schema testpool_left_long_ago is " + quoteLiteral(old.String()),
		"create schema testpool_of_somebody", "comment on schema testpool_of_somebody is 'do not touch'",
	} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if f := sweepNow(t); f.text() != "" || len(f.logs) > 0 {
		t.Error(f.text(), f.logs)
	}
	var left []string
	err := conn.QueryRow(t.Context(), `
		select array_agg(name::text order by name::text collate "C") from (select nspname from pg_namespace union all select datname from pg_database) as place (name)
		where name = any ($1)`, []string{schemaName, databaseName, "testpool_left_long_ago", "testpool_of_somebody"}).Scan(&left)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"testpool_of_somebody", databaseName, schemaName}
	slices.Sort(want)
	if !slices.Equal(left, want) {
		t.Errorf("left: %s\nwant: %s", left, want)
	}
}
