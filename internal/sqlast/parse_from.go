package sqlast

// fromList reads the items of FROM or USING. Holes that stand among them go to holes.
func (p *parser) fromList(holes *[]*Hole) []TableExpr {
	var list []TableExpr
	for {
		list = append(list, p.tableExpr(holes))
		for p.at(tHole) && p.beyondHoles().kind == tComma {
			p.clauseHole(holes, FromClause)
		}
		if !p.eat(tComma) {
			return list
		}
	}
}

// tableExpr reads an item of FROM with its joins.
func (p *parser) tableExpr(holes *[]*Hole) TableExpr {
	start := p.start()
	if p.dialect() == MySQL && p.atWord("dual") {
		p.next()
		return &TableRef{Span: p.since(start)}
	}
	return p.joins(p.tablePrimary(holes), start, holes)
}

func (p *parser) beginsJoin(t *token) bool {
	switch t.kw {
	case kwJoin, kwInner, kwLeft, kwRight, kwCross, kwNatural, kwStraightJoin:
		return true
	case kwFull:
		return p.dialect() != MySQL
	}
	return false
}

// joinFollows reports whether a join follows; it consumes holes before it.
func (p *parser) joinFollows(holes *[]*Hole) bool {
	for p.at(tHole) && p.beginsJoin(p.beyondHoles()) {
		p.clauseHole(holes, FromClause)
	}
	return p.beginsJoin(p.cur())
}

// joins reads the joins that follow left.
func (p *parser) joins(left TableExpr, start int, holes *[]*Hole) TableExpr {
	for n := 0; p.joinFollows(holes); n++ {
		if n > 0 && !p.link() {
			break
		}
		j := &Join{Left: left, Natural: p.eatKey(kwNatural)}
		if !p.joinKind(j) {
			break
		}
		right := p.start()
		j.Right = p.tablePrimary(holes)
		if p.joinFollows(holes) && !j.Natural && j.Kind != Cross && p.joinNests() {
			// a JOIN b JOIN c ON … ON …: the conditions come last
			if !p.enter() {
				break
			}
			j.Right = p.joins(j.Right, right, holes)
			p.leave()
		}
		p.joinCondition(j, holes)
		j.Span = p.since(start)
		left = p.fromLeft(j)
	}
	return left
}

// fromLeft turns a JOIN (b JOIN c) into (a JOIN b) JOIN c where no condition says that b
// and c come first, as MySQL has it.
func (p *parser) fromLeft(j *Join) *Join {
	top, ok := j.Right.(*Join)
	if !ok || j.On != nil || j.Using != nil || p.src[top.Start] == '(' {
		return j
	}
	top.Start = j.Start
	low := top
	for {
		next, ok := low.Left.(*Join)
		if !ok || p.src[next.Start] == '(' {
			break
		}
		next.Start = j.Start
		low = next
	}
	j.Right = low.Left
	j.End = j.Right.Bounds().End
	low.Left = j
	return top
}

// joinNests reports whether the join that is next belongs to the right side of
// the one before it, which has no condition yet. SQLite reads all joins from the left.
func (p *parser) joinNests() bool { return p.dialect() != SQLite }

func (p *parser) joinKind(j *Join) bool {
	switch p.next().kw {
	case kwJoin, kwStraightJoin:
		return true
	case kwLeft:
		j.Kind = Left
	case kwRight:
		j.Kind = Right
	case kwFull:
		j.Kind = Full
	case kwCross:
		j.Kind = Cross
	}
	p.eatKey(kwOuter)
	return p.expectKey(kwJoin, "JOIN")
}

func (p *parser) joinCondition(j *Join, holes *[]*Hole) {
	switch {
	case p.atKey(kwOn) && p.peek(1).kw != kwConflict && p.peek(1).kw != kwDuplicate:
		p.next()
		j.On = p.expr(0)
	case p.atKey(kwUsing) && p.peek(1).kind == tLParen:
		p.next()
		j.Using = p.nameList()
		if p.eatKey(kwAs) {
			j.Alias = p.label()
		}
	case p.at(tHole):
		p.clauseHole(holes, FromClause)
		if p.atKey(kwOn) || p.atKey(kwUsing) {
			p.joinCondition(j, holes)
		}
	}
}

