// Package cache keeps results between runs: bytes under keys, in a directory
// that several processes may use at once. What is in it may vanish at any time,
// and what is damaged counts as missing.
package cache

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/regular"
)

const (
	// format names the layout of the directory; another one starts anew.
	format = "v1"
	// maxBytes bounds what a trimmed cache holds.
	maxBytes = 512 << 20
	// trimEvery is how often a run looks at the size.
	trimEvery = 24 * time.Hour
	// usedEvery bounds how often the use of an entry is noted.
	usedEvery = time.Hour
	// unfinished begins the names of files that are being written.
	unfinished = "new-"
)

// A Cache is a directory of entries.
type Cache struct{ dir string }

// A Key names an entry.
type Key [sha256.Size]byte

// Dir returns the directory that POOLLINT_CACHE names, or else the user's;
// false if there is to be no cache.
func Dir() (string, bool) {
	switch dir := os.Getenv("POOLLINT_CACHE"); dir {
	case "off":
		return "", false
	case "":
		user, err := os.UserCacheDir()
		return filepath.Join(user, "poollint"), err == nil
	default:
		return dir, filepath.IsAbs(dir)
	}
}

// Open returns the cache in a directory, which it makes if need be.
func Open(dir string) (*Cache, error) {
	c := &Cache{dir: filepath.Join(dir, format)}
	return c, os.MkdirAll(c.dir, 0o700)
}

func (c *Cache) file(key Key) string {
	name := hex.EncodeToString(key[:])
	return filepath.Join(c.dir, name[:2], name[2:])
}

// Get returns the entry of a key.
func (c *Cache) Get(key Key) ([]byte, bool) {
	file := c.file(key)
	data, err := regular.ReadFile(file)
	if err != nil {
		return nil, false
	}
	data, ok := whole(key, data)
	if !ok {
		os.Remove(file)
		return nil, false
	}
	if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()) > usedEvery {
		now := time.Now()
		os.Chtimes(file, now, now) // only makes trimming fairer
	}
	return data, true
}

// whole returns what an entry's file holds behind the sum of it; false if the
// file is damaged, or another entry's.
func whole(key Key, file []byte) (data []byte, ok bool) {
	if len(file) < sha256.Size {
		return nil, false
	}
	data = file[sha256.Size:]
	return data, bytes.Equal(sum(key, data), file[:sha256.Size])
}

func sum(key Key, data []byte) []byte {
	h := sha256.New()
	h.Write(key[:])
	h.Write(data)
	return h.Sum(nil)
}

// Has reports whether Get would find an entry of a key, which it reads for that.
// It may be gone by the time that it is asked for.
func (c *Cache) Has(key Key) bool {
	_, ok := c.Get(key)
	return ok
}

// Remove removes the entry of a key.
func (c *Cache) Remove(key Key) { os.Remove(c.file(key)) }

// Put sets the entry of a key. A reader sees it whole or not at all: it does not
// wait for the disk, which takes longer than all the rest, and what a power cut
// leaves of it is damaged, hence missing.
func (c *Cache) Put(key Key, data []byte) error {
	file := c.file(key)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(c.dir, unfinished)
	if err != nil {
		return err
	}
	_, err = temp.Write(slices.Concat(sum(key, data), data))
	if err := errors.Join(err, temp.Close()); err != nil {
		os.Remove(temp.Name())
		return err
	}
	return os.Rename(temp.Name(), file)
}

// entry is a file of the cache.
type entry struct {
	path string
	size int64
	used time.Time
}

func (c *Cache) entries() (all []entry) {
	filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // another process may have removed it
		}
		info, err := d.Info()
		switch {
		case err != nil || path == c.stamp():
		case strings.HasPrefix(d.Name(), unfinished) && time.Since(info.ModTime()) < usedEvery: // another process writes it
		default:
			all = append(all, entry{path, info.Size(), info.ModTime()})
		}
		return nil
	})
	return all
}

// Size returns how many entries there are, and their bytes.
func (c *Cache) Size() (n int, bytes int64) {
	for _, e := range c.entries() {
		n++
		bytes += e.size
	}
	return n, bytes
}

// Trim removes, once a day, what was not used for longest, until the cache is
// of a reasonable size.
func (c *Cache) Trim() {
	if info, err := os.Stat(c.stamp()); err == nil && time.Since(info.ModTime()) < trimEvery {
		return
	}
	os.Remove(c.stamp()) // it may be what cannot be written without waiting
	if err := os.WriteFile(c.stamp(), nil, 0o600); err != nil {
		return
	}
	c.trim(maxBytes)
}

// stamp is the file whose time says when the cache was trimmed last.
func (c *Cache) stamp() string { return filepath.Join(c.dir, "trimmed") }

func (c *Cache) trim(limit int64) {
	all := c.entries()
	slices.SortFunc(all, func(a, b entry) int { return cmp.Or(b.used.Compare(a.used), cmp.Compare(a.path, b.path)) })
	var kept int64
	for _, e := range all {
		if kept += e.size; kept > limit || strings.HasPrefix(filepath.Base(e.path), unfinished) {
			os.Remove(e.path)
		}
	}
}

// Clean removes all entries, also those of other versions, and the directory if then
// nothing is in it: what else stands there is none of the cache's.
func (c *Cache) Clean() error {
	dir := filepath.Dir(c.dir)
	there, err := os.ReadDir(dir)
	left := len(there)
	for _, entry := range there {
		if ours, _ := filepath.Match("v[0-9]", entry.Name()); ours {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
			left--
		}
	}
	if left == 0 && err == nil {
		err = os.Remove(dir)
	}
	return err
}

// A Hash builds a key from parts that cannot run into each other.
type Hash struct {
	h      hash.Hash
	buffer []byte
}

// NewHash returns the hash of nothing but its purpose.
func NewHash(purpose string) *Hash {
	h := &Hash{h: sha256.New()}
	h.Add(purpose)
	return h
}

// Add adds parts, each as it prints.
func (h *Hash) Add(parts ...any) {
	for _, part := range parts {
		text, ok := part.(string)
		if !ok {
			text = fmt.Sprint(part)
		}
		h.buffer = strconv.AppendInt(h.buffer[:0], int64(len(text)), 10)
		h.buffer = append(append(h.buffer, ':'), text...)
		h.h.Write(h.buffer)
	}
}

// Key returns the key of all that was added.
func (h *Hash) Key() (key Key) {
	h.h.Sum(key[:0])
	return key
}

// String returns a key in hexadecimal digits.
func (k Key) String() string { return hex.EncodeToString(k[:]) }
