package budget

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/testscope"
)

// fate returns until when what a call hands out is open. Of several handles, and of several
// ways to close one, the last counts.
func (b *builder) fate(c *flow.Call) until {
	handles := b.handles[c.Expr]
	if len(handles) == 0 {
		return until{}
	}
	u := until{Kind: ended}
	for _, h := range handles {
		u = later(u, b.fateOf(c, h))
	}
	return u
}

// later returns the one that lasts longer.
func later(u, v until) until {
	switch {
	case u.Kind == leaked || v.Kind == leaked, u.Kind == testEnd && v.Kind == testEnd && u != v:
		return until{}
	case v.Kind > u.Kind:
		return v
	}
	return u
}

func (b *builder) fateOf(c *flow.Call, h *ownership.Handle) until {
	fate := h.Fate
	switch {
	case fate.Released() && b.always(c, h):
		u := until{Kind: ended}
		for _, at := range fate.Releases {
			u = later(u, b.release(at))
		}
		return u
	case fate.Returned != 0 || fate.Closers != 0:
		if fate.By != b.f {
			return until{}
		}
		return until{Kind: handed}
	case fate.Put && b.f.When == 0:
		return until{Kind: handed}
	}
	return b.tornDown(fate)
}

// always reports whether every way from the call, where it has met no error, to a return
// leads past what releases the handle or sees to it.
func (b *builder) always(c *flow.Call, h *ownership.Handle) bool {
	ways := b.code.Ways(b.f)
	if ways == nil {
		return false
	}
	ends := map[ast.Node]bool{}
	for _, at := range h.Fate.Releases {
		ends[ways.Node(at)] = true
	}
	delete(ends, nil)
	if ends[ways.Node(c.At)] {
		return true
	}
	return ways.Out(flow.Query{From: c.At, Known: h.Known, Stops: func(n ast.Node) bool { return ends[n] }}) == nil
}

// release returns until when a handle is open that is released at a place: where a function
// is deferred, registered for the test's end, or called.
func (b *builder) release(at inspector.Cursor) until {
	for f := b.code.Around(at); f != b.f; f = f.Parent {
		if f == nil || f.Lit == nil {
			return until{}
		}
		call, ok := f.Cursor.Parent().Node().(*ast.CallExpr)
		if !ok {
			return until{}
		}
		at = f.Cursor.Parent()
		switch c := b.code.Call(call); {
		case c == nil:
			return until{}
		case f.When&testscope.After != 0:
			return b.after(c)
		case f.Cursor.ParentEdgeKind() != edge.CallExpr_Fun || at.ParentEdgeKind() == edge.GoStmt_Call:
			return until{}
		}
	}
	if at.ParentEdgeKind() != edge.CallExpr_Args && at.Parent().ParentEdgeKind() == edge.CallExpr_Args {
		at = at.Parent() // db.Close, of which db is the place
	}
	if call, ok := at.Node().(*ast.CallExpr); ok {
		return b.releasedBy(b.code.Call(call), at)
	}
	if at.ParentEdgeKind() == edge.CallExpr_Args {
		return b.releasedBy(b.code.Call(at.Parent().Node().(*ast.CallExpr)), at.Parent())
	}
	return until{Kind: ended}
}

// releasedBy returns until when a handle is open that a call releases: a helper that takes the
// test may put it off until that is over.
func (b *builder) releasedBy(c *flow.Call, at inspector.Cursor) until {
	switch {
	case c == nil:
		return until{}
	case testscope.Argument(c.Fn)&testscope.After != 0:
		return b.after(c)
	case at.ParentEdgeKind() == edge.GoStmt_Call:
		return until{}
	}
	for _, arg := range c.Expr.Args {
		if t := b.info.TypeOf(arg); t != nil && testscope.IsTB(t) {
			return b.testOf(arg)
		}
	}
	return until{Kind: ended}
}

// after returns until when a handle is open that a function closes which the call registers for
// the end of a test.
func (b *builder) after(c *flow.Call) until {
	if recv := c.Receiver(); recv != nil {
		return b.testOf(recv)
	}
	if c.Fn != nil && strings.HasSuffix(c.Fn.Name(), "DeferCleanup") {
		return until{Kind: testEnd}
	}
	return until{}
}

// teardowns are the methods of a suite that run when a test, or the suite, is over.
var teardowns = map[testscope.When][]string{
	testscope.PerTest: {"TearDownTest", "TearDownSubTest", "AfterTest"},
	testscope.Once:    {"TearDownSuite"},
}

// tornDown returns until when a handle is open that a method of a suite leaves in a field of
// it, or a hook of ginkgo's in a variable around it.
func (b *builder) tornDown(fate *ownership.Fate) until {
	if b.f.Lit != nil && b.f.When&testscope.PerTest != 0 && fate.Released() {
		for _, at := range fate.Releases {
			if f := b.code.Around(at); f.Lit != nil && f.When&testscope.After != 0 && f.Parent != nil && b.f.Within(f.Parent) && after(f) {
				return until{Kind: testEnd}
			}
		}
	}
	if b.f.Obj == nil || b.f.When == 0 {
		return until{}
	}
	for _, field := range fate.Fields {
		releases, _ := b.ownership.Releases(field, b.f)
		if slices.ContainsFunc(releases, func(at inspector.Cursor) bool {
			f := b.code.Around(at).Outer()
			return f.Obj != nil && f.Obj.Signature().Recv() != nil && slices.Contains(teardowns[b.f.When], f.Obj.Name())
		}) {
			return until{Kind: testEnd}
		}
	}
	return until{}
}

