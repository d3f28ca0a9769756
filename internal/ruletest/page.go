package ruletest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruledoc"
)

// Page holds the rule's page to what runs over the rule's whole testdata have found: the
// messages, severities and fixes that its section "What it says" lists are those that there
// are.
func Page(t *testing.T, rule finding.Rule, runs ...*driver.Result) {
	t.Helper()
	for _, err := range wrongPage(ruledoc.Listed(rule.Analyzer, "What it says"), runs) {
		t.Error(err)
	}
}

var since = regexp.MustCompile(`^Since v\d+\.\d+\.\d+$`)

// wrongPage returns what is not true of a section's items.
func wrongPage(items []string, runs []*driver.Result) (errs []error) {
	severities := map[finding.Severity]bool{}
	fixes := false
	var messages []string
	for _, run := range runs {
		for _, f := range run.Findings {
			severities[f.Severity] = true
			fixes = fixes || len(f.Fixes) > 0
			messages = append(messages, f.Message)
		}
	}
	slices.Sort(messages)
	messages = slices.Compact(messages)
	var patterns []*regexp.Regexp
	facts := map[string]string{}
	for _, item := range items {
		if name, value, ok := strings.Cut(item, ": "); ok && slices.Contains([]string{"Severity", "Fix"}, name) {
			facts[name] = value
		} else if since.MatchString(item) {
			facts["Since"] = item
		} else {
			patterns = append(patterns, pattern(item))
		}
	}
	if facts["Since"] == "" {
		errs = append(errs, fmt.Errorf("the page does not say since which version the rule is there: Since v0.1.0"))
	}
	for _, s := range []finding.Severity{finding.Error, finding.Warning, finding.Info} {
		if said := regexp.MustCompile(`\b` + string(s) + `\b`).MatchString(facts["Severity"]); said != severities[s] {
			errs = append(errs, fmt.Errorf("the page says %q of the severity, findings of severity %s: %v", facts["Severity"], s, severities[s]))
		}
	}
	if said := facts["Fix"] != "none" && facts["Fix"] != ""; said != fixes {
		errs = append(errs, fmt.Errorf("the page says %q of the fix, findings with one: %v", facts["Fix"], fixes))
	}
	for _, message := range messages {
		if !slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(message) }) {
			errs = append(errs, fmt.Errorf("the page has no message like %q", message))
		}
	}
	for _, p := range patterns {
		if !slices.ContainsFunc(messages, p.MatchString) {
			errs = append(errs, fmt.Errorf("the page has a message that no finding of the tests has: %s", p))
		}
	}
	return errs
}

// pattern returns what matches the messages of an item. In it "…" is whatever differs, or nothing.
func pattern(item string) *regexp.Regexp {
	var parts []string
	for part := range strings.SplitSeq(item, "…") {
		parts = append(parts, regexp.QuoteMeta(part))
	}
	return regexp.MustCompile(`^` + strings.Join(parts, `.*`) + `$`)
}
