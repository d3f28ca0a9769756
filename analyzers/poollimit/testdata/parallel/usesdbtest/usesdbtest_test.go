package usesdbtest

import (
	"testing"

	"example.com/pools/parallel/dbtest"
)

// Only a run over all packages knows the opener and these tests.
func TestOne(t *testing.T) {
	t.Parallel()
	dbtest.Open(t)
}

func TestTwo(t *testing.T) {
	t.Parallel()
	dbtest.Open(t)
}

func TestSerial(t *testing.T) { dbtest.Open(t) }
