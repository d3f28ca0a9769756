package budget

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/lifecycle"
)

// A planner adds up what the records say.
type planner struct {
	run     Run
	shown   func(file string) string
	records []*record
}

// plan does the arithmetic over the records of all packages.
func plan(run Run, all []record, shown func(file string) string) *Report {
	p := &planner{run: run, shown: shown, records: join(all)}
	var options []option
	for _, r := range p.records {
		options = append(options, r.Options...)
	}
	for _, r := range p.records {
		r.each(func(o *open) { *o = o.limited(options) })
	}
	p.records = slices.DeleteFunc(p.records, func(r *record) bool { return !r.Binary })
	report := &Report{Version: 1, Run: run, Servers: []Server{}}
	for _, s := range p.servers() {
		if s := p.server(s); len(s.Packages) > 0 {
			report.Servers = append(report.Servers, s)
		}
	}
	slices.SortStableFunc(report.Servers, func(a, b Server) int {
		return cmp.Or(larger(a.Need, b.Need), strings.Compare(a.Name, b.Name))
	})
	return report
}

// join returns one record for each test binary. It joins those of a package's variants:
// with its test files, without them, and of its external tests.
func join(all []record) []*record {
	byPath := map[string]*record{}
	for _, r := range all {
		r = r.clone()
		r.Package = strings.TrimSuffix(r.Package, "_test")
		known := byPath[r.Package]
		if known == nil {
			byPath[r.Package] = &r
			continue
		}
		known.Binary = known.Binary || r.Binary
		known.Once = append(known.Once, newOnly(known.Once, r.Once)...)
		for _, o := range r.Options {
			if !slices.Contains(known.Options, o) {
				known.Options = append(known.Options, o)
			}
		}
		for _, t := range r.Tests {
			if !slices.ContainsFunc(known.Tests, func(u test) bool { return u.Name == t.Name && u.Package == t.Package }) {
				known.Tests = append(known.Tests, t)
			}
		}
	}
	var joined []*record
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		joined = append(joined, byPath[path])
	}
	return joined
}

func (r record) clone() record {
	r.Once, r.Tests = slices.Clone(r.Once), slices.Clone(r.Tests)
	for i, o := range r.Once {
		d := o.Demand.clone()
		r.Once[i].Demand = &d
	}
	for i := range r.Tests {
		r.Tests[i].Package = r.Package
		r.Tests[i].Demand = r.Tests[i].Demand.clone()
		for j, o := range r.Tests[i].Demand.Once {
			d := o.Demand.clone()
			r.Tests[i].Demand.Once[j].Demand = &d
		}
	}
	return r
}

// each visits all that the binary opens.
func (r *record) each(visit func(*open)) {
	for _, o := range r.Once {
		o.Demand.each(visit)
	}
	for i := range r.Tests {
		r.Tests[i].Demand.each(visit)
	}
}

func (d *demand) each(visit func(*open)) {
	d.own(visit)
	for _, o := range d.Once {
		o.Demand.each(visit)
	}
}

// own visits what each run opens.
func (d *demand) own(visit func(*open)) {
	for i := range d.Opens {
		visit(&d.Opens[i])
	}
	for i := range d.Leaks {
		visit(&d.Leaks[i])
	}
	for i := range d.Subs {
		d.Subs[i].Demand.own(visit)
	}
}

// unknownServer is the name of the server of DSNs that the code does not show.
const unknownServer = "a server that the code does not name"

// label returns what the code calls the server of a pool.
func (o *open) label() string {
	for _, s := range o.Servers {
		if strings.HasPrefix(s, "$") {
			return s
		}
	}
	if len(o.Servers) > 0 {
		return o.Servers[0]
	}
	return unknownServer
}

// A server is what counts as one: the pools of an address, and all whose address is not known.
type server struct {
	address string // empty for all
}

func (s server) serves(o *open) bool {
	own := o.address()
	return s.address == "" || own == "" || own == s.address
}

// servers returns the servers that can be told apart: those of different addresses.
func (p *planner) servers() []server {
	addresses := map[string]bool{}
	for _, r := range p.records {
		r.each(func(o *open) {
			if at := o.address(); at != "" {
				addresses[at] = true
			}
		})
	}
	if len(addresses) < 2 {
		return []server{{}}
	}
	var all []server
	for _, at := range slices.Sorted(maps.Keys(addresses)) {
		all = append(all, server{at})
	}
	return all
}

