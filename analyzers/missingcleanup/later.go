package missingcleanup

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/testscope"
)

// An ending is a statement that puts code off to the end of its function or test: a defer
// statement, or a call that registers a cleanup function.
type ending struct {
	in       *flow.Func
	at       inspector.Cursor // of the statement, or the call
	call     *flow.Call       // that is deferred, or registers
	deferred bool
	given    []*flow.Func        // the functions that are put off
	runs     map[*flow.Func]bool // what the code put off runs
	list     []*flow.Func        // that, those first that are given
}

// runsIn reports whether what is put off runs a function that is written at c.
func (e *ending) runsIn(c inspector.Cursor) bool {
	return slices.ContainsFunc(e.list, func(f *flow.Func) bool { return c.Contains(f.Cursor) })
}

// repeats reports whether another ending puts off what this one runs, and nothing else.
func (e *ending) repeats(other *ending) bool {
	return len(other.given) > 0 && !slices.ContainsFunc(other.given, func(f *flow.Func) bool { return !e.runs[f] })
}

// maxRuns bounds the functions that a cleanup function is followed to.
const maxRuns = 100

// endings are those of a package.
type endings struct {
	by   map[*flow.Func][]*ending // by what the code put off runs
	at   map[ast.Node]*ending     // by the statement, or call
	of   map[*flow.Func][]*ending // by the function that puts off
	list []*ending
}

// endings returns them, found when they are first asked for.
func (c *check) endings() *endings {
	if c.put == nil {
		c.put = c.findEndings()
	}
	return c.put
}

// span returns what runs because a function does.
func (c *check) span(f *flow.Func) *parallel.Span {
	if c.spans[f] == nil {
		c.spans[f] = c.parallel.Span(f, &c.calls)
	}
	return c.spans[f]
}

func (c *check) findEndings() *endings {
	all := &endings{by: map[*flow.Func][]*ending{}, at: map[ast.Node]*ending{}, of: map[*flow.Func][]*ending{}}
	for _, f := range c.code.Funcs() {
		for _, call := range f.Calls {
			e := &ending{in: f, at: call.At, call: call}
			switch stmt, ok := call.At.Parent().Node().(*ast.DeferStmt); {
			case ok && stmt.Call == call.Expr:
				e.at, e.deferred, e.given = call.At.Parent(), true, c.deferred(call.Expr.Fun)
			case testscope.Argument(call.Fn)&testscope.After != 0:
				e.given = c.given(call.Expr.Args)
			default:
				continue
			}
			e.list, e.runs = c.runBy(e.given)
			for _, f := range e.list {
				all.by[f] = append(all.by[f], e)
			}
			all.at[e.at.Node()] = e
			all.of[f] = append(all.of[f], e)
			all.list = append(all.list, e)
		}
	}
	return all
}

// given returns the functions of the package that func values may be.
func (c *check) given(values []ast.Expr) (all []*flow.Func) {
	for _, v := range values {
		all = append(all, c.code.FuncsGiven(v)...)
	}
	return all
}

// deferred returns the functions of the package that a defer statement may put off: what a variable
// of its block takes behind it, it does not.
func (c *check) deferred(fun ast.Expr) (all []*flow.Func) {
	v := flow.Var(c.pass.TypesInfo, fun)
	if v == nil || v.Parent() == nil || v.Parent() != c.pass.Pkg.Scope().Innermost(fun.Pos()) {
		return c.code.FuncsGiven(fun)
	}
	stores, certain := c.reaching(v, fun.Pos())
	if !certain {
		return c.code.FuncsGiven(fun)
	}
	for _, s := range stores {
		all = append(all, c.code.FuncsStored(s)...)
	}
	return all
}

