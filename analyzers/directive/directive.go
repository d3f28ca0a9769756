package directive

import (
	_ "embed"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/nearest"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/rule"
)

//go:embed doc.go
var page string

// Analyzer judges the form of directives. It does not know what they silence: see New.
var Analyzer = New(nil).Analyzer

// New returns the rule that judges the directives of a package once the given rules have run.
func New(run []*analysis.Analyzer) finding.Rule {
	var c checker
	for _, rule := range run {
		c.ran = append(c.ran, rule.Name)
	}
	return rule.New(rule.Spec{Page: page, Severity: finding.Warning, Requires: run, Run: c.run, Data: []any{finding.Needless("")}})
}

// A checker knows the names of the rules that ran.
type checker struct{ ran []string }

// on returns the checker for a package in which the configuration switches rules off.
func (c checker) on(settings *config.Config) checker {
	c.ran = slices.DeleteFunc(slices.Clone(c.ran), func(rule string) bool { return settings.Rule(rule).Severity == config.Off })
	return c
}

func (c checker) run(pass *analysis.Pass, report *finding.Reporter) {
	index, files := pass.ResultOf[directive.Analyzer].(*directive.Index), rewrite.In(pass)
	c = c.on(config.Of(pass))
	for _, d := range index.All {
		for _, message := range c.mistakes(index, d) {
			report.Report(finding.Finding{Diagnostic: analysis.Diagnostic{Pos: d.Pos, End: d.End}, Data: message})
		}
		if !d.Right {
			report.Report(finding.Finding{
				Diagnostic: analysis.Diagnostic{Pos: d.Pos, End: d.End, SuggestedFixes: right(d, files.At(d.Pos))},
				Data:       finding.Text("this silences nothing; write //" + d.String()),
			})
		}
	}
}

// right writes a directive in the form that is right, where that is known and nothing stands behind
// it on its line.
func right(d *directive.Directive, file *rewrite.File) []analysis.SuggestedFix {
	if !d.Whole() || file == nil || strings.TrimSpace(file.LineAfter(d.End)) != "" {
		return nil
	}
	return rewrite.Fix("write the directive as one", rewrite.Replace(d.Pos, d.End, "//"+d.String()))
}

// mistakes says what is wrong with one directive, besides its form.
func (c checker) mistakes(index *directive.Index, d *directive.Directive) (messages []finding.Data) {
	for _, rule := range d.Rules {
		if !slices.Contains(directive.Names, rule) {
			message := "there is no rule " + rule
			if guess := nearest.Of(rule, directive.Names); guess != "" {
				message += "; did you mean " + guess + "?"
			} else {
				message += "; the rules are " + strings.Join(directive.Names, ", ")
			}
			messages = append(messages, finding.Text(message))
		}
	}
	switch {
	case !d.Right:
		return messages
	case len(d.Rules) == 0:
		return []finding.Data{finding.Text("the directive names no rule; write //poollint:ignore RULE -- reason")}
	case d.Reason == "":
		return append(messages, finding.Text("the directive gives no reason and silences nothing; write //poollint:ignore RULE -- reason"))
	}
	for _, rule := range d.Rules {
		if slices.Contains(c.ran, rule) && !index.Used(d, rule) {
			messages = append(messages, finding.Needless("the directive silences no finding of "+rule+"; remove it"))
		}
	}
	return messages
}