// server adds up the -p largest packages at a server.
func (p *planner) server(of server) Server {
	s := Server{Reasons: []Reason{}, Notes: []Reason{}}
	labels := map[string]bool{}
	for _, r := range p.records {
		b := &binary{planner: p, server: of, record: r}
		peak := b.peak()
		if len(peak.Pools) == 0 && len(b.reasons) == 0 {
			continue
		}
		s.Packages = append(s.Packages, peak)
		gather(&s.Reasons, b.reasons...)
		gather(&s.Notes, b.notes...)
		r.each(func(o *open) {
			if of.serves(o) {
				labels[o.label()] = true
			}
		})
	}
	s.Names = slices.Sorted(maps.Keys(labels))
	s.Name = strings.Join(s.Names, ", ")
	if len(labels) == 0 {
		s.Name = unknownServer
	}
	slices.SortFunc(s.Packages, func(a, b Package) int {
		return cmp.Or(larger(a.Need, b.Need), strings.Compare(a.Path, b.Path))
	})
	running := s.Packages[:min(p.run.Packages, len(s.Packages))]
	for _, b := range running {
		s.Need = s.Need.plus(b.Need)
	}
	if alone := p.alone(of); alone*overlaps <= s.Worst {
		s.Notes = append(s.Notes, Reason{What: fmt.Sprintf("what runs at once, packages and parallel tests, is taken to be at its peak at the same time: with -p 1 -parallel 1 it is at most %d", alone)})
	}
	s.Over = s.Unbounded || s.Worst > p.run.Limit
	for _, list := range [][]Reason{s.Reasons, s.Notes} {
		for i := range list {
			list[i].Where = p.where(list[i].Spot)
		}
		slices.SortFunc(list, func(a, b Reason) int {
			return cmp.Or(strings.Compare(a.Where, b.Where), strings.Compare(a.What, b.What))
		})
	}
	return s
}

// overlaps is how many times what runs alone a bound has to be, for the reader to be told that it adds
// up what may not meet.
const overlaps = 2

// alone returns the most that a server has to serve if packages and tests run one after the other.
func (p *planner) alone(of server) (most int) {
	serial := *p
	serial.run.Parallel = 1
	for _, r := range p.records {
		b := &binary{planner: &serial, server: of, record: r}
		most = max(most, b.peak().Worst)
	}
	return most
}

// where returns a spot for readers.
func (p *planner) where(s spot) string {
	if s.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.shown(s.File), s.Line)
}

// A binary is one test binary, as one server sees it.
type binary struct {
	*planner
	server
	*record

	reasons, notes []Reason
}

// peak returns the peak of a binary: what it opens once, plus what its tests leak, plus what
// runs at the same time: one serial test, or parallel ones and what they wait for.
func (b *binary) peak() Package {
	of := Package{Path: b.Package}
	b.explain()
	first := map[lifecycle.Place]Need{}
	for _, o := range b.shared() {
		if need := b.alone(o.Demand); o.Guard == "" {
			of.Process = of.Process.plus(need)
		} else {
			first[o.Guard] = most(first[o.Guard], need)
		}
	}
	for _, need := range first {
		of.Process = of.Process.plus(need)
	}
	var serial, waiting, standing Need
	var units []Need
	for i := range b.Tests {
		t := &b.Tests[i]
		if t.Benchmark && !b.run.Bench {
			continue
		}
		leaks := b.held(t.Demand.Leaks).times(b.run.Count)
		if leaks.Least > 0 && (t.Benchmark || t.Any) {
			leaks.Unbounded = true
			gather(&b.reasons, Reason{Spot: t.Demand.Leaks[0].Spot, What: "what opens it runs any number of times, and nothing closes it", Remedy: "close it in the same run"})
		}
		of.Leaked = of.Leaked.plus(leaks)
		all := b.alone(&t.Demand)
		if all.Least+leaks.Least > 0 {
			of.Reached++
		}
		if !t.Parallel {
			serial = most(serial, all)
			continue
		}
		waiting = waiting.plus(b.early(&t.Demand))
		stands, runs := b.spread(&t.Demand)
		standing, units = standing.plus(stands), append(units, runs...)
	}
	of.Tests = standing.plus(b.most(units))
	of.AtOnce = min(b.run.Parallel, len(nonzero(units)))
	if alone := serial.plus(waiting); larger(alone, of.Tests) < 0 {
		of.Tests, of.AtOnce = alone, 1
	}
	if len(b.reasons) > 0 {
		of.Unbounded = true
	}
	of.Need = Need{Unbounded: of.Unbounded}.plus(of.Process).plus(of.Leaked).plus(of.Tests)
	of.Pools = b.uses()
	return of
}

// shared returns what the process opens once, whichever test asks for it.
func (b *binary) shared() []once {
	all := new(demand)
	var take func([]once)
	take = func(list []once) {
		for _, o := range list {
			before := len(all.Once)
			if all.once(o); len(all.Once) > before {
				take(o.Demand.Once)
			}
		}
	}
	take(b.Once)
	for _, t := range b.Tests {
		if !t.Benchmark || b.run.Bench {
			take(t.Demand.Once)
		}
	}
	return all.Once
}

