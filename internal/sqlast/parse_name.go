package sqlast

import (
	"strings"
	"unicode/utf8"
)

// isName reports whether t may be the name of a column, a table or an alias. A
// placeholder may, as in FROM :table: it is read as a name that is a hole.
func (p *parser) isName(t *token) bool {
	switch t.kind {
	case tWord:
		return !p.reserved(t.kw)
	case tQuoted, tHole:
		return true
	}
	return false
}

// name consumes an identifier; where none stands it records a problem.
func (p *parser) name() Name {
	if !p.isName(p.cur()) {
		return p.missingName()
	}
	return p.take()
}

// label consumes an identifier where every word may stand as one: after AS, after a
// dot, or where a name is certain.
func (p *parser) label() Name {
	switch p.cur().kind {
	case tWord, tQuoted, tHole, tString:
		return p.take()
	}
	return p.missingName()
}

// missingName records that a name is missing here and returns an empty one.
func (p *parser) missingName() Name {
	at := p.start()
	p.unexpected("name expected")
	return Name{Span: Span{at, at}}
}

// take makes a Name of the current token, whatever it is.
func (p *parser) take() Name {
	t := p.next()
	n := Name{Span: t.span(), Text: p.text(t)}
	switch t.kind {
	case tHole, tParam:
		n.Text = HoleMark
	case tQuoted:
		n.Quoted = true
		n.Text = unquote(n.Text)
		if p.dialect() != Postgres {
			n.Text = strings.ToLower(n.Text)
		}
		n.Text = p.cutName(n.Text)
	case tString:
		n.Quoted = true
		n.Text = stringValue(n.Text, p.dialect() == MySQL)
	default:
		if t.upper {
			n.Text = strings.ToLower(n.Text)
		}
		n.Text = p.cutName(n.Text)
	}
	return n
}

// longestName is the length to which PostgreSQL cuts names, in bytes.
const longestName = 63

func (p *parser) cutName(name string) string {
	if len(name) <= longestName || p.dialect() != Postgres || strings.Contains(name, HoleMark) {
		return name
	}
	n := longestName
	for n > 0 && !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n]
}

// qname consumes a name with its qualifiers; where none stands it records a problem.
func (p *parser) qname() QName {
	q := append(p.newNames(), p.name())
	for p.at(tDot) && !p.isOp(p.peek(1), "*") {
		p.next()
		q = append(q, p.label())
	}
	return p.keepNames(q)
}

// tableName is qname, but takes a placeholder too, and any word.
func (p *parser) tableName() QName {
	if p.at(tParam) {
		return QName{p.take()}
	}
	if p.at(tString) && p.dialect() != Postgres {
		return QName{p.take()}
	}
	return p.qname()
}

// newNames and keepNames cut the parts of names from one slice, which is cheaper than
// a slice each.
func (p *parser) newNames() QName {
	if cap(p.names)-len(p.names) < 4 {
		p.names = make([]Name, 0, 16)
	}
	return QName(p.names[len(p.names):])
}

func (p *parser) keepNames(q QName) QName {
	if len(q) <= cap(p.names)-len(p.names) {
		p.names = p.names[:len(p.names)+len(q)]
	}
	return q[:len(q):len(q)]
}

// names consumes a parenthesised list of column names. An index prefix length or an
// order, as MySQL's keys have them, is skipped.
func (p *parser) nameList() []Name {
	if !p.eat(tLParen) {
		return nil
	}
	var list []Name
	for !p.at(tRParen) && !p.at(tEOF) {
		if !p.at(tComma) {
			list = append(list, p.columnName())
		}
		if !p.eat(tComma) && !p.at(tHole) {
			break
		}
	}
	p.closeParen()
	return list
}

// columnName consumes the name of a column that is written to: the last part of a
// qualified name, the first of one with subscripts or fields.
func (p *parser) columnName() Name {
	q := p.qname()
	n := q.Last()
	p.subscripts()
	p.skipParens()
	p.eatAny("asc", "desc")
	return n
}

// subscripts skips the subscripts and fields after the name of a column that is
// written to.
func (p *parser) subscripts() {
	for p.at(tLBracket) || p.at(tDot) {
		if !p.eat(tDot) {
			p.skipBrackets()
		} else {
			p.label()
		}
	}
}

func (p *parser) skipBrackets() {
	depth := 0
	for !p.at(tEOF) {
		switch p.next().kind {
		case tLBracket:
			depth++
		case tRBracket:
			depth--
		}
		if depth == 0 {
			return
		}
	}
}

// unquote returns a quoted name without its quotes: "a""b", `a`, [a], U&"a".
func unquote(s string) string {
	i := strings.IndexAny(s, "\"`[")
	quote := s[i]
	s = s[i+1:]
	if quote == '[' {
		return strings.TrimSuffix(s, "]")
	}
	q := string(quote)
	s = strings.TrimSuffix(s, q)
	if strings.Contains(s, q) {
		s = strings.ReplaceAll(s, q+q, q)
	}
	return s
}
