package byid

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/routes"
	"github.com/poollint/poollint/internal/schema"
)

// A request carries what says which rows are meant: the parameters of its URL, and what a middleware
// has put into its context. Whoever asks for one by its name has the same value, wherever that stands:
// each is a source of its own, a variable that is declared nowhere.

const (
	inURL     = "url "
	inContext = "context "
)

// carriedBy returns the name of what an expression takes out of a request, and where that is a parameter
// of the function around it, the parameter; empty if it takes nothing out.
func (r *reader) carriedBy(e ast.Expr) (name string, param *types.Var) {
	index, indexed := ast.Unparen(e).(*ast.IndexExpr)
	var key ast.Expr
	if indexed {
		e, key = index.X, index.Index
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", nil
	}
	c := r.code.Call(call)
	if c == nil || c.Fn == nil || c.Fn.Pkg() == nil {
		return "", nil
	}
	if key == nil {
		key = call.Args[len(call.Args)-1]
	}
	sel, _ := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	where := ""
	switch {
	case routes.HandsParam(c.Fn, indexed):
		where = inURL
	case !indexed && r.asksContext(sel):
		where = inContext
	case !indexed:
		return r.carriedByHelper(c)
	}
	if v := flow.Var(r.info, key); v != nil && where == inURL {
		if _, ok := r.code.Param(v); ok {
			return where, v
		}
	}
	if by := r.keyName(key); where != "" && by != "" {
		return where + by, nil
	}
	return "", nil
}

// carriedByHelper is carriedBy for a call of a function that takes its first result out of a request.
func (r *reader) carriedByHelper(call *flow.Call) (name string, param *types.Var) {
	d := r.allDeeds(call.Fn)
	if d == nil || d.Carried == "" {
		return "", nil
	}
	if d.By == 0 {
		return d.Carried, nil
	}
	for _, arg := range call.Args(call.Fn.Signature(), d.By) {
		if v := flow.Var(r.info, arg); v != nil {
			if _, ok := r.code.Param(v); ok {
				return d.Carried, v
			}
		}
		if by := r.keyName(arg); by != "" {
			return d.Carried + by, nil
		}
	}
	return "", nil
}

// keyName names a key of a context, or a parameter of a URL: by its text, the constant or the variable,
// or a type that has one value.
func (r *reader) keyName(key ast.Expr) string {
	tv := r.info.Types[key]
	if tv.Value != nil {
		return tv.Value.ExactString() + " " + strings.TrimPrefix(tv.Type.String(), "untyped ")
	}
	if v := flow.Var(r.info, key); v != nil && flow.Global(v) {
		return v.Pkg().Path() + "." + v.Name()
	}
	if lit, ok := ast.Unparen(key).(*ast.CompositeLit); ok && len(lit.Elts) == 0 {
		return tv.Type.String()
	}
	return ""
}

// carried returns the variable that stands for what a request carries by a name.
func (r *reader) carried(name string) *types.Var {
	v := r.requests[name]
	if v == nil {
		v = types.NewVar(token.NoPos, nil, name, types.Typ[types.String])
		r.requests[name] = v
		r.names[v] = name
	}
	return v
}

// carriedIn returns the names of what the ids are that a request carries: of a row, by its key.
func (r *reader) carriedIn(ids []source) (names []string) {
	for _, id := range ids {
		if name := r.names[id.root]; name != "" {
			names = append(names, id.named(name))
		}
	}
	return names
}

// named is the name of what stands in the value of a name; the key of a row goes by id.
func (s source) named(name string) string {
	for _, step := range s.path {
		name += "." + schema.Normal(strings.TrimPrefix(strings.TrimSuffix(step, "()"), "Get"))
	}
	return name
}

// handsOnCarried notes that the first result of a function is what a request carries, by a name that it
// is given or has itself, wherever it is anything.
func (r *reader) handsOnCarried(f *flow.Func) (changed bool) {
	if f.Obj == nil || f.Sig.Results().Len() == 0 {
		return false
	}
	name, by := "", 0
	for _, ret := range f.Returns {
		if len(ret.Results) != f.Sig.Results().Len() {
			return false
		}
		if !r.varies(ret.Results[0]) || r.isEmpty(ret.Results[0]) {
			continue
		}
		got, param := r.carriedFrom(ret.Results[0])
		i := 0
		if p, ok := r.code.Param(param); ok && p.Of == f {
			i = p.I
		}
		if got == "" || (param == nil) != (i == 0) || name != "" && (name != got || by != i) {
			return false
		}
		name, by = got, i
	}
	if name == "" {
		return false
	}
	d := r.deeds[f]
	if d == nil {
		d = new(Deeds)
		r.deeds[f] = d
	}
	changed = d.Carried != name || d.By != by
	d.Carried, d.By = name, by
	return changed
}

