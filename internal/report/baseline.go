package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/regular"
	"github.com/poollint/poollint/internal/wholefile"
)

// baselined is the reason of findings that the baseline suppresses.
const baselined = "in the baseline"

// baseline is the content of a baseline file: findings that are known and accepted for now.
type baseline struct {
	Version int             `json:"version"`
	Entries []baselineEntry `json:"findings"`
}

// The versions of the format. In the older one entries do not say by whom a finding is reached.
const (
	withoutReach = 1
	withReach    = 2
)

// baselineEntry is one finding. Paths are relative to the root of the report.
type baselineEntry struct {
	Fingerprint string  `json:"fingerprint"`
	Rule        string  `json:"rule"`
	Package     string  `json:"package"`
	Path        string  `json:"path"`
	Message     string  `json:"message"`
	ReachedBy   []reach `json:"reached_by,omitempty"` // by its witnesses

	old bool // of a version that does not say by whom it is reached
}

func (e baselineEntry) String() string { return fmt.Sprintf("%s: %s (%s)", e.Path, e.Message, e.Rule) }

// reach is a function, or a file outside of functions, that has a witness.
type reach struct {
	Path     string `json:"path"`
	Function string `json:"function,omitempty"`
}

func (by reach) compare(other reach) int {
	return cmp.Or(strings.Compare(by.Path, other.Path), strings.Compare(by.Function, other.Function))
}

// BaselineChanges are what a baseline lists and is gone, and what a new one accepts: each as
// "path: message (rule)".
type BaselineChanges struct{ Gone, Accepted []string }

// ApplyBaseline suppresses the findings that the file lists, unless more reach one than the file
// knows: then its message says who. A finding is known again after its file was renamed. With
// write, what is gone is taken out of the file or, if there is no file yet, one is made with all
// findings that fail the run. So a baseline only shrinks.
func (r *Report) ApplyBaseline(file string, write bool) (changes BaselineChanges, err error) {
	known, err := readBaseline(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && write:
		known = r.newBaseline()
		for _, entry := range known.Entries {
			changes.Accepted = append(changes.Accepted, entry.String())
		}
	case errors.Is(err, fs.ErrNotExist):
		return changes, fmt.Errorf("baseline %s does not exist; -write-baseline makes it", file)
	case err != nil:
		return changes, err
	}
	found, judged := r.match(known.Entries), r.judged()
	kept := baseline{Version: withReach, Entries: []baselineEntry{}}
	for i, entry := range known.Entries {
		at, there := found[i]
		switch {
		case there:
			entry = r.suppress(at, entry, judged)
		case judged.entry(entry):
			changes.Gone = append(changes.Gone, entry.String())
			continue
		}
		kept.Entries = append(kept.Entries, entry)
	}
	if !write {
		return changes, nil
	}
	text, err := json.MarshalIndent(kept, "", "  ")
	if err != nil {
		return changes, err
	}
	return changes, wholefile.Write(file, append(text, '\n'))
}

// What bounds a baseline: its bytes, and its findings, which take more memory than text.
const (
	maxBaseline = 16 << 20
	maxKnown    = 50_000
)

func readBaseline(file string) (known baseline, err error) {
	text, err := regular.ReadUpTo(maxBaseline, file)
	if err != nil {
		return known, fmt.Errorf("baseline: %w", err)
	}
	if objects := bytes.Count(text, []byte("{")); objects > maxKnown {
		return known, fmt.Errorf("baseline %s has %d objects; at most %d are read", file, objects, maxKnown)
	}
	if err := json.Unmarshal(text, &known); err != nil {
		return known, fmt.Errorf("baseline %s:%d: %w", file, lineOf(text, err), err)
	}
	if known.Version != withoutReach && known.Version != withReach {
		return known, fmt.Errorf("baseline %s: version %d is not known, only %d and %d are", file, known.Version, withoutReach, withReach)
	}
	for i := range known.Entries {
		known.Entries[i].old = known.Version == withoutReach
	}
	return known, nil
}

// lineOf returns the line at which JSON is not what it should be.
func lineOf(text []byte, err error) int {
	offset := len(text)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = int(syntax.Offset)
	case errors.As(err, &kind):
		offset = int(kind.Offset)
	}
	return 1 + bytes.Count(text[:min(offset, len(text))], []byte("\n"))
}

// newBaseline lists the reported findings that fail the run.
func (r *Report) newBaseline() baseline {
	b := baseline{Version: withReach}
	for i, f := range r.Findings {
		if Fails(f) && r.Reaches(f) {
			b.Entries = append(b.Entries, r.entry(i))
		}
	}
	return b
}

