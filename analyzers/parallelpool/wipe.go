package parallelpool

import (
	"slices"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/isolation"
	"github.com/poollint/poollint/internal/parallel"
)

// A wipe is a call in a parallel test that empties or changes tables which other
// tests use.
type wipe struct {
	does  isolation.Effect
	tests []string
	units []*flow.Func // the tests and subtests that run in parallel and make the call
}

// query notes a call that wipes the shared database.
func (c *checker) query(test *parallel.Test, call *flow.Call, unit *flow.Func) {
	w, known := c.wiped[call]
	if !known {
		if does, handle := c.left.EffectOfCall(call); does != isolation.None && handle != nil && c.onShared(handle, 2*maxSources) {
			w = &wipe{does: does}
		} else if does := c.wipedElsewhere(call); does != isolation.None {
			w = &wipe{does: does}
		}
		c.wiped[call] = w
	}
	if w == nil {
		return
	}
	if !slices.Contains(w.tests, test.Name) {
		w.tests = append(w.tests, test.Name)
	}
	if !slices.Contains(w.units, unit) {
		w.units = append(w.units, unit)
	}
}

// wipedElsewhere returns what a helper of another package does to tables of the shared database.
func (c *checker) wipedElsewhere(call *flow.Call) isolation.Effect {
	w := c.left.WipeOf(call.Fn)
	shared := w.By == isolation.Global
	switch {
	case w.Does == isolation.None:
		return isolation.None
	case w.By == isolation.Opened:
		shared = opensOnce(c.pkg.Func(call.Fn))
	case w.By > 0:
		args := call.Args(call.Fn.Signature(), w.By)
		shared = len(args) == 1 && c.onShared(args[0], 2*maxSources)
	}
	if !shared {
		return isolation.None
	}
	return w.Does
}

// wipes reports the calls that other parallel tests suffer from.
func (c *checker) wipes(report *finding.Reporter) {
	if c.tests < 2 {
		return
	}
	for _, f := range c.code.Funcs() {
		for _, call := range f.Calls {
			if w := c.wiped[call]; w != nil {
				f := finding.At(call.Expr, wiped{w.does, w.tests}, c.inTurn(w)...)
				f.Witnesses = c.witnesses(report, w.tests)
				report.Report(f)
			}
		}
	}
}
