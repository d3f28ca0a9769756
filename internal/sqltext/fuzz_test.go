package sqltext_test

import (
	"testing"

	"github.com/poollint/poollint/internal/brokencode"
	"github.com/poollint/poollint/internal/sqltext"
)

func FuzzBrokenCode(f *testing.F) {
	brokencode.Fuzz(f, sqltext.Analyzer, "testdata/queries")
}
