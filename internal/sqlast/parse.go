package sqlast

import "strings"

const (
	maxLength = 8 << 20 // bytes of a text
	maxTokens = 1 << 19 // of a statement
	maxDepth  = 300     // nested expressions and queries
	maxLinks  = 10_000  // operators, joins and set operations in the chains of a statement
)

// parser reads statement by statement: toks are the tokens of the current one and end with
// a tEOF.
//
// No method fails. On text that it cannot read, a method calls unexpected, which records a
// problem and skips to the next comma, closing parenthesis, keyword that begins a clause,
// or the end. Its callers go on from there.
type parser struct {
	lex   lexer
	src   string
	toks  []token
	pos   int
	depth int // current depth
	links int // of the current statement
	// inParens is true where the next closing parenthesis ends an expression, not a
	// query.
	inParens bool
	// copiesData is true if the current statement is COPY … FROM STDIN.
	copiesData bool
	file       *File
	names      []Name      // what newNames cuts from
	columns    []ColumnRef // what newColumn cuts from
}

// Read reads the statements of src. It never returns nil.
func Read(src string, opts Options) *File {
	f := &File{Src: src}
	p, ok := newParser(f, opts)
	for ok && p.fill() {
		if p.cur().kind != tEOF {
			f.Stmts = append(f.Stmts, p.statement())
		}
		if p.copiesData {
			p.lex.skipCopyData()
		}
	}
	f.Comments = p.lex.comments
	f.Problems = append(f.Problems, p.lex.problems...)
	f.settle()
	return f
}

// ReadExpr reads a condition without a statement, as query builders take it. It never
// returns nil; the second result lists what could not be read.
func ReadExpr(src string, opts Options) (Expr, []Problem) {
	f := &File{Src: src}
	p, ok := newParser(f, opts)
	if !ok {
		return &Unknown{Span: Span{0, len(src)}}, f.Problems
	}
	p.fill()
	p.inParens = true // only the end of the condition follows
	e := p.expr(0)
	if p.at(tHole) {
		e = p.and(e.Bounds().Start, e, p.hole(NoClause))
	}
	if !p.at(tEOF) || p.fill() {
		p.unexpected("unexpected " + p.describe())
	}
	return e, p.lex.problems
}

// newParser returns a parser of f.Src; it reports false if the text is too long.
func newParser(f *File, opts Options) (parser, bool) {
	if len(f.Src) > maxLength {
		f.Problems = []Problem{{Span: Span{0, len(f.Src)}, Msg: "text is too long to be read", Limit: true}}
		return parser{}, false
	}
	return parser{
		lex:  lexer{src: f.Src, dialect: opts.Dialect},
		src:  f.Src,
		toks: make([]token, 0, min(len(f.Src)/3+8, 4096)),
		file: f,
	}, true
}

// fill reads the tokens of the next statement; it reports false at the end of the
// text.
func (p *parser) fill() bool {
	p.toks, p.pos, p.depth, p.links, p.inParens, p.copiesData = p.toks[:0], 0, 0, 0, false, false
	return p.more()
}

// more appends the tokens up to the next semicolon or the end of the text.
func (p *parser) more() bool {
	if n := len(p.toks); n > 0 {
		p.toks = p.toks[:n-1] // the tEOF
	}
	any := false
	for {
		t := p.lex.next()
		any = any || t.kind != tEOF
		if t.kind == tEOF || t.kind == tSemicolon {
			t.kind, t.end = tEOF, t.start
			p.toks = append(p.toks, t)
			return any
		}
		switch {
		case len(p.toks) < maxTokens:
			p.toks = append(p.toks, t)
		case len(p.toks) == maxTokens:
			p.toks = append(p.toks, token{kind: tBad, start: t.start, end: t.end})
			p.lex.problem(int(t.start), int(t.end), "statement is too long to be read to its end")
			p.beyond()
		}
	}
}

func (p *parser) dialect() Dialect { return p.lex.dialect }

func (p *parser) cur() *token { return &p.toks[p.pos] }

func (p *parser) peek(n int) *token { return &p.toks[min(p.pos+n, len(p.toks)-1)] }

func (p *parser) next() *token {
	t := &p.toks[p.pos]
	if t.kind != tEOF {
		p.pos++
	}
	return t
}

// advance consumes n tokens, as far as there are any.
func (p *parser) advance(n int) { p.pos = min(p.pos+n, len(p.toks)-1) }

// start returns the offset of the current token.
func (p *parser) start() int { return int(p.toks[p.pos].start) }

// since returns the span from start to the end of the token before.
func (p *parser) since(start int) Span {
	if p.pos == 0 {
		return Span{start, start}
	}
	return Span{start, max(start, int(p.toks[p.pos-1].end))}
}

func (p *parser) text(t *token) string { return p.src[t.start:t.end] }

// folded returns the text of a word in lower case.
func (p *parser) folded(t *token) string {
	if !t.upper {
		return p.text(t)
	}
	return strings.ToLower(p.text(t))
}

func (t *token) span() Span { return Span{int(t.start), int(t.end)} }

func (p *parser) at(k tokenKind) bool   { return p.toks[p.pos].kind == k }
func (p *parser) atKey(kw keyword) bool { return p.toks[p.pos].kw == kw }

