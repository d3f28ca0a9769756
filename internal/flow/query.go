package flow

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// A Query asks for a way from a node to an end of its function.
type Query struct {
	From  inspector.Cursor      // the way starts behind the statement, or condition, that it stands in; the function's own: with its first
	Stops func(n ast.Node) bool // whether a statement, or the condition of one, is the end of all ways through it

	// Known are variables of which it is known, where the way starts, whether they are zero.
	// A way does not count that takes a branch which contradicts that before anything else
	// is assigned to the variable.
	Known map[*types.Var]bool

	// Holds says what else is known of a condition, or a part of one; it may be nil.
	Holds func(cond ast.Expr) (yes, known bool)
}

// Out returns the return statement at the end of a way that the query asks for, one at the
// closing brace where the body has none; nil if there is no such way, or it was not found
// within maxWork.
func (w *Ways) Out(q Query) *ast.ReturnStmt {
	t := &traveller{ways: w, Query: q}
	for v := range q.Known {
		t.vars = append(t.vars, v)
	}
	var out *ast.ReturnStmt
	t.walk(func(n ast.Node) bool {
		if q.Stops(n) {
			return true
		}
		if out == nil {
			out, _ = n.(*ast.ReturnStmt)
		}
		return out != nil
	})
	return out
}

// Escapes reports whether there is a way that the query asks for to any end of the function,
// one where a call does not return included.
func (w *Ways) Escapes(q Query) bool {
	t := &traveller{ways: w, Query: q}
	for v := range q.Known {
		t.vars = append(t.vars, v)
	}
	t.walk(q.Stops)
	return t.ended
}

// walk visits the nodes on the ways behind the one that c stands in, each once, until visit
// stops the way.
func (w *Ways) walk(c inspector.Cursor, visit func(ast.Node) (stop bool)) {
	t := &traveller{ways: w, Query: Query{From: c}}
	t.walk(visit)
}

// A traveller goes all ways of a query.
type traveller struct {
	Query
	ways *Ways
	vars []*types.Var // of Known

	ended bool // a way has come to an end
}

// A state is a place that the traveller has come to, with the variables that are still
// known.
type state struct {
	place
	known Params // indexes of vars
}

func (t *traveller) walk(visit func(ast.Node) (stop bool)) {
	start, ok := t.ways.placeOf(t.From)
	switch body := t.ways.body; {
	case ok:
	case t.From.Node() != nil && t.From.Node().Pos() <= body.Pos() && body.End() <= t.From.Node().End():
		start = place{t.ways.graph.Blocks[0], -1}
	default:
		return
	}
	all := state{place: start}
	for i := range t.vars {
		all.known.Add(i)
	}
	seen := map[state]bool{}
	next := []state{all}
	for len(next) > 0 {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		known, through := t.block(at, visit)
		if !through {
			continue
		}
		t.ended = t.ended || len(at.block.Succs) == 0
		for i := len(at.block.Succs) - 1; i >= 0; i-- { // the first in source order is visited first
			to := state{place{at.block.Succs[i], -1}, known}
			if !seen[to] && t.takes(at.block, i, known) {
				seen[to] = true
				next = append(next, to)
			}
		}
	}
}

// block goes through the nodes of a block behind a place.
func (t *traveller) block(at state, visit func(ast.Node) (stop bool)) (known Params, through bool) {
	known = at.known
	for _, n := range at.block.Nodes[at.i+1:] {
		if !t.ways.code.step() || visit(n) {
			return known, false
		}
		if assign, ok := n.(*ast.AssignStmt); ok && known != 0 {
			for _, l := range assign.Lhs {
				known &^= t.index(l)
			}
		}
	}
	return known, true
}

// index returns the variable that an expression names as a set; the empty one if nothing
// is known of it.
func (t *traveller) index(e ast.Expr) Params {
	var set Params
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		obj := t.ways.code.info.ObjectOf(id)
		for i, v := range t.vars {
			if v == obj {
				set.Add(i)
			}
		}
	}
	return set
}

// takes reports whether nothing that is known contradicts going from a block to its
// successor i.
func (t *traveller) takes(block *cfg.Block, i int, known Params) bool {
	if len(block.Succs) != 2 || len(block.Nodes) == 0 {
		return true
	}
	cond, ok := block.Nodes[len(block.Nodes)-1].(ast.Expr)
	if !ok {
		return true
	}
	holds := unknown
	switch to := block.Succs[0]; to.Kind {
	case cfg.KindIfThen, cfg.KindForBody:
		holds = t.holds(cond, known)
	case cfg.KindSwitchCaseBody:
		switch s := t.ways.cases[to.Stmt]; {
		case s == nil:
		case s.Tag == nil:
			holds = t.holds(cond, known)
		default:
			holds = t.equal(s.Tag, cond, known)
		}
	}
	return holds == unknown || holds == truthOf(i == 0)
}

