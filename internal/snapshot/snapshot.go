// Package snapshot tells whether files and directories are as they were, as a
// rule without reading them.
package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// An Identity tells one state of a file from any other: what changes a file sets
// its change time, which no program can set back.
type Identity struct {
	Size, Modified, Changed int64
	Inode, Device           uint64
}

// granularity is how coarse the clocks of file systems are.
const granularity = 50 * time.Millisecond

// Before reports whether the file was as it is before a moment, beyond doubt.
func (id Identity) Before(moment time.Time) bool {
	return max(id.Modified, id.Changed) < moment.Add(-granularity).UnixNano()
}

// An Input is a file, a directory, or the absence of either.
type Input struct {
	Path     string
	Digest   string // of the content, of the names in a directory, or of what else it is; empty if absent
	Identity Identity
	Known    bool // the system told the identity
}

// byContent is the digest of a file whose name tells its content.
const byContent = "by content"

// named matches the names of what the go command keeps in its build cache.
var named = regexp.MustCompile(`^[0-9a-f]{64}-d$`)

// ByContent reports whether a file is one of the go command's build cache, named by
// a digest of what it holds: while it is there, it is as it was. The go command sets
// its times whenever it has not used it for an hour.
func ByContent(path string) bool { return named.MatchString(filepath.Base(path)) }

// Take records a path as it is. It fails if the path has changed since start,
// or may have.
func Take(path string, start time.Time) (Input, error) {
	in := Input{Path: path}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return in, nil
	}
	if err != nil {
		return in, err
	}
	if ByContent(path) {
		in.Digest = byContent
		return in, nil
	}
	in.Identity, in.Known = Of(info)
	if in.Known && !in.Identity.Before(start) {
		return in, fmt.Errorf("%s has just changed", path)
	}
	in.Digest, err = digest(path, info)
	return in, err
}

// Unchanged reports whether the path is as it was.
func (in Input) Unchanged() bool {
	info, err := os.Stat(in.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return in.Digest == ""
	}
	if err != nil || in.Digest == "" {
		return false
	}
	if in.Digest == byContent {
		return true
	}
	if now, ok := Of(info); ok && in.Known && now == in.Identity {
		return true
	}
	now, err := digest(in.Path, info)
	return err == nil && now == in.Digest
}

// digest digests a file's content, or the kinds and names of what a directory
// holds.
func digest(path string, info fs.FileInfo) (string, error) {
	h := sha256.New()
	switch {
	case info.IsDir():
		entries, err := os.ReadDir(path)
		if err != nil {
			return "", err
		}
		for _, e := range entries {
			fmt.Fprintf(h, "%s %q\n", e.Type(), e.Name())
		}
		return "directory " + hex.EncodeToString(h.Sum(nil)), nil
	case info.Mode().IsRegular():
		data, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		h.Write(data)
		return "file " + hex.EncodeToString(h.Sum(nil)), nil
	}
	return "no regular file: " + info.Mode().Type().String(), nil // nothing is read of it
}
