package ownership

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// A Fate is what becomes of a handle in the function that holds it.
type Fate struct {
	Releases []inspector.Cursor // the calls, method values and arguments that release it
	Returned Set                // results that hold it
	Closers  Set                // results that release it when called
	Kept     bool               // stored where someone else may release it
	Lasting  bool               // that is what the function does not end: a package variable, a field of a parameter
	Fields   []*types.Var       // the fields that keep it
	Holders  []*types.Var       // the variables that hold it
	Later    []inspector.Cursor // calls that put work with it, other than its release, off to the test's end
}

// Released reports whether the function releases the handle itself.
func (f *Fate) Released() bool { return len(f.Releases) > 0 }

// Lost reports whether nobody can release the handle.
func (f *Fate) Lost() bool { return !f.Released() && f.Returned == 0 && f.Closers == 0 && !f.Kept }

// Closable reports whether whoever gets a value of type t can let go of what it
// holds: an interface without a method for that, such as an adapter's, hides it.
func Closable(t types.Type) bool {
	iface, ok := t.Underlying().(*types.Interface)
	if _, generic := types.Unalias(t).(*types.TypeParam); !ok || generic || iface.NumMethods() == 0 {
		return true
	}
	for m := range iface.Methods() {
		if dbapi.SoundsClosing(m.Name()) {
			return true
		}
	}
	return false
}

// A tracker follows one handle through one function.
type tracker struct {
	*pkg
	in   *function
	fate *Fate
	seen map[*types.Var]bool
	call bool // what is followed is a func value that releases the handle
}

func (p *pkg) track(in *function) *tracker {
	return &tracker{pkg: p, in: in, fate: new(Fate), seen: map[*types.Var]bool{}}
}

// first follows the handle from its first use. All that a variable is given has the
// same fate from there on, which is found out once.
func (t *tracker) first(u use) {
	if u.kind != aliased {
		t.use(u)
		return
	}
	known, ok := t.in.fates[u.to]
	if !ok {
		whole := t.track(t.in)
		whole.variable(u.to)
		known = whole.fate.clipped()
		t.in.fates[u.to] = known
	}
	*t.fate = known
}

// clipped returns the fate so that copies of it grow on their own.
func (f *Fate) clipped() Fate {
	return Fate{
		Releases: slices.Clip(f.Releases), Returned: f.Returned, Closers: f.Closers, Kept: f.Kept, Lasting: f.Lasting,
		Fields: slices.Clip(f.Fields), Holders: slices.Clip(f.Holders), Later: slices.Clip(f.Later),
	}
}

// variable follows the handle through all mentions of a variable that holds it.
func (t *tracker) variable(v *types.Var) {
	if v == nil || t.seen[v] {
		return
	}
	t.seen[v] = true
	if !t.call {
		t.fate.Holders = append(t.fate.Holders, v)
	}
	if i := slices.Index(t.in.results, v); i >= 0 {
		t.returned(i) // a named result
	}
	for _, c := range t.in.mentions[v] {
		u := t.useOf(c)
		t.use(u)
		if u.kind == borrowed {
			if !u.later.Valid() {
				u.later = t.atEnd(c)
			}
			if u.later.Valid() {
				t.fate.Later = append(t.fate.Later, u.later)
			}
		}
	}
}

func (t *tracker) use(u use) {
	switch u.kind {
	case released:
		t.released(u.at)
	case returned:
		t.returned(u.result)
	case kept:
		t.fate.Kept, t.fate.Lasting = true, t.fate.Lasting || u.lasting
		if u.field != nil {
			t.fate.Fields = append(t.fate.Fields, u.field)
		}
	case aliased:
		t.variable(u.to)
	}
}

func (t *tracker) returned(result int) {
	if t.call {
		t.fate.Closers.add(result)
	} else {
		t.fate.Returned.add(result)
	}
}

// released notes a release. One that stands in a literal or is a method value
// happens when that is called: a function that is returned is a closer.
func (t *tracker) released(at inspector.Cursor) {
	value := at
	if _, ok := at.Node().(*ast.SelectorExpr); !ok || isCalled(at) {
		value = literalAround(at)
	}
	if t.call || !value.Valid() {
		t.fate.Releases = append(t.fate.Releases, at)
		return
	}
	closer := &tracker{pkg: t.pkg, in: t.in, fate: new(Fate), seen: map[*types.Var]bool{}, call: true}
	closer.use(closer.useOf(value))
	t.fate.Closers |= closer.fate.Closers
	if closer.fate.Closers == 0 {
		t.fate.Releases = append(t.fate.Releases, at)
	}
}

func isCalled(sel inspector.Cursor) bool {
	call, ok := sel.Parent().Node().(*ast.CallExpr)
	return ok && call.Fun == sel.Node()
}

// literalAround returns the innermost function literal around c; an invalid
// cursor if there is none.
func literalAround(c inspector.Cursor) inspector.Cursor {
	for around := range c.Enclosing((*ast.FuncLit)(nil)) {
		return around
	}
	return inspector.Cursor{}
}

// atEnd returns the call that registers the literal around c to run when the
// test is over; an invalid cursor if there is none.
func (p *pkg) atEnd(c inspector.Cursor) inspector.Cursor {
	for lit := range c.Enclosing((*ast.FuncLit)(nil)) {
		if call, ok := lit.Parent().Node().(*ast.CallExpr); ok &&
			testscope.Argument(dbapi.Callee(p.info, call))&testscope.After != 0 {
			return lit.Parent()
		}
	}
	return inspector.Cursor{}
}
