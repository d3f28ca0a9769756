package driver

import (
	"io/fs"
	"os"
	"path/filepath"
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
	r.start = start
	r.reuse(o, nil)
	l.need(store, false)
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

// What a power cut has left of the cache is done again, once.
func TestTornEntries(t *testing.T) {
	t.Parallel()
	kept := t.TempDir()
	store, err := cache.Open(kept)
	if err != nil {
		t.Fatal(err)
	}
	dir := tree(t, service)
	o := options(dir)
	o.Load, o.Cache, o.Tool = LoadSource, store, "test"
	for _, size := range []int64{0, 10, 100} {
		time.Sleep(60 * time.Millisecond) // else the change is too young to be kept
		equal(t, "findings", lines(dir, mustRun(t, o)), serviceFindings)
		filepath.WalkDir(kept, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			return os.Truncate(path, size)
		})
		equal(t, "findings of what is torn", lines(dir, mustRun(t, o)), serviceFindings)
	}
}

// A listing that proved to be of no use is not taken again, even if it cannot be
// removed.
func TestForgottenListing(t *testing.T) {
	t.Parallel()
	store, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := tree(t, service)
	o := options(dir)
	o.Cache, o.Tool = store, "test"
	time.Sleep(60 * time.Millisecond)
	mustRun(t, o)
	m := newMemory(o, dir)
	if m.listing(o, dir) == nil {
		t.Fatal("the listing was not kept")
	}
	entry, _ := store.Get(m.listed)
	m.forget()
	if err := store.Put(m.listed, entry); err != nil {
		t.Fatal(err)
	}
	if m.listing(o, dir) != nil {
		t.Error("it is taken again")
	}
}
