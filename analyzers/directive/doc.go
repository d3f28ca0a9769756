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
//	// poollint:ignore newpool -- a space before it
//	//poollint: ignore newpool -- a space inside
//	//poollint:disable newpool -- another word
//	//Poollint:Ignore NewPool -- capitals
//	/*poollint:ignore newpool -- a block*/
//	//poollint:ignore newpool - one dash, or a colon, or a long dash
//	//poollint:ignore newpool missingcleanup -- no comma
//	//poollint:ignore newpool no mark before the reason
//
// These were meant as such comments, and silence nothing. The suggested fix writes them as
// they must be, where they name rules and give a reason. Prose that mentions poollint is left
// alone, and so is //nolint:poollint, which is golangci-lint's.
//
// Comments in SQL, as -- poollint:ignore tenantfilter -- reason, are judged by tenantfilter,
// for itself, in the same way. What sqlc has generated of a .sql file is reported at the
// constant; mend the .sql file.
//
// # Options
//
// A rule by itself, as under nogo or in a command of its own, does not know what others find.
// There this analyzer judges the form of comments alone. In poollint, go vet -vettool and
// golangci-lint it runs after all rules, and reports comments that silence nothing too.
//
// # What it says
//
//   - Since v0.1.0
//   - Severity: warning
//   - Fix: the form, where rules and a reason are given
//   - this silences nothing; write //poollint:ignore …
//   - there is no rule …
//   - the directive names no rule; write //poollint:ignore RULE -- reason
//   - the directive gives no reason and silences nothing; write //poollint:ignore RULE --
//     reason
//   - the directive silences no finding of …; remove it
//
// # What it does not see
//
// A comment is judged only for rules that ran: with -rules, or with a rule switched off in
// go vet or golangci-lint, a comment for another rule is not reported as unused. In SQL,
// comments for another rule than tenantfilter are not looked at.
package directive
