package sqlast

// create reads CREATE.
func (p *parser) create() Stmt {
	start := p.start()
	at := p.pos
	p.next()
	if p.eatKey(kwOr) {
		p.next() // REPLACE
	}
	var s Stmt
	temporary := p.prefixWords()
	switch {
	case p.eatKey(kwTable), p.eatKeys(kwForeign, kwTable):
		s = p.createTable(temporary)
	case p.eatKey(kwUnique), p.eatWords("fulltext"), p.eatWords("spatial"):
		unique := p.toks[p.pos-1].kw == kwUnique
		if p.eatKey(kwIndex) {
			s = p.createIndex(unique)
		}
	case p.eatKey(kwIndex):
		s = p.createIndex(false)
	case p.eatWords("materialized", "view"):
		s = p.createView(&CreateView{Materialized: true})
	case p.eatWords("recursive", "view"):
		s = p.createView(&CreateView{Temporary: temporary, Recursive: true})
	case p.eatWords("view"):
		s = p.createView(&CreateView{Temporary: temporary})
	case p.eatWords("policy"):
		s = p.policy("create")
	case p.eatWords("schema"):
		s = p.createSchema(p.dialect() == MySQL)
	case p.eatWords("database"):
		s = p.createSchema(true)
	}
	if s == nil {
		p.pos = at
		s = p.other()
	}
	s.setSpan(p.since(start))
	return s
}

// prefixWords skips the words between CREATE and what is created; it reports whether
// the thing is temporary.
func (p *parser) prefixWords() bool {
	temporary := false
	for {
		switch t := p.cur(); {
		case t.kw == kwTemporary:
			temporary = true
			p.next()
		case p.eatWords("global"), p.eatWords("local"), p.eatWords("unlogged"),
			p.eatWords("sql", "security", "invoker"), p.eatWords("sql", "security", "definer"):
		case p.atWord("algorithm") && p.isOp(p.peek(1), "="):
			p.advance(3)
		case p.atWord("definer") && p.isOp(p.peek(1), "="):
			p.advance(2)
			p.next()
			for p.at(tParam) {
				p.next()
			}
			p.skipParens()
		default:
			return temporary
		}
	}
}

func (p *parser) ifNotExists() bool { return p.eatKeys(kwIf, kwNot, kwExists) }

func (p *parser) ifExists() bool { return p.eatKeys(kwIf, kwExists) }

func (p *parser) createIndex(unique bool) Stmt {
	s := &CreateIndex{Unique: unique}
	p.eatWords("concurrently")
	s.IfNotExists = p.ifNotExists()
	if !p.atKey(kwOn) {
		s.Name = p.labels().Last()
	}
	if p.eatKey(kwUsing) { // MySQL lets it stand here
		p.next()
	}
	p.expectKey(kwOn, "ON")
	p.eatKey(kwOnly)
	s.Table = p.tableName()
	if p.eatKey(kwUsing) {
		p.label()
	}
	if p.at(tLParen) {
		s.Keys = p.indexKeys()
	} else {
		p.unexpected("( expected")
	}
	for !p.at(tEOF) {
		if p.eatKey(kwWhere) {
			s.Where = p.expr(0)
			continue
		}
		p.skipOne() // INCLUDE, NULLS NOT DISTINCT, WITH, TABLESPACE, options of MySQL
	}
	return s
}

func (p *parser) createView(s *CreateView) Stmt {
	p.ifNotExists()
	s.View = p.tableName()
	s.Columns = p.nameList()
	for !p.at(tEOF) && !p.atKey(kwAs) { // WITH (options), USING method
		p.skipOne()
	}
	if p.expectKey(kwAs, "AS") {
		s.Query = p.query()
	}
	if p.atKey(kwWith) { // CHECK OPTION, [NO] DATA
		for !p.at(tEOF) {
			p.next()
		}
	}
	return s
}

func (p *parser) createSchema(database bool) Stmt {
	s := &CreateSchema{Database: database}
	s.IfNotExists = p.ifNotExists()
	if !p.atKey(kwAuthorization) {
		s.Name = p.label()
	}
	for !p.at(tEOF) {
		p.next()
	}
	return s
}

// policy reads CREATE, ALTER and DROP POLICY.
func (p *parser) policy(verb string) Stmt {
	s := &Policy{Verb: verb, Command: "all"}
	p.ifExists()
	s.Name = p.label()
	p.expectKey(kwOn, "ON")
	s.Table = p.tableName()
	for {
		switch {
		case p.eatKey(kwAs):
			s.Restrictive = p.atWord("restrictive")
			p.next()
		case p.eatKey(kwFor):
			s.Command = p.folded(p.next())
		case p.eatKey(kwTo):
			for {
				s.Roles = append(s.Roles, p.label())
				if !p.eat(tComma) {
					break
				}
			}
		case p.eatKey(kwUsing):
			s.Using = p.parens()
		case p.atKey(kwWith) && p.peek(1).kw == kwCheck:
			p.advance(2)
			s.Check = p.parens()
		case p.eatKeys(kwRename, kwTo):
			s.RenameTo = p.label()
		case verb == "drop" && (p.eatKey(kwCascade) || p.eatWords("restrict")):
		default:
			return s
		}
	}
}

// drop reads DROP.
func (p *parser) drop() Stmt {
	start := p.start()
	at := p.pos
	p.next()
	s := &Drop{}
	temporary := p.eatKey(kwTemporary)
	switch {
	case p.eatWords("materialized", "view"):
		s.Kind = "materialized view"
	case p.eatWords("foreign", "table"), p.eatKey(kwTable):
		s.Kind = "table"
	case p.eatWords("policy"):
		return p.policy("drop")
	case p.atKey(kwIndex), p.atWord("view"), p.atWord("schema"), p.atWord("database"), p.atWord("type"),
		p.atWord("sequence"), p.atWord("domain"), p.atWord("function"), p.atWord("procedure"),
		p.atWord("trigger"), p.atWord("extension"):
		s.Kind = p.folded(p.next())
	}
	if s.Kind == "" && !temporary {
		p.pos = at
		return p.other()
	}
	p.eatWords("concurrently")
	s.IfExists = p.ifExists()
	for {
		s.Names = append(s.Names, p.dropName())
		p.skipParens() // the arguments of a function
		if !p.eat(tComma) {
			break
		}
	}
	if p.eatKey(kwOn) {
		s.On = p.tableName()
	}
	s.Cascade = p.eatKey(kwCascade)
	for !p.at(tEOF) {
		p.next()
	}
	s.Span = p.since(start)
	return s
}

func (p *parser) dropName() QName {
	if p.at(tParam) {
		return QName{p.take()}
	}
	return p.labels()
}
