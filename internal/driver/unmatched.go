package driver

import (
	"bytes"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/regular"
)

// A scope is what a configuration is for: packages of one or more modules.
type scope struct {
	*config.Config
	run     *run
	roots   map[string]*config.Files // of the modules
	whole   bool                     // the run sees all of them, with their tests
	matches map[entryOf]config.Match
	goFiles []string // of the modules; nil until somebody asks
	effort  int      // what may still be spent to match patterns
}

// entryOf is an entry of the configuration.
type entryOf struct{ key, value string }

// missing says, by the form of keys, what the module lacks that an entry names; "" if
// nothing, or if the run sees too little to know.
var missing = []struct {
	form string
	what func(s *scope, e config.Entry, m config.Match, seen bool) string
}{
	{"function", (*scope).missingFunction},
	{"query", (*scope).missingFunction},
	{"table", func(s *scope, e config.Entry, m config.Match, seen bool) string {
		return unless(m.Found || !seen || !s.whole, "there is no table "+e.Value+guess(m))
	}},
	{"name pattern", func(s *scope, e config.Entry, m config.Match, seen bool) string {
		return unless(m.Found || !seen || !s.whole, e.Value+" matches no function that may run a query")
	}},
	{"path pattern", func(s *scope, e config.Entry, _ config.Match, _ bool) string {
		return unless(!s.whole || s.hasGoFile(e.Value), e.Value+" matches no Go file")
	}},
	{"file", func(s *scope, e config.Entry, _ config.Match, _ bool) string {
		return unless(s.shared() && !s.whole || s.hasFile(e.Value), "there is no file "+e.Value)
	}},
}

// unmatched returns a warning for each entry of the configurations that names nothing.
func (r *run) unmatched(scopes []*scope) []finding.Note {
	var warnings []finding.Note
	for _, s := range scopes {
		for _, m := range missing {
			for key, entries := range s.Named(m.form) {
				if key == "tenant.schema" && !s.shared() {
					continue // it is an error, which the packages have reported
				}
				for _, e := range entries {
					match, seen := s.matches[entryOf{key, e.Value}]
					if what := m.what(s, e, match, seen); what != "" {
						warnings = append(warnings, finding.Note{Pos: e.Pos, Text: key + ": " + what})
					}
				}
			}
		}
		for root, files := range s.roots {
			warnings = append(warnings, misnamed(root, files)...)
			r.asked = append(r.asked, files)
		}
	}
	return finding.SortNotes(warnings)
}

// misnamed returns a warning for each file of a module that looks like its configuration.
func misnamed(root string, files *config.Files) (warnings []finding.Note) {
	for _, name := range []string{".poollint.yaml", "poollint.yaml", "poollint.yml"} {
		if _, err := files.Stat(name); err == nil {
			warnings = append(warnings, finding.Note{
				Pos:  token.Position{Filename: filepath.Join(root, name)},
				Text: "this is not read; the configuration is " + config.FileName,
			})
		}
	}
	return warnings
}

func unless(fine bool, what string) string {
	if fine {
		return ""
	}
	return what
}

// guess proposes the name that may be meant.
func guess(m config.Match) string { return unless(m.Near == "", "; did you mean "+m.Near+"?") }

// missingFunction judges the name of a function, method or type.
func (s *scope) missingFunction(e config.Entry, m config.Match, seen bool) string {
	fn := config.FunctionOf(e)
	switch {
	case seen:
		return unless(m.Found || !s.run.tests || s.run.ignores(fn), "there is no "+e.Value+guess(m))
	case slices.ContainsFunc(s.run.units, func(u *unit) bool { return u.PkgPath == fn.Package }):
		return ""
	}
	return unless(!s.whole, "no package of the module is or imports "+fn.Package)
}

// ignores reports whether files that build constraints exclude may declare the name.
func (l *listing) ignores(fn config.Function) bool {
	for _, u := range l.units {
		if u.PkgPath != fn.Package {
			continue
		}
		for _, file := range u.IgnoredFiles {
			if text, err := regular.ReadFile(file); err != nil || bytes.Contains(text, []byte(fn.Name)) {
				return true
			}
		}
	}
	return false
}

// shared reports whether the configuration stands outside the modules, as beside go.work.
func (s *scope) shared() bool {
	for _, files := range s.roots {
		if _, inside := files.Rel(s.File()); inside {
			return false
		}
	}
	return s.File() != ""
}

// hasFile reports whether a module has the file or directory, or files that the pattern matches.
func (s *scope) hasFile(name string) bool {
	for _, files := range s.roots {
		if found, err := fs.Glob(files, filepath.ToSlash(filepath.Clean(name))); err != nil || len(found) > 0 {
			return true
		}
	}
	return false
}

// hasGoFile reports whether the pattern matches a Go file of a module; true if it would take too long
// to know.
func (s *scope) hasGoFile(pattern string) bool {
	if s.goFiles == nil {
		s.goFiles, s.effort = goFilesOf(s.roots), maxEffort
	}
	rule := config.Rule{ExemptPaths: []string{pattern}}
	for _, name := range s.goFiles {
		if s.effort -= len(pattern) * len(name); s.effort < 0 || rule.Exempts(name) != "" {
			return true
		}
	}
	return false
}

// maxEffort bounds what patterns are compared with: the sum of the lengths of patterns times those
// of names.
const maxEffort = 1 << 28

// goFilesOf returns the names of the Go files of modules.
func goFilesOf(roots map[string]*config.Files) []string {
	names := []string{}
	for root := range roots {
		fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // then no package has it
			case entry.IsDir() && name != "." && outside(filepath.Join(root, name), entry.Name()):
				return fs.SkipDir
			case !entry.IsDir() && filepath.Ext(name) == ".go":
				names = append(names, name)
			}
			return nil
		})
	}
	return names
}

// scopes returns the configurations of the user's packages, each once.
func (r *run) scopes() []*scope {
	byFile, byDir := map[string]*scope{}, map[string]*scope{}
	for _, u := range r.units {
		if !u.ours() {
			continue
		}
		s := byDir[u.Dir]
		if s == nil {
			c, err := config.Load(u.Dir, false)
			if err != nil {
				continue // the failure of the unit says so
			}
			if s = byFile[c.File()]; s == nil {
				s = &scope{Config: c, run: r, roots: map[string]*config.Files{}, whole: r.tests, matches: map[entryOf]config.Match{}}
				byFile[c.File()] = s
			}
			byDir[u.Dir] = s
			s.roots[c.Files.Root()] = c.Files
		}
		s.whole = s.whole && r.covers(u)
		for _, m := range u.matches {
			if at := (entryOf{m.Key, m.Value}); !s.matches[at].Found {
				s.matches[at] = m
			}
		}
	}
	var all []*scope
	for file, s := range byFile {
		for _, mod := range modulesOf(filepath.Join(filepath.Dir(file), "go.work")) {
			s.whole = s.whole && s.roots[filepath.Dir(mod)] != nil
		}
		all = append(all, s)
	}
	return all
}
