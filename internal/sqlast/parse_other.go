package sqlast

import "strings"

// other skips a statement that is not analysed.
func (p *parser) other() *Other {
	s := &Other{Keywords: p.leadingWords()}
	if first, _, _ := strings.Cut(s.Keywords, " "); !verbs[first] {
		p.problem(p.start(), "statement expected")
	}
	p.skipOther(s)
	return s
}

// leadingWords returns the first words of a statement in upper case, at most three,
// without those that are names.
func (p *parser) leadingWords() string {
	var words []string
	for n := 0; n < 3 && p.peek(n).kind == tWord; n++ {
		w := strings.ToUpper(p.text(p.peek(n)))
		if n > 0 && !statementWords[w] {
			break
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

// verbs are the words that begin the statements that are not analysed.
var verbs = words("ABORT ALTER ANALYZE ANALYSE ATTACH BEGIN BINLOG CACHE CALL CHANGE CHECK CHECKPOINT CLOSE CLUSTER COMMENT " +
	"COMMIT CREATE DEALLOCATE DECLARE DESC DESCRIBE DETACH DISCARD DO DROP END EXECUTE EXPLAIN FETCH FLUSH GRANT HANDLER " +
	"HELP IMPORT INSTALL KILL LISTEN LOAD LOCK MOVE NOTIFY OPTIMIZE PRAGMA PREPARE PURGE REASSIGN REFRESH REINDEX " +
	"RELEASE RENAME REPAIR RESET RESTART REVOKE ROLLBACK SAVEPOINT SECURITY SET SHOW SHUTDOWN START STOP TABLE " +
	"UNINSTALL UNLISTEN UNLOCK USE VACUUM XA")

var statementWords = words("OR REPLACE TABLE VIEW INDEX TYPE FUNCTION PROCEDURE TRIGGER EVENT EXTENSION SEQUENCE DOMAIN " +
	"AGGREGATE OPERATOR ROLE USER GROUP SCHEMA DATABASE MATERIALIZED TRANSACTION WORK RULE CAST COLLATION " +
	"PUBLICATION SUBSCRIPTION SERVER FOREIGN TEXT SEARCH POLICY DEFAULT PRIVILEGES SYSTEM TABLESPACE " +
	"LANGUAGE STATISTICS ACCESS METHOD CONSTRAINT EVENT VIRTUAL TO SAVEPOINT TABLES UNIQUE ALL LARGE OBJECT OWNED")

func words(list string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// skipOther skips to the end of the statement. The body of a routine or a trigger, and the
// parentheses of a rule, may have semicolons.
func (p *parser) skipOther(s *Other) {
	routine := strings.HasPrefix(s.Keywords, "CREATE") &&
		(strings.Contains(s.Keywords, "TRIGGER") || strings.Contains(s.Keywords, "FUNCTION") ||
			strings.Contains(s.Keywords, "PROCEDURE") || strings.Contains(s.Keywords, "EVENT") ||
			strings.Contains(s.Keywords, "OR REPLACE"))
	rule := strings.HasPrefix(s.Keywords, "CREATE") && strings.HasSuffix(s.Keywords, "RULE")
	depth := 0
	for {
		t := p.next()
		switch {
		case rule && t.kind == tLParen:
			depth++
		case rule && t.kind == tRParen:
			depth--
		case t.kind == tString && s.Body == Span{} && p.src[t.start] == '$':
			s.Body = dollarBody(p.src, t)
		case routine && t.kw == kwBegin, depth > 0 && t.kw == kwCase:
			depth++
		case depth > 0 && t.kw == kwEnd:
			switch p.folded(p.cur()) {
			case "if", "loop", "while", "repeat", "for":
			default:
				depth--
			}
			if p.atKey(kwCase) {
				p.next()
			}
		case t.kind == tEOF:
			if depth <= 0 || !p.more() {
				return
			}
		}
	}
}

// dollarBody returns the span of what a dollar-quoted string holds.
func dollarBody(src string, t *token) Span {
	tag := strings.IndexByte(src[t.start+1:t.end], '$') + 2
	s := t.span()
	return Span{s.Start + tag, max(s.Start+tag, s.End-tag)}
}

// wrapped reads EXPLAIN, PREPARE … AS and DECLARE … CURSOR FOR with the statement
// within.
func (p *parser) wrapped() Stmt {
	start := p.start()
	s := &Other{Keywords: strings.ToUpper(p.text(p.cur()))}
	kw := p.next().kw
	for !p.at(tEOF) {
		switch t := p.cur(); {
		case kw == kwPrepare && t.kw == kwAs, kw == kwDeclare && t.kw == kwFor:
			p.next()
			s.Inner = p.innerStatement()
			s.Span = p.since(start)
			return s
		case kw == kwExplain || kw == kwDesc:
			if p.beginsStatement(t) || t.kw == kwValues || t.kw == kwCreate || t.kw == kwDeclare || t.kw == kwTable {
				s.Inner = p.innerStatement()
				s.Span = p.since(start)
				return s
			}
			if t.kind == tLParen && p.beginsQuery(1) {
				s.Inner = p.innerStatement()
				s.Span = p.since(start)
				return s
			}
		}
		p.skipOne()
	}
	s.Span = p.since(start)
	return s
}

// set reads SET and RESET.
func (p *parser) set() Stmt {
	start := p.start()
	s := &Set{}
	reset := p.next().kw == kwReset
	switch {
	case p.eatWords("local"):
		s.Local = true
	case p.atWord("session") && p.peek(1).kind == tWord || p.atWord("global"):
		p.next()
	}
	switch {
	case p.eatWords("time", "zone"):
		s.Name = "time zone"
	case p.atWord("role"), p.atWord("transaction"), p.atKey(kwAuthorization), p.atWord("names"),
		p.atWord("constraints"), p.atWord("characteristics"):
		s.Name = p.folded(p.next())
	case p.at(tParam):
		s.Name = p.text(p.next())
	case reset && p.atKey(kwAll):
		s.Name = "all"
		p.next()
	default:
		s.Name = p.labels().String()
	}
	for !p.at(tEOF) && !p.at(tRParen) {
		t := p.cur()
		switch {
		case t.kind == tComma, t.kw == kwTo, p.isOp(t, "="), p.isOp(t, ":="), t.kw == kwDefault,
			p.reserved(t.kw) && !t.kw.is(operand):
			p.next()
		default:
			pos := p.pos
			s.Values = append(s.Values, p.expr(precCompare+1))
			if p.pos == pos {
				p.skipOne()
			}
		}
	}
	s.Span = p.since(start)
	return s
}

// truncate reads TRUNCATE.
func (p *parser) truncate() Stmt {
	start := p.start()
	p.next()
	p.eatKey(kwTable)
	s := &Truncate{}
	for {
		at := p.start()
		only := p.eatKey(kwOnly)
		t := &TableRef{Only: only, Name: p.tableName()}
		p.eatOp("*")
		t.Span = p.since(at)
		s.Tables = append(s.Tables, t)
		if !p.eat(tComma) {
			break
		}
	}
	p.eatAny("restart", "continue", "identity", "cascade", "restrict")
	for p.at(tHole) {
		p.next()
	}
	s.Span = p.since(start)
	return s
}

// copy reads COPY.
func (p *parser) copy() Stmt {
	start := p.start()
	p.next()
	s := &Copy{}
	if p.at(tLParen) {
		p.next()
		s.Query = p.innerStatement()
		p.closeStatement(s.Query)
	} else {
		at := p.start()
		s.Table = &TableRef{Name: p.tableName()}
		s.Table.Span = p.since(at)
		s.Columns = p.nameList()
	}
	s.From = p.atKey(kwFrom)
	p.copiesData = s.From && p.isWord(p.peek(1), "stdin")
	for !p.at(tEOF) {
		if p.eatKey(kwWhere) {
			s.Where = p.expr(0)
		} else {
			p.skipOne()
		}
	}
	s.Span = p.since(start)
	return s
}
