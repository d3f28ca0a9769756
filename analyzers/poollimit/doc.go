// Package poollimit reports pools of tests that have no small limit of their own.
//
// # What is wrong
//
// A pool without a limit of its own may open as many connections as its library allows:
// max(4, CPUs) with pgxpool, any number with database/sql and what is built on it (sqlx,
// GORM, bun, ent, xorm).
//
// # Why it hurts
//
// "go test ./..." runs as many test binaries at once as there are CPUs, each with
// pools of its own, and as many parallel tests. PostgreSQL allows 100 connections by
// default, small hosted servers about 60. Nobody adds the pools up until a machine with
// more CPUs runs the tests and they fail with "too many clients already". With a small
// limit, tests wait for each other instead.
//
// # Bad
//
//	func TestPgxpool(t *testing.T) {
//		pool, err := pgxpool.New(t.Context(), "postgres://localhost/shop_test")
//		if err != nil {
//			t.Fatal(err)
//		}
//		t.Cleanup(pool.Close)
//	}
//
//	func TestDatabaseSQL(t *testing.T) {
//		db, err := sql.Open("pgx", os.Getenv("TEST_DATABASE_URL"))
//		if err != nil {
//			t.Fatal(err)
//		}
//		t.Cleanup(func() { db.Close() })
//	}
//
// # Good
//
//	var shared = sync.OnceValues(func() (*pgxpool.Pool, error) {
//		return pgxpool.New(context.Background(), "postgres://localhost/shop_test?pool_max_conns=3&connect_timeout=5")
//	})
//
//	var sharedDB = sync.OnceValues(func() (*sql.DB, error) {
//		db, err := sql.Open("pgx", os.Getenv("TEST_DATABASE_URL"))
//		if err == nil {
//			db.SetMaxOpenConns(3)
//		}
//		return db, err
//	})
//
//	func TestShared(t *testing.T) {
//		if pool, err := shared(); err != nil {
//			t.Fatal(pool, err)
//		}
//		if db, err := sharedDB(); err != nil {
//			t.Fatal(db, err)
//		}
//	}
//
// # How to fix
//
// The remedy depends on the library:
//
//	pgxpool.New                pool_max_conns=3 in the DSN
//	pgxpool.NewWithConfig      config.MaxConns = 3
//	database/sql, sqlx, xorm   SetMaxOpenConns(3)
//	gorm, bun, ent             SetMaxOpenConns(3) on the *sql.DB beneath
//	go-pg                      PoolSize: 3 in its options
//
// Where a constructor takes the limit from a field of its configuration, or from an option, the
// finding names that. Only pgxpool understands pool_max_conns. With sql.Open, pgx.Connect or lib/pq the
// server rejects it as an unrecognized parameter. There is no pool_acquire_timeout; the
// context given to Acquire, Query or Begin bounds the wait for a connection.
// connect_timeout bounds dialling, in seconds; no driver has a default. The suggested
// fixes insert the limit and, in a DSN, the timeout. They change a DSN only if nothing
// else uses it; if it comes from elsewhere, they parse it and limit the configuration.
//
// # What is reported
//
// The opener in test code, or the test's call of production code that opens; helpers
// that do not take the running test as in newpool. Limits are found in configurations,
// options, setters on the same handle, constants, helpers of other packages and
// .env.test. A pool whose DSN comes from the environment counts as limited only if code
// limits it. A limit above max_conns is reported too, with severity info if it is at most
// 10, and for a pool that a whole process shares one above five times max_conns, since it
// serves all parallel tests of the package: with four packages at once that makes 60
// connections. If an environment variable overrides a default DSN that has a limit, any
// limit will do. On a server that the tests started, as a container, which no other package
// connects to, it is of severity info, and so is one on a database of its own that a single serial test
// opens once and closes. A missing connect timeout alone is not reported. The first call of a
// constructor, or arm of a branch, says at how many places of how many packages the same is
// to be said; the others are of severity info. go vet and golangci-lint, which see one
// package at a time, have a first one in each.
//
// # Options
//
//	pool:
//	  max_conns: 3                  # most connections that a pool opened by a test may take
//	  connect_timeout: 5s           # what fixes insert
//	  env_files: [config/test.env]  # .env.test and similar files need not be listed
//
// # What it says
//
//   - Since v0.1.0
//   - Severity: warning; info for a limit of up to 10, or what another finding tells
//   - Fix: sets the limit, in the way the driver understands
//   - … opens a pool… without a limit…; call …
//   - … opens a pool… without a limit…; set …(…)
//   - … opens a pool… without a limit of its own: max(…, CPUs) connections…; set … in its
//     DSN
//   - … opens a pool… without a limit of its own: max(…, CPUs) connections…; set … to … in
//     its configuration
//   - … opens a pool… without a limit of its own: max(…, CPUs) connections…; let it take a
//     limit for …, … in tests
//   - … opens a pool… without a limit of its own: … connections for each CPU; …
//   - … opens a pool without a limit; call …; pool_max_conns in its DSN is pgxpool's
//     alone, the server refuses it
//   - … opens a pool… of … connections (…), more than …; lower that to …
//   - … opens a pool… of … connections (…), more than …; let it take a limit for …, … in
//     tests
//   - … opens a pool… whose limit (…) grows with the number of CPUs; set it to …
//
// # What it does not see
//
// Limits that code outside the module sets, or that the server sets for a role or a
// database. A limit that is computed counts as one, whatever its value, and so does a field
// of a configuration that goes to code which may fill it, and a number that a flag or a variable
// of the environment may replace. Not judged are
// Redis and MongoDB clients, whose servers allow thousands of connections, single
// connections, documentation examples, connections that a helper opens and closes for
// itself, a pool on a test's own database that it sends one query and closes, and opens that are
// expected to fail.
package poollimit
