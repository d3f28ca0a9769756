package missingcleanup

import (
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
)

// lost reports handles that nobody releases.
func (c *check) lost(handles []*ownership.Handle) {
	t := &tallies{check: c, callers: map[*flow.Func][]*ownership.Handle{}, known: map[step]tally{}}
	for _, h := range handles {
		for _, f := range h.From {
			t.callers[f] = append(t.callers[f], h)
		}
	}
	leaking := map[*flow.Func]int{} // handles that a function is to blame for
	for _, h := range handles {
		if t.leaks(h) {
			leaking[h.Giver()]++
		}
	}
	for _, h := range handles {
		leaks, blamed := t.leaks(h), 0 // the helper that gave it is reported instead
		for _, f := range h.From {
			blamed += leaking[f]
			if leaks && h.Giver() == f {
				blamed-- // not for itself
			}
		}
		switch {
		case h.Dropped:
			c.found(h.Expr(), dropped{h.Callee})
		case leaks && blamed == 0:
			c.found(h.Expr(), c.leakOf(h), c.cleanup(h)...)
		case h.Fate.Released():
			c.skipped(h)
		}
	}
}

const maxHelpers = 8 // helpers between the call that obtains a handle and the test

// A tally counts who loses and who releases a handle.
type tally struct{ lost, released float64 } // not int: through helpers that call each other they are many

// tallies are counted once for the callers of each function.
type tallies struct {
	*check
	callers map[*flow.Func][]*ownership.Handle
	known   map[step]tally
}

// A step is a function so many helpers away from the call that obtains a handle.
type step struct {
	fn    *flow.Func
	depth int
}

// leaks reports whether the function that obtains the handle is to blame for its
// loss: nobody can release it, or most of those who get it lose it.
func (t *tallies) leaks(h *ownership.Handle) bool {
	n := t.of(h, 0)
	return n.lost > n.released
}

// of counts for a handle, through the helpers that return it.
func (t *tallies) of(h *ownership.Handle, depth int) tally {
	fate := h.Fate
	switch {
	case fate.Lost():
		return tally{lost: 1}
	case fate.Released() || fate.Closers != 0:
		return tally{released: 1}
	case t.hidden(h):
		return tally{lost: 1}
	case fate.Returned != 0 && depth < maxHelpers:
		return t.ofCallers(step{h.Giver(), depth + 1})
	case fate.Kept && t.keptByNobody(h):
		return tally{lost: 1}
	}
	return tally{}
}

func (t *tallies) ofCallers(s step) tally {
	n, known := t.known[s]
	if !known {
		for _, caller := range t.callers[s.fn] {
			m := t.of(caller, s.depth)
			n.lost, n.released = n.lost+m.lost, n.released+m.released
		}
		t.known[s] = n
	}
	return n
}

// hidden reports whether a pool or connection is only returned inside of what
// cannot let go of it. Who gets a transaction so may know its type.
func (c *check) hidden(h *ownership.Handle) bool {
	for i := range h.Fate.Returned.All {
		if ownership.Closable(h.Fate.By.Sig.Results().At(i).Type()) {
			return false
		}
	}
	return h.Kind.Own() && h.Fate.Returned != 0 && !h.Fate.Kept
}

// keptByNobody reports whether the handle is stored in fields of the suite
// around it that no method releases.
func (c *check) keptByNobody(h *ownership.Handle) bool {
	if !isMethod(h.In()) {
		return false
	}
	recv := h.In().Sig.Recv().Type()
	for _, field := range h.Fate.Fields {
		if !hasField(recv, field) || c.owners.Releases(field) {
			return false
		}
	}
	return len(h.Fate.Fields) > 0
}

func hasField(t types.Type, field *types.Var) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	fields, ok := t.Underlying().(*types.Struct)
	return ok && slices.ContainsFunc(slices.Collect(fields.Fields()), func(f *types.Var) bool { return f.Origin() == field })
}

// leakOf returns what is to be said of a handle that is lost.
func (c *check) leakOf(h *ownership.Handle) leak {
	l := leak{Handle: handleOf(h)}
	if !h.Direct {
		l.Handle.Through = h.Callee
	}
	switch site := c.sites[h.Expr()]; {
	case len(h.Fate.Fields) > 0:
		l.Remedy = tearDown
	case site != nil && site.Verdict == lifecycle.Unassigned:
		l.Remedy = share
	case c.hidden(h):
		l.Remedy = closeHere
	case h.Fate.Returned != 0:
		l.Remedy = closeForAll
	default:
		if text := c.release(h); text != "" {
			l.Remedy, l.Code = addCode, strings.Join(strings.Fields(text), " ")
		}
	}
	return l
}
