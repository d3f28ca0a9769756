// Package run has functions that run SQL as variables.
package run

import (
	"database/sql"
	"log"
	"time"
)

type executor func(db *sql.DB, query string, args ...any) error

func timed(f executor) executor {
	return func(db *sql.DB, query string, args ...any) error {
		start := time.Now()
		defer func() { log.Print(time.Since(start)) }()
		return f(db, query, args...)
	}
}

// tenanted adds a condition to the text.
func tenanted(f executor) executor {
	return func(db *sql.DB, query string, args ...any) error {
		return f(db, query+" AND tenant_id = $1", args...) // handed: f
	}
}

func exec(db *sql.DB, query string, args ...any) error {
	_, err := db.Exec(query, args...)
	return err
}

// Functions, as they are and with something around them.
var (
	Plain    = exec
	Timed    = timed(exec)
	Twice    = timed(timed(exec))
	Tenanted = tenanted(exec)
)
