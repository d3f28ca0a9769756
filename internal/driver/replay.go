package driver

import (
	"bytes"
	"encoding/gob"
	"go/build"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/snapshot"
)

// A replay is a whole run, to be told again while nothing that it depends on
// has changed. It spares asking the go command, which is most of a short run.
type replay struct {
	Inputs []snapshot.Input         // what the go command and the run looked at
	Reads  map[string][]config.Read // what analyzers read, by module root
	Result *Result
}

// replayKey names the run of the options in its directory and environment;
// false if what the go command looks at cannot be told for them.
func replayKey(o Options, dir string) (cache.Key, bool) {
	for _, pattern := range o.Patterns {
		if !build.IsLocalImport(pattern) && !filepath.IsAbs(pattern) {
			return cache.Key{}, false
		}
	}
	var environment []string
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		switch {
		case name == "GOFLAGS" && (strings.Contains(value, "-modfile") || strings.Contains(value, "-overlay")),
			name == "GOPACKAGESDRIVER" && value != "" && value != "off":
			return cache.Key{}, false
		case strings.HasPrefix(name, "GO"), strings.HasPrefix(name, "CGO_"), slices.Contains(goEnvironment, name):
			environment = append(environment, variable)
		}
	}
	slices.Sort(environment)
	for _, tool := range []string{"go", "gcc", "clang", "cc", os.Getenv("CC")} { // whether there is cgo depends on them
		path, _ := exec.LookPath(tool)
		environment = append(environment, path)
	}
	return runKey(o, "replay", dir, o.Patterns, o.Tests, o.Tags, environment), true
}

// goEnvironment lists the variables that the go command looks at besides those
// that begin with GO or CGO_.
var goEnvironment = []string{"PATH", "HOME", "XDG_CONFIG_HOME", "CC", "CXX", "FC", "AR", "PKG_CONFIG", "PWD"}

// recall returns the result of an earlier run that still holds, or nil.
func recall(c *cache.Cache, key cache.Key) *Result {
	data, ok := c.Get(key)
	if !ok {
		return nil
	}
	var r replay
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&r); err != nil {
		return nil
	}
	for root, reads := range r.Reads {
		if !config.NewFiles(root).Unchanged(reads) {
			return nil
		}
	}
	if !all(r.Inputs, snapshot.Input.Unchanged) {
		return nil
	}
	return r.Result
}

// all reports whether the condition holds for every input, on all processors.
func all(inputs []snapshot.Input, holds func(snapshot.Input) bool) bool {
	var g errgroup.Group
	for part := range slices.Chunk(inputs, max(1, len(inputs)/runtime.GOMAXPROCS(0)+1)) {
		g.Go(func() error {
			for _, in := range part {
				if !holds(in) {
					return fs.ErrInvalid
				}
			}
			return nil
		})
	}
	return g.Wait() == nil
}

// remember keeps a run, if nothing went wrong in it and nothing that it depends
// on has changed since it started.
func (r *run) remember(c *cache.Cache, key cache.Key, result *Result, start time.Time) {
	if len(result.Failures) > 0 {
		return
	}
	memory := replay{Reads: map[string][]config.Read{}, Result: result}
	for _, u := range r.units {
		root, reads := u.readIn, u.reads
		if u.entry != nil {
			root, reads = u.entry.ReadIn, u.entry.Reads
		}
		if root != "" {
			memory.Reads[root] = append(memory.Reads[root], reads...)
		}
	}
	for root, reads := range memory.Reads {
		memory.Reads[root] = uniqueReads(reads)
	}
	paths := r.listing.inputs()
	memory.Inputs = make([]snapshot.Input, len(paths))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		g.Go(func() (err error) {
			memory.Inputs[i], err = snapshot.Take(path, start)
			return err
		})
	}
	var data bytes.Buffer
	if g.Wait() == nil && gob.NewEncoder(&data).Encode(memory) == nil {
		c.Put(key, data.Bytes()) // a cache that cannot be written costs time only
	}
}

func uniqueReads(reads []config.Read) []config.Read {
	slices.SortFunc(reads, func(a, b config.Read) int {
		return strings.Compare(a.Op+"\x00"+a.Name+"\x00"+a.Digest, b.Op+"\x00"+b.Name+"\x00"+b.Digest)
	})
	return slices.Compact(reads)
}

// inputs returns the files and directories, there or not, by which the go
// command and the run came to know what they do, but for what analyzers read.
func (l *listing) inputs() []string {
	paths := map[string]bool{l.dir: true}
	for _, u := range l.units {
		switch m := u.Module; {
		case !u.immutable():
			paths[u.Dir] = true
			for _, file := range u.allFiles() {
				paths[file] = true
			}
			for _, file := range u.EmbedFiles { // the go command asks only that there are some
				paths[filepath.Dir(file)] = true
			}
			if m != nil {
				for dir := u.Dir; len(dir) > len(m.Dir); dir = filepath.Dir(dir) {
					paths[filepath.Join(dir, "go.mod")] = true // would take the package out of the module
				}
				paths[m.GoMod] = true
				paths[strings.TrimSuffix(m.GoMod, ".mod")+".sum"] = true
				paths[filepath.Join(filepath.Dir(m.GoMod), "vendor", "modules.txt")] = true
			}
		case m != nil:
			paths[m.Dir] = true // the module cache may be removed
		case u.PkgPath == "runtime":
			paths[u.Dir] = true
			paths[filepath.Join(u.Dir, "..", "..", "VERSION")] = true
			paths[filepath.Join(u.Dir, "..", "..", "go.env")] = true
		}
	}
	for above := l.dir; ; above = filepath.Dir(above) {
		for _, name := range []string{"go.mod", "go.work", "go.work.sum", filepath.Join("vendor", "modules.txt")} {
			paths[filepath.Join(above, name)] = true
		}
		if above == filepath.Dir(above) {
			break
		}
	}
	if work := os.Getenv("GOWORK"); filepath.IsAbs(work) {
		paths[work] = true
		paths[work+".sum"] = true
	}
	if settings, err := os.UserConfigDir(); err == nil {
		paths[filepath.Join(settings, "go", "env")] = true
	}
	if settings := os.Getenv("GOENV"); filepath.IsAbs(settings) {
		paths[settings] = true
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

// addTree adds the directories that a pattern such as ./... covers, so that a
// new one is seen, and the test files in those where no package is listed.
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
