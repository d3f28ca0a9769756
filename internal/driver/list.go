package driver

import (
	"context"
	"errors"
	"fmt"
	"go/version"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
)

// A unit is one package, or one variant of it for a test, in a run.
type unit struct {
	*packages.Package // as listed

	imports []*unit // direct ones
	variant *unit   // the same package with its test files

	root     bool // matched by a pattern
	standard bool // of the standard library
	source   bool // to be analysed
	rules    bool // by the rules too, not only for facts
	lends    bool // only its types are needed, and it imports no package of the user's
	lent     bool // it lends, and a unit that does not imports it
	kept     bool // an earlier run kept its types
	needed   bool // its types are needed in this run

	seen *config.Seen // who imports it; nil if not all importers are seen

	key    cache.Key
	entry  *entry // of an earlier run, under the same key
	made   *entry // of this run
	unsure bool   // the key may not cover all inputs: nothing may be kept
	failed bool   // something failed in it, or in what it imports

	checked
	analysed
	failures []Failure
	listed   int // how many of the failures are the go command's
	done     chan struct{}
}

// fresh reports whether the unit is to be analysed and has no entry.
func (u *unit) fresh() bool { return u.source && u.entry == nil }

// A listing is what the go command says about the packages.
type listing struct {
	dir      string
	patterns []string
	tests    bool
	goroot   string              // of the go command; empty if no package needs it
	roots    []*packages.Package // that the patterns match, and the mains of tests
	units    []*unit             // by ID
	byID     map[string]*unit
	digests  map[string]string // of files, see digestFiles
	lent     []*unit           // the units with lent set
	total    int               // how many units will be analysed
	recalled *listed           // the earlier run's answer that it was made of, or nil
	compiled bool              // the go command compiled all, and reported errors
}

