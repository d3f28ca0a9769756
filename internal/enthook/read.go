package enthook

import (
	"go/ast"
	"go/constant"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/model"
)

const library = "entgo.io/ent"

// maxWork bounds what is read of a package, in nodes.
const maxWork = 3_000_000

// A reader reads one package.
type reader struct {
	pass   *analysis.Pass
	info   *types.Info
	code   *flow.Package
	tenant func(column string) bool
	work   int
}

// Uses reports whether a package may register hooks of ent: not what ent itself generates.
func Uses(pkg *types.Package) bool {
	return !model.EntClient(pkg) && slices.ContainsFunc(pkg.Imports(), isEnt)
}

// Of reads a package that uses ent; tenant tells the columns that hold the tenant.
func Of(pass *analysis.Pass, tenant func(column string) bool) Package {
	p := Package{Functions: map[string][]Does{}}
	r := &reader{pass, pass.TypesInfo, flow.Of(pass), tenant, maxWork}
	for _, f := range r.code.Funcs() {
		if f.File.Test {
			continue
		}
		for _, call := range f.Calls {
			p.add(r.ofClient(call.Expr))
		}
		if f.Obj != nil && takesPart(f.Sig) {
			w := r.walk(f.Decl.Body)
			if len(w.does) > 0 {
				p.Functions[f.Obj.FullName()] = w.does
			}
		}
	}
	for _, name := range pass.Pkg.Scope().Names() {
		if t, ok := pass.Pkg.Scope().Lookup(name).(*types.TypeName); ok && isSchema(t) {
			for _, reg := range r.ofSchema(t) {
				p.add(reg)
			}
		}
	}
	return p
}

// add adds what may do something.
func (p *Package) add(r Registration) {
	if len(r.Does)+len(r.Calls) > 0 {
		p.Registered = append(p.Registered, r)
	}
}

func isEnt(pkg *types.Package) bool { return fromEnt(pkg) || model.EntClient(pkg) }

func fromEnt(pkg *types.Package) bool {
	return pkg != nil && (pkg.Path() == library || strings.HasPrefix(pkg.Path(), library+"/"))
}

// registers are the methods of clients that are given hooks, and what runs those.
var registers = map[string]Deed{"Use": mutations, "Intercept": Reads}

// ofClient reads a call that gives hooks to a client.
func (r *reader) ofClient(call *ast.CallExpr) Registration {
	fn, ok := typeutil.Callee(r.info, call).(*types.Func)
	if !ok || registers[fn.Name()] == 0 || !model.EntClient(fn.Pkg()) {
		return Registration{}
	}
	owner := receiver(fn)
	if owner == nil || !strings.HasSuffix(owner.Name(), "Client") {
		return Registration{}
	}
	reg := Registration{By: owner.Name() + "." + fn.Name(), Client: fn.Pkg().Path(), Entity: entityOf(owner.Name()), Deed: registers[fn.Name()]}
	w := r.walker()
	for _, arg := range call.Args {
		w.visit(arg)
	}
	return w.in(reg)
}

// isSchema reports whether a type declares an entity: it embeds ent.Schema, itself or in another.
func isSchema(t *types.TypeName) bool {
	own, _, _ := types.LookupFieldOrMethod(t.Type(), true, t.Pkg(), "Type")
	return own != nil && own.Pkg() != nil && own.Pkg().Path() == library && !t.IsAlias()
}

// declares are the methods of schemas and mixins that return hooks, and what runs those.
var declares = []struct {
	name string
	deed Deed
}{{"Hooks", mutations}, {"Interceptors", Reads}, {"Policy", Reads | mutations}}

// ofSchema reads the hooks of an entity and of its mixins.
func (r *reader) ofSchema(t *types.TypeName) (all []Registration) {
	own := []types.Type{t.Type()}
	if mixin := method(t.Type(), "Mixin"); mixin != nil {
		if f := r.code.Func(mixin); f != nil && f.Decl != nil && f.Decl.Body != nil {
			ast.Inspect(f.Decl.Body, func(n ast.Node) bool {
				if e, ok := n.(ast.Expr); ok {
					if of := r.info.TypeOf(e); of != nil && !types.IsInterface(of) && !slices.ContainsFunc(own, func(o types.Type) bool { return types.Identical(o, of) }) {
						own = append(own, of)
					}
				}
				return true
			})
		}
	}
	for _, of := range own {
		for _, d := range declares {
			if fn := method(of, d.name); fn != nil {
				all = append(all, r.declared(fn, Registration{By: receiver(fn).Name() + "." + d.name, Entity: strings.ToLower(t.Name()), Deed: d.deed})...)
			}
		}
	}
	return all
}

