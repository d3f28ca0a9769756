package capacity

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testlib"
)

// Uses are what becomes of a value: the variables and fields that take it, itself or as a
// part, the calls whose result it is, and those that it is handed to.
type uses struct {
	vars  []*types.Var
	of    []*types.Var // whose fields those are
	calls []*flow.Call
	args  []flow.Argument
}

// follow adds the uses of what stands at c.
func (u *uses) follow(r *reader, c inspector.Cursor) {
	for {
		for _, s := range r.code.From(c.Node().(ast.Expr)) {
			if s.To != nil && !flow.IsError(s.To.Type()) {
				u.vars = append(u.vars, s.To)
				if s.Root != nil && s.Root != s.To {
					u.of = append(u.of, s.Root)
				}
			}
		}
		kind, i := c.ParentEdge()
		up := c.Parent()
		switch kind {
		case edge.ParenExpr_X, edge.StarExpr_X, edge.IndexExpr_X, edge.SliceExpr_X, edge.TypeAssertExpr_X,
			edge.SelectorExpr_Sel, edge.CompositeLit_Elts, edge.KeyValueExpr_Value:
		case edge.UnaryExpr_X:
			if op := up.Node().(*ast.UnaryExpr).Op; op != token.AND && op != token.ARROW {
				return
			}
		case edge.SelectorExpr_X:
			if up.ParentEdgeKind() != edge.CallExpr_Fun {
				if t := r.info.TypeOf(up.Node().(ast.Expr)); t == nil || !dbapi.Handle(t) {
					return
				}
				break // a handle in a field of what holds it
			}
			up = up.Parent()
			if r.beneath(up.Node().(*ast.CallExpr)) == nil {
				return
			}
		case edge.CallExpr_Args:
			call := r.code.Call(up.Node().(*ast.CallExpr))
			if call == nil {
				return
			}
			if call.Runs() && r.beneath(call.Expr) != c.Node() {
				u.args = append(u.args, flow.Argument{Call: call, I: i})
				return
			}
		default:
			return
		}
		if call, ok := up.Node().(*ast.CallExpr); ok {
			if c := r.code.Call(call); c != nil {
				u.calls = append(u.calls, c)
			}
		}
		c = up
	}
}

// usesBy are the uses of a variable or field, by the variable whose field it is, if only that is
// meant, in source order.
type usesBy struct {
	order []*types.Var
	of    map[*types.Var]*uses
}

// usesOf returns the uses of a variable or field.
func (r *reader) usesOf(v *types.Var) *usesBy {
	all := r.uses[v]
	if all == nil {
		all = &usesBy{of: map[*types.Var]*uses{}}
		for _, c := range r.code.Mentions(v) {
			var of *types.Var
			if sel, ok := c.Parent().Node().(*ast.SelectorExpr); ok && v.IsField() {
				if root := flow.Root(r.info, sel); root != nil && root != v {
					of = r.ownerOf(root)
				}
			}
			if all.of[of] == nil {
				all.of[of] = new(uses)
				all.order = append(all.order, of)
			}
			all.of[of].follow(r, c)
		}
		r.uses[v] = all
	}
	return all
}

// Holders are what holds a handle: variables, fields and calls whose result it is.
type holders struct {
	r    *reader
	all  []any // in the order in which they are found: *types.Var, *ast.CallExpr
	is   map[any]bool
	of   map[*types.Var]bool // variables one of whose fields holds it
	like map[string]bool     // types of receivers into a field of which a method puts it: any variable may be one
	args []flow.Argument     // calls that take it

	// What becomes of the fields that hold it where they are those of variables that do not: it counts
	// once those do.
	waiting map[*types.Var][]*uses
	order   []*types.Var // of waiting
}

// add adds a variable or a call, and everything that its value is put into.
func (h *holders) add(u *uses) {
	h.args = append(h.args, u.args...)
	for _, use := range u.args {
		if h.r.handsBack(use) {
			h.result(use.Call)
		}
	}
	for _, c := range u.calls {
		h.result(c)
	}
	for _, v := range u.of {
		h.owner(v)
	}
	for _, v := range u.vars {
		h.variable(v)
	}
}

