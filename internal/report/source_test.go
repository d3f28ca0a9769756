package report

import (
	"bytes"
	"go/token"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/poollint/poollint/internal/finding"
)

func TestColumns(t *testing.T) {
	t.Parallel()
	text := "package p\r\n" + strings.Repeat("ä€x𝄞", 500) + "\n\nend"
	s := newSource([]byte(text))
	for offset := range len(text) + 1 {
		if offset < len(text) && !utf8.RuneStart(text[offset]) {
			continue
		}
		before := text[:offset]
		line, start := 1+strings.Count(before, "\n"), 1+strings.LastIndex(before, "\n")
		column := 1 + utf8.RuneCountInString(before[start:])
		if gotLine, got := s.position(offset); gotLine != line || got != column {
			t.Fatalf("offset %d is at %d:%d, want %d:%d", offset, gotLine, got, line, column)
		}
		pos := token.Position{Line: line, Column: 1 + offset - start}
		if got := s.column(pos); got != min(column, 1+utf8.RuneCount(s.line(line))) {
			t.Fatalf("%v has column %d, want %d", pos, got, column)
		}
	}
	if got := newSource(nil).column(token.Position{Line: 1, Column: 7}); got != 1 {
		t.Errorf("without a source the column is %d", got)
	}
}

func TestLongLineIsSaid(t *testing.T) {
	t.Parallel()
	s := newSource([]byte(strings.Repeat("x", maxLine+1)))
	r := &Report{sources: sources{"a.go": s}}
	var b bytes.Buffer
	r.writeSource(&b, finding.Located{Pos: token.Position{Filename: "a.go", Line: 1, Column: 1}})
	if got := b.String(); got != "(a line of 4001 bytes is not shown)\n" {
		t.Errorf("shown is %q", got)
	}
}