// declared reads a method that returns hooks; what a policy has for queries does nothing for
// mutations, nor the other way round.
func (r *reader) declared(fn *types.Func, reg Registration) (all []Registration) {
	f := r.code.Func(fn)
	if f == nil || f.Decl == nil || f.Decl.Body == nil {
		reg.Calls = []Call{{fn.FullName(), reg.Deed}}
		return []Registration{reg}
	}
	ast.Inspect(f.Decl.Body, func(n ast.Node) bool {
		kv, ok := n.(*ast.KeyValueExpr)
		if key, isName := kvKey(kv); ok && isName && policies[key] != 0 && reg.Deed&Reads != 0 && reg.Deed&Changes != 0 {
			part := reg
			part.Deed = policies[key]
			all = append(all, r.walk(kv.Value).in(part))
			return false
		}
		return true
	})
	if len(all) > 0 {
		return all
	}
	return []Registration{r.walk(f.Decl.Body).in(reg)}
}

// policies are the fields of a policy.
var policies = map[string]Deed{"Query": Reads, "Mutation": mutations}

func kvKey(kv *ast.KeyValueExpr) (name string, ok bool) {
	if kv == nil {
		return "", false
	}
	id, ok := kv.Key.(*ast.Ident)
	if !ok {
		return "", false
	}
	return id.Name, true
}

// method returns the method of a type, nil if it has none of its own or of the module's.
func method(t types.Type, name string) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	fn, ok := obj.(*types.Func)
	if !ok || fromEnt(fn.Pkg()) || receiver(fn) == nil {
		return nil
	}
	return fn
}

func receiver(fn *types.Func) *types.TypeName {
	if recv := fn.Signature().Recv(); recv != nil {
		return typeName(recv.Type())
	}
	return nil
}

func typeName(t types.Type) *types.TypeName {
	if named, ok := types.Unalias(flow.Pointee(t)).(*types.Named); ok {
		return named.Obj()
	}
	return nil
}

// parts ends the paths of the packages that ent generates for hooks.
var parts = regexp.MustCompile(`/(hook|intercept|privacy)$`)

// takesPart reports whether functions of the signature are, or make, hooks and the like.
func takesPart(sig *types.Signature) bool {
	if sig == nil {
		return false
	}
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			t := v.Type()
			if slice, ok := t.Underlying().(*types.Slice); ok {
				t = slice.Elem()
			}
			alias, _ := t.(*types.Alias)
			name := typeName(t)
			if alias != nil && isEnt(alias.Obj().Pkg()) || name != nil && name.Pkg() != nil &&
				(fromEnt(name.Pkg()) || parts.MatchString(name.Pkg().Path()) || model.EntClient(name.Pkg()) && strings.HasSuffix(name.Name(), "Mutation")) {
				return true
			}
		}
	}
	return false
}

// A walker gathers what code does, with that of the functions of the package and the variables
// that it mentions.
type walker struct {
	*reader
	seen     map[ast.Node]bool
	does     []Does
	calls    []Call
	entities []string // that the code around has asked for
	deed     Deed     // that the code around runs for
}

func (r *reader) walker() *walker {
	return &walker{reader: r, seen: map[ast.Node]bool{}, deed: Reads | mutations}
}

func (r *reader) walk(n ast.Node) *walker {
	w := r.walker()
	w.visit(n)
	return w
}

// in returns a registration of what was gathered.
func (w *walker) in(r Registration) Registration {
	r.Does, r.Calls = w.does, w.calls
	return r
}

