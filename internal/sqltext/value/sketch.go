package value

import (
	"fmt"
	"strings"
)

// Sketch writes a value for facts' String and for tests: parameters as $n,
// alternatives in braces.
func Sketch(v Value) string {
	var b strings.Builder
	sketch(&b, v, 0)
	return b.String()
}

func sketch(b *strings.Builder, v Value, depth int) {
	if v == nil || depth > 20 || b.Len() > 1000 {
		b.WriteByte('_')
		return
	}
	open, sep, end := "", "", ""
	switch v := v.(type) {
	case *Text:
		b.WriteString(v.S)
		return
	case *Hole:
		b.WriteByte('_')
		return
	case *Param:
		fmt.Fprintf(b, "$%d", v.Index)
		return
	case *Unseen:
		b.WriteRune('…')
		return
	case *Object:
		b.WriteString(v.Table.Name)
		return
	case *Choice:
		open, sep, end = "{", "|", "}"
	case *List, *Record:
		open, sep, end = "[", ",", "]"
	case *Splice:
		end = "..."
	case *Join:
		open, sep, end = "join(", ",", v.Sep+")"
	case *Chain:
		sep = "."
	case *Step:
		open, sep, end = v.Method+"(", ",", ")"
	case *Entry:
		open = v.Name + ":"
	case *Member:
		end = "." + v.Name
	case *Lent:
		end = "…"
	case *Format:
		open, sep, end = "format(", ",", ")"
	case *Func:
		open, sep, end = "func(", ",", ")"
	case *Mention:
		end = " has " + v.Word
	}
	b.WriteString(open)
	first := true
	if c, ok := v.(*Choice); ok && c.Cond != nil {
		v = &Choice{Alternatives: c.Alternatives} // what it is chosen by is no alternative
	}
	v.each(func(part Value) {
		if !first {
			b.WriteString(sep)
		}
		first = false
		sketch(b, part, depth+1)
	})
	b.WriteString(end)
}
