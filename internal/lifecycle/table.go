package lifecycle

import (
	"go/ast"
	"go/constant"
	"go/types"
	"regexp"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// A table says, by variable, what a declaration does with it.
type table struct {
	keepers map[*types.Var][]*types.Var // package variables and fields that take it
	asks    map[*types.Var][]branch     // branches about it, in source order
	// questions are the functions of other packages that branches ask whether something is
	// there.
	questions map[*types.Func][]branch

	flags []branch // those about a flag that it sets, and nothing takes back

	copies map[*types.Var][]*types.Var // copies of it that branches are about
	used   map[*types.Var]bool         // it is mentioned at all
	kept   map[*ast.CallExpr]bool      // calls in what package variables and fields take
}

// A branch is an if statement, or a case of a switch statement.
type branch struct {
	stmt ast.Stmt // the whole statement
	arms []ast.Node
	ends bool // what stands behind the statement does not run after the arm that is asked for
}

// branchOf returns the branch that an if statement is.
func branchOf(stmt *ast.IfStmt) branch {
	b := branch{stmt, []ast.Node{stmt.Body}, leaves(stmt.Body.List)}
	if stmt.Else != nil {
		b.arms = append(b.arms, stmt.Else)
	}
	return b
}

// tableOf returns the table of a declaration.
func (g *graph) tableOf(outer *flow.Func) *table {
	t := g.tables[outer]
	if t == nil {
		t = &table{
			keepers: map[*types.Var][]*types.Var{}, questions: map[*types.Func][]branch{},
			asks: map[*types.Var][]branch{}, copies: map[*types.Var][]*types.Var{},
			used: map[*types.Var]bool{}, kept: map[*ast.CallExpr]bool{},
		}
		g.tables[outer] = t
		g.enterFlows(t, outer)
		g.enterConditions(t, outer)
		for v, stmts := range t.asks {
			if g.isFlag(v, outer) {
				t.flags = append(t.flags, stmts...)
			}
		}
	}
	return t
}

// isFlag reports whether a declaration sets a package variable of type bool, to say that it has
// run, and no function takes that back.
func (g *graph) isFlag(v *types.Var, outer *flow.Func) bool {
	if !flow.Global(v) || v.Pkg() != g.pass.Pkg || v.Type() != types.Typ[types.Bool] || g.code.AddressTaken(v) {
		return false
	}
	sets := false
	for _, s := range g.code.Into(v) {
		value := g.info.Types[s.Src].Value
		switch {
		case value == nil || value.Kind() != constant.Bool || s.In == nil:
			return false
		case constant.BoolVal(value):
			sets = sets || s.In.Outer() == outer
		case s.In.Outer().Obj != nil:
			return false
		}
	}
	return sets
}

func (g *graph) enterFlows(t *table, outer *flow.Func) {
	for _, lit := range outer.Lits {
		g.enterFlows(t, lit)
	}
	for _, s := range outer.Stores {
		if s.Dst == nil || bindsLiteral(s) {
			continue
		}
		to := s.To
		if to == nil {
			to = s.Root
		}
		if g.lasting(to) {
			g.keeps(t, to, s.Src)
		}
	}
	for _, c := range outer.Calls {
		if c.Fn == nil {
			continue
		}
		g.putAway(t, c)
		if !storing.MatchString(c.Fn.Name()) {
			continue
		}
		if to := g.variable(c.Receiver()); to != nil && g.lasting(to) {
			for _, arg := range c.Expr.Args {
				g.keeps(t, to, arg)
			}
		}
	}
}

// putAway notes what a function of the package puts into package variables: Register(name, db).
func (g *graph) putAway(t *table, c *flow.Call) {
	f := g.code.Func(c.Fn)
	if f == nil || f.Sig == nil {
		return
	}
	for i := range f.Sig.Params().Len() {
		for _, to := range g.tableOf(f).keepers[f.Sig.Params().At(i)] {
			for _, arg := range c.Args(f.Sig, i+1) {
				if flow.Global(to) {
					g.keeps(t, to, arg)
				}
			}
		}
	}
}

// keeps notes that a variable takes a value.
func (g *graph) keeps(t *table, to *types.Var, value ast.Expr) {
	for _, v := range g.mentioned(value) {
		t.keepers[v] = append(t.keepers[v], to)
	}
	ast.Inspect(value, func(x ast.Node) bool {
		if call, ok := x.(*ast.CallExpr); ok {
			t.kept[call] = true
		}
		return true
	})
}

// The methods by which maps, caches and atomic values that are no language's own take an entry, and give it.
var (
	storing = regexp.MustCompile(`^(?:Store|Swap|CompareAndSwap|Set|SetDefault|Add|Put|LoadOrStore)$`)
	loading = regexp.MustCompile(`^(?:Load|Get|Peek|LoadOrStore)$`)
)

func (g *graph) enterConditions(t *table, outer *flow.Func) {
	ask := func(b branch, part ast.Node, condition bool) {
		ast.Inspect(part, func(x ast.Node) bool {
			id, ok := x.(*ast.Ident)
			if !ok {
				return true
			}
			if fn, ok := g.info.Uses[id].(*types.Func); ok && condition && fn.Pkg() != g.pass.Pkg && fn.Signature().Recv() == nil {
				t.questions[fn] = append(t.questions[fn], b)
			}
			v, ok := g.info.Uses[id].(*types.Var)
			if !ok {
				return true
			}
			if condition && t.asks[v] == nil {
				for _, s := range g.sources(v) {
					for _, of := range g.givenBy(s) {
						t.copies[of] = append(t.copies[of], v)
					}
				}
			}
			t.asks[v] = append(t.asks[v], b)
			return true
		})
	}
	ast.Inspect(outer.Body(), func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.IfStmt:
			ask(branchOf(x), x.Cond, true)
			if x.Init != nil {
				ask(branchOf(x), x.Init, false)
			}
		case *ast.SwitchStmt:
			for _, stmt := range x.Body.List {
				clause := stmt.(*ast.CaseClause)
				b := branch{x, []ast.Node{x.Body}, flow.Returns(clause.Body)}
				for _, cond := range clause.List {
					switch {
					case x.Tag == nil:
						ask(b, cond, true)
					case isNil(g.info, cond):
						ask(b, x.Tag, true)
					}
				}
			}
		case *ast.Ident:
			if v, ok := g.info.Uses[x].(*types.Var); ok {
				t.used[v] = true
			}
		}
		return true
	})
}

// givenBy returns the variables whose values, or entries, a source gives: those that a function of the
// package hands out are package variables.
func (g *graph) givenBy(s source) (all []*types.Var) {
	if s.key != "" {
		return nil
	}
	if of := g.variable(entryOf(s.expr)); of != nil {
		return []*types.Var{of}
	}
	call, ok := ast.Unparen(s.expr).(*ast.CallExpr)
	if !ok {
		return nil
	}
	f := g.code.Func(dbapi.Callee(g.info, call))
	if f == nil {
		return nil
	}
	for _, e := range f.Results() {
		of := g.variable(entryOf(e))
		if of == nil {
			continue
		}
		if flow.Global(of) {
			all = append(all, of)
		}
		for _, from := range g.code.Into(of) {
			if v := g.variable(entryOf(from.Src)); v != nil && flow.Global(v) && from.Result == 0 {
				all = append(all, v)
			}
		}
	}
	return all
}

// entryOf returns the map or cache that e is an entry of; e itself if it is none.
func entryOf(e ast.Expr) ast.Expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return e.X
	case *ast.CallExpr:
		if sel, ok := e.Fun.(*ast.SelectorExpr); ok && loading.MatchString(sel.Sel.Name) {
			return sel.X
		}
	}
	return e
}
