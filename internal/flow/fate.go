package flow

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/testscope"
)

// A Fate is what becomes of a value in the function that gets it.
type Fate struct {
	Sinks   []Sink
	Holders []*types.Var       // the variables that hold it
	Listed  bool               // a list or map takes it, beside others
	Mixed   bool               // a part of what holds it goes back to that
	Given   []*types.Var       // the parameters of the package's functions that take it
	Later   []inspector.Cursor // calls that put work with it, other than its end, off to the test's end
}

// A Sink is where the value goes for good, or somewhere that the function does not see.
type Sink struct {
	Kind    SinkKind
	At      inspector.Cursor // the call, return statement, assignment or argument
	OnError bool             // Closed, Settled, Called: only where an error is met
	Result  int              // Returned, Undone, Supplied: the result
	Field   string           // Returned: the field of the result, or of its elements, in which it is; empty if that is not known
	By      *Func            // Returned, Undone, Supplied: the function that returns it, this one or one around it
	Global  bool             // Kept: in what the function does not end: a package variable, a field of a parameter
	Into    *Param           // Kept: in what this parameter stands for
	Place   *types.Var       // Kept: in this field or package variable, if known
	Root    *types.Var       // Kept: in what this variable or parameter stands for, if known
	To      *Param           // HandedOn: to what this parameter, a function, stands for
	Arg     int              // HandedOn: the number of the argument
	As      types.Type       // what the value is asserted to be for that; nil if nothing
}

// SinkKind says what a sink does with a value.
type SinkKind uint8

// The kinds of sink.
const (
	Closed   SinkKind = iota // its end, now or when the test is over
	Settled                  // the end of a transaction: of the value if it is one, else of one that it holds
	Called                   // it, or a func value that it holds and that may close it, is called
	Asked                    // a func value that it holds is called that does not close it
	Returned                 // a result is the value, or holds it
	Undone                   // a result is a function that closes it
	Supplied                 // a result is a function whose first result it is, or holds it
	Kept                     // stored where others can reach it
	HandedOn                 // given to code that cannot be followed
)

// Ended returns what closes, settles or calls the value, other than on errors alone.
func (f *Fate) Ended() []inspector.Cursor {
	var all []inspector.Cursor
	for _, s := range f.Sinks {
		if (s.Kind == Closed || s.Kind == Settled || s.Kind == Called) && !s.OnError {
			all = append(all, s.At)
		}
	}
	return all
}

// Has reports whether there is a sink of the kind.
func (f *Fate) Has(kind SinkKind) bool {
	for _, s := range f.Sinks {
		if s.Kind == kind {
			return true
		}
	}
	return false
}

// Fate returns what becomes of a result of a call in the function around it, on the ways
// behind the call.
func (p *Package) Fate(call *Call, result int) *Fate { return p.FateIn(call, result, "") }

// FateIn is Fate for what a field of the result holds, or of its elements; of the result, if there is none.
func (p *Package) FateIn(call *Call, result int, field string) *Fate {
	if result < 0 {
		return new(Fate) // the caller gets none
	}
	return p.code().follow(call, result, itself, field)
}

// FateOfCloser returns what becomes of what a function closes that is a result of a call.
func (p *Package) FateOfCloser(call *Call, result int) *Fate {
	return p.code().follow(call, result, closer, "")
}

// FateOfSupplied returns what becomes of what a function returns first that is a result of a
// call.
func (p *Package) FateOfSupplied(call *Call, result int) *Fate {
	return p.code().follow(call, result, giver, "")
}

// Supplied counts the calls that are given a function and call it: those that then only work with
// what it returns first, and those that close it.
func (p *Package) Supplied(f *Func) (lose, close int) {
	c := p.code()
	c.mu.Lock()
	defer c.mu.Unlock()
	given := func(at inspector.Cursor) {
		if at.ParentEdgeKind() == edge.SelectorExpr_Sel {
			at = at.Parent()
		}
		kind, i := parens(at).ParentEdge()
		if kind != edge.CallExpr_Args {
			return
		}
		call := c.calls[parens(at).Parent().Node().(*ast.CallExpr)]
		if call == nil || call.Fn == nil {
			return
		}
		param := c.paramOf(call, call.Fn, i)
		switch deeds := c.methodDeeds(call.Fn); {
		case deeds == nil:
		case deeds.Loses.Has(param):
			lose++
		case deeds.Frees.Has(param):
			close++
		}
	}
	if f.Lit != nil {
		given(f.Cursor)
	}
	for _, u := range f.Uses {
		given(u.At)
	}
	return lose, close
}

