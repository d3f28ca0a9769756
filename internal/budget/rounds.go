package budget

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// rounds returns how often at most the loops of the function around a call leave open what
// it hands out; 0, and the loop, if that does not show. It is once if the loop ends when the call has
// succeeded, or what it opened is closed in the same round.
func (b *builder) rounds(c *flow.Call, u until) (n int, loop spot) {
	n, loop = b.loops(c.At)
	if n == 1 {
		return n, loop
	}
	if u.Kind == handed && !b.again(c) || u.Kind == ended && b.closedInRound(c) {
		return 1, loop
	}
	return n, loop
}

// again reports whether the call may be made again once it has succeeded.
func (b *builder) again(c *flow.Call) bool {
	ways := b.code.Ways(b.f)
	if ways == nil {
		return true
	}
	own, found := ways.Node(c.At), false
	ways.Out(flow.Query{From: c.At, Known: b.code.Known(c), Stops: func(n ast.Node) bool {
		found = found || n == own
		return false
	}})
	return found
}

// closedInRound reports whether every release stands in the round of the loop that the call
// stands in, and is not put off.
func (b *builder) closedInRound(c *flow.Call) bool {
	around := loopAround(c.At)
	for _, h := range b.handles[c.Expr] {
		for _, at := range h.Fate.Releases {
			if b.code.Around(at) != b.f || at.ParentEdgeKind() == edge.DeferStmt_Call || deferred(at) || loopAround(at) != around {
				return false
			}
		}
	}
	return len(b.handles[c.Expr]) > 0
}

func deferred(at inspector.Cursor) bool {
	for range at.Enclosing((*ast.DeferStmt)(nil)) {
		return true
	}
	return false
}

// loopAround returns the innermost loop around c in its function.
func loopAround(c inspector.Cursor) ast.Node {
	for ; c.Valid() && c.Node() != nil; c = c.Parent() {
		switch c.ParentEdgeKind() {
		case edge.FuncDecl_Body, edge.FuncLit_Body:
			return nil
		case edge.ForStmt_Body, edge.RangeStmt_Body:
			return c.Parent().Node()
		}
	}
	return nil
}

// loops returns how often at most the loops of the function run what stands at c; 0, and the
// loop, if that does not show.
func (b *builder) loops(c inspector.Cursor) (n int, loop spot) {
	n = 1
	for ; c.Valid() && c.Node() != nil; c = c.Parent() {
		rounds := 1
		switch c.ParentEdgeKind() {
		case edge.FuncDecl_Body, edge.FuncLit_Body:
			return n, loop
		case edge.ForStmt_Body, edge.ForStmt_Cond, edge.ForStmt_Post:
			rounds = b.counted(c.Parent().Node().(*ast.ForStmt))
		case edge.RangeStmt_Body:
			rounds = b.ranged(c.Parent().Node().(*ast.RangeStmt))
		case edge.LabeledStmt_Stmt:
			if jumps(b.f.Body(), c.Parent().Node().(*ast.LabeledStmt).Label.Name) {
				rounds = 0
			}
		default:
			continue
		}
		if rounds != 1 {
			loop = b.spot(c.Parent().Node())
		}
		if n = min(n*rounds, maxTimes); n == 0 {
			return 0, loop
		}
	}
	return n, loop
}

// jumps reports whether a body has a goto to a label.
func jumps(body ast.Node, label string) (yes bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		s, ok := n.(*ast.BranchStmt)
		yes = yes || ok && s.Tok == token.GOTO && s.Label.Name == label
		return !yes
	})
	return yes
}

