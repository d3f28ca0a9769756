package capacity

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// maxDepth bounds the numbers whose sources are numbers in turn.
const maxDepth = 8

// A number is an expression, or where expr is a call, the amount of a callee.
type number struct {
	expr ast.Expr
	of   Amount
}

// amounts returns what a number may be.
func (s *scope) amounts(e ast.Expr) []Amount {
	return s.counted(number{expr: e}, func(c *counter) { c.expr(e) })
}

// each returns the setting with each of the numbers.
func (s *scope) each(set Setting, number ast.Expr) (all []Setting) {
	for _, a := range s.amounts(number) {
		a.Else = a.Else || set.Amount.Else
		set := set
		set.Amount = a
		all = append(all, set)
	}
	return all
}

// counted counts once. A number that is a source of itself adds nothing.
func (s *scope) counted(n number, count func(*counter)) []Amount {
	if all, ok := s.counts[n]; ok {
		return all // nil while it is being counted
	}
	if s.depth > maxDepth {
		return []Amount{{Kind: Unknown}}
	}
	s.counts[n] = nil
	s.depth++
	c := &counter{scope: s, seen: map[*types.Var]bool{}}
	count(c)
	s.depth--
	s.counts[n] = c.all
	return c.all
}

// A counter collects the alternatives of one number.
type counter struct {
	*scope
	all  []Amount
	seen map[*types.Var]bool
	from string // what a number says of itself that no constant has, see Amount
	last int    // numbers around this one that hold only where nothing else gives one
}

func (c *counter) add(a Amount) {
	a.Else = a.Else || c.last > 0
	if !slices.Contains(c.all, a) {
		c.all = append(c.all, a)
	}
}

func (c *counter) expr(e ast.Expr) {
	if v := c.info.Types[e].Value; v != nil {
		if n, exact := constant.Int64Val(constant.ToInt(v)); exact {
			c.add(Amount{N: int(n), From: cmp.Or(constantOf(c.info, e), c.from)})
		}
		return
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		c.expr(e.X)
	case *ast.StarExpr:
		c.expr(e.X)
	case *ast.UnaryExpr:
		c.expr(e.X)
	case *ast.Ident:
		if v := flow.Var(c.info, e); v != nil {
			c.variable(v)
		}
	case *ast.SelectorExpr:
		c.field(e)
	case *ast.CallExpr:
		c.call(e)
	default:
		c.computed(e)
	}
}

// constantOf returns the name of the constant that an expression is; "" if it is another.
func constantOf(info *types.Info, e ast.Expr) string {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return ""
	}
	if _, ok := info.Uses[id].(*types.Const); !ok {
		return ""
	}
	return id.Name
}

