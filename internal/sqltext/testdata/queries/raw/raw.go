// Package raw holds the forms in which programs give SQL to a database.
package raw

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"text/template"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"

	"example.com/queries/helper"
)

const byID = `SELECT name
	FROM users
	WHERE id = $1`

const columns = "id, name"

var list = "SELECT " + columns + " FROM users WHERE tenant_id = $1"

//go:embed query.sql
var file string

var statements = map[string]string{
	"users":  "DELETE FROM users WHERE tenant_id = $1",
	"orders": "DELETE FROM orders WHERE tenant_id = $1",
}

type store struct {
	pool  *pgxpool.Pool
	query string
}

func newStore(pool *pgxpool.Pool) *store {
	return &store{pool: pool, query: "SELECT * FROM users WHERE email = $1"}
}

func literal(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT 1 FROM users WHERE id = $1", 1)
	// literal: SELECT 1 FROM users WHERE id = $1
}

func constant(ctx context.Context, db *sql.DB) {
	db.QueryRowContext(ctx, byID, 1)
	// constant: SELECT name FROM users WHERE id = $1
	db.QueryRowContext(ctx, byID, 2)
	// constant: SELECT name FROM users WHERE id = $1
}

func variable(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, list, 1)
	// constant: SELECT id, name FROM users WHERE tenant_id = $1
}

func elsewhere(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, helper.Count)
	// constant: SELECT count(*) FROM users
	db.QueryContext(ctx, helper.Variable)
	// constant: SELECT * FROM invoices
}

func embedded(ctx context.Context, db *sql.DB) {
	db.ExecContext(ctx, file)
	// constant: UPDATE users SET name = $1 WHERE id = $2
}

func local(ctx context.Context, tx *sql.Tx) {
	const table = "users"
	q := "UPDATE " + table + " SET name = $1 WHERE id = $2"
	tx.ExecContext(ctx, q, "a", 1)
	// concat: UPDATE users SET name = $1 WHERE id = $2
}

func escapes(ctx context.Context, db *sql.DB) {
	q := "SELECT \"name\"\n\tFROM users WHERE caf\u00e9 = $1"
	db.QueryContext(ctx, q)
	// local: SELECT "name" FROM users WHERE café = $1
}

func appended(ctx context.Context, db *sql.DB, filter struct{ Tenant *int }) {
	q := "SELECT * FROM users WHERE active"
	if filter.Tenant != nil {
		q += " AND tenant_id = $1"
	}
	q += " ORDER BY id"
	db.QueryContext(ctx, q)
	// local: SELECT * FROM users WHERE active AND tenant_id = $1 ORDER BY id
	// local: SELECT * FROM users WHERE active ORDER BY id
}

func branches(ctx context.Context, db *sql.DB, n int) {
	var q string
	switch n {
	case 0:
		q = "SELECT * FROM users"
	case 1:
		q = "SELECT * FROM orders"
	default:
		return
	}
	db.QueryContext(ctx, q)
	// local: SELECT * FROM users
	// local: SELECT * FROM orders
}

func required(ctx context.Context, db *sql.DB, tenant string) error {
	if tenant == "" {
		return fmt.Errorf("no tenant")
	}
	q := "SELECT * FROM users WHERE TRUE"
	if tenant != "" {
		q += " AND tenant_id = $1"
	}
	db.QueryContext(ctx, q)
	// local: SELECT * FROM users WHERE TRUE AND tenant_id = $1
	return nil
}

func neverEmpty(ctx context.Context, db *sql.DB, name string) {
	conds := []string{"tenant_id = $1"}
	if name != "" {
		conds = append(conds, "name = $2")
	}
	q := "SELECT * FROM users"
	if len(conds) > 0 {
		q += " WHERE " + strings.Join(conds, " AND ")
	}
	db.QueryContext(ctx, q)
	// local: SELECT * FROM users WHERE tenant_id = $1 AND name = $2
	// local: SELECT * FROM users WHERE tenant_id = $1
}

func maybeEmpty(ctx context.Context, db *sql.DB, name, email string) {
	var conds []string
	if name != "" {
		conds = append(conds, "name = $1")
	}
	if email != "" {
		conds = append(conds, fmt.Sprintf("email = $%d", len(conds)+1))
	}
	where := ""
	if len(conds) > 0 {
		where = " WHERE " + strings.Join(conds, " AND ")
	}
	db.QueryContext(ctx, "SELECT * FROM users"+where)
	// concat: SELECT * FROM users WHERE name = $1 AND email = $_
	// concat: SELECT * FROM users
}

