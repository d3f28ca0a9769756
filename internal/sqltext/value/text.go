package value

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Segment maps a run of bytes of a text, up to the next segment, to the source.
type Segment struct {
	Offset int
	Pos    token.Pos
	Exact  bool // byte by byte; else the whole run is at Pos
}

// Literal returns the text of a string literal, each byte with its position, nil if
// it is none.
func Literal(lit *ast.BasicLit) Value {
	s, err := strconv.Unquote(lit.Value)
	if err != nil || lit.Kind != token.STRING {
		return nil
	}
	v := &Text{Origin: Origin{Pos: lit.Pos()}, S: s}
	if lit.Value[0] == '`' {
		v.Segments = rawSegments(lit)
	} else {
		v.Segments = quotedSegments(lit)
	}
	return v
}

// rawSegments maps a raw literal, from which carriage returns are dropped.
func rawSegments(lit *ast.BasicLit) []Segment {
	segments := []Segment{{Pos: lit.Pos() + 1, Exact: true}}
	dropped := 0
	for i := 1; i < len(lit.Value)-1; i++ {
		if lit.Value[i] == '\r' {
			dropped++
			segments = append(segments, Segment{Offset: i - dropped, Pos: lit.Pos() + token.Pos(i) + 1, Exact: true})
		}
	}
	return segments
}

// quotedSegments maps an interpreted literal: a new segment behind each escape.
func quotedSegments(lit *ast.BasicLit) []Segment {
	segments := []Segment{{Pos: lit.Pos() + 1, Exact: true}}
	rest := lit.Value[1 : len(lit.Value)-1]
	offset := 0
	for at := 1; rest != ""; {
		r, multibyte, tail, err := strconv.UnquoteChar(rest, '"')
		if err != nil {
			break
		}
		n := 1
		if multibyte {
			n = utf8.RuneLen(r)
		}
		width := len(rest) - len(tail)
		offset += n
		at += width
		if width != n && tail != "" {
			segments = append(segments, Segment{Offset: offset, Pos: lit.Pos() + token.Pos(at), Exact: true})
		}
		rest = tail
	}
	return segments
}

// Slice returns the bytes [from, to) of a text.
func (v *Text) Slice(from, to int) *Text {
	if from == 0 && to == len(v.S) {
		return v
	}
	part := &Text{S: v.S[from:to]}
	for i, s := range v.Segments {
		end := len(v.S)
		if i+1 < len(v.Segments) {
			end = v.Segments[i+1].Offset
		}
		if end <= from || s.Offset >= to {
			continue
		}
		if s.Offset < from {
			if s.Exact {
				s.Pos += token.Pos(from - s.Offset)
			}
			s.Offset = from
		}
		s.Offset -= from
		part.Segments = append(part.Segments, s)
	}
	if len(part.Segments) > 0 {
		part.Pos = part.Segments[0].Pos
	}
	return part
}

// Replace puts to in the places where the known text of v has old.
func Replace(v Value, old string, to Value) Value {
	return Rewrite(v, func(v Value) Value {
		t, ok := v.(*Text)
		if !ok || !strings.Contains(t.S, old) {
			return v
		}
		var parts []Value
		from := 0
		for {
			i := strings.Index(t.S[from:], old)
			if i < 0 {
				break
			}
			parts = append(parts, t.Slice(from, from+i), to)
			from += i + len(old)
		}
		return Concat(append(parts, t.Slice(from, len(t.S)))...)
	})
}

// TrimSuffix drops the suffix of a text where it is known to end in it.
func TrimSuffix(v Value, suffix string) Value {
	parts := []Value{v}
	if s, ok := v.(*Sequence); ok {
		parts = append([]Value{}, s.Parts...)
	}
	last := len(parts) - 1
	if t, ok := parts[last].(*Text); ok && strings.HasSuffix(t.S, suffix) {
		parts[last] = t.Slice(0, len(t.S)-len(suffix))
	}
	return Concat(parts...)
}

// Fill puts operands that are more than values into the places of the question
// marks of a text.
func Fill(sql Value, operands []Value) Value {
	some := false
	for _, o := range operands {
		some = some || fills(o)
	}
	if !some {
		return sql
	}
	from := []Value{sql}
	if s, ok := sql.(*Sequence); ok {
		from = s.Parts
	}
	next := 0
	var parts []Value
	for _, part := range from {
		if t, ok := part.(*Text); ok {
			parts = append(parts, t.filled(operands, &next)...)
		} else {
			parts = append(parts, part)
		}
	}
	return Concat(parts...)
}

// fills reports whether an operand is more than a value that is given apart.
func fills(o Value) bool {
	switch o := o.(type) {
	case *Text:
		return !o.Bound
	case *Hole:
		return isName(o)
	case *Chain, *Sequence, *Join, *Record:
		return true
	}
	return false
}

// isName reports whether an operand is an identifier that is not known.
func isName(o Value) bool {
	h, ok := o.(*Hole)
	return ok && h.Kind == NameHole
}

// filled returns the parts of a text with operands, from the next on, in between.
func (v *Text) filled(operands []Value, next *int) []Value {
	var parts []Value
	from := 0
	quote := byte(0)
	for i := range len(v.S) {
		c := v.S[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quote = c
		case c == '?' && *next < len(operands):
			o := operands[*next]
			*next++
			if o == nil || IsPlaceholder(o) || IsHole(o) && !isName(o) || is[*List](o) {
				continue
			}
			if !strings.HasSuffix(strings.TrimRight(v.S[:i], " \n\t"), "(") {
				o = InParens(o)
			}
			parts = append(parts, v.Slice(from, i), o)
			from = i + 1
		}
	}
	return append(parts, v.Slice(from, len(v.S)))
}
