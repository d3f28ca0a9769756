// Package tenantfilter reports queries on tenants' tables that are not limited to one tenant.
//
// # What is wrong
//
// A statement reads or changes rows of a table that holds many tenants' rows, and
// nothing in it says whose.
//
// # Why it hurts
//
// One forgotten predicate shows a customer's data to another one. Whoever guesses
// or copies an id reaches the row behind it, tests with a single tenant pass, and
// a review has to look at every query for what is not there.
//
// # Bad
//
//	func (s *Store) Total(ctx context.Context, number string) (total int, err error) {
//		err = s.db.QueryRow(ctx, `SELECT total FROM invoices WHERE number = $1`, number).Scan(&total)
//		return total, err
//	}
//
//	// Without parentheses, OR lets every tenant's rows through.
//	func (s *Store) Find(ctx context.Context, number, id, tenantID string) (pgx.Rows, error) {
//		return s.db.Query(ctx, `SELECT total FROM invoices
//			WHERE number = $1 OR id = $2 AND tenant_id = $3`, number, id, tenantID)
//	}
//
//	// A caller who passes nothing gets everything.
//	func (s *Store) List(ctx context.Context, tenantID string) (pgx.Rows, error) {
//		query := `SELECT number, total FROM invoices WHERE total > 0`
//		var args []any
//		if tenantID != "" {
//			query += ` AND tenant_id = $1`
//			args = append(args, tenantID)
//		}
//		return s.db.Query(ctx, query, args...)
//	}
//
// # Good
//
//	func (s *Store) Total(ctx context.Context, tenantID, number string) (total int, err error) {
//		err = s.db.QueryRow(ctx, `SELECT total FROM invoices WHERE number = $1 AND tenant_id = $2`,
//			number, tenantID).Scan(&total)
//		return total, err
//	}
//
//	// The key of the join carries the tenant over.
//	func (s *Store) Lines(ctx context.Context, tenantID string) (pgx.Rows, error) {
//		return s.db.Query(ctx, `SELECT l.sku FROM lines l JOIN invoices i ON i.id = l.invoice_id
//			WHERE i.tenant_id = $1`, tenantID)
//	}
//
// # How to fix
//
// Add the predicate that the message names; every reference that it would limit
// too is not reported again. Where a query crosses tenants on purpose, as those of
// workers, exports and metrics do, say so with a reason, in Go or in SQL:
//
//	//poollint:ignore tenantfilter -- the sweeper works through all tenants
//
//	-- poollint:ignore tenantfilter -- the sweeper works through all tenants
//
// or give it a name with AllTenants in it. The suggested fix adds the predicate
// where the statement is a literal at its call and the function has a parameter
// named like the column.
//
// # What is reported
//
// Tables, keys and the tenant column come from migrations and schema files, what
// sqlc reads, or else from the models of bun, GORM, xorm and go-pg; "poollint
// schema" prints what was found. A table that is not known to have the column is
// not reported, and nothing is where no column is surely the tenant's: a note then
// names the columns that come near and the line of the configuration that would
// settle it. Of two that are as frequent either will do if keys lead from one to
// the other, as from the projects to their organizations.
//
// A reference is pinned if its tenant column equals a value from outside the
// statement, by =, IN, = ANY, rows, USING or IS NOT DISTINCT FROM, or a column of
// a row that is pinned. Pins spread over keys: a foreign key, or x_id = x.id, in
// inner joins, correlated subqueries and IN; through CTEs, derived tables and set
// operations. An outer join receives a pin and gives none. A disjunction pins if
// every branch does. Mentions in the select list, SET, ORDER BY and RETURNING pin
// nothing. An INSERT must set the column, and ON CONFLICT … DO UPDATE by a natural
// key must have it in its target.
//
// Every finding has a tier, which stands at the end of the message:
//
//	unrestricted  nothing, a natural key, or a test that can be avoided
//	by-parent     the rows of another table's row, found by its id
//	by-id         one row, found by its own id
//	unseen        the condition is made at run time, out of sight
//
// The level decides which fail a run: unrestricted unless configured, and with it
// every UPDATE and DELETE that is seen to reach other tenants; not where the same
// function has looked the row up for its tenant before. The rest is counted, and
// listed by -v and in JSON.
//
// Migrations, seeds, test files and test helpers are left out. A setting such as
// app.tenant on a pool is reported too: SET LOCAL and set_config(…, true) end with
// the statement, SET stays with a connection that others borrow.
//
// # Options
//
//	tenant:
//	  column: org_id               # the tenant column, where it is not found
//	  columns:                     # by table, in order of preference
//	    events: [project_id, org_id]
//	  root: [organizations]        # the tables that list the tenants
//	  shared_tables: [countries]   # rows that belong to everybody
//	  schema: [db/schema.sql]      # where the DDL is
//	  scopers:                     # what adds the predicate out of sight
//	    - example.com/shop/store.ForTenant
//	    - (example.com/shop/store.Scoped).Query
//	    - example.com/shop/store.Builder
//	  strict_joins: true           # the column on every table; keys do not suffice
//	  level: by-parent             # the last tier that fails a run
//	  rls: trust                   # believe row-level security
//	  exempt_names: ["*Everywhere"]
//	  exempt_paths: [internal/admin]
//
// With rls: trust, a finding is suppressed, with a note, if row security is enabled
// on the table, a policy compares its tenant column with a setting, and code sets
// that setting in a transaction.
//
// # What it does not see
//
// Queries whose text is put together out of reach, and those of libraries that it
// knows but does not read (go-jet, pop, dbr, bob, gorp, the generics of GORM, gocql
// and more), are counted as not read, and listed with -v. So is SQL on a known
// table that goes to a function which nobody says takes SQL: api.queries says so.
// Triggers, rules, functions in the database and privileges are not looked into;
// nor is whether the value given for the tenant is the caller's own. A key that is
// equal by chance, and a filter that a hook of an object mapper adds, are not known
// unless configured.
package tenantfilter
