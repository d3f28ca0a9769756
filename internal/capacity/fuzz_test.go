package capacity_test

import (
	"testing"

	"github.com/poollint/poollint/internal/brokencode"
	"github.com/poollint/poollint/internal/capacity"
)

func FuzzBrokenCode(f *testing.F) {
	brokencode.Fuzz(f, capacity.Analyzer, "../../analyzers/newpool/testdata")
}
