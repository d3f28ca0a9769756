package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// loop reads the body of a loop once, as if it always ran: queries that a loop
// builds are seldom run when there is nothing to loop over.
func (f *frame) loop(body func()) {
	before := f.env.clone()
	body()
	if f.env.dead {
		f.env = before
	}
}

func (f *frame) rangeStmt(s *ast.RangeStmt) {
	over := f.eval(s.X)
	_, isChoice := over.(*value.Choice)
	elems := value.Within(over)
	if isChoice || len(elems) == 0 || size(elems) > maxUnroll {
		f.inRounds(s.Key, func() { f.unknownRounds(s, over) })
		return
	}
	f.inRounds(s.Key, func() { f.rounds(s, elems) })
}

// unknownRounds reads a loop over a list that is not known. Callers may know it: a text to
// which each round adds its element has the list joined.
func (f *frame) unknownRounds(s *ast.RangeStmt, over value.Value) {
	if s.Value == nil {
		f.loop(func() { f.block(s.Body.List) })
		return
	}
	e, before := f.elementOf(over, s.Value), f.env.clone()
	f.loop(func() { f.round(s, e) })
	if !value.IsOpen(over) {
		return
	}
	first := map[types.Object]addition{}
	for obj, v := range f.env.vars {
		if a, ok := added(before.vars[obj], v, e); ok {
			first[obj] = a
		}
	}
	if len(first) == 0 || f.asksWithin(s.Body) {
		return
	}
	later := f.laterRound(s, e, first)
	for obj, a := range first {
		if b, ok := added(something, later[obj], e); ok && a.behind == b.behind {
			f.env.vars[obj] = value.Concat(before.vars[obj], &value.Join{
				Origin: value.Origin{Pos: s.Value.Pos()},
				List:   over, Before: a.before, Sep: a.behind + b.before, Behind: a.behind,
			})
		}
	}
}

// asksWithin reports whether code hands queries to a database, or makes some.
func (f *frame) asksWithin(code ast.Node) bool {
	within := func(pos token.Pos) bool { return code.Pos() <= pos && pos < code.End() }
	for pos := range f.asked {
		if within(pos) {
			return true
		}
	}
	for pos := range f.sites {
		if within(pos) {
			return true
		}
	}
	return false
}

// something stands for what the rounds before have made of a text.
var something = value.Static(" ", token.NoPos)

// laterRound returns the values after a round that is not the first one, for which the texts
// hold something. It leaves no trace.
func (f *frame) laterRound(s *ast.RangeStmt, e value.Value, texts map[types.Object]addition) map[types.Object]value.Value {
	env, returns, queries := f.env, f.returns, f.queries
	defer func() { f.env, f.returns, f.queries = env, returns, queries }()
	f.env = env.clone()
	for obj := range texts {
		f.env.vars[obj] = something
	}
	f.setRound(s.Key, true)
	f.loop(func() { f.round(s, e) })
	return f.env.vars
}

// An addition is the constant text around an element that a round of a loop adds.
type addition struct{ before, behind string }

// added returns what a round adds to the text old with its element, if that is all it does.
func added(old, now, elem value.Value) (a addition, ok bool) {
	if old == nil || now == nil || old == now {
		return a, false
	}
	had, has := value.Parts(old), value.Parts(now)
	if len(had) >= len(has) || !slices.Equal(had, has[:len(had)]) {
		return a, false
	}
	for _, part := range has[len(had):] {
		if c, isChoice := part.(*value.Choice); isChoice {
			if t, isText := c.Cond.(*value.Text); isText { // what the text held before
				part = c.Alternatives[0]
				if t.S == "" {
					part = c.Alternatives[1]
				}
			}
		}
		text, plain := value.Plain(part)
		switch {
		case part == elem && !ok:
			ok = true
		case !plain:
			return a, false
		case ok:
			a.behind += text
		default:
			a.before += text
		}
	}
	return a, ok
}

