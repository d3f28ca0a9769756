package tenancy

import (
	"cmp"
	"slices"

	"github.com/poollint/poollint/internal/sqlast"
)

// maxLeaders bounds how many references are tried as the leader of others.
const maxLeaders = 24

// verdicts solves the facts.
func (b *builder) verdicts() []Verdict {
	b.restateBranches()
	s, ok := newSolver(b)
	if ok {
		s.run(nil, false)
		ok = !b.large
	}
	var open []int // the judged references that are not pinned
	for i := range b.judged {
		j := &b.judged[i]
		j.Leader = i
		switch {
		case j.decided:
		case !ok:
			j.Tier, j.Reason = Unseen, TooLarge
		default:
			j.Pinned = s.pinsAll(j)
		}
		if j.Pinned && !j.decided {
			j.FoundBy = s.finder(j.in[0], s.relations[j.relation].row, nil, (*column).findsOne)
		}
		if !j.Pinned && !j.decided && ok {
			open = append(open, i)
		}
	}
	for _, i := range open {
		s.explain(&b.judged[i])
	}
	if len(open) > 0 {
		s.tiers(open)
		if b.large {
			b.giveUp(open)
		}
	}
	if len(open) > 1 && len(open) <= maxLeaders {
		s.lead(open)
	}
	b.followSource(open)
	b.purposes(open)
	all := make([]Verdict, len(b.judged))
	for i := range b.judged {
		if j := &b.judged[i]; !j.Pinned && j.Scope != nil {
			j.Add = b.predicate(j)
		}
		all[i] = b.judged[i].Verdict
	}
	return all
}

// giveUp gives the open references the reason TooLarge.
func (b *builder) giveUp(open []int) {
	for _, i := range open {
		b.judged[i].Tier, b.judged[i].Reason, b.judged[i].FoundBy = Unseen, TooLarge, nil
	}
}

func (s *solver) pinsAll(j *judged) bool {
	row := s.relations[j.relation].row
	for _, in := range j.in {
		if !s.pinned[in][row] {
			return false
		}
	}
	return true
}

// explain finds the reason why a reference is not pinned.
func (s *solver) explain(j *judged) {
	row, in := s.relations[j.relation].row, j.in[0]
	if s.hasHole(in) {
		j.Tier = Unseen
		return
	}
	for _, c := range s.optional {
		if x := &s.columns[c]; x.row == row && x.tenant() {
			j.Tier, j.Reason = Unrestricted, OptionalFilter
			return
		}
	}
	for c := in; c >= 0; c = s.conditions[c].parent {
		s.spend(len(s.facts[c]))
		for _, f := range s.facts[c] {
			if f.kind == either && !f.implied && s.spend(len(f.branches)) {
				s.explainEither(j, row, f)
			}
		}
	}
}

// explainEither looks for an OR of which some branches pin the row.
func (s *solver) explainEither(j *judged, row int, f *fact) {
	some, off, hole := false, false, false
	for _, branch := range f.branches {
		switch {
		case s.pinned[branch][row]:
			some = true
		case s.conditions[branch].hole:
			hole = true
		default:
			off = off || slices.Contains(s.switches, branch)
		}
	}
	switch {
	case !some || j.Reason == ConflictTarget:
	case hole:
		j.Tier = Unseen
	case off:
		j.Tier, j.Reason = Unrestricted, OptionalFilter
	default:
		j.Tier, j.Reason = Unrestricted, WrongOr
	}
}

// hasHole reports whether a hole may hold the predicate of a row in the condition.
func (s *solver) hasHole(in int) bool {
	for c := in; c >= 0; c = s.conditions[c].parent {
		if s.conditions[c].hole {
			return true
		}
		for _, also := range s.conditions[c].also {
			if s.conditions[also].hole {
				return true
			}
		}
		if !s.conditions[c].nullable {
			return false
		}
	}
	return false
}

// tiers finds the tier of each open reference.
func (s *solver) tiers(open []int) {
	var seeds []seed
	byID := make([]bool, len(s.rows))
	homes, looksUp := s.homes(), s.looksUp()
	for r := range s.rows {
		in := homes[r]
		if in < 0 || !s.spend(2*len(s.columns)) {
			continue
		}
		id, parent := s.foundBy(in, r, (*column).findsOne) || looksUp && s.foundByUnique(in, r), s.foundByParent(in, r)
		byID[r] = id
		if id || parent {
			seeds = append(seeds, seed{in, r})
		}
	}
	s.run(append(seeds, s.foundInBranches()...), true)
	for _, i := range open {
		j := &s.judged[i]
		row := s.relations[j.relation].row
		switch {
		case j.Tier != "":
		case j.Reason == ConflictTarget, j.Reason == UnmatchedRows:
			j.Tier = Unrestricted
		case byID[row]:
			j.Tier, j.FoundBy = ByID, s.finder(j.in[0], row, nil, (*column).findsOne)
			j.Within = s.finder(j.in[0], row, nil, (*column).findsOwner)
			j.Secret = s.foundBy(j.in[0], row, (*column).holdsSecret)
		case s.pinsAll(j):
			j.Tier, j.FoundBy = ByParent, s.finder(j.in[0], row, nil, (*column).findsByParent)
			j.Within = s.finder(j.in[0], row, j.FoundBy, (*column).findsOwner)
		default:
			j.Tier = Unrestricted
		}
	}
}

