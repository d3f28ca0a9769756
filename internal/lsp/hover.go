package lsp

import (
	"bytes"
	"context"
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruledoc"
)

// hover tells of a finding what its rule says, and of a directive what it silences.
func (s *server) hover(_ context.Context, p hoverParams) (*hover, error) {
	path := pathOf(p.TextDocument.URI)
	s.mu.Lock()
	defer s.mu.Unlock()
	if doc := s.docs[path]; doc != nil && isGo(path) {
		if h := s.overDirective(newText(doc.content, s.encoding), p.Position); h != nil {
			return h, nil
		}
	}
	m := s.moduleOf(path)
	if m == nil || m.found == nil || !m.found.current(path) {
		return nil, nil
	}
	for _, hit := range m.found.at(path, textRange{p.Position, p.Position}) {
		if hit.finding == nil {
			continue
		}
		if page := s.page(hit.finding.Rule); page != nil {
			return &hover{markup{"markdown", string(page)}, hit.Range}, nil
		}
	}
	return nil, nil
}

// page returns the page of a rule that runs; nil if there is none.
func (s *server) page(rule string) []byte {
	i := slices.IndexFunc(s.rules, func(r finding.Rule) bool { return r.Name == rule })
	if i < 0 {
		return nil
	}
	return pageOf(s.rules[i].Analyzer)
}

func pageOf(rule *analysis.Analyzer) []byte {
	page := ruledoc.Page(rule)
	if rule.URL != "" {
		page = append(page, "\n["+rule.URL+"]("+rule.URL+")\n"...)
	}
	return page
}

const directive = "//poollint:ignore"

// overDirective returns the pages of the rules that a directive at the position names.
func (s *server) overDirective(t *text, at position) *hover {
	start, line := t.line(at.Line)
	from := bytes.Index(line, []byte(directive))
	if from < 0 || !isComment(t.content, start+from) {
		return nil
	}
	within := textRange{t.position(start + from), t.position(start + len(line))}
	if before(at, within.Start) {
		return nil
	}
	names, _, _ := strings.Cut(string(line[from+len(directive):]), "--")
	var pages [][]byte
	for name := range strings.SplitSeq(names, ",") {
		if page := s.page(strings.TrimSpace(name)); page != nil {
			pages = append(pages, page)
		}
	}
	if pages == nil {
		return nil
	}
	return &hover{markup{"markdown", string(bytes.Join(pages, []byte("\n---\n\n")))}, within}
}

// isComment reports whether a comment of Go source begins at the offset.
func isComment(source []byte, offset int) bool {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(source))
	s.Init(file, source, func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, kind, _ := s.Scan()
		switch at := file.Offset(pos); {
		case kind == token.EOF || at > offset:
			return false
		case at == offset:
			return kind == token.COMMENT
		}
	}
}
