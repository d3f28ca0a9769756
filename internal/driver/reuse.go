package driver

import (
	"cmp"
	"reflect"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/finding"
)

// An entry is what the cache keeps of a unit. It is valid while the files that analyzers
// read besides the unit's own are unchanged.
type entry struct {
	Outcome map[string]Outcome
	Notes   []finding.Note
	Matches []config.Match
	Facts   []savedFact
	Reads   []cache.Key // of the lists of what analyzers read
}

// savedFact is a fact about an object, or about the package if there is no path.
type savedFact struct {
	Object objectpath.Path
	Fact   analysis.Fact
}

// reuse looks up every unit that is to be analysed, and in a session the types of all.
func (r *run) reuse(o Options, session *Session) {
	r.listing.keys(o, session, r.start)
	r.readLists = &readLists{store: o.Cache}
	for root, files := range o.asked {
		r.readLists.files.Store(root, files)
	}
	r.checker.digests, r.checker.store = r.listing.digests, o.Cache
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, u := range r.units {
		if !u.source || u.unsure {
			continue
		}
		g.Go(func() error {
			if (session == nil || !session.recall(r, u)) && len(u.failures) == 0 {
				u.entry = r.readLists.lookup(u)
			}
			return nil
		})
	}
	_ = g.Wait() // there are no errors
	// The findings of a unit also depend on the files that were read for its imports.
	stale := map[*unit]bool{}
	postorder(r.units, func(u *unit) {
		if slices.ContainsFunc(u.imports, func(dep *unit) bool { return stale[dep] }) {
			u.drop()
		}
		stale[u] = u.fresh() || slices.ContainsFunc(u.imports, func(dep *unit) bool { return stale[dep] })
		if session != nil {
			session.recallTypes(u)
		}
	})
}

// drop drops the entry of a unit, with what a session knew of it.
func (u *unit) drop() { u.entry, u.illTyped, u.failures = nil, false, u.failures[:u.listed] }

// lookup returns the entry of a unit if it is still valid.
func (l *readLists) lookup(u *unit) *entry {
	e := new(entry)
	if !load(l.store, u.key, e) {
		return nil
	}
	var hold bool
	if u.reads, hold = l.recall(e.Reads); !hold {
		return nil
	}
	return e
}

// restore gives a type-checked unit the facts of its entry; false if they do not fit.
func (r *run) restore(u *unit) bool {
	u.facts = r.store.open(u)
	for _, saved := range u.entry.Facts {
		if saved.Object == "" {
			u.facts.own[reflect.TypeOf(saved.Fact)] = saved.Fact
			continue
		}
		object, err := objectpath.Object(u.types, saved.Object)
		if err != nil {
			return false
		}
		u.facts.objects[objectKey{object, reflect.TypeOf(saved.Fact)}] = saved.Fact
	}
	u.facts.sealed = true
	return true
}

// keep writes the entry of a unit, unless something failed in it or in its imports: that
// has to be reported again by the next run.
func (r *run) keep(u *unit) {
	u.failed = len(u.failures) > 0 || slices.ContainsFunc(u.imports, func(dep *unit) bool { return dep.failed })
	u.unsure = u.unsure || slices.ContainsFunc(u.imports, func(dep *unit) bool { return dep.unsure })
	if r.readLists == nil {
		return
	}
	u.reads = r.readLists.keep(u.read)
	e := entry{Outcome: u.outcome, Notes: u.notes, Matches: u.matches}
	for _, list := range u.reads {
		e.Reads = append(e.Reads, list.key)
	}
	for key, fact := range u.facts.objects {
		e.Facts = append(e.Facts, savedFact{u.facts.paths[key.object], fact})
	}
	for _, fact := range u.facts.own {
		e.Facts = append(e.Facts, savedFact{"", fact})
	}
	slices.SortFunc(e.Facts, func(a, b savedFact) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(reflect.TypeOf(a.Fact).String(), reflect.TypeOf(b.Fact).String()))
	})
	u.made = &e
	if u.unsure || u.failed || r.unsaved {
		return
	}
	if err := save(r.readLists.store, u.key, e); err != nil {
		u.failf("", "internal error: the cache cannot hold a fact: %v", err)
	}
}
