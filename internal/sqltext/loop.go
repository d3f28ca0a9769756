package sqltext

import (
	"go/ast"
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
	if over.Kind != list && over.Kind != record || len(over.Kids) == 0 || size(over) > maxUnroll {
		f.loop(func() {
			if s.Value != nil {
				f.store(s.Value, f.elementOf(over, s.Value))
			}
			f.block(s.Body.List)
		})
		return
	}
	f.rounds(s, over.Kids)
}

// rounds reads the body of a loop once for each element.
func (f *frame) rounds(s *ast.RangeStmt, kids []*value) {
	for _, kid := range kids {
		if kid.Kind == either {
			var after []env
			before := f.env
			for _, alternative := range kid.Kids {
				f.env = before.clone()
				f.rounds(s, alternative.Kids)
				after = append(after, f.env)
			}
			f.env = joinAll(kid.Key, kid.Cond, after)
			continue
		}
		f.loop(func() {
			key := s.Key
			if kid.Kind == entry {
				if key != nil {
					f.store(key, static(kid.Text, kid.pos))
				}
				kid = kid.Kids[0]
			}
			if s.Value != nil {
				f.store(s.Value, kid)
			}
			f.block(s.Body.List)
		})
	}
}

// size returns the number of elements, those of all alternatives together.
func size(v *value) int {
	n := 0
	for _, kid := range v.Kids {
		if kid.Kind == either {
			for _, alternative := range kid.Kids {
				n += size(alternative)
			}
		} else {
			n++
		}
	}
	return n
}

// elementOf returns some element of a list.
func (f *frame) elementOf(v *value, at ast.Expr) *value {
	if (v.Kind == list || v.Kind == record) && len(v.Kids) > 0 {
		var kids []*value
		for _, kid := range v.Kids {
			if kid.Kind == entry {
				kid = kid.Kids[0]
			}
			kids = append(kids, kid)
		}
		return choose(f.key(at.Pos()), nil, kids...)
	}
	return unknown(at, f.typeOf(at))
}