// computed adds what is known of a computed number.
func (c *counter) computed(e ast.Expr) {
	if perCPU(c.info, e) {
		a := Amount{Kind: PerCPU}
		if call, ok := e.(*ast.CallExpr); ok && cpus[calleeName(c.info, call)] {
			a.N = 1
		}
		c.add(a)
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
	p, isParam := c.code.Param(v)
	stores := c.code.Into(v)
	switch {
	case isParam && p.Of == c.f:
		c.add(Amount{Kind: FromParam, N: p.I})
	case isParam && (len(p.Of.Callers) > 0 || p.Of.Obj != nil):
		for _, call := range p.Of.Callers {
			for _, arg := range call.Args(p.Of.Sig, p.I) {
				c.expr(arg)
			}
		}
		if p.Of.Obj != nil && (p.Of.Obj.Exported() || len(p.Of.Uses) > 0) {
			c.add(Amount{Kind: Unknown}) // others may call it
		}
	case isParam || v.Pkg() != c.pass.Pkg || v.Kind() == types.ParamVar:
		c.add(Amount{Kind: Unknown})
	case stores == nil:
		c.add(Amount{})
	}
	ways, given := make([]way, len(stores)), false
	for i, s := range stores {
		if at, ok := s.In.At(cmp.Or(s.Dst, s.Src)); ok {
			ways[i] = c.wayTo(at, v, s.Src)
			given = given || ways[i].given
		}
	}
	for i, s := range stores {
		switch {
		case s.Adds || s.Range:
			c.add(Amount{Kind: Unknown})
		case ways[i].after(given):
			c.fallback(s.Src)
		default:
			c.expr(s.Src)
		}
	}
	if c.handsOn(v) {
		c.add(Amount{Kind: Unknown})
	}
}

// fallback adds a number that holds only where nothing else gives one.
func (c *counter) fallback(e ast.Expr) {
	c.last++
	c.expr(e)
	c.last--
}

// handsOn reports whether the address of a variable goes elsewhere than to a variable: to code
// that may write there.
func (r *reader) handsOn(v *types.Var) bool {
	return r.code.AddressTaken(v) && slices.ContainsFunc(r.code.Mentions(v), func(c inspector.Cursor) bool {
		address, ok := c.Parent().Node().(*ast.UnaryExpr)
		if !ok || address.Op != token.AND {
			return false
		}
		to := c.Parent().ParentEdgeKind()
		return to != edge.AssignStmt_Rhs && to != edge.ValueSpec_Values
	})
}

// field collects what a field holds: what was put on the value around it, else
// what the caller's value has.
func (c *counter) field(e *ast.SelectorExpr) {
	key := c.fieldKey(flow.Var(c.info, e))
	if key == "" || c.info.Selections[e] == nil { // no limit, or a variable of another package
		c.add(Amount{Kind: Unknown})
		return
	}
	c.under(key, c.provenance(e.X))
}

// under collects the amounts under a key of a value, which is zero if nothing was
// put there.
func (c *counter) under(key string, value *Provenance) {
	put := standing(value.Settings, func(k string) bool { return k == key || k == filledKey })
	for _, s := range put {
		c.add(s.Amount)
	}
	known := len(put) > 0
	for i := range value.Params.All {
		if t := flow.ParamOf(c.f.Sig, i).Type(); !isText(t) && !isContext(t) {
			c.add(Amount{Kind: FromParam, N: i, Key: key})
			known = true
		}
	}
	if !known {
		c.add(Amount{})
	}
}

func (c *counter) call(e *ast.CallExpr) {
	fun := c.info.Types[e.Fun]
	if fun.IsType() && len(e.Args) == 1 {
		c.expr(e.Args[0])
		return
	}
	if id, ok := e.Fun.(*ast.Ident); ok && fun.IsBuiltin() && id.Name == "min" {
		for _, arg := range e.Args {
			if c.info.Types[arg].Value != nil {
				c.expr(arg) // it cannot be more
				return
			}
		}
	}
	if calleeName(c.info, e) == "cmp.Or" {
		for i, arg := range e.Args {
			if i == 0 {
				c.expr(arg)
			} else {
				c.fallback(arg)
			}
		}
		return
	}
	c.computed(e)
}

// cpus are the functions that tell the number of CPUs.
var cpus = map[dbapi.Name]bool{"runtime.NumCPU": true, "runtime.GOMAXPROCS": true}

func calleeName(info *types.Info, call *ast.CallExpr) dbapi.Name {
	fn := dbapi.Callee(info, call)
	if fn == nil {
		return ""
	}
	return dbapi.NameOf(fn)
}

// perCPU reports whether the expression asks for the number of CPUs.
func perCPU(info *types.Info, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(x ast.Node) bool {
		if call, ok := x.(*ast.CallExpr); ok {
			found = found || cpus[calleeName(info, call)]
		}
		return !found
	})
	return found
}

// substitute returns a setting of a callee with the numbers that the call gives.
func (s *scope) substitute(c *flow.Call, sig *types.Signature, set Setting) []Setting {
	var all []Setting
	for _, a := range s.substituted(c, sig, set.Amount) {
		all = append(all, Setting{Key: set.Key, Amount: a.under(set.Key), Depth: set.Depth, Perhaps: set.Perhaps})
	}
	return all
}

func (s *scope) substituted(c *flow.Call, sig *types.Signature, a Amount) []Amount {
	if a.Kind != FromParam {
		return []Amount{a}
	}
	args := c.Args(sig, a.N)
	if len(args) == 0 && a.N == flow.Receiver {
		return []Amount{{Kind: Unknown}}
	}
	return s.counted(number{c.Expr, a}, func(n *counter) {
		if c.Fn != nil && a.Key == "" {
			n.from = "given to " + c.Fn.Name()
		}
		for _, arg := range args {
			if a.Key == "" {
				n.expr(arg)
			} else {
				n.under(a.Key, s.provenance(arg))
			}
		}
	})
}
