package config

import (
	"errors"
	"fmt"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"github.com/poollint/poollint/internal/finding"
)

// maxFileSize bounds what is read of one file, in bytes.
const maxFileSize = 16 << 20

// Files reads files of one module for the analyzers of one package. Names are
// slash-separated and relative to the module root; a name or symbolic link
// that leads out of the module is an error. It is an fs.FS, so that fs.WalkDir
// and fs.Glob work on it, and it records everything that was asked, so that a
// cache knows every input.
type Files struct {
	root string

	mu      sync.Mutex
	reads   map[question]string // the digest of the answer
	shared  []*answers          // what was asked once for all packages
	notes   map[finding.Note]bool
	matches map[string]Match // by key and value
}

var (
	_ fs.ReadFileFS = (*Files)(nil)
	_ fs.ReadDirFS  = (*Files)(nil)
	_ fs.StatFS     = (*Files)(nil)
)

// NewFiles returns the files of the module whose root directory is given.
func NewFiles(root string) *Files {
	return &Files{root: root, reads: map[question]string{}, notes: map[finding.Note]bool{}, matches: map[string]Match{}}
}

// Root returns the module's root directory.
func (f *Files) Root() string { return f.root }

// Rel returns the name of an absolute path inside the module.
func (f *Files) Rel(file string) (name string, ok bool) {
	rel, err := filepath.Rel(f.root, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// Note records that the named file was not read, or only in part, and why: lower case,
// one line.
func (f *Files) Note(name, text string) { f.NoteAt(name, 0, text) }

// NoteAt is Note for the part of the file that begins at a line.
func (f *Files) NoteAt(name string, line int, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.notes[finding.Note{Pos: token.Position{Filename: filepath.Join(f.root, filepath.FromSlash(name)), Line: line}, Text: text}] = true
}

// Notes returns the notes so far, sorted, with those of values of Once.
func (f *Files) Notes() []finding.Note {
	f.mu.Lock()
	defer f.mu.Unlock()
	notes := slices.Collect(maps.Keys(f.notes))
	for _, a := range f.shared {
		notes = append(notes, a.notes...)
	}
	return finding.SortNotes(notes)
}

func (f *Files) match(m Match) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at := m.Key + "\x00" + m.Value; !f.matches[at].Found {
		f.matches[at] = m
	}
}

// Matches returns what was recorded of the entries of the configuration, in no order.
func (f *Files) Matches() []Match {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Values(f.matches))
}

// ReadFile returns the content of a regular file of at most 16 MiB. A file that
// is there and cannot be read is noted.
func (f *Files) ReadFile(name string) ([]byte, error) {
	data, err := f.readFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.Note(name, "not read: "+reason(err))
	}
	return data, err
}

// reason returns an error without the name of the file.
func reason(err error) string {
	var of *fs.PathError
	if errors.As(err, &of) {
		err = of.Err
	}
	return err.Error()
}

func (f *Files) readFile(name string) ([]byte, error) {
	var data []byte
	err := f.ask("read", name, func(root *os.Root, name string) (digest string, err error) {
		data, err = readRegular(root, name)
		return digestOf(data), err
	})
	return data, err
}

// workspace returns the configuration file beside the go.work that holds for the module,
// and its path, which is outside the module; no path if there is none.
func (f *Files) workspace() (file string, text []byte, err error) {
	root, digest := Root(f.root), absent
	if root != f.root {
		text, err = NewFiles(root).readFile(FileName)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = nil
	case err != nil:
		digest = "error: " + reason(err)
	case root != f.root:
		file = filepath.Join(root, FileName)
		digest = file + " " + digestOf(text)
	}
	f.add(map[question]string{{"workspace", FileName}: digest})
	return file, text, err
}

// ReadDir returns the entries of a directory, sorted by name.
func (f *Files) ReadDir(name string) ([]fs.DirEntry, error) {
	var entries []fs.DirEntry
	err := f.ask("list", name, func(root *os.Root, name string) (digest string, err error) {
		entries, err = fs.ReadDir(root.FS(), name)
		return digestOfDir(entries), err
	})
	return entries, err
}

// Stat describes a file or directory. Only its kind is recorded, so that its
// size and time must not decide a finding.
func (f *Files) Stat(name string) (fs.FileInfo, error) {
	var info fs.FileInfo
	err := f.ask("stat", name, func(root *os.Root, name string) (digest string, err error) {
		if info, err = root.Stat(name); err != nil {
			return "", err
		}
		return digestOfKind(info), nil
	})
	return info, err
}

// Open opens a regular file whose content counts as read, or a directory.
func (f *Files) Open(name string) (fs.File, error) {
	info, err := f.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		_, err = f.ReadDir(name)
	} else {
		_, err = f.ReadFile(name)
	}
	if err != nil {
		return nil, err
	}
	return os.OpenInRoot(f.root, filepath.FromSlash(path.Clean(name)))
}

// readRegular does not open what might block, such as a named pipe.
func readRegular(root *os.Root, name string) ([]byte, error) {
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("not a regular file")}
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err == nil && len(data) > maxFileSize {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("larger than %d MiB", maxFileSize>>20)}
	}
	return data, err
}
