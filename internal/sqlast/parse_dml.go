package sqlast

func (p *parser) returning() []Target {
	p.next()
	if p.atKey(kwWith) && p.peek(1).kind == tLParen { // WITH (OLD AS o, NEW AS n)
		p.next()
		p.skipParens()
	}
	list := p.targets()
	if p.eatKey(kwInto) {
		p.exprList()
	}
	return list
}

// indexKeys reads the keys of an index: columns or expressions with a collation, an
// operator class and an order.
func (p *parser) indexKeys() []Expr {
	p.expect(tLParen, "(")
	var list []Expr
	for !p.at(tRParen) && !p.at(tEOF) {
		pos := p.pos
		list = append(list, p.expr(0))
		for !p.at(tComma) && !p.at(tRParen) && !p.at(tEOF) {
			if p.at(tHole) {
				break
			}
			p.skipOne() // operator class, ASC, DESC, NULLS FIRST, WITH operator
		}
		if !p.eat(tComma) && p.pos == pos {
			break
		}
	}
	p.closeParen()
	return list
}

// assignments reads the list after SET.
func (p *parser) assignments() []Assign {
	list := make([]Assign, 0, 4)
	for {
		list = append(list, p.assignment())
		if p.at(tHole) && p.peek(1).kind == tComma {
			start := p.start()
			h := p.hole(NoClause)
			list = append(list, Assign{Span: p.since(start), Value: h})
		}
		if !p.eat(tComma) {
			return list
		}
	}
}

func (p *parser) assignment() Assign {
	start := p.start()
	var a Assign
	switch {
	case p.at(tHole) && !p.isOp(p.peek(1), "=") && p.peek(1).kind != tDot:
		a.Value = p.hole(NoClause)
		a.Span = p.since(start)
		return a
	case p.eat(tLParen):
		for {
			a.Columns = append(a.Columns, p.assigned())
			if !p.eat(tComma) {
				break
			}
		}
		p.closeParen()
	default:
		a.Columns = []*ColumnRef{p.assigned()}
	}
	if !p.eatOp("=") && !p.eatOp(":=") {
		p.unexpected("= expected")
	} else {
		a.Value = p.expr(0)
	}
	a.Span = p.since(start)
	return a
}

// assigned reads a column that is assigned to. Subscripts are skipped.
func (p *parser) assigned() *ColumnRef {
	start := p.start()
	q := p.qname()
	p.subscripts()
	return p.newColumn(start, q)
}

// update reads UPDATE.
func (p *parser) update() Stmt {
	start := p.start()
	p.next()
	s := &Update{}
	p.eatAny("low_priority", "ignore")
	if p.eatKey(kwOr) { // SQLite
		p.next()
	}
	s.Tables = p.fromList(&s.Holes)
	for p.clauseHole(&s.Holes, FromClause) {
	}
	if p.expectKey(kwSet, "SET") {
		s.Set = p.assignments()
	}
	p.updateClauses(s)
	s.Span = p.since(start)
	return s
}

func (p *parser) updateClauses(s *Update) {
	after := SetClause
	for {
		switch p.cur().kw {
		case kwSet:
			if s.Set != nil {
				return
			}
			p.next()
			s.Set = p.assignments()
		case kwFrom:
			p.next()
			s.From = append(s.From, p.fromList(&s.Holes)...)
			after = FromClause
		default:
			if !p.rowsClause(&s.Rows, &after) {
				return
			}
		}
	}
}

// rowsClause reads a clause that UPDATE and DELETE share, or a hole after the last clause. It
// returns false where neither stands.
func (p *parser) rowsClause(s *Rows, after *Clause) bool {
	switch p.cur().kw {
	case kwWhere:
		p.next()
		if p.currentOf(&s.CurrentOf) {
			return true
		}
		s.Where = p.condition(s.Where)
		*after = WhereClause
	case kwOrder:
		p.pos++
		p.expectKey(kwBy, "BY")
		s.Order = p.orderItems()
		*after = OrderClause
	case kwLimit:
		p.next()
		s.Limit = p.expr(0)
		*after = LimitClause
	case kwReturning:
		s.Returning = p.returning()
		*after = ReturningClause
	default:
		return p.clauseHole(&s.Holes, *after)
	}
	return true
}

