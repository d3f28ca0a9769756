// Package driver runs rules over the packages of a module in one process. It lists the
// packages once, type-checks those that can have findings, analyses them in dependency
// order, and ends with the rules' whole-run steps.
package driver

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/finding"
)

// A Load says where the types of dependencies come from.
type Load string

const (
	LoadAuto   Load = "auto"   // export data where the build cache holds it, else sources
	LoadExport Load = "export" // export data, compiled by the go command if need be
	LoadSource Load = "source" // sources, without function bodies
)

// Options say what to run on what.
type Options struct {
	Dir      string   // the directory that patterns are relative to; the working directory if empty
	Patterns []string // as for go list
	Tests    bool     // test files and test packages too
	Tags     string   // build tags, separated by commas
	Load     Load

	Rules     []finding.Rule
	Libraries []string // packages that reach none of these can have no findings

	Cache *cache.Cache // nil for none
	Tool  string       // identifies the program, for the cache

	// Overlay is the text of Go files, by absolute path, in place of what the disk holds. Files
	// that it alone has belong to the packages too. A run with one, and without a session, keeps
	// and reuses nothing.
	Overlay Overlay

	Session *Session    // keeps in memory what its runs have in common; nil for a single run
	Early   func(Early) // if set, a run of a session tells here first what is found in what was edited
	Unsaved bool        // what a run of a session learns is not worth keeping in the cache

	asked map[string]*config.Files // see Session.Renew

	// Progress, if set, is told how many packages are done, of how many. It is
	// called from several goroutines, one at a time.
	Progress func(done, total int)
}

// ErrNoPackages is the error of a run whose patterns match no package.
var ErrNoPackages = errors.New("no packages match")

