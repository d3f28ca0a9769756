package schema

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/sqlast"
)

// Bounds on what is read of one module.
const (
	maxEntries = 200_000 // directory entries walked
	maxListed  = 200_000 // names of files that configurations of sqlc lead to
	maxFiles   = 10_000  // files of DDL
	maxBytes   = 64 << 20
)

// A source is the DDL of one database.
type source struct {
	dir     string   // what the database is called by
	files   []string // in order
	dialect sqlast.Dialect
	known   bool     // the dialect is known
	outs    []string // directories of the packages that sqlc generates
}

// add adds files; the first name that brings some is what the database is called by.
func (s *source) add(name string, files ...string) {
	s.dir, s.files = cmp.Or(s.dir, name), append(s.files, files...)
}

// A finder looks for DDL in a module.
type finder struct {
	files   *config.Files
	sqlc    []string            // configuration files
	byDir   map[string][]string // directories with files that may hold DDL
	code    map[string][]string // directories with Go files that may, where no others do
	paths   map[string][]string // what files, directories and patterns stand for
	entries int
	listed  int // names of files that configurations of sqlc lead to
	count   int // files read
	bytes   int
}

var skippedDirs = map[string]bool{"vendor": true, "node_modules": true, "testdata": true, "third_party": true}

// walk lists what may be a schema.
func (f *finder) walk() error {
	return fs.WalkDir(f.files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == "." {
				return err
			}
			f.files.Note(name, "not read: "+err.Error())
			return fs.SkipDir
		}
		if f.entries++; f.entries > maxEntries {
			f.files.Note(name, fmt.Sprintf("more than %d files and directories: no schema is looked for from here on", maxEntries))
			return fs.SkipAll
		}
		base := path.Base(name)
		if d.IsDir() {
			hidden := name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_"))
			if hidden || skippedDirs[base] || name != "." && f.isModule(name) {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case base == "sqlc.yaml", base == "sqlc.yml", base == "sqlc.json":
			f.sqlc = append(f.sqlc, name)
		case config.SchemaText.MatchString(base) && !downFile.MatchString(name) && !notSchema.MatchString(name),
			config.SchemaCode.MatchString(name) && !strings.HasSuffix(base, "_test.go"):
			dir := path.Dir(name)
			if isUnnamed(base) {
				dir = path.Dir(dir)
			}
			f.byDir[dir] = append(f.byDir[dir], name)
		case config.StoreCode.MatchString(name) && !strings.HasSuffix(base, "_test.go"):
			f.code[path.Dir(name)] = append(f.code[path.Dir(name)], name)
		}
		return nil
	})
}

func (f *finder) isModule(dir string) bool {
	_, err := f.files.Stat(path.Join(dir, "go.mod"))
	return err == nil
}

// found returns the sources of a module whose configuration names none: what sqlc
// reads, and every other directory with DDL.
func (f *finder) found() ([]source, error) {
	if err := f.walk(); err != nil {
		return nil, err
	}
	var all sources
	taken := map[string]bool{}
	for _, name := range f.sqlc {
		for _, s := range f.readSQLC(name) {
			for _, file := range s.files {
				taken[file] = true
			}
			all.add(s)
		}
	}
	all.list = append(all.list, inDirs(f.byDir, func(name string) bool { return !taken[name] })...)
	slices.SortStableFunc(all.list, func(a, b source) int { return strings.Compare(a.dir, b.dir) })
	return all.list, nil
}

// inDirs returns a source for every directory with files of a kind.
func inDirs(byDir map[string][]string, of func(name string) bool) []source {
	var all []source
	for _, dir := range slices.Sorted(maps.Keys(byDir)) {
		files := slices.DeleteFunc(byDir[dir], func(name string) bool { return !of(name) })
		if len(files) > 0 {
			sortMigrations(files)
			all = append(all, source{dir: dir, files: files})
		}
	}
	return all
}

// creates reports whether a file seems to create tables.
func (f *finder) creates(name string) bool {
	data, err := f.files.ReadFile(name)
	return err == nil && strings.Contains(strings.ToLower(string(data)), "create table")
}

// sources are the DDL of several databases, each once.
type sources struct {
	list []source
	at   map[string]int // index in list, by the names of the files
}

// add adds the source, or the packages generated for it to the one with the same
// files. One without files is left out.
func (all *sources) add(s source) {
	if len(s.files) == 0 {
		return
	}
	files := strings.Join(s.files, "\n")
	if i, ok := all.at[files]; ok {
		all.list[i].outs = append(all.list[i].outs, s.outs...)
		return
	}
	if all.at == nil {
		all.at = map[string]int{}
	}
	all.at[files] = len(all.list)
	all.list = append(all.list, s)
}

// expand returns the files that a file, a directory or a pattern stands for.
func (f *finder) expand(name string) []string {
	files, ok := f.paths[name]
	if !ok {
		files = f.look(name)
		f.paths[name] = files
	}
	return files
}

func (f *finder) look(name string) []string {
	info, err := f.files.Stat(name)
	switch {
	case err == nil && !info.IsDir():
		return []string{name}
	case err == nil:
		name = path.Join(name, "*.sql")
	}
	matches, err := fs.Glob(f.files, name)
	if err != nil {
		return nil
	}
	matches = slices.DeleteFunc(matches, downFile.MatchString)
	sortMigrations(matches)
	return matches
}

// named returns the sources that the configuration names: files and directories are one
// database, what a pattern finds in several directories is one for each.
func (f *finder) named(paths []string) ([]source, error) {
	var first source
	var apart []source
	for _, name := range paths {
		info, err := f.files.Stat(path.Clean(name))
		if err != nil {
			matches := f.expand(name)
			if len(matches) == 0 {
				return nil, &config.EntryError{Key: "tenant.schema", Value: name, Err: err}
			}
			byDir := map[string][]string{}
			for _, match := range matches {
				byDir[path.Dir(match)] = append(byDir[path.Dir(match)], match)
			}
			if len(byDir) > 1 {
				apart = append(apart, inDirs(byDir, func(string) bool { return true })...)
			} else {
				first.add(name, matches...)
			}
			continue
		}
		if !info.IsDir() {
			first.add(name, path.Clean(name))
			continue
		}
		var below []string
		if err := fs.WalkDir(f.files, path.Clean(name), func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && config.SchemaText.MatchString(name) && !downFile.MatchString(name) {
				below = append(below, name)
			}
			return err
		}); err != nil {
			return nil, &config.EntryError{Key: "tenant.schema", Value: name, Err: err}
		}
		sortMigrations(below)
		first.add(name, below...)
	}
	if len(first.files) > 0 {
		apart = append(apart, first)
	}
	return apart, nil
}