func (w *walker) visit(n ast.Node) {
	if n == nil || w.seen[n] {
		return
	}
	w.seen[n] = true
	ast.Inspect(n, func(n ast.Node) bool {
		if w.work--; w.work < 0 {
			return false
		}
		switch n := n.(type) {
		case *ast.SwitchStmt:
			return !w.byEntity(n)
		case *ast.CallExpr:
			return !w.narrows(n) && !w.adds(n)
		case *ast.Ident:
			for _, next := range w.behind(n) {
				w.visit(next)
			}
			if fn, ok := w.info.Uses[n].(*types.Func); ok && fn.Pkg() != w.pass.Pkg && fn.Pkg() != nil {
				if call := (Call{fn.FullName(), w.deed}); !slices.Contains(w.calls, call) {
					w.calls = append(w.calls, call)
				}
			}
		}
		return true
	})
}

// behind returns what a name of the package stands for: the body of a function, what is put into
// a variable.
func (r *reader) behind(id *ast.Ident) (all []ast.Node) {
	switch obj := r.info.Uses[id].(type) {
	case *types.Func:
		if f := r.code.Func(obj); f != nil && f.Decl != nil && f.Decl.Body != nil {
			all = append(all, f.Decl.Body)
		}
	case *types.Var:
		if _, param := r.code.Param(obj); !param {
			for _, s := range r.code.Into(obj) {
				if s.Src != nil {
					all = append(all, s.Src)
				}
			}
		}
	}
	return all
}

// byEntity reads a switch over the type of a mutation or query: each case is about the entities
// that it names.
func (w *walker) byEntity(s *ast.SwitchStmt) bool {
	call, ok := s.Tag.(*ast.CallExpr)
	if !ok {
		return false
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Type" {
		return false
	}
	around := w.entities
	for _, clause := range s.Body.List {
		c := clause.(*ast.CaseClause)
		w.entities = around
		for _, e := range c.List {
			w.entities = append(w.entities[:len(w.entities):len(w.entities)], strings.ToLower(w.text(e)))
		}
		for _, stmt := range c.Body {
			w.visit(stmt)
		}
	}
	w.entities = around
	return true
}

// adds reads a call that adds the tenant to a query or a mutation.
func (w *walker) adds(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := w.info.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Signature().Recv() == nil || fromDialect(fn.Pkg()) {
		return false
	}
	var deed Deed
	switch name := fn.Name(); {
	case name == "Where" || name == "WhereP":
		if slices.ContainsFunc(call.Args, w.says) {
			deed = Reads | Changes
		}
	case name == "SetField":
		if len(call.Args) == 2 && w.tenant(w.text(call.Args[0])) {
			deed = Inserts
		}
	case w.isTenant(name, "Set"):
		deed = Inserts
	case w.isTenant(name, "Where"), w.isEdge(name, "WhereHas"):
		deed = Reads | Changes
	}
	if deed == 0 {
		return false
	}
	w.do(deed, w.entitiesOf(sel.X))
	return true
}

// entitiesOf returns the entities that code is about which a query or mutation has: its own, or
// those that the code around has asked for.
func (w *walker) entitiesOf(x ast.Expr) []string {
	entities := w.entities
	if of := typeName(w.info.TypeOf(x)); of != nil && model.EntClient(of.Pkg()) && builds.MatchString(of.Name()) {
		entities = []string{entityOf(of.Name())}
	}
	return entities
}

func (w *walker) do(deed Deed, entities []string) {
	if len(entities) == 0 {
		entities = []string{""}
	}
	for _, entity := range entities {
		if d := (Does{deed & w.deed, entity}); d.Deed != 0 && !slices.Contains(w.does, d) {
			w.does = append(w.does, d)
		}
	}
}

// hooks ends the path of the package that ent generates for them.
const hooks = "/hook"

// narrows reads a call that runs a hook for some operations, or refuses those.
func (w *walker) narrows(call *ast.CallExpr) bool {
	fn, ok := typeutil.Callee(w.info, call).(*types.Func)
	if !ok || fn.Pkg() == nil || !strings.HasSuffix(fn.Pkg().Path(), hooks) || len(call.Args) == 0 {
		return false
	}
	last := call.Args[len(call.Args)-1]
	switch fn.Name() {
	case "On":
		w.within(w.operations(last), call.Args[0])
	case "Unless":
		w.within(mutations&^w.operations(last), call.Args[0])
	case "If":
		w.within(w.where(last), call.Args[0])
	case "Reject":
		w.do(w.operations(last), w.entities)
	default:
		return false
	}
	return true
}

// within reads code that runs for some deeds alone.
func (w *walker) within(deed Deed, n ast.Node) {
	around, seen := w.deed, w.seen
	w.deed, w.seen = around&deed, map[ast.Node]bool{}
	w.visit(n)
	w.deed, w.seen = around, seen
}

