package lsp

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/config"
)

// A document is a file that the editor has open. Its content is never changed in place.
type document struct {
	uri     string // as the client writes it
	version int
	content []byte
	saved   bool // nothing was typed since it was opened or saved
}

// The pauses between an event and the run that it causes, in which more may come.
const (
	afterTyping = 150 * time.Millisecond
	afterOthers = 100 * time.Millisecond // files that other programs change
)

func (s *server) didOpen(p didOpenParams) {
	path := pathOf(p.TextDocument.URI)
	if path == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs[path] = &document{p.TextDocument.URI, p.TextDocument.Version, []byte(p.TextDocument.Text), true}
	if m := s.moduleOf(path); m != nil {
		m.request(0)
	}
}

func (s *server) didChange(p didChangeParams) {
	path := pathOf(p.TextDocument.URI)
	s.mu.Lock()
	defer s.mu.Unlock()
	doc := s.docs[path]
	if doc == nil {
		return
	}
	next := *doc
	next.saved = false
	if p.TextDocument.Version != nil {
		next.version = *p.TextDocument.Version
	}
	for _, c := range p.ContentChanges {
		next.content = c.apply(next.content, s.encoding)
	}
	s.docs[path] = &next
	if m := s.moduleOf(path); m != nil && isGo(path) {
		m.request(afterTyping)
	}
}

func (s *server) didSave(p documentParams) {
	path := pathOf(p.TextDocument.URI)
	s.mu.Lock()
	defer s.mu.Unlock()
	if doc := s.docs[path]; doc != nil {
		next := *doc
		next.saved = true
		s.docs[path] = &next
	}
	if m := s.moduleOf(path); m != nil {
		m.request(0)
	}
}

func (s *server) didClose(p documentParams) {
	path := pathOf(p.TextDocument.URI)
	s.mu.Lock()
	defer s.mu.Unlock()
	doc := s.docs[path]
	if doc == nil {
		return
	}
	delete(s.docs, path)
	m := s.moduleOf(path)
	if m == nil {
		return
	}
	if !doc.saved {
		m.request(0)
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(s.docs)), func(open string) bool { return s.moduleOf(open) == m }) {
		m.session = nil // nothing is being edited
	}
}

// didChangeWatchedFiles runs the modules whose files other programs have changed. What is open
// is as the editor says.
func (s *server) didChangeWatchedFiles(p didChangeWatchedFilesParams) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range p.Changes {
		path := pathOf(c.URI)
		if doc := s.docs[path]; path == "" || doc != nil && isGo(path) {
			continue
		}
		for dir, m := range s.modules {
			if within(dir, path) || strings.HasPrefix(filepath.Base(path), "go.work") {
				m.request(afterOthers)
			}
		}
	}
}

func (s *server) didChangeFolders(p didChangeFoldersParams) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range p.Event.Removed {
		gone := pathOf(f.URI)
		s.folders = slices.DeleteFunc(s.folders, func(folder string) bool { return folder == gone })
		for dir, m := range s.modules {
			if within(gone, dir) && !slices.ContainsFunc(s.folders, func(folder string) bool { return within(folder, dir) }) {
				m.stop()
				m.show(nil)
				delete(s.modules, dir)
			}
		}
	}
	for _, f := range p.Event.Added {
		if folder := pathOf(f.URI); folder != "" && !slices.Contains(s.folders, folder) {
			s.folders = append(s.folders, folder)
		}
	}
}

// moduleOf returns the module that a file belongs to; nil if there is none. s.mu is held.
func (s *server) moduleOf(path string) *module {
	if path == "" {
		return nil
	}
	dir, ok := config.ModuleRoot(filepath.Dir(path))
	if !ok {
		return nil
	}
	return s.module(dir)
}

// module returns the module in a directory. s.mu is held.
func (s *server) module(dir string) *module {
	m := s.modules[dir]
	if m == nil {
		m = newModule(s, dir)
		s.modules[dir] = m
	}
	return m
}

func isGo(path string) bool { return filepath.Ext(path) == ".go" }

// within reports whether a path is the directory or below it.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}
