package driver

import (
	"context"
	"maps"
	"slices"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/finding"
)

// Early is what is found in the packages whose own files have changed since they were analysed,
// before the packages that import them are. For these stands what was found in them before.
type Early struct {
	Findings []finding.Located // of all packages, as in a Result
	Files    []string          // of the packages that have changed
}

// A told is what was found in a unit when its files had the digest.
type told struct {
	files cache.Key
	entry *entry
}

// ahead is what a run does first, to tell it early.
type ahead struct {
	edited []*unit        // their own files have changed
	first  map[*unit]bool // they, and what they import
	before map[string]told
	over   chan struct{} // is closed when nobody need wait any more

	rules []finding.Rule
	to    func(Early)
}

// ahead returns what to do first; nil if there is nothing to tell before the end: no unit waits
// for those that have changed, or it is not known what was found before in one that does.
func (s *Session) ahead(l *listing, o Options) *ahead {
	if s == nil || o.Early == nil {
		return nil
	}
	a := &ahead{first: map[*unit]bool{}, before: s.told, over: make(chan struct{}), rules: o.Rules, to: o.Early}
	for _, u := range l.units {
		if u.fresh() && s.told[u.ID].files != l.filesKey(u) {
			a.edited = append(a.edited, u)
		}
	}
	postorder(a.edited, func(u *unit) { a.first[u] = true })
	waiting := false
	for _, u := range l.units {
		if !u.fresh() || a.first[u] {
			continue
		}
		if waiting = true; s.told[u.ID].entry == nil {
			return nil
		}
	}
	if !waiting || len(a.edited) == 0 {
		return nil
	}
	return a
}

// tell notes what was found in the units of a run.
func (s *Session) tell(r *run) {
	before := s.told
	s.told = map[string]told{}
	for _, u := range r.units {
		was, known := before[u.ID]
		switch k := s.units[u.ID]; {
		case u.source && k.entry != nil && (u.fresh() || !known):
			s.told[u.ID] = told{r.filesKey(u), k.entry}
		case known:
			s.told[u.ID] = was
		}
	}
}

// filesKey is a digest of the unit's own files.
func (l *listing) filesKey(u *unit) cache.Key {
	h := cache.NewHash("files")
	for _, file := range u.allFiles() {
		h.Add(file, l.digests[file])
	}
	return h.Key()
}

// lets waits until it is the unit's turn.
func (a *ahead) lets(u *unit) {
	if a != nil && !a.first[u] {
		<-a.over
	}
}

// tell hands out what is found in the units that have changed, once they are analysed, and lets the
// others begin.
func (a *ahead) tell(ctx context.Context, r *run) {
	defer close(a.over)
	defer func() { _ = recover() }() // the whole result will meet with the same
	files := map[string]bool{}
	for _, u := range a.edited {
		<-u.done
		if v := u.variant; v != nil && v.illTyped && len(v.outcome) == 0 {
			return // retry has its findings
		}
		for _, file := range u.GoFiles {
			files[file] = true
		}
	}
	if ctx.Err() != nil {
		return
	}
	all := newGathered()
	for _, u := range r.units {
		switch {
		case !u.root:
		case u.fresh() && !a.first[u]:
			all.add(u, a.before[u.ID].entry.Outcome)
		default:
			all.add(u, u.found())
		}
	}
	a.to(Early{all.finish(a.rules), slices.Sorted(maps.Keys(files))})
}
