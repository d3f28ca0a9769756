package sqlast

import (
	"strings"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tEOF    tokenKind = iota
	tWord             // unquoted identifier or keyword, perhaps with holes in it
	tQuoted           // quoted identifier
	tString           // string constant with its quotes
	tNumber
	tParam
	tHole
	tOp
	tLParen
	tRParen
	tLBracket
	tRBracket
	tComma
	tDot
	tColon
	tSemicolon
	tBad // a character that begins no token
)

// token is one token of the text; offsets fit because the text's length is limited.
type token struct {
	kind       tokenKind
	kw         keyword
	holed      bool  // a word, quoted name or string with a hole in it
	upper      bool  // a word with letters to fold
	start, end int32 // bytes
	hole       int32 // number of the hole, of a tHole
}

// lexer cuts a text into tokens, one call of next each.
type lexer struct {
	src     string
	dialect Dialect
	pos     int
	holes   int
	// operand is true after a token that ends an operand, where an operator may follow.
	// It distinguishes the placeholder ? from the operator ?.
	operand    bool
	brackets   int
	noTemplate bool // no "}}" is left
	noCopyData bool // no line is left that ends the data of COPY
	// Up to plainEnd operator characters follow each other that make no operator with
	// a trailing + or -; after plainCore there is nothing else.
	plainEnd, plainCore int
	comments            []Comment
	problems            []Problem
}

// Classes of bytes.
const (
	spaceByte uint8 = 1 << iota
	wordByte        // begins a word
	digitByte
	opByte
)

var byteClass = func() (t [256]uint8) {
	for _, c := range " \t\n\r\f\v" {
		t[c] = spaceByte
	}
	for c := range t {
		if c|0x20 >= 'a' && c|0x20 <= 'z' && c < utf8.RuneSelf || c == '_' || c >= utf8.RuneSelf {
			t[c] = wordByte
		}
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = digitByte
	}
	for _, c := range "+-*/<>=~!@#%^&|?" {
		t[c] = opByte
	}
	return t
}()

func (l *lexer) at(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return ' '
}

func (l *lexer) is(i int, classes uint8) bool { return byteClass[l.at(i)]&classes != 0 }

func (l *lexer) problem(start, end int, msg string) {
	l.problems = append(l.problems, Problem{Span: Span{start, end}, Msg: msg})
}

// open notes that the text ends within what begins at start.
func (l *lexer) open(start int, what string) {
	l.problems = append(l.problems, Problem{Span: Span{start, len(l.src)}, Msg: what + " is not closed", Open: true})
}

// next returns the next token.
func (l *lexer) next() token {
	l.skipSpace()
	start := l.pos
	if start >= len(l.src) {
		return token{kind: tEOF, start: int32(start), end: int32(start)}
	}
	t := token{start: int32(start), hole: -1}
	l.scan(&t)
	t.end = int32(l.pos)
	switch t.kind {
	case tWord:
		l.operand = t.kw == kwNone || t.kw.is(operand) || !t.kw.is(reserved|prefix)
	case tQuoted, tString, tNumber, tParam, tRParen, tRBracket:
		l.operand = true
	default:
		l.operand = false
	}
	return t
}

// skipSpace skips white space and comments, which it keeps.
func (l *lexer) skipSpace() {
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		start := l.pos
		switch {
		case byteClass[c]&spaceByte != 0:
			l.pos++
			continue
		case c == '-' && l.at(l.pos+1) == '-' && (l.dialect != MySQL || l.at(l.pos+2) <= ' '),
			c == '#' && l.dialect == MySQL:
			l.skipLine()
		case c == '/' && l.at(l.pos+1) == '*':
			l.skipBlock()
		case c == '\\' && (start == 0 || l.src[start-1] == '\n'):
			l.skipLine() // a command of psql, as pg_dump writes them
			continue
		default:
			return
		}
		text := l.src[start:l.pos]
		l.countHoles(text)
		l.comments = append(l.comments, Comment{Span{start, l.pos}, text})
	}
}

func (l *lexer) skipLine() {
	if n := strings.IndexByte(l.src[l.pos:], '\n'); n >= 0 {
		l.pos += n
	} else {
		l.pos = len(l.src)
	}
	if l.src[l.pos-1] == '\r' {
		l.pos--
	}
}

// skipBlock skips a block comment. They nest in PostgreSQL only.
func (l *lexer) skipBlock() {
	start := l.pos
	depth := 1
	for l.pos += 2; l.pos < len(l.src); l.pos++ {
		switch {
		case l.src[l.pos] == '*' && l.at(l.pos+1) == '/':
			l.pos++
			if depth--; depth == 0 {
				l.pos++
				return
			}
		case l.src[l.pos] == '/' && l.at(l.pos+1) == '*' && l.dialect == Postgres:
			l.pos++
			depth++
		}
	}
	l.pos = len(l.src)
	l.open(start, "comment")
}

// skipCopyData skips the rows that pg_dump writes after COPY … FROM STDIN, up to the
// line that ends them. Without such a line there are none.
func (l *lexer) skipCopyData() {
	if l.noCopyData {
		return
	}
	n := strings.Index(l.src[l.pos:], "\n\\.")
	if l.noCopyData = n < 0; l.noCopyData {
		return
	}
	l.countHoles(l.src[l.pos : l.pos+n])
	l.pos += n + 1
}

