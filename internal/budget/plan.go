package budget

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/lifecycle"
)

// A planner adds up what the records say.
type planner struct {
	run     Run
	shown   func(file string) string
	pools   map[lifecycle.Place][]pool
	servers map[string]*Server
}

// plan does the arithmetic over the records of all packages.
func plan(run Run, evidence []finding.Evidence, shown func(file string) string) *Report {
	records := join(evidence)
	p := &planner{run: run, shown: shown, pools: map[lifecycle.Place][]pool{}, servers: map[string]*Server{}}
	for _, r := range records {
		for _, pool := range r.Pools {
			if pool.Where.IsValid() {
				p.pools[pool.At] = append(p.pools[pool.At], pool)
			}
		}
	}
	for _, r := range records { // pools of packages that are not in the run: their callers record them
		for _, pool := range r.Pools {
			if p.pools[pool.At] == nil {
				p.pools[pool.At] = append(p.pools[pool.At], pool.limited(records))
			}
		}
	}
	for _, r := range records {
		p.binary(r)
	}
	return p.report()
}

// join returns one record for each test binary. It joins those of a package's variants:
// with its test files, without them, and of its external tests.
func join(evidence []finding.Evidence) []*record {
	byPath := map[string]*record{}
	for _, e := range evidence {
		r := e.Data.(record)
		path := strings.TrimSuffix(r.Package, "_test")
		known := byPath[path]
		if known == nil {
			r.Package, r.Limits = path, maps.Clone(r.Limits)
			byPath[path] = &r
			continue
		}
		known.add(r)
	}
	var all []*record
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		all = append(all, byPath[path])
	}
	return all
}

// add adds what only another variant of the package has.
func (r *record) add(s record) {
	if r.Limits == nil {
		r.Limits = map[lifecycle.Place]int{}
	}
	for _, p := range s.Pools {
		if !slices.ContainsFunc(r.Pools, func(q pool) bool { return q.At == p.At && q.Opener == p.Opener }) {
			r.Pools = append(r.Pools, p)
		}
	}
	for _, at := range s.Process {
		if !slices.Contains(r.Process, at) {
			r.Process = append(r.Process, at)
		}
	}
	for at, n := range s.Limits {
		r.Limits[at] = max(r.Limits[at], n)
	}
	for _, t := range s.Tests {
		if !slices.ContainsFunc(r.Tests, func(u test) bool { return u.Name == t.Name }) {
			r.Tests = append(r.Tests, t)
		}
	}
}

// binary adds the peaks of a package's test binary to the servers it uses.
func (p *planner) binary(r *record) {
	if len(r.Tests)+len(r.Process) == 0 {
		return
	}
	for _, server := range p.serversOf(r) {
		b := p.peak(r, server)
		s := p.servers[server]
		if s == nil {
			s = &Server{Name: server}
			p.servers[server] = s
		}
		s.Packages = append(s.Packages, b)
	}
}

