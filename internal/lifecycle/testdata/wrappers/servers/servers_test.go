package servers

import (
	"database/sql"
	"fmt"
	"os"
	"testing"

	"example.org/library/compose"
	"example.org/library/container"
	"example.org/library/made"

	"example.com/wrappers/fixture"
)

func dsn(port int) string { return fmt.Sprintf("postgres://localhost:%d/shop", port) }

func TestStack(t *testing.T) { // want TestStack:"privately"
	s := compose.New("compose.yml")
	if err := s.Up(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Down() })
	sql.Open("postgres", dsn(s.Port("postgres", 5432))) // want site:"^private " server:"started"
}

func TestGiven(t *testing.T) { // want TestGiven:"privately"
	sql.Open("postgres", dsn(compose.Of(t, "compose.yml").Port("postgres", 5432))) // want site:"^private " server:"started"
}

func TestServer(t *testing.T) { // want TestServer:"privately"
	s := container.NewServer()
	s.Start()
	defer s.Close()
	url, _ := s.Endpoint()
	sql.Open("postgres", url)   // want site:"^private " server:"started"
	sql.Open("postgres", s.URL) // want site:"^private " server:"started"
}

func TestLease(t *testing.T) { // want TestLease:"privately"
	sql.Open("postgres", container.Get(t).ConnectionString()) // want site:"^private "
}

func TestTexts(t *testing.T) { // want TestTexts:"privately"
	sql.Open("postgres", container.StartPostgres(t)) // want site:"^private " server:"started"
	url, stop := container.Open()
	defer stop()
	sql.Open("postgres", url) // want site:"^private " server:"started"
}

// An environment is a fixture that holds what it started.
type environment struct {
	stack *compose.Stack
	url   string
}

func start(t *testing.T) *environment {
	e := &environment{stack: compose.New("compose.yml")}
	if err := e.stack.Up(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.stack.Down() })
	e.url = dsn(e.stack.Port("postgres", 5432))
	return e
}

func (e *environment) open() *sql.DB { // want open:"privately"
	db, _ := sql.Open("postgres", dsn(e.stack.Port("postgres", 5432))) // want site:"^private " server:"started"
	return db
}

func TestEnvironment(t *testing.T) { // want TestEnvironment:"privately"
	e := start(t)
	e.open()
	sql.Open("postgres", e.url) // want site:"^private " server:"started"
}

func run() (dsn string, stop func()) {
	s := container.NewServer()
	s.Start()
	dsn, _ = s.Endpoint()
	return dsn, func() { s.Close() }
}

func TestRun(t *testing.T) { // want TestRun:"privately"
	dsn, stop := run()
	t.Cleanup(stop)
	sql.Open("postgres", dsn) // want site:"^private " server:"started"
}

var (
	shared    *compose.Stack
	sharedURL string
	leased    *container.Server
)

func TestMain(m *testing.M) {
	shared = compose.New("compose.yml")
	shared.Up()
	sharedURL = dsn(shared.Port("postgres", 5432))
	leased = container.NewServer()
	code := m.Run()
	shared.Down()
	os.Exit(code)
}

// What the process shares is no test's own; a database made on it is.
func TestShared(t *testing.T) { // want TestShared:"."
	sql.Open("postgres", dsn(shared.Port("postgres", 5432))) // want site:"^per test " server:"started"
	sql.Open("postgres", sharedURL)                          // want site:"^per test " server:"started"
	sql.Open("postgres", leased.NewDatabase(t))              // want site:"^private " server:"started"
}

// These start nothing.
func TestOthers(t *testing.T) { // want TestOthers:"."
	sql.Open("postgres", container.NewClient(os.Getenv("URL")).URL()) // want site:"^per test "
	sql.Open("postgres", container.EnvOrSkip(t, "DSN"))               // want site:"^per test "
}

func TestMade(t *testing.T) { // want TestMade:"privately"
	db := made.Postgres(t)
	defer db.Close()
	sql.Open("postgres", db.DSN) // want site:"^private "
}

func TestHandedOn(t *testing.T) { // want TestHandedOn:"privately"
	db := fixture.Open(t)
	defer db.Close()
	sql.Open("postgres", db.DSN) // want site:"^private "
}

func TestConfigured(t *testing.T) { // want TestConfigured:"."
	sql.Open("postgres", made.Configured(t).DSN) // want site:"^per test "
}

func TestSocket(t *testing.T) { // want TestSocket:"privately"
	d, err := container.StartDaemon()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Term()
	sql.Open("postgres", "host="+d.Socket()) // want site:"^private " server:"started"
}
