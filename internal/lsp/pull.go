package lsp

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// documentDiagnostic answers with the diagnostics of a document as it is now.
func (s *server) documentDiagnostic(ctx context.Context, p documentDiagnosticParams) (diagnosticReport, error) {
	path := pathOf(p.TextDocument.URI)
	s.mu.Lock()
	m := s.moduleOf(path)
	s.mu.Unlock()
	if m == nil {
		return reportOf(nil, p.PreviousResultID), nil
	}
	found, err := m.awaitFor(ctx, path)
	if err != nil {
		return diagnosticReport{}, err
	}
	return reportOf(found.diagnostics()[path], p.PreviousResultID), nil
}

// workspaceDiagnostic answers with the diagnostics of all modules in the workspace's folders, and
// of those that have a file open.
func (s *server) workspaceDiagnostic(ctx context.Context, p workspaceDiagnosticParams) (workspaceReport, error) {
	s.mu.Lock()
	folders := slices.Clone(s.folders)
	s.mu.Unlock()
	dirs := modulesBelow(folders)
	s.mu.Lock()
	for _, dir := range dirs {
		s.module(dir)
	}
	modules := slices.Collect(maps.Values(s.modules))
	s.mu.Unlock()
	previous := map[string]string{}
	for _, id := range p.PreviousResultIDs {
		previous[pathOf(id.URI)] = id.Value
	}
	all := map[string][]diagnostic{}
	for path := range previous {
		all[path] = nil // unless something is found again
	}
	for _, m := range modules {
		found, err := m.await(ctx)
		if err != nil {
			return workspaceReport{}, err
		}
		maps.Copy(all, found.diagnostics())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := workspaceReport{Items: []placedReport{}}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		answer.Items = append(answer.Items, placedReport{reportOf(all[path], previous[path]), s.versioned(path)})
	}
	return answer, nil
}

// reportOf makes the report of a list for a client that had one with the given ID.
func reportOf(list []diagnostic, previous string) diagnosticReport {
	if list == nil {
		list = []diagnostic{}
	}
	encoded, _ := json.Marshal(list) // of plain data
	h := fnv.New64a()
	h.Write(encoded)
	id := hex.EncodeToString(h.Sum(nil))
	if id == previous {
		return diagnosticReport{Kind: "unchanged", ResultID: id}
	}
	return diagnosticReport{Kind: "full", ResultID: id, Items: &list}
}

// maxEntries bounds how much of the workspace's folders is searched for modules.
const maxEntries = 100_000

// modulesBelow returns the directories of the modules in the folders, without those that no
// pattern such as ./... covers.
func modulesBelow(folders []string) (dirs []string) {
	entries := 0
	for _, folder := range folders {
		filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			entries++
			switch name := filepath.Base(path); {
			case err != nil:
				return nil // it cannot be opened in the editor either
			case entries > maxEntries:
				return fs.SkipAll
			case entry.IsDir() && path != folder && (name == "testdata" || name == "vendor" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")):
				return fs.SkipDir
			case name == "go.mod" && entry.Type().IsRegular():
				dirs = append(dirs, filepath.Dir(path))
			}
			return nil
		})
	}
	return dirs
}
