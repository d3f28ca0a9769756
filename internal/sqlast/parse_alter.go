package sqlast

// alter reads ALTER of tables and policies, and skips that of other things.
func (p *parser) alter() Stmt {
	start := p.start()
	at := p.pos
	p.next()
	switch {
	case p.eatKey(kwTable), p.eatWords("foreign", "table"):
	case p.eatWords("policy"):
		s := p.policy("alter")
		s.setSpan(p.since(start))
		return s
	default:
		p.pos = at
		return p.other()
	}
	if p.eatKeys(kwAll, kwIn) {
		p.pos = at
		return p.other()
	}
	s := &AlterTable{IfExists: p.ifExists()}
	p.eatKey(kwOnly)
	s.Table = p.tableName()
	p.eatOp("*")
	for !p.at(tEOF) {
		pos := p.pos
		if p.atKey(kwAdd) && p.columnsInParens() {
			p.addColumns(s)
		} else {
			s.Actions = append(s.Actions, p.alterAction())
		}
		if !p.eat(tComma) && p.pos == pos {
			p.skipOne()
		}
	}
	s.Span = p.since(start)
	return s
}

// columnsInParens reports whether the current ADD is MySQL's ADD (a int, b int).
func (p *parser) columnsInParens() bool {
	return p.peek(1).kind == tLParen || p.peek(1).kw == kwColumn && p.peek(2).kind == tLParen
}

// addColumns reads ADD (…) into one action a column.
func (p *parser) addColumns(s *AlterTable) {
	p.next()
	p.eatKey(kwColumn)
	p.next()
	for !p.at(tRParen) && !p.at(tEOF) {
		var a AlterAction
		start := p.start()
		p.alterAdd(&a)
		a.Span = p.since(start)
		s.Actions = append(s.Actions, a)
		if !p.eat(tComma) {
			break
		}
	}
	p.closeParen()
}

// alterAction reads one action of ALTER TABLE, up to the next comma.
func (p *parser) alterAction() AlterAction {
	start := p.start()
	var a AlterAction
	switch {
	case p.eatKey(kwAdd):
		p.alterAdd(&a)
	case p.eatKey(kwDrop):
		p.alterDrop(&a)
	case p.eatKey(kwRename):
		p.alterRename(&a)
	case p.eatKey(kwAlter):
		p.alterColumn(&a)
	case p.eatWords("modify"):
		p.eatKey(kwColumn)
		a.Kind = ModifyColumn
		a.Column = p.columnDef()
		a.Name = a.Column.Name
	case p.eatWords("change"):
		p.eatKey(kwColumn)
		a.Kind = ChangeColumn
		a.Name = p.label()
		a.Column = p.columnDef()
		a.NewName = a.Column.Name
	case p.eatWords("set", "schema"):
		a.Kind = SetSchema
		a.Name = p.label()
	default:
		p.alterState(&a)
	}
	for !p.at(tComma) && !p.at(tEOF) {
		a.Cascade = p.atKey(kwCascade) || a.Cascade
		p.skipOne()
	}
	a.Span = p.since(start)
	return a
}

// stateActions are the actions without arguments, by their words.
var stateActions = []struct {
	words []string
	kind  AlterKind
}{
	{[]string{"enable", "row", "level", "security"}, EnableRLS},
	{[]string{"disable", "row", "level", "security"}, DisableRLS},
	{[]string{"force", "row", "level", "security"}, ForceRLS},
	{[]string{"no", "force", "row", "level", "security"}, NoForceRLS},
	{[]string{"attach", "partition"}, AttachPartition},
	{[]string{"detach", "partition"}, DetachPartition},
	{[]string{"inherit"}, InheritTable},
	{[]string{"no", "inherit"}, NoInheritTable},
}

func (p *parser) alterState(a *AlterAction) {
	for _, s := range stateActions {
		if !p.eatWords(s.words...) {
			continue
		}
		a.Kind = s.kind
		switch s.kind {
		case AttachPartition, DetachPartition, InheritTable, NoInheritTable:
			a.Table = p.tableName()
		}
		return
	}
}

func (p *parser) alterAdd(a *AlterAction) {
	if c := p.constraint(); c != nil {
		a.Kind, a.Constraint, a.Name = AddConstraint, c, c.Name
		return
	}
	a.Kind = AddColumn
	p.eatKey(kwColumn)
	a.IfExists = p.ifNotExists()
	a.Column = p.columnDef()
	a.Name = a.Column.Name
}

func (p *parser) alterDrop(a *AlterAction) {
	switch {
	case p.eatKeys(kwPrimary, kwKey):
		a.Kind = DropPrimaryKey
		return
	case p.eatKey(kwConstraint), p.eatKeys(kwForeign, kwKey), p.eatKey(kwCheck),
		p.dialect() == MySQL && (p.eatKey(kwIndex) || p.eatKey(kwKey)):
		a.Kind = DropConstraint
	case p.dialect() == MySQL && p.eatKey(kwPartition):
		return
	default:
		a.Kind = DropColumn
		p.eatKey(kwColumn)
	}
	a.IfExists = p.ifExists()
	a.Name = p.label()
}

func (p *parser) alterRename(a *AlterAction) {
	switch {
	case p.eatKey(kwTo), p.eatKey(kwAs):
		a.Kind = RenameTable
		a.Table = p.tableName()
		return
	case p.eatKey(kwConstraint):
		a.Kind = RenameConstraint
	case p.dialect() == MySQL && (p.eatKey(kwIndex) || p.eatKey(kwKey)):
	case p.dialect() == MySQL && !p.atKey(kwColumn):
		a.Kind = RenameTable
		a.Table = p.tableName()
		return
	default:
		p.eatKey(kwColumn)
		a.Kind = RenameColumn
	}
	a.Name = p.label()
	if p.expectKey(kwTo, "TO") {
		a.NewName = p.label()
	}
}

func (p *parser) alterColumn(a *AlterAction) {
	if p.eatKey(kwConstraint) || p.eatKey(kwIndex) {
		return
	}
	p.eatKey(kwColumn)
	a.Name = p.label()
	switch {
	case p.eatWords("set", "data", "type"), p.eatWords("type"):
		a.Kind = AlterType
		a.Column = &ColumnDef{Name: a.Name, Type: p.typeName()}
		a.Column.Span = Span{a.Name.Start, a.Column.Type.End}
	case p.eatWords("set", "not", "null"):
		a.Kind = SetNotNull
	case p.eatWords("drop", "not", "null"):
		a.Kind = DropNotNull
	case p.eatWords("set", "default"):
		a.Kind = SetDefault
		a.Column = &ColumnDef{Name: a.Name, Default: p.expr(precIs + 1)}
		a.Column.Span = p.since(a.Name.Start)
	case p.eatWords("drop", "default"):
		a.Kind = DropDefault
	}
}

// renameTable reads MySQL's RENAME TABLE a TO b, c TO d: one statement a table, of which
// it returns the last.
func (p *parser) renameTable() Stmt {
	start := p.start()
	if p.peek(1).kw != kwTable {
		return p.other()
	}
	p.advance(2)
	for {
		s := &AlterTable{Table: p.tableName()}
		at := p.start()
		if p.expectKey(kwTo, "TO") {
			a := AlterAction{Kind: RenameTable, Table: p.tableName()}
			a.Span = p.since(at)
			s.Actions = []AlterAction{a}
		}
		s.Span = p.since(start)
		if !p.eat(tComma) {
			return s
		}
		p.file.Stmts = append(p.file.Stmts, s)
	}
}
