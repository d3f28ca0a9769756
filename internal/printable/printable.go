// Package printable makes text that came from the code under lint, names of files
// above all, fit to be printed.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns the text as one line that does nothing to a terminal, nor to who reads
// commands from a log: what acts on either is replaced.
func Line(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return ' '
		case Acts(c):
			return utf8.RuneError
		}
		return c
	}, text)
}

// Acts reports whether a character is none that shows, but one that acts on the
// terminal or on the order of those around it. A tab does not.
func Acts(c rune) bool {
	return c != '\t' && unicode.IsControl(c) || unicode.In(c, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}
