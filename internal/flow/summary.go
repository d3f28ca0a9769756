package flow

import "slices"

// Summaries are what an asker finds out about the functions of a package, each from what is
// known of others: of those that it calls, and of those that it comes upon on other ways, as
// through a field. A function that asks for a summary that is made later, or that changes, is
// summarized again, within bounds. What is not made is the zero S.
type Summaries[S any] struct {
	Make func(*Func) S
	Same func(before, after S) bool

	known  map[*Func]S
	rounds map[*Func]int            // how often a summary was made
	askers map[*Func]map[*Func]bool // by function: those that have asked for its summary
	stale  map[*Func]bool
	asking *Func // nil when all are made
}

// Run makes the summaries of the functions that are wanted.
func (s *Summaries[S]) Run(p *Package, wanted func(*Func) bool) {
	s.known, s.rounds, s.askers, s.stale = map[*Func]S{}, map[*Func]int{}, map[*Func]map[*Func]bool{}, map[*Func]bool{}
	for _, f := range p.Funcs() {
		if wanted(f) {
			s.stale[f] = true
		}
	}
	for len(s.stale) > 0 {
		for _, group := range p.code().groups() {
			for s.renew(group) {
			}
		}
	}
	s.asking = nil
}

// renew makes the summaries of a component that are stale, and reports whether some are
// again.
func (s *Summaries[S]) renew(group []*Func) (again bool) {
	for _, f := range group {
		if !s.stale[f] {
			continue
		}
		delete(s.stale, f)
		s.asking = f
		before := s.known[f]
		s.known[f] = s.Make(f)
		s.rounds[f]++
		if s.Same(before, s.known[f]) {
			continue
		}
		for asker := range s.askers[f] {
			if s.rounds[asker] < maxRounds {
				s.stale[asker] = true
			}
		}
	}
	return slices.ContainsFunc(group, func(f *Func) bool { return s.stale[f] })
}

// Of returns the summary of a function.
func (s *Summaries[S]) Of(f *Func) S {
	if s.asking != nil {
		if s.askers[f] == nil {
			s.askers[f] = map[*Func]bool{}
		}
		s.askers[f][s.asking] = true
	}
	return s.known[f]
}
