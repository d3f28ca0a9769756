package sqlast

// beginsQuery reports whether a query begins n tokens after the current one,
// possibly in parentheses of its own that hold nothing else.
func (p *parser) beginsQuery(n int) bool {
	t := p.peek(n)
	switch t.kw {
	case kwSelect, kwWith:
		return true
	case kwValues:
		after := p.peek(n + 1)
		if p.dialect() == MySQL { // VALUES (column) is a function there
			return after.kw == kwRow
		}
		return after.kind == tLParen || after.kind == tHole
	case kwTable:
		return p.isName(p.peek(n + 1))
	}
	return false
}

// query reads a query with everything that belongs to it.
func (p *parser) query() *Select {
	start := p.start()
	if !p.enter() {
		return &Select{Span: p.since(start)}
	}
	outer := p.inParens
	p.inParens = false
	defer func() {
		p.inParens = outer
		p.leave()
	}()
	var with *With
	if p.atKey(kwWith) {
		with = p.with()
	}
	q := p.queryTerm()
	p.restOfQuery(q)
	if with != nil {
		p.addWith(q, with)
	}
	q.Start = start
	return q
}

// queryTerm reads a query without set operations: SELECT, VALUES, TABLE, or a query in
// parentheses.
func (p *parser) queryTerm() *Select {
	start := p.start()
	q := &Select{}
	switch {
	case p.eatKey(kwSelect):
		p.selectBody(q)
	case p.eatKey(kwValues):
		q.Values = p.rows()
	case p.eatKey(kwTable):
		p.eatKey(kwOnly)
		t := &TableRef{Name: p.qname()}
		t.Span = t.Name.Bounds()
		p.eatOp("*")
		q.Targets = []Target{{Expr: &Star{Span: t.Span}}}
		q.From = []TableExpr{t}
	case p.at(tLParen):
		return p.parenQuery()
	case p.at(tHole):
		q.Holes = []*Hole{p.hole(NoClause)}
		p.queryClauses(q)
	default:
		p.unexpected("query expected")
	}
	q.Span = p.since(start)
	return q
}

// parenQuery reads a query in parentheses.
func (p *parser) parenQuery() *Select {
	if !p.enter() {
		return &Select{}
	}
	defer p.leave()
	start := p.start()
	p.next()
	q := p.query()
	p.closeQuery(q)
	q.Span = p.since(start)
	return q
}

// closeQuery consumes the parenthesis that closes q. What cannot be read before it is
// skipped; clauses after that are still q's.
func (p *parser) closeQuery(q *Select) {
	for !p.at(tRParen) && !p.at(tEOF) {
		pos := p.pos
		p.unexpected("unexpected " + p.describe())
		p.restOfQuery(q)
		if p.pos == pos {
			p.skipOne()
		}
	}
	p.closeParen()
}

// continuesQuery reports whether what is next can follow a query in
// parentheses as part of a larger query.
func (p *parser) continuesQuery() bool {
	switch p.cur().kw {
	case kwUnion, kwIntersect, kwExcept, kwLimit, kwOffset, kwFetch:
		return true
	case kwOrder:
		return p.peek(1).kw == kwBy
	case kwMinus:
		return p.beginsQuery(1)
	}
	return false
}

// restOfQuery reads the clauses, the set operations and what applies to all of them.
func (p *parser) restOfQuery(q *Select) {
	p.queryClauses(q)
	p.setOps(q, 0)
	p.tailClauses(q)
	q.End = max(q.End, p.since(q.Start).End)
}

var setOps = [keywordCount]SetOp{
	kwUnion: Union, kwIntersect: Intersect, kwExcept: Except, kwMinus: Except,
}

// setOps reads set operations that follow q, which becomes their result. INTERSECT
// binds tighter than the others: tight is 1 where only it is read.
func (p *parser) setOps(q *Select, tight int) {
	for {
		op := setOps[p.cur().kw]
		if p.at(tHole) && p.peek(1).kw == kwSelect { // an operation that is not known
			op = Union
		}
		if op == NoSetOp || tight == 1 && op != Intersect || p.atKey(kwMinus) && !p.beginsQuery(1) {
			return
		}
		p.next()
		if !p.link() {
			return
		}
		left := *q
		*q = Select{Span: left.Span, Op: op, Left: &left}
		q.All = p.eatKey(kwAll)
		p.eatKey(kwDistinct)
		if p.atKey(kwWith) { // SQLite and MySQL let it stand here
			q.Right = p.query()
		} else {
			q.Right = p.queryTerm()
		}
		if op != Intersect {
			p.setOps(q.Right, 1)
		}
		q.Span = p.since(q.Start)
	}
}

// rows reads the rows of VALUES. A hole may stand for any number of them.
func (p *parser) rows() [][]Expr {
	var rows [][]Expr
	for {
		switch {
		case p.at(tHole):
			rows = append(rows, []Expr{p.hole(NoClause)})
		case p.at(tEOF):
			p.unexpected("row expected")
			return rows
		default:
			p.eatKey(kwRow)
			p.expect(tLParen, "(")
			var row []Expr
			if !p.at(tRParen) {
				row = p.exprList()
			}
			p.closeParen()
			rows = append(rows, row)
		}
		if p.at(tHole) && p.peek(1).kind == tComma {
			continue
		}
		if !p.eat(tComma) {
			return rows
		}
	}
}

