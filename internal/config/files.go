package config

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
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
	"strings"
	"sync"
	"time"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/snapshot"
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

// answers are the answers of the file system that several packages share.
type answers struct {
	of     map[question]string
	sorted []Read
	notes  []finding.Note
}

func newAnswers(files *Files) *answers {
	sorted := files.Reads()
	a := &answers{make(map[question]string, len(sorted)), sorted, files.Notes()}
	for _, r := range sorted {
		a.of[question{r.Op, r.Name}] = r.Digest
	}
	return a
}

func sorted(of map[question]string) []Read {
	reads := make([]Read, 0, len(of))
	for q, digest := range of {
		reads = append(reads, Read{q.op, q.name, digest})
	}
	slices.SortFunc(reads, Read.Compare)
	return reads
}

// question is a question to the file system.
type question struct{ op, name string }

// A Read records one question to the file system and a digest of its answer.
type Read struct {
	Op     string // "read", "list", "stat" or "workspace"
	Name   string
	Digest string // absent if there is no such file
}

const absent = "absent"

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

func digestOfDir(entries []fs.DirEntry) string {
	h := sha256.New()
	for _, e := range entries {
		fmt.Fprintf(h, "%s %s\n", e.Type(), e.Name())
	}
	return hex.EncodeToString(h.Sum(nil))
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

func digestOfKind(info fs.FileInfo) string { return info.Mode().Type().String() }

// A look puts a question about name to the file system and returns a digest of the answer.
type look = func(root *os.Root, name string) (digest string, err error)

// digests answer the questions of an operation without what else the answer has.
var digests = map[string]look{
	"read": digestOfContent,
	"list": func(root *os.Root, name string) (string, error) {
		entries, err := fs.ReadDir(root.FS(), name)
		return digestOfDir(entries), err
	},
	"stat": func(root *os.Root, name string) (string, error) {
		info, err := root.Stat(name)
		if err != nil {
			return "", err
		}
		return digestOfKind(info), nil
	},
}

// contents are the files whose content was asked for again, with their digests: while one has its
// identity, it need not be read.
var contents snapshot.Memo[string]

// digestOfContent is digestOf of a file's content.
func digestOfContent(root *os.Root, name string) (string, error) {
	info, err := root.Stat(name)
	if err != nil {
		return "", err
	}
	digest := contents.Of(filepath.Join(root.Name(), name), info, time.Now(), func() (string, bool) {
		var data []byte
		data, err = readRegular(root, name)
		return digestOf(data), err == nil
	})
	return digest, err
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

// Compare orders reads by name.
func (r Read) Compare(other Read) int {
	return cmp.Or(strings.Compare(r.Name, other.Name), strings.Compare(r.Op, other.Op), strings.Compare(r.Digest, other.Digest))
}

// Lists returns the reads so far: those through f alone, and those of values of Once, whose
// lists are shared by all packages that use the value. The lists are sorted; do not change
// them.
func (f *Files) Lists() [][]Read {
	f.mu.Lock()
	defer f.mu.Unlock()
	var lists [][]Read
	if len(f.reads) > 0 {
		lists = append(lists, sorted(f.reads))
	}
	for _, a := range f.shared {
		if len(a.sorted) > 0 {
			lists = append(lists, a.sorted)
		}
	}
	return lists
}

// Reads returns all reads so far, sorted. Do not change the result.
func (f *Files) Reads() []Read {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.reads) == 0 && len(f.shared) == 1 {
		return f.shared[0].sorted
	}
	own := sorted(f.reads)
	for _, a := range f.shared {
		own = merged(own, a.sorted)
	}
	return own
}

// merged merges two sorted lists. If both answer a question, the answer of the first
// counts.
func merged(a, b []Read) []Read {
	all := make([]Read, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		x, y := a[0], b[0]
		order := cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(x.Op, y.Op))
		if order <= 0 {
			all, a = append(all, x), a[1:]
		} else {
			all = append(all, y)
		}
		if order >= 0 {
			b = b[1:]
		}
	}
	return append(append(all, a...), b...)
}

// Unchanged reports whether the file system would answer every question as recorded. It
// does not ask again what f has been asked before.
func (f *Files) Unchanged(reads []Read) bool {
	root, err := os.OpenRoot(f.root)
	if err == nil {
		defer root.Close()
	}
	for _, r := range reads {
		now, ok := f.answered(r)
		if !ok {
			switch look := digests[r.Op]; {
			case r.Op == "workspace":
				f.workspace()
			case err != nil || look == nil || !filepath.IsLocal(filepath.FromSlash(r.Name)):
				return false
			default:
				f.record(question{r.Op, r.Name}, root, look)
			}
			now, _ = f.answered(r)
		}
		if now != r.Digest {
			return false
		}
	}
	return true
}

// answered returns the digest that the question of r had as its answer.
func (f *Files) answered(r Read) (digest string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.answer(question{r.Op, r.Name})
}

// answer returns the recorded digest; f.mu is held.
func (f *Files) answer(q question) (digest string, ok bool) {
	digest, ok = f.reads[q]
	for i := 0; !ok && i < len(f.shared); i++ {
		digest, ok = f.shared[i].of[q]
	}
	return digest, ok
}

// share records answers that are shared with other packages.
func (f *Files) share(a *answers) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.Contains(f.shared, a) {
		return
	}
	for q, before := range f.reads {
		if digest, ok := a.of[q]; ok && before != digest {
			f.reads[q] = changed
		}
	}
	for _, other := range f.shared {
		for q, digest := range a.of {
			if before, ok := other.of[q]; ok && before != digest {
				f.reads[q] = changed
			}
		}
	}
	f.shared = append(f.shared, a)
}

// changed is the digest of a file that changed during the run.
const changed = "changed"

// add records answers. If one differs from an earlier one, the file has changed meanwhile:
// then a digest is recorded that no later answer equals.
func (f *Files) add(reads map[question]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for q, digest := range reads {
		if before, ok := f.answer(q); ok && before != digest {
			digest = changed
		}
		f.reads[q] = digest
	}
}

// ask puts one question about name to the file system and records the answer.
func (f *Files) ask(op, name string, look look) error {
	clean := path.Clean(filepath.ToSlash(name))
	if !filepath.IsLocal(filepath.FromSlash(clean)) {
		return &fs.PathError{Op: op, Path: name, Err: errors.New("leads out of the module")}
	}
	root, err := os.OpenRoot(f.root)
	if err != nil {
		f.add(map[question]string{{op, clean}: digestOfError(err)})
		return err
	}
	defer root.Close()
	return f.record(question{op, clean}, root, look)
}

// record puts a question and records the answer.
func (f *Files) record(q question, root *os.Root, look look) error {
	digest, err := look(root, q.name)
	if err != nil {
		digest = digestOfError(err)
	}
	f.add(map[question]string{q: digest})
	return err
}

// digestOfError is recorded where the file system answers with an error.
func digestOfError(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return absent
	}
	return "error: " + reason(err)
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

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
