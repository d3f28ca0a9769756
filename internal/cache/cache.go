// Package cache keeps results between runs: bytes under keys, in a directory that several
// processes may use at once. Entries may vanish at any time, and damaged ones count as
// missing.
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
	// format is the version of the directory's layout. Other versions are not read.
	format = "v1"
	// maxBytes bounds the size of a trimmed cache.
	maxBytes = 512 << 20
	// trimEvery is the interval at which the cache is trimmed.
	trimEvery = 24 * time.Hour
	// usedEvery is the interval at which the use of an entry is recorded.
	usedEvery = time.Hour
	// unfinished is the prefix of the names of files that are being written.
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
		os.Chtimes(file, now, now) // records the use, for trimming
	}
	return data, true
}

// whole returns the data of an entry's file, which follows its checksum; false if the file
// is damaged or another key's.
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

// Has reports whether Get would find an entry of a key. It reads the entry to know. A later
// Get may still fail.
func (c *Cache) Has(key Key) bool {
	_, ok := c.Get(key)
	return ok
}

// Remove removes the entry of a key.
func (c *Cache) Remove(key Key) { os.Remove(c.file(key)) }

// Put sets the entry of a key. Readers see all of it or nothing. It does not wait until
// the data is on the disk, which would take longer than all the rest: an entry that a
// power cut leaves incomplete counts as damaged.
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
			return nil // removed by another process
		}
		info, err := d.Info()
		switch {
		case err != nil || path == c.stamp():
		case strings.HasPrefix(d.Name(), unfinished) && time.Since(info.ModTime()) < usedEvery: // being written by another process
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

// Trim removes the entries that were not used for longest, until the cache has at most
// maxBytes. It does so once a day.
func (c *Cache) Trim() {
	if info, err := os.Stat(c.stamp()); err == nil && time.Since(info.ModTime()) < trimEvery {
		return
	}
	os.Remove(c.stamp()) // it may be a pipe, on which writing would block
	if err := os.WriteFile(c.stamp(), nil, 0o600); err != nil {
		return
	}
	c.trim(maxBytes)
}

// stamp returns the file whose modification time is the time of the last Trim.
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

// Clean removes all entries, of all versions, and then the directory if it is empty. Other
// files in the directory stay.
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

// A Hash builds a key from parts. Different lists of parts give different keys.
type Hash struct {
	h      hash.Hash
	buffer []byte
}

// NewHash returns a hash for a purpose: hashes of different purposes give different keys.
func NewHash(purpose string) *Hash {
	h := &Hash{h: sha256.New()}
	h.Add(purpose)
	return h
}

// Add adds parts, each as fmt prints it.
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