// finder returns the value, other than the one that is known, that a key column of the row is
// compared with; nil if no single comparison in the condition has it.
func (s *solver) finder(c, row int, known sqlast.Expr, key func(*column) bool) sqlast.Expr {
	for _, f := range s.facts[c] {
		if f.kind != bindsTo || f.by == nil {
			continue
		}
		if x := &s.columns[f.a]; x.row == row && !x.tenant() && key(x) && bare(f.by) != known {
			return bare(f.by)
		}
	}
	return nil
}

// homes returns the condition of each row; -1 for rows that are no table's.
func (s *solver) homes() []int {
	homes := make([]int, len(s.rows))
	for i := range homes {
		homes[i] = -1
	}
	for i := range s.relations {
		if r := &s.relations[i]; r.query == nil && !r.values && r.row >= 0 && homes[r.row] < 0 {
			homes[r.row] = r.in
		}
	}
	return homes
}

// foundInBranches returns the rows that a key finds in a branch of OR.
func (s *solver) foundInBranches() (seeds []seed) {
	for _, f := range slices.Concat(s.builder.facts, s.restated) {
		for _, branch := range f.branches {
			for row := range s.rows {
				if s.spend(2*len(s.columns)) && s.found(branch, row) {
					seeds = append(seeds, seed{branch, row})
				}
			}
		}
	}
	return seeds
}

func (s *solver) foundByParent(c, row int) bool {
	for i := range s.columns {
		if x := &s.columns[i]; x.row == row && s.bound[c][s.class[c][i]] && !x.tenant() && x.findsByParent() {
			return true
		}
	}
	return slices.ContainsFunc(s.facts[c], func(f *fact) bool {
		return f.kind == either && len(f.branches) > 0 &&
			!slices.ContainsFunc(f.branches, func(branch int) bool { return !s.found(branch, row) })
	})
}

// lead finds a few references such that predicates on them pin all open ones.
func (s *solver) lead(open []int) {
	pins := make([][]bool, len(open)) // by leader and follower
	for k, i := range open {
		r := s.relations[s.judged[i].relation]
		s.run([]seed{{r.in, r.row}}, false)
		pins[k] = make([]bool, len(open))
		for l, i := range open {
			pins[k][l] = s.pinsAll(&s.judged[i])
		}
		pins[k][k] = true
	}
	led := make([]bool, len(open))
	for {
		best, most := -1, 0
		for k := range open {
			count := 0
			for l := range open {
				if pins[k][l] && !led[l] {
					count++
				}
			}
			if led[k] {
				count = 0
			}
			if count > 0 && (best < 0 || s.leads(&s.judged[open[k]], count, &s.judged[open[best]], most)) {
				best, most = k, count
			}
		}
		if best < 0 {
			return
		}
		for l := range open {
			if pins[best][l] && !led[l] {
				led[l] = true
				s.judged[open[l]].Leader = open[best]
			}
		}
	}
}

// leads reports whether the predicate of a is to lead rather than that of b: of two that pin the
// same, it is of owned rows that change; it is nearer to the tenant column, pins more, or is of a
// milder tier.
func (s *solver) leads(a *judged, pins int, b *judged, others int) bool {
	changes := func(j *judged) bool { return j.Write && isOwned(j.Table) }
	if changes(a) != changes(b) && pins == others {
		return changes(a)
	}
	return cmp.Or(
		cmp.Compare(levels(b.Table), levels(a.Table)),
		cmp.Compare(pins, others),
		cmp.Compare(rank[a.Tier], rank[b.Tier]),
	) > 0
}

// followSource makes the unpinned query that an INSERT takes the tenant from the leader
// of the INSERT, with which nothing is wrong by itself.
func (b *builder) followSource(open []int) {
	for _, i := range open {
		j := &b.judged[i]
		if j.Scope != nil || j.Reason != NotPinned || j.Leader != i {
			continue
		}
		for _, k := range open {
			if source := &b.judged[k]; source.Scope != nil && source.Leader == k {
				j.Leader = k
				break
			}
		}
	}
}

// rank orders the tiers from the gravest.
var rank = map[Tier]int{Unrestricted: 0, ByParent: 1, ByID: 2, Unseen: 3}

// predicate returns the SQL that pins the reference.
func (b *builder) predicate(j *judged) string {
	qualifier := ""
	if j.Ref.Alias.Text != "" || len(b.relations) > 1 {
		qualifier = written(j.Ref.Ref()) + "."
	}
	add := limit(j.Table, qualifier, b.opts.placeholder(j.Column))
	if _, ok := j.Scope.(*sqlast.Copy); ok {
		return "(SELECT … WHERE " + add + ")"
	}
	return add
}
