// Package poollimit reports pools of tests that have no small limit of their own.
//
// # What is wrong
//
// A pool that nobody limits takes what its library's default allows: pgxpool
// max(4, CPUs) connections, database/sql and everything over it (sqlx, GORM, bun,
// ent, xorm) any number.
//
// # Why it hurts
//
// "go test ./..." runs as many test binaries at once as there are CPUs, each with
// pools of its own and as many parallel tests again. PostgreSQL takes 100
// connections by default, small hosted servers about 60. Nobody adds the pools
// up until a machine with more CPUs runs them and the tests fail with "too many
// clients already". A small limit makes tests wait for each other instead.
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
// pool_max_conns is pgxpool's alone: through sql.Open, pgx.Connect or lib/pq the
// server refuses it as an unrecognized parameter. There is no
// pool_acquire_timeout; what bounds waiting for a connection is the context given
// to Acquire, Query or Begin. connect_timeout bounds dialling, in seconds; no
// driver has a default. The suggested fixes put in the limit and, into a DSN, the
// timeout; they change a DSN only where nothing else uses it.
//
// # What is reported
//
// The opener in test code, or the test's call of the production code that opens; a
// helper that does not take the running test as in newpool.
// Limits are followed through configurations, options, setters on the same
// handle, constants, helpers of other packages and .env.test. A DSN from the
// environment counts as limited only if code limits the pool. A limit above
// max_conns is reported too; a pool that a whole process shares may take five
// times as many, since all parallel tests of the package live on it: with four
// packages at once that is 60. The limit in a default that an environment
// variable overrides counts, whatever its size. A missing connect timeout alone
// is not reported.
//
// # Options
//
//	pool:
//	  max_conns: 3                  # most connections that a pool opened by a test may take
//	  connect_timeout: 5s           # what the fixes put in
//	  env_files: [config/test.env]  # .env.test and its like are found without
//
// # What it does not see
//
// Limits that code outside the module sets, that the server sets for a role or a
// database, or that are computed: the last count as limits. Redis and MongoDB
// clients are left alone, their servers take thousands of connections; so are
// single connections, documentation examples, admin connections that their
// helper closes, and calls that are expected to fail.
package poollimit
