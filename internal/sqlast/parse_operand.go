package sqlast

import "strings"

// operand reads an operand with its prefix operators and postfix ::type, [index] and
// .field.
func (p *parser) operand() Expr {
	start := p.start()
	switch t := p.cur(); t.kind {
	case tOp:
		return p.prefixOp()
	case tWord:
		if t.kw == kwNot {
			p.next()
			e := p.expr(precNot)
			return &Not{p.since(start), e}
		}
		for p.atKey(kwBinary) && p.peek(1).kind != tLParen { // MySQL
			p.next()
		}
	}
	e := p.primary()
	for n := 0; ; n++ {
		if n > 1 && !p.link() {
			return e
		}
		switch t := p.cur(); {
		case p.isOp(t, "::"):
			p.next()
			typ := p.typeName()
			e = &Cast{p.since(start), e, typ}
		case t.kind == tLBracket:
			e = p.index(e, start)
		case t.kind == tDot:
			p.next()
			f := &Field{Expr: e}
			if !p.eatOp("*") {
				f.Name = p.label()
			}
			f.Span = p.since(start)
			e = f
		default:
			return e
		}
	}
}

// prefixOp reads a prefix operator with its operand, or a lone *.
func (p *parser) prefixOp() Expr {
	start := p.start()
	op := p.text(p.next())
	prec := precOther
	switch op {
	case "*":
		return &Star{Span: p.since(start)}
	case "+", "-":
		prec = precSign
	case "<", ">", "=", "<>", "<=", ">=", "!=", "/", "%", "||", "::", ":=", "=>":
		p.unexpected("operand expected before " + op)
		return &Unknown{Span: p.since(start)}
	}
	e := p.expr(prec)
	return &Unary{p.since(start), op, e}
}

func (p *parser) index(e Expr, start int) Expr {
	p.next()
	x := &Index{Expr: e}
	if !p.at(tColon) && !p.at(tRBracket) {
		x.Low = p.expr(0)
	}
	if p.eat(tColon) && !p.at(tRBracket) {
		x.High = p.expr(0)
	}
	p.expect(tRBracket, "]")
	x.Span = p.since(start)
	return x
}

// primary reads an operand without prefix or postfix.
func (p *parser) primary() Expr {
	start := p.start()
	t := p.cur()
	switch t.kind {
	case tNumber:
		p.next()
		return &Literal{t.span(), NumberLit, p.text(t)}
	case tString:
		return p.stringLiteral()
	case tParam:
		return p.param()
	case tHole:
		if next := p.peek(1); next.kind == tDot || next.kind == tLParen && next.start == t.end {
			return p.named()
		}
		return p.hole(NoClause)
	case tLParen:
		return p.parens()
	case tLBracket: // within ARRAY[…]
		p.next()
		return p.arrayElems(start)
	case tQuoted:
		return p.named()
	case tWord:
		return p.wordOperand()
	}
	p.unexpected("expression expected")
	return &Unknown{Span: p.since(start)}
}

func (p *parser) param() Expr {
	t := p.next()
	name := strings.TrimLeft(p.text(t), "$?:@")
	return &Param{Span: t.span(), Name: name}
}

// parens reads a parenthesised expression, row or query.
func (p *parser) parens() Expr {
	start := p.start()
	if !p.at(tLParen) {
		p.unexpected("( expected")
		return &Unknown{Span: p.since(start)}
	}
	p.next()
	if p.at(tRParen) {
		p.next()
		return &Row{Span: p.since(start)}
	}
	if p.beginsQuery(0) {
		q := p.query()
		p.closeQuery(q)
		return &Subquery{p.since(start), q}
	}
	outer := p.inParens
	p.inParens = true
	list := p.exprList()
	p.inParens = outer
	if sub, ok := list[0].(*Subquery); ok && len(list) == 1 && p.continuesQuery() {
		p.restOfQuery(sub.Query)
		q := sub.Query
		p.closeQuery(q)
		return &Subquery{p.since(start), q}
	}
	p.closeParen()
	if len(list) == 1 {
		return list[0]
	}
	return &Row{p.since(start), list}
}

// arrayElems reads the elements of ARRAY[…] after the bracket.
func (p *parser) arrayElems(start int) Expr {
	a := &Array{}
	if !p.at(tRBracket) {
		a.Elems = p.exprList()
	}
	p.expect(tRBracket, "]")
	a.Span = p.since(start)
	return a
}

func (p *parser) wordOperand() Expr {
	start := p.start()
	t := p.cur()
	after := p.peek(1)
	switch t.kw {
	case kwNull, kwTrue, kwFalse, kwDefault:
		if t.kw != kwDefault || after.kind != tLParen {
			p.next()
			return &Literal{t.span(), wordLiteral[t.kw], ""}
		}
	case kwCase:
		return p.caseExpr()
	case kwCast:
		return p.cast()
	case kwExists:
		if after.kind == tLParen {
			return p.exists()
		}
	case kwArray:
		p.next()
		if p.eat(tLBracket) {
			return p.arrayElems(start)
		}
		a := &Array{}
		switch e := p.parens().(type) {
		case *Subquery:
			a.Query = e.Query
		default:
			a.Elems = []Expr{e}
		}
		a.Span = p.since(start)
		return a
	case kwRow:
		if after.kind == tLParen {
			p.advance(2)
			r := &Row{}
			if !p.at(tRParen) {
				r.Exprs = p.exprList()
			}
			p.closeParen()
			r.Span = p.since(start)
			return r
		}
	case kwInterval:
		if e := p.interval(); e != nil {
			return e
		}
	case kwMatch:
		if p.dialect() == MySQL && after.kind == tLParen {
			return p.matchAgainst()
		}
	}
	if t.kw.is(operand) && t.kw != kwEnd {
		return p.valueFunc()
	}
	if p.reserved(t.kw) && !(after.kind == tLParen && t.kw.is(callable)) {
		p.unexpected("expression expected")
		return &Unknown{Span: p.since(start)}
	}
	return p.named()
}

