package tenantfilter_test

import (
	"testing"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, finding.Rule{Analyzer: tenantfilter.Analyzer, Notes: tenantfilter.Notes}, "testdata", "./...")
}
