package sqlast

// call reads the arguments of a function and what may follow them.
func (p *parser) call(name QName, start int) Expr {
	p.next()
	if e := p.sqlcMacro(name, start); e != nil {
		return e
	}
	f := &FuncCall{Name: name}
	p.arguments(f)
	p.closeParen()
	p.afterCall(f)
	f.Span = p.since(start)
	return f
}

// sqlcMacro reads the arguments of sqlc.arg(x) and its kin; nil for other functions.
func (p *parser) sqlcMacro(name QName, start int) Expr {
	if len(name) != 2 || name[0].Text != "sqlc" || p.peek(1).kind != tRParen {
		return nil
	}
	macro := name[1].Text
	switch macro {
	case "arg", "narg", "slice", "embed":
	default:
		return nil
	}
	arg := p.label()
	p.closeParen()
	if macro == "embed" {
		return &Star{p.since(start), QName{arg}}
	}
	return &Param{
		Span:     p.since(start),
		Name:     arg.Text,
		Nullable: macro == "narg",
		Slice:    macro == "slice",
	}
}

// arguments reads what stands between the parentheses of a call: expressions between
// commas or the words that special forms put there.
func (p *parser) arguments(f *FuncCall) {
	if p.at(tRParen) {
		return
	}
	f.Distinct = p.eatKey(kwDistinct)
	if p.atKey(kwAll) {
		p.next()
	}
	if f.Name.Last().Text == "extract" && p.peek(1).kw == kwFrom {
		t := p.next()
		f.Args = append(f.Args, &Literal{t.span(), StringLit, foldedText(p, t)})
	}
	for !p.at(tRParen) && !p.at(tEOF) {
		switch {
		case p.argumentSeparator():
		case p.atKeys(kwOrder, kwBy):
			p.pos += 2
			f.Order = p.orderItems()
		case p.looseWords():
		default:
			pos := p.pos
			f.Args = append(f.Args, p.expr(0))
			if p.pos == pos {
				return
			}
		}
	}
}

// argumentSeparator consumes what stands between two arguments or before one.
func (p *parser) argumentSeparator() bool {
	switch t := p.cur(); t.kind {
	case tComma, tColon:
		p.next()
		return true
	case tWord:
		switch t.kw {
		case kwFrom, kwFor, kwPlacing, kwUsing, kwSeparator, kwLeading, kwTrailing, kwVariadic, kwLimit:
			p.next()
			return true
		case kwAs:
			p.next()
			p.typeName()
			return true
		case kwValue:
			// json_object('key' VALUE expr); elsewhere it is a name
			if k := p.peek(1).kind; k != tComma && k != tRParen && k != tOp && k != tDot && k != tLParen {
				p.next()
				return true
			}
		}
	}
	return false
}

// looseWords skips the words by which the JSON, XML and window functions of the
// standard say how to treat nulls, errors and types.
func (p *parser) looseWords() bool {
	switch {
	case p.eatWords("returning"):
		p.typeName()
		p.eatWords("format", "json")
	case p.eatWords("format", "json"),
		p.eatWords("passing"),
		p.eatWords("absent", "on", "null"),
		p.eatWords("null", "on", "null"),
		p.eatWords("with", "unique", "keys"), p.eatWords("with", "unique"),
		p.eatWords("without", "unique", "keys"), p.eatWords("without", "unique"),
		p.eatWords("respect", "nulls"), p.eatWords("ignore", "nulls"),
		p.eatWords("on", "empty"), p.eatWords("on", "error"), p.eatWords("on", "overflow"),
		p.eatWords("error"), p.eatWords("key"), p.eatWords("content"),
		p.eatWords("document"), p.eatWords("name"), p.eatWords("unknown"),
		p.eatWords("null", "on"), p.eatWords("indent"), p.eatWords("no", "indent"):
	default:
		return false
	}
	return true
}

// afterCall reads WITHIN GROUP, FILTER and OVER.
func (p *parser) afterCall(f *FuncCall) {
	for {
		switch t := p.cur(); {
		case t.kw == kwWithin && p.peek(1).kw == kwGroup:
			p.pos += 2
			p.expect(tLParen, "(")
			if p.eatKeys(kwOrder, kwBy) {
				f.Within = p.orderItems()
			}
			p.closeParen()
		case t.kw == kwFilter && p.peek(1).kind == tLParen:
			p.pos += 2
			p.expectKey(kwWhere, "WHERE")
			f.Filter = p.expr(0)
			p.closeParen()
		case t.kw == kwOver:
			p.next()
			f.Over = p.window()
		case t.kind == tWord && p.isWord(p.peek(1), "nulls") && (p.atWord("respect") || t.kw == kwIgnore):
			p.pos += 2
		default:
			return
		}
	}
}

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
	if p.atFrame() || p.at(tHole) {
		for !p.at(tRParen) && !p.at(tEOF) {
			p.skipOne()
		}
	}
	p.closeParen()
}

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
