package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"strconv"
)

// An env is what is known at one point of a function.
type env struct {
	vars  map[types.Object]*value
	known map[string]bool // conditions on parameters that hold here
	dead  bool            // the point is not reached
}

func newEnv() env {
	return env{vars: map[types.Object]*value{}, known: map[string]bool{}}
}

func (e env) clone() env {
	return env{vars: maps.Clone(e.vars), known: maps.Clone(e.known), dead: e.dead}
}

// A frame reads the body of one function, or of a function literal inside it:
// forward, once, both branches of every condition.
type frame struct {
	*reader
	decl     *ast.FuncDecl
	name     string // makes keys of conditions unique
	constant map[types.Object]bool
	env      env
	level    int // nesting of function literals
	steps    int

	path     []condition // around the statement
	pointers []pointer
	results  *types.Tuple
	named    []*types.Var
	returns  []returned
	queries  []query
	origins  map[types.Object]ast.Expr // what was last assigned to a local variable
}

// A condition chooses between alternatives; see value.Key.
type condition struct {
	key    string
	cond   *value
	negate bool
}

// A returned holds the values of one return statement and the condition that
// leads to it.
type returned struct {
	path   []condition
	values []*value
	left   []*value // in the pointers
}

func (f *frame) block(stmts []ast.Stmt) {
	for _, s := range stmts {
		if f.env.dead {
			return
		}
		f.stmt(s)
	}
}

func (f *frame) stmt(s ast.Stmt) {
	if f.steps++; f.steps > maxSteps {
		return
	}
	switch s := s.(type) {
	case *ast.AssignStmt:
		f.assign(s)
	case *ast.DeclStmt:
		f.declare(s)
	case *ast.ExprStmt:
		f.eval(s.X)
	case *ast.BlockStmt:
		f.block(s.List)
	case *ast.LabeledStmt:
		f.stmt(s.Stmt)
	case *ast.IfStmt:
		f.ifStmt(s)
	case *ast.SwitchStmt:
		f.switchStmt(s)
	case *ast.TypeSwitchStmt:
		f.optional(s.Init)
		f.optional(s.Assign)
		f.clauses(s.Pos(), s.Body.List)
	case *ast.SelectStmt:
		f.clauses(s.Pos(), s.Body.List)
	case *ast.ForStmt:
		f.optional(s.Init)
		f.evalOptional(s.Cond)
		f.loop(func() { f.block(s.Body.List); f.optional(s.Post) })
	case *ast.RangeStmt:
		f.rangeStmt(s)
	case *ast.ReturnStmt:
		f.returnStmt(s)
	case *ast.BranchStmt:
		f.env.dead = true
	case *ast.GoStmt:
		f.eval(s.Call)
	case *ast.DeferStmt:
		f.eval(s.Call)
	case *ast.SendStmt:
		f.eval(s.Chan)
		f.eval(s.Value)
	case *ast.IncDecStmt:
		f.eval(s.X)
	}
}

func (f *frame) optional(s ast.Stmt) {
	if s != nil {
		f.stmt(s)
	}
}

func (f *frame) evalOptional(e ast.Expr) *value {
	if e == nil {
		return empty
	}
	return f.eval(e)
}

func (f *frame) declare(s *ast.DeclStmt) {
	decl, ok := s.Decl.(*ast.GenDecl)
	if !ok || decl.Tok == token.TYPE {
		return
	}
	for _, spec := range decl.Specs {
		spec, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if len(spec.Values) == 0 {
			for _, name := range spec.Names {
				if obj := f.info.Defs[name]; obj != nil && tracked(obj.Type()) {
					f.env.vars[obj] = zero(obj.Type())
				}
			}
			continue
		}
		lhs := make([]ast.Expr, len(spec.Names))
		for i, name := range spec.Names {
			lhs[i] = name
		}
		f.assignAll(lhs, spec.Values)
	}
}

func (f *frame) assign(s *ast.AssignStmt) {
	switch s.Tok {
	case token.ASSIGN, token.DEFINE:
		f.assignAll(s.Lhs, s.Rhs)
	case token.ADD_ASSIGN:
		old, more := f.eval(s.Lhs[0]), f.eval(s.Rhs[0])
		f.store(s.Lhs[0], concat(old, more))
	default:
		for _, e := range s.Rhs {
			f.eval(e)
		}
	}
}

func (f *frame) assignAll(lhs, rhs []ast.Expr) {
	var values []*value
	if len(lhs) > 1 && len(rhs) == 1 {
		values = f.evalMulti(rhs[0], len(lhs))
	} else {
		for _, e := range rhs {
			values = append(values, f.eval(e))
		}
	}
	for i, l := range lhs {
		if id, ok := ast.Unparen(l).(*ast.Ident); ok && id.Name == "_" {
			continue
		}
		from := rhs[min(i, len(rhs)-1)]
		if obj := rootObject(f.info, l); obj != nil && !mentions(f.info, from, obj) {
			if f.origins == nil {
				f.origins = map[types.Object]ast.Expr{}
			}
			f.origins[obj] = from
		}
		if i < len(values) {
			f.storeFrom(l, from, values[i])
		}
	}
}

func mentions(info *types.Info, e ast.Expr, obj types.Object) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == obj {
			found = true
		}
		return !found
	})
	return found
}

