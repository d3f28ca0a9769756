// Package tenantfilter reports queries on tenants' tables that are not limited to one tenant.
//
// # What is wrong
//
// A statement reads or changes rows of a table that holds many tenants' rows, and
// nothing in it says whose.
//
// # Why it hurts
//
// One forgotten predicate shows one customer's data to another. Anyone who guesses or
// copies an id can reach its row, tests with a single tenant pass, and reviewers have to
// notice what is missing in a query.
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
// Add the predicate that the message names. References that it would limit as well are
// not reported. If a query crosses tenants on purpose, as those of workers, exports and
// metrics do, say so with a reason, in Go or in SQL:
//
//	//poollint:ignore tenantfilter -- the sweeper works through all tenants
//
//	-- poollint:ignore tenantfilter -- the sweeper works through all tenants
//
// or give it a name with AllTenants in it, or AnyWorkspace, AcrossOrgs and the like. The suggested fix adds the predicate
// where the statement is a literal at its call and the function has a parameter
// named like the column.
//
// # What is reported
//
// Tables, keys and the tenant column come from migrations, schema files and the
// configuration of sqlc, or else from statements in the texts of code that is named for a
// database, and from the models of bun, GORM, xorm, go-pg and ent; "poollint schema" prints
// them. If no column is named like a tenant's, one by which most tables refer to one table is taken for it
// where whoever logs in belongs to a row of that too (users.clinic_id NOT NULL, or, of many tables, a key of
// user_id and clinic_id). If no column is certain to be the tenant's, nothing is reported: a note then names
// the likely columns, and the line to add to the configuration. Where foreign keys lead from
// the table of one column to that of another, as from projects to organizations, either
// counts; so does a project_id that rows may lack, where it is compared. A column such as
// organization_name is a tenant's where it refers to organizations by their names. The column of an edge of ent
// without a field (tenant_letters) is the tenant's by the name of the edge. A table that
// another schema qualifies is another table; so is one that DDL in the code of a package makes without a
// tenant, and with a column that the other lacks.
//
// Judged are tables that are known to have the tenant column, and those that belong to one
// of them by a foreign key: NOT NULL, and with ON DELETE CASCADE, in the primary key, or
// named after the table that it refers to, as invoice_id or invoice is. A table without foreign keys belongs to
// those that all columns of its primary key are named after (vehicle_id, label_id). A view is judged
// by the columns and keys that it shows. An UPDATE or DELETE of the tenants' table has to name one.
//
// A reference to a table is limited to a tenant, or pinned, if its tenant column equals
// a value from outside the statement or the tenant column of a pinned row, by =, IN,
// = ANY, row comparison, USING or IS NOT DISTINCT FROM. Joins by keys spread pins: by a
// foreign key, x_id = x.id, or a primary key of one column, in inner joins, correlated subqueries and IN, through CTEs,
// derived tables and set operations. The nullable side of an outer join can be pinned, but
// pins nothing else. An OR pins if every branch does; a query of one table may also read rows
// that a flag marks as everybody's (OR is_system; in a mapper's condition also OR is_system = ?, true). Mentions in the select list, SET, ORDER BY
// and RETURNING pin nothing. An INSERT must set the column, and the target of ON CONFLICT …
// DO UPDATE must have it if it is a natural key; by the primary key it writes whoever has the
// row, unless its WHERE tests the tenant. Of a MERGE, ON or each arm that changes rows must.
// COPY is a query or an INSERT. A statement may name the tenant column of an owned table that no DDL declares.
//
// Every finding has a tier, at the end of its message, which says what limits the rows:
//
//	unrestricted  nothing, a natural key, or a predicate that can be switched off
//	by-parent     the id of a row of another table, to which the rows belong
//	by-id         the id of the row itself, be it a natural primary key; or, of a look-up,
//	              a key that is unique over all tenants
//	unseen        a condition that is made at run time and cannot be read
//
// A look-up is a query that hands out no more than the id, the tenant, or whether there is a
// row, also where the program reads nothing else of it (First(&User{})). A key that is unique over all tenants (UNIQUE (email), or a unique index that leaves
// out deleted rows alone) is an address, such as that of a login or of a public page: it is
// looked up before the tenant is known. A query that hands out the whole row by such a key is
// unrestricted: the key is not secret. What a unique secret finds (token_hash, api_key, the code
// of an invitation, but not the hash of a file) is by-design, unless the function is given a tenant.
// A random proof (reset_token, api_key, the hash of a token, the state of an OAuth login, the signature of
// an invitation, by the column's name or its table's) need not be declared unique. Keys are unique by DDL, or
// by the tags of models (uniqueIndex, unique).
//
// A query, or what holds its conditions, that code which cannot be followed has had hold of
// (an option, an interface's method, a context, a channel) may have a further condition
// since: it is unseen. So is one to which a helper adds a condition that is made at run
// time, or none where it is asked for none. A helper that is given a context, and adds the tenant to a text or a
// builder if that has one, counts as one that adds it.
//
// The level decides which tiers fail a run; by default only unrestricted. An UPDATE or
// DELETE that can reach other tenants' rows fails it at every level, unless a secret finds
// them, such as a token. Other findings are counted, and listed by -v and in JSON.
//
// A change by id that is limited by an earlier query alone fails nothing either: whoever asks for it has loaded
// the row with its tenant before, in the same function or one that it calls, and ends where that fails. As such
// a load counts
//
//   - a search for the id among the tenant's rows, and a change that is limited to the tenant where the code ends
//     if it has changed no row; that may come later, before the commit;
//   - a load whose error nobody takes, if the code ends where what is scanned is zero;
//   - a row that is found or made: its variable takes nothing but loaded rows, new ones under ids that nobody has
//     (uuid.New()), or none; and ids that are gathered in a list or a map;
//   - a load of the parent, where the row's table has no tenant column: by the key in the row, by the one that the
//     row is asked for with (id = $1 AND invoice_id = $2), or by one that the code compares with it. A row with a
//     tenant is as good as one that it refers to;
//   - a load by the id alone, once the code has compared the row's tenant with another value, and ends where they
//     differ (if row.TenantID != tenantID { return ErrNotFound }). Constants and the tenants of other rows that may be
//     anybody's do not count. A role may be let off the comparison (if !caller.IsAdmin && row.TenantID != tenantID), but
//     is none by itself;
//   - an INSERT for the tenant without ON CONFLICT, and a change that returns the tenant (RETURNING tenant_id)
//     where another one ends the transaction with an error;
//   - a load by a secret of the row's own, such as a token, as only its tenant has that;
//   - a question about the row's tenant that a function named for it is asked, with who asks, where a no ends the code
//     (if !CanManage(user, row.TenantID) { return ErrForbidden }). The tenant may stand in a map or a struct, or be
//     that of the whole row where the function's name or its receiver's type speaks of rights (authorize, permit,
//     EnforceSecurity), or who asks is named (IsManager(ctx, row.FolderID, userID)). It may as well be asked by the id
//     alone (if err := authz.Check(ctx, id); err != nil), unless its body shows that it is about something else;
//   - what a middleware does of this for all handlers behind it, by the same parameter of the URL or what it has put
//     into the context, if it ends the request otherwise and stands on every route to the handler, as chi, gin, echo,
//     fiber, gorilla/mux and net/http register them. One that tells who asks, or which tenant the URL is about, does not.
//
// The load vouches for the id by which it has found the row, be it written otherwise (uuid.Parse(id), id.Scan(text)),
// for what the row refers to by a foreign key, leads to, or has the key of (attempt.OrderID), and for the rows of its
// table that share the id of a parent with it (token.FamilyID). So does a row, the tenant in it, that a function
// returns which is given a context or a constant and no id: who loaded that is out of sight.
//
// One of several loads suffices. A function that only hands the id on is as good as its callers, those in other
// packages too; a caller that runs on its own, see below, need not ask. An interface may be declared where it is used,
// and implemented in a package that is not imported there: its method Get, Find, Exists or the like loads a row if it
// is given a tenant or a token, anybody's if it is not, and its others change what the methods of their names and types
// change, through such interfaces of several layers. If some callers load the row and one does not, the message names
// that one, and the change fails as any other. Drivers that see one package at a time, such as go vet, know nothing
// of callers in other packages.
//
// A condition that callers may leave out (if filter.TenantID != nil { query = query.Where(…) }) is unrestricted, but
// fails nothing where all callers in the module are seen to give the tenant: a literal with it
// (List(ctx, Filter{TenantID: &tenantID})), a field that is set on every way to the call, what a function of the package
// returns, a value that was tested before, or the tenant of who asks. What was read from a request may be empty, and a
// pointer nil. A function that hands the value on is as good as its callers, and one that is only given it on a condition
// of its own (if tenantID != "" { filter.TenantID = &tenantID }) as those that decide that. If one gives none, the message
// names that one; where no caller is seen, it is a finding as any other.
//
// Statements that are meant for the rows of all tenants are told apart, with what shows it, and fail nothing
// (tier by-design):
//
//   - a change of a row by an id that is a constant or a variable of a package;
//   - a claim of jobs with FOR UPDATE SKIP LOCKED, or with LIMIT and FOR UPDATE by nothing but a state;
//   - a query in a function that then compares the password in what it has found, or another secret
//     (subtle.ConstantTimeCompare, hmac.Equal), unless a tenant is known there;
//   - a DELETE of rows before some moment (created_at < $1, expires_at < now() OR used = true), and an UPDATE of such
//     rows that sets a state, an attempt or the like;
//   - an INSERT that sets the tenant on a branch alone;
//   - a query that asks for nothing but the tenants of rows in some state
//     (SELECT DISTINCT tenant_id FROM jobs WHERE state = 'queued'), and a count of the rows of each row of a table that
//     belongs to nobody, unless the function is given a tenant;
//   - what a package main runs that is named for it (backfill, cleanup, purge, migrate …) and serves no requests, in
//     packages of their own too;
//   - what only code runs that runs on its own, through whatever functions, none of which is given a tenant: main and
//     init, as what a program does when it starts, an endless loop that waits for a ticker or sleeps, a schedule of cron
//     or gocron, a collector of Prometheus or OpenTelemetry, a worker of river, asynq and the like, a function that is
//     given what a broker delivers (NATS, Kafka, AMQP, SQS …), answers nobody (msg.Respond) and reads no tenant from it,
//     a library's type that is named for jobs, an activity of Temporal or Cadence, a command of cobra or urfave/cli, a
//     hook of fx. One other caller, such as a handler, makes it a finding as any other; so does a function whose callers
//     are out of sight.
//
// A query in a function that nothing in the module calls, by itself, as a value or through an interface, is told
// apart as well (tier uncalled), be it written by hand or by a generator such as sqlc: dead code crosses no tenants.
// In a program, nor does what only functions call that nobody calls, and none of those is asked to load a row first.
// An interface of another module may have an exported method that is not generated, so that counts only if a type
// of the module is among its parameters, or if its name has several words, no interface of what its package imports
// has it, and its type embeds none of another module, as controllers of frameworks do.
// In a program, such a method is also dead where no value of its type is made: one function makes it, which nobody calls.
// Tests are no callers. It takes a run over the whole module, in which some package uses the one with the query,
// and one that other modules do not import: below internal, or in a module with a program (package main). In a program,
// nothing of a package below internal is called that nobody imports, tests included.
// Of a library's exported queries the callers are out of sight: they are findings as any other.
//
// A query on a pool that a function of the module gives for a tenant's id, as of a database for
// each, is told apart like that; so is a change of what belongs to who asks: by an id that a function gives which is named for a person and is
// given a context or a request, by that in claims with a tenant, or by that of a row whose
// password was compared, alone or beside the id of the row that refers to it. A statement whose table the program chooses is one finding.
//
// What ent adds to all queries is told apart too, and suppressed: a hook or an interceptor of a client
// (client.Use, client.Intercept, client.Order.Use), of a schema or of one of its mixins, and a privacy
// policy, that compares the tenant column (WhereP, Where, WhereTenantID) or sets it (SetTenantID),
// whatever it leaves out on purpose. Of hook.On, hook.Unless and hook.If the operations count, and what
// hook.Reject refuses changes nothing. Queries behind edges and SQL are not limited by it. Drivers that see one
// package at a time know only of what that registers itself.
//
// Migrations, functions named migrate, seeds, test files and test helpers are not judged, nor are queries that are named
// for tests (SetTotalForTest). Also reported are settings such as app.tenant that do not hold
// for the queries: SET LOCAL and set_config(…, true) outside a transaction end with the
// statement, and SET on a pool, on a borrowed connection or in a transaction stays with a
// connection that others get next, unless the package resets it.
//
// # Options
//
//	tenant:
//	  column: org_id               # the tenant column, if it is not found
//	  columns:                     # by table, in order of preference
//	    events: [project_id, org_id]
//	  root: [organizations]        # the tables that list the tenants
//	  shared_tables: [countries]   # rows that belong to everybody
//	  schema: [db/schema.sql]      # where the DDL is, below the module root
//	  scopers:                     # functions and types that add the predicate themselves
//	    - example.com/shop/store.ForTenant
//	    - (example.com/shop/store.Scoped).Query
//	    - example.com/shop/store.Builder
//	  strict_joins: true           # a predicate on every table; joins by keys do not suffice
//	  level: by-parent             # the mildest tier that fails a run
//	  by_design: error             # claims and sweeps need the predicate too
//	  rls: trust                   # row-level security counts as the predicate
//	  exempt_names: ["*Everywhere"]
//	rules:
//	  tenantfilter:
//	    exempt_paths: [internal/admin]
//
// With rls: trust, a finding is suppressed, with a note, if row security is enabled
// on the table, a policy for what the statement does compares its tenant column with a setting, itself
// or through a function of the DDL, none lets everybody through (USING (true)), and code sets that setting in a
// transaction, or for a connection in a package that takes it back (RESET, or set_config with nothing), as hooks of a pool
// do. Of a table without a tenant column the policy may give such a function the key by which its rows belong to another.
// Where policies limit most tables and are not trusted, a note says so. Drivers that see one
// package at a time know of what the package and its imports set alone.
//
// # What it says
//
//   - Since v0.1.0
//   - Severity: that of the tier, see tenant.level: error, warning or info; a setting that
//     does not hold is a warning
//   - Fix: none for queries; the form of a note, its reason, or its removal
//   - … on … is not limited to a tenant: add …
//   - … on … is not limited to a tenant: … takes no condition, write it with one that has
//     …
//   - … on … is limited to a tenant only on a condition: … on every path …
//   - … on … is limited to a tenant only if its caller wants it: … without a way around it
//     …
//   - … on … is limited to a tenant only if its caller gives one, as all do: … on every path
//     …
//   - … on … is limited to a tenant only if its caller gives one, and … does not: … on
//     every path …
//   - … on … leaves the tenant out in a branch of OR: … and put the OR in parentheses …
//   - … on … leaves the tenant out: set …
//   - … on … can overwrite another tenant's row: add … to DO UPDATE …
//   - … on … can overwrite another tenant's row: add … to the target of ON CONFLICT …
//   - … on … changes rows of every tenant that its source does not match: test … in WHEN
//     NOT MATCHED BY SOURCE …
//   - … on … shows no tenant: its condition is made at run time; … where it is written …
//   - … on … is limited by … alone: …
//   - … on … is limited by … alone, and … does not load it with its tenant first: …
//   - … on … is across tenants by design, as it …: if it is not, …
//   - … on … is called by nobody: remove it, or …
//   - setting … for a transaction has no effect on a pool: set it and run the queries in
//     one transaction
//   - setting … for a transaction has no effect outside of one: begin it first, and run
//     the queries in it
//   - setting … on a pool stays with a connection that others borrow: set it for a
//     transaction, with the queries in it
//   - setting … outlives the transaction on a connection that others borrow: set it with
//     SET LOCAL or set_config(…, true)
//   - setting … stays with the connection when others borrow it: set it for a transaction,
//     with the queries in it, or reset it before the release
//   - the note gives no reason and silences nothing; write -- poollint:ignore tenantfilter
//     -- reason
//   - the note silences nothing; write -- poollint:ignore tenantfilter -- …
//   - the note silences no finding of tenantfilter; remove it
//
// # What it does not see
//
// Queries whose text cannot be followed, and those of libraries that it knows but cannot
// read (upper, reform, gocql and more), are counted as
// not read, and listed with -v. So is SQL about a known table that is passed to a function
// which is not known to take SQL; name it in api.queries. Of a struct that such a function
// takes, the text is in the fields that begin like statements. SQL is read as PostgreSQL, MySQL
// and SQLite have it; what is SQL Server's or Oracle's own is not, nor a schema that is written
// in it. Triggers, rules, functions in the database and privileges are not considered, nor
// whether the tenant given is the caller's own. Filters that hooks of object mappers other than
// ent add are not known unless configured; of the field types of GORM that add conditions
// (QueryClauses and its like), that of the tenant's column is taken to add the tenant.
// "poollint queries" judges the texts that tests really run, whatever made them.
package tenantfilter
