package sqltext

import (
	"go/ast"
	"go/types"

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
		f.loop(func() {
			if s.Value != nil {
				f.store(s.Value, f.elementOf(over, s.Value))
			}
			f.block(s.Body.List)
		})
		return
	}
	f.rounds(s, elems)
}

// rounds reads the body of a loop once for each element.
func (f *frame) rounds(s *ast.RangeStmt, elems []value.Value) {
	for _, e := range elems {
		switch e := e.(type) {
		case *value.Splice:
			f.rounds(s, value.Within(e.Of))
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
