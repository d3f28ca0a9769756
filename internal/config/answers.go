package config

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/snapshot"
)

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

func digestOfDir(entries []fs.DirEntry) string {
	h := sha256.New()
	for _, e := range entries {
		fmt.Fprintf(h, "%s %s\n", e.Type(), e.Name())
	}
	return hex.EncodeToString(h.Sum(nil))
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

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
