package sqlast

// holeEndsList reports whether a comma or a closing bracket follows the holes that are
// next.
func (p *parser) holeEndsList() bool {
	k := p.beyondHoles().kind
	return k == tComma || k == tRParen || k == tRBracket
}

// beyondHoles returns the token after the holes that are next, within a bound.
func (p *parser) beyondHoles() *token {
	n := 0
	for n < 8 && p.peek(n).kind == tHole {
		n++
	}
	return p.peek(n)
}

// besideHole reads an operand that follows a hole directly. The operator between them is
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

// infixHole reads a hole that stands after an operand. It may be an operator, a
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

// isCondition reports whether e is a predicate by its form.
func isCondition(e Expr) bool {
	switch e := e.(type) {
	case *Binary:
		return opPrecedence(e.Op) == precCompare
	case *And, *Or, *Not, *Is, *IsDistinct, *In, *Quantified, *Between, *Like, *Exists:
		return true
	}
	return false
}