// storeFrom stores the value of an expression; in a map of conditions it stands
// for what the builder makes of it.
func (f *frame) storeFrom(lhs, from ast.Expr, v *value) {
	if x, ok := ast.Unparen(lhs).(*ast.IndexExpr); ok {
		if base := f.local(x.X); base != nil && base.Kind == record && base.typ != nil && holdsOperands(base.typ) {
			v = f.operand(from, v)
		}
	}
	f.store(lhs, v)
}

// store makes v the value of an assignable expression.
func (f *frame) store(lhs ast.Expr, v *value) {
	switch lhs := ast.Unparen(lhs).(type) {
	case *ast.Ident:
		if obj := f.info.ObjectOf(lhs); obj != nil && isLocal(obj) && tracked(obj.Type()) {
			f.env.vars[obj] = v
		}
	case *ast.StarExpr:
		f.store(lhs.X, v)
	case *ast.SelectorExpr:
		switch base := f.local(lhs.X); {
		case base == nil:
		case base.Kind == record:
			f.store(lhs.X, base.with(lhs.Sel.Name, v))
		case base.Kind == either && base.field(lhs.Sel.Name) != nil:
			alternatives := make([]*value, len(base.Kids))
			for i, kid := range base.Kids {
				if alternatives[i] = kid; kid.Kind == record {
					alternatives[i] = kid.with(lhs.Sel.Name, v)
				}
			}
			f.store(lhs.X, choose(base.Key, base.Cond, alternatives...))
		case base.Kind == param && f.isGrown(lhs.Sel):
			changed := &value{Kind: record, Kids: []*value{base}, pos: base.pos}
			f.store(lhs.X, changed.with(lhs.Sel.Name, v))
		}
	case *ast.IndexExpr:
		index := f.eval(lhs.Index)
		base := f.local(lhs.X)
		switch {
		case base == nil:
		case base.Kind == record:
			if key, ok := plain(index); ok {
				f.store(lhs.X, base.with(key, v))
			} else {
				f.store(lhs.X, base.with(unknownName, v))
			}
		case base.Kind == list && len(base.Kids) == 1 && base.Kids[0].Kind == hole:
			f.store(lhs.X, elements(v)) // make([]string, n), filled in a loop
		}
	}
}

// local returns the value of a local variable or of a part of one, nil for
// everything else.
func (f *frame) local(e ast.Expr) *value {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return f.env.vars[f.info.ObjectOf(e)]
	case *ast.StarExpr:
		return f.local(e.X)
	case *ast.SelectorExpr:
		if base := f.local(e.X); base != nil {
			if base.Kind == record || base.Kind == either {
				return base.field(e.Sel.Name)
			}
			if field, ok := f.info.Uses[e.Sel].(*types.Var); ok {
				return f.memberOf(base, field)
			}
		}
	}
	return nil
}

func (f *frame) isGrown(field *ast.Ident) bool {
	f.collectFields()
	return f.grown[f.info.Uses[field]]
}

func isLocal(obj types.Object) bool {
	return obj.Pkg() != nil && obj.Parent() != obj.Pkg().Scope()
}

func (f *frame) ifStmt(s *ast.IfStmt) {
	f.optional(s.Init)
	f.eval(s.Cond)
	c := f.condition(s.Cond)
	before := f.env.clone()

	truth, settled := f.settled(c)
	if !settled || truth {
		f.env.known[c.key] = !c.negate
		f.under(c, func() { f.block(s.Body.List) })
	} else {
		f.env.dead = true
	}
	then := f.env
	f.env = before
	if !settled || !truth {
		f.env = before.clone()
		f.env.known[c.key] = c.negate
		if s.Else != nil {
			f.under(condition{c.key, c.cond, !c.negate}, func() { f.stmt(s.Else) })
		}
	} else {
		f.env.dead = true
	}
	if c.negate {
		f.env = join(c, f.env, then)
	} else {
		f.env = join(c, then, f.env)
	}
}

// settled reports what an earlier condition on the same parameters decides.
func (f *frame) settled(c condition) (truth, ok bool) {
	v, ok := f.env.known[c.key]
	return v != c.negate, ok
}

func (f *frame) under(c condition, body func()) {
	f.path = append(f.path, c)
	body()
	f.path = f.path[:len(f.path)-1]
}

func (f *frame) switchStmt(s *ast.SwitchStmt) {
	f.optional(s.Init)
	f.evalOptional(s.Tag)
	f.clauses(s.Pos(), s.Body.List)
}

// clauses reads the clauses of a switch or select, of which one is taken or,
// without a default, perhaps none.
func (f *frame) clauses(pos token.Pos, list []ast.Stmt) {
	before := f.env
	key := f.key(pos)
	var after []env
	complete := false
	for _, clause := range list {
		f.env = before.clone()
		var body []ast.Stmt
		switch clause := clause.(type) {
		case *ast.CaseClause:
			for _, e := range clause.List {
				f.eval(e)
			}
			complete = complete || clause.List == nil
			body = clause.Body
		case *ast.CommClause:
			f.optional(clause.Comm)
			complete = true
			body = clause.Body
		}
		f.under(condition{key: key + "/" + strconv.Itoa(len(after))}, func() { f.block(body) })
		if f.env.dead && endsWithBreak(body) {
			f.env.dead = false
		}
		after = append(after, f.env)
	}
	if !complete {
		after = append(after, before)
	}
	f.env = joinAll(key, nil, after)
}

func endsWithBreak(body []ast.Stmt) bool {
	if len(body) == 0 {
		return false
	}
	b, ok := body[len(body)-1].(*ast.BranchStmt)
	return ok && (b.Tok == token.BREAK && b.Label == nil || b.Tok == token.FALLTHROUGH)
}
