package sqlast

// window reads what follows OVER: a name or a definition.
func (p *parser) window() *Window {
	w := &Window{}
	start := p.start()
	if p.at(tLParen) {
		p.windowDef(w)
	} else {
		w.Name = p.name()
	}
	w.Span = p.since(start)
	return w
}

// windowDef reads a window's definition in parentheses.
func (p *parser) windowDef(w *Window) {
	p.expect(tLParen, "(")
	if !p.atKey(kwPartition) && !p.atFrame() && p.isName(p.cur()) {
		w.Name = p.name()
	}
	if p.eatKeys(kwPartition, kwBy) {
		w.Partition = p.exprList()
	}
	if p.eatKeys(kwOrder, kwBy) {
		w.Order = p.orderItems()
	}
	if p.at(tHole) {
		p.next()
	}
	if p.atFrame() {
		p.frame(w)
	}
	p.closeParen()
}

// frame reads a frame clause. Its bounds may be any expressions.
func (p *parser) frame(w *Window) {
	for !p.at(tRParen) && !p.at(tEOF) {
		if p.at(tWord) && frameWords[p.folded(p.cur())] && p.peek(1).kind != tDot {
			p.next()
			continue
		}
		pos := p.pos
		w.Frame = append(w.Frame, p.expr(precAnd+1))
		if p.pos == pos {
			return
		}
	}
}

var frameWords = words("range rows groups between and unbounded preceding following current row exclude no others ties group")

func (p *parser) atFrame() bool {
	kw := p.cur().kw
	return kw == kwRange || kw == kwRows || kw == kwGroups
}

// orderItems reads the terms of an ORDER BY.
func (p *parser) orderItems() []OrderItem {
	var list []OrderItem
	for {
		item := OrderItem{Expr: p.expr(0)}
		if p.at(tHole) && p.peek(1).kind == tComma { // a direction that is not known
			p.next()
		}
		switch p.cur().kw {
		case kwAsc:
			p.next()
		case kwDesc:
			p.next()
			item.Desc = true
		case kwUsing:
			p.pos++
			p.next()
		}
		if p.eatKey(kwNulls) {
			p.next()
		}
		list = append(list, item)
		if !p.eat(tComma) {
			return list
		}
	}
}
