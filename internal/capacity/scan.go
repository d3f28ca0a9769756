package capacity

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/lvalue"
)

// A graph holds what flows where in one package. Function literals count as a
// part of the declaration around them.
type graph struct {
	pass *analysis.Pass
	info *types.Info
	cat  *dbapi.Catalogue
	conf *config.Config

	nodes    []*node
	byFunc   map[*types.Func]*node
	imported map[*types.Func]*Func       // of other packages
	params   map[*types.Var]param        // of declared functions
	flows    map[*types.Var][]source     // what flows into a variable or field
	sets     map[*types.Var][]put        // what is put on a variable or field
	edges    map[*types.Var][]*types.Var // by variable: those that hold its value too
	takers   map[ast.Expr][]*types.Var   // by call or literal: the variables that hold its value
	args     map[*types.Var][]argument   // calls that take a variable
	called   map[*types.Func][]*call
	given    map[giving]*Bound
	byCall   map[*ast.CallExpr]*call
	frees    map[*types.Var][]*call // calls of a function-typed variable

	vars map[string]string // of the .env files; nil before they are read
	sums map[*node]*Func   // nil while a function is being read
	open int               // functions that are being read
	memo map[*call][]Pool

	counts map[view][]Amount
	depth  int // of amounts that are being counted
}

// A node is a declared function, or the declaration of package-level variables.
type node struct {
	fn      *types.Func
	sig     *types.Signature
	body    ast.Node
	calls   []*call
	returns []returned
	lent    []lent
}

// A lent is a function of the package that is handed on rather than called, with
// its receiver if it is a method.
type lent struct {
	fn   *types.Func
	recv ast.Expr
}

// A returned is an expression of a return statement.
type returned struct {
	expr ast.Expr
	lit  *ast.FuncLit // around the statement, if any
}

type param struct {
	of *node
	i  int
}

// An argument is a place where a variable is argument i of a call.
type argument struct {
	call *call
	i    int
}

type call struct {
	in   *node
	expr *ast.CallExpr
	fn   *types.Func // nil for a function value
}

// A source is an expression that flows into a variable, under a field or key if
// it is only a part of it.
type source struct {
	expr ast.Expr
	in   *node
	key  string
}

// A put is a number put on a variable: a field that is assigned, a method that
// is called.
type put struct {
	key    string
	amount ast.Expr
	in     *node
}

func newGraph(pass *analysis.Pass, conf *config.Config) *graph {
	g := &graph{
		pass: pass, info: pass.TypesInfo, conf: conf,
		cat:    dbapi.NewCatalogue(conf.API.Openers),
		byFunc: map[*types.Func]*node{}, imported: map[*types.Func]*Func{}, params: map[*types.Var]param{},
		flows: map[*types.Var][]source{}, sets: map[*types.Var][]put{}, takers: map[ast.Expr][]*types.Var{},
		edges: map[*types.Var][]*types.Var{}, args: map[*types.Var][]argument{},
		called: map[*types.Func][]*call{}, byCall: map[*ast.CallExpr]*call{}, frees: map[*types.Var][]*call{},
		sums: map[*node]*Func{}, memo: map[*call][]Pool{},
		counts: map[view][]Amount{}, given: map[giving]*Bound{},
	}
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if fn, ok := g.info.Defs[d.Name].(*types.Func); ok && d.Body != nil {
					g.addFunc(fn, d)
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR {
					g.add(&node{body: d})
				}
			}
		}
	}
	return g
}

func (g *graph) addFunc(fn *types.Func, d *ast.FuncDecl) {
	n := &node{fn: fn, sig: fn.Signature(), body: d.Body}
	g.byFunc[fn] = n
	for i := range n.sig.Params().Len() {
		g.params[n.sig.Params().At(i)] = param{n, i}
	}
	if recv := n.sig.Recv(); recv != nil {
		g.params[recv] = param{n, receiver}
	}
	if d.Type.Results != nil { // named results are returned by a bare return
		for _, field := range d.Type.Results.List {
			for _, name := range field.Names {
				n.returns = append(n.returns, returned{expr: name})
			}
		}
	}
	g.add(n)
}

