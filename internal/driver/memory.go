package driver

import (
	"io/fs"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/snapshot"
)

// A memory finds what earlier runs with the same options in the same directory left in the
// cache: the go command's answer, and the result.
type memory struct {
	store         *cache.Cache // nil for none
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
	if !ok || o.Cache == nil {
		return &memory{}
	}
	h := cache.NewHash("listing")
	h.Add(o.Tool, o.Load)
	h.Add(place...)
	return &memory{store: o.Cache, listed: h.Key(), whole: runKey(o, append([]any{"replay", o.Load, o.Libraries}, place...)...)}
}

// result returns the result of an earlier run that still holds, or nil.
func (m *memory) result() *Result {
	var was replay
	if m.store == nil || !load(m.store, m.whole, &was) {
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
	var was listed
	if m.store == nil || m.forgotten || !load(m.store, m.listed, &was) || !was.holds() {
		return nil
	}
	return was.listing(o, dir)
}

// forgetListing removes the kept listing, so that the go command is asked again.
func (m *memory) forgetListing() {
	m.forgotten = true
	m.store.Remove(m.listed)
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
// nothing that it depends on has changed since it started.
func (m *memory) keep(r *run, result *Result, start time.Time) {
	if m.store == nil || r.readLists == nil || len(result.Failures) > 0 {
		return
	}
	paths := r.listing.inputs()
	inputs := make([]snapshot.Input, len(paths))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		g.Go(func() (err error) {
			inputs[i], err = snapshot.Take(path, start)
			return err
		})
	}
	if g.Wait() != nil {
		return
	}
	save(m.store, m.whole, replay{Inputs: inputs, Reads: r.allReads(), Result: result})
	if !r.recalled {
		if answer, ok := r.listing.answer(inputs); ok {
			save(m.store, m.listed, answer)
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