// countHoles counts the holes in the text of one token.
func (l *lexer) countHoles(text string) bool {
	n := strings.Count(text, HoleMark)
	l.holes += n
	return n > 0
}

var punctuation = [256]tokenKind{
	'(': tLParen, ')': tRParen, '[': tLBracket, ']': tRBracket,
	',': tComma, ';': tSemicolon,
}

func (l *lexer) scan(t *token) {
	c := l.src[l.pos]
	if k := punctuation[c]; k != tEOF {
		l.scanPunctuation(t, k)
		return
	}
	switch cls := byteClass[c]; {
	case cls&wordByte != 0:
		l.scanWord(t)
	case cls&digitByte != 0, c == '.' && l.is(l.pos+1, digitByte):
		l.scanNumber(t)
	case c == '.':
		l.pos++
		t.kind = tDot
	case c == 0:
		l.scanHole(t)
	case c == '\'', c == '"' && l.dialect == MySQL:
		l.scanString(t, l.pos, l.dialect == MySQL)
	case c == '"', c == '`':
		l.scanQuoted(t, c)
	case c == ':':
		l.scanColon(t)
	case c == '$':
		l.scanDollar(t)
	case c == '{' && l.at(l.pos+1) == '{' && l.scanTemplate(t):
	case cls&opByte != 0:
		l.scanOperator(t)
	default:
		l.pos++
		t.kind = tBad
	}
}

func (l *lexer) scanPunctuation(t *token, k tokenKind) {
	switch k {
	case tLBracket:
		if l.dialect == SQLite {
			l.scanQuoted(t, ']')
			return
		}
		l.brackets++
	case tRBracket:
		l.brackets = max(l.brackets-1, 0)
	case tSemicolon:
		l.brackets = 0
	}
	l.pos++
	t.kind = k
}

// scanWord scans a word and the holes that are part of it. The prefix of a string, as in
// E'…', is part of the string.
func (l *lexer) scanWord(t *token) {
	start := l.pos
	var fold uint8
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		if byteClass[c]&(wordByte|digitByte) == 0 && c != '$' {
			break
		}
		if 'A' <= c && c <= 'Z' {
			fold = 1
		}
		l.pos++
	}
	t.kind = tWord
	t.upper = fold != 0
	word := l.src[start:l.pos]
	switch l.at(l.pos) {
	case '\'':
		if l.scanPrefixed(t, word) {
			return
		}
	case '&':
		if (word == "U" || word == "u") && l.dialect == Postgres && l.scanUnicode(t) {
			return
		}
	case 0:
		if l.joinsHole(word) {
			l.scanHoledWord(t)
			return
		}
	}
	t.kw = lookup(word)
}

// joinsHole reports whether the hole at the position belongs to the word before it.
func (l *lexer) joinsHole(word string) bool {
	return word[len(word)-1] == '_' || l.is(l.pos+1, digitByte) || l.at(l.pos+1) == '_'
}

// scanHoledWord scans the rest of a word that has a hole at the position.
func (l *lexer) scanHoledWord(t *token) {
	t.kind, t.holed, t.upper = tWord, true, true
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		if c == 0 {
			l.holes++
		} else if byteClass[c]&(wordByte|digitByte) == 0 && c != '$' {
			break
		}
		l.pos++
	}
}

// scanHole scans a hole, with the word that follows it directly unless that is a
// keyword.
func (l *lexer) scanHole(t *token) {
	end := l.pos + 1
	for end < len(l.src) && byteClass[l.src[end]]&(wordByte|digitByte) != 0 {
		end++
	}
	word := l.src[l.pos+1 : end]
	if word != "" && lookup(word) == kwNone && l.at(end) != '\'' {
		l.scanHoledWord(t)
		return
	}
	t.kind, t.hole = tHole, int32(l.holes)
	l.holes++
	l.pos++
}

// scanTemplate scans a template action {{…}}.
func (l *lexer) scanTemplate(t *token) bool {
	if l.noTemplate {
		return false
	}
	n := strings.Index(l.src[l.pos:], "}}")
	if n < 0 {
		l.noTemplate = true
		return false
	}
	l.pos += n + len("}}")
	t.kind, t.hole = tHole, int32(l.holes)
	l.holes++
	return true
}

func (l *lexer) scanNumber(t *token) {
	t.kind = tNumber
	if l.src[l.pos] == '0' && strings.IndexByte("xXoObB", l.at(l.pos+1)) >= 0 {
		for l.pos++; l.is(l.pos, wordByte|digitByte); l.pos++ {
		}
		return
	}
	start := l.pos
	l.skipDigits()
	if l.dialect == MySQL && l.is(l.pos, wordByte) && !l.atExponent() { // a name
		l.pos = start
		l.scanWord(t)
		return
	}
	if l.at(l.pos) == '.' && l.at(l.pos+1) != '.' {
		l.pos++
		l.skipDigits()
	}
	if l.atExponent() {
		l.pos += 2
		l.skipDigits()
	}
}

// atExponent reports whether an exponent with digits, as in 1e9, is at the position.
func (l *lexer) atExponent() bool {
	if l.at(l.pos)|0x20 != 'e' {
		return false
	}
	next := l.at(l.pos + 1)
	return byteClass[next]&digitByte != 0 || (next == '+' || next == '-') && l.is(l.pos+2, digitByte)
}

func (l *lexer) skipDigits() {
	for l.is(l.pos, digitByte) || l.at(l.pos) == '_' && l.is(l.pos+1, digitByte) {
		l.pos++
	}
}