// Run analyses the packages. An error means that none could be analysed; what went wrong
// with single packages is in the result.
func Run(ctx context.Context, o Options) (*Result, error) {
	start := time.Now()
	asked, ok := o.Session.renewed()
	if !ok {
		config.Forget()
	}
	o.asked = asked
	if o.Overlay != nil && o.Session == nil {
		o.Cache = nil
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	register(o.Rules)
	m := newMemory(o, dir)
	if result := m.result(); result != nil {
		return result, nil
	}
	r, err := perform(ctx, o, dir, m, start)
	if err != nil {
		return nil, err
	}
	result := r.result(o.Rules)
	result.Skipped = m.skipped(r.listing, o.Tags)
	m.keep(r, result)
	return result, nil
}

// perform lists the packages and analyses them. It tries again without what turned out
// not to work (a kept listing, export data, kept types), each at most once.
func perform(ctx context.Context, o Options, dir string, m *memory, start time.Time) (*run, error) {
	types := o.Cache
	for {
		r, err := attempt(ctx, o, dir, m, types, start)
		switch {
		case err != nil:
			return nil, err
		case r.unreadable != nil && r.recalled != nil: // the go command has trimmed its cache
			m.forget()
		case r.unreadable != nil && o.Load != LoadAuto && o.Load != "":
			return nil, fmt.Errorf("%w; try -load=source", r.unreadable)
		case r.unreadable != nil: // written by a compiler that this program does not know
			o.Load = LoadSource
		case r.lost: // another process has trimmed the cache
			types = nil
			m.forget()
		default:
			return r, nil
		}
	}
}

// attempt analyses the packages. If a cache of types is given, it uses those that earlier
// runs kept.
func attempt(ctx context.Context, o Options, dir string, m *memory, types *cache.Cache, start time.Time) (*run, error) {
	l := m.listing(o, dir)
	if l == nil {
		if m.session != nil {
			time.Sleep(settle)
			start = time.Now()
		}
		var err error
		if l, err = list(ctx, o, dir); err != nil {
			return nil, err
		}
	}
	session := m.session
	if l.hidesFiles() {
		o.Cache, types, session = nil, nil, nil // keys know only the files that are listed
	}
	r := newRun(l, o)
	r.start, r.unsaved = start, o.Unsaved
	if session != nil {
		session.enter(r)
	}
	if o.Cache != nil || session != nil {
		r.reuse(o, session)
	}
	l.need(types, session != nil)
	if session.mixed(r) {
		session.forget()
		return attempt(ctx, o, dir, m, types, start)
	}
	r.ahead = session.ahead(l, o)
	r.all(ctx)
	if session != nil && r.unreadable == nil && !r.lost {
		r.wait()
		session.leave(r)
	}
	return r, ctx.Err()
}

func newRun(l *listing, o Options) *run {
	return &run{
		listing: l,
		checker: newChecker(o.Overlay),
		plan:    newPlan(o.Rules),
		store:   new(factStore),
		cpu:     make(chan struct{}, runtime.GOMAXPROCS(0)),
		tick:    o.Progress,
	}
}

// run is the state of one run.
type run struct {
	*listing
	*checker
	*plan
	store      *factStore
	*readLists                 // nil if there is no cache or session to use
	asked      []*config.Files // what was asked to judge the configuration
	cpu        chan struct{}   // a token for each processor
	ahead      *ahead          // what comes first; nil if all are alike
	start      time.Time       // what is younger may not be what was listed
	unsaved    bool            // see Options
	working    sync.WaitGroup

	mu   sync.Mutex
	done int
	tick func(done, total int)
}

// all processes every unit that is needed, each once its imports are done.
func (r *run) all(ctx context.Context) {
	for _, u := range r.units {
		if !u.needed {
			close(u.done)
			continue
		}
		r.working.Go(func() {
			defer close(u.done)
			for _, dep := range u.imports {
				<-dep.done
			}
			r.ahead.lets(u)
			if ctx.Err() != nil {
				return
			}
			r.cpu <- struct{}{}
			defer func() { <-r.cpu }()
			r.guarded(u)
			r.progress(u)
		})
	}
	if r.ahead != nil {
		go r.ahead.tell(ctx, r)
	}
	done := make(chan struct{})
	go func() {
		r.wait()
		close(done)
	}()
	select {
	case <-done:
		r.retry(ctx)
	case <-ctx.Done(): // without waiting for analyzers
	}
}

// guarded processes a unit; a panic is a failure of it.
func (r *run) guarded(u *unit) {
	defer func() {
		if p := recover(); p != nil {
			u.illTyped, u.unsure = true, true
			u.failf("", "%v", &crash{value: p})
			u.failures[len(u.failures)-1].Stack = debug.Stack()
		}
	}()
	r.unit(u, u.rules)
}

// wait waits for the analyzers that are at work.
func (r *run) wait() { r.working.Wait() }

// retry runs the rules on packages whose test variant was to be analysed in their place,
// but does not type-check.
func (r *run) retry(ctx context.Context) {
	for _, u := range r.units {
		if v := u.variant; v != nil && v.illTyped && len(v.outcome) == 0 && !u.illTyped && ctx.Err() == nil {
			again := *u
			again.entry, again.failures, again.unsure = nil, nil, true
			r.unit(&again, true)
			u.entry, u.outcome, u.notes = nil, again.outcome, again.notes
		}
	}
}

// unit type-checks one package and analyses it if it is the user's.
func (r *run) unit(u *unit, rules bool) {
	switch {
	case u.exported():
		r.export(u)
	case !u.source:
		r.check(u)
		r.keepTypes(u)
	case u.entry == nil || !r.reused(u):
		r.check(u)
		r.analyse(u, rules)
		u.files, u.info = nil, nil
		r.keep(u)
	}
}

// reused type-checks a unit and gives it the facts of its cache entry. If they do not fit,
// it drops the entry and returns false.
func (r *run) reused(u *unit) bool {
	r.check(u)
	if r.restore(u) {
		return true
	}
	u.drop()
	return false
}

func (r *run) progress(u *unit) {
	if r.tick == nil || !u.fresh() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	r.tick(r.done, r.total)
}