// tablePrimary reads an item of FROM without joins.
func (p *parser) tablePrimary(holes *[]*Hole) TableExpr {
	start := p.start()
	lateral := p.eatKey(kwLateral)
	switch {
	case p.at(tLParen):
		return p.parenTable(lateral, start, holes)
	case p.atKey(kwRows) && p.peek(1).kw == kwFrom:
		return p.rowsFrom(lateral, start)
	case p.atKey(kwOnly):
		p.next()
		return p.tableRef(start, true)
	case p.peek(1).kind == tLParen && p.namesFunction(p.cur()), p.isCallAhead(),
		p.atWord("collation") && p.peek(1).kw == kwFor:
		return p.funcTable(lateral, start)
	case p.cur().kw.is(operand) && !p.at(tParam):
		return p.funcTable(lateral, start)
	case p.isName(p.cur()), p.at(tParam), p.at(tString) && p.dialect() != Postgres:
		return p.tableRef(start, false)
	}
	p.unexpected("table expected")
	return &TableRef{Span: p.since(start)}
}

// namesFunction reports whether t, which stands before a parenthesis, names a function
// rather than a table.
func (p *parser) namesFunction(t *token) bool {
	switch t.kind {
	case tWord:
		return !p.reserved(t.kw) || t.kw.is(callable) || t.kw == kwCast
	case tHole:
		return p.peek(1).start == t.end
	}
	return t.kind == tQuoted
}

// isCallAhead reports whether a qualified name and an opening parenthesis are next.
func (p *parser) isCallAhead() bool {
	n := 0
	for n < 6 && p.peek(n+1).kind == tDot {
		n += 2
	}
	return n > 0 && p.peek(n+1).kind == tLParen
}

// tableRef reads the name of a table with what may follow it.
func (p *parser) tableRef(start int, only bool) *TableRef {
	t := &TableRef{Only: only}
	if only && p.eat(tLParen) {
		t.Name = p.tableName()
		p.closeParen()
	} else {
		t.Name = p.tableName()
	}
	p.eatOp("*")
	if p.atKey(kwPartition) && p.peek(1).kind == tLParen {
		p.next()
		p.skipParens()
	}
	t.Alias, t.Columns = p.tableAlias()
	p.tableHints()
	t.Span = p.since(start)
	return t
}

// tableAlias reads an alias with the column aliases that may follow it.
func (p *parser) tableAlias() (Name, []Name) {
	var alias Name
	switch {
	case p.eatKey(kwAs):
		if p.at(tLParen) { // AS (a int, b text), of a function
			return alias, p.columnAliases()
		}
		alias = p.label()
	case p.isAlias(p.cur()):
		alias = p.take()
	default:
		return alias, nil
	}
	return alias, p.columnAliases()
}

// columnAliases reads (a, b) after an alias, or (a int, b text) after a function's.
func (p *parser) columnAliases() []Name {
	if !p.eat(tLParen) {
		return nil
	}
	var list []Name
	for !p.at(tRParen) && !p.at(tEOF) {
		list = append(list, p.label())
		if !p.at(tComma) && !p.at(tRParen) {
			p.typeName()
			if p.eatKey(kwCollate) {
				p.labels()
			}
		}
		if !p.eat(tComma) {
			break
		}
	}
	p.closeParen()
	return list
}

// tableHints skips TABLESAMPLE, the index hints of MySQL and those of SQLite.
func (p *parser) tableHints() {
	for {
		switch kw := p.cur().kw; {
		case kw == kwTableSample:
			p.next()
			p.labels()
			p.skipParens()
			if p.eatWords("repeatable") {
				p.skipParens()
			}
		case (kw == kwUse || kw == kwForce || kw == kwIgnore) && (p.peek(1).kw == kwIndex || p.peek(1).kw == kwKey):
			p.advance(2)
			if p.eatKey(kwFor) {
				p.eatAny("join", "order", "group", "by")
			}
			p.skipParens()
			p.eat(tComma)
		case kw == kwIndexed && p.peek(1).kw == kwBy:
			p.advance(2)
			p.next()
		case kw == kwNot && p.peek(1).kw == kwIndexed:
			p.advance(2)
		default:
			return
		}
	}
}

