package cache

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func open(t *testing.T) *Cache {
	t.Helper()
	c, err := Open(filepath.Join(t.TempDir(), "cache"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func key(parts ...any) Key {
	h := NewHash("test")
	h.Add(parts...)
	return h.Key()
}

func TestGetPut(t *testing.T) {
	t.Parallel()
	c := open(t)
	if _, ok := c.Get(key(1)); ok {
		t.Error("an empty cache has an entry")
	}
	for _, data := range []string{"one", "", strings.Repeat("x", 1<<20)} {
		if err := c.Put(key(1), []byte(data)); err != nil {
			t.Fatal(err)
		}
		if got, ok := c.Get(key(1)); !ok || string(got) != data {
			t.Errorf("%v, %d bytes, want %d", ok, len(got), len(data))
		}
	}
	if _, ok := c.Get(key(2)); ok {
		t.Error("another key has the entry")
	}
}

func TestDamageCountsAsMissing(t *testing.T) {
	t.Parallel()
	c := open(t)
	if err := c.Put(key("other"), []byte("content")); err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(c.file(key("other")))
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func([]byte) []byte{
		"cut":     func(b []byte) []byte { return b[:len(b)-1] },
		"empty":   func([]byte) []byte { return nil },
		"short":   func(b []byte) []byte { return b[:10] }, // than the sum
		"zeros":   func(b []byte) []byte { return make([]byte, len(b)) },
		"flipped": func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
		"swapped": func([]byte) []byte { return other }, // whole, but another key's
	} {
		for reader, found := range map[string]func(Key) bool{
			"Get": func(k Key) bool { _, ok := c.Get(k); return ok },
			"Has": c.Has,
		} {
			if err := c.Put(key(name), []byte("content")); err != nil {
				t.Fatal(err)
			}
			file := c.file(key(name))
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, damage(data), 0o600); err != nil {
				t.Fatal(err)
			}
			if found(key(name)) {
				t.Errorf("%s: %s finds it", name, reader)
			}
			if _, err := os.Stat(file); err == nil {
				t.Errorf("%s: %s leaves it", name, reader)
			}
		}
	}
}

// What a process that was killed left unfinished goes with the next trimming.
func TestTrimRemovesUnfinished(t *testing.T) {
	t.Parallel()
	c := open(t)
	for name, age := range map[string]time.Duration{"old": 2 * usedEvery, "young": 0} {
		file := filepath.Join(c.dir, unfinished+name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	c.trim(maxBytes)
	left, err := filepath.Glob(filepath.Join(c.dir, unfinished+"*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != unfinished+"young" {
		t.Errorf("%v are left, %v", left, err)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	seen := map[Key]string{}
	for _, parts := range [][]any{{}, {""}, {"", ""}, {"ab"}, {"a", "b"}, {"1:a"}, {"a", 1}, {[]string{"a b"}}, {"a1"}} {
		k := key(parts...)
		if other, ok := seen[k]; ok {
			t.Errorf("%q and %s have one key", parts, other)
		}
		seen[k] = fmt.Sprintf("%q", parts)
	}
}

func TestTrim(t *testing.T) {
	t.Parallel()
	c := open(t)
	for i := range 10 {
		if err := c.Put(key(i), make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		used := time.Now().Add(-time.Duration(i) * 2 * time.Hour)
		if err := os.Chtimes(c.file(key(i)), used, used); err != nil {
			t.Fatal(err)
		}
	}
	c.Get(key(9)) // makes it the newest
	c.trim(5 * 1100)
	for i, want := range []bool{true, true, true, true, false, false, false, false, false, true} {
		if _, ok := c.Get(key(i)); ok != want {
			t.Errorf("entry %d: %v, want %v", i, ok, want)
		}
	}
	if n, size := c.Size(); n != 5 || size != 5*1032 {
		t.Errorf("%d entries of %d bytes", n, size)
	}
	c.Trim()
	if _, err := os.Stat(c.stamp()); err != nil {
		t.Error(err)
	}
	if err := c.Clean(); err != nil {
		t.Fatal(err)
	}
	if n, _ := c.Size(); n != 0 {
		t.Errorf("%d entries after Clean", n)
	}
}

// Readers see an entry whole or not at all, also while others write and trim.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := open(t)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 100 {
				k := key(i % 7)
				data := bytes.Repeat([]byte{byte(i % 7)}, 10000+worker)
				if err := c.Put(k, data); err != nil {
					t.Error(err)
				}
				if got, ok := c.Get(k); ok && (len(got) < 10000 || got[0] != byte(i%7) || got[len(got)-1] != byte(i%7)) {
					t.Errorf("%d bytes, %d", len(got), got[0])
				}
				if i%50 == 0 {
					c.trim(20000)
				}
			}
		})
	}
	wg.Wait()
}

func TestDir(t *testing.T) {
	for value, want := range map[string]bool{"off": false, "relative": false, "/abs": true, "": true} {
		t.Setenv("POOLLINT_CACHE", value)
		if dir, ok := Dir(); ok != want || ok && !filepath.IsAbs(dir) {
			t.Errorf("%q: %q, %v", value, dir, ok)
		}
	}
}

// What else stands in the directory is not the cache's to remove.
func TestClean(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c, err := Open(filepath.Join(dir, "cache[1]"))
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "cache[1]", "vital")
	if err := errors.Join(c.Put(key(1), nil), os.WriteFile(other, nil, 0o600), os.Mkdir(filepath.Join(dir, "cache[1]", "v0"), 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := c.Clean(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(filepath.Dir(other)); err != nil || len(left) != 1 || left[0].Name() != "vital" {
		t.Errorf("left %v, %v", left, err)
	}
	if err := errors.Join(os.Remove(other), c.Clean()); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}
