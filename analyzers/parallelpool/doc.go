// Package parallelpool reports parallel tests that multiply pools or share rows.
//
// # What is wrong
//
// Tests that call t.Parallel run at once, as many as there are CPUs. That is
// right on one shared pool with data of their own. It goes wrong where each opens
// a pool, where two write the same tenant's rows, where one empties or migrates
// the tables of the others, or where a test holds a connection while its parallel
// subtests wait for one.
//
// # Why it hurts
//
// With -p packages and -parallel tests at once, a pool of 4 connections a test on
// 8 CPUs is 256 connections: the server has 100. Rows that two tests share make
// failures that go away when either runs alone. And a pool of limit n whose n
// connections are held by tests that wait for their own subtests never moves
// again.
//
// # Bad
//
//	func TestInvoices(t *testing.T) {
//		t.Parallel()
//		pool, err := pgxpool.New(t.Context(), dsn) // one for each parallel test
//		if err != nil {
//			t.Fatal(err)
//		}
//		t.Cleanup(pool.Close)
//		...
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
// of their own, or do not run in parallel. Take connections inside the subtests.
//
// # What is reported
//
// The opener that parallel tests reach one by one, directly or through helpers;
// a helper that parallel tests of other packages reach only where poollint sees
// all packages. A tenant, organization, workspace, account, slug or subdomain
// with the same fixed name in two parallel tests, or in the parallel subtests of
// a loop. TRUNCATE, DELETE without WHERE, DDL and migrations on a shared handle
// in a parallel test. A connection or transaction that is held across parallel
// subtests that share it or use the same pool. Tests with a database, schema or
// container of their own are left alone, and so is one shared pool.
//
// # What it does not see
//
// Statements that are put together at run time, tenants that a helper of another
// package names, and handles whose origin is a struct's field. Transactions are
// taken as rolled back.
package parallelpool