// selectBody reads what follows SELECT up to the set operations.
func (p *parser) selectBody(q *Select) {
	switch {
	case p.eatKey(kwDistinct):
		q.Distinct = true
		if p.eatKey(kwOn) {
			p.expect(tLParen, "(")
			q.DistinctOn = p.exprList()
			p.closeParen()
		}
	case p.eatKey(kwAll):
	}
	if p.dialect() == MySQL {
		p.eatAny("all", "distinct", "distinctrow", "high_priority", "straight_join", "sql_small_result",
			"sql_big_result", "sql_buffer_result", "sql_no_cache", "sql_cache", "sql_calc_found_rows")
	}
	q.Targets = p.targets()
	p.queryClauses(q)
}

// targets reads a select list or that of RETURNING; PostgreSQL lets it be empty.
func (p *parser) targets() []Target {
	if p.at(tEOF) || p.at(tRParen) || p.cur().kw.is(boundary) && !p.beginsOperand(p.cur()) {
		return nil
	}
	list := make([]Target, 0, 4)
	for {
		switch {
		case p.at(tHole) && p.holeIsTarget():
			list = append(list, Target{Expr: p.hole(NoClause)})
			if !p.at(tComma) {
				continue
			}
		default:
			list = append(list, p.target())
		}
		if p.at(tHole) && p.targetsGoOn() {
			continue
		}
		if !p.eat(tComma) {
			return list
		}
		if p.cur().kw == kwFrom { // a comma too many
			p.unexpected("expression expected")
			return list
		}
	}
}

// holeIsTarget reports whether the hole that is next is an item of a select list, or
// several, with others after it.
func (p *parser) holeIsTarget() bool {
	t := p.peek(1)
	return t.kind != tDot && t.kind != tLParen && (t.kind == tHole || t.kind == tOp && p.text(t) == "*" || p.beginsOperand(t))
}

// targetsGoOn reports whether the hole that is next is part of the select list.
func (p *parser) targetsGoOn() bool {
	t := p.beyondHoles()
	return t.kind == tComma || t.kw == kwFrom || t.kind == tEOF || t.kind == tRParen
}

func (p *parser) target() Target {
	t := Target{Expr: p.expr(0)}
	switch {
	case p.eatKey(kwAs):
		t.Alias = p.label()
	case p.isAlias(p.cur()):
		t.Alias = p.take()
	case p.at(tString) && p.dialect() != Postgres:
		t.Alias = p.take()
	}
	return t
}

// isAlias reports whether t is an alias that stands without AS.
func (p *parser) isAlias(t *token) bool {
	switch t.kind {
	case tQuoted:
		return true
	case tWord:
		return !p.reserved(t.kw) && !p.isClauseWord(t)
	}
	return false
}

// endsItem reports whether an item of FROM ends before t, so that the word in front is
// its alias.
func (p *parser) endsItem(t *token) bool {
	switch t.kind {
	case tEOF, tComma, tRParen, tSemicolon:
		return true
	}
	return p.reserved(t.kw) && t.kw.is(boundary)
}

// isClauseWord reports whether t, the current token, is an unreserved word that here begins
// something else than an alias.
func (p *parser) isClauseWord(t *token) bool {
	switch after := p.peek(1); t.kw {
	case kwSet:
		return !p.endsItem(after)
	case kwValues, kwOverriding:
		return true
	case kwUse, kwForce, kwIgnore:
		return after.kw == kwIndex || after.kw == kwKey
	case kwIndexed:
		return after.kw == kwBy
	case kwPartition:
		return after.kind == tLParen
	case kwLock:
		return after.kw == kwIn
	case kwMinus:
		return p.beginsQuery(1)
	case kwFull:
		return after.kw == kwJoin || after.kw == kwOuter
	}
	return false
}

// queryClauses reads the clauses of one SELECT, in any order.
func (p *parser) queryClauses(q *Select) {
	after := TargetsClause
	for {
		switch p.cur().kw {
		case kwInto:
			p.into(q)
			continue
		case kwFrom:
			p.next()
			q.From = append(q.From, p.fromList(&q.Holes)...)
			after = FromClause
			continue
		case kwWhere:
			p.next()
			q.Where = p.condition(q.Where)
			after = WhereClause
			continue
		case kwGroup:
			p.groupBy(q)
			after = GroupClause
			continue
		case kwHaving:
			p.next()
			q.Having = p.condition(q.Having)
			after = HavingClause
			continue
		case kwWindow:
			p.windows(q)
			continue
		}
		if !p.clauseHole(&q.Holes, after) {
			return
		}
	}
}

// condition reads a condition and joins it to the one that a clause may already have.
func (p *parser) condition(have Expr) Expr {
	start := p.start()
	e := p.expr(0)
	if have == nil {
		return e
	}
	return p.and(start, have, e)
}
