package flow

import "slices"

// maxRounds bounds how often the functions of a component that call each other are
// summarized.
const maxRounds = 4

// BottomUp summarizes every function of the package after those that it calls or hands on,
// and the literals in it. Those that call each other are summarized again, in the same order, until
// summarize says of none that its summary has changed.
func (p *Package) BottomUp(summarize func(*Func) (changed bool)) {
	for _, group := range p.code().components() {
		for range maxRounds {
			changed := false
			for _, f := range group {
				changed = summarize(f) || changed
			}
			if !changed || len(group) == 1 && !slices.Contains(p.code().below(group[0]), group[0]) {
				break
			}
		}
	}
}

// Summaries are what an asker finds out about the functions of a package, each from what is
// known of others: of those that it calls, and of those that it comes upon on other ways, as
// through a field. A function that asks for a summary that is made later, or that changes, is
// summarized again, within bounds. What is not made is the zero S.
type Summaries[S any] struct {
	Make func(*Func) S
	Same func(before, after S) bool

	known  map[*Func]S
	askers map[*Func]map[*Func]bool // by function: those that have asked for its summary
	stale  map[*Func]bool
	asking *Func // nil when all are made
}

// Run makes the summaries of the functions that are wanted.
func (s *Summaries[S]) Run(p *Package, wanted func(*Func) bool) {
	s.known, s.askers, s.stale = map[*Func]S{}, map[*Func]map[*Func]bool{}, map[*Func]bool{}
	for _, f := range p.Funcs() {
		if wanted(f) {
			s.stale[f] = true
		}
	}
	groups := p.code().components()
	for range maxRounds {
		for _, group := range groups {
			for range maxRounds {
				s.renew(group)
			}
		}
		if len(s.stale) == 0 {
			break
		}
	}
	s.asking = nil
}

// renew makes the summaries of a component that are stale.
func (s *Summaries[S]) renew(group []*Func) {
	for _, f := range group {
		if !s.stale[f] {
			continue
		}
		delete(s.stale, f)
		s.asking = f
		before := s.known[f]
		s.known[f] = s.Make(f)
		if s.Same(before, s.known[f]) {
			continue
		}
		for asker := range s.askers[f] {
			s.stale[asker] = true
		}
	}
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

// below returns what a summary of the function is made of.
func (c *code) below(f *Func) []*Func {
	all := f.Lits[:len(f.Lits):len(f.Lits)]
	for _, call := range f.Calls {
		all = append(all, call.Targets()...)
	}
	for _, ref := range f.Refs {
		if to := c.byObj[ref.Of]; to != nil {
			all = append(all, to)
		}
	}
	return all
}

// components returns the strongly connected components of the calls, callees first, as
// Tarjan's algorithm finds them; on a stack of its own, as calls may be deep.
func (c *code) components() [][]*Func {
	type frame struct {
		f    *Func
		next []*Func
	}
	var (
		groups  [][]*Func
		open    []*Func // of components that are not complete
		index   = map[*Func]int{}
		low     = map[*Func]int{}
		isOpen  = map[*Func]bool{}
		visited = 0
	)
	enter := func(f *Func) frame {
		visited++
		index[f], low[f], isOpen[f] = visited, visited, true
		open = append(open, f)
		return frame{f, c.below(f)}
	}
	for _, root := range c.funcs {
		if index[root] != 0 {
			continue
		}
		for stack := []frame{enter(root)}; len(stack) > 0; {
			top := &stack[len(stack)-1]
			if len(top.next) > 0 {
				to := top.next[0]
				top.next = top.next[1:]
				switch {
				case index[to] == 0:
					stack = append(stack, enter(to))
				case isOpen[to]:
					low[top.f] = min(low[top.f], index[to])
				}
				continue
			}
			f := top.f
			stack = stack[:len(stack)-1]
			if len(stack) > 0 {
				above := stack[len(stack)-1].f
				low[above] = min(low[above], low[f])
			}
			if low[f] != index[f] {
				continue
			}
			var group []*Func
			for {
				last := open[len(open)-1]
				open = open[:len(open)-1]
				isOpen[last] = false
				group = append(group, last)
				if last == f {
					break
				}
			}
			groups = append(groups, group)
		}
	}
	return groups
}
