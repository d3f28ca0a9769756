package sqlast

func (p *parser) createTable(temporary bool) Stmt {
	s := &CreateTable{Temporary: temporary}
	s.IfNotExists = p.ifNotExists()
	s.Table = p.tableName()
	switch {
	case p.eatKeys(kwPartition, kwOf):
		s.PartitionOf = p.tableName()
	case p.eatWords("of"):
		p.labels()
	case p.eatKey(kwLike): // MySQL
		s.Like = append(s.Like, p.tableName())
	}
	if p.at(tLParen) && !p.beginsQuery(1) {
		p.tableElements(s)
	}
	p.tableOptions(s)
	return s
}

// tableElements reads the columns and constraints of a table.
func (p *parser) tableElements(s *CreateTable) {
	p.next()
	for !p.at(tRParen) && !p.at(tEOF) {
		pos := p.pos
		switch c := p.constraint(); {
		case c != nil:
			s.Constraints = append(s.Constraints, c)
		case p.atKey(kwLike):
			p.next()
			s.Like = append(s.Like, p.tableName())
			p.eatAny("including", "excluding", "all", "defaults", "constraints", "identity", "generated",
				"indexes", "storage", "comments", "statistics", "compression")
		case p.at(tHole) && p.holeIsElement():
			s.Holes = append(s.Holes, p.hole(NoClause))
			p.eat(tComma)
			continue
		default:
			s.Columns = append(s.Columns, p.columnDef())
		}
		if p.at(tHole) {
			continue
		}
		if !p.eat(tComma) {
			if p.at(tRParen) || p.at(tEOF) {
				break
			}
			if p.unexpected("unexpected " + p.describe()); !p.eat(tComma) && p.pos == pos {
				p.skipOne()
			}
		}
	}
	p.closeParen()
}

// holeIsElement reports whether the hole that is next stands for whole elements.
func (p *parser) holeIsElement() bool {
	k := p.peek(1).kind
	return k == tComma || k == tRParen || k == tHole || k == tEOF
}

// tableOptions reads what follows the elements: inheritance, partitioning, AS query,
// and options, which are skipped.
func (p *parser) tableOptions(s *CreateTable) {
	for {
		switch t := p.cur(); {
		case t.kind == tEOF:
			return
		case p.eatWords("inherits"):
			p.expect(tLParen, "(")
			for {
				s.Inherits = append(s.Inherits, p.tableName())
				if !p.eat(tComma) {
					break
				}
			}
			p.closeParen()
		case p.eatKeys(kwPartition, kwBy):
			p.partitionBy(s)
		case t.kw == kwAs && !p.isWord(p.peek(1), "execute"):
			p.next()
			s.As = p.query()
		case t.kw == kwSelect, t.kind == tLParen && p.beginsQuery(1): // MySQL
			s.As = p.query()
		case t.kind == tHole:
			s.Holes = append(s.Holes, p.hole(NoClause))
		default:
			p.skipOne()
		}
	}
}

func (p *parser) partitionBy(s *CreateTable) {
	for p.at(tWord) { // RANGE, LIST, HASH, LINEAR KEY, COLUMNS
		p.next()
	}
	if p.at(tLParen) {
		s.PartitionBy = p.indexKeys()
	}
}

// constraint reads a constraint of a table, or a key of MySQL's; nil if none is next.
func (p *parser) constraint() *Constraint {
	start := p.start()
	c := &Constraint{}
	if p.atKey(kwConstraint) {
		p.next()
		if !p.atConstraintKind() {
			c.Name = p.label()
		}
	}
	switch t := p.cur(); {
	case t.kw == kwPrimary:
		p.next()
		p.expectKey(kwKey, "KEY")
		c.Kind = PrimaryKey
		p.keys(c)
	case t.kw == kwUnique:
		p.next()
		c.Kind = Unique
		p.eatAny("key", "index")
		p.eatWords("nulls", "not", "distinct")
		p.eatWords("nulls", "distinct")
		p.keys(c)
	case t.kw == kwForeign:
		p.next()
		p.expectKey(kwKey, "KEY")
		c.Kind = ForeignKey
		if !p.at(tLParen) {
			c.Name = p.label()
		}
		c.Columns = p.nameList()
		if p.atKey(kwReferences) {
			c.References = p.reference()
		} else {
			p.unexpected("REFERENCES expected")
		}
	case t.kw == kwCheck:
		p.next()
		c.Kind = Check
		c.Check = p.parens()
	case p.atWord("exclude") && (p.peek(1).kw == kwUsing || p.peek(1).kind == tLParen):
		p.next()
		c.Kind = Exclude
		p.keys(c)
	case t.kw == kwNot && p.peek(1).kw == kwNull:
		p.advance(2)
		c.Kind = NotNull
		c.Columns = []Name{p.name()}
	case p.dialect() == MySQL && p.beginsKey():
		p.eatAny("fulltext", "spatial", "key", "index")
		c.Kind = Key
		p.keys(c)
	default:
		if c.Name.Text == "" {
			return nil
		}
		p.unexpected("constraint expected")
	}
	p.constraintOptions()
	c.Span = p.since(start)
	return c
}

func (p *parser) atConstraintKind() bool {
	switch p.cur().kw {
	case kwPrimary, kwUnique, kwForeign, kwCheck:
		return true
	}
	return false
}

// beginsKey reports whether the words that are next begin a key of MySQL's CREATE TABLE.
func (p *parser) beginsKey() bool {
	switch t := p.cur(); t.kw {
	case kwKey, kwIndex:
		after := p.peek(1)
		return after.kind == tLParen || after.kind == tQuoted || after.kind == tWord && p.peek(2).kind == tLParen ||
			after.kw == kwUsing || p.peek(2).kw == kwUsing
	}
	return p.atWord("fulltext") || p.atWord("spatial")
}

// keys reads the name, the method and the keys of an index constraint.
func (p *parser) keys(c *Constraint) {
	if p.eatKeys(kwUsing, kwIndex) {
		c.UsingIndex = p.label()
		return
	}
	if !p.at(tLParen) && !p.atKey(kwUsing) && (p.at(tWord) || p.at(tQuoted)) {
		c.Name = p.label()
	}
	if p.eatKey(kwUsing) {
		p.next()
	}
	for _, e := range p.indexKeys() {
		if n, ok := plainColumn(e); ok {
			c.Columns = append(c.Columns, n)
		} else {
			c.Exprs = append(c.Exprs, e)
		}
	}
}

// plainColumn returns the column that a key is, without the length that MySQL may
// give it.
func plainColumn(e Expr) (Name, bool) {
	switch e := e.(type) {
	case *ColumnRef:
		return e.Name.Last(), true
	case *Collate:
		return plainColumn(e.Expr)
	case *FuncCall:
		if len(e.Args) == 1 && len(e.Name) == 1 {
			if l, ok := e.Args[0].(*Literal); ok && l.Kind == NumberLit {
				return e.Name[0], true
			}
		}
	}
	return Name{}, false
}

// constraintOptions skips what may follow a constraint.
func (p *parser) constraintOptions() {
	for !p.endsColumn() {
		switch t := p.cur(); {
		case t.kw == kwNot, t.kw == kwDeferrable, t.kw == kwInitially, t.kw == kwWith, t.kw == kwUsing,
			t.kw == kwOn, t.kw == kwWhere, t.kind == tWord && !p.reserved(t.kw):
			p.next()
			p.skipParens()
		case t.kw == kwAnd, t.kind == tString, t.kind == tQuoted, t.kind == tNumber, p.isOp(t, "="):
			p.next()
		default:
			return
		}
	}
}
