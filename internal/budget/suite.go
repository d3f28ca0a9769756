package budget

import (
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// suite adds what a suite needs that a call runs: its own hooks, and one after the other its
// tests with theirs.
func (b *builder) suite(c *flow.Call, suite types.Type) {
	if suite == nil {
		return
	}
	methods := types.NewMethodSet(suite)
	var each, tests []target
	for i := range methods.Len() {
		fn, ok := methods.At(i).Obj().(*types.Func)
		if !ok {
			continue
		}
		t := target{fn: fn.Origin()}
		if f := b.code.Func(fn); f != nil {
			t = target{f: f}
		}
		switch name := fn.Name(); {
		case name == "SetupSuite" || name == "SetUpSuite" || name == "TearDownSuite":
			b.stage(c, b.out, t)
		case strings.HasPrefix(name, "Test"):
			tests = append(tests, t)
		case isHook[name]:
			each = append(each, t)
		}
	}
	for _, test := range tests {
		s := sub{Times: 1, Parallel: b.runsParallel(test)}
		for _, t := range each {
			b.stage(c, &s.Demand, t)
		}
		b.stage(c, &s.Demand, test)
		b.out.sub(s)
	}
}

// stage adds what a method of a suite needs to what holds it: the suite, or one test of it.
func (b *builder) stage(c *flow.Call, in *demand, t target) {
	if d := b.reader.demand(t); d != nil {
		b.staged(c, in, d)
	}
}

func (b *builder) staged(c *flow.Call, in, d *demand) {
	if !b.pay(d.size()) {
		return
	}
	b.out.tell(d)
	for _, o := range d.Opens {
		if o.Until.Kind == ended || o.Until.Kind == testEnd && o.Until.tb == nil {
			o.Until = until{Kind: ended}
			hold(&in.Opens, o)
		} else {
			b.hold(c, o, until{})
		}
	}
	for _, o := range d.Leaks {
		b.hold(c, o, until{})
	}
	for _, s := range d.Subs {
		in.sub(s.clone())
	}
	if c != nil {
		b.deeper(c, d)
	}
}

// isHook are the methods that run around each test of a suite.
var isHook = func() map[string]bool {
	hooks := map[string]bool{}
	for _, name := range testscope.Hooks() {
		hooks[name] = !strings.HasSuffix(name, "Suite")
	}
	return hooks
}()

// gocheckSuites returns the types with tests of gocheck's, which are run by nothing that the
// code shows.
func (r *reader) gocheckSuites() (all []types.Type) {
	seen := map[string]bool{}
	for _, f := range r.code.Funcs() {
		if f.Obj == nil || f.Sig.Recv() == nil || f.When&testscope.PerTest == 0 || !testscope.TakesTB(f.Sig) {
			continue
		}
		if t := f.Sig.Recv().Type(); !seen[t.String()] {
			seen[t.String()] = true
			all = append(all, t)
		}
	}
	return all
}
