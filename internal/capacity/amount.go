package capacity

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
)

// amounts returns what a number may be: an expression in the node from, as seen
// from the node in, whose parameters count as such.
func (g *graph) amounts(from, in *node, e ast.Expr) []Amount {
	return g.counted(view{in: in, expr: e}, func(c *counter) { c.expr(from, e) })
}

// maxDepth bounds the numbers whose sources are numbers in turn.
const maxDepth = 8

// A view is an expression, or the amount of the callee of a call, as seen from a
// node.
type view struct {
	in   *node
	expr ast.Expr
	of   Amount
}

// counted counts once. A number that is a source of itself adds nothing.
func (g *graph) counted(key view, count func(*counter)) []Amount {
	if all, ok := g.counts[key]; ok {
		return all // nil while it is being counted
	}
	if g.depth > maxDepth {
		return []Amount{{Kind: Unknown}}
	}
	g.counts[key] = nil
	g.depth++
	c := &counter{g: g, in: key.in, seen: map[*types.Var]bool{}}
	count(c)
	g.depth--
	g.counts[key] = c.all
	return c.all
}

// A counter collects the alternatives of one number.
type counter struct {
	g    *graph
	in   *node
	all  []Amount
	seen map[*types.Var]bool
}

func (c *counter) add(a Amount) {
	if !slices.Contains(c.all, a) {
		c.all = append(c.all, a)
	}
}

func (c *counter) expr(from *node, e ast.Expr) {
	tv := c.g.info.Types[e]
	if tv.Value != nil {
		n, exact := constant.Int64Val(constant.ToInt(tv.Value))
		if exact {
			c.add(Amount{N: int(n)})
		}
		return
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		c.expr(from, e.X)
		return
	case *ast.StarExpr:
		c.expr(from, e.X)
		return
	case *ast.UnaryExpr:
		c.expr(from, e.X)
		return
	case *ast.Ident:
		if v, ok := c.g.info.ObjectOf(e).(*types.Var); ok {
			c.variable(v)
			return
		}
	case *ast.SelectorExpr:
		c.field(from, e)
		return
	case *ast.CallExpr:
		c.call(from, e)
		return
	}
	if perCPU(c.g.info, e) {
		c.add(Amount{Kind: PerCPU})
		return
	}
	c.add(Amount{Kind: Unknown})
}

// variable collects what is assigned to a variable. One that nothing is assigned
// to holds zero.
func (c *counter) variable(v *types.Var) {
	if c.seen[v] {
		return
	}
	c.seen[v] = true
	p, isParam := c.g.params[v]
	switch {
	case isParam && p.of == c.in:
		c.add(Amount{Kind: FromParam, N: p.i})
	case isParam:
		for _, call := range c.g.called[p.of.fn] {
			for _, arg := range argsFor(call.expr, p.of.sig, p.i) {
				c.expr(call.in, arg)
			}
		}
	case v.Pkg() != c.g.pass.Pkg || c.g.flows[v] == nil && !v.IsField() && isLiteralParam(v):
		c.add(Amount{Kind: Unknown})
	case c.g.flows[v] == nil:
		c.add(Amount{})
	}
	for _, s := range c.g.flows[v] {
		c.expr(s.in, s.expr)
	}
}

// isLiteralParam reports whether the variable is a parameter of a literal.
func isLiteralParam(v *types.Var) bool { return v.Kind() == types.ParamVar }

// field collects what a field holds: what was put on the value around it, else
// what the caller's value has.
func (c *counter) field(from *node, e *ast.SelectorExpr) {
	v := c.g.variable(e)
	if v == nil || c.g.info.Selections[e] == nil { // a variable of another package
		c.add(Amount{Kind: Unknown})
		return
	}
	key := c.g.numberField(e.Sel)
	if key == "" {
		c.add(Amount{Kind: Unknown})
		return
	}
	c.made(key, c.g.traceIn(from, c.in, e.X))
}

// made collects the amounts under a key of a value, which is zero if nothing was
// put there.
func (c *counter) made(key string, made *Makings) {
	found := made.find(key)
	for _, a := range found {
		c.add(a)
	}
	for i := range 64 {
		if made.Params.Has(i) {
			c.add(Amount{Kind: FromParam, N: i, Key: key})
			found = append(found, Amount{})
		}
	}
	switch {
	case made.Opaque:
		c.add(Amount{Kind: Unknown})
	case len(found) == 0:
		c.add(Amount{})
	}
}

func (c *counter) call(from *node, e *ast.CallExpr) {
	if tv := c.g.info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
		c.expr(from, e.Args[0])
		return
	}
	if id, ok := e.Fun.(*ast.Ident); ok && c.g.info.Types[e.Fun].IsBuiltin() && id.Name == "min" {
		for _, arg := range e.Args {
			if c.g.info.Types[arg].Value != nil {
				c.expr(from, arg) // it cannot be more
				return
			}
		}
	}
	if perCPU(c.g.info, e) {
		c.add(Amount{Kind: PerCPU})
		return
	}
	c.add(Amount{Kind: Unknown})
}

// perCPU reports whether the expression asks for the number of CPUs.
func perCPU(info *types.Info, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(x ast.Node) bool {
		if call, ok := x.(*ast.CallExpr); ok {
			if fn := dbapi.Callee(info, call); fn != nil {
				switch dbapi.NameOf(fn) {
				case "runtime.NumCPU", "runtime.GOMAXPROCS":
					found = true
				}
			}
		}
		return !found
	})
	return found
}

// substituted returns what an amount of a callee is where the call stands.
func (g *graph) substituted(from, in *node, e *ast.CallExpr, sig *types.Signature, a Amount) []Amount {
	if a.Kind != FromParam {
		return []Amount{a}
	}
	args := argsFor(e, sig, a.N)
	if len(args) == 0 && a.N == receiver {
		return []Amount{{Kind: Unknown}}
	}
	return g.counted(view{in, e, a}, func(c *counter) {
		for _, arg := range args {
			if a.Key == "" {
				c.expr(from, arg)
			} else {
				c.made(a.Key, g.traceIn(from, in, arg))
			}
		}
	})
}