// need returns the connections of an open.
func (b *binary) need(o *open) Need {
	if !b.serves(o) {
		return Need{}
	}
	one := Need{Worst: o.Limit.N, Least: 1}
	if o.Limit.PerCPU > 0 {
		one.Worst = max(one.Worst, o.Limit.Min, o.Limit.PerCPU*b.run.CPUs)
	}
	if o.Limit.Unknown != "" || o.Limit.Waits || one.Worst == 0 {
		one.Worst, one.Unbounded = max(one.Worst, 1), true
	}
	return one.times(o.Times)
}

// held returns the connections of what is open together: of the arms of one branch the one that
// needs most.
func (b *binary) held(opens []open) (n Need) {
	arms := map[uint64]map[int]Need{}
	for i := range opens {
		o := &opens[i]
		if o.Branch == 0 {
			n = n.plus(b.need(o))
			continue
		}
		if arms[o.Branch] == nil {
			arms[o.Branch] = map[int]Need{}
		}
		arms[o.Branch][o.Arm] = arms[o.Branch][o.Arm].plus(b.need(o))
	}
	for _, branch := range arms {
		var of Need
		for _, arm := range branch {
			of = most(of, arm)
		}
		n = n.plus(of)
	}
	return n
}

// early returns what a parallel test has open while it waits for its turn.
func (b *binary) early(d *demand) Need {
	return b.held(slices.DeleteFunc(slices.Clone(d.Opens), func(o open) bool { return !o.Early }))
}

// alone returns the connections of code that runs while no other test does. Its parallel
// subtests run when it has ended, and what it holds is open until they have.
func (b *binary) alone(d *demand) Need {
	var inside, standing, waiting Need
	var units []Need
	for i := range d.Subs {
		s := &d.Subs[i]
		if !s.Parallel {
			inside = most(inside, b.alone(&s.Demand))
			continue
		}
		stands, runs := b.besides(s)
		standing, units = standing.plus(stands), append(units, runs...)
		waiting = waiting.plus(b.early(&s.Demand).times(max(s.Times, 1)))
	}
	return b.held(d.Opens).plus(most(inside.plus(waiting), standing.plus(b.most(units))))
}

// spread returns the connections of a parallel test: those that it has open whenever it has
// begun, and those of each part of it that needs one of -parallel turns. A test with parallel subtests
// gives its own turn back while it waits for them.
func (b *binary) spread(d *demand) (standing Need, units []Need) {
	if !d.parallel() {
		rest := b.held(slices.DeleteFunc(slices.Clone(d.Opens), func(o open) bool { return o.Early }))
		var inside Need
		for i := range d.Subs {
			inside = most(inside, b.alone(&d.Subs[i].Demand))
		}
		return b.early(d), []Need{rest.plus(inside)}
	}
	standing = b.held(d.Opens)
	var serial, most1 Need
	for i := range d.Subs {
		s := &d.Subs[i]
		if s.Parallel {
			stands, runs := b.besides(s)
			standing, units = standing.plus(stands), append(units, runs...)
			continue
		}
		stands, runs := b.spread(&s.Demand)
		if s.Demand.parallel() {
			serial, units = most(serial, stands), append(units, runs...)
		} else {
			most1 = most(most1, stands.plus(runs[0]))
		}
	}
	return standing.plus(serial), append(units, most1)
}

// besides returns what spread does for all the parallel subtests of one kind.
func (b *binary) besides(s *sub) (standing Need, units []Need) {
	stands, runs := b.spread(&s.Demand)
	times := s.Times
	if times == 0 {
		times = b.run.Parallel
		if stands.Least > 0 {
			stands.Unbounded = true
			gather(&b.reasons, Reason{Spot: s.Demand.first(), What: "subtests open it before they call t.Parallel, and how many there are does not show", Remedy: "call t.Parallel first"})
		}
	}
	for range min(times, b.run.Parallel) {
		units = append(units, runs...)
	}
	return stands.times(times), units
}

// first returns where the first pool of the tree is opened.
func (d *demand) first() (at spot) {
	d.own(func(o *open) { at = cmp.Or(at, o.Spot) })
	return at
}

// parallel reports whether there are parallel subtests.
func (d *demand) parallel() bool {
	return slices.ContainsFunc(d.Subs, func(s sub) bool { return s.Parallel || s.Demand.parallel() })
}

// most returns the connections of the -parallel largest.
func (b *binary) most(units []Need) (n Need) {
	units = nonzero(units)
	slices.SortFunc(units, larger)
	for _, u := range units[:min(b.run.Parallel, len(units))] {
		n = n.plus(u)
	}
	return n
}

func nonzero(units []Need) []Need {
	return slices.DeleteFunc(slices.Clone(units), func(n Need) bool { return n == Need{} })
}

func most(a, b Need) Need {
	if larger(a, b) > 0 {
		return b
	}
	return a
}

