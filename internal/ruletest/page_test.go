package ruletest

import (
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
)

// What a page says that is not true, or leaves out, is told.
func TestWrongPage(t *testing.T) {
	t.Parallel()
	run := &driver.Result{Findings: []finding.Located{
		{Message: "sql.Open opens a pool for TestA", Severity: finding.Warning, Fixes: []finding.Fix{{}}},
		{Message: "the pool is never closed", Severity: finding.Info},
	}}
	right := []string{"Since v0.1.0", "Severity: warning; info where it is one", "Fix: opens one", "… opens a pool for …", "the pool is never closed"}
	if errs := wrongPage(right, []*driver.Result{run}); errs != nil {
		t.Error(errs)
	}
	for i, test := range []struct{ instead, want string }{
		{"Since ever", "since which version"},
		{"Severity: warning", "findings of severity info: true"},
		{"Fix: none", `"none" of the fix, findings with one: true`},
		{"… opens a connection for …", `no message like "sql.Open opens a pool for TestA"`},
		{"the pool is never opened", "no finding of the tests has"},
	} {
		wrong := slices.Clone(right)
		wrong[i] = test.instead
		var told []string
		for _, err := range wrongPage(wrong, []*driver.Result{run}) {
			told = append(told, err.Error())
		}
		if !strings.Contains(strings.Join(told, "\n"), test.want) {
			t.Errorf("%q in place of %q: %q", test.instead, right[i], told)
		}
	}
}
