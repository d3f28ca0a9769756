package sqltext

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// builderCall reads a call of a function or method of a builder.
func (f *frame) builderCall(b *builder.Builder, fn *types.Func, call *ast.CallExpr, recv value.Value) []value.Value {
	args := f.args(call)
	c := b.Call(builder.Call{Reader: f, Fn: fn, Expr: call, Recv: recv, Args: args})
	if q := f.api.Of(fn); q != nil {
		f.queryCall(call, q, args)
		return []value.Value{c.Raw()}
	}
	v := c.Result()
	for _, q := range c.Asked {
		f.ask(call, q, Builder)
	}
	if len(c.Asked) > 0 {
		f.lend(call, fn, nil)
	}
	if c.Shown != nil {
		f.pending(call, c.Shown)
	}
	if c.Changed != nil {
		f.changeInPlace(call, c.Changed)
	}
	return []value.Value{v}
}

// changeInPlace makes the longer chain the value of the variable that it starts
// from; of a parameter only if the caller's chain is the same.
func (f *frame) changeInPlace(call *ast.CallExpr, v value.Value) {
	id, ok := rootOfChain(call).(*ast.Ident)
	if !ok {
		return
	}
	obj := f.info.Uses[id]
	switch old := f.env.vars[obj].(type) {
	case *value.Chain:
		if !builder.Fresh(old) {
			f.env.vars[obj] = v
		}
	case *value.Param, *value.Lent:
		if builder.InPlace(obj.Type()) {
			f.env.vars[obj] = v
		}
	}
}

// rootOfChain returns the expression that a chain of calls of methods begins with,
// nil for a call that is none.
func rootOfChain(call *ast.CallExpr) ast.Expr {
	for {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		root := ast.Unparen(sel.X)
		if call, ok = root.(*ast.CallExpr); !ok {
			return root
		}
	}
}

// pending records a query whose text is taken from the builder, in case no query
// call is seen that uses it.
func (f *frame) pending(call *ast.CallExpr, v value.Value) {
	if complete(v) && !value.HasParam(v) {
		f.weakSite(call, call, v)
	}
}

// weakSite records a builder of which nobody is seen to run the query, which a call shows or is
// given; it gives way to a site that is.
func (f *frame) weakSite(e ast.Expr, by *ast.CallExpr, v value.Value) {
	s := f.site(e, value.Query{SQL: v}, Builder)
	if s.Call == nil { // a variable is handed on
		s.Call = by
	}
	if len(s.values) == 0 {
		s.weak = true
	}
	if s.weak {
		s.add(v)
	}
}

// escapes records builders that are handed on, in case nobody is seen to run them.
// One that comes back may have more conditions then.
func (f *frame) escapes(call *ast.CallExpr, args []value.Value) {
	for i, a := range args {
		if !value.IsChain(a) || i >= len(call.Args) || !complete(a) || value.HasParam(a) {
			continue
		}
		if f.comesBack(call, i) {
			a = value.Then(a, loan{by: call}.unseen())
		}
		f.weakSite(call.Args[i], call, a)
	}
}

// extended returns the results of a call with what is not known of a builder that
// was handed in and comes back: it has what it had, and perhaps more. Callers may know the
// function that target is.
func (f *frame) extended(call *ast.CallExpr, args, results []value.Value, target value.Value) []value.Value {
	if len(results) > 0 && results[0] != nil {
		return results
	}
	for i, a := range args {
		if i >= len(call.Args) || a == nil {
			break
		}
		handle := builder.Of(f.TypeOf(call.Args[i])) != nil && f.isAnybodys(call)
		if (handle || value.Has(a, value.IsChain) || value.IsParam(a)) && f.comesBack(call, i) {
			u := loan{call, target, i}.unseen()
			u.Returned = true
			more := value.Then(a, u)
			if fn := callee(f.info, call); fn != nil {
				more = value.Through(more, dbapi.NameOf(fn))
			}
			return append([]value.Value{more}, results[min(1, len(results)):]...)
		}
	}
	return results
}

// isAnybodys reports whether a call is of whatever function is given: a function value, or the
// method of an interface. Who gives it a handle and goes on with what comes back lets it add
// conditions.
func (f *frame) isAnybodys(call *ast.CallExpr) bool {
	fn := callee(f.info, call)
	if fn == nil {
		return true
	}
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// comesBack reports whether argument i of a call is a builder, or of a type that
// may stand for one, and the first result has its type.
func (f *frame) comesBack(call *ast.CallExpr, i int) bool {
	t := f.TypeOf(call.Args[i])
	result := f.TypeOf(call)
	if tuple, ok := result.(*types.Tuple); ok && tuple.Len() > 0 {
		result = tuple.At(0).Type()
	}
	_, generic := types.Unalias(t).(*types.TypeParam)
	return (generic || builder.Of(t) != nil) && types.Identical(t, result)
}

// complete reports whether a chain names the table that it is about.
func complete(v value.Value) bool {
	c, ok := v.(*value.Chain)
	return ok && slices.ContainsFunc(c.Steps, func(s value.Value) bool { return value.Has(s, namesTable) })
}

// namesTable reports whether v names the table of a chain: an object, or a step
// whose arguments do. A model of a type parameter is named by who calls.
func namesTable(v value.Value) bool {
	switch v := v.(type) {
	case *value.Object:
		return true
	case *value.Step:
		return builder.NamesTable(v) && len(v.Args) > 0 && !ofTypeParam(v.Args[0])
	}
	return false
}

func ofTypeParam(v value.Value) bool {
	p, ok := v.(*value.Param)
	return ok && value.TypeParam <= p.Index && p.Index < value.FuncParam
}

// isRoot reports whether v is the step of a chain that names its table, by which
// two looks at one query know each other.
func isRoot(v value.Value) bool {
	s, ok := v.(*value.Step)
	return ok && (builder.NamesTable(s) || slices.ContainsFunc(s.Args, isObject))
}

func isObject(v value.Value) bool {
	_, ok := v.(*value.Object)
	return ok
}

// unfounded reports whether a builder starts out of sight and no table is named
// here.
func unfounded(v value.Value) bool {
	switch v := v.(type) {
	case *value.Choice:
		return !slices.ContainsFunc(v.Alternatives, func(v value.Value) bool { return !unfounded(v) })
	case *value.Chain:
		return !complete(v)
	}
	return false
}
