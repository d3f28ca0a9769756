package tenantfilter_test

import (
	"testing"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/ruletest"
)

// What middlewares do before a handler counts as if it did that itself, by the parameter of the URL.
func TestBehind(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, tenantfilter.Rule, "testdata/served", "testdata/served/*.txtar")
}
