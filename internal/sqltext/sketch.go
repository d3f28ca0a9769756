package sqltext

import (
	"fmt"
	"strings"
)

// sketch writes a value for facts' String and for tests: parameters as $n,
// alternatives in braces.
func sketch(v *value) string {
	var b strings.Builder
	sketchTo(&b, v, 0)
	return b.String()
}

func sketchTo(b *strings.Builder, v *value, depth int) {
	if v == nil || depth > 20 || b.Len() > 1000 {
		b.WriteByte('_')
		return
	}
	open, sep, end := "", "", ""
	switch v.Kind {
	case text:
		b.WriteString(v.Text)
		return
	case hole:
		b.WriteByte('_')
		return
	case param:
		fmt.Fprintf(b, "$%d", v.Index)
		return
	case object:
		b.WriteString(v.Table.Name)
		return
	case either:
		open, sep, end = "{", "|", "}"
	case list, record:
		open, sep, end = "[", ",", "]"
	case junction:
		open, sep, end = "", v.Text, ""
	case chain:
		sep = "."
	case step:
		open, sep, end = v.Text+"(", ",", ")"
	case entry:
		open = v.Text + ":"
	case lambda:
		open, end = "func(", ")"
	}
	b.WriteString(open)
	for i, kid := range v.Kids {
		if i > 0 {
			b.WriteString(sep)
		}
		sketchTo(b, kid, depth+1)
	}
	b.WriteString(end)
}
