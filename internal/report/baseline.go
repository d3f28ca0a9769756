package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/wholefile"
)

// Baselined is the reason of findings that the baseline suppresses.
const Baselined = "in the baseline"

// baseline is the content of a baseline file: findings that are known and
// accepted for now.
type baseline struct {
	Version int             `json:"version"`
	Entries []baselineEntry `json:"findings"`
}

// baselineEntry is one finding. Path is relative to the root of the report.
type baselineEntry struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Package     string `json:"package"`
	Path        string `json:"path"`
	Message     string `json:"message"`
}

// ApplyBaseline suppresses the findings that the file lists. It returns the stale entries,
// as "path: message (rule)": those whose findings are gone. With write it removes them
// from the file instead or, if there is no file yet, writes one with all findings that
// fail the run. So a baseline only shrinks.
func (r *Report) ApplyBaseline(file string, write bool) (stale []string, err error) {
	known, err := readBaseline(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && write:
		known = r.newBaseline()
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("baseline %s does not exist; -write-baseline makes it", file)
	case err != nil:
		return nil, err
	}
	byPrint := map[string]int{}
	for i := range r.Findings {
		byPrint[r.prints[i]] = i
	}
	judged := r.judged()
	kept := baseline{Version: 1, Entries: []baselineEntry{}}
	for _, entry := range known.Entries {
		i, found := byPrint[entry.Fingerprint]
		if !found && judged(entry) {
			stale = append(stale, fmt.Sprintf("%s: %s (%s)", entry.Path, entry.Message, entry.Rule))
			continue
		}
		kept.Entries = append(kept.Entries, entry)
		if found && r.Findings[i].Suppressed == "" {
			r.Findings[i].Suppressed = Baselined
		}
	}
	if !write {
		return stale, nil
	}
	text, err := json.MarshalIndent(kept, "", "  ")
	if err != nil {
		return nil, err
	}
	return nil, wholefile.Write(file, append(text, '\n'))
}

func readBaseline(file string) (known baseline, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return known, err
	}
	if err := json.Unmarshal(text, &known); err != nil {
		return known, fmt.Errorf("baseline %s: %w", file, err)
	}
	if known.Version != 1 {
		return known, fmt.Errorf("baseline %s: version %d is not known, only 1 is", file, known.Version)
	}
	return known, nil
}

// newBaseline lists the reported findings that fail the run.
func (r *Report) newBaseline() (b baseline) {
	for i, f := range r.Findings {
		if Fails(f) && r.Reaches(f) {
			b.Entries = append(b.Entries, baselineEntry{r.prints[i], f.Rule, f.Package, relative(r.root, f.Pos.Filename), f.Message})
		}
	}
	return b
}

// judged returns whether the run covered an entry's finding: its rule ran, and its package
// and file were analysed, which build tags may exclude.
func (r *Report) judged() func(baselineEntry) bool {
	analysed := map[string]bool{}
	for _, name := range slices.Concat(r.Result.Analysed, r.Result.Files) {
		analysed[name] = true
	}
	return func(entry baselineEntry) bool {
		if !slices.ContainsFunc(r.Rules, func(a *analysis.Analyzer) bool { return a.Name == entry.Rule }) {
			return false
		}
		file := filepath.Join(r.root, filepath.FromSlash(entry.Path))
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return true
		}
		return analysed[entry.Package] && (filepath.Ext(file) != ".go" || analysed[file])
	}
}
