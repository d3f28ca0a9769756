// Package texts makes SQL with functions of the standard library and of drivers.
package texts

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jmoiron/sqlx"
)

func written(db *sql.DB, n int, names []string) {
	var b strings.Builder
	b.Grow(100)
	b.WriteString("SELECT id ")
	fmt.Fprint(&b, "FROM ", "users")
	fmt.Fprintf(&b, " WHERE n > %d", n)
	io.WriteString(&b, " AND m = "+strconv.Itoa(7))
	b.WriteByte(' ')
	b.WriteRune('-')
	b.Write([]byte("- x"))
	db.Query(b.String())
	// concat: SELECT id FROM users WHERE n > _ AND m = 7 -- x
	b.Reset()
	b.WriteString("SELECT 2")
	db.Query(b.String())
	// concat: SELECT 2
	db.Query("SELECT * FROM users LIMIT " + strconv.Itoa(n) + " OFFSET " + fmt.Sprint(n))
	// concat: SELECT * FROM users LIMIT _ OFFSET _
	db.Query(strings.TrimSuffix("SELECT id, ", ", ") + strings.Replace(" FROM x WHERE a", "x", "users", 1))
	// concat: SELECT id FROM users WHERE a
	db.Query("SELECT " + strings.Join(names, ", ") + " FROM " + pgx.Identifier{"app", "users"}.Sanitize())
	// concat: SELECT _ FROM "app"."users"
	db.Query(sqlx.Rebind(sqlx.DOLLAR, "SELECT * FROM users WHERE id = ?"))
	// local: SELECT * FROM users WHERE id = ?
}

func listed(db *sql.DB, own bool) {
	where := slices.Concat([]string{"a = 1"}, more(own))
	db.Query("SELECT * FROM users WHERE " + strings.Join(where, " AND "))
	// concat: SELECT * FROM users WHERE a = 1 AND own
	// concat: SELECT * FROM users WHERE a = 1
	columns := [2]string{"id", "name"}
	db.Query("SELECT " + columns[1] + " FROM users")
	// concat: SELECT name FROM users
	tables := maps.Clone(map[string]string{"u": "users", "o": "orders"})
	db.Query("SELECT * FROM " + tables["o"])
	// concat: SELECT * FROM orders
	var parts []string
	for _, c := range columns[:] {
		parts = append(parts, c+" = ?")
	}
	db.Query("UPDATE users SET " + strings.Join(parts, ", "))
	// concat: UPDATE users SET id = ?, name = ?
	for name, table := range map[string]string{"id": "users"} {
		db.Query("SELECT " + name + " FROM " + table)
		// concat: SELECT id FROM users
	}
}

func more(own bool) []string {
	if own {
		return []string{"own"}
	}
	return nil
}

// either loops over what a condition chooses.
func either(db *sql.DB, own bool) {
	text := "SELECT 1"
	list := []string{" a"}
	if own {
		list = append(list, " b", " c")
	} else {
		list = append(list, " d")
	}
	for _, s := range list {
		text += s
	}
	db.Query(text)
	// local: SELECT 1 a b c
	// local: SELECT 1 a d
}

type conf struct{ table, where string }

func fields(db *sql.DB, own bool) {
	c := conf{"users", ""}
	if own {
		c = conf{table: "orders"}
	}
	c.where = " WHERE id = 1"
	db.Query("SELECT * FROM " + c.table + c.where)
	// concat: SELECT * FROM orders WHERE id = 1
	// concat: SELECT * FROM users WHERE id = 1
}

// named calls a function by a variable.
func named(ctx context.Context, db *sql.DB) {
	table := tableOf
	db.QueryContext(ctx, "SELECT * FROM "+table("users"))
	// concat: SELECT * FROM app_users
}

func tableOf(name string) string { return "app_" + name }

func mentioned(db *sql.DB, own bool) {
	query := "SELECT * FROM users"
	if own {
		query += " WHERE own"
	}
	if strings.Contains(strings.ToLower(query), "where") {
		query += " AND a"
	} else {
		query += " WHERE a"
	}
	db.Query(query)
	// local: SELECT * FROM users WHERE own AND a
	// local: SELECT * FROM users WHERE a
}

func ends(db *sql.DB, kind int) {
	var query string
	switch kind {
	case 1:
		query = "SELECT 1"
	default:
		log.Fatal("no such kind")
	}
	db.Query(query)
	// local: SELECT 1
}

func selected(db *sql.DB, c chan string, done chan bool) {
	query := "SELECT 1"
	select {
	case <-done:
		query = "SELECT 2"
	case c <- "x":
		query = "SELECT 3"
	}
	go db.Exec(query)
	// local: SELECT 2
	// local: SELECT 3
}

// trimmed passes a query through what leaves its words alone.
func trimmed(db *sql.DB, n int64, name, end string, names []string) {
	db.Query(strings.TrimSpace("SELECT 1"))
	// concat: SELECT 1
	db.Query(strings.Trim("SELECT 2", " "))
	// concat: SELECT 2
	db.Query(strings.TrimLeft("SELECT 3", "\n"))
	// concat: SELECT 3
	db.Query(strings.TrimPrefix("SELECT 4", "\n"))
	// concat: SELECT 4
	db.Query("SELECT a" + strings.TrimRight(" FROM b,", ","))
	// concat: SELECT a FROM b
	db.Query("SELECT b" + strings.TrimSuffix(" FROM c,", end))
	// concat: SELECT b FROM c,
	db.Query("SELECT c" + strings.TrimSuffix(" FROM d", ""))
	// concat: SELECT c FROM d
	db.Query("SELECT d" + strings.TrimSuffix(" FROM e", ","))
	// concat: SELECT d FROM e
	db.Query("SELECT " + strings.ToLower("Name") + " FROM " + strings.ToUpper("Users"))
	// concat: SELECT Name FROM Users
	db.Query("SELECT " + strings.Clone("name") + strings.Repeat(", ?", len(names)))
	// concat: SELECT name, ?
	db.Query("SELECT " + strconv.FormatInt(n, 10) + ", " + strconv.FormatUint(2, 10) + ", " + name)
	// concat: SELECT _, 2, _
	db.Query("SELECT " + strings.Join(slices.Clone([]string{"a", "b"}), end))
	// concat: SELECT a_b
	db.Query("SELECT " + strings.Join(names, " ") + " FROM " + strings.Join(names, " , "))
	// concat: SELECT _ FROM _
	db.Query("SELECT " + strings.ReplaceAll("a b", name, "c") + " FROM a")
	// concat: SELECT _ FROM a
	db.Query("SELECT " + strings.ReplaceAll("a b", "b", name) + " FROM b")
	// concat: SELECT a _ FROM b
	db.Query(fmt.Sprintf("SELECT %s FROM %s", []any{"a", "b"}...))
	// format: SELECT a FROM b
	db.Query(fmt.Sprint("SELECT a", " FROM c"))
	// format: SELECT a FROM c
}

// bytewise writes what only the running program knows, and nothing.
func bytewise(db *sql.DB, c byte) {
	var b bytes.Buffer
	b.WriteString("SELECT ")
	b.WriteByte(c)
	b.Grow(10)
	fmt.Fprint(&b)
	b.WriteByte(',')
	b.Write([]byte(" b"))
	db.Query(b.String())
	// concat: SELECT _, b
}

type name string

const typed = name("users")

func constants(db *sql.DB) {
	db.Query("SELECT * FROM " + string(typed))
	// concat: SELECT * FROM users
	db.Query("SELECT " + string('a') + " FROM " + string(name("b")))
	// concat: SELECT a FROM b
}
