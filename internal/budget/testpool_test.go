package budget

import (
	"context"
	"path/filepath"
	"testing"
)

// TestTestpool adds up a suite whose pools are all testpool's: the process's own
// in each binary, private ones in the tests of one.
func TestTestpool(t *testing.T) {
	t.Parallel()
	dir, err := filepath.Abs("../../examples/shop")
	if err != nil {
		t.Fatal(err)
	}
	run := Run{Packages: 2, Parallel: 2, CPUs: 8, Limit: 17, Count: 1}
	report, failures, err := Of(context.Background(), run, Analysis{Dir: dir, Patterns: []string{"./good/..."}})
	if err != nil || len(failures) > 0 {
		t.Fatal(err, failures)
	}
	if len(report.Servers) != 1 {
		t.Fatalf("servers %+v, want one", report.Servers)
	}
	server := report.Servers[0]
	if want := (Need{Worst: 10, Least: 6}); server.Need != want || server.Over {
		t.Errorf("%s needs %+v, want %+v within the limit", server.Name, server.Need, want)
	}
}
