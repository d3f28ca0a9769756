package sqlast

// Precedence of infix operators, from the loosest to the tightest.
const (
	precOr = iota + 1
	precXor
	precAnd
	precNot
	precIs
	precCompare
	precIn // IN, BETWEEN, LIKE
	precOther
	precAdd
	precMultiply
	precPower
	precAt // AT TIME ZONE
	precCollate
	precSign
)

// opPrecedence returns the precedence of an operator that is no word.
func opPrecedence(op string) int {
	switch op {
	case "=", "<>", "!=", "==", "<", ">", "<=", ">=", "<=>":
		return precCompare
	case "+", "-":
		return precAdd
	case "*", "/", "%":
		return precMultiply
	case "^":
		return precPower
	case ":=", "=>":
		return precOr
	}
	return precOther
}

// expr reads an expression, taking infix operators of precedence min and above.
func (p *parser) expr(min int) Expr {
	start := p.start()
	if !p.enter() {
		return &Unknown{Span: p.since(start)}
	}
	left := p.operand()
	for n := 0; ; n++ {
		e := p.infix(left, start, min)
		if e == nil {
			break
		}
		left = e
		if n > 0 && !isFlat(e) && !p.link() {
			break
		}
	}
	p.leave()
	return left
}

// isFlat reports whether chains of e's operator make one node.
func isFlat(e Expr) bool {
	switch e.(type) {
	case *And, *Or:
		return true
	}
	return false
}

// exprList reads expressions separated by commas. A hole after one of them
// continues the list.
func (p *parser) exprList() []Expr {
	list := []Expr{p.expr(0)}
	for {
		switch {
		case p.eat(tComma):
			list = append(list, p.expr(0))
		case p.at(tHole) && p.holeEndsList():
			list = append(list, p.hole(NoClause))
		default:
			return list
		}
	}
}

// infix reads one infix or postfix operator of precedence min or above with its right
// operand. It returns nil if none is next.
func (p *parser) infix(left Expr, start, min int) Expr {
	switch p.cur().kind {
	case tOp:
		return p.infixOp(left, start, min)
	case tWord:
		return p.infixWord(left, start, min)
	case tHole:
		return p.infixHole(left, start, min)
	}
	return p.besideHole(left, start, min)
}

func (p *parser) infixOp(left Expr, start, min int) Expr {
	op := p.text(p.cur())
	prec := opPrecedence(op)
	if p.dialect() == MySQL {
		switch op {
		case "||":
			prec = precOr
		case "&&":
			prec = precAnd
		}
	}
	if prec < min {
		return nil
	}
	if op == "*" && min == 0 && isHole(left) && !p.beginsOperand(p.peek(1)) {
		return nil
	}
	p.next()
	switch {
	case prec == precOr && op == "||":
		return p.or(start, left, p.expr(precOr+1))
	case prec == precAnd:
		return p.and(start, left, p.expr(precAnd+1))
	case op == ":=" || op == "=>":
		right := p.expr(prec)
		return &Binary{p.since(start), op, left, right}
	case op == "<=>" && p.dialect() != Postgres:
		right := p.expr(prec + 1)
		return &IsDistinct{p.since(start), left, right, true}
	case op == "!=":
		op = "<>"
	case op == "==":
		op = "="
	}
	return p.compare(left, start, op, prec)
}

// compare reads what stands to the right of op.
func (p *parser) compare(left Expr, start int, op string, prec int) Expr {
	switch p.cur().kw {
	case kwAny, kwSome, kwAll:
		if p.peek(1).kind == tLParen {
			return p.quantified(left, start, op)
		}
	}
	right := p.expr(prec + 1)
	return &Binary{p.since(start), op, left, right}
}

func (p *parser) and(start int, left, right Expr) Expr {
	var list []Expr
	if a, ok := left.(*And); ok {
		list = a.Exprs
	} else {
		list = append(make([]Expr, 0, 4), left)
	}
	if a, ok := right.(*And); ok {
		list = append(list, a.Exprs...)
	} else {
		list = append(list, right)
	}
	return &And{p.since(start), list}
}

