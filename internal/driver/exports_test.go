package driver

import (
	"testing"
	"time"

	"github.com/poollint/poollint/internal/cache"
)

// Types that had to be checked from source are read by the next run; what is
// gone by then is noticed, and the run made again.
func TestTypesAreKept(t *testing.T) {
	t.Parallel()
	store, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := tree(t, service)
	o := options(dir)
	o.Load, o.Cache, o.Tool = LoadSource, store, "test"
	time.Sleep(60 * time.Millisecond)
	equal(t, "findings", lines(dir, mustRun(t, o)), serviceFindings)

	write(t, dir, "-- store/more.go --\npackage store\n")
	start := time.Now().Add(time.Second)
	l, err := list(t.Context(), o, dir)
	if err != nil {
		t.Fatal(err)
	}
	r := newRun(l, o)
	if err := r.reuse(o, start); err != nil {
		t.Fatal(err)
	}
	l.need(store)
	if len(l.lent) == 0 {
		t.Error("no types are lent")
	}
	for _, u := range l.lent {
		if !u.exported() {
			t.Errorf("the types of %s were not kept", u.ID)
		}
	}
	if err := store.Clean(); err != nil {
		t.Fatal(err)
	}
	r.all(t.Context())
	if !r.lost {
		t.Error("what is gone from the cache is not noticed")
	}
	equal(t, "findings", lines(dir, mustRun(t, o)), serviceFindings)
}