// reaching returns what may have been put into a variable where it is used, in source order:
// what comes last in the block that declares it, and behind. Certain says that there is such.
func (c *check) reaching(v *types.Var, at token.Pos) (stores []*flow.Store, certain bool) {
	for _, s := range c.code.Into(v) {
		switch {
		case !s.Whole(v) || s.Src.Pos() <= at && at < s.Src.End():
			continue
		case !flow.Global(v) && c.declaredOutside(v, s.In):
			stores = append(stores, s) // in a literal, which runs at some time
		case s.Src.End() <= at && c.pass.Pkg.Scope().Innermost(s.Src.Pos()) == v.Parent():
			stores, certain = []*flow.Store{s}, true
		case s.Src.End() <= at:
			stores = append(stores, s)
		}
	}
	return stores, certain
}

// runBy returns the functions of the package that run if those given do.
func (c *check) runBy(given []*flow.Func) (list []*flow.Func, all map[*flow.Func]bool) {
	all = map[*flow.Func]bool{}
	add := func(fs []*flow.Func) {
		for _, f := range fs {
			if !all[f] && len(all) < maxRuns {
				all[f] = true
				list = append(list, f)
			}
		}
	}
	add(given)
	for i := 0; i < len(list); i++ {
		add(list[i].Lits)
		for _, call := range list[i].Calls {
			add(call.Targets())
		}
	}
	return list, all
}

// enters reports whether a variable or field, one of vars, comes from outside to where
// functions mention it: what is a parameter or a local variable of theirs, they have from
// mentions elsewhere; but for the receiver of a method that is given away, at a place if it
// matters.
func (c *check) enters(vars map[*types.Var]bool, v *types.Var, mention inspector.Cursor, into map[*flow.Func]bool, at *inspector.Cursor) bool {
	if v.IsField() {
		sel, ok := mention.Parent().Node().(*ast.SelectorExpr)
		if !ok {
			return false // a key of a literal
		}
		if v = flow.Root(c.pass.TypesInfo, sel); v == nil {
			return true
		}
		if _, param := c.code.Param(v); param {
			return true
		}
	}
	if flow.Global(v) {
		return true
	}
	if param, ok := c.code.Param(v); ok {
		return !into[param.Of] || param.I == flow.Receiver && slices.ContainsFunc(param.Of.Uses, func(use flow.Use) bool {
			sel, ok := use.At.Parent().Node().(*ast.SelectorExpr)
			return ok && (at == nil || at.Contains(use.At)) && vars[flow.Root(c.pass.TypesInfo, sel.X)]
		})
	}
	for f := c.code.Around(mention); f != nil; f = f.Parent {
		if into[f] && !c.declaredOutside(v, f) {
			return false
		}
	}
	return true
}

// workedBy returns what is put off, for which yes holds, and works with a value; nil if there
// is none.
func (c *check) workedBy(spread *flow.Spread, yes func(*ending) bool) *ending {
	var first *ending
	found := func(e *ending) {
		if e != nil && (first == nil || e.at.Node().Pos() < first.at.Node().Pos()) {
			first = e
		}
	}
	for v := range spread.Vars {
		for _, m := range c.code.Mentions(v) {
			worked := false
			works := func() bool {
				worked = worked || spread.Lent[v] || c.code.Works(m)
				return worked
			}
			for around := range m.Enclosing((*ast.DeferStmt)(nil), (*ast.CallExpr)(nil)) {
				if e := c.endings().at[around.Node()]; e != nil && (e.deferred || spread.Lent[v]) && c.code.Around(m) == e.in && c.passed(m, e) && yes(e) && works() {
					found(e)
				}
			}
			for _, e := range c.endings().by[c.code.Around(m)] {
				if yes(e) && c.enters(spread.Vars, v, m, e.runs, &e.at) && works() && !c.another(spread, []inspector.Cursor{e.at}, e.in.Outer(), c.rootOf(v, m)) {
					found(e)
				}
			}
		}
	}
	return first
}

// passed reports whether what is mentioned in a defer statement gets to the deferred call:
// the operands are evaluated at once, so what calls among them make has to hold a handle.
func (c *check) passed(mention inspector.Cursor, e *ending) bool {
	for around := range mention.Enclosing((*ast.CallExpr)(nil)) {
		if around.Node() == e.call.Expr {
			return true
		}
		if t := c.pass.TypesInfo.TypeOf(around.Node().(ast.Expr)); t != nil && !mayHold(t, maxFields) {
			return false
		}
	}
	return true
}

