// Package testpool gives the tests of one process a single, small, watched pool
// of PostgreSQL connections, and each test a tenant, transaction, schema or
// database of its own.
//
//	func TestMain(m *testing.M) { testpool.Main(m, testpool.Setup(migrate)) }
//
//	func TestInvoices(t *testing.T) {
//		t.Parallel()
//		pool := testpool.Get(t)      // the process's pool: nothing to close
//		tenant := testpool.Tenant(t) // "billing-invoices-3kq7x1": this test's alone
//		createTenant(t, pool, tenant)
//	}
//
// # Why
//
// A server takes about 100 connections, a hosted one about 60. "go test ./..." runs
// several packages at once, each may run several tests at once, and a pool opens
// as many connections as the machine has processors, or without any limit. A
// pool for every test therefore ends in "too many clients already". One pool a
// process bounds the sum: 3 connections times the packages that run at once.
//
// # Which database
//
// The database is the one of the option [URL], else of the first of
// DATABASE_URL_TEST, TEST_DATABASE_URL and DATABASE_URL that is set. Where none is
// set, the test is skipped, or fails with the option [Required]. A database that
// is set but cannot be reached fails the test.
//
// # Limits
//
// The default comes first, then what the connection string says, then the option
// given to [Main] or to the first [Get], then the environment.
//
//	limit                        default  connection string  option            environment
//	connections of the pool      3        pool_max_conns     MaxConns          TESTPOOL_MAX_CONNS
//	connections of a private one 2                           PrivateConns      TESTPOOL_PRIVATE_CONNS
//	time to connect              5s       connect_timeout    ConnectTimeout    TESTPOOL_CONNECT_TIMEOUT
//	time to wait for a free one  5s                          MaxWait           TESTPOOL_MAX_WAIT
//	time to wait for a Setup     2m                          SetupWait         TESTPOOL_SETUP_WAIT
//	no database is a failure     no                          Required          TESTPOOL_REQUIRED
//	a failed test's place stays  no                          KeepFailed        TESTPOOL_KEEP=failed
//
// A query that waits for a connection while none comes back for [MaxWait] fails with an error that
// names the tests that hold them, and where they took them:
//
//	testpool: no connection after 5s: 3 of 3 are held
//		TestRefund: taken at refund_test.go:31, held for 5.2s, in a transaction, last query: update orders …
//		TestExport: taken at export.go:88, held for 5.1s, last query: select …
//		TestExport: taken at export.go:88, held for 5.1s, last query: select …
//
// A test is named by the goroutine on which it has called a function of this package. Of
// a goroutine or a subtest that has not, the message says what is known: the test function, say.
//
// # Setup
//
// The option [Setup] is for migrations. Test binaries that share a database take turns: who has the turn keeps a
// transaction open on one connection beside the pool, with a lock that the others look for ten times a second. It ends with the
// process, however that ends. Who has waited [SetupWait] for one other fails, with its session and
// the statement that ends it; "poollint doctor" finds a session that keeps the lock without a Setup.
//
// # Migrations
//
// [Migrations] migrates the process's pool, and each private schema. Private databases are
// copies of a template, which the first process with these migrations makes on the server:
//
//	//go:embed *.sql
//	var files embed.FS
//
//	func TestMain(m *testing.M) { testpool.Main(m, testpool.Migrations(testpool.SQL(files))) }
//
// The packages testpool/migrate/goose, golangmigrate, tern and atlas are modules of their
// own that take the migrations of those tools.
//
// # What is left
//
// What [Schema] and [Database] have made is dropped with the test. If the process is killed before, the next
// run that makes one drops it: where no session uses it, and the process that made it has
// ended on this machine, or it is a day old if it was made on another. With [KeepFailed] what a failed test leaves is kept for 7 days, and
// the test logs the psql command that looks into it. "poollint doctor" lists all of it.
//
// # Poolers
//
// Behind PgBouncer in transaction mode the pool prepares no named statements, unless the connection
// string asks for it with default_query_exec_mode. [Database] needs a pooler that knows databases by
// their own names, [Schema] one that hands search_path on, and they say so. [Setup] needs two of its sessions.
// Connections beside the pool, which [Main] finds otherwise, are not seen there.
//
// # With other libraries
//
// [DB], [TxDB], [SchemaDB] and [DatabaseDB] are the same as a *sql.DB; sqlx.NewDb, bun.NewDB,
// gorm's postgres.Config{Conn: db} and ent's sql.OpenDB take it. None of them needs to be
// closed, and the process's pool may not be: a test that closes what [Get] or [DB] returned fails, the
// others go on with another.
//
// # Statements
//
// While "poollint queries" runs the tests, the pools of this package record the texts of
// the statements that run, never their arguments. [Tracer], [Record] and [RecordDriver]
// do the same for other pools.
package testpool
