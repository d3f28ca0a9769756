package tenantfilter_test

import (
	"testing"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/ruletest"
)

// What a library exports may have callers that are out of sight; what is internal has none.
func TestLibrary(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, tenantfilter.Rule, "testdata", "testdata/library.txtar")
}