// list asks the go command for the packages and their dependencies, and decides which to
// analyse.
func list(ctx context.Context, o Options, dir string) (*listing, error) {
	if _, err := exec.LookPath("go"); err != nil && !otherDriver() {
		return nil, errors.New("there is no go command on PATH; install Go, or add its bin directory to PATH")
	}
	ctx, listed := whileListing(ctx, dir)
	defer listed()
	config := &packages.Config{
		Mode:    packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedModule | packages.NeedForTest | packages.NeedEmbedFiles,
		Context: ctx,
		Dir:     dir,
		Tests:   o.Tests,
		Overlay: o.Overlay,
	}
	config.Env, config.BuildFlags = moduleFile(dir)
	if o.Tags != "" {
		config.BuildFlags = append(config.BuildFlags, "-tags="+o.Tags)
	}
	switch o.Load {
	case LoadExport:
		config.Mode |= packages.NeedExportFile
	case LoadAuto, "":
		// With -n the go command names the export data that its cache holds, and
		// compiles nothing. Another packages driver would not know the flag.
		if !otherDriver() {
			config.Mode |= packages.NeedExportFile
			config.BuildFlags = append(config.BuildFlags, "-n")
		}
	}
	roots, err := packages.Load(config, o.Patterns...)
	if err == nil && len(roots) == 0 { // with -export, go/packages hides the errors of the go command
		config.Mode &^= packages.NeedExportFile
		roots, err = packages.Load(config, o.Patterns...)
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if err != nil {
		if _, said, ok := strings.Cut(err.Error(), "stderr: "); ok {
			err = errors.New(inShort(said)) // the go command's own words
		}
		return nil, fmt.Errorf("list packages: %w", err)
	}
	l := &listing{dir: dir, patterns: o.Patterns, tests: o.Tests, roots: roots, compiled: o.Load == LoadExport && config.Mode&packages.NeedExportFile != 0}
	if err := errors.Join(l.newerGo(), l.noModule()); err != nil {
		return nil, err
	}
	l.build()
	if !slices.ContainsFunc(l.units, func(u *unit) bool { return u.root }) {
		return nil, fmt.Errorf("%s: %w", strings.Join(o.Patterns, " "), ErrNoPackages)
	}
	l.choose(o)
	l.seeImporters(o)
	return l, nil
}

// maxSaid is the number of lines of what the go command says that an error quotes: it is one line itself.
const maxSaid = 5

// inShort returns the first lines of what the go command says.
func inShort(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if len(lines) <= maxSaid {
		return said
	}
	return fmt.Sprintf("%s (and %d more lines: see go list ./...)", strings.Join(lines[:maxSaid], "\n"), len(lines)-maxSaid)
}

// newerGo returns an error if a package is of a newer Go than this program can read: what
// it was built with.
func (l *listing) newerGo() error {
	known := version.Lang(runtime.Version())
	for _, p := range l.roots {
		if p.Module == nil || known == "" {
			continue
		}
		if wanted := version.Lang("go" + p.Module.GoVersion); version.Compare(wanted, known) > 0 {
			return fmt.Errorf("the module %s is for %s, and this program was built with %s; build it again with %[2]s or newer", p.Module.Path, wanted, known)
		}
	}
	return nil
}

// noModule returns an error if the go command has found nothing, as there is no module.
func (l *listing) noModule() error {
	if _, ok := config.ModuleRoot(l.dir); ok || len(l.roots) != 1 {
		return nil
	}
	for _, err := range l.roots[0].Errors {
		if strings.Contains(err.Msg, "does not contain main module") {
			return errors.New("there is no go.mod here or above; run poollint in a module")
		}
	}
	return nil
}

// build turns the packages into units.
func (l *listing) build() {
	l.byID = map[string]*unit{}
	byID := l.byID
	packages.Visit(l.roots, nil, func(p *packages.Package) {
		u := &unit{Package: p, done: make(chan struct{})}
		for _, err := range p.Errors {
			u.failf(position(err.Pos), "%s", temporary.ReplaceAllString(strings.TrimSpace(err.Msg), ""))
		}
		u.listed = len(u.failures)
		byID[p.ID] = u
		l.units = append(l.units, u)
	})
	if runtime := byID["runtime"]; runtime != nil {
		l.goroot = filepath.Join(runtime.Dir, "..", "..")
	}
	for _, u := range l.units {
		u.standard = u.Module == nil && l.goroot != "" && strings.HasPrefix(u.Dir, filepath.Join(l.goroot, "src")+string(filepath.Separator))
		for _, p := range u.Imports {
			u.imports = append(u.imports, byID[p.ID])
		}
		if u.ForTest == u.PkgPath && u.ID != u.PkgPath && byID[u.PkgPath] != nil {
			byID[u.PkgPath].variant = u
		}
	}
	for _, p := range l.roots {
		u := byID[p.ID]
		under, isMain := strings.CutSuffix(p.ID, ".test")
		if isMain && byID[under] != nil {
			continue // the generated main package of a test
		}
		u.root = true
	}
	slices.SortFunc(l.units, func(a, b *unit) int { return strings.Compare(a.ID, b.ID) })
}

// choose decides which units are analysed, and which from source.
func (l *listing) choose(o Options) {
	everywhere := slices.ContainsFunc(o.Rules, func(r rule) bool { return r.Everywhere })
	relevant := relevant(l.units, o.Libraries, func(file string) bool { return o.Session.textMatters(file, o.Overlay) })
	mains := map[string]bool{}
	for _, u := range l.units {
		if u.root {
			mains[u.ID] = true
		}
	}
	postorder(l.units, func(u *unit) {
		ours := u.ours()
		generatedMain := strings.HasSuffix(u.ID, ".test") && !mains[u.ID]
		u.source = ours && !generatedMain && len(u.GoFiles) > 0 && (relevant[u] || everywhere && u.root)
		u.rules = u.source && u.root && (u.variant == nil || !u.variant.root)
		// Export data has no columns. Findings at constants of other packages of the
		// user's need them.
		u.lends = !ours && !strings.Contains(u.ID, " [") && !slices.ContainsFunc(u.imports, func(dep *unit) bool { return !dep.lends })
		// Export data refers to types of other packages. These must not be checked from
		// source as well, or there would be two types of one name.
		if !u.lends || slices.ContainsFunc(u.imports, func(dep *unit) bool { return !dep.exported() }) {
			u.ExportFile = ""
		}
	})
}

// need marks the units whose types are needed to analyse those that are fresh. In a session it
// marks those too that later runs may need, so that all are loaded in one way.
func (l *listing) need(store *cache.Cache, inSession bool) {
	for _, u := range l.units {
		if u.fresh() || u.source && inSession {
			l.markNeeded(u)
		}
		if v := u.variant; v != nil && v.fresh() { // v may fail; then retry analyses u in its place
			for _, dep := range u.imports {
				l.markNeeded(dep)
			}
		}
	}
	l.recallTypes(store)
	for _, u := range l.lent {
		u.markParts()
	}
}

// markNeeded marks a unit and its imports as needed, down to the units that lend their types.
func (l *listing) markNeeded(u *unit) {
	switch {
	case u.needed || u.types != nil:
		return
	case u.lends:
		u.needed, u.lent = true, true
		l.lent = append(l.lent, u)
		return
	case u.fresh():
		l.total++
	}
	u.needed = true
	for _, dep := range u.imports {
		l.markNeeded(dep)
	}
}

// markParts marks the units that the types of a needed unit depend on.
func (u *unit) markParts() {
	if u.exported() {
		return
	}
	for _, dep := range u.imports {
		if !dep.needed {
			dep.needed = true
			dep.markParts()
		}
	}
}

// postorder visits every unit after those it imports.
func postorder(units []*unit, visit func(*unit)) {
	seen := map[*unit]bool{}
	var walk func(u *unit)
	walk = func(u *unit) {
		if seen[u] {
			return
		}
		seen[u] = true
		for _, dep := range u.imports {
			walk(dep)
		}
		visit(u)
	}
	for _, u := range units {
		walk(u)
	}
}

// position returns "" for the placeholder that the go command writes for no position.
func position(pos string) string {
	if pos == "-" {
		return ""
	}
	return pos
}
