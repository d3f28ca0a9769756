package lsp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
)

// A module is what the server knows of a Go module: what the last run found in it, and which run
// is to come. The server's mutex guards it.
type module struct {
	*server
	dir     string
	session *driver.Session // nil before the first run, and while nothing is open

	wanted int                // counts the requests for a run
	done   int                // the request that found is the answer to
	timer  *time.Timer        // starts the next run; nil if none is to come
	cancel context.CancelFunc // ends the run that runs or waits for its turn
	ended  chan struct{}      // is closed at the end of the run that answers all requests

	found     *results
	early     *early                  // of the run that runs; nil if it has told nothing yet
	published map[string][]diagnostic // by path
	versions  map[string]int          // of the open files that were analysed last
}

func newModule(s *server, dir string) *module {
	return &module{server: s, dir: dir, ended: make(chan struct{}), published: map[string][]diagnostic{}, versions: map[string]int{}}
}

// request has the module run after a pause. It supersedes earlier requests and the run that they
// have led to.
func (m *module) request(pause time.Duration) {
	m.stop()
	if m.phase != serving {
		return
	}
	if m.wanted == m.done {
		m.ended = make(chan struct{})
	}
	m.wanted++
	m.timer = time.AfterFunc(pause, m.run)
}

// stop ends the run, and the wait for one.
func (m *module) stop() {
	if m.timer != nil {
		m.timer.Stop()
	}
	if m.cancel != nil {
		m.cancel()
	}
}

// await returns the results for the texts as they are now.
func (m *module) await(ctx context.Context) (*results, error) { return m.awaitFor(ctx, "") }

// awaitFor is await for who wants to know of one file alone, if there is a path: what is told early
// of it is enough.
func (m *module) awaitFor(ctx context.Context, path string) (*results, error) {
	for {
		m.mu.Lock()
		switch {
		case m.early.of(path, m.wanted):
			defer m.mu.Unlock()
			m.published[path] = m.early.diagnostics()[path]
			return m.early.results, nil
		case m.wanted == 0:
			m.request(0)
		case m.wanted == m.done:
			defer m.mu.Unlock()
			return m.found, nil
		case m.timer != nil && m.timer.Stop(): // the pause is over: somebody waits
			m.timer.Reset(0)
		}
		ended := m.ended
		m.mu.Unlock()
		select {
		case <-ended:
		case <-m.ctx.Done():
			return nil, m.ctx.Err()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// An early is what a run has found in the files that were edited, before its end.
type early struct {
	*results
	files   map[string]bool
	request int
}

// of reports whether the file was told of for the request.
func (e *early) of(path string, request int) bool {
	return e != nil && e.request == request && e.files[path]
}

// tell tells the client early of the files that were edited, unless another run is requested
// meanwhile.
func (m *module) tell(found *results, request int, told driver.Early) {
	files := map[string]bool{}
	for _, path := range told.Files {
		files[path] = true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if request != m.wanted || request == m.done {
		return
	}
	found.takeFindings(slices.DeleteFunc(told.Findings, func(f finding.Located) bool { return !files[f.Pos.Filename] }))
	m.early = &early{found, files, request}
	all := found.diagnostics()
	for path := range files {
		if doc := m.docs[path]; doc == nil || m.Settings.Diagnostics == pull {
			continue
		}
		m.update(path, all[path])
	}
	close(m.ended) // whoever waits looks again
	m.ended = make(chan struct{})
}

// update tells the client what is found in a file that it has open, if it does not know.
func (m *module) update(path string, list []diagnostic) {
	if list == nil {
		list = []diagnostic{}
	}
	version := m.docs[path].version
	if last, known := m.versions[path]; !known || last != version || !equalJSON(m.published[path], list) {
		m.publish(path, list)
	}
	m.published[path], m.versions[path] = list, version
}

// run analyses the module as it is now, and tells the client, unless another run is requested
// meanwhile.
func (m *module) run() {
	m.mu.Lock()
	request := m.wanted
	ctx, cancel := context.WithCancel(m.ctx)
	m.cancel = cancel
	m.mu.Unlock()
	defer cancel()
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		return
	}
	m.mu.Lock()
	if request != m.wanted {
		m.mu.Unlock()
		return
	}
	first := m.session == nil
	if first {
		m.session = new(driver.Session)
	}
	texts, saved := driver.Overlay{}, true
	for path, doc := range m.docs {
		if isGo(path) {
			texts[path] = doc.content
			saved = saved && doc.saved
		}
	}
	found, ahead := newResults(m, texts), newResults(m, texts)
	run := Run{Dir: m.dir, Tags: m.Settings.Tags, Rules: m.rules, Texts: texts, Saved: saved, Session: m.session}
	run.Early = func(told driver.Early) { m.tell(ahead, request, told) }
	m.mu.Unlock()

	result, err := m.analyse(ctx, run)
	if ctx.Err() != nil {
		return
	}
	for _, f := range failuresOf(result) {
		if f.Stack != nil {
			m.server.show(levelError, "%v", f)
			m.log("%s", f.Stack)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if request != m.wanted {
		return
	}
	found.take(result, err)
	m.found, m.early = found, nil
	m.show(found)
	if m.done != request {
		m.done = request
		close(m.ended)
	}
	if first { // it may have been told from the cache: the next one loads what edits need
		m.timer = time.AfterFunc(0, m.run)
	}
}

// analyse runs the rules; a panic is an error.
func (m *module) analyse(ctx context.Context, run Run) (result *driver.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			m.crashed("a run", p)
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	result, err = m.Analyse(ctx, run)
	if errors.Is(err, driver.ErrNoPackages) {
		return &driver.Result{}, nil
	}
	return result, err
}

func failuresOf(r *driver.Result) []driver.Failure {
	if r == nil {
		return nil
	}
	return r.Failures
}

// show tells the client what changes with the results; nil are those of a module that is gone.
func (m *module) show(found *results) {
	now := map[string][]diagnostic{}
	if found != nil {
		now = found.diagnostics()
	}
	if m.Settings.Diagnostics == pull {
		if m.client.Workspace.Diagnostics.RefreshSupport && !sameDiagnostics(m.published, now) {
			go m.rpc.Callback(m.ctx, "workspace/diagnostic/refresh", nil) // a client that refuses asks by itself
		}
		m.published = now
		return
	}
	for path := range m.published {
		if now[path] == nil {
			m.publish(path, []diagnostic{})
		}
	}
	versions := map[string]int{}
	for path, doc := range m.docs {
		if !isGo(path) || m.moduleOf(path) != m {
			continue
		}
		versions[path] = doc.version
		if now[path] == nil {
			now[path] = []diagnostic{}
		}
	}
	for path, list := range now {
		if last, open := m.versions[path]; !equalJSON(m.published[path], list) || open && last != versions[path] {
			m.publish(path, list)
		}
	}
	m.published, m.versions = now, versions
}

func (m *module) publish(path string, list []diagnostic) {
	document := m.versioned(path)
	m.send("textDocument/publishDiagnostics", publishDiagnosticsParams{document.URI, document.Version, list})
}

// versioned names a file: as the client does, with the version, if it has it open. s.mu is held.
func (s *server) versioned(path string) versioned {
	if doc := s.docs[path]; doc != nil {
		return versioned{doc.uri, &doc.version}
	}
	return versioned{URI: uriOf(path)}
}

// current reports whether the results are of the file as it is in the editor.
func (r *results) current(path string) bool {
	doc := r.module.docs[path]
	return doc == nil || bytes.Equal(doc.content, r.texts[path])
}