func format(ctx context.Context, db *sql.DB, table, column string, limit int) {
	const where = "tenant_id = $1"
	q := fmt.Sprintf("SELECT %[2]s FROM %[1]s WHERE %[3]s AND 100%% LIMIT %[4]d", table, column, where, limit)
	db.QueryContext(ctx, q)
	// format: SELECT _ FROM _ WHERE tenant_id = $1 AND 100% LIMIT _
}

func builder(ctx context.Context, db *sql.DB, ids []int) {
	var b strings.Builder
	b.WriteString("SELECT * FROM users WHERE id IN (")
	for i := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	b.WriteRune(')')
	db.QueryContext(ctx, b.String())
	// concat: SELECT * FROM users WHERE id IN ($_)
}

func placeholders(ctx context.Context, db *sql.DB, ids []int) {
	marks := make([]string, len(ids))
	for i := range ids {
		marks[i] = "?"
	}
	db.QueryContext(ctx, fmt.Sprintf("SELECT * FROM users WHERE id IN (%s)", strings.Join(marks, ",")))
	// format: SELECT * FROM users WHERE id IN (?)
}

func replaced(ctx context.Context, db *sqlx.DB) {
	q := strings.ReplaceAll("SELECT * FROM {table} WHERE tenant_id = ?", "{table}", "users")
	db.QueryxContext(ctx, db.Rebind(q), 1)
	// concat: SELECT * FROM users WHERE tenant_id = ?
}

