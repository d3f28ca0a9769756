package sqlast

import "strings"

// columnDef reads the definition of a column.
func (p *parser) columnDef() *ColumnDef {
	start := p.start()
	c := &ColumnDef{Name: p.columnDefName()}
	if !p.endsColumn() && !p.atColumnConstraint() && !p.atWord("options") {
		c.Type = p.typeName()
		for p.dialect() == SQLite && p.at(tWord) && p.cur().kw == kwNone && !p.atColumnConstraint() {
			c.Type.Name += " " + p.folded(p.next())
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
		c.Numbers = p.eatWords("autoincrement") || c.Numbers
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
	case kwUsing:
		p.next()
		p.eatAny("index", "tablespace")
		p.next()
	case kwInitially:
		p.advance(2)
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
			c.Numbers = true
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
	case p.at(tHole), p.at(tWord) && columnWords[p.folded(p.cur())]:
		c.Numbers = c.Numbers || strings.HasPrefix(p.folded(p.cur()), "auto")
		p.next()
	}
}

// columnWords are the options of columns that need nothing after them.
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
			deletes := p.peek(1).kw == kwDelete
			p.advance(2)
			if p.eatWords("cascade") {
				r.Cascade = r.Cascade || deletes
			} else if p.eatKey(kwSet) {
				p.next() // NULL or DEFAULT
				p.nameList()
			} else if !p.eatWords("no", "action") {
				p.next() // RESTRICT
			}
		default:
			return r
		}
	}
}
