package ruletest

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/tools/txtar"

	"github.com/poollint/poollint/internal/driver"
)

// A module is the copy of a module that is analysed, with archives laid out in it.
type module struct {
	dir      string
	patterns []string          // for the go command
	origins  map[string]origin // of the files, by path
	archives map[string]bool   // the folders that archives are laid out in
}

// An origin is where a file of the copy comes from.
type origin struct {
	file string // relative to the test
	line int    // of file before the first line
}

// layOut copies a module to the directory to, or its go.mod and go.sum if the
// patterns name archives alone, and lays out the archives.
func layOut(to, from string, patterns []string) (*module, error) {
	to, err := filepath.EvalSymlinks(to)
	if err != nil {
		return nil, err
	}
	m := &module{dir: to, origins: map[string]origin{}, archives: map[string]bool{}}
	var archives []string
	for _, pattern := range patterns {
		if filepath.Ext(pattern) != ".txtar" {
			m.patterns = append(m.patterns, pattern)
			continue
		}
		files, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("%s: no such archive", pattern)
		}
		archives = append(archives, files...)
	}
	whole := m.patterns != nil
	if err := m.copy(from, whole); err != nil {
		return nil, err
	}
	for _, archive := range archives {
		if err := m.unpack(archive); err != nil {
			return nil, err
		}
	}
	return m, m.settleModule(from, whole)
}

// copy copies the module, whole or only what says what it requires.
func (m *module) copy(from string, whole bool) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil || !whole && name != "go.mod" && name != "go.sum" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return m.write(name, text, origin{file: path})
	})
}

// unpack lays out an archive in the folder that is named as it is.
func (m *module) unpack(file string) error {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return err
	}
	folder := strings.TrimSuffix(filepath.Base(file), ".txtar")
	m.archives[filepath.Join(m.dir, folder)] = true
	m.patterns = append(m.patterns, "./"+folder+"/...")
	line := strings.Count(string(archive.Comment), "\n")
	for _, f := range archive.Files {
		line++ // of the file's name
		if err := m.write(filepath.Join(folder, f.Name), f.Data, origin{file, line}); err != nil {
			return err
		}
		line += strings.Count(string(f.Data), "\n")
	}
	return nil
}

func (m *module) write(name string, text []byte, from origin) error {
	if !filepath.IsLocal(name) {
		return fmt.Errorf("%s: %q leads out of the module", from.file, name)
	}
	path := filepath.Join(m.dir, name)
	m.origins[path] = from
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o666)
}

// settleModule has replacements by relative paths keep their meaning, and names a
// module that has nothing but archives.
func (m *module) settleModule(from string, whole bool) error {
	path := filepath.Join(m.dir, "go.mod")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	mod, err := modfile.Parse(path, text, nil)
	if err != nil {
		return err
	}
	if !whole {
		err = mod.AddModuleStmt("example.com")
	}
	for _, r := range mod.Replace {
		if !modfile.IsDirectoryPath(r.New.Path) || filepath.IsAbs(r.New.Path) {
			continue
		}
		target, fail := filepath.Abs(filepath.Join(from, r.New.Path))
		err = errors.Join(err, fail, mod.AddReplace(r.Old.Path, r.Old.Version, target, ""))
	}
	if err != nil {
		return err
	}
	return os.WriteFile(path, modfile.Format(mod.Syntax), 0o666)
}

// place returns where a line of the copy stands in testdata, as "file:line".
func (m *module) place(file string, line int) string {
	from, ok := m.origins[file]
	if !ok {
		from.file = file
	}
	return fmt.Sprintf("%s:%d", from.file, from.line+line)
}

func (m *module) placeOf(pos token.Position) string { return m.place(pos.Filename, pos.Line) }

// rename returns the failure with the place in testdata.
func (m *module) rename(f driver.Failure) error {
	file, rest, _ := strings.Cut(f.Pos, ":")
	line, _, _ := strings.Cut(rest, ":")
	if n, err := strconv.Atoi(line); err == nil {
		f.Pos = m.place(file, n)
	}
	return f
}
