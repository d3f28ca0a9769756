package flow

import (
	"go/ast"
	"go/types"
	"math/bits"
	"strconv"
	"strings"
)

// Params numbers the parameters of a function, or its results: the receiver is 0,
// the first parameter 1; the first result is 0. It is the set of those numbers; what is
// beyond 63 is in no set.
type Params uint64

// Receiver is the number of a method's receiver.
const Receiver = 0

// Has reports whether the set has the number.
func (p Params) Has(i int) bool { return i >= 0 && p&(1<<i) != 0 }

// Add adds a number.
func (p *Params) Add(i int) {
	if i >= 0 {
		*p |= 1 << i
	}
}

// Remove removes a number.
func (p *Params) Remove(i int) {
	if i >= 0 {
		*p &^= 1 << i
	}
}

// All yields the numbers in ascending order.
func (p Params) All(yield func(int) bool) {
	for ; p != 0; p &= p - 1 {
		if !yield(bits.TrailingZeros64(uint64(p))) {
			return
		}
	}
}

func (p Params) String() string {
	var all []string
	for i := range p.All {
		all = append(all, strconv.Itoa(i))
	}
	return strings.Join(all, " ")
}

// A Param is a parameter of a function of the package.
type Param struct {
	Of *Func
	I  int
}

// number notes the parameters and results of a function.
func (c *code) number(f *Func) {
	if f.Sig == nil {
		return
	}
	for i := range ParamCount(f.Sig) {
		if v := ParamOf(f.Sig, i); v != nil {
			c.params[v] = Param{f, i}
		}
	}
	for i := range f.Sig.Results().Len() {
		c.results[f.Sig.Results().At(i)] = Param{f, i}
	}
}

// ParamCount returns how many numbers the parameters of a signature take, the
// receiver's included.
func ParamCount(sig *types.Signature) int { return sig.Params().Len() + 1 }

// ParamOf returns a parameter of a signature by its number; nil if there is none.
func ParamOf(sig *types.Signature, i int) *types.Var {
	if i == Receiver {
		return sig.Recv()
	}
	if i < 0 || i > sig.Params().Len() {
		return nil
	}
	return sig.Params().At(i - 1)
}

// ParamOfArg returns the number of the parameter that takes argument i of a call.
func ParamOfArg(sig *types.Signature, i int) int { return min(i+1, sig.Params().Len()) }

// Args returns the arguments of the call for a parameter of a function that it runs:
// several for a variadic one; for f(g()), with g returning several values, the call of g.
// The receiver of a method that a variable or field holds is not known.
func (c *Call) Args(sig *types.Signature, i int) []ast.Expr {
	args, n := c.Expr.Args, sig.Params().Len()
	if i < 0 || i > n || i == Receiver && sig.Recv() == nil {
		return nil
	}
	if len(args) == 1 && c.several(args[0]) && i != Receiver {
		return args
	}
	if c.takesReceiver(sig) {
		args = args[min(1, len(args)):]
	}
	switch sel, _ := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr); {
	case i == Receiver && len(args) < len(c.Expr.Args):
		return c.Expr.Args[:1]
	case i == Receiver && c.Fn != nil && sel != nil:
		return []ast.Expr{sel.X}
	case i == Receiver || i > len(args):
		return nil
	case i == n && sig.Variadic():
		return args[i-1:]
	}
	return args[i-1 : i]
}

// takesReceiver reports whether the first argument of a call of the method is its
// receiver, as in T.Method(x).
func (c *Call) takesReceiver(method *types.Signature) bool {
	fun, ok := underlying(c.code.info.TypeOf(c.Expr.Fun)).(*types.Signature)
	return ok && method.Recv() != nil && fun.Params().Len() == method.Params().Len()+1
}

// several reports whether an argument stands for several: a call with several results.
func (c *Call) several(arg ast.Expr) bool {
	_, ok := c.code.info.TypeOf(arg).(*types.Tuple)
	return ok
}