// mayHold reports whether a value of the type may stay in touch with a handle. Libraries have
// types for handles; of others the fields say it.
func mayHold(t types.Type, depth int) bool {
	if flow.IsError(t) {
		return false
	}
	t = flow.Pointee(t)
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil && dbapi.LibraryOf(named.Obj().Pkg()) != nil {
		return types.IsInterface(t) || dbapi.Holds(t)
	}
	switch u := t.Underlying().(type) {
	case *types.Tuple:
		for v := range u.Variables() {
			if mayHold(v.Type(), depth) {
				return true
			}
		}
	case *types.Struct:
		for v := range u.Fields() {
			if depth > 0 && mayHold(v.Type(), depth-1) {
				return true
			}
		}
	case *types.Signature, *types.Interface:
		return true
	}
	return false
}

// another reports whether code of a function that works with a value through an object, of the
// type root if that is known, is given another one, and none that leads to the value: one beside
// such an object, or one of several that may.
func (c *check) another(spread *flow.Spread, code []inspector.Cursor, f *flow.Func, root types.Type) bool {
	other := false
	for _, at := range code {
		for id := range at.Preorder((*ast.Ident)(nil)) {
			v, _ := c.pass.TypesInfo.Uses[id.Node().(*ast.Ident)].(*types.Var)
			switch {
			case v == nil || v.IsField():
			case spread.Has(v):
				return false
			case !c.declaredOutside(v, f):
				other = other || c.twin(spread, v, f) || root != nil && leads(v.Type(), root, maxFields) && c.alike(f, v.Type()) > 1
			}
		}
	}
	return other
}

// rootOf returns the type of what a field that is mentioned is a field of, at the start; nil if it
// is none.
func (c *check) rootOf(v *types.Var, mention inspector.Cursor) types.Type {
	if sel, ok := mention.Parent().Node().(*ast.SelectorExpr); ok && v.IsField() {
		if root := flow.Root(c.pass.TypesInfo, sel); root != nil {
			return root.Type()
		}
	}
	return nil
}

// alike returns how many variables of a type a function declares.
func (c *check) alike(f *flow.Func, t types.Type) int {
	if c.types[f] == nil {
		c.types[f] = new(typeutil.Map)
		for id := range f.Cursor.Preorder((*ast.Ident)(nil)) {
			if v, ok := c.pass.TypesInfo.Defs[id.Node().(*ast.Ident)].(*types.Var); ok && !v.IsField() {
				n, _ := c.types[f].At(v.Type()).(int)
				c.types[f].Set(v.Type(), n+1)
			}
		}
	}
	n, _ := c.types[f].At(t).(int)
	return n
}

// maxFields bounds the fields that lead from one object to another.
const maxFields = 4

// leads reports whether something of a type may be, or have in its fields, something of another.
func leads(from, to types.Type, depth int) bool {
	if types.Identical(from, to) {
		return true
	}
	if i, ok := from.Underlying().(*types.Interface); ok {
		return !i.Empty() && types.Implements(to, i)
	}
	s, ok := flow.Pointee(from).Underlying().(*types.Struct)
	for i := 0; ok && depth > 0 && i < s.NumFields(); i++ {
		if leads(s.Field(i).Type(), to, depth-1) {
			return true
		}
	}
	return false
}

// twin reports whether a variable of a function has the type of another that leads to the value.
func (c *check) twin(spread *flow.Spread, other *types.Var, f *flow.Func) bool {
	for _, vars := range []map[*types.Var]bool{spread.Vars, spread.Keepers} {
		for v := range vars {
			if !v.IsField() && !c.declaredOutside(v, f) && types.Identical(v.Type(), other.Type()) {
				return true
			}
		}
	}
	return false
}
