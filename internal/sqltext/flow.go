package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
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

// condition reads what decides a branch. Conditions with the same key have the
// same truth; negate says that the second alternative is taken when it holds.
func (f *frame) condition(e ast.Expr) condition {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			c := f.condition(e.X)
			c.negate = !c.negate
			return c
		}
	case *ast.BinaryExpr:
		if v, negate, ok := f.emptiness(e); ok {
			return condition{f.exprKey(e.X, nil, e) + " holds something", v, negate}
		}
		if e.Op == token.NEQ || e.Op == token.EQL {
			return condition{f.exprKey(e.X, e.Y, e), nil, e.Op == token.NEQ}
		}
	}
	return condition{f.exprKey(e, nil, e), nil, false}
}

// exprKey names a condition by its expression if that reads parameters only,
// which nothing changes; else by its place.
func (f *frame) exprKey(x, y, at ast.Expr) string {
	stable := true
	for _, e := range []ast.Expr{x, y} {
		if e == nil {
			continue
		}
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr, *ast.FuncLit:
				stable = false
			case *ast.Ident:
				if v, ok := f.info.Uses[n].(*types.Var); ok && !v.IsField() && !f.constant[v] {
					stable = false
				}
			}
			return stable
		})
	}
	if !stable {
		return f.key(at.Pos())
	}
	key := f.name + ":" + types.ExprString(x)
	if y != nil {
		key += "==" + types.ExprString(y)
	}
	return key
}

func (f *frame) key(pos token.Pos) string {
	return f.name + "+" + strconv.Itoa(int(pos-f.decl.Pos()))
}

// emptiness recognises tests of whether a text or list that is being built holds
// anything: len(x) > 0, x != "", len(x) == 0 …; negate stands for "is empty".
func (f *frame) emptiness(e *ast.BinaryExpr) (v *value, negate, ok bool) {
	x := ast.Unparen(e.X)
	if call, isCall := x.(*ast.CallExpr); isCall && len(call.Args) == 1 {
		id, isID := call.Fun.(*ast.Ident)
		if !isID || f.info.Uses[id] != types.Universe.Lookup("len") {
			return nil, false, false
		}
		x = ast.Unparen(call.Args[0])
		n := f.info.Types[e.Y].Value
		switch {
		case n == nil:
			return nil, false, false
		case e.Op == token.GTR && n.ExactString() == "0", e.Op == token.NEQ && n.ExactString() == "0", e.Op == token.GEQ && n.ExactString() == "1":
		case e.Op == token.EQL && n.ExactString() == "0", e.Op == token.LSS && n.ExactString() == "1":
			negate = true
		default:
			return nil, false, false
		}
	} else {
		if c := f.info.Types[e.Y].Value; c == nil || c.ExactString() != `""` || e.Op != token.EQL && e.Op != token.NEQ {
			return nil, false, false
		}
		negate = e.Op == token.EQL
	}
	v = f.local(x)
	if v == nil || v.Kind == hole || v.Kind == record {
		return nil, false, false
	}
	return v, negate, true
}

// join merges what is known behind a condition: yes where it holds, no where not.
func join(c condition, yes, no env) env {
	switch {
	case yes.dead:
		return no
	case no.dead:
		return yes
	}
	return joinAll(c.key, c.cond, []env{yes, no})
}