func (g *graph) add(n *node) {
	g.nodes = append(g.nodes, n)
	var lits []*ast.FuncLit // around what is being visited
	ast.PreorderStack(n.body, nil, func(x ast.Node, stack []ast.Node) bool {
		switch x := x.(type) {
		case *ast.CallExpr:
			g.addCall(n, x)
		case *ast.AssignStmt:
			g.assign(n, x.Lhs, x.Rhs)
		case *ast.ValueSpec:
			g.assign(n, lvalue.Names(x), x.Values)
		case *ast.RangeStmt:
			for _, v := range []ast.Expr{x.Key, x.Value} {
				if v != nil {
					g.flow(n, v, x.X)
				}
			}
		case *ast.CompositeLit:
			g.composite(n, x)
		case *ast.SelectorExpr:
			if call, ok := stack[len(stack)-1].(*ast.CallExpr); ok && call.Fun == x {
				break
			}
			if fn, ok := g.info.Uses[x.Sel].(*types.Func); ok && fn.Pkg() == g.pass.Pkg {
				n.lent = append(n.lent, lent{fn.Origin(), x.X})
			}
		case *ast.ReturnStmt:
			lits = lits[:0]
			for _, around := range stack {
				if lit, ok := around.(*ast.FuncLit); ok {
					lits = append(lits, lit)
				}
			}
			for _, r := range x.Results {
				ret := returned{expr: r}
				if len(lits) > 0 {
					ret.lit = lits[len(lits)-1]
				}
				n.returns = append(n.returns, ret)
			}
		}
		return true
	})
}

func (g *graph) addCall(n *node, x *ast.CallExpr) {
	if tv := g.info.Types[x.Fun]; tv.IsType() || tv.IsBuiltin() {
		return
	}
	c := &call{in: n, expr: x, fn: dbapi.Callee(g.info, x)}
	n.calls = append(n.calls, c)
	g.byCall[x] = c
	if c.fn == nil {
		if v := g.variable(x.Fun); v != nil {
			g.frees[v] = append(g.frees[v], c)
		}
	} else {
		c.fn = c.fn.Origin()
		g.called[c.fn] = append(g.called[c.fn], c)
	}
	for i, arg := range x.Args {
		if v := g.variable(arg); v != nil {
			g.args[v] = append(g.args[v], argument{c, i})
			if c.fn == nil { // an option that may fill what it is given
				g.flows[v] = append(g.flows[v], source{expr: x.Fun, in: n})
			}
		}
	}
	sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if !ok || len(x.Args) == 0 || c.fn == nil || c.fn.Signature().Recv() == nil {
		return
	}
	if len(x.Args) == 1 && isSetter(c.fn.Name()) {
		g.put(n, sel.X, c.fn.Name()+"()", x.Args[0])
	} else if v := g.root(sel.X); v != nil && !dbapi.Handle(v.Type()) {
		g.flows[v] = append(g.flows[v], source{expr: x, in: n}) // it may keep its arguments
	}
}

// put records a number that is put on what e names: on its variable and on the
// variable at its root.
func (g *graph) put(n *node, e ast.Expr, key string, amount ast.Expr) {
	p := put{key, amount, n}
	last, first := g.variable(e), g.root(e)
	if last == nil && first == nil { // gormDB.DB().SetMaxOpenConns(3)
		if c, ok := ast.Unparen(e).(*ast.CallExpr); ok {
			first = g.over(c)
		}
	}
	if last != nil {
		g.sets[last] = append(g.sets[last], p)
	}
	if first != nil && first != last {
		g.sets[first] = append(g.sets[first], p)
	}
}

func (g *graph) assign(n *node, lhs, rhs []ast.Expr) {
	for l, r := range lvalue.Assigned(lhs, rhs) {
		g.flow(n, l, r)
	}
}

