package sqlast

import "strings"

// statement reads the statement of the current tokens.
func (p *parser) statement() Stmt {
	start := p.start()
	s := p.innerStatement()
	for !p.at(tEOF) {
		pos := p.pos
		p.unexpected("unexpected " + p.describe())
		p.resume(s)
		if p.pos == pos {
			p.next()
		}
	}
	s.setSpan(p.since(start))
	return s
}

// closeStatement consumes the parenthesis that closes a statement within another.
func (p *parser) closeStatement(s Stmt) {
	if q, ok := s.(*Select); ok {
		p.closeQuery(q)
		return
	}
	for !p.at(tRParen) && !p.at(tEOF) {
		pos := p.pos
		p.unexpected("unexpected " + p.describe())
		p.resume(s)
		if p.pos == pos {
			p.skipOne()
		}
	}
	p.closeParen()
}

// describe names the current token for a message.
func (p *parser) describe() string {
	switch t := p.cur(); t.kind {
	case tEOF:
		return "end"
	case tHole:
		return "text"
	default:
		s := p.text(t)
		if len(s) > 20 {
			s = s[:20] + "…"
		}
		return strings.ToValidUTF8(strings.ReplaceAll(s, "\n", " "), "?")
	}
}

// resume reads the clauses of s that follow something that could not be read.
func (p *parser) resume(s Stmt) {
	switch s := s.(type) {
	case *Select:
		p.restOfQuery(s)
	case *Insert:
		p.insertClauses(s)
	case *Update:
		p.updateClauses(s)
	case *Delete:
		p.deleteClauses(s)
	case *Merge:
		p.mergeClauses(s)
	case *CreateView:
		if s.Query != nil {
			p.restOfQuery(s.Query)
		}
	}
}

// innerStatement reads a statement up to where it cannot go on.
func (p *parser) innerStatement() Stmt {
	if !p.enter() {
		return &Other{}
	}
	defer p.leave()
	start := p.start()
	var holes []*Hole
	for p.at(tHole) && p.beginsStatement(p.beyondHoles()) {
		holes = append(holes, p.hole(NoClause))
	}
	var with *With
	if p.atKey(kwWith) {
		with = p.with()
		for p.at(tHole) && p.beginsStatement(p.beyondHoles()) {
			holes = append(holes, p.hole(NoClause))
		}
	}
	s := p.bareStatement()
	if with != nil {
		p.setWith(s, with)
	}
	if len(holes) > 0 {
		addHoles(s, holes)
	}
	s.setSpan(p.since(start))
	return s
}

// beginsStatement reports whether t begins one of the statements that may have a hole
// before them.
func (p *parser) beginsStatement(t *token) bool {
	switch t.kw {
	case kwSelect, kwInsert, kwUpdate, kwDelete, kwWith, kwMerge, kwReplace:
		return true
	}
	return false
}

func (p *parser) bareStatement() Stmt {
	switch t := p.cur(); t.kw {
	case kwSelect, kwTable:
		return p.query()
	case kwValues:
		if p.beginsQuery(0) || p.peek(1).kind == tLParen {
			return p.query()
		}
	case kwInsert, kwReplace:
		return p.insert()
	case kwUpdate:
		return p.update()
	case kwDelete:
		return p.delete()
	case kwMerge:
		return p.merge()
	case kwCreate:
		return p.create()
	case kwAlter:
		return p.alter()
	case kwDrop:
		return p.drop()
	case kwTruncate:
		return p.truncate()
	case kwRename:
		return p.renameTable()
	case kwCopy:
		return p.copy()
	case kwSet, kwReset:
		return p.set()
	case kwExplain, kwDesc, kwPrepare, kwDeclare:
		return p.wrapped()
	default:
		if t.kind == tLParen || t.kind == tHole {
			return p.query()
		}
	}
	return p.other()
}

// addHoles puts holes that stand before a statement with its others.
func addHoles(s Stmt, holes []*Hole) {
	switch s := s.(type) {
	case *Select:
		s.Holes = append(holes, s.Holes...)
	case *Insert:
		s.Holes = append(holes, s.Holes...)
	case *Update:
		s.Holes = append(holes, s.Holes...)
	case *Delete:
		s.Holes = append(holes, s.Holes...)
	case *Merge:
		s.Holes = append(holes, s.Holes...)
	}
}
