package sqlast

import "strings"

// call reads the arguments of a function and what may follow them.
func (p *parser) call(name QName, start int) Expr {
	p.next()
	if e := p.sqlcMacro(name, start); e != nil {
		return e
	}
	f := &FuncCall{Name: name}
	p.arguments(f)
	p.closeParen()
	p.afterCall(f)
	f.Span = p.since(start)
	return f
}

// sqlcMacro reads the arguments of sqlc.arg(x) and its kin; nil for other functions.
func (p *parser) sqlcMacro(name QName, start int) Expr {
	if len(name) != 2 || name[0].Text != "sqlc" || p.peek(1).kind != tRParen {
		return nil
	}
	macro := name[1].Text
	switch macro {
	case "arg", "narg", "slice", "embed":
	default:
		return nil
	}
	switch p.cur().kind {
	case tWord, tQuoted, tString, tHole:
	default:
		return nil
	}
	arg := p.label()
	p.closeParen()
	if macro == "embed" {
		return &Star{p.since(start), QName{arg}}
	}
	return &Param{
		Span:     p.since(start),
		Name:     arg.Text,
		Nullable: macro == "narg",
		Slice:    macro == "slice",
	}
}

// arguments reads the arguments of a call: expressions, separated by commas or by the words
// of special forms.
func (p *parser) arguments(f *FuncCall) {
	if p.at(tRParen) {
		return
	}
	f.Distinct = p.eatKey(kwDistinct)
	if p.atKey(kwAll) {
		p.next()
	}
	if f.Name.Last().Text == "extract" && p.peek(1).kw == kwFrom {
		t := p.next()
		f.Args = append(f.Args, &Literal{t.span(), StringLit, p.folded(t)})
	}
	loose := hasLooseWords(f.Name.Last().Text)
	complete := false // an argument has ended, and no separator followed yet
	for !p.at(tRParen) && !p.at(tEOF) {
		switch {
		case !complete && p.at(tComma) && len(f.Args) > 0:
			p.unexpected("expression expected")
			p.next()
		case p.eatKey(kwAs): // a type, or a name as xmlattributes has them
			p.typeName()
		case p.argumentSeparator():
			complete = false
		case p.atKeys(kwOrder, kwBy):
			p.advance(2)
			f.Order = p.orderItems()
		case loose && p.at(tWord) && p.looseWords():
		case complete && !loose && !p.at(tHole):
			return
		default:
			pos := p.pos
			f.Args = append(f.Args, p.argument())
			if p.pos == pos {
				return
			}
			complete = true
		}
	}
}

func (p *parser) argument() Expr {
	if !p.beginsQuery(0) {
		return p.expr(0)
	}
	start := p.start()
	q := p.query()
	return &Subquery{p.since(start), q}
}

// argumentSeparator consumes a separator between arguments, or a word before one.
func (p *parser) argumentSeparator() bool {
	switch t := p.cur(); t.kind {
	case tComma, tColon:
		p.next()
		return true
	case tWord:
		switch t.kw {
		case kwFrom, kwFor, kwPlacing, kwUsing, kwSimilar, kwEscape, kwLeading, kwTrailing, kwVariadic, kwLimit:
			p.next()
			return true
		case kwSeparator:
			if k := p.peek(1).kind; k == tString || k == tParam || k == tHole {
				p.next()
				return true
			}
		case kwValue:
			// json_object('key' VALUE expr); elsewhere it is a name
			if k := p.peek(1).kind; k != tComma && k != tRParen && k != tOp && k != tDot && k != tLParen {
				p.next()
				return true
			}
		}
	}
	return false
}

// looseWords are the words in arguments of the standard's JSON and XML functions, about
// nulls, errors and types.
var looseWords = [][]string{
	{"format", "json"}, {"absent", "on", "null"}, {"null", "on", "null"},
	{"with", "unique", "keys"}, {"with", "unique"}, {"without", "unique", "keys"}, {"without", "unique"},
	{"with", "wrapper"}, {"without", "wrapper"}, {"with", "array", "wrapper"}, {"without", "array", "wrapper"},
	{"with", "conditional", "wrapper"}, {"with", "conditional", "array", "wrapper"},
	{"with", "unconditional", "wrapper"}, {"with", "unconditional", "array", "wrapper"},
	{"keep", "quotes", "on", "scalar", "string"}, {"keep", "quotes"},
	{"omit", "quotes", "on", "scalar", "string"}, {"omit", "quotes"},
	{"error", "on"}, {"null", "on"}, {"true", "on"}, {"false", "on"}, {"unknown", "on"},
	{"empty", "array", "on"}, {"empty", "object", "on"}, {"empty", "on"}, {"on", "empty"}, {"on", "error"},
	{"error"}, {"empty"}, {"passing"}, {"no", "indent"}, {"indent"}, {"standalone", "yes"},
	{"standalone", "no", "value"}, {"standalone", "no"}, {"version", "no", "value"}, {"version"},
}

// looseNames are such words that are names unless an operand follows.
var looseNames = []string{"key", "content", "document", "name"}

func hasLooseWords(function string) bool {
	return strings.HasPrefix(function, "json") || strings.HasPrefix(function, "xml")
}

func (p *parser) looseWords() bool {
	if p.eatKey(kwReturning) {
		p.typeName()
		return true
	}
	for _, w := range looseNames {
		if p.atWord(w) && p.beginsOperand(p.peek(1)) && p.peek(1).kind != tLParen {
			p.next()
			return true
		}
	}
	if k := p.toks[p.pos-1].kind; k == tComma || k == tLParen {
		return false // here every word is a name
	}
	for _, w := range looseWords {
		if p.eatWords(w...) {
			return true
		}
	}
	return false
}

// afterCall reads WITHIN GROUP, FILTER and OVER.
func (p *parser) afterCall(f *FuncCall) {
	for {
		switch t := p.cur(); {
		case t.kw == kwWithin && p.peek(1).kw == kwGroup:
			p.advance(2)
			p.expect(tLParen, "(")
			if p.eatKeys(kwOrder, kwBy) {
				f.Within = p.orderItems()
			}
			p.closeParen()
		case t.kw == kwFilter && p.peek(1).kind == tLParen:
			p.advance(2)
			p.expectKey(kwWhere, "WHERE")
			f.Filter = p.expr(0)
			p.closeParen()
		case t.kw == kwOver:
			p.next()
			f.Over = p.window()
		case t.kind == tWord && p.isWord(p.peek(1), "nulls") && (p.atWord("respect") || t.kw == kwIgnore):
			p.advance(2)
		default:
			return
		}
	}
}
