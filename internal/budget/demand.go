package budget

import (
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
)

// A demand is the pools that one run of a function needs: a tree in the shape of the code.
// What is open at once is found in it when it is known how tests run.
type demand struct {
	Opens   []open   // open together
	Leaks   []open   // closed by nobody: every run adds to those before
	Once    []once   // opened by whoever asks first in the process
	Subs    []sub    // what runs meanwhile and ends what it opens
	Holes   []hole   // calls of functions that the caller gives
	Reasons []Reason // why there is no bound
	Notes   []Reason // what makes the bound a loose one
}

// An open is a pool or a connection, as often as one run of a function opens it.
type open struct {
	At      lifecycle.Place // the call of the opener
	Spot    spot            // the same for readers
	Opener  dbapi.Name
	Limit   limit
	Servers []string
	Times   int
	Until   until
	Early   bool   // before the test around calls t.Parallel, and waits with it open
	Branch  uint64 // opens of different arms of one branch exclude each other; 0 if there is none
	Arm     int
}

// A limit is how many connections a pool may take.
type limit struct {
	N           int // 0 where PerCPU tells
	PerCPU, Min int // for each CPU, but at least Min
	By          string
	Waits       bool   // what the caller gives decides
	Given       bool   // the pool is made of something that the caller gives
	Unknown     string // why nobody can tell; empty where it is known
	Spot        spot   // Unknown: the call that gives it, if it is not the opener's
	Remedy      string
}

// A spot is a line of the code.
type spot struct {
	File string
	Line int
}

func spotOf(p token.Position) spot { return spot{p.Filename, p.Line} }

// An until says when a pool is closed.
type until struct {
	Kind  untilKind
	Param int // TestEnd: the parameter of the function that is the test

	tb *types.Var // TestEnd: the test, where it belongs to a function around this one
}

type untilKind uint8

const (
	leaked  untilKind = iota // never, as far as the code shows
	ended                    // before the function returns
	testEnd                  // when a test is over
	handed                   // the caller decides
)

// A once is what the process opens once.
type once struct {
	Key    lifecycle.Place // what does it
	Demand *demand
	Guard  lifecycle.Place // what lets only one of several do it, the first; "" where it is the only one
}

// A sub is a subtest, or a call that closes what it opens.
type sub struct {
	Demand   demand
	Times    int  // Parallel: how many of them; 0 where that is not known
	Parallel bool // a subtest that runs beside others
}

// A hole is a call of a function that the caller gives.
type hole struct {
	Param int   // which parameter of the function it is
	Times int   // how often
	Test  until // what it gets as the running test
	Body  bool  // it is the body of a subtest
	May   bool  // by its type it may open pools
	Go    bool  // in a goroutine, so that all it opens is open at once: until Test
	Spot  spot

	of *types.Var // the parameter, where it belongs to a function around this one
}

// A Reason says why there is no bound, or why it is a loose one.
type Reason struct {
	Where  string `json:"where"` // file:line
	What   string `json:"what"`
	Remedy string `json:"remedy,omitempty"`

	Spot spot `json:"-"`
}

// Bounds on what is remembered of one function.
const (
	maxReasons = 16
	maxNodes   = 1000
)

func (d *demand) empty() bool {
	return len(d.Opens)+len(d.Leaks)+len(d.Once)+len(d.Subs)+len(d.Holes)+len(d.Reasons) == 0
}

// opens reports whether anything is opened at all, holes left out.
func (d *demand) opens() bool {
	return len(d.Opens)+len(d.Leaks)+len(d.Once)+len(d.Reasons) > 0 || slices.ContainsFunc(d.Subs, func(s sub) bool { return s.Demand.opens() })
}

// size counts the nodes of the tree.
func (d *demand) size() int {
	n := 1 + len(d.Opens) + len(d.Leaks) + len(d.Holes)
	for _, s := range d.Subs {
		n += s.Demand.size()
	}
	for _, o := range d.Once {
		n += o.Demand.size()
	}
	return n
}

// hold adds an open. The same one again adds to its times.
func hold(to *[]open, o open) {
	for i := range *to {
		p := &(*to)[i]
		if p.same(o) {
			p.Times = min(p.Times+o.Times, maxTimes)
			return
		}
	}
	*to = append(*to, o)
}

