package schema

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/sqlast"
)

// Bounds on what is read of one module.
const (
	maxEntries = 200_000 // directory entries walked
	maxFiles   = 10_000  // files of DDL
	maxBytes   = 128 << 20
)

// A source is the DDL of one database.
type source struct {
	dir     string   // what the database is called by
	files   []string // in order
	dialect sqlast.Dialect
	known   bool     // the dialect is
	outs    []string // directories of the packages that sqlc generates
}

// A finder looks for DDL in a module.
type finder struct {
	files   *config.Files
	sqlc    []string            // configuration files
	byDir   map[string][]string // directories with files that may hold DDL
	entries int
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
			return fs.SkipDir
		}
		if f.entries++; f.entries > maxEntries {
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
		case strings.HasSuffix(base, ".sql") && !downFile.MatchString(name) && !notSchema.MatchString(name),
			config.SchemaCode.MatchString(name) && !strings.HasSuffix(base, "_test.go"):
			dir := path.Dir(name)
			if isUpDown(base) {
				dir = path.Dir(dir)
			}
			f.byDir[dir] = append(f.byDir[dir], name)
		}
		return nil
	})
}

func (f *finder) isModule(dir string) bool {
	_, err := f.files.Stat(path.Join(dir, "go.mod"))
	return err == nil
}

// found returns the sources that nobody named: what sqlc reads, and every other
// directory with DDL.
func (f *finder) found() ([]source, error) {
	if err := f.walk(); err != nil {
		return nil, err
	}
	var all []source
	taken := map[string]bool{}
	for _, name := range f.sqlc {
		sources, err := f.readSQLC(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, s := range sources {
			for _, file := range s.files {
				taken[file] = true
			}
			all = s.addTo(all)
		}
	}
	for dir, files := range f.byDir {
		files = slices.DeleteFunc(files, func(name string) bool { return taken[name] })
		if len(files) > 0 {
			sortMigrations(files)
			all = append(all, source{dir: dir, files: files})
		}
	}
	slices.SortStableFunc(all, func(a, b source) int { return strings.Compare(a.dir, b.dir) })
	return all, nil
}

// addTo adds the source to the list, or the packages generated for it to the entry
// with the same files.
func (s source) addTo(all []source) []source {
	for i := range all {
		if slices.Equal(all[i].files, s.files) {
			all[i].outs = append(all[i].outs, s.outs...)
			return all
		}
	}
	return append(all, s)
}

// oneOrMore is a list of strings that may be written as one string.
type oneOrMore []string

func (l *oneOrMore) UnmarshalYAML(unmarshal func(any) error) error {
	if err := unmarshal((*[]string)(l)); err == nil {
		return nil
	}
	var one string
	if err := unmarshal(&one); err != nil {
		return err
	}
	*l = oneOrMore{one}
	return nil
}

// sqlcConfig is what matters of sqlc's configuration, of both its versions.
type sqlcConfig struct {
	SQL []struct {
		Engine string    `yaml:"engine"`
		Schema oneOrMore `yaml:"schema"`
		Gen    struct {
			Go struct {
				Out string `yaml:"out"`
			} `yaml:"go"`
		} `yaml:"gen"`
	} `yaml:"sql"`
	Packages []struct {
		Engine string    `yaml:"engine"`
		Schema oneOrMore `yaml:"schema"`
		Path   string    `yaml:"path"`
	} `yaml:"packages"`
}

var engines = map[string]sqlast.Dialect{"postgresql": sqlast.Postgres, "mysql": sqlast.MySQL, "sqlite": sqlast.SQLite}

// readSQLC returns the databases that a configuration of sqlc describes. Entries
// with the same schema are one.
func (f *finder) readSQLC(name string) ([]source, error) {
	text, err := f.files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var c sqlcConfig
	if err := yaml.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("not a configuration of sqlc: %s", strings.SplitN(err.Error(), "\n", 2)[0])
	}
	var all []source
	add := func(engine string, schema []string, out string) {
		s := source{dir: path.Dir(name)}
		s.dialect, s.known = engines[engine]
		for _, item := range schema {
			s.files = append(s.files, f.expand(path.Join(path.Dir(name), item))...)
		}
		if len(s.files) == 0 {
			return
		}
		s.dir = path.Dir(s.files[0])
		s.outs = []string{path.Join(path.Dir(name), out)}
		all = s.addTo(all)
	}
	for _, e := range c.SQL {
		add(e.Engine, e.Schema, e.Gen.Go.Out)
	}
	for _, e := range c.Packages {
		add(e.Engine, e.Schema, e.Path)
	}
	return all, nil
}

// expand returns the files that a file, a directory or a pattern stands for.
func (f *finder) expand(name string) []string {
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

// named returns the source that the configuration names.
func (f *finder) named(paths []string) (source, error) {
	s := source{dir: paths[0]}
	for _, name := range paths {
		info, err := f.files.Stat(path.Clean(name))
		if err != nil {
			if matches := f.expand(name); len(matches) > 0 {
				s.files = append(s.files, matches...)
				continue
			}
			return s, fmt.Errorf("tenant.schema: %w", err)
		}
		if !info.IsDir() {
			s.files = append(s.files, path.Clean(name))
			continue
		}
		sub := &finder{files: f.files, byDir: map[string][]string{}}
		if err := fs.WalkDir(f.files, path.Clean(name), func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(name, ".sql") && !downFile.MatchString(name) {
				sub.byDir[""] = append(sub.byDir[""], name)
			}
			return err
		}); err != nil {
			return s, fmt.Errorf("tenant.schema: %w", err)
		}
		sortMigrations(sub.byDir[""])
		s.files = append(s.files, sub.byDir[""]...)
	}
	return s, nil
}
