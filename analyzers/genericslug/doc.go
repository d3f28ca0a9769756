// Package genericslug reports generic tenant names that tests of one database share.
//
// # What is wrong
//
// A test creates its tenant under a name that comes to everybody's mind:
// "test", "acme", "tenant-1", an all-zero UUID. The next test, file or package
// picks the same, and on one database the two meet: a unique constraint breaks
// when they run together, one test counts the rows of the other, one cleans up
// what the other still needs. Each passes alone.
//
// # Why it hurts
//
// go test runs packages at once and tests marked t.Parallel at once. With n
// tests on a word out of ten, the chance that two share one passes one half at
// n = 4. Isolation by tenant is what makes one pool a process safe; it holds
// only while no two tests have the same tenant.
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
// The suggested fix writes the file's name and t.Name() where the literal stands
// alone in a test; it changes every occurrence of the literal in that test.
//
// # What is reported
//
// The position decides, not the word alone: an argument, field, map key,
// variable or SQL column whose name says tenant, organization, workspace,
// account, slug or subdomain. A literal that stands in tests of two files, in two
// parallel tests or (when poollint runs over all packages) in two packages is an
// error; one that is used once is a warning, because the next test will pick it.
// Tests that touch no database, that have a database, schema or transaction of
// their own, and assertions are left alone; so is a slug below a generated
// parent, such as a project's environment.
//
// # Options
//
//	slug:
//	  words: [contoso]    # generic words, besides the built-in ones
//	  names: [customer]   # parts of names that mean a tenant, besides the built-in ones
//
// # What it does not see
//
// Names that a helper of another package hardcodes, numeric IDs, and names read
// from files. Under go vet and golangci-lint, which see one package at a time,
// names that two packages share count as used once.
package genericslug
