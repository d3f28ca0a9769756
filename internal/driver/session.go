package driver

import (
	"go/types"
	"os"
	"slices"
	"time"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/snapshot"
)

// A Session keeps in memory what the runs of one process have in common: the go command's
// answer, digests of files, findings, facts and types. A run takes what has the key that it had
// in the run before. The runs have the same options but for the overlay, and follow each other.
// What a session learns of packages that do not type-check it keeps as well.
//
// The first run may be a replay of one that the cache holds; it loads nothing.
type Session struct {
	begun  bool
	asked  map[string]*config.Files // of the next run, by module root; nil before Renew
	listed *listed                  // nil if the go command is to be asked
	units  map[string]known         // by ID
	told   map[string]told          // by ID
	world  universe

	digests snapshot.Memo[string]
	matters snapshot.Memo[bool] // whether the text does, see matters
}

// known is what a session knows of a unit under its key.
type known struct {
	key      cache.Key
	entry    *entry // nil if the unit is not analysed
	reads    []*readList
	types    *types.Package // nil if none were needed; else those of the world
	facts    *facts
	illTyped bool
	failures []Failure // besides the go command's
	failed   bool
}

// A universe is types that fit together, and their facts: each package is there once.
type universe struct {
	checker *checker // nil before the first run that needs types
	facts   *factStore
	checked int // how many packages are in it, also those that have been replaced
}

// maxChecked bounds what a world holds that nobody refers to: after so many packages it is
// made anew.
const maxChecked = 5_000

// Renew prepares the next run, which then need not read configuration and schema anew if their
// files are unchanged. Whoever reads the configuration for a run does so behind it.
func (s *Session) Renew() { s.asked = config.Renew() }

// renewed reports whether the run that begins is prepared, and hands over what was asked.
func (s *Session) renewed() (asked map[string]*config.Files, ok bool) {
	if s == nil || s.asked == nil {
		return nil, false
	}
	asked, s.asked = s.asked, nil
	return asked, true
}

// forget drops all types. Findings and facts stay.
func (s *Session) forget() {
	s.world = universe{}
	for id, k := range s.units {
		k.types, k.facts = nil, nil
		s.units[id] = k
	}
}

// settle is how long a session waits before it asks the go command, so that what was changed
// before is certainly older than the answer.
const settle = 60 * time.Millisecond

// recalled returns the listing if it still holds, or nil.
func (s *Session) recalled(o Options, dir string) *listing {
	if s.listed == nil || !s.listed.holds(o.Overlay) {
		return nil
	}
	return s.listed.listing(o, dir)
}

// enter has the run go on where the one before has ended.
func (s *Session) enter(r *run) {
	if s.world.checked > maxChecked {
		s.forget()
	}
	if s.world.checker == nil {
		s.world = universe{checker: r.checker, facts: r.store}
		return
	}
	s.world.checker.overlay, s.world.checker.unreadable, s.world.checker.lost = r.overlay, nil, false
	r.checker, r.store = s.world.checker, s.world.facts
}

// recall gives a unit what the session knows of it, without types, if the files that analyzers
// read are unchanged.
func (s *Session) recall(r *run, u *unit) bool {
	k, ok := s.units[u.ID]
	if !ok || k.key != u.key || k.entry == nil || u.unsure {
		return false
	}
	var lists []*readList
	for _, list := range k.reads {
		if list = r.readLists.again(list); !list.holds() {
			return false
		}
		lists = append(lists, list)
	}
	u.entry, u.reads, u.illTyped, u.failed = k.entry, lists, k.illTyped, k.failed
	u.failures = append(u.failures[:u.listed:u.listed], k.failures...)
	return true
}

// recallTypes gives a unit its types and facts, if those of all that it imports are the same.
func (s *Session) recallTypes(u *unit) {
	k := s.units[u.ID]
	if k.types == nil || k.key != u.key || u.unsure || u.fresh() ||
		!u.exported() && slices.ContainsFunc(u.imports, func(dep *unit) bool { return dep.types == nil }) {
		return
	}
	u.types = k.types
	if u.facts = k.facts; u.facts != nil {
		u.facts.unit = u
	}
}

// mixed reports whether the run would check a dependency from source, or read it from our cache,
// beside types of earlier runs: these may refer to it already.
func (s *Session) mixed(r *run) bool {
	return s != nil && slices.ContainsFunc(r.units, func(u *unit) bool { return u.types != nil }) &&
		slices.ContainsFunc(r.lent, func(u *unit) bool { return !u.exported() })
}

// leave takes over what the run has come to, also if it was ended early.
func (s *Session) leave(r *run) {
	s.units = map[string]known{}
	alive := map[*types.Package]bool{}
	for _, u := range r.units {
		if u.unsure || u.illTyped && u.entry == nil && len(u.outcome) == 0 { // the package without tests takes its place
			continue
		}
		k := known{key: u.key, entry: u.entry, reads: u.reads, types: u.types, facts: u.facts, illTyped: u.illTyped, failures: u.failures[u.listed:], failed: u.failed}
		if u.source && u.entry == nil {
			k.entry = u.made
		}
		if k.entry == nil && k.types == nil {
			continue
		}
		if u.needed {
			s.world.checked++
		}
		s.units[u.ID] = k
		alive[u.types] = true
	}
	s.tell(r)
	s.world.facts.Range(func(pkg, _ any) bool {
		if !alive[pkg.(*types.Package)] {
			s.world.facts.Delete(pkg)
		}
		return true
	})
}

// digest is digestFile, without reading a file again that has the identity that it had.
func (s *Session) digest(file string, start time.Time) string {
	if s == nil {
		return digestFile(file, start)
	}
	return memo(&s.digests, file, start, func() (string, bool) {
		d := digestFile(file, start)
		return d, d != ""
	})
}

// textMatters reports whether the text of a file matters, without reading a file again that has
// the identity that it had.
func (s *Session) textMatters(file string, over Overlay) bool {
	look := func() (bool, bool) {
		text, err := over.read(file)
		return err == nil && matters(text), err == nil
	}
	if s == nil || over[file] != nil {
		is, _ := look()
		return is
	}
	return memo(&s.matters, file, time.Now(), look)
}

// memo returns what make makes of a file on the disk, or has made of it before.
func memo[T any](m *snapshot.Memo[T], file string, start time.Time, make func() (T, bool)) T {
	info, err := os.Stat(file)
	if err != nil {
		what, _ := make()
		return what
	}
	return m.Of(file, info, start, make)
}
