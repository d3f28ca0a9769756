package flow

import "slices"

// maxRounds bounds how often the functions of a component that call each other are
// summarized.
const maxRounds = 4

// BottomUp summarizes every function of the package after those that it calls or hands on,
// and the literals in it. Those that call each other are summarized again, in the same order, until
// summarize says of none that its summary has changed.
func (p *Package) BottomUp(summarize func(*Func) (changed bool)) {
	for _, group := range p.code().groups() {
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
