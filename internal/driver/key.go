package driver

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"go/build"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/regular"
	"github.com/poollint/poollint/internal/snapshot"
)

// keys sets the key of every unit: a digest of all that its types depend on and, if it is
// analysed, its findings and facts. The files that analyzers read are not part of it: the
// entry names them. A unit is unsure if one of its files may have changed after the start
// of the run, or cannot be read.
func (l *listing) keys(o Options, session *Session, start time.Time) {
	goVersion := l.goVersion()
	types, analysis := typesKey(o, goVersion), runKey(o, goVersion)
	l.digestFiles(o.Overlay, session, start)
	var was map[string]cache.Key // as keys are the same in all runs of a session
	if session != nil && l.recalled != nil {
		was = l.recalled.fixed
	}
	fixed := map[string]cache.Key{}
	postorder(l.units, func(u *unit) {
		switch key, known := was[u.ID]; {
		case known:
			u.key = key
		case u.source:
			u.key = l.key(analysis, u)
		default:
			u.key = l.key(types, u)
		}
		if u.immutable() && !slices.ContainsFunc(u.imports, func(dep *unit) bool { _, is := fixed[dep.ID]; return !is }) {
			fixed[u.ID] = u.key
		}
	})
	if session != nil && l.recalled != nil {
		l.recalled.fixed = fixed
	}
}

// typesKey is the common part of the keys of all units that are only type-checked.
func typesKey(o Options, goVersion string) cache.Key {
	h := cache.NewHash("types")
	h.Add(o.Tool, runtime.Version(), build.Default.GOARCH, goVersion)
	return h.Key()
}

// runKey is the common part of the keys of all units that are analysed.
func runKey(o Options, more ...any) cache.Key {
	h := cache.NewHash("run")
	h.Add(o.Tool, runtime.Version(), build.Default.GOARCH, config.Given())
	for _, a := range newPlan(o.Rules).all {
		h.Add(a.Name)
	}
	for _, rule := range o.Rules {
		h.Add(rule.Name, rule.Everywhere)
	}
	h.Add(more...)
	return h.Key()
}

// goVersion identifies the standard library that the go command uses.
func (l *listing) goVersion() string {
	version, _ := os.ReadFile(filepath.Join(l.goroot, "VERSION")) // absent in a development tree
	return l.goroot + " " + string(version)
}

func (l *listing) key(run cache.Key, u *unit) cache.Key {
	h := cache.NewHash("unit")
	h.Add(run, u.ID, u.Name, u.source, u.rules)
	if u.source && u.seen != nil {
		h.Add(*u.seen)
	}
	if m := u.Module; m != nil {
		h.Add(m.Path, m.Version, m.GoVersion, m.Main)
		if m.Replace != nil {
			h.Add(m.Replace.Path, m.Replace.Version)
		}
	}
	h.Add(len(u.GoFiles), len(u.OtherFiles)) // where the lists of files end
	for _, file := range u.allFiles() {
		h.Add(file)
		if !u.immutable() {
			h.Add(l.digests[file])
			u.unsure = u.unsure || l.digests[file] == ""
		}
	}
	for _, path := range slices.Sorted(maps.Keys(u.Imports)) {
		dep := l.byID[u.Imports[path].ID]
		h.Add(path, dep.key)
		u.unsure = u.unsure || dep.unsure
	}
	return h.Key()
}

// allFiles returns the files that a pass over the unit has.
func (u *unit) allFiles() []string { return slices.Concat(u.GoFiles, u.OtherFiles, u.IgnoredFiles) }

// immutable reports whether a version identifies the unit's files: those of the standard
// library and of the module cache.
func (u *unit) immutable() bool {
	m := u.Module
	if m == nil {
		return u.standard && !u.root
	}
	version := m.Version
	if m.Replace != nil {
		version = m.Replace.Version
	}
	return version != "" && strings.HasSuffix(m.Dir, "@"+version)
}

// digestFiles sets the digests of the files that can change. A file that changed after the
// start gets none, since the go command may have seen another content, nor does one that
// cannot be read: whoever needs it reports that.
func (l *listing) digestFiles(over Overlay, session *Session, start time.Time) {
	var files []string
	for _, u := range l.units {
		if !u.immutable() {
			files = append(files, u.allFiles()...)
		}
	}
	slices.Sort(files)
	files = slices.Compact(files)
	digests := make([]string, len(files))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		g.Go(func() error {
			if text, ok := over[file]; ok {
				digests[i] = digest(text)
			} else {
				digests[i] = session.digest(file, start)
			}
			return nil
		})
	}
	_ = g.Wait() // nothing fails
	l.digests = map[string]string{}
	for i, file := range files {
		l.digests[file] = digests[i]
	}
}

func digestFile(file string, start time.Time) string {
	info, err := os.Stat(file)
	if err != nil {
		return ""
	}
	if id, ok := snapshot.Of(info); ok && !id.Before(start) && !snapshot.ByContent(file) {
		return ""
	}
	data, err := regular.ReadFile(file)
	switch {
	case errors.Is(err, regular.ErrNot), errors.Is(err, regular.ErrLarge):
		return err.Error() // so no analyzer can read it either
	case err != nil:
		return ""
	}
	return digest(data)
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// OpenCache returns the user's cache, and what identifies the running program in it; nil if
// there is none, with which a run only takes longer.
func OpenCache() (store *cache.Cache, tool string) {
	dir, ok := cache.Dir()
	if !ok {
		return nil, ""
	}
	store, err := cache.Open(dir)
	if err != nil {
		return nil, ""
	}
	if tool, err = toolID(store); err != nil {
		return nil, ""
	}
	return store, tool
}

// toolID identifies the running program by its content.
func toolID(c *cache.Cache) (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	h := cache.NewHash("executable")
	identity, known := snapshot.Of(info)
	h.Add(name, identity)
	if id, ok := c.Get(h.Key()); ok && known {
		return string(id), nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	id := digest(data)
	return id, c.Put(h.Key(), []byte(id))
}
