// Package genericslug reports generic tenant names that tests of one database share.
//
// # What is wrong
//
// A test gives its tenant a name that anyone may choose: "test", "acme", "tenant-1", an
// all-zero UUID. Another test, file or package chooses the same, and on one database they
// collide: a unique constraint is violated when they run together, one test counts the
// rows of the other, or deletes rows that the other still needs. Each passes alone.
//
// # Why it hurts
//
// go test runs packages at once, and tests marked t.Parallel. If tests choose one of ten
// words, the chance that two share one is about one half with 4 tests. Sharing one pool is
// safe because tests are isolated by tenant, and that only holds if no two tests have the
// same tenant.
//
// # Bad
//
//	func TestInvoices(t *testing.T) {
//		tenant := createTenant(t, db, Tenant{Slug: "acme"})
//		createInvoice(t, db, tenant)
//	}
//
// # Good
//
//	func TestInvoices(t *testing.T) {
//		tenant := createTenant(t, db, Tenant{Slug: testpool.Slug(t)})
//		createInvoice(t, db, tenant)
//	}
//
// # How to fix
//
// Take testpool.Slug or testpool.Tenant, a UUID, or a name made from t.Name().
// The suggested fix writes the file's name and t.Name(), in lower case if the literal is,
// where that stands in a test; it changes every occurrence of the literal in that test.
// Different names of one test stay different.
//
// # What is reported
//
// A generic word in a position that means a tenant: an argument, field, map key, variable
// or column of an INSERT whose name says tenant, organization, workspace, account, slug or
// subdomain, also where a parameter of a helper or closure, a variable of a loop or a field of
// a table of cases leads there, and in the JSON of a request, or a header of one that writes.
// A literal that is used by tests of two files, by two parallel tests or (when poollint runs
// over all packages) by two packages is an error. One that is used once is a warning, since
// another test may choose it too; made once for a process or a suite, it is no more than
// information.
//
// Left alone are tests that use no database or have a database, schema or transaction of
// their own: one that they, a helper or a hook of their suite, also of an embedded one, roll
// back. So are tests that run one after another and clean up, by DELETE, TRUNCATE or what is
// named for it; what only reads, compares, expects or inserts what is not there yet
// (ON CONFLICT); names for people beside another key; and slugs of what belongs to a
// generated parent, such as a project's environment, also by way of a variable. A name must
// reach the database: what is given to code that has nothing which leads there, as a cache's
// keys and events in memory have not, what a helper only puts into a name that it makes,
// calls that must fail, and tenants for whom a function only reads, are left alone.
//
// # Options
//
//	slug:
//	  words: [contoso]    # generic words, besides the built-in ones
//	  names: [customer]   # parts of names that mean a tenant, besides the built-in ones
//
// # What it says
//
//   - Since v0.1.0
//   - Severity: error for a name that files, parallel tests or packages share; warning for
//     one used once; info in tests that a database of their own may serve
//   - Fix: a name made from t.Name(), or a new UUID
//   - generic … is shared by the packages …; make it unique: …
//   - generic … is shared by tests in …; …
//   - generic … is shared by the parallel tests …; make it unique: …
//   - generic … is used on a shared database, where the next test may pick it too; make it
//     unique: …
//   - generic … is used on a shared database, where the next test may pick it too; give
//     each test one of its own: …
//
// # What it does not see
//
// Names in helpers of other packages, numeric IDs, and names from files. Functions of other
// modules read or clean up if their name says so. A method whose receiver has fields, none
// of which leads to a database, is taken to write nothing, though it may use a variable of
// its package. Under go vet and golangci-lint, which see
// one package at a time, a name that two packages share counts as used once.
package genericslug
