package sqlast

import (
	"slices"
	"strings"
)

// typeWords are the words that may follow the first one of a type's name.
var typeWords = map[string][]string{
	"double":    {"precision"},
	"character": {"varying", "large", "object"},
	"char":      {"varying", "large", "object", "byte"},
	"nchar":     {"varying"},
	"bit":       {"varying"},
	"national":  {"character", "char", "varchar", "varying"},
	"long":      {"varchar", "varbinary"},
	"signed":    {"integer", "int"},
	"unsigned":  {"integer", "int", "big"},
}

// typeName reads a data type.
func (p *parser) typeName() TypeName {
	start := p.start()
	var t TypeName
	if p.atWord("setof") {
		p.next()
	}
	q := p.labels()
	t.Name = q.String()
	if len(q) == 1 {
		for words := typeWords[t.Name]; ; {
			w := p.cur()
			if w.kind != tWord || !slices.Contains(words, p.folded(w)) {
				break
			}
			t.Name += " " + p.folded(p.next())
		}
	}
	t.Args = p.typeArgs()
	switch t.Name {
	case "timestamp", "time":
		t.Name += p.timeZoneWords()
	case "interval":
		p.intervalFields()
	}
	if p.isOp(p.cur(), "%") && p.isWord(p.peek(1), "type") { // table.column%TYPE
		p.advance(2)
	}
	p.eatAny("unsigned", "signed", "zerofill")
	if p.eatWords("character", "set") || p.eatWords("charset") {
		p.next()
	}
	if p.atKey(kwArray) {
		p.next()
		t.Array = true
	}
	for p.at(tLBracket) {
		t.Array = true
		p.skipBrackets()
	}
	t.Span = p.since(start)
	return t
}

// timeZoneWords reads WITH TIME ZONE or WITHOUT TIME ZONE; it returns them with a
// space before them.
func (p *parser) timeZoneWords() string {
	for _, with := range []string{"with", "without"} {
		if p.eatWords(with, "time", "zone") {
			return " " + with + " time zone"
		}
	}
	return ""
}

// typeArgs reads what stands in parentheses after a type's name.
func (p *parser) typeArgs() string {
	if !p.at(tLParen) {
		return ""
	}
	start := p.start()
	p.skipOne()
	s := p.since(start)
	return strings.TrimSuffix(p.src[s.Start+1:s.End], ")")
}

// labels reads a qualified name of which every part may be any word.
func (p *parser) labels() QName {
	q := append(p.newNames(), p.label())
	for p.at(tDot) {
		p.next()
		q = append(q, p.label())
	}
	return p.keepNames(q)
}
