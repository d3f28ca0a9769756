// Package poollint bundles the rules. Everything that runs them all reads this list.
package poollint

import (
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzers/directive"
	"github.com/poollint/poollint/analyzers/genericslug"
	"github.com/poollint/poollint/analyzers/missingcleanup"
	"github.com/poollint/poollint/analyzers/newpool"
	"github.com/poollint/poollint/analyzers/parallelpool"
	"github.com/poollint/poollint/analyzers/poollimit"
	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/finding"
)

// A Rule is an analyzer with what only a run over all packages can add.
type Rule = finding.Rule

// rules lists the rules in the order of the documentation.
var rules = []Rule{
	newpool.Rule,
	missingcleanup.Rule,
	poollimit.Rule,
	parallelpool.Rule,
	genericslug.Rule,
	tenantfilter.Rule,
}

// Rules returns the rules, in the order of the documentation. The last judges
// the ignore directives of the others.
func Rules() []Rule { return slices.Clone(all()) }

var all = sync.OnceValue(func() []Rule { return WithDirective(rules) })

// WithDirective returns the given rules and the one that judges the directives
// for them.
func WithDirective(run []Rule) []Rule {
	var analyzers []*analysis.Analyzer
	for _, rule := range run {
		analyzers = append(analyzers, rule.Analyzer)
	}
	return append(slices.Clone(run), directive.New(analyzers))
}

// Analyzers returns the analyzers of all rules.
func Analyzers() []*analysis.Analyzer {
	var all []*analysis.Analyzer
	for _, rule := range Rules() {
		all = append(all, rule.Analyzer)
	}
	return all
}
