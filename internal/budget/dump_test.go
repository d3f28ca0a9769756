package budget

import (
	"os"
	"strconv"
	"testing"
)

func TestDump(t *testing.T) {
	n, err := strconv.ParseUint(os.Getenv("DUMP"), 10, 64)
	if err != nil {
		t.Skip()
	}
	s := generate(n)
	dir := "/tmp/budget/dump"
	os.RemoveAll(dir)
	layOut(t, dir, []*suite{s})
}
