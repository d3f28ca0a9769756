package driver

import (
	"go/build"
	"io/fs"
	"iter"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/goenv"
)

// place identifies what the go command is asked, and its environment; false if its inputs
// cannot be known.
func place(o Options, dir string) ([]any, bool) {
	if otherDriver() {
		return nil, false
	}
	for _, pattern := range o.Patterns {
		if !build.IsLocalImport(pattern) && !filepath.IsAbs(pattern) {
			return nil, false
		}
	}
	var environment []string
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "GO") || strings.HasPrefix(name, "CGO_") || slices.Contains(goEnvironment, name) {
			environment = append(environment, variable)
		}
	}
	slices.Sort(environment)
	for _, tool := range []string{"go", "gcc", "clang", "cc", setting("CC", goenv.User(dir))} { // they decide whether cgo is on
		path, _ := exec.LookPath(tool)
		environment = append(environment, path)
	}
	return []any{dir, o.Patterns, o.Tests, o.Tags, environment}, true
}

// goEnvironment lists the variables that the go command looks at besides those
// that begin with GO or CGO_.
var goEnvironment = []string{"PATH", "HOME", "XDG_CONFIG_HOME", "CC", "CXX", "FC", "AR", "PKG_CONFIG", "PWD"}

// inputs returns the files and directories, existing or not, that the go command and the
// run depend on. Those that analyzers read are not among them.
func (l *listing) inputs() []string {
	paths := map[string]bool{l.dir: true}
	for _, u := range l.units {
		switch m := u.Module; {
		case !u.immutable():
			paths[u.Dir] = true
			for _, file := range u.allFiles() {
				paths[file] = true
			}
			for _, file := range u.EmbedFiles { // the go command only checks that some exist
				paths[filepath.Dir(file)] = true
			}
			if m != nil && m.GoMod != "" { // a vendored module has neither go.mod nor directory
				for dir := range below(m.Dir, u.Dir) {
					paths[filepath.Join(dir, "go.mod")] = true // if it appears, the package belongs to another module
				}
				paths[m.GoMod] = true
				paths[strings.TrimSuffix(m.GoMod, ".mod")+".sum"] = true
				paths[filepath.Join(filepath.Dir(m.GoMod), "vendor", "modules.txt")] = true
			}
		case m != nil:
			paths[m.Dir] = true // the module cache may be removed
		case u.PkgPath == "runtime":
			paths[u.Dir] = true
			paths[filepath.Join(l.goroot, "VERSION")] = true
		}
	}
	for above := l.dir; ; above = filepath.Dir(above) {
		for _, name := range surroundings {
			paths[filepath.Join(above, name)] = true
		}
		if above == filepath.Dir(above) {
			break
		}
	}
	if work := setting("GOWORK", l.settings()...); filepath.IsAbs(work) {
		paths[work] = true
		paths[work+".sum"] = true
		paths[filepath.Join(filepath.Dir(work), "vendor", "modules.txt")] = true
	}
	addModules(paths)
	for _, file := range l.settings() {
		paths[file] = true
	}
	if tool, err := exec.LookPath("go"); err == nil {
		paths[tool] = true
	}
	for _, pattern := range l.patterns {
		l.addTree(paths, pattern)
	}
	delete(paths, "")
	return slices.Sorted(maps.Keys(paths))
}

// surroundings are the files that affect packages in all directories below; the last ones
// tell version managers which go command to start.
var surroundings = []string{
	"go.mod", "go.work", "go.work.sum", filepath.Join("vendor", "modules.txt"),
	".go-version", ".tool-versions", "mise.toml", ".mise.toml",
}

// addModules adds the go.mod files that those among the paths refer to, transitively.
func addModules(paths map[string]bool) {
	files := slices.Collect(maps.Keys(paths))
	for len(files) > 0 {
		file := files[0]
		files = files[1:]
		if ext := filepath.Ext(file); ext != ".mod" && ext != ".work" {
			continue
		}
		for _, more := range modulesOf(file) {
			if !paths[more] {
				paths[more] = true
				files = append(files, more)
			}
		}
	}
}

// below yields dir and its parents up to, and without, top; nothing if dir is not in top.
func below(top, dir string) iter.Seq[string] {
	return func(yield func(string) bool) {
		rel, err := filepath.Rel(top, dir)
		if err != nil || !filepath.IsLocal(rel) {
			return
		}
		for ; rel != "."; rel = filepath.Dir(rel) {
			if !yield(filepath.Join(top, rel)) {
				return
			}
		}
	}
}

// addTree adds the directories that a pattern such as ./... covers, so that a new one is
// noticed, and the test files of directories without a listed package.
func (l *listing) addTree(paths map[string]bool, pattern string) {
	prefix, _, ok := strings.Cut(pattern, "...")
	if !ok {
		return
	}
	root, _ := filepath.Split(filepath.FromSlash(prefix)) // ./a... covers ./ab
	if !filepath.IsAbs(root) {
		root = filepath.Join(l.dir, root)
	}
	root = filepath.Clean(root)
	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir() && !strings.HasSuffix(path, "_test.go"):
			return nil
		case !entry.IsDir():
			paths[path] = true
			return nil
		}
		paths[path] = true
		if path != root && outside(path, entry.Name()) {
			return fs.SkipDir
		}
		return nil
	})
}
