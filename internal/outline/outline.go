// Package outline reduces Go files to the declarations that types depend on, for
// dependencies of which only types are needed.
package outline

import "bytes"

// Blank overwrites the bodies of a file's functions with spaces, so that they are not
// parsed. Lines and offsets stay. It assumes that declarations begin at the start of a
// line, as in code formatted by gofmt. What it does not understand it leaves alone.
func Blank(text []byte) {
	s := bodyScanner{text: text}
	for {
		switch {
		case s.declaresFunc():
			s.at += len("func ")
			if start, end := s.body(); end > start {
				blank(text[start:end])
			}
		case !s.next():
			return
		}
	}
}

func blank(text []byte) {
	for i, b := range text {
		if b != '\n' && b != '\r' {
			text[i] = ' '
		}
	}
}

// A bodyScanner scans Go code for braces, literals and comments.
type bodyScanner struct {
	text []byte
	at   int
}

func (s *bodyScanner) declaresFunc() bool {
	return (s.at == 0 || s.text[s.at-1] == '\n') && bytes.HasPrefix(s.text[s.at:], []byte("func "))
}

// next skips a comment, a literal or a byte; it returns false at the end.
func (s *bodyScanner) next() bool {
	if s.at >= len(s.text) {
		return false
	}
	length, rest := 1, s.text[s.at:]
	switch {
	case bytes.HasPrefix(rest, []byte("//")):
		length = bytes.IndexByte(rest, '\n')
	case bytes.HasPrefix(rest, []byte("/*")):
		length = upTo(rest, 2, "*/")
	case rest[0] == '`':
		length = upTo(rest, 1, "`")
	case rest[0] == '"' || rest[0] == '\'':
		length = quoted(rest)
	}
	if length < 0 {
		length = len(rest)
	}
	s.at += length
	return true
}

// upTo returns the length of the text up to and including the first end after the given
// number of bytes.
func upTo(text []byte, begin int, end string) int {
	if i := bytes.Index(text[begin:], []byte(end)); i >= 0 {
		return begin + i + len(end)
	}
	return -1
}

// quoted returns the length of a string or a rune.
func quoted(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0], '\n':
			return i + 1
		}
	}
	return -1
}

// body skips a function and returns the range between its braces.
func (s *bodyScanner) body() (start, end int) {
	parens, word := 0, 0 // word is where the last word started
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '(' || c == '[':
			parens++
		case c == ')' || c == ']':
			parens--
		case c == '\n' && parens == 0:
			return 0, 0 // declared without a body
		case c == '{':
			before := bytes.TrimRight(s.text[word:s.at], " ")
			start = s.at + 1
			if end = s.closing(); end < 0 {
				return 0, 0
			}
			if parens == 0 && string(before) != "interface" && string(before) != "struct" {
				return start, end
			}
			continue
		case isLetter(c) && !isLetter(s.text[s.at-1]):
			word = s.at
		}
		s.next()
	}
	return 0, 0
}

// closing skips a pair of braces and returns the offset of the second one, or -1.
func (s *bodyScanner) closing() int {
	depth := 0
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				s.at++
				return s.at - 1
			}
		}
		s.next()
	}
	return -1
}

func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || '0' <= c && c <= '9' || c >= 0x80
}
