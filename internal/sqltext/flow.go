package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"strconv"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// An env is what is known at one point of a function.
type env struct {
	vars  map[types.Object]value.Value
	known map[string]bool // conditions on parameters that hold here
	dead  bool            // the point is not reached
}

func newEnv() env {
	return env{vars: map[types.Object]value.Value{}, known: map[string]bool{}}
}

func (e env) clone() env {
	return env{vars: maps.Clone(e.vars), known: maps.Clone(e.known), dead: e.dead}
}

// A frame reads the body of one function, or of a function literal inside it:
// forward, once, both branches of every condition.
type frame struct {
	*reader
	decl  *ast.FuncDecl
	name  string // makes keys of conditions unique
	env   env
	level int // nesting of function literals
	steps int

	path     []condition // around the statement
	pointers []pointer
	lent     []*value.Param // handles that code out of sight has had hold of
	results  *types.Tuple
	named    []*types.Var
	returns  []returned
	queries  []value.Query
	origins  map[types.Object]ast.Expr // what was last assigned to a local variable
	later    map[types.Object]bool     // by index of a loop that is being read: whether it has been read before
}

// A condition chooses between alternatives; see value.Key.
type condition struct {
	key    string
	cond   value.Value
	negate bool
}

// A returned holds the values of one return statement and the condition that
// leads to it.
type returned struct {
	path   []condition
	values []value.Value
	left   []value.Value // in the pointers
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
		f.forStmt(s)
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
		f.lendOut(loan{by: s.Value}, s.Value, maxAliases)
	case *ast.IncDecStmt:
		f.eval(s.X)
	}
}

func (f *frame) optional(s ast.Stmt) {
	if s != nil {
		f.stmt(s)
	}
}

func (f *frame) evalOptional(e ast.Expr) value.Value {
	if e == nil {
		return value.Empty
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
		f.store(s.Lhs[0], value.Concat(old, more))
	default:
		for _, e := range s.Rhs {
			f.eval(e)
		}
	}
}

func (f *frame) assignAll(lhs, rhs []ast.Expr) {
	var values []value.Value
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
		if obj := flow.Root(f.info, l); obj != nil && !mentions(f.info, from, obj) {
			if f.origins == nil {
				f.origins = map[types.Object]ast.Expr{}
			}
			f.origins[obj] = from
		}
		if i < len(values) {
			f.storeFrom(l, from, values[i])
		}
		f.publish(l, from)
	}
}

// storeFrom stores the value of an expression; in a map of conditions it stands
// for what the builder makes of it.
func (f *frame) storeFrom(lhs, from ast.Expr, v value.Value) {
	if x, ok := ast.Unparen(lhs).(*ast.IndexExpr); ok {
		if r, ok := f.local(x.X).(*value.Record); ok && r.Holds == value.HoldsOperands {
			v = builder.Operand(f, from, v)
		}
	}
	f.store(lhs, v)
}

// store makes v the value of an assignable expression.
func (f *frame) store(lhs ast.Expr, v value.Value) {
	switch lhs := ast.Unparen(lhs).(type) {
	case *ast.Ident:
		if obj := f.info.ObjectOf(lhs); obj != nil && isLocal(obj) && tracked(obj.Type()) {
			f.env.vars[obj] = v
		}
	case *ast.StarExpr:
		f.store(lhs.X, v)
	case *ast.SelectorExpr:
		f.storeField(lhs, v)
	case *ast.IndexExpr:
		index := f.eval(lhs.Index)
		switch base := f.local(lhs.X).(type) {
		case *value.Record:
			f.store(lhs.X, base.Put(value.NewEntry(index, v, v.At().Pos)))
		case *value.Param, *value.Lent:
			if _, ok := f.TypeOf(lhs.X).Underlying().(*types.Map); ok {
				changed := recordOf(f.TypeOf(lhs.X), base.At().Pos)
				changed.Parts = []value.Value{base}
				f.store(lhs.X, changed.Put(value.NewEntry(index, v, v.At().Pos)))
			}
		case *value.List:
			if len(base.Elems) == 1 && value.IsHole(base.Elems[0]) {
				f.store(lhs.X, value.Elements(v)) // make([]string, n), filled in a loop
			}
		}
	}
}

// storeField makes v the value of a field of a local variable.
func (f *frame) storeField(lhs *ast.SelectorExpr, v value.Value) {
	name := lhs.Sel.Name
	switch base := f.local(lhs.X).(type) {
	case *value.Record:
		f.store(lhs.X, base.With(name, v))
	case *value.Choice:
		if value.Field(base, name) == nil {
			return
		}
		alternatives := make([]value.Value, len(base.Alternatives))
		for i, a := range base.Alternatives {
			if alternatives[i] = a; isRecord(a) {
				alternatives[i] = a.(*value.Record).With(name, v)
			}
		}
		f.store(lhs.X, value.Choose(base.Key, base.Cond, alternatives...))
	case *value.Chain:
		if builder.Of(f.TypeOf(lhs)) != nil { // conditions, it may be
			f.store(lhs.X, value.Then(base, &value.Unseen{Origin: value.Origin{Pos: lhs.Pos()}}))
		}
	case *value.Param, *value.Lent:
		if field, ok := f.info.Uses[lhs.Sel].(*types.Var); ok && f.isGrown(field) {
			changed := &value.Record{Origin: value.Origin{Pos: base.At().Pos}, Parts: []value.Value{base}}
			f.store(lhs.X, changed.With(name, v))
		}
	}
}

func isRecord(v value.Value) bool {
	_, ok := v.(*value.Record)
	return ok
}

// local returns the value of a local variable or of a part of one, nil for
// everything else.
func (f *frame) local(e ast.Expr) value.Value {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return f.env.vars[f.info.ObjectOf(e)]
	case *ast.StarExpr:
		return f.local(e.X)
	case *ast.SelectorExpr:
		if base := f.local(e.X); base != nil {
			switch base.(type) {
			case *value.Record, *value.Choice:
				return value.Field(base, e.Sel.Name)
			}
			if field, ok := f.info.Uses[e.Sel].(*types.Var); ok {
				return f.memberOf(base, field)
			}
		}
	}
	return nil
}

func isLocal(obj types.Object) bool {
	return obj.Pkg() != nil && obj.Parent() != obj.Pkg().Scope()
}

func (f *frame) ifStmt(s *ast.IfStmt) {
	f.optional(s.Init)
	f.eval(s.Cond)
	if s.Else == nil && f.asksForCode(s.Cond) {
		f.loop(func() { f.block(s.Body.List) })
		return
	}
	if holds, ok := f.inRound(s.Cond); ok {
		if holds {
			f.block(s.Body.List)
		} else if s.Else != nil {
			f.stmt(s.Else)
		}
		return
	}
	c := f.condition(s.Cond)
	before := f.env.clone()

	truth, settled := f.settled(c)
	if !settled || truth {
		f.env.known[c.key] = !c.negate
		f.under(c, func() { f.block(s.Body.List) })
	} else {
		f.env.dead = true
	}
	held := f.env
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
		f.env = join(c, f.env, held)
	} else {
		f.env = join(c, held, f.env)
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
