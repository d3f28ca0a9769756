package value

import (
	"go/token"
	"strconv"
	"strings"
)

// Identifier returns a name in quotes.
func Identifier(v Value, pos token.Pos) Value {
	if h, ok := v.(*Hole); ok {
		return h.Of(NameHole)
	}
	return Concat(Static(`"`, pos), v, Static(`"`, pos))
}

// Of returns the hole as one of another kind.
func (v *Hole) Of(k HoleKind) *Hole {
	w := *v
	w.Kind = k
	return &w
}

// Formatted returns what fmt.Sprintf makes of a format, which may be known in part.
func Formatted(format Value, operands []Value, pos token.Pos) Value {
	p := &printer{pos: pos, operands: operands}
	return p.expand(format)
}

// A printer puts operands into a format.
type printer struct {
	pos      token.Pos
	operands []Value
	next     int
}

func (p *printer) expand(format Value) Value {
	switch format := format.(type) {
	case *Text:
		return p.text(format)
	case *Sequence:
		parts := make([]Value, len(format.Parts))
		for i, part := range format.Parts {
			parts[i] = p.expand(part)
		}
		return Concat(parts...)
	case *Choice:
		w := *format
		w.Alternatives = make([]Value, len(format.Alternatives))
		start := p.next
		for i, a := range format.Alternatives {
			p.next = start
			w.Alternatives[i] = p.expand(a)
		}
		return &w
	case *Param, *Member:
		return &Format{Origin: Origin{Pos: p.pos}, Format: format, Operands: p.operands}
	}
	return format
}

func (p *printer) text(v *Text) Value {
	var parts []Value
	s := v.S
	from := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		verb, index, width := readVerb(s[i:])
		if width == 0 {
			continue
		}
		parts = append(parts, v.Slice(from, i))
		from = i + width
		i = from - 1
		if verb == '%' {
			parts = append(parts, v.Slice(from-1, from))
			continue
		}
		if index > 0 {
			p.next = index - 1
		}
		parts = append(parts, p.operand(verb))
	}
	return Concat(append(parts, v.Slice(from, len(s)))...)
}

// readVerb reads a formatting directive: %s, %-5d, %[2]v; width is 0 if there is none.
func readVerb(s string) (verb byte, index, width int) {
	i := 1
	for i < len(s) && strings.IndexByte("+-# 0123456789.", s[i]) >= 0 {
		i++
	}
	if i < len(s) && s[i] == '[' {
		end := strings.IndexByte(s[i:], ']')
		if end < 0 {
			return 0, 0, 0
		}
		index, _ = strconv.Atoi(s[i+1 : i+end])
		i += end + 1
	}
	if i >= len(s) {
		return 0, 0, 0
	}
	return s[i], index, i + 1
}

func (p *printer) operand(verb byte) Value {
	i := p.next
	p.next++
	if i >= len(p.operands) {
		return HoleAt(p.pos, AnyHole)
	}
	v := p.operands[i]
	switch verb {
	case 'q':
		return Identifier(v, p.pos)
	case 'd':
		if h, ok := v.(*Hole); ok {
			return h.Of(NumberHole)
		}
	}
	switch v.(type) {
	case *List, *Record, *Func, *Object:
		return HoleAt(p.pos, AnyHole)
	}
	return v
}
