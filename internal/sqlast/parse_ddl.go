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

// holeIsElement reports whether the hole at hand stands for whole elements.
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

// columnDef reads the definition of a column.
func (p *parser) columnDef() *ColumnDef {
	start := p.start()
	c := &ColumnDef{Name: p.columnDefName()}
	if !p.endsColumn() && !p.atColumnConstraint() && !p.atWord("options") {
		c.Type = p.typeName()
		for p.dialect() == SQLite && p.at(tWord) && p.cur().kw == kwNone && !p.atColumnConstraint() {
			c.Type.Name += " " + foldedText(p, p.next())
			c.Type.Args += p.typeArgs()
		}
		if p.dialect() == MySQL && c.Type.Name == "serial" {
			c.NotNull, c.Unique = true, true
		}
	}
	for !p.endsColumn() {
		pos := p.pos
		p.columnConstraint(c)
		if p.pos == pos {
			p.unexpected("unexpected " + p.describe())
			if p.pos == pos {
				p.skipOne()
			}
		}
	}
	c.Span = p.since(start)
	return c
}

// columnDefName reads the name of a column that is defined; MySQL and SQLite let it be
// words that PostgreSQL reserves.
func (p *parser) columnDefName() Name {
	if p.dialect() != Postgres || p.at(tString) {
		return p.label()
	}
	return p.name()
}

func (p *parser) endsColumn() bool {
	switch p.cur().kind {
	case tComma, tRParen, tEOF:
		return true
	}
	return false
}

func (p *parser) atColumnConstraint() bool {
	switch t := p.cur(); t.kw {
	case kwConstraint, kwNot, kwNull, kwDefault, kwPrimary, kwUnique, kwReferences, kwCheck, kwCollate,
		kwDeferrable, kwInitially:
		return true
	case kwNone:
		return p.atWord("generated") || p.atWord("auto_increment") || p.atWord("autoincrement") || p.atWord("comment")
	}
	return false
}

// columnConstraint reads one constraint or option of a column.
func (p *parser) columnConstraint(c *ColumnDef) {
	switch t := p.cur(); t.kw {
	case kwConstraint:
		p.next()
		if !p.atKey(kwCheck) {
			p.label()
		}
	case kwNot:
		p.next()
		if p.eatKey(kwDeferrable) || p.eatWords("enforced") || p.eatWords("valid") {
			return
		}
		if p.expectKey(kwNull, "NULL") {
			c.NotNull = true
		}
		p.conflictClause()
	case kwDefault:
		p.next()
		c.Default = p.expr(precIs + 1)
	case kwPrimary:
		p.next()
		p.expectKey(kwKey, "KEY")
		c.PrimaryKey = true
		p.eatAny("asc", "desc")
		p.conflictClause()
		p.eatWords("autoincrement")
	case kwUnique:
		p.next()
		p.eatKey(kwKey)
		c.Unique = true
		p.eatWords("nulls", "not", "distinct")
		p.eatWords("nulls", "distinct")
		p.conflictClause()
	case kwReferences:
		c.References = p.reference()
	case kwCheck:
		p.next()
		c.Check = p.parens()
		p.eatWords("no", "inherit")
	case kwCollate:
		p.next()
		p.labels()
	case kwKey: // MySQL: a primary key
		p.next()
		c.PrimaryKey = true
	case kwNull, kwDeferrable, kwBinary, kwOn:
		p.next()
		if t.kw == kwOn { // ON UPDATE CURRENT_TIMESTAMP
			p.eatKey(kwUpdate)
			p.expr(precIs + 1)
		}
	case kwInitially, kwUsing:
		p.next()
		p.next()
		p.skipParens()
	case kwWith, kwAs:
		if t.kw == kwAs { // MySQL, SQLite: AS (expr)
			p.next()
			c.Generated = p.parens()
			p.eatAny("stored", "virtual", "persistent")
			return
		}
		p.next()
		p.skipParens()
	default:
		p.columnOption(c)
	}
}

// columnOption reads the options of a column that have words of their own.
func (p *parser) columnOption(c *ColumnDef) {
	switch {
	case p.atWord("generated"):
		p.next()
		p.eatAny("always", "by", "default")
		p.eatKeys(kwOn, kwNull)
		if !p.eatKey(kwAs) {
			return
		}
		if p.eatWords("identity") {
			p.skipParens()
			return
		}
		c.Generated = p.parens()
		p.eatAny("stored", "virtual", "persistent")
	case p.atWord("comment"), p.atWord("storage"), p.atWord("compression"), p.atWord("column_format"),
		p.atWord("charset"), p.atWord("srid"):
		p.next()
		p.eatOp("=")
		p.next()
	case p.eatWords("character", "set"):
		p.next()
	case p.eatWords("options"):
		p.skipParens()
	case p.atWord("after"), p.atKey(kwFirst):
		if !p.atKey(kwFirst) {
			p.next()
		}
		p.next()
	case p.eatWords("encode"):
		p.next()
	case p.eatWords("serial", "default", "value"):
		c.NotNull, c.Unique = true, true
	case p.at(tHole), p.at(tWord) && columnWords[foldedText(p, p.cur())]:
		p.next()
	}
}

// columnWords are the options of columns that need nothing behind them.
var columnWords = words("auto_increment autoincrement auto_random clustered deferred enforced hidden " +
	"immediate inherit invisible no nonclustered persistent stored valid virtual visible")

// conflictClause skips SQLite's ON CONFLICT of a constraint.
func (p *parser) conflictClause() {
	if p.eatKeys(kwOn, kwConflict) {
		p.next()
	}
}

// reference reads REFERENCES table (columns) with its actions.
func (p *parser) reference() *Reference {
	start := p.start()
	p.next()
	r := &Reference{Table: p.tableName()}
	r.Columns = p.nameList()
	r.Span = p.since(start)
	for {
		switch {
		case p.eatKey(kwMatch):
			p.next()
		case p.atKey(kwOn) && (p.peek(1).kw == kwDelete || p.peek(1).kw == kwUpdate):
			p.advance(2)
			if p.eatKey(kwSet) {
				p.next() // NULL or DEFAULT
				p.nameList()
			} else if !p.eatWords("no", "action") {
				p.next() // CASCADE or RESTRICT
			}
		default:
			return r
		}
	}
}

// constraint reads a constraint of a table, or a key of MySQL's; nil if none is at hand.
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

// beginsKey reports whether the words at hand begin a key of MySQL's CREATE TABLE.
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
			s.Command = foldedText(p, p.next())
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
		s.Kind = foldedText(p, p.next())
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
