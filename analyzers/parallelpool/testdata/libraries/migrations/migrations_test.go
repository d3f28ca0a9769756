package migrations

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/database/postgres"
)

const source = "file://migrations"

var db *sql.DB

func TestMain(m *testing.M) {
	db, _ = sql.Open("pgx", os.Getenv("DSN"))
	os.Exit(m.Run())
}

func dsn() string {
	if s := os.Getenv("DSN"); s != "" {
		return s
	}
	return "postgres://localhost/test"
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	m, _ := migrate.New(source, os.Getenv("DSN")+"&x-multi-statement=true")
	_ = m.Up() // want `TestEnvironment migrates the shared database`
}

func TestFunction(t *testing.T) {
	t.Parallel()
	m, _ := migrate.New(source, strings.Replace(dsn(), "postgres", "pgx5", 1))
	_ = m.Up() // want `TestFunction migrates the shared database`
}

func TestInstance(t *testing.T) {
	t.Parallel()
	driver, _ := postgres.WithInstance(db, &postgres.Config{})
	m, _ := migrate.NewWithDatabaseInstance(source, "postgres", driver)
	_ = m.Down() // want `TestInstance migrates the shared database`
}

// migrator is given the DSN by its callers.
func migrator(dsn string) *migrate.Migrate {
	m, err := migrate.New(source, dsn)
	if err != nil {
		return nil
	}
	return m
}

func TestGiven(t *testing.T) {
	t.Parallel()
	_ = migrator(dsn()).Up() // want `TestGiven migrates the shared database`
}

// What may be one test's.
func schema(t *testing.T, admin *sql.DB) string { return strings.ToLower(t.Name()) }

func TestSchema(t *testing.T) {
	t.Parallel()
	name := schema(t, db)
	driver, _ := postgres.WithInstance(db, &postgres.Config{SchemaName: name})
	m, _ := migrate.NewWithDatabaseInstance(source, "postgres", driver)
	_ = m.Up()
}

func database(t *testing.T, admin string) string {
	return fmt.Sprintf("postgres://localhost/%s", strings.ToLower(t.Name()))
}

func TestDatabase(t *testing.T) {
	t.Parallel()
	m, _ := migrate.New(source, database(t, os.Getenv("DSN")))
	_ = m.Up()
}

func TestFormatted(t *testing.T) {
	t.Parallel()
	m, _ := migrate.New(source, fmt.Sprintf("%s?search_path=%s", dsn(), t.Name()))
	_ = m.Up()
}

// factory makes a migrator of any driver.
type factory struct {
	open func(source, name string, driver any) (*migrate.Migrate, error)
}

func TestFactory(t *testing.T) {
	t.Parallel()
	driver, _ := postgres.WithInstance(db, &postgres.Config{})
	m, _ := factory{migrate.NewWithDatabaseInstance}.open(source, "postgres", driver)
	_ = m.Up()
}
