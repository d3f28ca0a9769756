package config

import (
	"errors"
	"fmt"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
)

// FileName is the name of the configuration file.
const FileName = ".poollint.yml"

// Analyzer provides the configuration of the analysed module: its result is a *Config. The
// file is the nearest one from the package's directory up to the module root, else the one
// beside go.work; dependencies are analysed with the defaults. Flags override the file, for the whole process:
//
//	-config FILE    read this file instead; a relative path counts from the module root
//	-settings YAML  settings laid over the file's, for drivers with a configuration of their own
//
// and those that rules declare with Flags.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintconfig",
	Doc:              "read the poollint configuration of the module",
	Run:              run,
	FactTypes:        []analysis.Fact{new(Seen)}, // of drivers, for whoever asks
	RunDespiteErrors: true,
	ResultType:       reflect.TypeFor[*Config](),
}

// The values of the process's flags.
var (
	file      string
	settings  string
	overrides []override
)

func init() {
	Analyzer.Flags.StringVar(&file, "config", "", "configuration `file`, instead of the nearest "+FileName)
	Analyzer.Flags.Func("settings", "settings in YAML, laid over the configuration file's", func(text string) error {
		settings = text
		return Default().Decode("settings", []byte(text))
	})
}

// Of returns the configuration of the pass, whose analyzer must require Analyzer.
func Of(pass *analysis.Pass) *Config { return pass.ResultOf[Analyzer].(*Config) }

func run(pass *analysis.Pass) (any, error) {
	if len(pass.Files) == 0 {
		return Default(), nil
	}
	c, err := Load(Dir(pass), Dependency(pass))
	if err == nil && !Dependency(pass) {
		c.matchNames(pass)
	}
	return c, err
}

// Dir returns the directory of the pass's package, which must have files. Line directives
// count only if cgo generated the first file: source code must not be able to choose the
// module whose files are read.
func Dir(pass *analysis.Pass) string {
	at := pass.Files[0].Package
	file := pass.Fset.PositionFor(at, false).Filename
	if filepath.Ext(file) != ".go" || filepath.Base(file) == "_cgo_gotypes.go" {
		file = pass.Fset.Position(at).Filename
	}
	return filepath.Dir(file)
}

// Dependency reports whether the pass is over a package of another module or of the
// standard library. Rules and fact analyzers skip those, so that all drivers have the same
// facts: those of the user's own modules. Drivers differ: some give the standard library a
// module without a path, some none, and some give no package a module.
func Dependency(pass *analysis.Pass) bool {
	if pass.Module != nil && pass.Module.Path != "" {
		return pass.Module.Version != ""
	}
	return Standard(pass.Pkg.Path())
}

// Ours reports whether a package is the pass's own or another of its module, as far as the
// driver tells the module.
func Ours(pass *analysis.Pass, pkg *types.Package) bool {
	if pkg == nil || pkg == pass.Pkg {
		return pkg != nil
	}
	return pass.Module != nil && pass.Module.Path != "" && strings.HasPrefix(pkg.Path()+"/", pass.Module.Path+"/")
}

// Standard reports whether an import path is one of the standard library.
func Standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return slices.Contains(standard, first)
}

// standard are the first elements of the standard library's import paths.
var standard = strings.Fields("archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar " +
	"flag fmt go hash html image index internal io iter log maps math mime net os path plugin reflect regexp runtime " +
	"slices sort strconv strings structs sync syscall testing text time unicode unique unsafe vendor weak")

// Load returns the configuration for the package in dir. The file of a dependency is not
// read.
func Load(dir string, dependency bool) (*Config, error) {
	files := NewFiles(moduleRoot(dir))
	name := file
	if name == "" && !dependency {
		var err error
		if name, err = find(files, dir); err != nil {
			return nil, err
		}
	}
	shared, err := once(files, fmt.Sprintf("config\x00%s\x00%t", name, dependency), func(files *Files) (*Config, error) {
		return load(files, name, dependency)
	})
	if err != nil {
		return nil, err
	}
	c := *shared
	c.Files = files
	return &c, nil
}