// handsBack reports whether a call gives the handle that it takes, as must(sql.Open(…)) does.
func (r *reader) handsBack(use flow.Argument) bool {
	if !r.givesHandle(use.Call.Expr) || !r.givesHandle(use.Call.Expr.Args[use.I]) {
		return false
	}
	return slices.ContainsFunc(r.callees(use.Call), func(callee callee) bool {
		return callee.does != nil && callee.does.Result.Params.Has(flow.ParamOfArg(callee.sig, use.I))
	})
}

// givesHandle reports whether an expression, or the first of its several values, is a handle.
func (r *reader) givesHandle(e ast.Expr) bool {
	t := r.info.TypeOf(e)
	if results, ok := t.(*types.Tuple); ok && results.Len() > 0 {
		t = results.At(0).Type()
	}
	return t != nil && dbapi.Handle(t)
}

// owner notes a variable one of whose fields holds the handle.
func (h *holders) owner(v *types.Var) {
	if h.of[v] {
		return
	}
	h.of[v] = true
	h.grow(v)
	if like := dbapi.TypeName(v.Type()); h.r.receives(v) && !h.like[like] {
		h.like[like] = true
		for _, of := range h.order {
			if h.means(of) {
				h.grow(of)
			}
		}
	}
}

// grow adds what waits for a variable.
func (h *holders) grow(of *types.Var) {
	waiting := h.waiting[of]
	delete(h.waiting, of)
	for _, u := range waiting {
		h.add(u)
	}
}

// means reports whether a field of a variable, nil for any, is one that holds the handle.
func (h *holders) means(of *types.Var) bool {
	return of == nil || h.is[of] || h.of[of] || len(h.like) > 0 && h.like[dbapi.TypeName(of.Type())]
}

func (h *holders) holds(what any) (known bool) {
	known = h.is[what]
	if !known {
		h.is[what] = true
		h.all = append(h.all, what)
	}
	return known
}

func (h *holders) variable(v *types.Var) {
	if flow.IsError(v.Type()) || h.holds(v) {
		return
	}
	h.grow(v)
	uses := h.r.usesOf(v)
	for _, of := range uses.order {
		if h.means(of) {
			h.add(uses.of[of])
			continue
		}
		h.waiting[of] = append(h.waiting[of], uses.of[of])
		h.order = append(h.order, of)
	}
}

// result adds the results of a call.
func (h *holders) result(c *flow.Call) {
	if !h.holds(c.Expr) {
		u := new(uses)
		u.follow(h.r, c.At)
		h.add(u)
	}
}

func (r *reader) newHolders() *holders {
	return &holders{r: r, is: map[any]bool{}, of: map[*types.Var]bool{}, like: map[string]bool{}, waiting: map[*types.Var][]*uses{}}
}

// holdersOf returns what holds the results of a call, and whether the function
// hands them to its caller.
func (s *scope) holdersOf(c *flow.Call) (h *holders, returned bool) {
	h = s.newHolders()
	h.result(c)
	for before := -1; before != len(h.all); {
		before = len(h.all)
		for _, lit := range s.parts[s.f] {
			if lit == s.f || !h.returnedBy(lit) {
				continue
			}
			for _, call := range lit.Callers {
				h.result(call)
			}
			if lit.Cursor.ParentEdgeKind() == edge.CallExpr_Args { // retry(func() (*sql.DB, error) { … }) gives it too
				if call := s.code.Call(lit.Cursor.Parent().Node().(*ast.CallExpr)); call != nil {
					h.result(call)
				}
			}
		}
	}
	return h, h.returnedBy(s.f)
}

func (h *holders) returnedBy(f *flow.Func) bool {
	for _, r := range f.Results() {
		if h.in(r) {
			return true
		}
	}
	return false
}

// in reports whether the handle stands in e, other than as the receiver of a call.
func (h *holders) in(e ast.Expr) (found bool) {
	ast.Inspect(e, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if h.is[x] {
				found = true
			} else if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && h.r.beneath(x) == nil && h.holdsNamed(sel.X) {
				for _, arg := range x.Args {
					found = found || h.in(arg)
				}
				return false
			}
		case *ast.Ident:
			found = found || h.holdsNamed(x)
		}
		return !found
	})
	return found
}

