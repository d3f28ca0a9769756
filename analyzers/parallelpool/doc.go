// Package parallelpool reports parallel tests that multiply pools or share rows.
//
// # What is wrong
//
// Tests that call t.Parallel run at once, as many as there are CPUs. That works on one
// shared pool if each test has data of its own. It goes wrong if each opens a pool, if two
// write rows of the same tenant, if one empties or migrates tables that others use, or if
// a test holds a connection while its parallel subtests wait for one.
//
// # Why it hurts
//
// With -p packages and -parallel tests at once on 8 CPUs, a pool of 4 connections in each
// test makes 256 connections, and the server has 100. Tests that share rows fail only
// when they run together. And if tests that wait for their own subtests hold all
// connections of a pool, they deadlock.
//
// # Bad
//
//	func TestInvoices(t *testing.T) {
//		for _, state := range []string{"open", "paid"} {
//			t.Run(state, func(t *testing.T) {
//				t.Parallel()
//				pool, err := pgxpool.New(t.Context(), dsn) // one for each parallel subtest
//				if err != nil {
//					t.Fatal(err)
//				}
//				t.Cleanup(pool.Close)
//				...
//			})
//		}
//	}
//
//	func TestOrders(t *testing.T) {
//		pool := testpool.Get(t)
//		conn, err := pool.Acquire(t.Context())
//		if err != nil {
//			t.Fatal(err)
//		}
//		t.Cleanup(conn.Release)
//		t.Run("paid", func(t *testing.T) {
//			t.Parallel() // runs when TestOrders has returned: conn is still held
//			orders(t, pool)
//		})
//	}
//
// # Good
//
//	func TestInvoices(t *testing.T) {
//		t.Parallel()
//		pool := testpool.Get(t) // the process's
//		tenant := testpool.Tenant(t)
//		...
//	}
//
// # How to fix
//
// Open one pool a process, in TestMain or behind sync.Once, with a small limit.
// Give each test a tenant of its own, named from t.Name() or a UUID. Migrate once,
// before m.Run. Tests that must empty or change tables get a database or a schema
// of their own, or do not run in parallel: the suggested fix takes their t.Parallel()
// away. Take connections inside the subtests.
//
// # What is reported
//
//   - A call that opens a pool in each of several parallel tests, directly, through helpers or
//     in SetupSuite. A helper that only parallel tests of other packages call is reported where
//     poollint sees all packages.
//   - A tenant, organization, workspace, account, slug or subdomain that two parallel tests
//     make with the same fixed name, or two parallel subtests of one test, such as those of a
//     loop or the rows of a table.
//   - TRUNCATE, DELETE without WHERE or with one that always holds, DDL, migrations, dropping or
//     emptying a collection, and flushing Redis, on the shared database in a parallel test, in a helper that it
//     calls, or in what they run when the test is over.
//   - A connection, a transaction or the unread rows of a query that a test holds, itself, by a
//     struct, a closure or a helper, while parallel subtests share it or use the same pool.
//
// Tests with a database, schema or container of their own are left alone, and so are pools
// that are opened once, tenants that tests only read, and those made in a transaction that is
// rolled back, and a table that one test makes and no other code of the package names.
// The pool of the only test of a package to open any, or of the only parallel one,
// multiplies nothing yet: info.
//
// # What it says
//
//   - Since v0.1.0
//   - Severity: warning; info where nothing multiplies yet
//   - Fix: has tests that empty shared tables run in turn
//   - … opens a pool for …, so that -parallel multiplies its connections; open one a
//     process and share it
//   - … opens … pools for …, so that -parallel multiplies its connections; open one a
//     process and share it
//   - … opens … for …, so that -parallel multiplies its connections; open a pool a
//     process, and take connections from that
//   - … opens a pool for …; the next parallel test that does will multiply it: …
//   - … the shared database while other parallel tests use it; do it once in TestMain, or
//     give the test a database or schema of its own
//   - the parallel tests … share the tenant … of one database; make it unique with
//     t.Name() or a UUID
//   - the parallel subtests of … share the tenant … of one database; make it unique with
//     t.Name() or a UUID
//   - … holds … while parallel subtests …; take it inside each subtest, or release it
//     before t.Run
//   - … holds the connection of its rows while parallel subtests …; query inside each
//     subtest, or close them before t.Run
//
// # What it does not see
//
// Statements that are made at run time but for the name of the table, or that stand in a batch,
// rows given to COPY, what hooks of a suite hold for its tests, and tenants named by helpers of
// other packages. Transactions on which tests empty tables are assumed to be rolled back.
package parallelpool
