package lsp

import (
	"context"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/fix"
)

// The kinds of code actions.
const (
	kindQuickFix = "quickfix"
	kindFixAll   = "source.fixAll.poollint"
)

// maxActions bounds the quick fixes that are offered for one range.
const maxActions = 50

// codeAction offers the fix of each finding in a range, and the fixes of the whole file at once.
func (s *server) codeAction(ctx context.Context, p codeActionParams) ([]codeAction, error) {
	path := pathOf(p.TextDocument.URI)
	s.mu.Lock()
	m := s.moduleOf(path)
	s.mu.Unlock()
	if m == nil {
		return nil, nil
	}
	found, err := m.await(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !found.current(path) {
		return nil, nil // the client asks again
	}
	var actions []codeAction
	if wanted(p.Context.Only, kindQuickFix) {
		for _, hit := range found.at(path, p.Range) {
			if hit.finding == nil || len(hit.finding.Fixes) == 0 || len(actions) == maxActions {
				continue
			}
			if edit := found.edit([]finding.Located{*hit.finding}); edit != nil {
				actions = append(actions, codeAction{sentence(hit.finding.Fixes[0].Message), kindQuickFix, []diagnostic{hit.diagnostic}, true, edit})
			}
		}
	}
	if wanted(p.Context.Only, kindFixAll) {
		var all []finding.Located
		for _, hit := range found.shown {
			if hit.path == path && hit.finding != nil {
				all = append(all, *hit.finding)
			}
		}
		if edit := found.edit(all); edit != nil {
			actions = append(actions, codeAction{Title: "Apply all fixes of poollint to the file", Kind: kindFixAll, Edit: edit})
		}
	}
	return actions, nil
}

// wanted reports whether a client that asks for some kinds only, or for all, gets one.
func wanted(only []string, kind string) bool {
	for _, o := range only {
		if kind == o || strings.HasPrefix(kind, o+".") {
			return true
		}
	}
	return len(only) == 0
}

// sentence begins a text with a capital.
func sentence(text string) string {
	if text == "" {
		return "Fix"
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// edit returns what the fixes of findings change, formatted; nil if that is nothing, or not safe.
func (r *results) edit(findings []finding.Located) *workspaceEdit {
	plan := fix.Over(r.texts, findings, r.modules, r.start)
	edit := &workspaceEdit{}
	for _, path := range plan.Files() {
		if !r.current(path) {
			return nil
		}
		t := r.text(path)
		var edits []textEdit
		for _, e := range udiff.Lines(string(t.content), string(plan.Text(path))) {
			edits = append(edits, textEdit{textRange{t.position(e.Start), t.position(e.End)}, e.New})
		}
		if len(edits) > 0 {
			r.add(edit, path, edits)
		}
	}
	if edit.Changes == nil && edit.DocumentChanges == nil {
		return nil
	}
	return edit
}

// add adds the edits of a file, in the form that the client knows.
func (r *results) add(edit *workspaceEdit, path string, edits []textEdit) {
	s := r.module.server
	if s.client.Workspace.WorkspaceEdit.DocumentChanges {
		edit.DocumentChanges = append(edit.DocumentChanges, documentEdit{s.versioned(path), edits})
		return
	}
	if edit.Changes == nil {
		edit.Changes = map[string][]textEdit{}
	}
	edit.Changes[s.versioned(path).URI] = edits
}