// FateOfReceiver returns what becomes of what a method puts into its receiver, which is as the
// receiver's wherever that is made here for it.
func (p *Package) FateOfReceiver(call *Call) *Fate {
	c := p.code()
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.track(call.In, call.At)
	kept := Sink{Kind: Kept, At: call.At, Global: true}
	recv := call.Receiver()
	root := Root(c.info, recv)
	if root != nil && c.local(root) && c.madeFor(root, maxMakers, true) {
		t.alias(root, itself)
		return t.run()
	}
	if param, ok := c.params[root]; ok && param.Of == call.In {
		kept.Into = &param
	}
	kept.Place = Var(c.info, recv)
	t.sink(kept)
	return t.fate
}

// FateOf returns what becomes of the value of an expression in the function around it.
func (p *Package) FateOf(c inspector.Cursor) *Fate {
	t := p.code().trackIn(c)
	t.function = isFunc(p.code().info.TypeOf(c.Node().(ast.Expr)))
	t.climb(c, 0, itself)
	return t.run()
}

// held is a variable that takes what a function obtains.
type held struct {
	v     *types.Var
	in    *Func
	face  face
	field string
}

func (c *code) follow(call *Call, result int, f face, field string) *Fate {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.followed(call, result, f, field)
}

// followed is follow, by those who have locked mu.
func (c *code) followed(call *Call, result int, f face, field string) *Fate {
	t := c.track(call.In, call.At)
	t.function, t.lent = isFunc(resultOf(c.info.TypeOf(call.Expr), result)), c.lentBy(call, result)
	t.field = field
	t.climb(call.At, result, f)
	if len(t.queue) != 1 || len(t.fate.Sinks) > 0 {
		return t.run()
	}
	v := t.queue[0].v
	if c.assignments(v) > 1 {
		behind, named := c.behind(call, v)
		t.unnamed = map[*types.Var]bool{v: !named}
		t.mentions = func(w *types.Var) []inspector.Cursor {
			if w == v {
				return behind
			}
			return c.mentions[w]
		}
		return t.run()
	}
	key := held{v, call.In, f, t.queue[0].field}
	if c.fates[key] == nil { // all that the variable takes has the same fate
		c.fates[key] = t.run()
	}
	return c.fates[key]
}

// fateOf returns what becomes of what a variable holds in a function.
func (c *code) fateOf(f *Func, v *types.Var) *Fate { return c.fateBy(f, v, itself) }

// fateBy is fateOf for what the variable holds a face of.
func (c *code) fateBy(f *Func, v *types.Var, by face) *Fate {
	t := c.track(f, f.Cursor)
	t.function = isFunc(v.Type())
	t.alias(v, by)
	return t.run()
}

// resultOf returns the type of a result of a call that has the type t.
func resultOf(t types.Type, result int) types.Type {
	if all, ok := t.(*types.Tuple); ok && result < all.Len() {
		return all.At(result).Type()
	}
	return t
}

func isFunc(t types.Type) bool {
	_, ok := underlying(t).(*types.Signature)
	return ok
}

// fateIn is fateOf, kept, by those who have locked mu.
func (c *code) fateIn(f *Func, v *types.Var) *Fate {
	key := held{v: v, in: f, face: itself}
	if c.fates[key] == nil {
		c.fates[key] = new(Fate) // meanwhile, where it is asked for in turn
		c.fates[key] = c.fateOf(f, v)
	}
	return c.fates[key]
}

// assignments returns how often a variable takes a value whole.
func (c *code) assignments(v *types.Var) int {
	n := 0
	for _, s := range c.into[v] {
		if s.Whole(v) {
			n++
		}
	}
	return n
}

