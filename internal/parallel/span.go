package parallel

import (
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// A span says when code ends that a function runs.
type span int8

const (
	within   span = iota // in the function, or what it calls
	inner                // in a subtest that the function waits for
	outlives             // in a parallel subtest, which goes on when the function is over
)

// subtest is the span of a subtest that is started in one.
func (s span) subtest(parallel bool) span {
	switch {
	case s != within:
		return s
	case parallel:
		return outlives
	}
	return inner
}

// A Span is what runs because a function does.
type Span struct {
	Own   map[*flow.Func]bool // it, and what it runs in the same test
	After map[*flow.Func]bool // what parallel subtests run, which go on when it is over
}

// Span returns what runs because f does, whoever calls it; left as for Walk.
func (p *Package) Span(f *flow.Func, left *int) *Span {
	s := &Span{Own: map[*flow.Func]bool{}, After: map[*flow.Func]bool{}}
	p.walk(f, &walker{left: left, spans: true, anyCaller: f.When&testscope.PerTest == 0, visit: func(f *flow.Func, at Where) {
		switch at.span {
		case within:
			s.Own[f] = true
		case outlives:
			s.After[f] = true
		}
	}})
	return s
}
