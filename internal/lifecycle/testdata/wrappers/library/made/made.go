// Package made stands in for a library that makes a database for a test.
package made

import (
	"database/sql"
	"testing"
)

// A DB tells where it is by a field.
type DB struct {
	Dialect, DSN string
}

func Postgres(t testing.TB) *DB { return &DB{} }
func (*DB) Open() *sql.DB       { return nil }
func (*DB) Close()              {}

// A Config is of a database that is there already.
type Config struct{ DSN string }

func Configured(t testing.TB) *Config { return &Config{} }
