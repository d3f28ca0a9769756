// Package missingcleanup reports database handles that tests obtain and do not release.
//
// # What is wrong
//
// A test opens a pool, acquires a connection, begins a transaction or prepares a
// statement, and does not release it on every path: it is never closed, the function
// that would close it is dropped, or it is closed at the wrong time.
//
// # Why it hurts
//
// What a test leaks stays until the process ends, and go test runs all tests of a
// package in one process: ten tests that each leak a pool of four connections hold up
// to 40 of the server's 100. Three connections or transactions that are not returned
// to a pool of three block all later tests. The test that fails is not the one that
// leaked.
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
// Register the release with t.Cleanup right after the error check, as the suggested
// fix does. In a suite, release it in TearDownTest or TearDownSuite; with ginkgo, in
// DeferCleanup.
//
// # What is reported
//
//   - A handle that is never released, at the call that obtains it. If a helper
//     returns it, and most callers in the package do not release it, or cannot, the
//     helper is reported once; else the callers that do not release it.
//   - A release that some way through the function does not pass: past an earlier
//     return, a branch without it, the next iteration of a loop. Ways on which the
//     handle was not obtained, or that end the test, do not count.
//   - A release where an error is met, and nowhere else, as of a failed ping.
//   - A release in a method of a suite that nothing calls: a misspelt hook, or that of a
//     base whose override leaves it out.
//   - A loop, or a function that is tried again, that obtains the next handle before it
//     has let go of this one.
//   - A cleanup function that a helper returned and that the caller drops.
//   - A deferred release in a loop: it runs when the function ends, not the iteration.
//   - A deferred release in a test with parallel subtests: it runs before they do.
//   - A deferred release of a handle that a t.Cleanup function uses: deferred calls
//     run first.
//   - A release that is registered after a statement that can end the test.
//   - A t.Cleanup function that uses a database with t.Context(), which is cancelled
//     by then.
//   - A deferred call of TestMain that os.Exit skips.
//
// Handles that live as long as the process (TestMain, sync.Once, package
// variables), mocks, in-memory databases, opens that must fail and examples are
// left alone.
//
// # What it does not see
//
// A handle that is stored in a structure, sent on a channel or passed to code outside
// the module counts as released. Handles in production code are left to other linters.
package missingcleanup
