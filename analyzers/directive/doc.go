// Package directive reports ignore comments that do not do what they say.
//
// A comment silences findings, and says why:
//
//	//poollint:ignore newpool -- the test is about opening
//	db, err := sql.Open("pgx", dsn)
//
// It covers its line or, standing alone, what begins on the line below: a
// statement, a declaration with all that is in it, an element of a literal. Of
// an if, for, switch or select it covers the head. Several rules are separated
// by commas.
//
// # Bad
//
//	//poollint:ignore newpol -- shared by all tests
//	//poollint:ignore newpool
//	//poollint:ignore -- legacy
//	//poollint:ignore newpool -- nothing is opened here any more
//
// The first names no rule, the second gives no reason, the third no rule at
// all; such comments silence nothing. The last silences nothing because there
// is nothing to silence: remove it, so that it does not hide the next finding.
//
// # What it does not see
//
// Only rules that ran are judged: under -rules, or with a rule switched off in
// go vet or golangci-lint, a comment for another rule may stand.
package directive
