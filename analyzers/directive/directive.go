package directive

import (
	_ "embed"
	"slices"

	"golang.org/x/tools/go/analysis"

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
	return rule.New(rule.Spec{Page: page, Severity: finding.Warning, Requires: run, Run: c.run, Data: []any{finding.Needless("")}})
}

type checker struct{ known, ran []string }

func (c checker) run(pass *analysis.Pass, report *finding.Reporter) {
	index := pass.ResultOf[directive.Analyzer].(*directive.Index)
	for _, d := range index.All {
		for _, message := range c.mistakes(index, d) {
			report.Report(finding.Finding{Diagnostic: analysis.Diagnostic{Pos: d.Pos, End: d.End}, Data: message})
		}
	}
}

// mistakes says what is wrong with one directive.
func (c checker) mistakes(index *directive.Index, d *directive.Directive) (messages []finding.Data) {
	if len(d.Rules) == 0 {
		return []finding.Data{finding.Text("the directive names no rule; write //poollint:ignore RULE -- reason")}
	}
	for _, rule := range d.Rules {
		if !slices.Contains(c.known, rule) {
			message := "there is no rule " + rule
			if guess := nearest.Of(rule, c.known); guess != "" {
				message += "; did you mean " + guess + "?"
			}
			messages = append(messages, finding.Text(message))
		}
	}
	if d.Reason == "" {
		return append(messages, finding.Text("the directive gives no reason and silences nothing; write //poollint:ignore RULE -- reason"))
	}
	for _, rule := range d.Rules {
		if slices.Contains(c.ran, rule) && !index.Used(d, rule) {
			messages = append(messages, finding.Needless("the directive silences no finding of "+rule+"; remove it"))
		}
	}
	return messages
}
