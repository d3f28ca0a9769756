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
	tBad // what no token is made of
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
	// operand is true where the token before ends an operand, so that an operator
	// may follow: it tells the placeholder ? from the operator ?.
	operand    bool
	brackets   int
	noTemplate bool // no "}}" is left
	comments   []Comment
	problems   []Problem
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
	l.problems = append(l.problems, Problem{Span{start, end}, msg})
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
	l.problem(start, l.pos, "comment is not closed")
}

// countHoles numbers the holes in a stretch of text that makes one token.
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

// scanWord scans a word and the holes that are part of it. A prefix that makes a
// string of what follows, as in E'…', is part of the string.
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

// scanParam scans the number or the name of a placeholder whose mark ends at from. A
// hole behind a number is no part of it.
func (l *lexer) scanParam(t *token, from int) {
	t.kind = tParam
	l.pos = from
	if l.is(from, digitByte) {
		for l.is(l.pos, digitByte) {
			l.pos++
		}
		return
	}
	for l.is(l.pos, wordByte|digitByte) {
		l.pos++
	}
	if l.at(l.pos) == 0 && (l.pos == from && l.src[t.start] != '?' || l.pos > from && l.joinsHole(l.src[from:l.pos])) {
		l.scanHoledWord(t)
		t.kind = tParam
	}
}

// scanColon scans :, ::, := and :name.
func (l *lexer) scanColon(t *token) {
	next := l.at(l.pos + 1)
	switch {
	case next == ':' || next == '=':
		t.kind = tOp
		l.pos += 2
	case (next == 0 || l.is(l.pos+1, wordByte|digitByte)) && (!l.operand || l.brackets == 0):
		l.scanParam(t, l.pos+1)
	default:
		t.kind = tColon
		l.pos++
	}
}

// scanDollar scans $1, $name and the dollar-quoted strings of PostgreSQL.
func (l *lexer) scanDollar(t *token) {
	end := l.pos + 1
	if !l.is(end, digitByte) && l.at(end) != 0 {
		for l.is(end, wordByte|digitByte) {
			end++
		}
		if l.at(end) == '$' {
			l.scanDollarQuoted(t, l.src[l.pos:end+1])
			return
		}
		if end == l.pos+1 {
			l.pos++
			t.kind = tBad
			return
		}
	}
	l.scanParam(t, l.pos+1)
}

func (l *lexer) scanDollarQuoted(t *token, tag string) {
	body := l.pos + len(tag)
	t.kind = tString
	n := strings.Index(l.src[body:], tag)
	if n < 0 {
		l.problem(l.pos, len(l.src), "string is not closed")
		l.pos = len(l.src)
	} else {
		l.pos = body + n + len(tag)
	}
	t.holed = l.countHoles(l.src[t.start:l.pos])
}

// scanPrefixed scans a string with a prefix: E'…', B'…', X'…', N'…' or MySQL's
// _utf8'…'.
func (l *lexer) scanPrefixed(t *token, prefix string) bool {
	escapes := l.dialect == MySQL
	switch prefix {
	case "e", "E":
		escapes = true
	case "b", "B", "x", "X", "n", "N":
	default:
		if l.dialect != MySQL || prefix[0] != '_' {
			return false
		}
	}
	l.scanString(t, l.pos, escapes)
	return true
}

// scanUnicode scans U&'…' and U&"…"; the position is at the &.
func (l *lexer) scanUnicode(t *token) bool {
	switch l.at(l.pos + 1) {
	case '\'':
		l.scanString(t, l.pos+1, false)
	case '"':
		l.pos++
		l.scanQuoted(t, '"')
	default:
		return false
	}
	return true
}