// carriedFrom is carriedBy for a value that may have gone through variables and conversions.
func (r *reader) carriedFrom(e ast.Expr) (name string, param *types.Var) {
	for range maxHops {
		e = ast.Unparen(e)
		if name, param = r.carriedBy(e); name != "" {
			return name, param
		}
		switch x := e.(type) {
		case *ast.Ident:
			v := flow.Var(r.info, x)
			if v == nil || !r.code.Local(v) {
				return "", nil
			}
			stores := r.code.Into(v)
			if len(stores) != 1 || !stores[0].Whole(v) || stores[0].Result != 0 {
				return "", nil
			}
			e = stores[0].Src
		case *ast.TypeAssertExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.CallExpr:
			switch {
			case r.info.Types[x.Fun].IsType() && len(x.Args) == 1:
				e = x.Args[0]
			case r.converted(x) != nil:
				e = r.converted(x)
			default:
				return "", nil
			}
		default:
			return "", nil
		}
	}
	return "", nil
}

// A Guard is what a middleware does before it lets a request through: it loads the row for its tenant,
// or asks if somebody may have to do with it, by what the request carries.
type Guard struct {
	Name   string // see carried
	Query  string // see Deed
	Tables []string
	Asks   bool
}

// A Middleware is a function that lets requests through to what it is put before, or makes such ones.
type Middleware struct {
	Func   string // in full
	Pos    token.Pos
	Guards []Guard
}

// lets notes what a function has done wherever it lets a request through. What several functions do that
// one makes is what each of them does.
func (r *reader) lets(f *flow.Func) {
	outer := f.Outer()
	if outer.Obj == nil || r.code.Ways(f) == nil {
		return
	}
	through := r.letsThrough(f)
	if len(through) == 0 {
		return
	}
	var guards []Guard
	for _, load := range r.loads[f] {
		for _, name := range r.guardedBy(f, load, through) {
			guards = append(guards, Guard{Name: name, Query: load.Query, Tables: load.Tables, Asks: load.Asks})
		}
	}
	known, ok := r.middlewares[outer.Obj]
	if ok && known.of != f {
		guards = slices.DeleteFunc(guards, func(g Guard) bool {
			return !slices.ContainsFunc(known.Guards, func(k Guard) bool { return k.Name == g.Name && slices.Equal(k.Tables, g.Tables) })
		})
	}
	r.middlewares[outer.Obj] = middleware{Middleware{outer.Obj.FullName(), outer.Obj.Pos(), guards}, f}
}

type middleware struct {
	Middleware
	of *flow.Func
}

