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
// fixes do: they insert it, move it up, make it of a defer, or take the function that was
// dropped. The body of a loop that defers becomes a function of its own. In a suite, release it in TearDownTest or TearDownSuite; with ginkgo, in
// DeferCleanup.
//
// # What is reported
//
//   - A handle that is never released, at the call that obtains it. If a helper
//     returns it, and most callers in the package do not release it, or cannot, the
//     helper is reported once, with their number; else the callers that do not release
//     it. A standalone run does the same for the callers of other packages, if there are
//     several, or none of them can release what they get.
//   - A handle that a method such as Connect keeps in its receiver, if the test makes that
//     object and nobody closes it or what it keeps.
//   - A release that some way through the function does not pass: past an earlier
//     return, a branch without it, the next iteration of a loop. Ways on which the
//     handle was not obtained, or what is released is nil, or that end the test, do not count.
//   - A handle in an object whose methods start, or cancel by a context's cancel function, the
//     work with it, and close nothing.
//   - A transaction or borrowed connection that is not given back, though the same code closes its pool: once all
//     specs are over, or by a Close that waits for it, as that of pgxpool does.
//   - A release where an error is met, and nowhere else, as of a failed ping.
//   - A release in one spec, or in a hook of an inner container, of what a BeforeEach obtains for others too.
//   - A release once all tests are over, as in TearDownSuite or AfterAll, of what each test obtains: it is the last one's.
//   - A package variable that each test, or each hook, gives a handle of its own, and that nothing closes; also
//     one of another package, by way of a function there such as db.Connect. A test that closes it does so for itself alone.
//   - A release in a method of a suite that nothing calls: a misspelt hook, or that of a
//     base whose override leaves it out.
//   - A loop, or a function that is tried again, that obtains the next handle before it
//     has let go of this one; a field or package variable that takes it.
//   - A handle in what a function returns to whoever calls it, as a literal that captures the
//     handle, where those who are given the function release nothing.
//   - A cleanup function that a helper returned and that the caller drops, or never calls where nothing
//     else closes the handle.
//   - A handle in a field of a struct, also one that a function returns, of which other fields alone are
//     closed. Of several handles that one call gives, one that is lost is told.
//   - A deferred release in a loop: it runs when the function ends, not the iteration.
//   - A deferred release of a handle that parallel subtests use, wherever they call
//     t.Parallel, or one that stands below them: it runs before they do. Subtests of a group that is not parallel itself
//     are over by then.
//   - A deferred release of a handle, or of the pool it is made of, that a t.Cleanup
//     function uses, to release what the pool has lent as well: deferred calls run first. Of several deferred calls, and of several
//     t.Cleanup functions, the last one runs first.
//   - A release in a suite's TearDown method that runs before a t.Cleanup function of the
//     same test, or before parallel methods of the suite.
//   - A release that is registered after a statement that can end the test; of a transaction or
//     borrowed connection also one that is not registered.
//   - A t.Cleanup function that uses a database with the context of its test, or with one
//     whose cancel function is deferred or registered later: it is cancelled by then.
//   - A deferred call of TestMain, or of a helper that runs the tests, that is skipped since
//     the process ends there: by os.Exit, log.Fatal or whatever calls them. What ends with
//     the process anyway, such as a pool, may be skipped, and so may what is named for closing and
//     works with no database.
//
// Where what a function returns cannot close its pool, that is one cause: it is told once, with
// the number of calls, and in a standalone run at the function, if its name says that it is for
// tests. So is a field of the object that nothing closes, beside what the object does close.
//
// Handles that live as long as the process (TestMain, sync.Once, package variables),
// mocks, in-memory databases, opens that must fail (also by the kind of error that a
// test expects where it drops the connection, or by a name such as faultyDB), what a
// method opens by way of a function in a field where the test puts a fake there, what a
// constructor opens unless an option gives another, what stands behind t.Skip, and
// examples are left alone, and so is a transaction of database/sql or sqlx that begins
// with a context which the test cancels: it is rolled back then. Of a table some of
// whose rows want a failure, the others are judged: what they open is reported if
// nothing releases it.
//
// # What it says
//
//   - Since v0.1.0
//   - Severity: warning; info for what only a test that fails leaves open, and for a helper
//     that its callers answer for
//   - Fix: inserts or moves the release; makes t.Cleanup of a defer
//   - the … is never closed…; …
//   - the … is not closed by … of … callers; …
//   - the … is never released…; …
//   - the … is never rolled back…; …
//   - the … is closed on errors alone…; …
//   - the … is closed for some specs alone; …
//   - the … is closed for the last test alone; …
//   - the … that … puts into … is never closed before the next test puts another there; close it …
//   - the … is not closed on the way …; release it …
//   - the … is not … before the next one is obtained; let go of each, or obtain one and
//     try that again
//   - the function that closes what … opens is dropped; call it with …
//   - … in line … can end the test before this release of the … is registered; move it up,
//     behind the error check
//   - … in line … can end the test before the … is …; release it …
//   - the deferred release of the … runs when the function ends, not the iteration; move
//     the loop's body to a function or a subtest
//   - the deferred release of the … runs before the parallel subtests do; use …
//   - the deferred release of the … runs before the deferred call of line … that works
//     with it; move it above that one
//   - the deferred release of the … runs before the t.Cleanup function of line … that
//     works with it; use …, above that one
//   - this release of the … runs before the parallel subtests do; use t.Cleanup
//   - the release of the … runs before the cleanup function of line … that works with it:
//     the last registered runs first; register it above that one
//   - this release of the … runs before the cleanup function of line … that works with it;
//     do that work here, above the release
//   - this release of the … runs before the suite's parallel methods do; release it with
//     t.Cleanup in the test that runs the suite
//   - line … cancels this context before the cleanup function runs; use
//     context.Background() with a timeout
//   - the test's context is cancelled before cleanup functions run; use
//     context.Background() with a timeout
//   - the process ends without this deferred call; call it before, or let TestMain return:
//     the exit status is m.Run's
//
// # What it does not see
//
// A handle that is stored in a structure, sent on a channel or passed to code outside
// the module, other than a server of net/http, counts as released, and so does a pool that is a literal, as redigo's are, unless
// a function returns it: its callers are judged.
// Handles in production code are left to other linters. The page of newpool says which
// packages are test code.
package missingcleanup
