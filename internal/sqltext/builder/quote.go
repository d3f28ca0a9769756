package builder

import (
	"strings"
	"unicode"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// Quote returns an identifier as it stands in SQL; each part that needs it in
// quotes.
func Quote(name string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		parts[i] = strings.Trim(p, "`\"")
		if p = parts[i]; p != "*" && !isPlainName(p) {
			parts[i] = `"` + p + `"`
		}
	}
	return strings.Join(parts, ".")
}

func isPlainName(s string) bool {
	for i, c := range s {
		if c != '_' && c != '$' && !(unicode.IsLower(c) || i > 0 && unicode.IsDigit(c)) && c != 0 {
			return false
		}
	}
	return s != "" && !reserved[s]
}

// reserved are the words that tables and columns are called in spite of SQL.
var reserved = Names(`all and any array as asc between both case cast check collate column constraint create cross
current_date current_time current_timestamp current_user default desc distinct do else end except false fetch for foreign
from full grant group having in inner insert intersect into is join key lateral left like limit natural not null offset on
or order outer primary references returning right select session_user set some table then to true union unique update user
using values when where window with`)

// nameOf returns a name given as text, in quotes where it needs them.
func nameOf(v value.Value) value.Value {
	if t, ok := v.(*value.Text); ok {
		if q := Quote(t.S); q != t.S {
			return value.Static(q, t.Pos)
		}
	}
	return v
}