// explain collects why there is no bound, and what makes it a loose one.
func (b *binary) explain() {
	about := func(d *demand) {
		gather(&b.reasons, d.Reasons...)
		gather(&b.notes, d.Notes...)
		d.each(func(o *open) {
			if !b.serves(o) {
				return
			}
			what := o.Limit.Unknown
			if what == "" && (o.Limit.Waits || o.Limit.N+o.Limit.PerCPU == 0) {
				what = "its limit is given by code that is not seen"
			}
			if what != "" {
				gather(&b.reasons, Reason{Spot: cmp.Or(o.Limit.Spot, o.Spot), What: "a pool of " + o.Opener.Short() + ": " + what, Remedy: o.Limit.Remedy})
			}
			if o.Branch != 0 {
				gather(&b.notes, Reason{Spot: o.Spot, What: "of the arms of a branch the one that needs most is counted"})
			}
			if o.Early {
				gather(&b.notes, Reason{Spot: o.Spot, What: "parallel tests wait with it open, all at once", Remedy: "call t.Parallel first"})
			}
		})
	}
	for _, o := range b.shared() {
		about(o.Demand)
	}
	for i := range b.Tests {
		t := &b.Tests[i]
		if t.Benchmark && !b.run.Bench {
			continue
		}
		about(&t.Demand)
		for _, o := range t.Demand.Leaks {
			if b.serves(&o) {
				gather(&b.notes, Reason{Spot: o.Spot, What: "nothing is seen to close it when the test is over: it counts for every test", Remedy: "close it in t.Cleanup"})
			}
		}
		if t.Parallel && t.Demand.parallel() && len(t.Demand.Opens) > 0 {
			gather(&b.notes, Reason{Spot: t.Demand.Opens[0].Spot, What: "parallel tests hold it while they wait for parallel subtests, all at once", Remedy: "share one pool"})
		}
	}
}

// uses lists the pools of a binary, each with the largest of its limits.
func (b *binary) uses() (all []Pool) {
	var order []lifecycle.Place
	pools, uses := map[lifecycle.Place]*Pool{}, map[lifecycle.Place]string{}
	add := func(o *open) {
		if !b.serves(o) {
			return
		}
		n := b.need(&open{Limit: o.Limit, Times: 1, Servers: o.Servers})
		of := &Pool{
			Where: cmp.Or(b.where(o.Spot), string(o.At[:strings.LastIndexByte(string(o.At), ':')])), Opener: o.Opener.Short(), Cap: b.words(o, n),
			Conns: n.Worst, NoLimit: n.Unbounded,
		}
		switch known := pools[o.At]; {
		case known == nil:
			order = append(order, o.At)
			pools[o.At] = of
		case larger(Need{Worst: known.Conns, Unbounded: known.NoLimit}, n) > 0:
			pools[o.At] = of
		}
	}
	for _, o := range b.shared() {
		o.Demand.each(func(o *open) {
			add(o)
			uses[o.At] = "once a process"
		})
	}
	once := len(order)
	tests, leaks := map[lifecycle.Place]int{}, map[lifecycle.Place]int{}
	for _, t := range b.Tests {
		mine := map[lifecycle.Place]bool{}
		t.Demand.own(func(o *open) {
			add(o)
			mine[o.At] = true
		})
		for at := range mine {
			tests[at]++
		}
		for _, o := range t.Demand.Leaks {
			leaks[o.At] += o.Times * b.run.Count
		}
	}
	slices.Sort(order[once:])
	for _, at := range order {
		pool := pools[at]
		var use []string
		if uses[at] != "" {
			use = append(use, uses[at])
		}
		switch n := tests[at]; {
		case n == 1:
			use = append(use, "by one test")
		case n > 1:
			use = append(use, fmt.Sprintf("by each of %d tests", n))
		}
		if n := leaks[at]; n > 0 {
			use = append(use, fmt.Sprintf("%d never closed", n))
		}
		pool.Use = strings.Join(use, ", ")
		all = append(all, *pool)
	}
	return all
}

// words says how many connections a pool may take, and what sets that limit.
func (b *binary) words(o *open, n Need) string {
	by := cmp.Or(o.Limit.By, "default")
	switch {
	case n.Unbounded:
		return "no bound"
	case o.Limit.N > 1 && n.Worst == o.Limit.N:
	case o.Limit.PerCPU > 1:
		return fmt.Sprintf("%d (%d a CPU, %s)", n.Worst, o.Limit.PerCPU, by)
	case o.Limit.PerCPU > 0:
		return fmt.Sprintf("%d (max(%d, CPUs), %s)", n.Worst, o.Limit.Min, by)
	case o.Limit.By == "" && o.Limit.N == 1:
		return "1"
	}
	return fmt.Sprintf("%d (%s)", n.Worst, by)
}
