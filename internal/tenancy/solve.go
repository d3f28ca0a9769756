package tenancy

// A solver lets pins spread along the facts of a statement.
type solver struct {
	*builder
	facts [][]*fact // by condition, with those of the outer joins in condition.also

	class [][]int  // by condition and column: the representative of the columns equal to it
	edges [][]edge // by condition

	bound  [][]bool // by condition and class: equal to a value from outside
	pinned [][]bool // by condition and row
}

// An edge lets a pin spread from one row to another.
type edge struct {
	from, to int
	// reach: the edge leads to a row that belongs to no tenant. It spreads no pin and
	// only tells how the row is found.
	reach bool
}

// pairCost is what it costs to compare two columns, in steps.
const pairCost = 50

// maxEdges bounds the work on one statement.
const maxEdges = 100_000

// newSolver builds the equality classes and edges; ok is false if the statement is
// beyond the limits.
func newSolver(b *builder) (s *solver, ok bool) {
	n, conditions := len(b.columns), len(b.conditions)
	if b.large || n > maxColumns || (n+len(b.rows))*conditions > maxCells {
		return nil, false
	}
	s = &solver{builder: b, facts: make([][]*fact, conditions)}
	for i := range b.facts {
		f := &b.facts[i]
		s.facts[f.in] = append(s.facts[f.in], f)
	}
	own := s.facts
	s.facts = make([][]*fact, conditions)
	for c := range s.facts {
		s.facts[c] = b.gather(c, own)
	}
	for i := range b.restated {
		f := &b.restated[i]
		s.facts[f.in] = append(s.facts[f.in], f)
	}
	s.class = make([][]int, conditions)
	s.edges = make([][]edge, conditions)
	total := 0
	for c := range s.class {
		s.classify(c)
		s.spread(c)
		if s.large {
			return nil, false
		}
		if total += len(s.edges[c]); total > maxEdges {
			return nil, false
		}
	}
	s.bound = table(conditions, n)
	s.pinned = table(conditions, len(b.rows))
	return s, true
}

func table(rows, columns int) [][]bool {
	cells := make([]bool, rows*columns)
	t := make([][]bool, rows)
	for i := range t {
		t[i] = cells[i*columns : (i+1)*columns]
	}
	return t
}

// gather returns the facts of the condition and of the outer joins in its also.
func (b *builder) gather(c int, own [][]*fact) []*fact {
	if len(b.conditions[c].also) == 0 {
		return own[c]
	}
	var facts []*fact
	seen := map[int]bool{}
	var add func(c int)
	add = func(c int) {
		if seen[c] {
			return
		}
		seen[c] = true
		facts = append(facts, own[c]...)
		for _, also := range b.conditions[c].also {
			add(also)
		}
	}
	add(c)
	return facts
}

// classify builds the equality classes of a condition, starting from its parent's.
func (s *solver) classify(c int) {
	class := make([]int, len(s.columns))
	if parent := s.conditions[c].parent; parent >= 0 {
		copy(class, s.class[parent])
	} else {
		for i := range class {
			class[i] = i
		}
	}
	for _, f := range s.facts[c] {
		if f.kind != equal || !s.spend(1) {
			continue
		}
		keep, drop := class[f.a], class[f.b]
		if keep > drop {
			keep, drop = drop, keep
		}
		if keep == drop || !s.spend(len(class)) {
			continue
		}
		for i := range class {
			if class[i] == drop {
				class[i] = keep
			}
		}
	}
	s.class[c] = class
}

// spread finds the edges of a condition: between rows with equal columns.
func (s *solver) spread(c int) {
	class := s.class[c]
	for i := range class {
		if !s.spend(i) {
			return
		}
		for j := range i {
			if class[i] != class[j] {
				continue
			}
			s.spend(pairCost)
			x, y := &s.columns[i], &s.columns[j]
			if x.row == y.row {
				continue
			}
			key := s.keyed(x, y)
			s.edge(c, x, y, key)
			s.edge(c, y, x, key)
			if len(s.edges[c]) > maxEdges {
				return
			}
		}
	}
}

func (s *solver) edge(c int, from, to *column, key bool) {
	// Rows of many tenants may refer to a row that belongs to none. But a row that refers
	// to a pinned row belongs to the same tenant.
	reach := s.rows[to.row].global && (!from.ownKey() || to.ownKey())
	switch {
	case to.tenant() && !reach:
	case !key, s.opts.StrictJoins && !reach && !isOwned(to.table):
		return
	}
	s.edges[c] = append(s.edges[c], edge{from: from.row, to: to.row, reach: reach})
}