func (h *holders) holdsNamed(e ast.Expr) bool {
	v := flow.Var(h.r.info, e)
	return v != nil && h.is[v]
}

// settings returns what code puts on the handle: by fields and methods, and by the
// functions that take it. If own is set, other functions' code does not count.
func (s *scope) settings(h *holders, own bool) []Setting {
	var all []Setting
	counts := func(in *flow.Func) bool { return !own || s.whole[in] == s.f }
	for _, holder := range h.all {
		for _, a := range s.assigned[holder] {
			if counts(a.in) && h.means(a.of) {
				all = append(all, s.each(a.setting(), a.amount)...)
			}
		}
		v, ok := holder.(*types.Var)
		if !ok {
			continue
		}
		for _, c := range s.methods[v] {
			if counts(c.In) {
				all = append(all, s.settingsBy(c, flow.Receiver)...)
			}
		}
	}
	for _, use := range h.args {
		if !counts(use.Call.In) {
			continue
		}
		if own && s.fills(use) {
			all = append(all, Setting{Key: filledKey, Amount: Amount{Kind: Unknown}})
		}
		all = append(all, s.settingsBy(use.Call, use.I+1)...)
	}
	if !own { // what fills a configuration leaves a handle alone
		all = slices.DeleteFunc(all, func(set Setting) bool { return set.Key == filledKey })
	}
	return all
}

// settingsBy returns what a call puts on its argument: of number i, those of a variadic
// parameter counted on.
func (s *scope) settingsBy(c *flow.Call, i int) []Setting {
	var all []Setting
	for _, callee := range s.callees(c) {
		if callee.does == nil {
			continue
		}
		for _, set := range callee.does.Onto {
			if set.On == min(i, callee.sig.Params().Len()) {
				all = append(all, s.substitute(c, callee.sig, set)...)
			}
		}
	}
	return all
}

// filledKey marks a parameter that code which cannot be read may fill.
const filledKey = "*"

// reading matches the names of functions that do no more than read what they are given.
var reading = regexp.MustCompile(`(?i)^(?:marshal|encode|s?print|fprint|format|log|debug|info|warn|err|fatal|equal|deepequal|diff|dump|hash|write|typeof|with)`)

// fills reports whether code that cannot be read may fill the argument: it takes a pointer
// to anything.
func (s *scope) fills(use flow.Argument) bool {
	var sig *types.Signature
	if t := s.info.TypeOf(use.Call.Expr.Fun); t != nil { // else it does not type-check
		sig, _ = t.Underlying().(*types.Signature)
	}
	if sig == nil {
		return false
	}
	if fn := use.Call.Fn; fn != nil {
		if s.lookup(fn) != nil || reading.MatchString(fn.Name()) || fn.Pkg() != nil && (fn.Pkg().Path() == "log/slog" || testlib.ForTests(fn.Pkg().Path())) {
			return false
		}
		sig = fn.Signature() // not what a generic one is called with
	}
	param := flow.ParamOf(sig, flow.ParamOfArg(sig, use.I))
	arg := s.info.TypeOf(use.Call.Expr.Args[use.I])
	if param == nil || arg == nil {
		return false
	}
	t := param.Type()
	if _, generic := types.Unalias(t).(*types.TypeParam); generic && use.Call.Fn == nil {
		return false // a callback of a generic function
	}
	if s, ok := t.Underlying().(*types.Slice); ok && sig.Variadic() {
		t = s.Elem()
	}
	return isAny(flow.Pointee(t)) && (isAny(arg) || flow.Pointee(arg) != arg && s.configures(arg))
}

// isAny reports whether values of the type may be anything.
func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty() // of a type parameter too
}

// onto returns what the function puts on its parameters.
func (s *scope) onto() []Setting {
	if s.f.Sig == nil {
		return nil
	}
	var put Provenance // for its bound
	for i := range flow.ParamCount(s.f.Sig) {
		v := flow.ParamOf(s.f.Sig, i)
		if v == nil || silent(v.Type()) {
			continue
		}
		h := s.newHolders()
		h.variable(v)
		for _, set := range s.settings(h, true) {
			set.On = i
			put.set(set)
		}
	}
	return put.Settings
}
