package flow

import (
	"go/ast"
	"go/token"
	"iter"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// A Condition is one that holds, or does not, wherever a place in a function is reached.
type Condition struct {
	Expr  ast.Expr
	Among []ast.Expr // if Expr is the tag of a switch: that it is one of these
	Holds bool
	// Around reports whether the place stands in an arm of the branch; otherwise an arm before it leaves.
	Around bool
	// Besides reports whether other code may give what the place gives, where the condition is otherwise.
	Besides bool
}

// Saying returns the operator that a comparison has in the condition for the place to know op of its two
// sides: itself if the condition holds, of == and != the other one if it does not.
func (c Condition) Saying(op token.Token) token.Token {
	switch {
	case c.Holds:
		return op
	case op == token.EQL:
		return token.NEQ
	}
	return token.EQL
}

// Conditions are those of if statements and switches that decide whether a place in a function is
// reached, the nearest first.
func (p *Package) Conditions(at inspector.Cursor) iter.Seq[Condition] { return p.code().conditions(at) }

func (c *code) conditions(at inspector.Cursor) iter.Seq[Condition] {
	return func(yield func(Condition) bool) {
		for ; at.Valid() && at.Node() != nil; at = at.Parent() {
			switch at.ParentEdgeKind() {
			case edge.FuncDecl_Body, edge.FuncLit_Body:
				return
			}
			if !c.conditionsOf(at, yield) {
				return
			}
		}
	}
}

// conditionsOf yields what the node around one says of it, and the branches before it; it reports whether
// to go on.
func (c *code) conditionsOf(at inspector.Cursor, yield func(Condition) bool) bool {
	switch kind := at.ParentEdgeKind(); kind {
	case edge.IfStmt_Body, edge.IfStmt_Else:
		s := at.Parent().Node().(*ast.IfStmt)
		holds := kind == edge.IfStmt_Body
		return yield(Condition{Expr: s.Cond, Holds: holds, Around: true, Besides: !holds || s.Else != nil || returnsValue(s.Body.List)})
	case edge.CaseClause_Body:
		clause := at.Parent()
		s, ok := clause.Parent().Parent().Node().(*ast.SwitchStmt)
		return c.before(at, yield) && (!ok || entered(s, clause.Node(), yield))
	case edge.BlockStmt_List, edge.CommClause_Body:
		return c.before(at, yield)
	case edge.BinaryExpr_Y:
		if e := at.Parent().Node().(*ast.BinaryExpr); e.Op == token.LAND || e.Op == token.LOR {
			return yield(Condition{Expr: e.X, Holds: e.Op == token.LAND, Around: true})
		}
	}
	return true
}

// before yields what branches before a statement of the same list say, an arm of which leaves.
func (c *code) before(at inspector.Cursor, yield func(Condition) bool) bool {
	kind := at.ParentEdgeKind()
	for s, ok := at.PrevSibling(); ok && s.ParentEdgeKind() == kind; s, ok = s.PrevSibling() {
		switch n := s.Node().(type) {
		case *ast.IfStmt:
			if !c.afterIf(n, yield) {
				return false
			}
		case *ast.SwitchStmt:
			if !c.afterSwitch(n, yield) {
				return false
			}
		}
	}
	return true
}

// afterIf yields what an if statement says of the statements behind it.
func (c *code) afterIf(n *ast.IfStmt, yield func(Condition) bool) bool {
	leaves := c.leaves(n.Body.List)
	if leaves && !yield(Condition{Expr: n.Cond, Besides: returnsValue(n.Body.List)}) {
		return false
	}
	switch other := n.Else.(type) {
	case *ast.IfStmt:
		return !leaves || c.afterIf(other, yield)
	case *ast.BlockStmt:
		if !leaves && c.leaves(other.List) {
			return yield(Condition{Expr: n.Cond, Holds: true, Besides: returnsValue(other.List)})
		}
	}
	return true
}

// entered yields what a switch says of what stands in one of its clauses: what that asks holds, and what the
// clauses asked before it does not. One that another falls into says nothing.
func entered(s *ast.SwitchStmt, in ast.Node, yield func(Condition) bool) bool {
	list := s.Body.List
	i := slices.Index(list, in.(ast.Stmt))
	if i > 0 && fallsThrough(list[i-1].(*ast.CaseClause).Body) {
		return true
	}
	asked := list[:i]
	if list[i].(*ast.CaseClause).List == nil { // the default
		asked = list
	} else if own := asks(s, list[i]); len(own) == 1 {
		own[0].Holds, own[0].Around, own[0].Besides = true, true, len(list) > 1
		if !yield(own[0]) {
			return false
		}
	}
	for _, clause := range asked {
		for _, c := range asks(s, clause) {
			c.Around, c.Besides = true, true
			if !yield(c) {
				return false
			}
		}
	}
	return true
}

// afterSwitch yields what a switch says of the statements behind it: that nothing holds whose clause leaves.
// Without a tag, what a later clause asks may hold too where one before it runs.
func (c *code) afterSwitch(s *ast.SwitchStmt, yield func(Condition) bool) bool {
	for _, clause := range s.Body.List {
		body := clause.(*ast.CaseClause).Body
		asked := asks(s, clause)
		switch leaves := c.leaves(body) && !breaks(body); {
		case !leaves && s.Tag == nil && asked != nil:
			return true
		case !leaves:
			continue
		}
		for _, asked := range asked {
			asked.Besides = returnsValue(body)
			if !yield(asked) {
				return false
			}
		}
	}
	return true
}

// asks returns the conditions one of which must hold for a clause of a switch to run.
func asks(s *ast.SwitchStmt, clause ast.Stmt) (all []Condition) {
	list := clause.(*ast.CaseClause).List
	if s.Tag != nil && list != nil {
		return []Condition{{Expr: s.Tag, Among: list}}
	}
	for _, e := range list {
		all = append(all, Condition{Expr: e})
	}
	return all
}

// leaves reports whether what stands behind statements in their block does not run after them.
func (c *code) leaves(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch last := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok != token.FALLTHROUGH
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		return ok && !c.mayReturn(call)
	}
	return false
}

// fallsThrough reports whether the statements of a clause go on with those of the next.
func fallsThrough(body []ast.Stmt) bool { return jumps(body, token.FALLTHROUGH) }

// breaks reports whether the statements of a clause go on behind its switch.
func breaks(body []ast.Stmt) bool { return jumps(body, token.BREAK) }

func jumps(list []ast.Stmt, by token.Token) bool {
	if len(list) == 0 {
		return false
	}
	last, ok := list[len(list)-1].(*ast.BranchStmt)
	return ok && last.Tok == by && last.Label == nil
}

// Returns reports whether statements end with a return.
func Returns(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	_, is := list[len(list)-1].(*ast.ReturnStmt)
	return is
}

// returnsValue reports whether statements end with a return of something.
func returnsValue(list []ast.Stmt) bool {
	return Returns(list) && len(list[len(list)-1].(*ast.ReturnStmt).Results) > 0
}
