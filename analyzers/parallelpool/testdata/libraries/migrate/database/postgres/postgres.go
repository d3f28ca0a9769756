// Package postgres stands in for the library's.
package postgres

import "database/sql"

type (
	Config struct{ SchemaName string }
	Driver struct{}
)

func WithInstance(db *sql.DB, config *Config) (*Driver, error) { return &Driver{}, nil }