func (p *parser) or(start int, left, right Expr) Expr {
	var list []Expr
	if o, ok := left.(*Or); ok {
		list = o.Exprs
	} else {
		list = []Expr{left}
	}
	if o, ok := right.(*Or); ok {
		list = append(list, o.Exprs...)
	} else {
		list = append(list, right)
	}
	return &Or{p.since(start), list}
}

func (p *parser) infixWord(left Expr, start, min int) Expr {
	t := p.cur()
	not := false
	if t.kw == kwNot {
		t = p.peek(1)
		if t.kw == kwNull && p.dialect() == SQLite && min <= precIs {
			p.advance(2)
			return &Is{p.since(start), left, true, "null"}
		}
		if !negatable[t.kw] {
			return p.besideHole(left, start, min)
		}
		not = true
	}
	switch t.kw {
	case kwAnd, kwOr, kwXor:
		return p.logical(left, start, min, t.kw)
	case kwIs, kwIsNull, kwNotNull:
		if min <= precIs {
			return p.is(left, start)
		}
	case kwIn, kwBetween:
		if min <= precIn {
			p.skipNot(not)
			if t.kw == kwIn {
				return p.in(left, start, not)
			}
			return p.between(left, start, not)
		}
	case kwSimilar:
		if p.peek(1).kw != kwTo && !(not && p.peek(2).kw == kwTo) {
			return nil // substring(x SIMILAR y ESCAPE z)
		}
		fallthrough
	case kwLike, kwILike, kwRegexp, kwRLike, kwGlob, kwMatch:
		if min <= precIn {
			p.skipNot(not)
			return p.like(left, start, not)
		}
	case kwCollate:
		if min <= precCollate {
			p.next()
			name := p.labels()
			return &Collate{p.since(start), left, name}
		}
	case kwAt:
		if min <= precAt {
			return p.atTimeZone(left, start)
		}
	case kwOverlaps:
		if min <= precIn {
			p.next()
			right := p.expr(precIn + 1)
			return &Binary{p.since(start), "overlaps", left, right}
		}
	case kwDiv, kwMod:
		if min <= precMultiply && p.dialect() == MySQL && p.beginsOperand(p.peek(1)) {
			op := p.folded(p.next())
			right := p.expr(precMultiply + 1)
			return &Binary{p.since(start), op, left, right}
		}
	case kwNone:
		if e := p.rareInfix(left, start, min); e != nil {
			return e
		}
	}
	return p.besideHole(left, start, min)
}

func (p *parser) skipNot(not bool) {
	if not {
		p.next()
	}
}

// negatable are the keywords that may follow an infix NOT.
var negatable = [keywordCount]bool{
	kwIn: true, kwBetween: true, kwLike: true, kwILike: true, kwSimilar: true, kwRegexp: true,
	kwRLike: true, kwGlob: true, kwMatch: true,
}

func (p *parser) logical(left Expr, start, min int, kw keyword) Expr {
	switch {
	case kw == kwAnd && min <= precAnd:
		p.next()
		return p.and(start, left, p.expr(precAnd+1))
	case kw == kwOr && min <= precOr:
		p.next()
		return p.or(start, left, p.expr(precOr+1))
	case kw == kwXor && min <= precXor && p.dialect() == MySQL:
		p.next()
		right := p.expr(precXor + 1)
		return &Binary{p.since(start), "xor", left, right}
	}
	return nil
}

// beginsOperand reports whether t begins an operand rather than an operator, a clause
// or what encloses the expression.
func (p *parser) beginsOperand(t *token) bool {
	switch t.kind {
	case tQuoted, tString, tNumber, tParam, tHole, tLParen:
		return true
	case tWord:
		switch t.kw {
		case kwCase, kwCast, kwExists, kwNot, kwArray, kwRow:
			return true
		case kwEnd, kwNulls, kwAt, kwRange, kwRows, kwGroups:
			return false // what follows an expression, though it could be a name
		}
		if t.kw.is(boundary) && p.reserved(t.kw) {
			return t.kw.is(callable) && p.src[min(int(t.end), len(p.src)-1)] == '('
		}
		return t.kw.is(operand) || !p.reserved(t.kw) && !t.kw.is(prefix)
	}
	return false
}