// load reads the named file, else the workspace's, and applies the flags.
func load(files *Files, name string, dependency bool) (*Config, error) {
	c := Default()
	c.source = name
	file, text, err := read(files, name, dependency)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	if err := c.Decode(file, text); err != nil {
		return nil, err
	}
	c.file = file
	if name == "" { // another module of the workspace may have what this one has not
		c.Tenant.Schema = slices.DeleteFunc(c.Tenant.Schema, func(name string) bool {
			found, _ := fs.Glob(files, path.Clean(name))
			return len(found) == 0
		})
	}
	if err := c.Decode("settings", []byte(settings)); err != nil {
		return nil, err
	}
	for _, o := range overrides {
		if err := c.set(o.key, o.value); err != nil {
			return nil, fmt.Errorf("%s: %w", o.key, err)
		}
	}
	return c, nil
}

// read returns the text and the path of the named file, else of the workspace's.
func read(files *Files, name string, dependency bool) (file string, text []byte, err error) {
	switch {
	case name == "" && dependency:
		return "", nil, nil
	case name == "":
		return files.workspace()
	case filepath.IsAbs(name): // a file that the user names may be outside the module
		text, err = os.ReadFile(name)
		return name, text, err
	}
	text, err = files.ReadFile(name)
	return filepath.Join(files.root, name), text, err
}

// find returns the name of the nearest configuration file from dir upward to
// the module root, or "".
func find(files *Files, dir string) (string, error) {
	rel, ok := files.Rel(dir)
	if !ok {
		return "", nil
	}
	for ; ; rel = path.Dir(rel) {
		name := path.Join(rel, FileName)
		_, err := files.Stat(name)
		switch {
		case err == nil:
			return name, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("configuration: %w", err)
		case rel == ".":
			return "", nil
		}
	}
}

// ModuleRoot returns the nearest directory from dir upward with a go.mod.
func ModuleRoot(dir string) (string, bool) { return above(dir, "go.mod") }

// moduleRoot is ModuleRoot, or dir if there is no module.
func moduleRoot(dir string) string {
	if root, ok := ModuleRoot(dir); ok {
		return root
	}
	return dir
}

// above returns the nearest directory from dir upward that holds the named file.
func above(dir, name string) (string, bool) {
	for at := dir; ; at = filepath.Dir(at) {
		if isRegular(filepath.Join(at, name)) {
			return at, true
		}
		if at == filepath.Dir(at) {
			return "", false
		}
	}
}

func isRegular(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode().IsRegular()
}

// Once computes a value that depends only on a module's configuration and files, such as
// its schema, once in the process for all packages. The files that compute reads through
// its argument count as read by each package. The value is shared: do not change it.
func Once[T any](c *Config, key string, compute func(*Files) (T, error)) (T, error) {
	return once(c.Files, key+"\x00"+c.source, compute)
}

type onceKey struct{ root, key string }

type onceEntry struct {
	done    sync.Once
	value   any
	err     error
	answers *answers
}

var memo sync.Map // of onceKey to *onceEntry

// Forget drops the values of Once. A driver calls it before a run, since files may have
// changed since the last one.
func Forget() { memo.Clear() }

// Renew drops the values of Once whose files have changed since they were computed, and those that
// could not be. It returns what it has asked of the files, by module root.
func Renew() map[string]*Files {
	asked := map[string]*Files{}
	memo.Range(func(k, e any) bool {
		root, entry := k.(onceKey).root, e.(*onceEntry)
		if asked[root] == nil {
			asked[root] = NewFiles(root)
		}
		if entry.err != nil || entry.answers == nil || !asked[root].Unchanged(entry.answers.sorted) {
			memo.Delete(k)
		}
		return true
	})
	return asked
}

func once[T any](files *Files, key string, compute func(*Files) (T, error)) (T, error) {
	e, _ := memo.LoadOrStore(onceKey{files.root, key}, &onceEntry{})
	entry := e.(*onceEntry)
	entry.done.Do(func() {
		own := NewFiles(files.root)
		entry.err = errors.New("not computed") // holds if compute panics
		entry.value, entry.err = compute(own)
		entry.answers = newAnswers(own)
	})
	if entry.answers != nil {
		files.share(entry.answers)
	}
	value, _ := entry.value.(T)
	return value, entry.err
}
