// Package queries is the command "poollint queries": it runs tests, which record the
// statements that they hand to the database, and judges these as the rule tenantfilter
// judges those that it reads in the code.
//
//	poollint queries [flags] -- go test ./...
//
// The recorder is in the module testpool: it writes a file for each process.
package queries
