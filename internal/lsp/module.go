package lsp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/poollint/poollint/internal/driver"
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
	published map[string][]diagnostic // by path
	versions  map[string]int          // of the open files that were analysed last
}

func newModule(s *server, dir string) *module {
	return &module{server: s, dir: dir, ended: make(chan struct{}), published: map[string][]diagnostic{}}
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
func (m *module) await(ctx context.Context) (*results, error) {
	for {
		m.mu.Lock()
		switch {
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
	found := &results{module: m, start: time.Now(), texts: driver.Overlay{}, rules: m.rules, texted: map[string]*text{}}
	saved := true
	for path, doc := range m.docs {
		if isGo(path) {
			found.texts[path] = doc.content
			saved = saved && doc.saved
		}
	}
	run := Run{Dir: m.dir, Tags: m.Settings.Tags, Rules: m.rules, Texts: found.texts, Saved: saved, Session: m.session}
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
	m.found = found
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
