// Package printable escapes text from the code under lint, such as file names, for
// printing.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns the text as one line, without characters that control a terminal and
// without commands that CI services read from a log.
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

// Acts reports whether a character controls the terminal or the direction of the text
// around it, instead of being shown. A tab does not count.
func Acts(c rune) bool {
	return c != '\t' && unicode.IsControl(c) || unicode.In(c, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}
