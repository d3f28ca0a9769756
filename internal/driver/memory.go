package driver

import (
	"io/fs"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/snapshot"
)

// A memory finds what earlier runs with the same options in the same directory left in the
// cache: the go command's answer, and the result.
type memory struct {
	store         *cache.Cache // nil for none
	session       *Session     // nil for none
	disk          bool         // the run is of what the disk holds
	unsaved       bool         // see Options
	listed, whole cache.Key
	forgotten     bool // the listing
}

// A replay is the result of a whole run, which is returned again while nothing that it
// depends on has changed. It saves asking the go command, which takes most of a short run.
type replay struct {
	Inputs []snapshot.Input         // files and directories that the go command and the run read
	Reads  map[string][]config.Read // what analyzers read, by module root
	Result *Result
}

func newMemory(o Options, dir string) *memory {
	place, ok := place(o, dir)
	if !ok || o.Cache == nil && o.Session == nil {
		return &memory{}
	}
	h := cache.NewHash("listing")
	h.Add(o.Tool, o.Load)
	h.Add(place...)
	return &memory{store: o.Cache, session: o.Session, disk: o.Overlay.allDisk(), unsaved: o.Unsaved, listed: h.Key(), whole: runKey(o, append([]any{"replay", o.Load, o.Libraries}, place...)...)}
}

// result returns the result of an earlier run that still holds, or nil.
func (m *memory) result() *Result {
	if m.session != nil && m.session.begun {
		return nil // it knows as much, and is to load what it does not
	}
	if m.session != nil {
		m.session.begun = true
	}
	var was replay
	if m.store == nil || !m.disk || !load(m.store, m.whole, &was) {
		return nil
	}
	for root, reads := range was.Reads {
		if !unchanged(config.NewFiles(root), reads) {
			return nil
		}
	}
	if !all(was.Inputs, snapshot.Input.Unchanged) {
		return nil
	}
	return was.Result
}

// unchanged is Files.Unchanged on all processors.
func unchanged(files *config.Files, reads []config.Read) bool {
	return all(reads, func(r config.Read) bool { return files.Unchanged([]config.Read{r}) })
}

// listing returns an earlier listing that still holds, or nil.
func (m *memory) listing(o Options, dir string) *listing {
	if m.forgotten {
		return nil
	}
	if m.session != nil {
		if l := m.session.recalled(o, dir); l != nil {
			return l
		}
		m.session.listed = nil
		m.session.forget()
	}
	var was listed
	if m.store == nil || !load(m.store, m.listed, &was) || !was.holds(o.Overlay) {
		return nil
	}
	if m.session != nil {
		m.session.listed = &was
	}
	return was.listing(o, dir)
}

// forget drops the kept listing, so that the go command is asked again, and all types.
func (m *memory) forget() {
	m.forgotten = true
	if m.store != nil {
		m.store.Remove(m.listed)
	}
	if m.session != nil {
		m.session.listed = nil
		m.session.forget()
	}
}

// skipped returns the test files that build tags leave out: what a listing that still holds has
// said of the disk.
func (m *memory) skipped(l *listing, tags string) []Skipped {
	if l.recalled == nil || !m.disk {
		return skippedTests(l, tags)
	}
	if l.recalled.skipped == nil {
		skipped := skippedTests(l, tags)
		l.recalled.skipped = &skipped
	}
	return *l.recalled.skipped
}

// all reports whether the condition holds for every input, on all processors.
func all[T any](inputs []T, holds func(T) bool) bool {
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

// keep writes a run, and the go command's answer in it, to the cache if nothing failed and
// nothing that it depends on has changed since it started. A session keeps the answer all the
// same, and writes a run only where the go command was asked: what it costs to look at all inputs
// is more than an edit.
func (m *memory) keep(r *run, result *Result) {
	inSession := m.session != nil && m.session.listed == nil
	cached := m.store != nil && m.disk && !m.unsaved && len(result.Failures) == 0 && (inSession || m.session == nil)
	if r.readLists == nil || !cached && !inSession {
		return
	}
	paths := r.listing.inputs()
	inputs := make([]snapshot.Input, len(paths))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		g.Go(func() (err error) {
			inputs[i], err = snapshot.Take(path, r.start)
			return err
		})
	}
	if g.Wait() != nil {
		return
	}
	if cached {
		save(m.store, m.whole, replay{Inputs: inputs, Reads: r.allReads(), Result: result})
	}
	if r.recalled != nil {
		return
	}
	if answer, ok := r.listing.answer(inputs, r.overlay); ok {
		if cached {
			save(m.store, m.listed, answer)
		}
		if inSession {
			m.session.listed = answer
		}
	}
}

// allReads returns what analyzers read, and what the configuration was judged by, by module
// root.
func (r *run) allReads() map[string][]config.Read {
	all := map[string][]config.Read{}
	seen := map[*readList]bool{}
	for _, u := range r.units {
		for _, list := range u.reads {
			if !seen[list] {
				seen[list] = true
				all[list.Root] = append(all[list.Root], list.Reads...)
			}
		}
	}
	for _, files := range r.asked {
		all[files.Root()] = append(all[files.Root()], files.Reads()...)
	}
	for root, reads := range all {
		all[root] = uniqueReads(reads)
	}
	return all
}

func uniqueReads(reads []config.Read) []config.Read {
	slices.SortFunc(reads, config.Read.Compare)
	return slices.Compact(reads)
}
