package poollimit

import (
	"testing"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, finding.Rule{Analyzer: Analyzer, Finish: Finish}, "testdata", "./limit/...")
}