// guardedBy returns the names of what a request carries by which a load has found a row wherever a
// function lets the request through: by the URL, and, where it has put that or the row there, in the context.
func (r *reader) guardedBy(f *flow.Func, load event, through []passage) (names []string) {
	holds := func(id source) bool {
		change := event{Deed: Deed{Tables: load.Tables}, call: load.call, ids: []source{id}}
		return r.looks > 0 && !slices.ContainsFunc(through, func(p passage) bool { return !r.beforePassage(f, load, change, p) })
	}
	for _, id := range load.ids {
		name := r.names[id.root]
		if name == "" || !holds(id) {
			continue
		}
		names = append(names, id.named(name))
		rows := r.rowsOf(f, load, r.code.Ways(f).Node(load.call.At))
		for _, put := range r.putsIn(f) {
			ids := r.sourcesOf(put.value, nil)
			switch {
			case slices.ContainsFunc(ids, id.equal):
				names = append(names, inContext+put.key)
			case slices.ContainsFunc(ids, func(s source) bool { return rows[s.root] && len(s.path) == 0 }):
				names = append(names, inContext+put.key+".id")
			case slices.ContainsFunc(ids, func(s source) bool { return rows[s.root] && s.isID(load.Key) }):
				names = append(names, inContext+put.key)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// A put is what a function puts into a context, under a key.
type put struct {
	key   string
	value ast.Expr
}

func (r *reader) putsIn(f *flow.Func) (all []put) {
	for _, call := range f.Calls {
		args := call.Expr.Args
		if call.Fn == nil || len(args) < 2 {
			continue
		}
		name, recv := call.Fn.Name(), call.Receiver()
		if name == "WithValue" && len(args) == 3 || (name == "Set" || name == "Locals") && recv != nil && isContext(r.info.TypeOf(recv)) {
			if key := r.keyName(args[len(args)-2]); key != "" {
				all = append(all, put{key, args[len(args)-1]})
			}
		}
	}
	return all
}

// A passage is where a middleware lets a request through: a call of what comes next or, of gin, where it
// ends and has not aborted.
type passage struct {
	call *flow.Call // nil for the end
}

func (r *reader) letsThrough(f *flow.Func) (all []passage) {
	gin := false
	for v := range f.Sig.Params().Variables() {
		of, ok := types.Unalias(flow.Pointee(v.Type())).(*types.Named)
		gin = gin || ok && of.Obj().Name() == "Context" && of.Obj().Pkg() != nil && of.Obj().Pkg().Path() == "github.com/gin-gonic/gin"
	}
	if gin = gin && f.Sig.Results().Len() == 0; gin {
		all = append(all, passage{})
	}
	for _, call := range f.Calls {
		if r.comesNext(f, call) {
			all = append(all, passage{call})
		}
	}
	return all
}

// comesNext reports whether a call in a middleware is of what comes next: of a handler that the function
// around it was given, with the request, or of fiber's Next.
func (r *reader) comesNext(f *flow.Func, call *flow.Call) bool {
	fun := ast.Unparen(call.Expr.Fun)
	sel, method := fun.(*ast.SelectorExpr)
	switch {
	case method && sel.Sel.Name == "Next" && len(call.Expr.Args) == 0:
		return isContext(r.info.TypeOf(sel.X))
	case method && sel.Sel.Name == "ServeHTTP":
		fun = sel.X
	case method:
		return false
	}
	next := flow.Var(r.info, fun)
	p, ok := r.code.Param(next)
	return next != nil && ok && len(call.Expr.Args) > 0 && f.Within(p.Of) && (p.Of != f || f.Lit == nil) &&
		slices.ContainsFunc(call.Expr.Args, func(arg ast.Expr) bool { return isRequest(r.info.TypeOf(arg)) })
}

// aborts are calls by which a middleware of gin lets nothing through.
func (r *reader) aborts(f *flow.Func) map[ast.Node]bool {
	all := map[ast.Node]bool{}
	for _, call := range f.Calls {
		if call.Fn != nil && strings.HasPrefix(call.Fn.Name(), "Abort") {
			if n := r.code.Ways(f).Node(call.At); n != nil {
				all[n] = true
			}
		}
	}
	return all
}

// An end stands for all ends of a function that are reached without what stops.
type end struct {
	ast.Node
	stops map[ast.Node]bool
}

// beforePassage is before for where a middleware lets a request through. What the URL carries is not empty there.
func (r *reader) beforePassage(f *flow.Func, load, change event, p passage) bool {
	if p.call != nil {
		return r.before(f, load, change, p.call.At)
	}
	return r.beforeNode(f, load, change, f.Cursor, &end{f.Body(), r.aborts(f)})
}

// isGiven says of a comparison of what the URL carries with an empty text that there is one.
func (r *reader) isGiven(change event) func(cond ast.Expr) (yes, known bool) {
	var given []source
	for _, id := range change.ids {
		if strings.HasPrefix(r.names[id.root], inURL) {
			given = append(given, id)
		}
	}
	if len(given) == 0 || slices.ContainsFunc(r.pass.Pkg.Imports(), routes.HidesParams) { // then the parameter may be empty
		return nil
	}
	return func(cond ast.Expr) (yes, known bool) {
		b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
		if !ok || b.Op != token.EQL && b.Op != token.NEQ || flow.Text(r.info, b.Y) != "" || r.info.Types[b.Y].Value == nil {
			return false, false
		}
		is := slices.ContainsFunc(r.sourcesOf(b.X, nil), func(s source) bool { return slices.ContainsFunc(given, s.equal) })
		return b.Op == token.NEQ, is
	}
}
