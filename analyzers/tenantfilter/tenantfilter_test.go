package tenantfilter_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/poollint/poollint/analyzers/tenantfilter"
)

func TestAnalyzer(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), tenantfilter.Analyzer,
		"./raw", "./joins", "./condition", "./generated", "./builders", "./models", "./scopers", "./exempt", "./notes",
		"./settings", "./policies", "./admin/stats", "./seeds", "./level", "./startup", "./strict", "./twolevel", "./clause", "./entity", "./store", "./helped")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), tenantfilter.Analyzer, "./fixes")
}