// forStmt reads the body of a loop that may count.
func (f *frame) forStmt(s *ast.ForStmt) {
	f.optional(s.Init)
	f.evalOptional(s.Cond)
	var index ast.Expr
	if init, ok := s.Init.(*ast.AssignStmt); ok && len(init.Lhs) == 1 {
		index = init.Lhs[0]
	}
	f.inRounds(index, func() { f.loop(func() { f.block(s.Body.List); f.optional(s.Post) }) })
}

// inRounds reads what a loop does, of which the index tells the first round.
func (f *frame) inRounds(index ast.Expr, read func()) {
	f.setRound(index, false)
	read()
	if id, ok := index.(*ast.Ident); ok {
		delete(f.later, f.info.ObjectOf(id))
	}
}

func (f *frame) setRound(index ast.Expr, later bool) {
	if id, ok := index.(*ast.Ident); ok && f.info.ObjectOf(id) != nil {
		f.later[f.info.ObjectOf(id)] = later
	}
}

// inRound says whether a condition holds that asks if a round is the first one, as where
// separators are written: i > 0.
func (f *frame) inRound(cond ast.Expr) (holds, ok bool) {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return false, false
	}
	id, isID := ast.Unparen(b.X).(*ast.Ident)
	n := f.info.Types[b.Y].Value
	if !isID || n == nil || n.ExactString() != "0" {
		return false, false
	}
	later, ok := f.later[f.info.ObjectOf(id)]
	switch b.Op {
	case token.GTR, token.NEQ:
		return later, ok
	case token.EQL:
		return !later, ok
	}
	return false, false
}

// rounds reads the body of a loop once for each element.
func (f *frame) rounds(s *ast.RangeStmt, elems []value.Value) {
	for _, e := range elems {
		switch e := e.(type) {
		case *value.Splice:
			if value.IsBase(e.Of) {
				f.unknownRounds(s, e.Of)
				f.setRound(s.Key, true)
			} else {
				f.rounds(s, value.Within(e.Of))
			}
		case *value.Choice:
			var after []env
			before := f.env
			for _, alternative := range e.Alternatives {
				f.env = before.clone()
				f.rounds(s, value.Within(alternative))
				after = append(after, f.env)
			}
			f.env = joinAll(e.Key, e.Cond, after)
		default:
			f.loop(func() { f.round(s, e) })
			f.setRound(s.Key, true)
		}
	}
}

func (f *frame) round(s *ast.RangeStmt, e value.Value) {
	if entry, ok := e.(*value.Entry); ok {
		if s.Key != nil {
			f.store(s.Key, value.Static(entry.Name, entry.Pos))
		}
		e = entry.Of
	}
	if s.Value != nil {
		f.store(s.Value, e)
	}
	f.block(s.Body.List)
}

// size returns the number of elements, those of all alternatives together.
func size(elems []value.Value) int {
	n := 0
	for _, e := range elems {
		switch e := e.(type) {
		case *value.Splice:
			n += size(value.Within(e.Of))
		case *value.Choice:
			for _, alternative := range e.Alternatives {
				n += size(value.Within(alternative))
			}
		default:
			n++
		}
	}
	return n
}

// elementOf returns some element of a list.
func (f *frame) elementOf(v value.Value, at ast.Expr) value.Value {
	_, isChoice := v.(*value.Choice)
	if elems := value.Within(v); len(elems) > 0 && !isChoice {
		var some []value.Value
		for _, e := range elems {
			if entry, ok := e.(*value.Entry); ok {
				e = entry.Of
			}
			some = append(some, e)
		}
		return value.Choose(f.key(at.Pos()), nil, some...)
	}
	if _, ok := f.TypeOf(at).Underlying().(*types.Signature); ok && value.IsOpen(v) {
		return &value.Splice{Origin: value.Origin{Pos: at.Pos()}, Of: v} // all are called
	}
	return value.Unknown(at, f.TypeOf(at))
}
