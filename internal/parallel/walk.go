package parallel

import (
	"iter"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// Where says in what a function, or a call in it, runs.
type Where struct {
	Parallel bool // in a test or subtest that runs in parallel
	Repeated bool // in a parallel subtest that a loop starts: beside others of its kind
	Subtest  bool // the function is a subtest
	Late     bool // when that, the test or subtest around, is over; only WalkUnits goes there
	Depth    int  // calls of the package's declared functions that lead here

	// Unit is the parallel subtest around, or what Walk began with. Only WalkUnits tells.
	Unit *flow.Func

	looped bool // a loop stands around, in the subtest
	span   span
}

// maxDepth bounds the functions that call one another.
const maxDepth = 8

// MaxCalls bounds the calls to look at for the tests of a package: many tests may call
// a helper of many statements.
const MaxCalls = 1_000_000

// Walk visits the functions and literals of the package that run when f, a test or other
// code that runs by itself, does: those that it calls or hands on, and it. Each is visited
// once for each kind of place. What runs when the test is over is left out. Left is how
// many calls may still be looked at, for f and others; it stops once there are none.
func (p *Package) Walk(f *flow.Func, left *int, visit func(f *flow.Func, at Where)) {
	p.walk(f, &walker{visit: visit, left: left})
}

// WalkUnits visits as Walk does, what several parallel subtests run once for each, and what
// runs when a test is over.
func (p *Package) WalkUnits(f *flow.Func, left *int, visit func(f *flow.Func, at Where)) {
	p.walk(f, &walker{visit: visit, left: left, units: true})
}

func (p *Package) walk(f *flow.Func, w *walker) {
	w.p, w.seen, w.visited, w.mentioned = p, map[seen]bool{}, map[*flow.Func]bool{}, map[*flow.Func]bool{}
	w.function(f, Where{Parallel: p.parallel[f], Unit: f})
	w.takeLate()
}

// Upward visits the declared functions that call or mention f, in a literal as well,
// those that call or mention them, and so on, each once; f comes first. It goes on from
// those for which visit says so.
func Upward(f *flow.Func, visit func(*flow.Func) (further bool)) {
	known := map[*flow.Func]bool{f: true}
	for next := []*flow.Func{f}; len(next) > 0; {
		f := next[0]
		next = next[1:]
		if !visit(f) {
			continue
		}
		for user := range users(f) {
			if !known[user] {
				known[user] = true
				next = append(next, user)
			}
		}
	}
}

// users yields the declared functions, and initialisers, that call or mention f by name.
func users(f *flow.Func) iter.Seq[*flow.Func] {
	return func(yield func(*flow.Func) bool) {
		for _, call := range f.Callers {
			if call.Fn == f.Obj && !yield(call.In.Outer()) {
				return
			}
		}
		for _, use := range f.Uses {
			if !yield(use.In.Outer()) {
				return
			}
		}
	}
}

type walker struct {
	p         *Package
	visit     func(*flow.Func, Where)
	seen      map[seen]bool
	visited   map[*flow.Func]bool // whether in parallel
	mentioned map[*flow.Func]bool // by what was visited
	late      []late
	left      *int // calls to look at
	units     bool // each is visited once for each unit as well
	spans     bool // and for each span
	anyCaller bool // what any caller gives for a parameter runs, not only what is mentioned on the way
}

type seen struct {
	f, unit                          *flow.Func
	parallel, repeated, looped, late bool
	span                             span
}

// Late is a step to a function that is mentioned. What happens to it does not show; if
// nothing else leads there, it runs where it is mentioned.
type late struct {
	step
	at Where
}

func (w *walker) function(f *flow.Func, at Where) {
	key := seen{f: f, parallel: at.Parallel, repeated: at.Repeated, looped: at.looped, late: at.Late}
	if w.units {
		key.unit = at.Unit
	}
	if w.spans {
		key.span = at.span
	}
	if w.seen[key] || *w.left <= 0 {
		return
	}
	w.seen[key], w.visited[f] = true, w.visited[f] || at.Parallel
	*w.left -= 1 + len(f.Calls)
	w.visit(f, at)
	for _, lit := range f.Lits {
		w.mentioned[lit] = true
	}
	for _, ref := range f.Refs {
		w.mentioned[w.p.code.Func(ref.Of)] = true
	}
	for _, s := range w.p.stepsOf(f) {
		switch {
		case s.late && !w.units:
		case s.by == mention:
			w.late = append(w.late, late{s, at})
		case s.by == name || w.mentioned[s.to] || w.anyCaller || ofProcess(s.to):
			w.step(s, at)
		}
	}
}

// takeLate takes the steps to what nothing else leads to.
func (w *walker) takeLate() {
	for len(w.late) > 0 {
		next := w.late[0]
		w.late = w.late[1:]
		if parallel, ok := w.visited[next.to]; !ok || next.at.Parallel && !parallel {
			w.step(next.step, next.at)
		}
	}
}

// step goes from a function that runs at a place to one that it runs.
func (w *walker) step(s step, at Where) {
	at.Subtest, at.Late, at.looped = s.subtest, at.Late || s.late, at.looped || s.looped
	if parallel := w.p.parallel[s.to] || s.parallel; s.subtest {
		at.Parallel, at.Repeated = at.Parallel || parallel, at.Repeated || parallel && at.looped
		at.span = at.span.subtest(parallel)
		if parallel {
			at.Unit = s.to
		}
		at.looped = false // what it starts is over before the next round, or runs in parallel
	} else if parallel && Serves(s.to.Sig) {
		at.Parallel = true
	}
	if s.to.Obj != nil {
		if at.Depth++; at.Depth > maxDepth {
			return
		}
	}
	w.function(s.to, at)
}

// A step leads from a function to one that it runs.
type step struct {
	to       *flow.Func
	by       by
	subtest  bool
	late     bool // when the test is over
	parallel bool // whoever runs it, as a subtest, makes that parallel
	looped   bool
}

// By says what leads to a function.
type by int

const (
	name    by = iota // a call by its name
	value             // a call, also by t.Run and its like, of what an expression may stand for
	mention           // it stands there, or is named
)

// stepsOf returns where a function leads.
func (p *Package) stepsOf(f *flow.Func) []step {
	p.mu.Lock()
	defer p.mu.Unlock()
	steps, known := p.steps[f]
	if known {
		return steps
	}
	add := func(to *flow.Func, by by, at inspector.Cursor, subtest bool) {
		steps = append(steps, step{to: to, by: by, subtest: subtest, looped: flow.InLoop(at)})
	}
	for _, call := range f.Calls {
		if call.Fn != nil {
			for _, to := range call.Targets() {
				add(to, name, call.At, false)
			}
		} else if call.Runs() {
			for _, to := range p.code.FuncsGiven(call.Expr.Fun) {
				add(to, value, call.At, false)
			}
		}
		if suite, ok := testscope.RunsSuite(call.Fn); ok && suite < len(call.Expr.Args) {
			for _, hook := range testscope.HooksOf(p.pass.TypesInfo.TypeOf(call.Expr.Args[suite]), p.pass.Pkg) {
				if to := p.code.Func(hook); to != nil { // its methods are tests themselves
					add(to, name, call.At, false)
				}
			}
		}
		for _, to := range p.started(call) {
			add(to, value, call.At, true)
			steps[len(steps)-1].parallel = true
		}
		when := testscope.Argument(call.Fn)
		if when == 0 || testscope.Guards(call.Fn) {
			continue
		}
		for _, arg := range call.Expr.Args {
			for _, to := range p.code.FuncsGiven(arg) {
				add(to, value, call.At, when&testscope.PerTest != 0)
				steps[len(steps)-1].late = when&testscope.After != 0
			}
		}
	}
	for _, lit := range f.Lits {
		if lit.When == 0 {
			add(lit, mention, lit.Cursor, testscope.TakesTB(lit.Sig))
		}
	}
	for _, ref := range f.Refs {
		if to := p.code.Func(ref.Of); to != nil && ref.When == 0 {
			add(to, mention, ref.At, testscope.TakesTB(to.Sig))
		}
	}
	p.steps[f] = steps
	return steps
}

// ofProcess reports whether code that runs once, such as an initialiser, mentions f.
func ofProcess(f *flow.Func) bool {
	if f.Parent != nil && f.Outer().When&testscope.Once != 0 {
		return true
	}
	for _, use := range f.Uses {
		if use.In.Outer().When&testscope.Once != 0 {
			return true
		}
	}
	return false
}
