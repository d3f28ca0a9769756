package sqlast

import (
	"slices"
	"strings"
)

// scanParam scans the number or the name of a placeholder whose mark ends at from. A
// hole after a number is no part of it.
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
		l.open(l.pos, "string")
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
	l.open(int(t.start), "string")
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
	l.open(from, "quoted name")
}

// questionOps and atOps are operators with a mark in them that would otherwise begin a
// placeholder.
var questionOps = []string{"?|", "?&", "?-|", "?||", "?-", "?#"}

var atOps = []string{"<@", "@@", "@@@", "<<@"}

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
	if start < l.plainEnd {
		return max(l.plainCore, start+1)
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
		if c == '@' && end > start && l.is(end+1, wordByte) && !slices.Contains(atOps, l.src[start:end+1]) {
			break
		}
		special = special || strings.IndexByte("~!@#%^&|?", c) >= 0
	}
	if !special {
		l.plainEnd, l.plainCore = end, start+len(strings.TrimRight(l.src[start:end], "+-"))
		end = l.plainCore
	}
	return max(end, start+1)
}