// atKeys reports whether the keywords are next, in this order.
func (p *parser) atKeys(kws ...keyword) bool {
	for i, kw := range kws {
		if p.peek(i).kw != kw {
			return false
		}
	}
	return true
}

func (p *parser) eat(k tokenKind) bool {
	if p.toks[p.pos].kind == k {
		p.next()
		return true
	}
	return false
}

func (p *parser) eatKey(kw keyword) bool {
	if p.toks[p.pos].kw == kw {
		p.pos++
		return true
	}
	return false
}

func (p *parser) eatKeys(kws ...keyword) bool {
	if p.atKeys(kws...) {
		p.pos += len(kws)
		return true
	}
	return false
}

// isWord reports whether t is the unquoted word, which is given in lower case.
func (p *parser) isWord(t *token, word string) bool {
	return t.kind == tWord && equalLower(p.text(t), word)
}

func (p *parser) atWord(word string) bool { return p.isWord(p.cur(), word) }

// eatWords consumes the words if they are next, in this order.
func (p *parser) eatWords(words ...string) bool {
	for i, w := range words {
		if !p.isWord(p.peek(i), w) {
			return false
		}
	}
	p.pos += len(words)
	return true
}

// eatAny consumes words as long as they are among those given.
func (p *parser) eatAny(words ...string) {
	for p.at(tWord) {
		found := false
		for _, w := range words {
			found = found || p.atWord(w)
		}
		if !found {
			return
		}
		p.next()
	}
}

func (p *parser) isOp(t *token, op string) bool { return t.kind == tOp && p.text(t) == op }

func (p *parser) eatOp(op string) bool {
	if p.isOp(p.cur(), op) {
		p.next()
		return true
	}
	return false
}

// expect consumes a token of kind k, which messages call name. If the next one is of another kind, it records a
// problem and skips to one of kind k, if there is one nearby.
func (p *parser) expect(k tokenKind, name string) {
	if p.eat(k) {
		return
	}
	p.unexpected(name + " expected")
	p.eat(k)
}

func (p *parser) expectKey(kw keyword, name string) bool {
	if p.eatKey(kw) {
		return true
	}
	p.unexpected(name + " expected")
	return p.eatKey(kw)
}

// closeParen skips to the closing parenthesis and consumes it.
func (p *parser) closeParen() {
	if p.eat(tRParen) {
		return
	}
	start := p.start()
	for !p.at(tRParen) && !p.at(tEOF) {
		p.skipOne()
	}
	p.problem(start, ") expected")
	p.eat(tRParen)
}

// skipOne skips a token, or a parenthesised group as a whole.
func (p *parser) skipOne() {
	depth := 0
	for {
		switch p.next().kind {
		case tLParen:
			depth++
		case tRParen:
			depth--
		case tEOF:
			return
		}
		if depth <= 0 {
			return
		}
	}
}

// skipParens skips a parenthesised group if one is next.
func (p *parser) skipParens() bool {
	if p.at(tLParen) {
		p.skipOne()
		return true
	}
	return false
}

// unexpected records a problem at the current token and skips to the next comma,
// closing parenthesis or keyword that begins a clause, or to the end.
func (p *parser) unexpected(msg string) {
	start := p.start()
	for !p.at(tEOF) && !p.at(tRParen) && !p.at(tComma) && !p.cur().kw.is(boundary) {
		p.skipOne()
	}
	p.problem(start, msg)
}

// problem records a problem from start to the token before, or at the current token
// if that is nothing; at the end of a statement, after its last token. One that touches
// the problem before it extends that.
func (p *parser) problem(start int, msg string) {
	s := p.since(start)
	switch {
	case s.End > start:
	case p.at(tEOF):
		end := p.since(0).End
		s = Span{end, end}
	default:
		s = p.cur().span()
	}
	list := p.lex.problems
	if n := len(list); n > 0 && list[n-1].Start <= s.Start && list[n-1].End >= s.Start {
		list[n-1].End = max(list[n-1].End, s.End)
		return
	}
	p.lex.problems = append(list, Problem{Span: s, Msg: msg})
}

// enter counts a level of nesting; past the limit it gives up on the statement.
func (p *parser) enter() bool {
	p.depth++
	if p.depth <= maxDepth {
		return true
	}
	p.giveUp("nested too deeply")
	return false
}

func (p *parser) leave() { p.depth-- }

// link counts a node that has the one before it as its left part. Chains of them make
// trees that are deep without nesting; past the limit it gives up on the statement.
func (p *parser) link() bool {
	p.links++
	if p.links <= maxLinks {
		return true
	}
	p.giveUp("too many operators")
	return false
}

func (p *parser) giveUp(msg string) {
	start := p.start()
	p.pos = len(p.toks) - 1
	p.problem(start, msg)
	p.beyond()
}

// beyond marks the last problem as one of the reader's bounds.
func (p *parser) beyond() { p.lex.problems[len(p.lex.problems)-1].Limit = true }

// hole consumes the hole that is next.
func (p *parser) hole(after Clause) *Hole {
	t := p.next()
	return &Hole{Span: t.span(), Index: int(t.hole), After: after}
}

// clauseHole consumes the hole that is next, if there is one, into list; not one between two
// queries.
func (p *parser) clauseHole(list *[]*Hole, after Clause) bool {
	if !p.at(tHole) || p.peek(1).kw == kwSelect {
		return false
	}
	*list = append(*list, p.hole(after))
	return true
}
