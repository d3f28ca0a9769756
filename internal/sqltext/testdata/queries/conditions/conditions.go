// Package conditions makes SQL that depends on the conditions of the program.
package conditions

import "database/sql"

// same asks twice for what nothing changes.
func same(db *sql.DB, own bool) {
	query := "SELECT 1"
	if !own {
		query = "SELECT 2"
	}
	if !own {
		query += " a"
	} else {
		query += " b"
	}
	db.Query(query)
	// local: SELECT 1 b
	// local: SELECT 2 a
}

// changed asks again for what may have changed.
func changed(db *sql.DB, own bool) {
	query := "SELECT 1"
	if !own {
		query = "SELECT 2"
	}
	change(&own)
	if !own {
		query += " a"
	} else {
		query += " b"
	}
	db.Query(query)
	// local: SELECT 1 b
	// local: SELECT 1 a
	// local: SELECT 2 b
	// local: SELECT 2 a
}

type options struct{ own bool }

// changedPart asks again for a part of what may have changed.
func changedPart(db *sql.DB, o options) {
	query := "SELECT 1"
	if o.own {
		query = "SELECT 2"
	}
	change(&(o.own))
	if o.own {
		query += " a"
	} else {
		query += " b"
	}
	db.Query(query)
	// local: SELECT 2 a
	// local: SELECT 2 b
	// local: SELECT 1 a
	// local: SELECT 1 b
}

func change(*bool) {}

var (
	kept  = "kept"
	taken = "taken"
	given = "given"
)

func init() { set(&taken) }

func set(to *string) { *to = "other"; given = *to }

func variables(db *sql.DB) {
	db.Query("SELECT * FROM " + kept)
	// concat: SELECT * FROM kept
	db.Query("SELECT * FROM " + taken + " JOIN " + given)
	// concat: SELECT * FROM _ JOIN _
}
