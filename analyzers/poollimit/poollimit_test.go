package poollimit

import (
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	result := ruletest.Run(t, Rule, "testdata", "./limit/...", "testdata/*.txtar")
	ruletest.Page(t, Rule, result)
}
