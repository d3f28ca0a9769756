package sqlast

func (p *parser) into(q *Select) {
	p.next()
	if p.at(tParam) || p.eatWords("outfile") || p.eatWords("dumpfile") { // MySQL: variables, a file
		p.exprList()
		return
	}
	p.eatAny("temp", "temporary", "unlogged")
	p.eatKey(kwTable)
	t := &TableRef{Name: p.tableName()}
	t.Span = t.Name.Bounds()
	q.Into = t
}

func (p *parser) groupBy(q *Select) {
	p.next()
	p.expectKey(kwBy, "BY")
	p.eatKey(kwAll)
	p.eatKey(kwDistinct)
	for {
		q.GroupBy = append(q.GroupBy, p.expr(0))
		if p.atKey(kwAsc) || p.atKey(kwDesc) { // MySQL 5
			p.next()
		}
		if !p.eat(tComma) {
			break
		}
	}
	if p.atKey(kwWith) && p.isWord(p.peek(1), "rollup") {
		p.advance(2)
	}
}

func (p *parser) windows(q *Select) {
	p.next()
	for {
		w := Window{Name: p.name()}
		start := w.Name.Start
		p.expectKey(kwAs, "AS")
		var def Window
		p.windowDef(&def)
		w.Partition, w.Order, w.Frame = def.Partition, def.Order, def.Frame
		w.Span = p.since(start)
		q.Windows = append(q.Windows, w)
		if !p.eat(tComma) {
			return
		}
	}
}

// tailClauses reads ORDER BY, LIMIT, OFFSET, FETCH and the locking clauses, in any
// order, and holes among them.
func (p *parser) tailClauses(q *Select) {
	after := OrderClause
	for {
		switch p.cur().kw {
		case kwOrder:
			if p.peek(1).kw != kwBy {
				return
			}
			p.advance(2)
			q.Order = append(q.Order, p.orderItems()...)
		case kwLimit:
			p.limit(q)
			after = LimitClause
		case kwOffset:
			p.next()
			q.Offset = p.expr(0)
			p.eatAny("row", "rows")
		case kwFetch:
			p.fetch(q)
		case kwFor:
			if !p.lock(q) {
				return
			}
		case kwLock:
			start := p.start()
			if !p.eatWords("lock", "in", "share", "mode") {
				return
			}
			q.Locks = append(q.Locks, Lock{Span: p.since(start), Strength: "share"})
		case kwInto:
			if q.Into != nil || q.Op != NoSetOp {
				return
			}
			p.into(q)
		default:
			if !p.clauseHole(&q.Holes, after) {
				return
			}
		}
	}
}

// limit reads LIMIT count, LIMIT ALL, and MySQL's LIMIT offset, count.
func (p *parser) limit(q *Select) {
	p.next()
	if p.eatKey(kwAll) {
		return
	}
	q.Limit = p.expr(0)
	if p.eat(tComma) {
		q.Offset, q.Limit = q.Limit, p.expr(0)
	}
}

// fetch reads FETCH FIRST n ROWS ONLY.
func (p *parser) fetch(q *Select) {
	p.next()
	p.eatAny("first", "next")
	if !p.atKey(kwRow) && !p.atKey(kwRows) {
		q.Limit = p.expr(precOther)
	}
	p.eatAny("row", "rows")
	if p.atKey(kwWith) {
		p.eatWords("with", "ties")
		return
	}
	p.expectKey(kwOnly, "ONLY")
}

// lock reads FOR UPDATE and its kin; it reports false where FOR begins something else.
func (p *parser) lock(q *Select) bool {
	start := p.start()
	strength := ""
	switch {
	case p.atKey(kwFor) && p.peek(1).kind == tHole:
		p.advance(2)
	case p.eatWords("for", "update"):
		strength = "update"
	case p.eatWords("for", "no", "key", "update"):
		strength = "no key update"
	case p.eatWords("for", "share"):
		strength = "share"
	case p.eatWords("for", "key", "share"):
		strength = "key share"
	case p.eatWords("for", "read", "only"):
		return true
	default:
		return false
	}
	l := Lock{Strength: strength}
	if p.eatKey(kwOf) {
		for {
			l.Of = append(l.Of, p.qname())
			if !p.eat(tComma) {
				break
			}
		}
	}
	if p.eatWords("wait") {
		p.next()
	}
	l.SkipLocked = p.eatWords("skip", "locked")
	p.eatAny("skip", "nowait")
	l.Span = p.since(start)
	q.Locks = append(q.Locks, l)
	return true
}
