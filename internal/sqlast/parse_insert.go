package sqlast

// insert reads INSERT and REPLACE.
func (p *parser) insert() Stmt {
	start := p.start()
	s := &Insert{Replace: p.next().kw == kwReplace}
	p.eatAny("low_priority", "delayed", "high_priority")
	if p.eatKey(kwOr) { // SQLite
		s.Replace = p.atKey(kwReplace)
		s.Ignore = p.atKey(kwIgnore)
		p.next()
	}
	if p.eatKey(kwIgnore) {
		s.Ignore = true
	}
	p.eatKey(kwInto)
	s.Table = p.insertTarget()
	if p.at(tLParen) && !p.beginsQuery(1) && p.peek(1).kind != tLParen {
		s.Columns = p.nameList()
	}
	if p.eatKey(kwOverriding) {
		p.eatAny("user", "system")
		p.expectKey(kwValue, "VALUE")
	}
	p.insertSource(s)
	p.insertClauses(s)
	s.Span = p.since(start)
	return s
}

// insertTarget reads the table of an INSERT, whose column list must not be taken for
// the arguments of a function.
func (p *parser) insertTarget() *TableRef {
	start := p.start()
	t := &TableRef{Name: p.tableName()}
	if p.atKey(kwPartition) && p.peek(1).kind == tLParen {
		p.next()
		p.skipParens()
	}
	if p.eatKey(kwAs) {
		t.Alias = p.label()
	}
	t.Span = p.since(start)
	return t
}

// insertSource reads what is inserted.
func (p *parser) insertSource(s *Insert) {
	switch {
	case p.eatKeys(kwDefault, kwValues):
		s.DefaultValues = true
	case p.atKey(kwValues) || p.atKey(kwValue):
		q := &Select{Span: p.cur().span()}
		p.next()
		q.Values = p.rows()
		q.End = p.since(q.Start).End
		s.Query = q
		if p.eatKey(kwAs) { // MySQL: a name for the new row
			p.label()
			p.nameList()
		} else if p.continuesQuery() {
			p.restOfQuery(q)
		}
	case p.eatKey(kwSet):
		s.Set = p.assignments()
	case p.atKey(kwSelect), p.atKey(kwWith), p.atKey(kwTable), p.at(tLParen):
		s.Query = p.query()
	case p.at(tHole):
		p.clauseHole(&s.Holes, TargetsClause)
		if p.atKey(kwValues) || p.beginsQuery(0) {
			p.insertSource(s)
		}
	default:
		p.unexpected("VALUES or a query expected")
	}
}

// insertClauses reads what may follow the source.
func (p *parser) insertClauses(s *Insert) {
	after := SetClause
	for {
		switch {
		case p.atKeys(kwOn, kwConflict):
			s.OnConflict = append(s.OnConflict, p.onConflict())
			after = ConflictClause
		case p.atKeys(kwOn, kwDuplicate):
			p.advance(2)
			p.expectKey(kwKey, "KEY")
			p.expectKey(kwUpdate, "UPDATE")
			s.OnDuplicate = p.assignments()
			after = ConflictClause
		case p.atKey(kwReturning):
			s.Returning = p.returning()
			after = ReturningClause
		case s.Query == nil && !s.DefaultValues && s.Set == nil && (p.beginsQuery(0) || p.atKey(kwValues)):
			p.insertSource(s) // after something that could not be read
		case p.clauseHole(&s.Holes, after):
		default:
			return
		}
	}
}

func (p *parser) onConflict() *OnConflict {
	start := p.start()
	p.advance(2)
	c := &OnConflict{}
	switch {
	case p.atKey(kwOn):
		p.next()
		p.expectKey(kwConstraint, "CONSTRAINT")
		c.Constraint = p.label()
	case p.at(tLParen):
		c.Target = p.indexKeys()
		if p.eatKey(kwWhere) {
			c.Where = p.expr(0)
		}
	case p.at(tHole):
		c.Target = []Expr{p.hole(ConflictClause)}
		if p.eatKey(kwWhere) {
			c.Where = p.expr(0)
		}
	}
	switch {
	case p.eatKeys(kwDo, kwNothing):
		c.DoNothing = true
	case p.eatKeys(kwDo, kwUpdate):
		if p.expectKey(kwSet, "SET") {
			c.Set = p.assignments()
		}
		if p.eatKey(kwWhere) {
			c.SetWhere = p.expr(0)
		}
	case p.at(tHole), len(c.Target) == 1 && isHole(c.Target[0]):
	default:
		p.unexpected("DO NOTHING or DO UPDATE expected")
	}
	c.Span = p.since(start)
	return c
}
