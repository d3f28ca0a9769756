package tenantfilter_test

import (
	"testing"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	result := ruletest.Run(t, tenantfilter.Rule, "testdata", "./...")
	ruletest.Page(t, tenantfilter.Rule, result)
}

// What works off a broker's messages works for all tenants.
func TestQueues(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, tenantfilter.Rule, "../../internal/upkeep/testdata/queues", "./...")
}
