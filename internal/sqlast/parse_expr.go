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

// exprList reads expressions separated by commas. A hole behind one of them
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

// holeEndsList reports whether a list goes on or ends in parentheses behind the holes
// at hand.
func (p *parser) holeEndsList() bool {
	k := p.beyondHoles().kind
	return k == tComma || k == tRParen || k == tRBracket
}

// beyondHoles returns the token behind the holes at hand, as far as is worth looking.
func (p *parser) beyondHoles() *token {
	n := 0
	for n < 8 && p.peek(n).kind == tHole {
		n++
	}
	return p.peek(n)
}

// infix reads one infix or postfix operator of precedence min or above with its right
// operand. It returns nil if none stands at hand.
func (p *parser) infix(left Expr, start, min int) Expr {
	t := p.cur()
	switch t.kind {
	case tOp:
		return p.infixOp(left, start, min)
	case tWord:
		return p.infixWord(left, start, min)
	case tHole:
		return p.infixHole(left, start, min)
	}
	if min == 0 && isHole(left) && p.beginsOperand(t) {
		right := p.expr(0) // a hole, and an operand right behind it
		return &Unknown{p.since(start), []Expr{left, right}}
	}
	return nil
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
			op := foldedText(p, p.next())
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

// besideHole reads an operand that follows a hole directly: what joins the two is
// not known.
func (p *parser) besideHole(left Expr, start, min int) Expr {
	if min > 0 || !isHole(left) || !p.beginsOperand(p.cur()) {
		return nil
	}
	right := p.expr(0)
	return &Unknown{p.since(start), []Expr{left, right}}
}

func isHole(e Expr) bool {
	_, ok := e.(*Hole)
	return ok
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
		test := foldedText(p, p.next())
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

// inList reads the list of IN behind its parenthesis. A query may stand there in
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
	l := &Like{Op: foldedText(p, p.cur()), Left: left, Not: not}
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

// infixHole reads a hole that stands behind an operand. It may be an operator, a
// piece of a condition, or not belong to the expression at all.
func (p *parser) infixHole(left Expr, start, min int) Expr {
	switch t := p.beyondHoles(); {
	case t.kw == kwAnd || t.kw == kwOr || t.kind == tRParen && p.inParens && isCondition(left):
		// "a = 1 {hole} AND …": perhaps another condition.
		if min <= precAnd {
			return p.and(start, left, p.hole(NoClause))
		}
	case !p.beginsOperand(t):
		return nil // a tail, or the rest of a list: the caller's
	case isCondition(left) || isHole(left):
		// "a = 1 {hole} b = 2": an unknown connective.
		if min == 0 {
			h := p.hole(NoClause)
			right := p.expr(0)
			return &Unknown{p.since(start), []Expr{left, h, right}}
		}
	case min <= precCompare:
		p.hole(NoClause)
		return p.compare(left, start, HoleMark, precCompare)
	}
	return nil
}

// isCondition reports whether e is by its form a truth value.
func isCondition(e Expr) bool {
	switch e := e.(type) {
	case *Binary:
		return opPrecedence(e.Op) == precCompare
	case *And, *Or, *Not, *Is, *IsDistinct, *In, *Quantified, *Between, *Like, *Exists:
		return true
	}
	return false
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
		case kwEnd:
			return false
		}
		if t.kw.is(boundary) && p.reserved(t.kw) {
			return t.kw.is(callable) && p.src[min(int(t.end), len(p.src)-1)] == '('
		}
		return t.kw.is(operand) || !p.reserved(t.kw) && !t.kw.is(prefix)
	}
	return false
}