// parenTable reads a derived table, or a join in parentheses.
func (p *parser) parenTable(lateral bool, start int, holes *[]*Hole) TableExpr {
	if !p.enter() {
		return &TableRef{Span: p.since(start)}
	}
	defer p.leave()
	p.next()
	hole := p.at(tHole) && p.peek(1).kind == tRParen
	if hole || p.beginsQuery(0) {
		q := p.query()
		p.closeQuery(q)
		return p.derived(q, lateral, start)
	}
	inner := p.tableExpr(holes)
	if d, ok := inner.(*Derived); ok && d.Alias.Text == "" && p.continuesQuery() {
		p.restOfQuery(d.Query)
		p.closeQuery(d.Query)
		return p.derived(d.Query, lateral, start)
	}
	for p.clauseHole(holes, FromClause) {
	}
	for p.eat(tComma) { // MySQL: (a, b)
		if !p.link() {
			break
		}
		right := p.tableExpr(holes)
		inner = &Join{Span: p.since(start), Kind: Cross, Left: inner, Right: right}
		for p.clauseHole(holes, FromClause) {
		}
	}
	p.closeParen()
	switch t := inner.(type) {
	case *Join:
		if alias, _ := p.tableAlias(); alias.Text != "" {
			t.Alias = alias // it hides the one of USING (…) AS
		}
		t.Span = p.since(start)
	case *Derived:
		if t.Alias.Text == "" {
			return p.derived(t.Query, lateral, start)
		}
	}
	return inner
}

func (p *parser) derived(q *Select, lateral bool, start int) *Derived {
	d := &Derived{Lateral: lateral, Query: q}
	d.Alias, d.Columns = p.tableAlias()
	p.tableHints()
	d.Span = p.since(start)
	return d
}

// rowsFrom reads ROWS FROM (f(…), g(…)).
func (p *parser) rowsFrom(lateral bool, start int) TableExpr {
	p.advance(2)
	f := &FuncTable{Lateral: lateral}
	p.expect(tLParen, "(")
	for !p.at(tRParen) && !p.at(tEOF) {
		f.Funcs = append(f.Funcs, p.expr(precOther))
		if p.eatKey(kwAs) {
			p.columnAliases()
		}
		if !p.eat(tComma) {
			break
		}
	}
	p.closeParen()
	p.afterFuncTable(f)
	f.Span = p.since(start)
	return f
}

// funcTable reads a function in FROM.
func (p *parser) funcTable(lateral bool, start int) TableExpr {
	f := &FuncTable{Lateral: lateral}
	if p.atWord("xmltable") || p.atWord("json_table") {
		f.Funcs = []Expr{p.tableFunc()}
	} else {
		f.Funcs = []Expr{p.operand()}
	}
	p.afterFuncTable(f)
	f.Span = p.since(start)
	return f
}

func (p *parser) afterFuncTable(f *FuncTable) {
	p.eatWords("with", "ordinality")
	f.Alias, f.Columns = p.tableAlias()
	p.tableHints()
}

// tableFunc reads XMLTABLE and JSON_TABLE: their arguments up to COLUMNS, which is
// skipped.
func (p *parser) tableFunc() Expr {
	start := p.start()
	f := &FuncCall{Name: QName{p.take()}}
	p.expect(tLParen, "(")
	for !p.at(tRParen) && !p.at(tEOF) {
		if p.atWord("columns") {
			for !p.at(tRParen) && !p.at(tEOF) {
				p.skipOne()
			}
			break
		}
		if p.eat(tComma) || p.eatWords("passing") || p.eatWords("by", "ref") || p.eatWords("by", "value") {
			continue
		}
		if p.eatKey(kwAs) {
			p.label()
			continue
		}
		pos := p.pos
		f.Args = append(f.Args, p.expr(0))
		if p.pos == pos {
			p.skipOne()
		}
	}
	p.closeParen()
	f.Span = p.since(start)
	return f
}
