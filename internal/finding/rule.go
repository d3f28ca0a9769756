package finding

import "golang.org/x/tools/go/analysis"

// A Rule is an analyzer with what only a run over all packages can add.
type Rule struct {
	*analysis.Analyzer

	// Everywhere runs the rule on packages too that reach no database library.
	Everywhere bool

	// Data has a value of each type that the Data of findings and of evidence may
	// have, so that caches can hold them.
	Data []any

	// Finish sees the findings and the evidence of every package once all are
	// analysed and returns the rule's final findings, which are then worded; nil
	// leaves them as they are. Evidence is sorted by position and key; what two
	// variants of a package both tell comes once.
	Finish func(findings []Located, evidence []Evidence) []Located

	// Notes sees the same evidence and says what the rule did not look at in the
	// whole run; may be nil.
	Notes func(evidence []Evidence) []Note
}
