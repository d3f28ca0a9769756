// Package missingcleanup reports database handles that tests obtain and do not release.
//
// # What is wrong
//
// A test opens a pool, acquires a connection, begins a transaction or prepares
// a statement, and some way out of the test does not give it back: it is never
// closed, the function that would close it is dropped, or it is closed at the
// wrong time.
//
// # Why it hurts
//
// What a test leaks stays until the process ends, and go test runs all tests of
// a package in one process: ten tests that leak a pool of four connections hold
// up to 40 of the server's 100. A connection or transaction that is not given
// back to a pool of three blocks every third test for ever. The test that dies
// of it is not the one that leaked.
//
// # Bad
//
//	func TestInvoices(t *testing.T) {
//		conn, err := db.Conn(t.Context())
//		if err != nil {
//			t.Fatal(err)
//		}
//		insertInvoice(t, conn)
//	}
//
// # Good
//
//	func TestInvoices(t *testing.T) {
//		conn, err := db.Conn(t.Context())
//		if err != nil {
//			t.Fatal(err)
//		}
//		t.Cleanup(func() { _ = conn.Close() })
//		insertInvoice(t, conn)
//	}
//
// # How to fix
//
// Register the release with t.Cleanup on the line behind the error check; the
// suggested fix does. In a suite, release it in TearDownTest or TearDownSuite;
// with ginkgo, in DeferCleanup.
//
// # What is reported
//
//   - A handle that is never released, at the call that obtains it. A helper that
//     returns one is reported once, at the helper, if none of its callers in the
//     package releases it, or if what it returns cannot release it; else the callers
//     that forget.
//   - A release that a return above it skips.
//   - A cleanup function that a helper returned and that the caller drops.
//   - A deferred release in a loop: it runs when the function ends, not the iteration.
//   - A deferred release in a test with parallel subtests: it runs before they do.
//   - A deferred release of what a t.Cleanup function still works with: deferred
//     calls run first.
//   - A release that is registered below a statement that can end the test.
//   - A t.Cleanup function that works on a database with t.Context(), which is
//     cancelled by then.
//   - A deferred call of TestMain that os.Exit skips.
//
// Handles that live as long as the process (TestMain, sync.Once, package
// variables), mocks, in-memory databases, opens that must fail and examples are
// left alone.
//
// # What it does not see
//
// It is lenient: a handle that is stored in a structure, sent on a channel or
// handed to code whose source it does not have counts as released by someone.
// Handles of production code are the business of other linters.
package missingcleanup
