// Package snapshot tells whether files and directories are unchanged, usually without
// reading them.
package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// An Identity identifies a state of a file. Every change of a file sets its change time,
// which no program can set back.
type Identity struct {
	Size, Modified, Changed int64
	Inode, Device           uint64
}

// granularity is how coarse the clocks of file systems are.
const granularity = 50 * time.Millisecond

// Before reports whether the file has certainly not changed since the moment.
func (id Identity) Before(moment time.Time) bool {
	return max(id.Modified, id.Changed) < moment.Add(-granularity).UnixNano()
}

// An Input is a file, a directory, or the absence of either.
type Input struct {
	Path     string
	Digest   string // of a file's content, or of the names in a directory; the kind of anything else; empty if absent
	Identity Identity
	Known    bool // Identity is set: the system provides it
}

// byContent is the digest of a file for which ByContent holds.
const byContent = "by content"

// named matches the names of what the go command keeps in its build cache.
var named = regexp.MustCompile(`^[0-9a-f]{64}-d$`)

// ByContent reports whether a file belongs to the go command's build cache, where files
// are named by a digest of their content: while it exists, it is unchanged. Its times
// tell nothing, since the go command sets them to record its use.
func ByContent(path string) bool { return named.MatchString(filepath.Base(path)) }

// Take records the state of a path. It fails if the path may have changed since start.
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

// Unchanged reports whether the path is in the recorded state.
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

// digest returns a digest of a file's content, or of the kinds and names of a directory's
// entries.
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
		file, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer file.Close()
		if _, err := io.Copy(h, file); err != nil {
			return "", err
		}
		return "file " + hex.EncodeToString(h.Sum(nil)), nil
	}
	return "no regular file: " + info.Mode().Type().String(), nil // its content is not read
}
