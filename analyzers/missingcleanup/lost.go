package missingcleanup

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
)

// lost reports handles that nobody releases.
func (c *check) lost(handles []*ownership.Handle) {
	callers := map[*types.Func][]*ownership.Handle{}
	for _, h := range handles {
		callers[h.Callee.Origin()] = append(callers[h.Callee.Origin()], h)
	}
	for _, h := range handles {
		switch {
		case h.Dropped:
			c.found(h.Expr(), fmt.Sprintf("the function that closes what %s opens is dropped; call it with t.Cleanup", h.Callee.Name()))
		case c.leaks(h, callers) && !c.blamed(h, callers):
			c.found(h.Expr(), c.leakMessage(h), c.cleanup(h)...)
		case h.Fate.Released():
			c.skipped(h)
		}
	}
}

const maxHelpers = 8 // helpers between the call that obtains a handle and the test

// leaks reports whether the function that obtains the handle is to blame for its
// loss: nobody can release it, or most of those who get it lose it.
func (c *check) leaks(h *ownership.Handle, callers map[*types.Func][]*ownership.Handle) bool {
	lost, released := c.tally(h, callers, 0)
	return lost > released
}

// tally counts who loses and who releases a handle, through the helpers that
// return it.
func (c *check) tally(h *ownership.Handle, callers map[*types.Func][]*ownership.Handle, depth int) (lost, released int) {
	fate := h.Fate
	switch {
	case fate.Lost():
		return 1, 0
	case fate.Released() || fate.Closers != 0:
		return 0, 1
	case c.hidden(h):
		return 1, 0
	case fate.Returned != 0 && depth < maxHelpers:
		for _, caller := range callers[c.funcOf(h.In)] {
			l, r := c.tally(caller, callers, depth+1)
			lost, released = lost+l, released+r
		}
		return lost, released
	case fate.Kept && c.keptByNobody(h):
		return 1, 0
	}
	return 0, 0
}

// hidden reports whether a pool or connection is only returned inside of what
// cannot let go of it. Who gets a transaction so may know its type.
func (c *check) hidden(h *ownership.Handle) bool {
	results := c.funcOf(h.In).Signature().Results()
	for i := range results.Len() {
		if h.Fate.Returned.Has(i) && ownership.Closable(results.At(i).Type()) {
			return false
		}
	}
	return h.Kind.Own() && h.Fate.Returned != 0 && !h.Fate.Kept
}

// blamed reports whether the helper that gave the handle is reported instead.
func (c *check) blamed(h *ownership.Handle, callers map[*types.Func][]*ownership.Handle) bool {
	for _, helper := range callers {
		for _, given := range helper {
			if given != h && c.funcOf(given.In) == h.Callee.Origin() && c.leaks(given, callers) {
				return true
			}
		}
	}
	return false
}

func (c *check) funcOf(decl *ast.FuncDecl) *types.Func {
	fn, _ := c.pass.TypesInfo.Defs[decl.Name].(*types.Func)
	return fn
}

// keptByNobody reports whether the handle is stored in fields of the suite
// around it that no method releases.
func (c *check) keptByNobody(h *ownership.Handle) bool {
	fn := c.funcOf(h.In)
	if fn == nil || fn.Signature().Recv() == nil {
		return false
	}
	recv := fn.Signature().Recv().Type()
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
	return ok && slices.Contains(slices.Collect(fields.Fields()), field)
}

// how says how a kind of handle is released.
var how = map[dbapi.Kind]string{
	dbapi.Pool: "closed", dbapi.Conn: "closed", dbapi.Acquired: "released", dbapi.Tx: "rolled back", dbapi.Stmt: "closed",
}

func (c *check) leakMessage(h *ownership.Handle) string {
	what := fmt.Sprintf("the %s of %s", h.Kind, h.Opener.Short())
	if !h.Direct {
		what = fmt.Sprintf("the %s that %s gets from %s", h.Kind, h.Callee.Name(), h.Opener.Short())
	}
	remedy := "register its release with t.Cleanup"
	switch site := c.sites[h.Expr()]; {
	case len(h.Fate.Fields) > 0:
		remedy = "release it in the suite's TearDown method"
	case site != nil && site.Verdict == lifecycle.Unassigned:
		remedy = "assign it with = so that it is shared"
	case c.hidden(h):
		remedy = "what is returned cannot close it; register that with t.Cleanup in this helper"
	case h.Fate.Returned != 0:
		remedy = "most callers forget it; register it with t.Cleanup in this helper"
	default:
		if text := c.release(h); text != "" {
			remedy = "add " + strings.Join(strings.Fields(text), " ")
		}
	}
	return fmt.Sprintf("%s is never %s; %s", what, how[h.Kind], remedy)
}
