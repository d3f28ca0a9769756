package directive

import (
	_ "embed"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/nearest"
	"github.com/poollint/poollint/internal/rule"
)

//go:embed doc.go
var page string

// New returns the rule that judges the directives of a package once the given
// rules have run. The names are those of all rules, run or not.
func New(run []*analysis.Analyzer, names []string) finding.Rule {
	c := checker{known: append(slices.Clone(names), "directive")}
	for _, rule := range run {
		c.ran = append(c.ran, rule.Name)
	}
	return rule.New(rule.Spec{Page: page, Severity: finding.Warning, Requires: run, Run: c.run})
}

type checker struct{ known, ran []string }

// on returns the checker for a package in which the configuration switches rules off.
func (c checker) on(settings *config.Config) checker {
	c.ran = slices.DeleteFunc(slices.Clone(c.ran), func(rule string) bool { return settings.Rule(rule).Severity == config.Off })
	return c
}

func (c checker) run(pass *analysis.Pass, report *finding.Reporter) {
	index := pass.ResultOf[directive.Analyzer].(*directive.Index)
	c = c.on(config.Of(pass))
	for _, d := range index.All {
		for _, message := range c.mistakes(index, d) {
			report.Report(finding.Finding{Diagnostic: analysis.Diagnostic{Pos: d.Pos, End: d.End}, Data: finding.Text(message)})
		}
	}
}

// mistakes says what is wrong with one directive.
func (c checker) mistakes(index *directive.Index, d *directive.Directive) (messages []string) {
	if len(d.Rules) == 0 {
		return []string{"the directive names no rule; write //poollint:ignore RULE -- reason"}
	}
	for _, rule := range d.Rules {
		if !slices.Contains(c.known, rule) {
			message := "there is no rule " + rule
			if guess := nearest.Of(rule, c.known); guess != "" {
				message += "; did you mean " + guess + "?"
			}
			messages = append(messages, message)
		}
	}
	if d.Reason == "" {
		return append(messages, "the directive gives no reason and silences nothing; write //poollint:ignore RULE -- reason")
	}
	for _, rule := range d.Rules {
		if slices.Contains(c.ran, rule) && !index.Used(d, rule) {
			messages = append(messages, "the directive silences no finding of "+rule+"; remove it")
		}
	}
	return messages
}