type binder interface {
	BindNamed(query string, arg any) (string, []any, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func bound(ctx context.Context, db binder, user any) error {
	const update = `UPDATE users SET name = :name WHERE tenant_id = :tenant`
	q, args, err := db.BindNamed(update, user)
	if err != nil {
		return err
	}
	// local: UPDATE users SET name = :name WHERE tenant_id = :tenant
	_, err = db.ExecContext(ctx, q, args...)
	return err
}

func mapped(ctx context.Context, db *sql.DB) {
	for _, q := range statements {
		db.ExecContext(ctx, q)
		// local: DELETE FROM users WHERE tenant_id = $1
		// local: DELETE FROM orders WHERE tenant_id = $1
	}
}

func sliced(ctx context.Context, db *sql.DB) {
	for _, table := range []string{"users", "orders"} {
		db.ExecContext(ctx, "DELETE FROM "+table+" WHERE tenant_id = $1")
		// concat: DELETE FROM users WHERE tenant_id = $1
		// concat: DELETE FROM orders WHERE tenant_id = $1
	}
}

func table(ctx context.Context, db *sql.DB) {
	steps := []struct{ name, sql string }{
		{"one", "DELETE FROM users"},
		{"two", "DELETE FROM orders"},
	}
	for _, s := range steps {
		db.ExecContext(ctx, s.sql)
		// field: DELETE FROM users
		// field: DELETE FROM orders
	}
}

func (s *store) field(ctx context.Context) {
	s.pool.Query(ctx, s.query)
	// field: SELECT * FROM users WHERE email = $1
}

func batch(ctx context.Context, tx pgx.Tx) {
	b := &pgx.Batch{}
	b.Queue("UPDATE users SET name = $1", "a")
	// literal: UPDATE users SET name = $1
	tx.SendBatch(ctx, b)
	tx.CopyFrom(ctx, pgx.Identifier{"app", "users"}, []string{"id", "tenant_id"}, nil)
	// concat: INSERT INTO app.users (id, tenant_id) VALUES (_)
}

func named(ctx context.Context, db *sqlx.DB) {
	db.NamedExecContext(ctx, "INSERT INTO users (id) VALUES (:id)", map[string]any{"id": 1})
	// literal: INSERT INTO users (id) VALUES (:id)
	q, args, _ := sqlx.In("SELECT * FROM users WHERE id IN (?)", []int{1})
	db.SelectContext(ctx, nil, q, args...)
	// concat: SELECT * FROM users WHERE id IN (?)
}

func identifiers(ctx context.Context, pool *pgxpool.Pool, name string) {
	pool.Exec(ctx, "DROP TABLE "+pgx.Identifier{"app", name}.Sanitize())
	// concat: DROP TABLE "app"."_"
}

func closure(ctx context.Context, db *sql.DB) error {
	inTx := func(body func(tx *sql.Tx) error) error { return body(nil) }
	return inTx(func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM users")
		// literal: DELETE FROM users
		return err
	})
}

func unread(ctx context.Context, db *sql.DB, next func() string) {
	db.ExecContext(ctx, next()) // unread: the text is the value of next()
}

func in(ids []int) string {
	if len(ids) == 0 {
		return ""
	}
	return strings.Repeat("?,", len(ids)-1) + "?"
}

func emptyList(ctx context.Context, db *sql.DB, ids []int) {
	db.QueryContext(ctx, "SELECT * FROM users WHERE tenant_id IN ("+in(ids)+")")
	// concat: SELECT * FROM users WHERE tenant_id IN (?,?)
}

var pairwise = strings.NewReplacer("{table}", "users", "{key}", "tenant_id")

func replacer(ctx context.Context, db *sql.DB, pairs []string) {
	db.QueryContext(ctx, pairwise.Replace("SELECT * FROM {table} WHERE {key} = ?"), 1)
	// concat: SELECT * FROM users WHERE tenant_id = ?
	db.QueryContext(ctx, strings.NewReplacer("{table}", "users", "{rest}", pairs[0]).Replace("SELECT * FROM {table} WHERE {rest}"))
	// concat: SELECT * FROM users WHERE _
	db.QueryContext(ctx, "SELECT id FROM users WHERE "+strings.NewReplacer(pairs...).Replace("{key} = 1"))
	// concat: SELECT id FROM users WHERE _
}

var (
	listing = template.Must(template.New("list").Parse("SELECT id FROM {{.Table}} WHERE tenant_id = ?{{if .Name}} AND name = ?{{end}}{{/* newest first */}}{{- if .Name}} ORDER BY name{{else}} ORDER BY id{{end}}"))
	free    = template.Must(template.New("free").Funcs(nil).Parse(`SELECT id FROM users WHERE {{range .Names}}name = {{.}} OR {{end}}{{$x := 1}}{{.Rest | printf "%s"}}`))
	broken  = template.Must(template.New("broken").Parse("SELECT {{if"))
)

type data struct{ Table, Name string }

func templated(ctx context.Context, db *sql.DB, name string) {
	var b strings.Builder
	listing.Execute(&b, data{Table: "users", Name: name})
	db.QueryContext(ctx, b.String(), 1)
	// concat: SELECT id FROM users WHERE tenant_id = ? AND name = ? ORDER BY name
	// concat: SELECT id FROM users WHERE tenant_id = ? ORDER BY id

	b.Reset()
	free.Execute(&b, nil)
	db.QueryContext(ctx, b.String())
	// concat: SELECT id FROM users WHERE name = _ OR _
	// concat: SELECT id FROM users WHERE _

	b.Reset()
	b.WriteString("SELECT 1 FROM users")
	broken.Execute(&b, nil)
	db.QueryContext(ctx, b.String())
	// concat: SELECT 1 FROM users_
}

//go:embed *.sql
var directory embed.FS

func fromDirectory(ctx context.Context, db *sql.DB, name string) {
	text, err := directory.ReadFile("query.sql")
	if err != nil {
		return
	}
	db.QueryContext(ctx, string(text))
	// helper: UPDATE users SET name = $1 WHERE id = $2
	text, _ = fs.ReadFile(directory, "query.sql")
	db.QueryContext(ctx, "/* it */ "+string(text))
	// concat: /* it */ UPDATE users SET name = $1 WHERE id = $2
	text, _ = directory.ReadFile(name)
	db.QueryContext(ctx, "SELECT 1 FROM "+string(text))
	// concat: SELECT 1 FROM _
	text, _ = directory.ReadFile("none.sql")
	db.QueryContext(ctx, "SELECT 2 FROM "+string(text))
	// concat: SELECT 2 FROM _
}

func statementByStatement(ctx context.Context, db *sql.DB, sep string) {
	for _, q := range strings.Split("DELETE FROM a; DELETE FROM b", ";") {
		db.ExecContext(ctx, q)
		// local: DELETE FROM a
		// local: DELETE FROM b
	}
	for _, q := range strings.Split("DELETE FROM c; DELETE FROM d", sep) {
		db.ExecContext(ctx, "SELECT 3 FROM "+q)
		// concat: SELECT 3 FROM _
	}
}

// What runs queries, as a value.
type runner struct {
	run func(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func newRunner(db *sql.DB) *runner { return &runner{run: db.ExecContext} }

func (r *runner) clear(ctx context.Context) {
	r.run(ctx, "DELETE FROM users WHERE tenant_id = $1", 1)
	// wrapper: DELETE FROM users WHERE tenant_id = $1
}

func methodValue(ctx context.Context, db *sql.DB) {
	query := db.QueryContext
	query(ctx, "SELECT id FROM users WHERE tenant_id = $1", 1)
	// wrapper: SELECT id FROM users WHERE tenant_id = $1
	if ctx != nil {
		query = db.QueryContext
	}
	query(ctx, "SELECT id FROM users WHERE tenant_id = $2", 1)
	// wrapper: SELECT id FROM users WHERE tenant_id = $2
}