// behind returns the mentions of a variable that may find there what a call has put into
// it: those on the ways from the call to where it takes another value, those in literals that
// are made there or before, and those in other functions. It says whether one of those ways
// ends in a return that names no results.
func (c *code) behind(call *Call, v *types.Var) (found []inspector.Cursor, named bool) {
	ways := c.waysOf(call.In)
	if ways == nil {
		return c.mentions[v], true
	}
	key := held{v: v, in: call.In}
	spots := c.spots[key]
	if spots == nil {
		spots = ways.spotsOf(c, call.In, c.mentions[v])
		c.spots[key] = spots
	}
	walked := map[ast.Node]bool{}
	ways.walk(call.At, func(n ast.Node) (stop bool) {
		walked[n] = true
		ret, ok := n.(*ast.ReturnStmt)
		named = named || ok && len(ret.Results) == 0
		found = append(found, spots.at[n]...)
		return c.assigns(n, v)
	})
	lost := c.overwritten(call, v)
	for _, e := range spots.elsewhere {
		if (e.node == nil || walked[e.node] || e.node.Pos() < call.Expr.Pos()) && !(lost && c.atEnd(e.mention, call.In)) {
			found = append(found, e.mention)
		}
	}
	return found, named
}

// Overwritten is overwritten for the variable that a call gives what it hands out.
func (p *Package) Overwritten(call *Call, v *types.Var) bool {
	c := p.code()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.overwritten(call, v)
}

// overwritten reports whether a variable takes another value, on all ways to the end of the
// function, behind the call that gives it one.
func (c *code) overwritten(call *Call, v *types.Var) bool {
	takes := false
	out := c.waysOf(call.In).Out(Query{From: call.At, Known: c.known(call), Stops: func(n ast.Node) bool {
		another := c.assigns(n, v)
		takes = takes || another
		return another
	}})
	return takes && out == nil
}

// atEnd reports whether a mention stands in a literal that runs when a function around it has
// ended: it finds what its variable holds then.
func (c *code) atEnd(m inspector.Cursor, in *Func) bool {
	for f := c.around(m); f != nil && f != in; f = f.Parent {
		if f.When&testscope.After != 0 || f.Lit != nil && f.Cursor.Parent().ParentEdgeKind() == edge.DeferStmt_Call {
			return f.Parent == in || !f.Within(in) && f.When&testscope.After != 0
		}
	}
	return false
}

// Known says of the variables that take the results of a call whether they are zero where it
// has met no error.
func (p *Package) Known(call *Call) map[*types.Var]bool { return p.code().known(call) }

func (c *code) known(call *Call) map[*types.Var]bool {
	zero := map[*types.Var]bool{}
	for _, s := range c.from[call.Expr] {
		if s.To != nil && s.Whole(s.To) {
			zero[s.To] = IsError(s.To.Type())
		}
	}
	return zero
}

// spots are the mentions of a variable by the nodes of the ways through a function.
type spots struct {
	at        map[ast.Node][]inspector.Cursor
	elsewhere []elsewhere
}

// elsewhere is a mention in another function, or in a literal that is made at a node.
type elsewhere struct {
	node    ast.Node
	mention inspector.Cursor
}

func (w *Ways) spotsOf(c *code, f *Func, mentions []inspector.Cursor) *spots {
	s := &spots{at: map[ast.Node][]inspector.Cursor{}}
	for _, m := range mentions {
		n := w.Node(m)
		if n == nil || c.around(m) != f {
			s.elsewhere = append(s.elsewhere, elsewhere{n, m})
			continue
		}
		s.at[n] = append(s.at[n], m)
	}
	return s
}

// assigns reports whether a statement gives a variable another value, of which the one that
// it has is no part.
func (c *code) assigns(n ast.Node, v *types.Var) bool {
	assign, ok := n.(*ast.AssignStmt)
	if !ok {
		return false
	}
	takes := false
	for _, l := range assign.Lhs {
		id, ok := ast.Unparen(l).(*ast.Ident)
		takes = takes || ok && c.info.ObjectOf(id) == v
	}
	for _, r := range assign.Rhs {
		ast.Inspect(r, func(x ast.Node) bool {
			id, ok := x.(*ast.Ident)
			takes = takes && !(ok && c.info.Uses[id] == v)
			return takes
		})
	}
	return takes
}
