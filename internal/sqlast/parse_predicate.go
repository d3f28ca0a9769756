package sqlast

// quantified reads ANY (…) and its kin.
func (p *parser) quantified(left Expr, start int, op string) Expr {
	q := &Quantified{Left: left, Op: op, All: p.next().kw == kwAll}
	switch e := p.parens().(type) {
	case *Subquery:
		q.Query = e.Query
	default:
		q.Array = e
	}
	q.Span = p.since(start)
	return q
}

// is reads IS [NOT] …, ISNULL and NOTNULL.
func (p *parser) is(left Expr, start int) Expr {
	kw := p.next().kw
	if kw != kwIs {
		return &Is{p.since(start), left, kw == kwNotNull, "null"}
	}
	not := p.eatKey(kwNot)
	switch t := p.cur(); {
	case t.kw == kwDistinct:
		p.next()
		p.expectKey(kwFrom, "FROM")
		right := p.expr(precIs + 1)
		return &IsDistinct{p.since(start), left, right, not}
	case t.kw == kwNull || t.kw == kwTrue || t.kw == kwFalse,
		p.isWord(t, "unknown"), p.isWord(t, "document"):
		test := p.folded(p.next())
		return &Is{p.since(start), left, not, test}
	case p.isWord(t, "json"):
		p.next()
		p.eatAny("value", "scalar", "array", "object")
		if p.atKey(kwWith) || p.atWord("without") {
			p.next()
			p.eatAny("unique", "keys")
		}
		return &Is{p.since(start), left, not, "json"}
	case p.isWord(t, "normalized"), p.isWord(p.peek(1), "normalized"):
		p.eatAny("nfc", "nfd", "nfkc", "nfkd", "normalized")
		return &Is{p.since(start), left, not, "normalized"}
	case t.kind == tHole && !p.beginsOperand(p.peek(1)):
		right := p.hole(NoClause)
		return &Unknown{p.since(start), []Expr{left, right}}
	}
	right := p.expr(precIs + 1) // SQLite
	return &IsDistinct{p.since(start), left, right, !not}
}

func (p *parser) in(left Expr, start int, not bool) Expr {
	p.next()
	in := &In{Left: left, Not: not}
	switch {
	case p.at(tLParen) && p.beginsQuery(1):
		if sub, ok := p.parens().(*Subquery); ok {
			in.Query = sub.Query
		}
	case p.at(tLParen):
		p.next()
		p.inList(in)
	default: // IN $1, IN ?, IN table (SQLite), IN and a hole
		in.List = []Expr{p.expr(precIn + 1)}
	}
	in.Span = p.since(start)
	return in
}

// inList reads the list of IN after its parenthesis. A query may stand there in
// parentheses of its own.
func (p *parser) inList(in *In) {
	if p.eat(tRParen) {
		return
	}
	in.List = p.exprList()
	if sub, ok := in.List[0].(*Subquery); ok && len(in.List) == 1 {
		in.List, in.Query = nil, sub.Query
		if p.continuesQuery() {
			p.restOfQuery(in.Query)
		}
	}
	p.closeParen()
}

func (p *parser) between(left Expr, start int, not bool) Expr {
	p.next()
	p.eatKey(kwSymmetric)
	b := &Between{Expr: left, Not: not}
	b.Low = p.expr(precIn + 1)
	p.expectKey(kwAnd, "AND")
	b.High = p.expr(precIn + 1)
	b.Span = p.since(start)
	return b
}

func (p *parser) like(left Expr, start int, not bool) Expr {
	l := &Like{Op: p.folded(p.cur()), Left: left, Not: not}
	if p.next().kw == kwSimilar {
		l.Op = "similar to"
		p.expectKey(kwTo, "TO")
	}
	switch p.cur().kw {
	case kwAny, kwSome, kwAll:
		if p.peek(1).kind == tLParen {
			op := l.Op
			if not {
				op = "not " + op
			}
			return p.quantified(left, start, op)
		}
	}
	l.Pattern = p.expr(precIn + 1)
	if p.eatKey(kwEscape) {
		l.Escape = p.expr(precIn + 1)
	}
	l.Span = p.since(start)
	return l
}

// atTimeZone reads AT TIME ZONE expr and AT LOCAL.
func (p *parser) atTimeZone(left Expr, start int) Expr {
	if p.isWord(p.peek(1), "local") {
		p.advance(2)
		return &Unary{p.since(start), "at local", left}
	}
	if !p.isWord(p.peek(1), "time") || !p.isWord(p.peek(2), "zone") {
		return nil
	}
	p.advance(3)
	right := p.expr(precAt + 1)
	return &Binary{p.since(start), "at time zone", left, right}
}

// rareInfix reads operators whose words are no keywords.
func (p *parser) rareInfix(left Expr, start, min int) Expr {
	switch {
	case min <= precOther && p.atWord("operator") && p.peek(1).kind == tLParen:
		p.advance(2)
		op := ""
		for !p.at(tRParen) && !p.at(tEOF) {
			op = p.text(p.next())
		}
		p.closeParen()
		return p.compare(left, start, op, precOther)
	case min <= precIn && p.dialect() == MySQL && p.atWord("member") && p.peek(1).kw == kwOf:
		p.advance(2)
		right := p.expr(precIn + 1)
		return &Binary{p.since(start), "member of", left, right}
	case min <= precIn && p.dialect() == MySQL && p.atWord("sounds") && p.peek(1).kw == kwLike:
		p.next()
		return p.like(left, start, false)
	}
	return nil
}