// counted returns the rounds of for i := 0; i < n; i++, n being constant; 0 if the loop is another.
func (b *builder) counted(loop *ast.ForStmt) int {
	init, ok := loop.Init.(*ast.AssignStmt)
	if !ok || len(init.Lhs) != 1 || len(init.Rhs) != 1 {
		return 0
	}
	v := flow.Var(b.info, init.Lhs[0])
	cond, ok := ast.Unparen(loop.Cond).(*ast.BinaryExpr)
	if v == nil || !ok || flow.Var(b.info, cond.X) != v || !b.steps(loop.Post, v) || len(b.code.Into(v)) != 2 || b.code.AddressTaken(v) {
		return 0
	}
	from, ok := b.number(init.Rhs[0])
	if !ok {
		return 0
	}
	to, ok := b.number(cond.Y)
	if !ok {
		return 0
	}
	switch cond.Op {
	case token.LEQ:
		to++
	case token.LSS, token.NEQ:
	default:
		return 0
	}
	if to <= from {
		return 1 // never: that costs nothing
	}
	return int(min(to-from, maxTimes))
}

// steps reports whether a statement makes a variable larger.
func (b *builder) steps(post ast.Stmt, v *types.Var) bool {
	switch s := post.(type) {
	case *ast.IncDecStmt:
		return s.Tok == token.INC && flow.Var(b.info, s.X) == v
	case *ast.AssignStmt:
		if s.Tok != token.ADD_ASSIGN || len(s.Lhs) != 1 || flow.Var(b.info, s.Lhs[0]) != v {
			return false
		}
		n, ok := b.number(s.Rhs[0])
		return ok && n > 0
	}
	return false
}

// number returns the value of a constant, of a variable that is only ever that, or the length
// of something whose length shows.
func (b *builder) number(e ast.Expr) (int64, bool) {
	if e == nil {
		return 0, false
	}
	if value := b.info.Types[e].Value; value != nil {
		return constant.Int64Val(constant.ToInt(value))
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v := flow.Var(b.info, e)
		if v == nil {
			return 0, false
		}
		stores := b.code.Into(v)
		if len(stores) == 1 && b.only(v) && b.info.Types[stores[0].Src].Value != nil {
			return b.number(stores[0].Src)
		}
	case *ast.CallExpr:
		if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok && id.Name == "len" && b.info.Types[e.Fun].IsBuiltin() && len(e.Args) == 1 {
			n := b.length(e.Args[0])
			return int64(n), n > 0
		}
	}
	return 0, false
}

// only reports whether all that is put into a variable shows in the package.
func (b *builder) only(v *types.Var) bool {
	return v.Pkg() == b.pass.Pkg && !b.code.AddressTaken(v) && !v.IsField() && (b.code.Local(v) || flow.Global(v) && !v.Exported())
}

// ranged returns the rounds of a loop over a number or a literal; 0 if it goes over something else.
func (b *builder) ranged(loop *ast.RangeStmt) int {
	if n, ok := b.number(loop.X); ok {
		return int(max(min(n, maxTimes), 1))
	}
	return b.length(loop.X)
}

// length returns how many elements a value has at most; 0 if that does not show.
func (b *builder) length(e ast.Expr) int {
	t := b.info.TypeOf(e)
	if t == nil {
		return 0
	}
	if a, ok := flow.Pointee(t).Underlying().(*types.Array); ok {
		return int(max(min(a.Len(), maxTimes), 1))
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		if _, isMap := t.Underlying().(*types.Map); !isMap {
			for _, elem := range e.Elts {
				if _, keyed := elem.(*ast.KeyValueExpr); keyed {
					return 0
				}
			}
		}
		return max(len(e.Elts), 1)
	case *ast.Ident:
		v := flow.Var(b.info, e)
		if v == nil || !b.only(v) {
			return 0
		}
		most := 0
		for _, s := range b.code.Into(v) {
			lit, ok := ast.Unparen(s.Src).(*ast.CompositeLit)
			if !ok || !s.Whole(v) {
				if s.To == v && !s.Elem || b.growing(s) {
					return 0
				}
				continue
			}
			n := b.length(lit)
			if n == 0 {
				return 0
			}
			most = max(most, n)
		}
		return most
	}
	return 0
}

// growing reports whether a store may add an element to a map.
func (b *builder) growing(s *flow.Store) bool {
	if !s.Elem || s.To == nil {
		return false
	}
	_, ok := s.To.Type().Underlying().(*types.Map)
	return ok
}
