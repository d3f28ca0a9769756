// Package poollint bundles the rules. Everything that runs them all reads this list.
package poollint

import (
	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/finding"
)

// A Rule is an analyzer with what only a run over all packages can add.
type Rule struct {
	*analysis.Analyzer

	// Finish sees the findings and the evidence of every package once all are
	// analysed and returns the rule's final findings; nil leaves them as they are.
	Finish func(findings []finding.Located, evidence []finding.Evidence) []finding.Located
}

// Rules returns the rules, in the order of the documentation.
func Rules() []Rule {
	return []Rule{}
}

// Analyzers returns the analyzers of all rules.
func Analyzers() []*analysis.Analyzer {
	var all []*analysis.Analyzer
	for _, rule := range Rules() {
		all = append(all, rule.Analyzer)
	}
	return all
}