// scanString scans a string whose opening quote is at from.
func (l *lexer) scanString(t *token, from int, escapes bool) {
	t.kind = tString
	quote := l.src[from]
	for l.pos = from + 1; l.pos < len(l.src); l.pos++ {
		switch c := l.src[l.pos]; {
		case c == '\\' && escapes:
			l.pos++
		case c == quote && l.at(l.pos+1) == quote:
			l.pos++
		case c == quote:
			l.pos++
			t.holed = l.countHoles(l.src[from:l.pos])
			return
		}
	}
	l.pos = len(l.src)
	t.holed = l.countHoles(l.src[from:l.pos])
	l.problem(int(t.start), l.pos, "string is not closed")
}

// scanQuoted scans a quoted name; the position is at its opening quote.
func (l *lexer) scanQuoted(t *token, quote byte) {
	t.kind = tQuoted
	from := l.pos
	for l.pos++; l.pos < len(l.src); l.pos++ {
		if l.src[l.pos] != quote {
			continue
		}
		l.pos++
		if l.at(l.pos) != quote || quote == ']' {
			t.holed = l.countHoles(l.src[from:l.pos])
			return
		}
	}
	l.pos = len(l.src)
	t.holed = l.countHoles(l.src[from:l.pos])
	l.problem(from, l.pos, "quoted name is not closed")
}

// Operators that end in a mark which would otherwise begin a placeholder.
var (
	questionOps = []string{"?|", "?&", "?-|", "?||", "?-", "?#"}
	atOps       = []string{"<@", "@@", "@@@", "<<@"}
)

// scanOperator scans an operator, or a placeholder that begins like one.
func (l *lexer) scanOperator(t *token) {
	switch c := l.src[l.pos]; {
	case c == '@' && (l.is(l.pos+1, wordByte) || l.at(l.pos+1) == 0),
		c == '@' && l.dialect != Postgres && l.at(l.pos+1) == '@' && l.is(l.pos+2, wordByte):
		from := l.pos + 1
		if l.at(from) == '@' {
			from++
		}
		l.scanParam(t, from)
		return
	case c == '@' && l.dialect == MySQL && strings.IndexByte("'\"`", l.at(l.pos+1)) >= 0:
		l.scanString(t, l.pos+1, true)
		t.kind = tParam
		return
	case c == '?' && (!l.operand || l.dialect != Postgres):
		l.scanParam(t, l.pos+1)
		return
	}
	t.kind = tOp
	if l.dialect == Postgres {
		l.pos = l.operatorEnd()
		return
	}
	for n := 3; n > 1; n-- {
		if l.pos+n <= len(l.src) && knownOps[l.src[l.pos:l.pos+n]] {
			l.pos += n
			return
		}
	}
	l.pos++
}

// knownOps are the operators of MySQL and SQLite that are longer than one byte.
var knownOps = map[string]bool{
	"<=>": true, "->>": true, "->": true, "<=": true, ">=": true, "<>": true, "!=": true,
	"==": true, "<<": true, ">>": true, "&&": true, "||": true,
}

// operatorEnd returns the end of the operator at the position by PostgreSQL's rules:
// the longest run of operator characters, cut before a comment, and before a
// trailing + or - unless a character stands before it that no SQL operator has.
func (l *lexer) operatorEnd() int {
	start := l.pos
	if l.src[start] == '?' {
		end := start + 1
		for _, op := range questionOps {
			if strings.HasPrefix(l.src[start:], op) {
				end = max(end, start+len(op))
			}
		}
		return end
	}
	end := start
	special := false
	for ; end < len(l.src) && l.is(end, opByte); end++ {
		c := l.src[end]
		next := l.at(end + 1)
		if c == '-' && next == '-' || c == '/' && next == '*' {
			break
		}
		if c == '?' && l.src[start:end] != "@" {
			break
		}
		if c == '@' && end > start && l.is(end+1, wordByte) && !hasAtOp(l.src[start:end+1]) {
			break
		}
		special = special || strings.IndexByte("~!@#%^&|?", c) >= 0
	}
	for !special && end > start+1 && (l.src[end-1] == '+' || l.src[end-1] == '-') {
		end--
	}
	return max(end, start+1)
}

func hasAtOp(op string) bool {
	for _, known := range atOps {
		if op == known {
			return true
		}
	}
	return false
}
