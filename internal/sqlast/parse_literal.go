package sqlast

import "strings"

// stringLiteral reads a string; strings that follow it are part of it.
func (p *parser) stringLiteral() Expr {
	start := p.start()
	v := stringValue(p.text(p.next()), p.dialect() == MySQL)
	if p.continuesString() {
		var b strings.Builder
		b.WriteString(v)
		for p.continuesString() {
			b.WriteString(stringValue(p.text(p.next()), p.dialect() == MySQL))
		}
		v = b.String()
	}
	return &Literal{p.since(start), StringLit, v}
}

// continuesString reports whether the current token is part of the string before it:
// in PostgreSQL if a line break stands between them.
func (p *parser) continuesString() bool {
	return p.at(tString) && (p.dialect() == MySQL || strings.IndexByte(p.src[p.toks[p.pos-1].end:p.start()], '\n') >= 0)
}

// typeWithLength reports whether the parenthesis that is next has the length of a type
// that a string follows: char(3) 'abc', timestamp(3) with time zone '…'.
func (p *parser) typeWithLength() bool {
	if p.peek(1).kind != tNumber {
		return false
	}
	n := 2
	if p.peek(n).kind == tComma {
		n += 2
	}
	if p.peek(n).kind != tRParen {
		return false
	}
	if p.isWord(p.peek(n+2), "time") && p.isWord(p.peek(n+3), "zone") {
		n += 3
	}
	return p.peek(n+1).kind == tString
}

func (p *parser) lengthTypedLiteral(q QName, start int) Expr {
	typ := TypeName{Name: q.String(), Args: p.typeArgs()}
	typ.Name += p.timeZoneWords()
	typ.Span = p.since(start)
	if !p.at(tString) {
		p.unexpected("string expected")
		return &Unknown{Span: p.since(start)}
	}
	lit := p.stringLiteral()
	return &Cast{p.since(start), lit, typ}
}

// typesString reports whether a name before a string is the string's type; elsewhere
// than in PostgreSQL the string may be an alias.
func (p *parser) typesString(q QName) bool {
	if p.dialect() == Postgres {
		return true
	}
	switch q.String() {
	case "date", "time", "timestamp":
		return p.dialect() == MySQL
	}
	return false
}

// longTypedLiteral reads a constant of a type whose name has several words, such as
// timestamp with time zone '…'. The first word is already consumed.
func (p *parser) longTypedLiteral(first string, start int) Expr {
	n := 1
	switch first {
	case "timestamp", "time":
		n = 3
	case "double", "character", "bit":
	default:
		return nil
	}
	if p.peek(n).kind != tString {
		return nil
	}
	typ := TypeName{Name: first}
	switch first {
	case "timestamp", "time":
		typ.Name += p.timeZoneWords()
	default:
		if p.atWord("precision") || p.atWord("varying") {
			typ.Name += " " + p.folded(p.next())
		}
	}
	if !p.at(tString) {
		return nil
	}
	typ.Span = p.since(start)
	lit := p.stringLiteral()
	return &Cast{p.since(start), lit, typ}
}

// interval reads INTERVAL '1 day' [fields], INTERVAL(3) '…' and MySQL's INTERVAL expr
// unit. It returns nil if the word is a name.
func (p *parser) interval() Expr {
	start := p.start()
	typ := TypeName{Span: p.cur().span(), Name: "interval"}
	after := p.peek(1)
	if p.dialect() == Postgres {
		switch {
		case after.kind == tString:
			p.next()
		case after.kind == tLParen && p.peek(2).kind == tNumber && p.peek(4).kind == tString:
			p.advance(4)
		case after.kind == tParam || after.kind == tNumber || after.kind == tHole:
			return p.mysqlInterval(start)
		default:
			return nil
		}
		lit := p.stringLiteral()
		p.intervalFields()
		return &Cast{p.since(start), lit, typ}
	}
	if !p.beginsOperand(after) && after.kind != tOp || p.dialect() == SQLite {
		return nil
	}
	return p.mysqlInterval(start)
}

func (p *parser) mysqlInterval(start int) Expr {
	p.next()
	i := &Interval{}
	i.Expr = p.expr(precAdd)
	if p.at(tWord) && intervalUnits[p.folded(p.cur())] {
		i.Unit = p.folded(p.next())
	} else if p.at(tHole) {
		p.next()
	}
	i.Span = p.since(start)
	return i
}

// intervalFields skips the fields after an interval: YEAR TO MONTH, SECOND (3).
func (p *parser) intervalFields() {
	for p.at(tWord) && (intervalUnits[p.folded(p.cur())] || p.atKey(kwTo)) {
		p.next()
		p.skipParens()
	}
}

var intervalUnits = map[string]bool{
	"microsecond": true, "second": true, "minute": true, "hour": true, "day": true,
	"week": true, "month": true, "quarter": true, "year": true, "second_microsecond": true,
	"minute_microsecond": true, "minute_second": true, "hour_microsecond": true,
	"hour_second": true, "hour_minute": true, "day_microsecond": true, "day_second": true,
	"day_minute": true, "day_hour": true, "year_month": true,
}

// stringValue returns what a string constant holds.
func stringValue(s string, escapes bool) string {
	if s == "" {
		return s
	}
	if s[0] == '$' {
		tag := s[:strings.IndexByte(s[1:], '$')+2]
		return strings.TrimSuffix(s[len(tag):], tag)
	}
	i := strings.IndexAny(s, "'\"")
	escapes = escapes || i == 1 && s[0]|0x20 == 'e'
	q := s[i : i+1]
	s = strings.TrimSuffix(s[i+1:], q)
	if strings.Contains(s, q) {
		s = strings.ReplaceAll(s, q+q, q)
	}
	if escapes && strings.IndexByte(s, '\\') >= 0 {
		s = unescape(s)
	}
	return s
}

// unescape resolves the backslash escapes of one character.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '\\' || i+1 == len(s) {
			b.WriteByte(c)
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case '%', '_': // they keep it: it belongs to the pattern
			b.WriteByte('\\')
			fallthrough
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