var wordLiteral = [keywordCount]LiteralKind{
	kwNull: NullLit, kwTrue: TrueLit, kwFalse: FalseLit, kwDefault: DefaultLit,
}

// valueFunc reads CURRENT_DATE and the like, which need no parentheses.
func (p *parser) valueFunc() Expr {
	start := p.start()
	q := QName{p.take()}
	if p.at(tDot) { // MySQL and SQLite: user.name
		p.next()
		return p.newColumn(start, append(q, p.label()))
	}
	if p.at(tLParen) {
		return p.call(q, start)
	}
	if q[0].Text == "user" && p.dialect() != Postgres {
		return p.newColumn(start, q)
	}
	return &FuncCall{Span: p.since(start), Name: q}
}

// named reads an operand that begins with a name: a column, a call, or a constant of the
// named type.
func (p *parser) named() Expr {
	start := p.start()
	q := append(p.newNames(), p.take())
	for p.at(tDot) {
		if p.isOp(p.peek(1), "*") {
			p.advance(2)
			return &Star{p.since(start), p.keepNames(q)}
		}
		p.next()
		q = append(q, p.label())
	}
	q = p.keepNames(q)
	switch {
	case p.at(tLParen) && p.dialect() == Postgres && p.typeWithLength():
		return p.lengthTypedLiteral(q, start)
	case p.at(tLParen):
		return p.call(q, start)
	case len(q) == 1 && p.at(tWord) && p.peek(1).kind == tLParen && callSuffix(q[0].Text, p.folded(p.cur())):
		q[0].Text += " " + p.folded(p.next())
		return p.call(q, start)
	case p.at(tString) && p.typesString(q):
		typ := TypeName{Span: q.Bounds(), Name: q.String()}
		lit := p.stringLiteral()
		return &Cast{p.since(start), lit, typ}
	case len(q) == 1 && p.at(tWord):
		if e := p.longTypedLiteral(q[0].Text, start); e != nil {
			return e
		}
	}
	return p.newColumn(start, q)
}

// newColumn cuts column references from a slice of them, which is cheaper than an
// allocation each.
func (p *parser) newColumn(start int, q QName) *ColumnRef {
	if len(p.columns) == cap(p.columns) {
		p.columns = make([]ColumnRef, 0, 8)
	}
	p.columns = append(p.columns, ColumnRef{p.since(start), q})
	return &p.columns[len(p.columns)-1]
}

// callSuffix reports whether two words together name a function.
func callSuffix(first, second string) bool {
	return first == "grouping" && second == "sets" || first == "collation" && second == "for"
}

func (p *parser) caseExpr() Expr {
	start := p.start()
	p.next()
	c := &Case{}
	if !p.atKey(kwWhen) {
		c.Operand = p.expr(0)
	}
	for {
		if p.at(tHole) { // arms that are not known
			h := p.hole(NoClause)
			c.Whens = append(c.Whens, When{h, h})
			continue
		}
		if !p.eatKey(kwWhen) {
			break
		}
		var w When
		w.Cond = p.expr(0)
		p.expectKey(kwThen, "THEN")
		w.Result = p.expr(0)
		c.Whens = append(c.Whens, w)
	}
	if p.eatKey(kwElse) {
		c.Else = p.expr(0)
		if p.at(tHole) {
			p.next()
		}
	}
	p.expectKey(kwEnd, "END")
	c.Span = p.since(start)
	return c
}

// cast reads CAST(expr AS type).
func (p *parser) cast() Expr {
	start := p.start()
	p.next()
	c := &Cast{}
	p.expect(tLParen, "(")
	c.Expr = p.expr(0)
	if p.eatKey(kwAs) {
		c.Type = p.typeName()
	} else if !p.at(tHole) {
		p.unexpected("AS expected")
	}
	p.closeParen()
	c.Span = p.since(start)
	return c
}

func (p *parser) exists() Expr {
	start := p.start()
	p.next()
	e := &Exists{}
	switch x := p.parens().(type) {
	case *Subquery:
		e.Query = x.Query
	case *Hole:
		e.Query = &Select{Span: x.Span, Holes: []*Hole{x}}
	default: // exists(f()) of SQLite, or what could not be read
		return &Unknown{p.since(start), []Expr{x}}
	}
	e.Span = p.since(start)
	return e
}

// matchAgainst reads MySQL's MATCH (columns) AGAINST (expr mode).
func (p *parser) matchAgainst() Expr {
	start := p.start()
	f := &FuncCall{Name: QName{p.take()}}
	p.expect(tLParen, "(")
	f.Args = p.exprList()
	p.closeParen()
	if p.eatWords("against") {
		p.expect(tLParen, "(")
		f.Args = append(f.Args, p.expr(precIn+1))
		for !p.at(tRParen) && !p.at(tEOF) { // IN BOOLEAN MODE
			p.skipOne()
		}
		p.closeParen()
	}
	f.Span = p.since(start)
	return f
}