func (p *parser) currentOf(cursor *Name) bool {
	if !p.eatKeys(kwCurrent, kwOf) {
		return false
	}
	*cursor = p.label()
	return true
}

// delete reads DELETE.
func (p *parser) delete() Stmt {
	start := p.start()
	p.next()
	s := &Delete{}
	p.eatAny("low_priority", "quick", "ignore")
	if p.eatKey(kwFrom) {
		s.Tables = p.deleteTargets()
	} else { // MySQL: DELETE a, b FROM a JOIN b
		s.Tables = p.deleteTargets()
		if p.eatKey(kwFrom) {
			s.Multi = true
			s.From = p.fromList(&s.Holes)
		}
	}
	p.deleteClauses(s)
	s.Span = p.since(start)
	return s
}

func (p *parser) deleteTargets() []*TableRef {
	var list []*TableRef
	for {
		start := p.start()
		only := p.eatKey(kwOnly)
		t := p.tableRef(start, only)
		if p.eat(tDot) { // MySQL: t.*
			p.eatOp("*")
		}
		list = append(list, t)
		if !p.eat(tComma) {
			return list
		}
	}
}

func (p *parser) deleteClauses(s *Delete) {
	after := FromClause
	for {
		if p.cur().kw == kwUsing {
			p.next()
			s.Multi = p.dialect() == MySQL
			s.From = append(s.From, p.fromList(&s.Holes)...)
		} else if !p.rowsClause(&s.Rows, &after) {
			return
		}
	}
}

// merge reads MERGE.
func (p *parser) merge() Stmt {
	start := p.start()
	p.next()
	s := &Merge{}
	p.eatKey(kwInto)
	at := p.start()
	only := p.eatKey(kwOnly)
	s.Into = p.tableRef(at, only)
	for p.clauseHole(&s.Holes, FromClause) {
	}
	if p.expectKey(kwUsing, "USING") {
		s.Using = p.tableExpr(&s.Holes)
	}
	for p.clauseHole(&s.Holes, FromClause) {
	}
	if p.expectKey(kwOn, "ON") {
		s.On = p.expr(0)
	}
	p.mergeClauses(s)
	s.Span = p.since(start)
	return s
}

func (p *parser) mergeClauses(s *Merge) {
	for {
		switch {
		case p.atKey(kwWhen):
			s.Whens = append(s.Whens, p.mergeWhen())
		case p.atKey(kwReturning):
			s.Returning = p.returning()
		case p.clauseHole(&s.Holes, ConflictClause):
		default:
			return
		}
	}
}

func (p *parser) mergeWhen() MergeWhen {
	start := p.start()
	p.next()
	w := MergeWhen{Matched: !p.eatKey(kwNot)}
	if !p.eatWords("matched") {
		p.unexpected("MATCHED expected")
	}
	if p.eatWords("by", "source") {
		w.BySource = true
	} else {
		p.eatWords("by", "target")
	}
	if p.eatKey(kwAnd) {
		w.Cond = p.expr(0)
	}
	p.expectKey(kwThen, "THEN")
	switch {
	case p.eatKeys(kwDo, kwNothing):
	case p.eatKey(kwDelete):
		w.Action = MergeDelete
	case p.eatKey(kwUpdate):
		w.Action = MergeUpdate
		if p.expectKey(kwSet, "SET") {
			w.Set = p.assignments()
		}
	case p.eatKey(kwInsert):
		w.Action = MergeInsert
		w.Columns = p.nameList()
		if p.eatKey(kwOverriding) {
			p.eatAny("user", "system", "value")
		}
		if p.eatKeys(kwDefault, kwValues) {
			break
		}
		p.expectKey(kwValues, "VALUES")
		p.expect(tLParen, "(")
		w.Values = p.exprList()
		p.closeParen()
	default:
		p.unexpected("INSERT, UPDATE, DELETE or DO NOTHING expected")
	}
	w.Span = p.since(start)
	return w
}
