package sqlast

// addWith gives q a WITH clause that stands outside of the one it may have.
func (p *parser) addWith(q *Select, with *With) {
	if q.With != nil {
		with.CTEs = append(with.CTEs, q.With.CTEs...)
	}
	q.With = with
}

// with reads WITH and its common table expressions.
func (p *parser) with() *With {
	start := p.start()
	p.next()
	w := &With{Recursive: p.eatKey(kwRecursive)}
	for {
		w.CTEs = append(w.CTEs, p.cte())
		if !p.eat(tComma) {
			break
		}
	}
	w.Span = p.since(start)
	return w
}

func (p *parser) cte() *CTE {
	start := p.start()
	c := &CTE{}
	if p.at(tHole) && p.peek(1).kw != kwAs {
		h := p.hole(NoClause)
		c.Span, c.Name = h.Span, Name{Span: h.Span, Text: HoleMark}
		c.Query = &Select{Span: h.Span, Holes: []*Hole{h}}
		return c
	}
	c.Name = p.name()
	c.Columns = p.nameList()
	p.expectKey(kwAs, "AS")
	p.eatKey(kwNot)
	if !p.eatWords("materialized") && p.at(tHole) {
		p.next()
	}
	p.expect(tLParen, "(")
	c.Query = p.innerStatement()
	p.closeStatement(c.Query)
	p.searchOrCycle()
	c.Span = p.since(start)
	return c
}

// searchOrCycle skips the SEARCH and CYCLE clauses of a recursive query: up to the next
// CTE or the statement that WITH belongs to.
func (p *parser) searchOrCycle() {
	if !p.atWord("search") && !p.atWord("cycle") {
		return
	}
	for !p.at(tEOF) && !p.at(tRParen) && !p.at(tLParen) {
		switch p.cur().kw {
		case kwSelect, kwInsert, kwUpdate, kwDelete, kwMerge, kwValues, kwTable:
			return
		}
		if p.at(tComma) && (p.peek(2).kw == kwAs || p.peek(2).kind == tLParen) {
			return
		}
		p.next()
	}
}

func (p *parser) setWith(s Stmt, with *With) {
	switch s := s.(type) {
	case *Select:
		p.addWith(s, with)
	case *Insert:
		s.With = with
	case *Update:
		s.With = with
	case *Delete:
		s.With = with
	case *Merge:
		s.With = with
	}
}
