package lsp

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// An encoding is the unit in which positions count characters of a line.
type encoding string

const (
	utf8Encoding  encoding = "utf-8"
	utf16Encoding encoding = "utf-16" // which every client knows
)

// negotiated returns the encoding for a client that offers some: bytes, as the linter counts, if
// it can.
func negotiated(offered []encoding) encoding {
	if slices.Contains(offered, utf8Encoding) {
		return utf8Encoding
	}
	return utf16Encoding
}

// A text is the content of a file, with its lines.
type text struct {
	content []byte
	starts  []int // of lines, in bytes
	encoding
}

func newText(content []byte, e encoding) *text {
	t := &text{content, []int{0}, e}
	for i, c := range content {
		if c == '\n' {
			t.starts = append(t.starts, i+1)
		}
	}
	return t
}

// line returns a line without its end. There is an empty one behind the last.
func (t *text) line(i int) (start int, line []byte) {
	if i >= len(t.starts) {
		return len(t.content), nil
	}
	start, end := t.starts[i], len(t.content)
	if i+1 < len(t.starts) {
		end = t.starts[i+1] - 1
	}
	return start, bytes.TrimSuffix(t.content[start:end], []byte("\r"))
}

// offset returns the byte that a position is before. A position outside the text is moved to the
// nearest one inside.
func (t *text) offset(p position) int {
	start, line := t.line(max(0, p.Line))
	at, units := 0, 0
	for at < len(line) {
		r, size := utf8.DecodeRune(line[at:])
		if units += t.units(r, size); units > p.Character {
			break
		}
		at += size
	}
	return start + at
}

// position returns the position of a byte.
func (t *text) position(offset int) position {
	offset = min(max(0, offset), len(t.content))
	i, found := slices.BinarySearch(t.starts, offset)
	if !found {
		i--
	}
	return t.at(i, offset-t.starts[i])
}

// at returns the position of a byte of a line, both from 0.
func (t *text) at(line, column int) position {
	_, content := t.line(line)
	p := position{Line: line}
	for at := 0; at < min(column, len(content)); {
		r, size := utf8.DecodeRune(content[at:])
		p.Character += t.units(r, size)
		at += size
	}
	return p
}

// units returns how many units a character takes; a byte that is no text takes one.
func (e encoding) units(r rune, size int) int {
	switch {
	case e == utf8Encoding:
		return size
	case r > 0xffff:
		return 2
	}
	return 1
}

// apply returns the content after a change.
func (c change) apply(content []byte, e encoding) []byte {
	if c.Range == nil {
		return []byte(c.Text)
	}
	t := newText(content, e)
	start, end := t.offset(c.Range.Start), t.offset(c.Range.End)
	return slices.Concat(content[:start], []byte(c.Text), content[max(start, end):])
}
