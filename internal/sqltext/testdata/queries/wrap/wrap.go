// Package wrap gives SQL to functions that forward it.
package wrap

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"example.com/queries/helper"
)

// DBTX is what handles and transactions have in common.
type DBTX interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
}

type cache interface {
	Get(key string, parts ...any) any
}

type repo struct {
	db   DBTX
	own  *helper.DB
	base string
}

func (r *repo) shaped(ctx context.Context) {
	r.db.ExecContext(ctx, "DELETE FROM users WHERE id = $1", 1)
	// literal: DELETE FROM users WHERE id = $1
}

func notSQL(c cache) {
	c.Get("users", 1)
}

func (r *repo) acrossPackages(ctx context.Context) {
	r.own.Run(ctx, "DELETE FROM users")
	// wrapper: DELETE FROM users
	r.own.Scoped(ctx, "t", "DELETE FROM users WHERE id = $2", 1)
	// wrapper: DELETE FROM users WHERE id = $2 AND tenant_id = $1
}

func (r *repo) exec(ctx context.Context, query string) error {
	_, err := r.db.ExecContext(ctx, query)
	return err
}

func (r *repo) own1(ctx context.Context) {
	q := "DELETE FROM orders"
	r.exec(ctx, q)
	// wrapper: DELETE FROM orders
}

func (r *repo) closures(ctx context.Context) {
	run := func(q string) { r.exec(ctx, q+" WHERE tenant_id = $1") }
	run("DELETE FROM users")
	// wrapper: DELETE FROM users WHERE tenant_id = $1
}

// remove is a statement of its own, of which callers give a part.
func (r *repo) remove(ctx context.Context, table string) {
	r.db.ExecContext(ctx, "DELETE FROM "+table+" WHERE tenant_id = $1")
	// concat: DELETE FROM users WHERE tenant_id = $1
	// concat: DELETE FROM orders WHERE tenant_id = $1
}

func (r *repo) removeAll(ctx context.Context) {
	r.remove(ctx, "users")
	r.remove(ctx, "orders")
}

func (r *repo) nobodyCalls(ctx context.Context, where string) {
	r.db.ExecContext(ctx, "DELETE FROM users WHERE "+where)
	// concat: DELETE FROM users WHERE _
}

func (r *repo) selectUsers() string { return "SELECT * FROM users" }

func (r *repo) helpers(ctx context.Context, name string) {
	r.db.QueryRow(ctx, r.selectUsers()+helper.Where("tenant_id = $1"))
	// concat: SELECT * FROM users WHERE tenant_id = $1
	r.db.QueryRow(ctx, "SELECT * FROM "+helper.Table("orders")+" WHERE name = $1")
	// concat: SELECT * FROM app.orders WHERE name = $1
	r.db.QueryRow(ctx, "SELECT * FROM "+new(helper.Users).TableName())
	// concat: SELECT * FROM app_users
}

type filter struct{ Tenant *string }

func (r *repo) where(f filter) (string, []any) {
	var conds []string
	var args []any
	if f.Tenant != nil {
		conds = append(conds, "tenant_id = $1")
		args = append(args, *f.Tenant)
	}
	return helper.Where(conds...), args
}

func (r *repo) list(ctx context.Context, f filter) {
	where, args := r.where(f)
	r.db.QueryRow(ctx, "SELECT * FROM users"+where, args...)
	// concat: SELECT * FROM users WHERE tenant_id = $1
	// concat: SELECT * FROM users
}

func (r *repo) clause(f filter) (string, []any) {
	if f.Tenant == nil {
		return "", nil
	}
	return "tenant_id = $1", []any{*f.Tenant}
}

func (r *repo) count(ctx context.Context, f filter) {
	q := "SELECT count(*) FROM users"
	clause, args := r.clause(f)
	if clause != "" {
		q += " WHERE " + clause
	}
	r.db.QueryRow(ctx, q, args...)
	// local: SELECT count(*) FROM users WHERE tenant_id = $1
	// local: SELECT count(*) FROM users
}

func addTenant(q *string, f filter) {
	if f.Tenant == nil {
		return
	}
	*q += " AND tenant_id = $1"
}

func (r *repo) byPointer(ctx context.Context, f filter) {
	q := "SELECT * FROM users WHERE TRUE"
	addTenant(&q, f)
	r.db.QueryRow(ctx, q)
	// local: SELECT * FROM users WHERE TRUE AND tenant_id = $1
	// local: SELECT * FROM users WHERE TRUE
}

func writeWhere(b *strings.Builder, column string) {
	b.WriteString(" WHERE ")
	b.WriteString(column)
	fmt.Fprintf(b, " = $%d", 1)
}

func (r *repo) byBuilder(ctx context.Context) {
	var b strings.Builder
	b.WriteString("SELECT * FROM users")
	writeWhere(&b, "tenant_id")
	r.db.QueryRow(ctx, b.String())
	// concat: SELECT * FROM users WHERE tenant_id = $1
}

func (r *repo) lost(ctx context.Context, scope func(*string)) {
	q := "SELECT * FROM users"
	scope(&q)
	r.db.QueryRow(ctx, q)
	// local: SELECT * FROM users_
}

// conditions is a builder of the program's own.
type conditions struct {
	parts []string
	args  []any
}

func newConditions() *conditions { return &conditions{} }

func (c *conditions) add(cond string, arg any) *conditions {
	c.args = append(c.args, arg)
	c.parts = append(c.parts, fmt.Sprintf(cond, len(c.args)))
	return c
}

func (c *conditions) where() string {
	if len(c.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.parts, " AND ")
}

func (r *repo) ownBuilder(ctx context.Context, f filter, name string) {
	c := newConditions()
	c.add("name = $%d", name).add("TRUE", nil)
	if f.Tenant != nil {
		c.add("tenant_id = $%d", *f.Tenant)
	}
	r.db.QueryRow(ctx, "SELECT * FROM users"+c.where(), c.args...)
	// concat: SELECT * FROM users WHERE name = $_ AND TRUE AND tenant_id = $_
	// concat: SELECT * FROM users WHERE name = $_ AND TRUE
}

// text is another one, over a strings.Builder.
type text struct {
	b    strings.Builder
	Args []any
}

func newText(start string) *text {
	t := &text{}
	t.b.WriteString(start)
	return t
}

func (t *text) add(clause string, args ...any) {
	t.b.WriteString(" " + clause)
	t.Args = append(t.Args, args...)
}

func (t *text) limit(n int) {
	if n == 0 {
		return
	}
	t.add("LIMIT ?", n)
}

func (t *text) String() string { return t.b.String() }

func (r *repo) ownText(ctx context.Context, f filter, n int) {
	t := newText("SELECT")
	t.add(qualified("u", []string{"id", "name"}) + " FROM")
	t.add(new(helper.Users).TableName())
	t.add("WHERE TRUE")
	if n > 0 {
		t.limit(n)
	}
	if f.Tenant != nil {
		t.add("AND tenant_id = ?", *f.Tenant)
	}
	r.db.QueryRow(ctx, t.String(), t.Args...)
	// helper: SELECT u.id, u.name FROM app_users WHERE TRUE LIMIT ? AND tenant_id = ?
	// helper: SELECT u.id, u.name FROM app_users WHERE TRUE
}

func qualified(alias string, columns []string) string {
	return alias + "." + strings.Join(columns, ", "+alias+".")
}