// entry returns what a baseline says of a finding.
func (r *Report) entry(i int) baselineEntry {
	f, seen := r.Findings[i], map[reach]bool{}
	entry := baselineEntry{Fingerprint: r.prints[i], Rule: f.Rule, Package: f.Package, Path: relative(r.root, f.Pos.Filename), Message: f.Message}
	for _, w := range f.Witnesses {
		if by := r.reachOf(w); !seen[by] {
			seen[by] = true
			entry.ReachedBy = append(entry.ReachedBy, by)
		}
	}
	slices.SortFunc(entry.ReachedBy, reach.compare)
	return entry
}

func (r *Report) reachOf(w finding.Witness) reach {
	return reach{relative(r.root, w.Pos.Filename), w.In}
}

// match returns the index of the finding that each entry is of: one with its fingerprint, else one
// that would have it if its file had the name of one that is gone.
func (r *Report) match(entries []baselineEntry) map[int]int {
	byPrint, found, taken := map[string]int{}, map[int]int{}, map[int]bool{}
	for i := range r.Findings {
		byPrint[r.prints[i]] = i
	}
	lost := map[string]map[string]int{} // entries without a finding, by path and fingerprint
	for i, entry := range entries {
		if at, ok := byPrint[entry.Fingerprint]; ok {
			found[i], taken[at] = at, true
			continue
		}
		if lost[entry.Path] == nil {
			lost[entry.Path] = map[string]int{}
		}
		lost[entry.Path][entry.Fingerprint] = i
	}
	left := maxMoved / (1 + r.sources.size())
	for _, path := range slices.Sorted(maps.Keys(lost)) {
		if r.exists(path) || left == 0 {
			continue
		}
		left--
		for at, print := range fingerprints(r.Findings, r.sources, func(string) string { return path }) {
			if i, ok := lost[path][print]; ok && !taken[at] {
				found[i], taken[at] = at, true
				delete(lost[path], print)
			}
		}
	}
	return found
}

// maxMoved bounds the bytes of source that are looked through for findings of files that are
// gone.
const maxMoved = 1 << 30

// exists reports whether there is a file at a path of the baseline.
func (r *Report) exists(path string) bool {
	_, err := os.Stat(filepath.Join(r.root, filepath.FromSlash(path)))
	return !errors.Is(err, fs.ErrNotExist)
}

// suppress suppresses the finding of an entry unless more reach it than that knows, which its
// message then says. It returns what the baseline is to say of it from now on.
func (r *Report) suppress(at int, entry baselineEntry, judged judged) baselineEntry {
	f, now := &r.Findings[at], r.entry(at)
	known, gone := map[reach]bool{}, map[reach]bool{}
	for _, by := range entry.ReachedBy {
		known[by] = true
		gone[by] = judged.file(by.Path)
	}
	more := map[reach]bool{}
	for _, by := range now.ReachedBy {
		delete(gone, by)
		if !known[by] {
			more[by] = true
		}
	}
	for by, judged := range gone {
		if !judged { // by this run
			now.ReachedBy = append(now.ReachedBy, by)
			delete(gone, by)
		}
	}
	if n := len(more) - len(gone); n > 0 && !entry.old { // a renamed test is none more
		now.ReachedBy = entry.ReachedBy
		f.Message += fmt.Sprintf("; %d more than the baseline knows: %s", n, r.enumerate(slices.DeleteFunc(slices.Clone(f.Witnesses), func(w finding.Witness) bool {
			return !more[r.reachOf(w)]
		})))
		return now
	}
	slices.SortFunc(now.ReachedBy, reach.compare)
	if f.Suppressed == "" {
		f.Suppressed = baselined
	}
	return now
}

// judged says what a run covers.
type judged struct {
	*Report
	analysed map[string]bool // packages and Go files
}

func (r *Report) judged() judged {
	j := judged{r, map[string]bool{}}
	for _, name := range slices.Concat(r.Result.Analysed, r.Result.Files) {
		j.analysed[name] = true
	}
	return j
}

// entry reports whether the run covered an entry's finding: its rule ran, and its package and
// file were analysed, which build tags may exclude.
func (j judged) entry(entry baselineEntry) bool {
	return slices.ContainsFunc(j.Rules, func(a *analysis.Analyzer) bool { return a.Name == entry.Rule }) &&
		j.file(entry.Path) && (j.analysed[entry.Package] || !j.exists(entry.Path))
}

// file reports whether the run covered a file: it was analysed, or is gone.
func (j judged) file(path string) bool {
	file := filepath.Join(j.root, filepath.FromSlash(path))
	return filepath.Ext(file) != ".go" || j.analysed[file] || !j.exists(path)
}
