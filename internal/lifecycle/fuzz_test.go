package lifecycle_test

import (
	"testing"

	"github.com/poollint/poollint/internal/brokencode"
	"github.com/poollint/poollint/internal/lifecycle"
)

func FuzzBrokenCode(f *testing.F) {
	brokencode.Fuzz(f, lifecycle.Analyzer, "../../analyzers/newpool/testdata")
}