func joinAll(key string, cond *value, envs []env) env {
	live := slices.DeleteFunc(slices.Clone(envs), func(e env) bool { return e.dead })
	if len(live) == 0 {
		return envs[0] // what is known counts for a function literal's surroundings
	}
	if len(live) == 1 {
		return live[0]
	}
	out := newEnv()
	alternatives := make([]*value, len(live))
vars:
	for obj, v := range live[0].vars {
		alternatives[0] = v
		for i, e := range live[1:] {
			if alternatives[i+1] = e.vars[obj]; alternatives[i+1] == nil {
				continue vars
			}
		}
		out.vars[obj] = choose(key, cond, slices.Clone(alternatives)...)
	}
	for key, truth := range live[0].known {
		if !slices.ContainsFunc(live[1:], func(e env) bool { t, ok := e.known[key]; return !ok || t != truth }) {
			out.known[key] = truth
		}
	}
	return out
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

// loop reads the body of a loop once, as if it always ran: queries that a loop
// builds are seldom run when there is nothing to loop over.
func (f *frame) loop(body func()) {
	before := f.env.clone()
	body()
	if f.env.dead {
		f.env = before
	}
}

func (f *frame) rangeStmt(s *ast.RangeStmt) {
	over := f.eval(s.X)
	if over.Kind != list && over.Kind != record || len(over.Kids) == 0 || size(over) > maxUnroll {
		f.loop(func() {
			if s.Value != nil {
				f.store(s.Value, f.elementOf(over, s.Value))
			}
			f.block(s.Body.List)
		})
		return
	}
	f.rounds(s, over.Kids)
}

// rounds reads the body of a loop once for each element.
func (f *frame) rounds(s *ast.RangeStmt, kids []*value) {
	for _, kid := range kids {
		if kid.Kind == either {
			var after []env
			before := f.env
			for _, alternative := range kid.Kids {
				f.env = before.clone()
				f.rounds(s, alternative.Kids)
				after = append(after, f.env)
			}
			f.env = joinAll(kid.Key, kid.Cond, after)
			continue
		}
		f.loop(func() {
			key := s.Key
			if kid.Kind == entry {
				if key != nil {
					f.store(key, static(kid.Text, kid.pos))
				}
				kid = kid.Kids[0]
			}
			if s.Value != nil {
				f.store(s.Value, kid)
			}
			f.block(s.Body.List)
		})
	}
}

// size returns the number of elements, those of all alternatives together.
func size(v *value) int {
	n := 0
	for _, kid := range v.Kids {
		if kid.Kind == either {
			for _, alternative := range kid.Kids {
				n += size(alternative)
			}
		} else {
			n++
		}
	}
	return n
}

// elementOf returns some element of a list.
func (f *frame) elementOf(v *value, at ast.Expr) *value {
	if (v.Kind == list || v.Kind == record) && len(v.Kids) > 0 {
		var kids []*value
		for _, kid := range v.Kids {
			if kid.Kind == entry {
				kid = kid.Kids[0]
			}
			kids = append(kids, kid)
		}
		return choose(f.key(at.Pos()), nil, kids...)
	}
	return unknown(at, f.typeOf(at))
}

func (f *frame) returnStmt(s *ast.ReturnStmt) {
	var values []*value
	switch {
	case len(s.Results) == 0:
		for _, v := range f.named {
			values = append(values, f.env.vars[v])
		}
	case len(s.Results) == 1 && f.resultCount() > 1:
		values = f.evalMulti(s.Results[0], f.resultCount())
	default:
		for _, e := range s.Results {
			values = append(values, f.eval(e))
		}
	}
	if !f.failure(s.Results) {
		f.exit(values)
	}
	f.env.dead = true
}

// exit notes what the function returns and leaves.
func (f *frame) exit(values []*value) {
	left := make([]*value, len(f.pointers))
	for i, p := range f.pointers {
		left[i] = f.env.vars[p.obj]
	}
	f.returns = append(f.returns, returned{slices.Clone(f.path), values, left})
}

// changes returns what the function leaves in its pointers, where that is not
// what it found.
func (f *frame) changes() []change {
	var changes []change
	for i, p := range f.pointers {
		to := f.mergedOf(func(r returned) *value { return r.left[i] })
		if to != nil && to != p.param {
			changes = append(changes, change{p.param.Index, to})
		}
	}
	return changes
}

// failure reports whether a return hands back an error and nothing else: no
// caller goes on with its results.
func (f *frame) failure(results []ast.Expr) bool {
	if len(results) < 2 {
		return false
	}
	last := f.info.Types[results[len(results)-1]]
	if last.Value != nil {
		if last.Value.ExactString() != "false" {
			return false
		}
	} else if last.IsNil() || last.Type == nil || !types.Implements(last.Type, errorInterface) {
		return false
	}
	for _, e := range results[:len(results)-1] {
		tv := f.info.Types[e]
		_, isLiteral := ast.Unparen(e).(*ast.CompositeLit)
		if !tv.IsNil() && (tv.Value == nil || tv.Value.ExactString() != `""`) && !isLiteral {
			return false
		}
	}
	return true
}

var errorInterface = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

func (f *frame) resultCount() int {
	if f.results == nil {
		return 0
	}
	return f.results.Len()
}

// merged merges the return statements; nil stands for what is of no use.
func (f *frame) merged() []*value {
	results := make([]*value, f.resultCount())
	useful := false
	for i := range results {
		if tracked(f.results.At(i).Type()) {
			results[i] = f.mergedOf(func(r returned) *value {
				if i < len(r.values) {
					return r.values[i]
				}
				return nil
			})
		}
		useful = useful || results[i] != nil
	}
	if !useful {
		return nil
	}
	return results
}

// mergedOf merges what the return statements give by the conditions that lead to
// them; nil if one gives nothing.
func (f *frame) mergedOf(get func(returned) *value) *value {
	var merged *value
	for _, r := range slices.Backward(f.returns) {
		v := get(r)
		if v == nil {
			return nil
		}
		c := condition{key: f.name}
		if len(r.path) > 0 {
			c = r.path[len(r.path)-1]
		}
		switch {
		case merged == nil:
			merged = v
		case c.negate:
			merged = choose(c.key, c.cond, merged, v)
		default:
			merged = choose(c.key, c.cond, v, merged)
		}
	}
	if merged != nil && merged.Kind == hole {
		return nil
	}
	return merged
}