// flow records that r flows into what l names.
func (g *graph) flow(n *node, l, r ast.Expr) {
	last, first := g.variable(l), g.root(l)
	if t := g.info.TypeOf(l); t != nil && isError(t) {
		return
	}
	s := source{expr: r, in: n}
	switch l := ast.Unparen(l).(type) {
	case *ast.SelectorExpr:
		s.key = l.Sel.Name
		if key := g.numberField(l.Sel); key != "" {
			g.put(n, l.X, key, r)
		}
	case *ast.IndexExpr:
		s.key, _ = g.text(l.Index)
	}
	if last != nil {
		g.hold(last, source{expr: r, in: n})
	}
	if first != nil && first != last {
		g.flows[first] = append(g.flows[first], s)
	}
}

// hold records that a variable or field takes a value whole.
func (g *graph) hold(to *types.Var, s source) {
	g.flows[to] = append(g.flows[to], s)
	vars, calls := g.faces(s.expr)
	for _, v := range vars {
		g.edges[v] = append(g.edges[v], to)
	}
	for _, c := range calls {
		g.takers[c] = append(g.takers[c], to)
	}
	if lit, ok := ast.Unparen(s.expr).(*ast.FuncLit); ok {
		g.takers[lit] = append(g.takers[lit], to)
	}
}

// composite records what the fields of a composite literal take.
func (g *graph) composite(n *node, lit *ast.CompositeLit) {
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if id, ok := kv.Key.(*ast.Ident); ok {
			if field, ok := g.info.Uses[id].(*types.Var); ok && field.IsField() {
				g.hold(field, source{expr: kv.Value, in: n})
			}
		}
	}
}

// numberField returns the key of a field that may hold a limit or a timeout,
// else "".
func (g *graph) numberField(id *ast.Ident) string {
	v, ok := g.info.ObjectOf(id).(*types.Var)
	if !ok || !v.IsField() || v.Pkg() == nil || !isLimitField(v) && !isTimeoutField(v) {
		return ""
	}
	return v.Pkg().Path() + "." + v.Name()
}

// isLimitField reports whether the field is an integer whose name speaks of
// connections.
func isLimitField(v *types.Var) bool {
	t := v.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if !isInteger(t) || isTimeoutField(v) {
		return false
	}
	name := strings.ToLower(v.Name())
	return slices.ContainsFunc([]string{"conn", "pool", "open"}, func(part string) bool { return strings.Contains(name, part) })
}

func isTimeoutField(v *types.Var) bool {
	return strings.HasSuffix(v.Name(), "Timeout") && isInteger(v.Type())
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// variable returns the variable or field that e names.
func (g *graph) variable(e ast.Expr) *types.Var { return lvalue.Var(g.info, e) }

// root returns the variable at the start of e.
func (g *graph) root(e ast.Expr) *types.Var { return lvalue.Root(g.info, e) }

// beneath returns the handle beneath a wrapper, as in sqlx.NewDb(db, "pgx") or
// gormDB.DB(); nil if the call is no wrapper.
func (g *graph) beneath(c *ast.CallExpr) ast.Expr {
	fn := dbapi.Callee(g.info, c)
	if fn == nil {
		return nil
	}
	row := g.cat.Opener(fn)
	if row == nil || row.Kind != dbapi.Wrapper || row.LeavesOpen {
		return nil
	}
	if row.Over == dbapi.Receiver {
		if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
			return sel.X
		}
	} else if row.Over >= 0 && row.Over < len(c.Args) {
		return c.Args[row.Over]
	}
	return nil
}

// over returns the variable that holds the handle beneath a wrapper.
func (g *graph) over(c *ast.CallExpr) *types.Var {
	beneath := g.beneath(c)
	if beneath == nil {
		return nil
	}
	if inner, ok := ast.Unparen(beneath).(*ast.CallExpr); ok {
		return g.over(inner)
	}
	return g.variable(beneath)
}

func (g *graph) place(n ast.Node) lifecycle.Place {
	pos := g.pass.Fset.PositionFor(n.Pos(), false)
	return lifecycle.Place(fmt.Sprintf("%s/%s:%d:%d", g.pass.Pkg.Path(), filepath.Base(pos.Filename), pos.Line, pos.Column))
}