// run lets pins spread from the facts and from the given rows, each in a
// condition, until nothing changes. With reach, it also goes through tables that
// belong to no tenant.
func (s *solver) run(seeds []seed, reach bool) {
	for c := range s.bound {
		clear(s.bound[c])
		clear(s.pinned[c])
	}
	for _, seed := range seeds {
		s.pinned[seed.in][seed.row] = true
	}
	for changed := true; changed; {
		changed = false
		for c := range s.bound {
			if s.spend(s.cost(c)) && s.step(c, reach) {
				changed = true
			}
		}
	}
}

// cost is what a step of the condition costs.
func (s *solver) cost(c int) int {
	return len(s.facts[c]) + len(s.edges[c]) + 2*len(s.columns) + len(s.rows)
}

type seed struct{ in, row int }

func (s *solver) step(c int, reach bool) bool {
	changed := false
	set := func(to *bool) {
		if !*to {
			*to, changed = true, true
		}
	}
	class, bound, pinned := s.class[c], s.bound[c], s.pinned[c]
	if parent := s.conditions[c].parent; parent >= 0 {
		for row, ok := range s.pinned[parent] {
			if ok {
				set(&pinned[row])
			}
		}
		for i := range s.columns {
			if s.bound[parent][s.class[parent][i]] {
				set(&bound[class[i]])
			}
		}
	}
	for _, f := range s.facts[c] {
		switch s.spend(len(f.alternatives) + len(f.branches)*(len(s.rows)+len(s.columns))); f.kind {
		case bindsTo:
			set(&bound[class[f.a]])
		case inward:
			if bound[class[f.a]] {
				set(&bound[class[f.b]])
			}
		case handed, comparedWith:
			allBound, allPinned := s.agree(f)
			if allBound {
				set(&bound[class[f.a]])
			}
			if allPinned {
				set(&pinned[s.columns[f.a].row])
			}
		case either:
			s.agreeBranches(c, f, set)
		}
	}
	for i := range s.columns {
		if x := &s.columns[i]; bound[class[i]] && !pinned[x.row] && (x.tenant() || x.isPart() || x.findsTenant()) {
			set(&pinned[x.row])
		}
	}
	for _, e := range s.edges[c] {
		if pinned[e.from] && (reach || !e.reach) {
			set(&pinned[e.to])
		}
	}
	return changed
}

// agree reports whether all alternatives of the fact are values from outside, and whether
// all pin the fact's column.
func (s *solver) agree(f *fact) (allBound, allPinned bool) {
	allBound, allPinned = true, true
	to := &s.columns[f.a]
	for _, a := range f.alternatives {
		switch {
		case a.kind == outside:
			continue
		case a.kind == other:
			return false, false
		}
		from := &s.columns[a.column]
		isBound := s.bound[a.in][s.class[a.in][a.column]]
		ok := s.pinned[a.in][from.row]
		if f.kind == comparedWith {
			ok = ok && (to.tenant() || s.keyed(from, to)) || to.tenant() && (isBound || s.found(a.in, from.row))
		}
		allBound, allPinned = allBound && isBound, allPinned && ok
	}
	return allBound, allPinned
}

// found reports whether a value from outside selects the rows by a key: their own, or that
// of a row that they belong to, as memberships are selected by the user's id.
func (s *solver) found(c, row int) bool {
	return s.foundBy(c, row, (*column).findsOne) || s.foundByParent(c, row)
}

// foundBy reports whether a value from outside is that of a column of the row which is such a key.
func (s *solver) foundBy(c, row int, key func(*column) bool) bool {
	for i := range s.columns {
		if x := &s.columns[i]; x.row == row && s.bound[c][s.class[c][i]] && key(x) {
			return true
		}
	}
	return false
}

// agreeBranches sets what holds in all branches of an OR. Where there is none, no row
// satisfies it, and everything holds.
func (s *solver) agreeBranches(c int, f *fact, set func(*bool)) {
	if len(f.branches) == 0 && f.implied {
		return
	}
	for row := range s.rows {
		all := true
		for _, branch := range f.branches {
			all = all && s.pinned[branch][row]
		}
		if all {
			set(&s.pinned[c][row])
		}
	}
	for i := range s.columns {
		all := true
		for _, branch := range f.branches {
			all = all && s.bound[branch][s.class[branch][i]]
		}
		if all {
			set(&s.bound[c][s.class[c][i]])
		}
	}
}