// Truth is what is known of a condition.
type truth int8

const (
	no truth = iota - 1
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// holds says whether a condition holds.
func (t *traveller) holds(cond ast.Expr, known Params) truth {
	if t.Holds != nil {
		if is, ok := t.Holds(cond); ok {
			return truthOf(is)
		}
	}
	switch e := ast.Unparen(cond).(type) {
	case *ast.Ident:
		return -t.zero(e, known)
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return -t.holds(e.X, known)
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND:
			return min(t.holds(e.X, known), t.holds(e.Y, known))
		case token.LOR:
			return max(t.holds(e.X, known), t.holds(e.Y, known))
		case token.EQL:
			return t.equal(e.X, e.Y, known)
		case token.NEQ:
			return -t.equal(e.X, e.Y, known)
		}
	case *ast.CallExpr:
		return t.called(e, known)
	}
	return unknown
}

// asserted says of assertions whether they hold of what is zero.
var asserted = map[string]truth{"NoError": yes, "NoErr": yes, "NilError": yes, "Nil": yes, "Error": no, "NotNil": no}

// WantsNone reports whether a call asserts that there is no error.
func WantsNone(info *types.Info, call *ast.CallExpr) bool {
	fn := dbapi.Callee(info, call)
	if fn == nil || fn.Pkg() == nil || !testlib.Asserts(fn.Pkg().Path()) {
		return false
	}
	return assertedOf(fn) == yes || slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
		checker := Var(info, arg) // c.Assert(err, qt.IsNil)
		return checker != nil && checker.Name() == "IsNil"
	})
}

func assertedOf(fn *types.Func) truth { return asserted[strings.TrimSuffix(fn.Name(), "f")] }

var (
	kinds   = regexp.MustCompile(`^(?i:is|has|as)(?:[A-Z_]|$)`)
	succeed = regexp.MustCompile(`(?i:ok|nil|none|succe)|No(?:[A-Z]|$)`)
)

// asksKind reports whether a function asks what kind of error its first argument is.
func asksKind(fn *types.Func) bool {
	sig := fn.Signature()
	return sig.Params().Len() > 0 && IsError(sig.Params().At(0).Type()) && sig.Results().Len() == 1 &&
		types.Identical(sig.Results().At(0).Type(), types.Typ[types.Bool]) && kinds.MatchString(fn.Name()) && !succeed.MatchString(fn.Name())
}

// called says whether a call that is a condition holds.
func (t *traveller) called(call *ast.CallExpr, known Params) truth {
	fn := dbapi.Callee(t.ways.code.info, call)
	switch {
	case fn == nil || fn.Pkg() == nil:
	case asksKind(fn): // no error is of any kind
		if t.zero(call.Args[0], known) == yes {
			return no
		}
	case testlib.Asserts(fn.Pkg().Path()):
		for _, arg := range call.Args {
			if zero := t.zero(arg, known); zero != unknown && !testscope.IsTB(t.ways.code.info.TypeOf(arg)) {
				return zero * assertedOf(fn)
			}
		}
	}
	return unknown
}

// equal says whether two expressions are equal, one of which is nil, false or true.
func (t *traveller) equal(x, y ast.Expr, known Params) truth {
	info := t.ways.code.info
	for _, side := range [][2]ast.Expr{{x, y}, {y, x}} {
		tv := info.Types[side[0]]
		switch {
		case tv.IsNil():
			return t.zero(side[1], known)
		case tv.Value != nil && tv.Value.Kind() == constant.Bool:
			if constant.BoolVal(tv.Value) {
				return t.holds(side[1], known)
			}
			return -t.holds(side[1], known)
		}
	}
	return unknown
}

// zero says whether an expression is zero.
func (t *traveller) zero(e ast.Expr, known Params) truth {
	if set := t.index(e) & known; set != 0 {
		for i := range set.All {
			return truthOf(t.Known[t.vars[i]])
		}
	}
	if t.ways.code.unwrapError(e) {
		return yes
	}
	return unknown
}

// unwrapError reports whether an expression is the error of a method that returns the handle beneath its
// receiver, and no other: what is open has one.
func (c *code) unwrapError(e ast.Expr) bool {
	v := Var(c.info, e)
	if v == nil || !IsError(v.Type()) || len(c.into[v]) != 1 || !c.local(v) {
		return false
	}
	call, ok := ast.Unparen(c.into[v][0].Src).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := dbapi.Callee(c.info, call)
	if fn == nil {
		return false
	}
	row := catalogue.Opener(fn)
	return row != nil && row.Kind == dbapi.Wrapper && row.Over == dbapi.Receiver
}
