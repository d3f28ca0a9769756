package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// filledBy follows the func values that are called with v, as a constructor calls its options.
// What is asked for of v is asked for of them: it is what they put there.
func (t *tracer) filledBy(v *types.Var) {
	for _, arg := range t.g.code.Passed(v) {
		switch fn := arg.Call.Fn; {
		case t.Spent():
			return
		case !t.g.fillable(arg):
		case fn == nil:
			t.FollowAt(t.Asked(), arg.Call.Expr.Fun)
		case isOption(fn.Signature()): // opt.apply(v)
			t.FollowAt(t.Asked(), arg.Call.Receiver())
		}
	}
}

// fillable reports whether a function that takes an argument can put something there: it is given
// a pointer to what is no handle, or a map.
func (g *graph) fillable(arg flow.Argument) bool {
	t := g.info.TypeOf(arg.Call.Expr.Args[arg.I])
	if t == nil || dbapi.Handle(t) {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map:
		return true
	}
	return false
}

// isOption reports whether a method is an option's: of an interface, and of one parameter.
func isOption(sig *types.Signature) bool {
	return sig.Recv() != nil && types.IsInterface(sig.Recv().Type()) && sig.Params().Len() == 1
}

// literal follows what a literal puts into what it is given a pointer to.
func (t *tracer) literal(f *flow.Func) {
	if f == nil || f.Sig == nil {
		return
	}
	t.runs(f)
	for _, v := range fills(f) {
		t.Into(v)
	}
}

// fills returns the parameters of a literal that it may put something into.
func fills(f *flow.Func) (params []*types.Var) {
	for v := range f.Sig.Params().Variables() {
		if _, ok := v.Type().Underlying().(*types.Pointer); ok && !opaque(v.Type()) {
			params = append(params, v)
		}
	}
	return params
}

// puts returns where the literals that a function returns put its parameters in what they are
// given.
func (g *graph) puts(f *flow.Func) parts {
	if !isFunc(f.Sig.Results()) {
		return ""
	}
	var all []string
	for _, lit := range f.Lits {
		if lit.Sig == nil || !lit.Detached {
			continue
		}
		for _, v := range fills(lit) {
			for _, s := range g.code.Into(v) {
				params, _ := g.trace(s.Src).vars.params(f.Sig)
				for i := range params.All {
					all = append(all, strconv.Itoa(i)+"."+string(g.code.PathIn(s, v)))
				}
			}
		}
	}
	return parts(strings.Join(all, " "))
}

// option follows the arguments of a call whose result is an option: those that it puts where
// something is asked for, and what says of which kind the database is.
func (t *tracer) option(c *flow.Call, sig *types.Signature, puts parts) {
	for i := range flow.ParamCount(sig) {
		for _, at := range puts.of(i) {
			switch rest, is := t.Asked().Of(at); {
			case is:
				t.FollowAt(rest, c.Args(sig, i)...)
			case dbapi.Decides(string(at)):
				t.Follow(c.Args(sig, i)...)
			default:
				t.FollowBeside(c.Args(sig, i)...)
			}
		}
	}
}

// OptionFor returns the function of a constructor's package that makes an option for it of a number,
// and puts that into the field; nil if there is none.
func (p *Package) OptionFor(constructor *types.Func, field string) *types.Func {
	sig := constructor.Signature()
	if p.graph == nil || !sig.Variadic() || constructor.Pkg() == nil {
		return nil
	}
	option := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice).Elem()
	scope := constructor.Pkg().Scope()
	for _, name := range scope.Names() {
		fn, ok := scope.Lookup(name).(*types.Func)
		if !ok || !fn.Exported() || fn.Signature().Params().Len() != 1 || fn.Signature().Results().Len() != 1 ||
			!isInteger(fn.Signature().Params().At(0).Type()) || !types.AssignableTo(fn.Signature().Results().At(0).Type(), option) {
			continue
		}
		if f, _ := p.graph.lookup(fn); slices.Contains(f.Puts.of(1), flow.Path(field)) {
			return fn
		}
	}
	return nil
}

func isInteger(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsInteger != 0
}

// converts reports whether a call is the conversion of a value.
func (g *graph) converts(e *ast.CallExpr) bool { return g.info.Types[e.Fun].IsType() }
