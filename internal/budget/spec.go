package budget

import (
	"slices"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// spec returns the test that code runs in which is written down outside functions: a spec, or
// a hook before the specs beside it, and how often that runs; nil if it runs once.
func (r *reader) spec(f *flow.Func) (t *test, times int) {
	for ; f != nil && f.When&testscope.PerTest == 0; f = f.Parent {
	}
	if f == nil {
		return nil, 0
	}
	t = r.specs[f]
	if t == nil {
		t = &test{Name: f.Title}
		if f.Prepares && f.Parent != nil {
			t.Name = "each spec of " + f.Parent.Title
		}
		r.specs[f] = t
	}
	if !f.Prepares {
		return t, 1
	}
	for _, other := range r.code.Funcs() {
		if other.Lit != nil && other.When&testscope.PerTest != 0 && !other.Prepares && other.Within(f.Parent) {
			times++
		}
	}
	return t, max(times, 1)
}

// runsBySpec notes what a call opens that runs once a spec; false if it runs once.
func (r *reader) runsBySpec(call *flow.Call) bool {
	t, times := r.spec(call.In)
	if t == nil {
		return false
	}
	for _, o := range append(r.opens(call.Expr), r.fromTestpool(call.Expr)...) {
		switch {
		case o.Once:
			r.once(o.At)
			continue
		case o.At == "":
			continue
		case !slices.Contains(t.Opens, o.At):
			t.Opens = append(t.Opens, o.At)
		}
		if r.lost[call.Expr] {
			t.Leaks = append(t.Leaks, leak{o.At, times})
		}
	}
	return true
}
