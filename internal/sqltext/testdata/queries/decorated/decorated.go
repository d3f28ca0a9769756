// Package decorated gives SQL to variables that are functions of another package.
package decorated

import (
	"database/sql"

	"example.com/queries/decorated/run"
)

func plain(db *sql.DB) error {
	return run.Plain(db, "DELETE FROM users WHERE name = $1", 1)
	// wrapper: DELETE FROM users WHERE name = $1
}

func timed(db *sql.DB) error {
	return run.Timed(db, "DELETE FROM users WHERE name = $1", 1)
	// wrapper: DELETE FROM users WHERE name = $1
}

func twice(db *sql.DB) error {
	return run.Twice(db, "DELETE FROM users WHERE name = $1", 1)
	// wrapper: DELETE FROM users WHERE name = $1
}

func tenanted(db *sql.DB) error {
	return run.Tenanted(db, "DELETE FROM users WHERE name = $2", 1)
}
