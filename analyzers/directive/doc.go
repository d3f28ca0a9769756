// Package directive reports ignore comments that do not do what they say.
//
// A comment silences findings, and says why:
//
//	//poollint:ignore newpool -- the test is about opening
//	db, err := sql.Open("pgx", dsn)
//
// It covers its line. On a line of its own it covers what begins on the next line: a
// whole statement, declaration or element of a literal; of an if, for, switch or select
// only the head. Several rules are separated by commas.
//
// # Bad
//
//	//poollint:ignore newpol -- shared by all tests
//	//poollint:ignore newpool
//	//poollint:ignore -- legacy
//	//poollint:ignore newpool -- nothing is opened here any more
//
// The first names a rule that does not exist, the second gives no reason, the third names
// no rule; such comments silence nothing. The last is not needed any more: remove it, so
// that it does not hide the next finding.
//
// # What it does not see
//
// A comment is judged only for rules that ran: with -rules, or with a rule switched off in
// go vet or golangci-lint, a comment for another rule is not reported as unused.
package directive