// serversOf returns the servers that the binary's pools lead to, sorted.
func (p *planner) serversOf(r *record) []string {
	var names []string
	note := func(at lifecycle.Place) {
		for _, pool := range p.pools[at] {
			if name := pool.server(); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for _, at := range r.Process {
		note(at)
	}
	for _, t := range r.Tests {
		for _, at := range t.Opens {
			note(at)
		}
	}
	slices.Sort(names)
	return names
}

// unknownServer is the name of the server of DSNs that the code does not show.
const unknownServer = "a server that the code does not name"

// server names the server of a pool: by the environment variable with the DSN,
// else by host and port.
func (p pool) server() string {
	for _, s := range p.Servers {
		if strings.HasPrefix(s, "$") {
			return s
		}
	}
	if len(p.Servers) > 0 {
		return p.Servers[0]
	}
	return unknownServer
}

// need returns the connections that one instance of a pool needs.
func (p *planner) need(of pool) Need {
	n := Need{Worst: of.Conns, Least: 1}
	switch {
	case of.PerCPU > 0:
		n.Worst = max(of.Least, of.PerCPU*p.run.CPUs)
	case of.Conns == 0:
		n = Need{Worst: 1, Unbounded: true, Least: 1}
	}
	return n
}

// at returns the connections to a server that the call at a place needs. Handles that are
// closed at once do not count.
func (p *planner) at(place lifecycle.Place, server string) Need {
	var n Need
	least := 0
	for _, pool := range p.pools[place] {
		if pool.Brief || pool.server() != server {
			continue
		}
		of := p.need(pool)
		if pool.Perhaps {
			of.Least = 0
		}
		n, least = n.plus(of), 1
	}
	n.Least = max(n.Least, least) // one of those that may be
	return n
}

// all returns the connections to a server that the calls at some places need together: of the
// arms of one branch the one that needs most.
func (p *planner) all(places []lifecycle.Place, server string) (n Need) {
	most := map[lifecycle.Place]Need{}
	for _, place := range places {
		arm := place
		for _, pool := range p.pools[place] {
			arm = cmp.Or(pool.Arm, place)
		}
		if of := p.at(place, server); larger(of, most[arm]) < 0 {
			most[arm] = of
		}
	}
	for _, of := range most {
		n = n.plus(of)
	}
	return n
}

// peak returns the peak of a binary at a server: what it opens once, plus what its tests
// leak, plus what runs at the same time: one serial test, or -parallel parallel tests,
// whichever needs more.
func (p *planner) peak(r *record, server string) Package {
	b := Package{Path: r.Package}
	b.Process = p.all(r.Process, server)
	var serial Need
	var parallel []Need
	for _, t := range r.Tests {
		opens := p.all(slices.DeleteFunc(slices.Clone(t.Opens), func(at lifecycle.Place) bool {
			return slices.Contains(r.Process, at) || slices.ContainsFunc(t.Leaks, func(l leak) bool { return l.At == at })
		}), server)
		leaked := Need{}
		for _, l := range t.Leaks {
			leaked = leaked.plus(p.at(l.At, server).times(l.Times))
		}
		b.Leaked = b.Leaked.plus(leaked)
		if opens.Least+leaked.Least > 0 {
			b.Reached++
		}
		switch {
		case t.Parallel:
			for range map[bool]int{false: 1, true: p.run.Parallel}[t.Many] {
				parallel = append(parallel, opens)
			}
		case larger(opens, serial) < 0:
			serial = opens
		}
	}
	slices.SortFunc(parallel, larger)
	var atOnce Need
	for _, n := range parallel[:min(p.run.Parallel, len(parallel))] {
		if n.Least > 0 {
			atOnce = atOnce.plus(n)
			b.AtOnce++
		}
	}
	b.Tests = atOnce
	if larger(serial, atOnce) < 0 {
		b.Tests, b.AtOnce = serial, 1
	}
	b.Admin = p.admin(r, server)
	b.Need = b.Process.plus(b.Leaked).plus(b.Tests).plus(Need{Worst: b.Admin})
	b.Pools = p.uses(r, server)
	return b
}

// admin returns how many connections for administration the binary may have at once:
// those that a helper opens and closes for itself.
func (p *planner) admin(r *record, server string) int {
	tests := 0
	for _, t := range r.Tests {
		for _, at := range t.Opens {
			if slices.ContainsFunc(p.pools[at], func(pool pool) bool { return pool.Brief && pool.server() == server }) {
				tests++
				break
			}
		}
	}
	return min(tests, 1)
}

// uses lists the pools of a binary at a server.
func (p *planner) uses(r *record, server string) []Pool {
	var all []Pool
	add := func(at lifecycle.Place, use string) {
		for _, of := range p.pools[at] {
			if of.server() != server || of.Brief {
				continue
			}
			n := p.need(of)
			all = append(all, Pool{
				Where:  p.where(of),
				Opener: of.Opener.Short(), Cap: p.words(of), Conns: n.Worst, NoLimit: n.Unbounded, Use: use,
			})
		}
	}
	for _, at := range r.Process {
		add(at, "once a process")
	}
	var order []lifecycle.Place
	counts, leaks := map[lifecycle.Place]int{}, map[lifecycle.Place]int{}
	for _, t := range r.Tests {
		for _, at := range t.Opens {
			if counts[at] == 0 && !slices.Contains(r.Process, at) {
				order = append(order, at)
			}
			counts[at]++
		}
		for _, l := range t.Leaks {
			leaks[l.At] += l.Times
		}
	}
	slices.Sort(order)
	for _, at := range order {
		use := fmt.Sprintf("by each of %d tests", counts[at])
		if counts[at] == 1 {
			use = "by one test"
		}
		if leaks[at] > 0 {
			use += fmt.Sprintf(", %d never closed", leaks[at])
		}
		add(at, use)
	}
	return all
}

// where returns the file and line of a pool.
func (p *planner) where(of pool) string {
	if of.Where.IsValid() {
		return fmt.Sprintf("%s:%d", p.shown(of.Where.Filename), of.Where.Line)
	}
	return string(of.At[:strings.LastIndexByte(string(of.At), ':')])
}

// words says how many connections a pool may take, and what sets that limit.
func (p *planner) words(of pool) string {
	n := p.need(of)
	by := "default"
	if of.By != "" {
		by = of.By
	}
	switch {
	case n.Unbounded:
		return "no limit"
	case of.PerCPU > 1:
		return fmt.Sprintf("%d (%d a CPU, %s)", n.Worst, of.PerCPU, by)
	case of.PerCPU > 0:
		return fmt.Sprintf("%d (max(%d, CPUs), %s)", n.Worst, of.Least, by)
	case of.By == "" && of.Conns == 1:
		return "1"
	}
	return fmt.Sprintf("%d (%s)", n.Worst, by)
}

// report adds up the -p largest packages of each server.
func (p *planner) report() *Report {
	report := &Report{Version: 1, Run: p.run, Servers: []Server{}}
	for _, s := range p.servers {
		slices.SortFunc(s.Packages, func(a, b Package) int {
			return cmp.Or(larger(a.Need, b.Need), strings.Compare(a.Path, b.Path))
		})
		for _, b := range s.Packages[:min(p.run.Packages, len(s.Packages))] {
			s.Need = s.Need.plus(b.Need)
		}
		s.Over = s.Unbounded || s.Worst > p.run.Limit
		report.Servers = append(report.Servers, *s)
	}
	slices.SortFunc(report.Servers, func(a, b Server) int {
		return cmp.Or(larger(a.Need, b.Need), strings.Compare(a.Name, b.Name))
	})
	return report
}