// after reports whether a hook runs after each spec, and not after all.
func after(f *flow.Func) bool {
	call, ok := f.Cursor.Parent().Node().(*ast.CallExpr)
	if !ok {
		return false
	}
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return strings.HasSuffix(fun.Name, "AfterEach")
	case *ast.SelectorExpr:
		return strings.HasSuffix(fun.Sel.Name, "AfterEach")
	}
	return false
}

// guarded reports whether what a call opens is kept in a package variable that the function
// has found to be nil: it is opened once a process.
func (b *builder) guarded(c *flow.Call) bool {
	for _, h := range b.handles[c.Expr] {
		for _, v := range h.Fate.Keepers {
			if flow.Global(v) && v.Pkg() == b.pass.Pkg && b.onlyHere(v) && b.foundNil(c.At, v) {
				return true
			}
		}
	}
	return false
}

// onlyHere reports whether nothing but the function gives the variable a value.
func (b *builder) onlyHere(v *types.Var) bool {
	return !b.code.AddressTaken(v) && !slices.ContainsFunc(b.code.Into(v), func(s *flow.Store) bool {
		return s.Whole(v) && s.In != b.f && s.Dst != nil || s.Elem
	})
}

// foundNil reports whether what stands at c runs only where the variable is nil.
func (b *builder) foundNil(c inspector.Cursor, v *types.Var) bool {
	for cond := range b.code.Conditions(c) {
		if b.comparesNil(cond.Expr, cond.Saying(token.EQL), v) {
			return true
		}
	}
	return false
}

func (b *builder) comparesNil(cond ast.Expr, op token.Token, v *types.Var) bool {
	e, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && e.Op == op && flow.Var(b.info, e.X) == v && b.info.Types[e.Y].IsNil()
}

// onlyOnce adds what a call of sync's opens: once a process for what lives as long.
func (b *builder) onlyOnce(c *flow.Call) {
	call, guard := b.place(c.Expr), b.guard(c)
	which := 0
	b.each(c, func(t target, d *demand) {
		shared := once{lifecycle.Place(fmt.Sprintf("%s/%d", call, which)), flat(d), guard}
		which++
		recv := c.Receiver()
		switch {
		case recv != nil && global(flow.Root(b.info, recv)):
			b.out.once(append(d.Once, shared)...)
		case recv == nil && b.f.Type() == nil: // a package variable holds it
			b.out.once(d.Once...)
			if !b.share(c, append(slices.Clone(d.Once), shared)) {
				b.out.once(shared)
			}
		default:
			b.run(c, t.sig(), d)
		}
	})
}

// guard returns what a call of sync's asks if it is the first: the package's own variable on which it is
// called, where nobody makes that anew, else the call.
func (b *builder) guard(c *flow.Call) lifecycle.Place {
	v := flow.Var(b.info, c.Receiver())
	if !global(v) || v.Pkg() != b.pass.Pkg || v.Exported() || len(b.code.Into(v)) > 0 || b.code.AddressTaken(v) {
		return b.place(c.Expr)
	}
	return lifecycle.Place(v.Pkg().Path() + "." + v.Name())
}

func global(v *types.Var) bool { return v != nil && flow.Global(v) }

// flat returns a demand whose pools are open as long as the process.
func flat(d *demand) *demand {
	return &demand{Opens: d.all(), Reasons: d.Reasons, Notes: d.Notes}
}

// share notes that functions which mention a package variable may open what it opens once.
func (b *builder) share(c *flow.Call, all []once) bool {
	shared := false
	for _, s := range b.code.From(c.Expr) {
		if s.To == nil || !flow.Global(s.To) {
			continue
		}
		shared, b.onceVars[s.To] = true, true
		for _, m := range b.code.Mentions(s.To) {
			if f := b.code.Around(m); f != nil {
				b.shared[f] = append(newOnly(all, b.shared[f]), all...)
			}
		}
		b.pass.ExportObjectFact(s.To, &needs{demand{Once: all}})
	}
	return shared
}

// imported notes which functions mention variables of other packages that open something once.
func (r *reader) imported() {
	for obj := range r.code.Mentioned() {
		v, ok := obj.(*types.Var)
		if !ok || v.Pkg() == r.pass.Pkg || v.Pkg() == nil || v.IsField() {
			continue
		}
		fact := new(needs)
		if !r.pass.ImportObjectFact(v, fact) {
			continue
		}
		r.onceVars[v] = true
		for _, m := range r.code.Mentions(v) {
			if f := r.code.Around(m); f != nil {
				r.shared[f] = append(r.shared[f], fact.Demand.Once...)
			}
		}
	}
}

// initialise reads what runs before main. It does so again where that leaves functions behind
// which open something once: what was read before may call them.
func (r *reader) initialise() *demand {
	r.imported()
	var all *demand
	for range maxPasses {
		known := len(r.onceVars)
		clear(r.demands)
		all = new(demand)
		for _, f := range r.code.Funcs() {
			if f.Parent == nil && (f.Type() == nil || f.Obj != nil && f.Obj.Name() == "init" && f.Sig.Recv() == nil) {
				r.join(all, r.of(f))
			}
		}
		if known == len(r.onceVars) {
			break
		}
	}
	return all
}

// maxPasses bounds how often that is: functions that open once may call one another.
const maxPasses = 4

// join adds all that a demand has.
func (r *reader) join(to, d *demand) {
	for _, o := range d.all() {
		hold(&to.Opens, o)
	}
	to.tell(d)
}
