package missingcleanup

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

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
	runs     map[*flow.Func]bool // what the code put off runs
	list     []*flow.Func        // that, those first that are given
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
			var given []ast.Expr
			switch stmt, ok := call.At.Parent().Node().(*ast.DeferStmt); {
			case ok && stmt.Call == call.Expr:
				e.at, e.deferred, given = call.At.Parent(), true, []ast.Expr{call.Expr.Fun}
			case testscope.Argument(call.Fn)&testscope.After != 0:
				given = call.Expr.Args
			default:
				continue
			}
			e.list, e.runs = c.runBy(given)
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

// runBy returns the functions of the package that run if the func values do.
func (c *check) runBy(values []ast.Expr) (list []*flow.Func, all map[*flow.Func]bool) {
	all = map[*flow.Func]bool{}
	add := func(fs []*flow.Func) {
		for _, f := range fs {
			if !all[f] && len(all) < maxRuns {
				all[f] = true
				list = append(list, f)
			}
		}
	}
	for _, v := range values {
		add(c.code.FuncsGiven(v))
	}
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

// workedBy returns what is put off, for which yes holds, and works with one of the variables; nil if
// there is none.
func (c *check) workedBy(vars map[*types.Var]bool, yes func(*ending) bool) *ending {
	var first *ending
	found := func(e *ending) {
		if e != nil && (first == nil || e.at.Node().Pos() < first.at.Node().Pos()) {
			first = e
		}
	}
	for v := range vars {
		for _, m := range c.code.Mentions(v) {
			worked := false
			works := func() bool {
				worked = worked || c.code.Works(m)
				return worked
			}
			for stmt := range m.Enclosing((*ast.DeferStmt)(nil)) {
				if e := c.endings().at[stmt.Node()]; e != nil && c.code.Around(m) == e.in && c.passed(m, e) && yes(e) && works() {
					found(e)
				}
				break
			}
			for _, e := range c.endings().by[c.code.Around(m)] {
				if yes(e) && c.enters(vars, v, m, e.runs, &e.at) && !c.another(vars, e) && works() {
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
		if t := c.pass.TypesInfo.TypeOf(around.Node().(ast.Expr)); t != nil && !mayHold(t) {
			return false
		}
	}
	return true
}

// mayHold reports whether a value of the type may stay in touch with a handle.
func mayHold(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Tuple:
		for v := range u.Variables() {
			if mayHold(v.Type()) {
				return true
			}
		}
		return false
	case *types.Signature, *types.Interface:
		return true
	}
	return dbapi.Holds(t)
}

// another reports whether what is put off is given an object beside one of the variables, of
// the same type, and none of them.
func (c *check) another(vars map[*types.Var]bool, e *ending) bool {
	other := false
	for id := range e.at.Preorder((*ast.Ident)(nil)) {
		v, _ := c.pass.TypesInfo.Uses[id.Node().(*ast.Ident)].(*types.Var)
		switch {
		case v == nil || v.IsField():
		case vars[v]:
			return false
		default:
			other = other || c.twin(vars, v, e.in.Outer())
		}
	}
	return other
}

// twin reports whether one of the variables and another of its type are both of a function.
func (c *check) twin(vars map[*types.Var]bool, other *types.Var, f *flow.Func) bool {
	if c.declaredOutside(other, f) {
		return false
	}
	for v := range vars {
		if !v.IsField() && !c.declaredOutside(v, f) && types.Identical(v.Type(), other.Type()) {
			return true
		}
	}
	return false
}
