package fixes

import (
	"testing"

	"example.com/newpool/dbtest"
)

func TestShared(t *testing.T) {
	dbtest.Shared(t).Reset()
}
