// Package newpool reports tests that open a database pool of their own.
//
// # What is wrong
//
// A test, or a helper that each test calls, opens a pool or a connection of its own
// to a database that other tests use too, instead of using one that the process
// shares. Each test works alone. Together the tests use up the server's connections,
// and the last ones fail with "too many clients already".
//
// # Why it hurts
//
// pgxpool opens up to max(4, CPUs) connections, database/sql has no limit at all,
// and PostgreSQL allows 100, of which 3 are reserved; hosted ones about 60. go
// test runs as many packages at once as there are CPUs, each in a process with
// pools of its own, and in each as many parallel tests. On 8 CPUs, 8 packages with
// 8 parallel tests on a pool of 8 may open 512. Every pool also needs its own TCP
// and TLS handshakes and authentication, which take most of a small test's time.
//
// # Bad
//
//	func TestInvoices(t *testing.T) {
//		pool, err := pgxpool.New(t.Context(), os.Getenv("TEST_DATABASE_URL"))
//		if err != nil {
//			t.Fatal(err)
//		}
//		defer pool.Close()
//		...
//	}
//
// # Good
//
//	func TestInvoices(t *testing.T) {
//		pool := testpool.Get(t)
//		...
//	}
//
// # How to fix
//
// Open one pool a process: in TestMain, in a sync.OnceValue, or through
// testpool.Get. Isolate tests by tenant, or by a transaction that is rolled back.
//
// If pool.helpers names a helper that returns the type that the test opens, the suggested
// fix replaces the opener, its error check and the deferred Close by a call of the helper.
// In a helper that alone decides what it opens, it moves the opener into a package
// variable behind sync.OnceValues, and removes what closes the pool after each test; it
// does not where a test may close it in another way, or looks for goroutines that are left.
//
// A shared pool that serves tests which change tables should not cache statement
// plans: add default_query_exec_mode=exec to the DSN. The message says so where it
// sees such tests.
//
// # What is reported
//
// The call that opens the pool, once, with the tests that reach it. It is in the test,
// or in a helper that tests share; if production code opens the pool in a constructor,
// it is the test's call of the constructor. Helpers are followed through packages,
// closures, tables of functions, methods, and hooks that they register. Also reported is a pool that was meant to
// be shared, but whose package variable is never assigned because := declares another.
//
// One cause is one report. Of the calls of one constructor, and of the arms of one branch,
// the first is told with all tests of its package that it opens for; of the others those
// alone, with severity info, that can be mended by themselves. In a standalone run those of
// other packages are of severity info, and the first says how many packages there are. So is
// the pool of a test that opens it once, and is the only one of its package to open any: that
// is one pool a process; and so are those of a package whose TestMain is
// goleak.VerifyTestMain, which no shared pool passes. A single connection is of severity info
// where the function around it, or each caller of the helper that returns it, closes it, itself or when the
// test is over, and the tests that open it run one after another and start no goroutines (what the code
// under test starts counts only if it is given a function): then one is open at a time. So is a client of a
// server that allows thousands of connections, such as Redis or MongoDB, and one that a single test
// opens once.
//
// A package outside test files is test code if tests alone import it, directly or through
// other such packages, and nobody else can or it says that it is for tests: it is internal,
// its path has a word such as dbtest or testutil, or it imports a library for tests. Where
// no importer is seen (a run over a part of the module, go vet, golangci-lint, which see
// one package at a time) name and imports have to agree. Of other packages a helper that
// does not take the running test is known by its name, its receiver's, its file's or its
// package's (NewTestDB, TestServer.Connect, testing.go, dbtest): a standalone run reports it once, inside; go vet and
// golangci-lint at each test that calls it. A helper outside test files that no test of a
// standalone run over the module reaches, for instance for want of a build tag, is left
// alone there.
//
// Left alone are pools that are opened once a process or suite (TestMain, package
// variables, sync.Once and its kin, nil checks, also of another package's variable,
// registries that functions of the package ask and fill,
// flags that say it has run (of a field or sync.Once in one: as often as there are
// values that have it; none where the end of a test takes the guard back), SetupSuite,
// BeforeSuite; not one in a SetupSuite of several suites that puts its pool in the same
// package variable, and that nobody closes); tests with a database, schema or container
// of their own, where a pool each is right, also if SetupTest or BeforeEach makes it
// (by way of an interface, if each of its implementations does), or if a constructor is
// given a random name, or one is put into the configuration that it finds by itself (a helper that makes a schema only if it is given a name, or if
// there is none of that name yet, is judged by what each caller gives: with "" or a
// fixed name, or one out of the environment or the DSN itself, they share what it
// names); constructors that are given a pool where they open one otherwise; mocks,
// in-memory and file databases, also where a configuration, a name in a table or the
// scheme of an address chooses one: by what the code puts there, and not by what a
// variable of the environment may put in place of that; tests that ask a pool for its
// limit and run no query, or ping a server and close; warehouses that are asked over
// HTTP, such as BigQuery; opens that must fail, however the test says so (also by the
// kind of error that it expects where it drops the connection, or by a name such as
// faultyDB); methods that open by way of a function in a field where the test puts a
// fake there; connections that a helper or hook opens and closes for itself, or any
// function that makes or drops databases or roles with them; examples; and wrappers
// over a handle.
//
// # Options
//
//	pool:
//	  helpers: [example.com/shop/internal/dbtest.Pool]  # functions that return the shared pool
//	  self_test: true  # the tree is a driver or a database tool, whose tests open on purpose: the rule is off
//	api:
//	  openers: [example.com/dbkit.Open]  # openers of libraries that are not in the catalogue
//
// # What it says
//
//   - Since v0.1.0
//   - Severity: warning; info where it is one pool a process or one connection at a time, or
//     where another finding tells the cause
//   - Fix: takes the shared pool of a helper, or shares the helper's own
//   - … opens a pool… for …; share one a process: open it in TestMain or behind sync.Once
//   - … opens a pool… for …; share one a process: open it in TestMain or behind sync.Once,
//     with statement caches off since the tests run DDL (default_query_exec_mode=exec)
//   - … opens a pool… for …; take the shared one from …
//   - … opens a connection for …; take one from a pool that the process shares: open that
//     in TestMain or behind sync.Once
//   - … opens a pool, but the package variable … that should share it is never assigned;
//     assign with = instead of :=
//
// # What it does not see
//
// Calls through an interface, or through a function value that is not assigned in the
// package; constructors of libraries outside the module that api.openers does not
// name; tests that get the same DSN from different places. A container that each test
// starts counts as a database of its own, though one for all would be quicker; one that is
// started once (TestMain, SetupSuite, sync.Once, a package variable) does not: the tests share it.
// A library that the catalogue does not know is taken to start one if what it returns can be stopped and
// tells an address, or is made for the running test; one that hands out the same server to all is not told apart.
package newpool