func (d *demand) once(all ...once) {
	for _, o := range all {
		if !slices.ContainsFunc(d.Once, func(p once) bool { return p.Key == o.Key }) {
			d.Once = append(d.Once, o)
		}
	}
}

// tell adds what is true of another demand wherever that runs: what it opens once, and what is
// said of it.
func (d *demand) tell(of *demand) {
	d.once(of.Once...)
	d.because(of.Reasons...)
	note(&d.Notes, of.Notes...)
}

func (d *demand) because(all ...Reason) { note(&d.Reasons, all...) }

// note adds reasons, within bounds.
func note(to *[]Reason, all ...Reason) {
	for _, r := range all {
		if len(*to) < maxReasons {
			gather(to, r)
		}
	}
}

// gather adds reasons, each once.
func gather(to *[]Reason, all ...Reason) {
	for _, r := range all {
		if !slices.Contains(*to, r) {
			*to = append(*to, r)
		}
	}
}

// sub adds what runs meanwhile. Of those that run one after the other the same one again
// adds nothing.
func (d *demand) sub(s sub) {
	d.Once, s.Demand.Once = append(d.Once, newOnly(d.Once, s.Demand.Once)...), nil
	d.because(s.Demand.Reasons...)
	note(&d.Notes, s.Demand.Notes...)
	s.Demand.Reasons, s.Demand.Notes = nil, nil
	if s.Demand.empty() {
		return
	}
	if !s.Parallel && slices.ContainsFunc(d.Subs, func(t sub) bool { return !t.Parallel && t.Demand.like(&s.Demand) }) {
		return
	}
	d.Subs = append(d.Subs, s)
}

func newOnly(known, all []once) []once {
	return slices.DeleteFunc(slices.Clone(all), func(o once) bool {
		return slices.ContainsFunc(known, func(p once) bool { return p.Key == o.Key })
	})
}

// like reports whether two demands are the same; of large ones it does not find out.
func (d *demand) like(e *demand) bool {
	return slices.EqualFunc(d.Opens, e.Opens, open.like) && slices.EqualFunc(d.Leaks, e.Leaks, open.like) && len(d.Holes)+len(e.Holes)+len(d.Once)+len(e.Once) == 0 &&
		slices.EqualFunc(d.Subs, e.Subs, func(s, t sub) bool {
			return s.Times == t.Times && s.Parallel == t.Parallel && s.Demand.like(&t.Demand)
		})
}

func (o open) like(p open) bool { return o.Times == p.Times && o.same(p) }

// same reports whether two opens differ in their times at most.
func (o open) same(p open) bool {
	return o.At == p.At && o.Until == p.Until && o.Limit == p.Limit && o.Early == p.Early && o.Branch == p.Branch && o.Arm == p.Arm && slices.Equal(o.Servers, p.Servers)
}

// all returns every pool of the tree: as if nothing ended before anything began.
func (d *demand) all() (opens []open) {
	for _, list := range [][]open{d.Opens, d.Leaks} {
		for _, o := range list {
			hold(&opens, o)
		}
	}
	for _, s := range d.Subs {
		for _, o := range s.Demand.all() {
			o.Times = min(o.Times*max(s.Times, 1), maxTimes)
			hold(&opens, o)
		}
	}
	return opens
}

// holes returns every hole of the tree.
func (d *demand) holes() []hole {
	all := slices.Clone(d.Holes)
	for _, s := range d.Subs {
		for _, h := range s.Demand.holes() {
			h.Times = min(h.Times*max(s.Times, 1), maxTimes)
			all = append(all, h)
		}
	}
	return all
}

// clone returns a copy that shares nothing that is changed.
func (d *demand) clone() demand {
	c := *d
	c.Opens, c.Leaks, c.Once, c.Holes = slices.Clone(d.Opens), slices.Clone(d.Leaks), slices.Clone(d.Once), slices.Clone(d.Holes)
	c.Reasons, c.Notes = slices.Clone(d.Reasons), slices.Clone(d.Notes)
	c.Subs = make([]sub, len(d.Subs))
	for i, s := range d.Subs {
		c.Subs[i] = s.clone()
	}
	return c
}

func (s sub) clone() sub { return sub{s.Demand.clone(), s.Times, s.Parallel} }

// maxTimes bounds what is counted.
const maxTimes = 1_000_000