// operations returns the operations of ent that a constant names.
func (r *reader) operations(e ast.Expr) Deed {
	if v := r.info.Types[e].Value; v != nil && v.Kind() == constant.Int {
		n, _ := constant.Int64Val(v)
		return Deed(n) & mutations
	}
	return 0
}

// where returns the operations for which a condition of a hook holds: none if it asks for fields;
// what the program asks of its own is as it means it.
func (r *reader) where(cond ast.Expr) Deed {
	call, _ := ast.Unparen(cond).(*ast.CallExpr)
	if call == nil {
		return mutations
	}
	fn, ok := typeutil.Callee(r.info, call).(*types.Func)
	if !ok || fn.Pkg() == nil || !strings.HasSuffix(fn.Pkg().Path(), hooks) {
		return mutations
	}
	var all []Deed
	for _, arg := range call.Args {
		all = append(all, r.where(arg))
	}
	switch deed := Deed(0); fn.Name() {
	case "HasOp":
		return r.operations(call.Args[0])
	case "And":
		deed = mutations
		for _, d := range all {
			deed &= d
		}
		return deed
	case "Or":
		for _, d := range all {
			deed |= d
		}
		return deed
	case "Not":
		if inner, ok := ast.Unparen(call.Args[0]).(*ast.CallExpr); ok && flow.Name(inner.Fun) == "HasOp" {
			return mutations &^ all[0]
		}
	}
	return 0
}

// fromDialect reports whether a package writes SQL: its Where is part of a predicate.
func fromDialect(pkg *types.Package) bool {
	return pkg != nil && strings.HasPrefix(pkg.Path(), library+"/dialect/")
}

// isTenant reports whether a method is named for a column that holds the tenant.
func (r *reader) isTenant(method, before string) bool {
	field, ok := strings.CutPrefix(method, before)
	return ok && field != "" && r.tenant(model.Underscore(field))
}

// isEdge reports whether a method or function is named for the edge to the tenant.
func (r *reader) isEdge(method, before string) bool {
	edge, ok := strings.CutPrefix(method, before)
	edge, with := strings.CutSuffix(edge, "With")
	return ok && with && r.tenant(model.Underscore(edge)+"_id")
}

func (r *reader) text(e ast.Expr) string {
	if v := r.info.Types[e].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v)
	}
	return ""
}

// others are the names of predicates that find rows of other tenants, or may.
var others = regexp.MustCompile(`^(Not|Or)|(NEQ|NotIn|Nil|Null|GTE?|LTE?)$`)

// says reports whether a predicate compares the tenant.
func (w *walker) says(e ast.Expr) bool { return w.saysIn(e, map[ast.Node]bool{}) }

func (w *walker) saysIn(n ast.Node, seen map[ast.Node]bool) (found bool) {
	if seen[n] {
		return false
	}
	seen[n] = true
	ast.Inspect(n, func(n ast.Node) bool {
		if w.work--; w.work < 0 || found {
			return false
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			name := flow.Name(n.Fun)
			if strings.HasPrefix(name, "Or") {
				found = len(n.Args) > 0 && !slices.ContainsFunc(n.Args, func(e ast.Expr) bool { return !w.saysIn(e, seen) })
			}
			return !others.MatchString(name)
		case ast.Expr:
			found = found || w.tenant(w.text(n))
			if id, ok := n.(*ast.Ident); ok && !found {
				fn, isFunc := w.info.Uses[id].(*types.Func)
				found = isFunc && w.compares(fn) || slices.ContainsFunc(w.behind(id), func(next ast.Node) bool { return w.saysIn(next, seen) })
			}
		}
		return !found
	})
	return found
}

// compares reports whether a function that ent has generated is a predicate on the tenant.
func (r *reader) compares(fn *types.Func) bool {
	if fn.Pkg() == nil || !model.Entity(fn.Pkg()) {
		return false
	}
	if r.isEdge(fn.Name(), "Has") {
		return true
	}
	field := strings.TrimSuffix(strings.TrimSuffix(fn.Name(), "EQ"), "In")
	column, ok := model.Constant(fn.Pkg(), "Field"+field)
	return ok && r.tenant(column)
}
