package missingcleanup

import (
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	result := ruletest.Run(t, Rule, "testdata", "./...", "testdata/*.txtar")
	ruletest.Page(t, Rule, result)
}
