// Package tenantuse finds the fixed names that test code gives to the tenants it makes or
// works for: in arguments, fields, map keys, variables and columns that mean a tenant. What
// only reads, compares or expects gives no name.
package tenantuse

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/tenantname"
	"github.com/poollint/poollint/internal/testscope"
)

// A Use is a fixed name in a position that means a tenant.
type Use struct {
	Expr   ast.Expr // the literal, or the name of what holds it; the text of SQL or JSON that has it
	Value  string
	Name   string // of the position: "Slug", "tenantID", "tenants.slug"
	Pooled bool   // SQL that runs on a pool, in no transaction, gives the name
}

// A Finder looks for uses in one package.
type Finder struct {
	info    *types.Info
	code    *flow.Package
	queries *dbapi.Queries
	more    []string              // words that mean a tenant, besides the built-in ones
	means   map[*types.Var]string // parameters, and fields of tables, whose values become names of tenants
	idles   map[types.Object]bool // what idle found
	parts   map[*types.Var]bool   // what part found

	found []Use
}

// maxPasses bounds the helpers that hand on a name to one another.
const maxPasses = 3

// New returns a finder for the package. more are words that mean a tenant, besides the
// built-in ones.
func New(info *types.Info, code *flow.Package, queries *dbapi.Queries, more []string) *Finder {
	f := &Finder{info: info, code: code, queries: queries, more: more,
		means: map[*types.Var]string{}, idles: map[types.Object]bool{}, parts: map[*types.Var]bool{}}
	for range maxPasses {
		known := len(f.means)
		for _, fn := range code.Funcs() {
			if fn.Parent == nil && fn.File.Test {
				f.In(fn.Cursor)
			}
		}
		if len(f.means) == known {
			break
		}
	}
	return f
}

// In returns the uses below a node, in source order.
func (f *Finder) In(root inspector.Cursor) []Use {
	return f.find(root, func(inspector.Cursor) bool { return true })
}

// Own returns the uses in a function, those in literals in it left out.
func (f *Finder) Own(fn *flow.Func) []Use {
	return f.find(fn.Cursor, func(c inspector.Cursor) bool {
		_, lit := c.Node().(*ast.FuncLit)
		return !lit || c == fn.Cursor
	})
}

// Fixtures returns the uses in what package variables hold, by the functions that do more
// with those than look at them.
func (f *Finder) Fixtures() map[*flow.Func][]Use {
	all := map[*flow.Func][]Use{}
	for _, fn := range f.code.Funcs() {
		if fn.Obj != nil || fn.Parent != nil || !fn.File.Test {
			continue
		}
		for _, use := range f.Own(fn) {
			for _, user := range f.usersOf(fn, use) {
				all[user] = append(all[user], use)
			}
		}
	}
	return all
}

// usersOf returns the functions that use the variable in whose literal a use stands.
func (f *Finder) usersOf(fn *flow.Func, use Use) (users []*flow.Func) {
	at, ok := fn.At(use.Expr)
	if !ok {
		return nil
	}
	for lit := range at.Enclosing((*ast.CompositeLit)(nil)) {
		v := f.taker(lit)
		if v == nil {
			continue
		}
		for _, mention := range f.code.Mentions(v) {
			if user := f.code.Around(mention); user != nil && !assigned(mention) && !f.looked(mention) {
				users = append(users, user)
			}
		}
	}
	return users
}

func (f *Finder) find(root inspector.Cursor, descend func(inspector.Cursor) bool) []Use {
	f.found = nil
	root.Inspect(nil, func(c inspector.Cursor) bool {
		if !descend(c) {
			return false
		}
		switch n := c.Node().(type) {
		case *ast.CallExpr:
			if !f.aside(c) {
				f.call(n)
			}
		case *ast.CompositeLit:
			if v := f.taker(c); !f.looked(c) && (v == nil || !f.idle(v)) {
				f.composite(n)
			}
		case *ast.AssignStmt:
			if len(n.Lhs) == len(n.Rhs) && n.Tok != token.ADD_ASSIGN {
				for i, l := range n.Lhs {
					f.named(f.taking(l), f.object(l), n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			if len(n.Names) == len(n.Values) {
				for i, name := range n.Names {
					f.named(name.Name, f.object(name), n.Values[i])
				}
			}
		case *ast.RangeStmt:
			f.ranged(n)
		case *ast.BasicLit:
			f.body(c, n)
		}
		return true
	})
	slices.SortStableFunc(f.found, func(a, b Use) int { return int(a.Expr.Pos() - b.Expr.Pos()) })
	return slices.Clone(f.found)
}

// ranged notes the elements of the literal that a loop goes through, where its variables mean a
// tenant.
func (f *Finder) ranged(loop *ast.RangeStmt) {
	lit, key, value := f.sequence(loop.X, loop.Key, loop.Value)
	if lit == nil || f.info.TypeOf(lit) == nil { // broken code may lack types
		return
	}
	_, keyed := f.info.TypeOf(lit).Underlying().(*types.Map)
	for _, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if elt = kv.Value; keyed {
				f.element(key, kv.Key)
			}
		}
		f.element(value, elt)
	}
}

// sequence returns the literal that a loop goes through, and which of its variables take the keys
// and the values of that: slices.Sorted(maps.Keys(m)) gives its keys as values.
func (f *Finder) sequence(list, key, value ast.Expr) (*ast.CompositeLit, ast.Expr, ast.Expr) {
	for range maxPasses {
		call, ok := ast.Unparen(f.assigned(list)).(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			break
		}
		switch fn := dbapi.Callee(f.info, call); {
		case fn == nil:
			return nil, nil, nil
		case slices.Contains(same, dbapi.NameOf(fn)):
		case slices.Contains(sorted, dbapi.NameOf(fn)): // a list of what the sequence's one variable takes
			key, value = value, nil
		case dbapi.NameOf(fn) == "maps.Keys":
			value = nil
		case slices.Contains(values, dbapi.NameOf(fn)):
			key, value = nil, key
		default:
			return nil, nil, nil
		}
		list = call.Args[0]
	}
	return f.literal(list), key, value
}

// Functions that hand on the elements of a list or map: as they are, as a list, the values alone.
var (
	same   = []dbapi.Name{"slices.All", "maps.All", "maps.Clone", "slices.Clone", "slices.Backward"}
	sorted = []dbapi.Name{"slices.Sorted", "slices.Collect"}
	values = []dbapi.Name{"slices.Values", "maps.Values"}
)

// literal returns the literal that an expression is, or that its variable is given; nil if there
// is none.
func (f *Finder) literal(e ast.Expr) *ast.CompositeLit {
	lit, _ := ast.Unparen(f.assigned(e)).(*ast.CompositeLit)
	return lit
}

// element notes what a variable of a loop is given.
func (f *Finder) element(variable, value ast.Expr) {
	if variable == nil {
		return
	}
	name := flow.Name(variable)
	if v := flow.Var(f.info, variable); v != nil && f.means[v] != "" {
		f.add(f.means[v], value, false)
	} else if tenantname.Identifies(name, f.more) && !expects(name) {
		f.add(name, value, false)
	}
}

// assigned returns what a variable is given, once; e itself if it is none.
func (f *Finder) assigned(e ast.Expr) ast.Expr {
	v := flow.Var(f.info, e)
	if v == nil || v.IsField() || f.code.AddressTaken(v) {
		return e
	}
	if stores := f.code.Into(v); len(stores) == 1 && stores[0].Whole(v) && !stores[0].Range && !stores[0].Adds {
		return stores[0].Src
	}
	return e
}

// taking returns the name of what takes a value: a variable, a field, the key of a map.
func (f *Finder) taking(e ast.Expr) string {
	if at, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
		return flow.Text(f.info, at.Index)
	}
	return flow.Name(e)
}

// named notes the value of a variable, or something else with a name, that means a tenant.
func (f *Finder) named(name string, obj types.Object, value ast.Expr) {
	if tenantname.Identifies(name, f.more) && !expects(name) && !f.idle(obj) {
		f.add(name, value, false)
	}
}

// add notes the value of a position that means a tenant.
func (f *Finder) add(name string, value ast.Expr, pooled bool) {
	value = f.inner(value)
	if text := f.text(value); strings.TrimSpace(text) != "" {
		f.found = append(f.found, Use{value, text, name, pooled})
	} else if v := f.carrier(value); v != nil && f.means[v] == "" {
		f.means[v] = name
	}
}

// inner returns what an expression only converts: "acme" of TenantID("acme"), of ptr("acme"),
// of sql.NullString{String: "acme"} and of uuid.MustParse("0000…").
func (f *Finder) inner(e ast.Expr) ast.Expr {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.CallExpr:
		if len(x.Args) == 1 && (f.info.Types[x.Fun].IsType() || parses(f.info, x) || f.points(x)) {
			return ast.Unparen(x.Args[0])
		}
	case *ast.CompositeLit:
		for _, elt := range x.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok && nullable(f.info.TypeOf(x)) && flow.Name(kv.Key) == "String" {
				return ast.Unparen(kv.Value)
			}
		}
	}
	return e
}

// points reports whether a call only makes a pointer to its argument.
func (f *Finder) points(call *ast.CallExpr) bool {
	to, ok := types.Unalias(f.info.TypeOf(call)).(*types.Pointer)
	of := f.info.TypeOf(call.Args[0])
	return ok && of != nil && types.Identical(to.Elem(), types.Default(of))
}

// nullable reports whether values of a type are a text or NULL: sql.NullString, pgtype.Text.
func nullable(t types.Type) bool {
	if t == nil {
		return false
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if field.Name() == "Valid" && types.Identical(field.Type(), types.Typ[types.Bool]) {
			return true
		}
	}
	return false
}

// carrier returns the parameter, the variable of a loop, or the field of a table's rows, that an
// expression is; nil if it is none. What the fields of named types hold is theirs to say.
func (f *Finder) carrier(e ast.Expr) *types.Var {
	v := flow.Var(f.info, e)
	if v == nil {
		return nil
	}
	if param, ok := f.code.Param(v); ok && param.I != flow.Receiver {
		return v
	}
	if stores := f.code.Into(v); !v.IsField() && len(stores) == 1 && stores[0].Range {
		if lit, _, _ := f.sequence(stores[0].Src, nil, nil); lit != nil {
			return v
		}
	}
	if sel, ok := e.(*ast.SelectorExpr); ok && v.IsField() {
		if _, unnamed := types.Unalias(f.info.TypeOf(sel.X)).(*types.Struct); unnamed {
			return v
		}
	}
	return nil
}

// parses reports whether the call only converts a text to a value, as MustParse does.
func parses(info *types.Info, call *ast.CallExpr) bool {
	fn := dbapi.Callee(info, call)
	return fn != nil && strings.HasPrefix(fn.Name(), "MustParse")
}

// text returns the fixed text that an expression stands for: a constant, or a variable that
// is given one, once.
func (f *Finder) text(e ast.Expr) string {
	if text := flow.Text(f.info, e); text != "" {
		return text
	}
	return flow.Text(f.info, f.inner(f.assigned(e)))
}

func (f *Finder) call(call *ast.CallExpr) {
	fn := dbapi.Callee(f.info, call)
	if fn == nil {
		for _, to := range f.code.FuncsOf(call.Fun) {
			f.arguments(call.Args, to.Sig, false)
		}
		return
	}
	if f.query(call, fn) || f.prepared(call, fn) || f.seeds(call, fn) || f.entries(call, fn) || f.values(call, fn) || f.header(call, fn) || looks(call, fn) || f.readsFor(call) {
		return
	}
	if len(call.Args) == 1 && tenantname.Identifies(set(fn), f.more) && !f.names(fn.Signature(), 0, false) {
		f.add(set(fn), call.Args[0], false)
		return
	}
	f.arguments(call.Args, fn.Signature(), tenantname.Speaks(fn.Name(), f.more))
}

// arguments notes the arguments of a function; tenants says that it is about tenants.
func (f *Finder) arguments(args []ast.Expr, sig *types.Signature, tenants bool) {
	if f.nested(args, func(i int) string { return paramName(sig, i) }) {
		return
	}
	for i, arg := range args {
		if param := paramOf(sig, i); param != nil && f.part(param) {
			continue
		}
		if name := paramName(sig, i); f.names(sig, i, tenants) || f.typed(arg) {
			f.add(name, arg, false)
		} else if meant := f.meant(sig, i); meant != "" {
			f.add(meant, arg, false)
		}
	}
}

// names reports whether a parameter's name is that of a tenant.
func (f *Finder) names(sig *types.Signature, i int, tenants bool) bool {
	name := paramName(sig, i)
	return tenantname.Identifies(name, f.more) || tenants && tenantname.IsKeys(name)
}

// entries notes what the entries of a table of specs give to its function. It reports whether
// the call makes such a table.
func (f *Finder) entries(call *ast.CallExpr, fn *types.Func) bool {
	if !testscope.IsTable(fn) {
		return false
	}
	for _, arg := range call.Args {
		entry, ok := ast.Unparen(arg).(*ast.CallExpr)
		if !ok || !testscope.IsEntry(dbapi.Callee(f.info, entry)) || len(entry.Args) < 2 {
			continue
		}
		for _, body := range call.Args {
			for _, to := range f.code.FuncsOf(body) {
				f.arguments(entry.Args[1:], to.Sig, false)
			}
		}
	}
	return true
}

// seeds notes what the corpus of a fuzz test gives to its function. It reports whether the call
// runs one.
func (f *Finder) seeds(call *ast.CallExpr, fn *types.Func) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || dbapi.NameOf(fn) != "(testing.F).Fuzz" || len(call.Args) != 1 {
		return false
	}
	for _, to := range f.code.FuncsOf(call.Args[0]) {
		var inputs []*types.Var
		for i := 1; i < to.Sig.Params().Len(); i++ { // the first is the *testing.T
			inputs = append(inputs, to.Sig.Params().At(i))
		}
		takes := types.NewSignatureType(nil, nil, nil, types.NewTuple(inputs...), nil, false)
		for _, at := range f.code.Mentions(f.object(sel.X)) {
			for add := range at.Enclosing((*ast.CallExpr)(nil)) {
				seed := add.Node().(*ast.CallExpr)
				if of := dbapi.Callee(f.info, seed); of != nil && dbapi.NameOf(of) == "(testing.F).Add" {
					f.arguments(seed.Args, takes, false)
				}
				break
			}
		}
	}
	return true
}

// set returns what a setter sets: TenantID of SetTenantID, and of a builder's TenantID, which
// returns the builder.
func set(fn *types.Func) string {
	for _, prefix := range []string{"Set", "With", "with"} {
		if rest, ok := strings.CutPrefix(fn.Name(), prefix); ok {
			return rest
		}
	}
	recv, results := fn.Signature().Recv(), fn.Signature().Results()
	if recv == nil || results.Len() != 1 || !types.Identical(recv.Type(), results.At(0).Type()) || seeks(recv.Type()) {
		return ""
	}
	return fn.Name()
}

// seeks reports whether a type is named for what is looked for, or looks for it.
func seeks(t types.Type) bool {
	name := dbapi.TypeName(t)
	words := tenantname.Split(name[strings.LastIndexByte(name, '.')+1:])
	return len(words) > 0 && (slices.Contains(reading, words[0]) || slices.Contains(conditions, words[len(words)-1]))
}

// meant returns what the parameter of a function of the package means.
func (f *Finder) meant(sig *types.Signature, i int) string {
	if i < sig.Params().Len() {
		return f.means[sig.Params().At(i)]
	}
	return ""
}

// paramOf returns the parameter that takes an argument, nil if it takes others too.
func paramOf(sig *types.Signature, i int) *types.Var {
	params := sig.Params()
	if sig.Variadic() && i >= params.Len()-1 || i >= params.Len() {
		return nil
	}
	return params.At(i)
}

func paramName(sig *types.Signature, i int) string {
	if param := paramOf(sig, i); param != nil {
		return param.Name()
	}
	return ""
}

func (f *Finder) composite(lit *ast.CompositeLit) {
	t := f.typeOf(lit)
	if t == nil || seeks(t) {
		return
	}
	values, names := f.elements(lit, t)
	if len(lit.Elts) == 2 && names[0] == "Key" && names[1] == "Value" { // bson.E{Key: "tenant_id", Value: "acme"}
		f.named(flow.Text(f.info, values[0]), nil, values[1])
		return
	}
	if f.nested(values, func(i int) string { return names[i] }) {
		return
	}
	typeName := dbapi.TypeName(t)
	identity := f.identity(typeName[strings.LastIndexByte(typeName, '.')+1:], names)
	for i, name := range names {
		if !expects(name) && (identity(name) || f.typed(values[i])) {
			f.add(name, values[i], false)
		}
	}
}

// typeOf returns the type of what a literal makes; nil in broken code.
func (f *Finder) typeOf(lit *ast.CompositeLit) types.Type {
	t := f.info.TypeOf(lit)
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem() // an element of a slice of pointers
	}
	return t
}

// elements returns the values of a literal of type t, and the names of the fields and keys that take them.
func (f *Finder) elements(lit *ast.CompositeLit, t types.Type) (values []ast.Expr, names []string) {
	values = make([]ast.Expr, len(lit.Elts))
	names = make([]string, len(lit.Elts))
	fields, _ := t.Underlying().(*types.Struct)
	for i, elt := range lit.Elts {
		values[i] = elt
		var field *types.Var
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			values[i] = kv.Value
			if names[i] = flow.Text(f.info, kv.Key); names[i] == "" && fields != nil {
				names[i], field = flow.Name(kv.Key), flow.Var(f.info, kv.Key)
			}
		} else if fields != nil && i < fields.NumFields() {
			field = fields.Field(i)
			names[i] = field.Name()
		}
		if meant := f.means[field]; field != nil && meant != "" && !tenantname.Identifies(names[i], f.more) {
			names[i] = meant
		}
	}
	return values, names
}

// beside reports whether a literal gives something that stands in it directly to an object within
// another that the program has made.
func (f *Finder) beside(c inspector.Cursor) bool {
	if c.ParentEdgeKind() == edge.KeyValueExpr_Value {
		c = c.Parent()
	}
	lit, ok := c.Parent().Node().(*ast.CompositeLit)
	if !ok || c.ParentEdgeKind() != edge.CompositeLit_Elts {
		return false
	}
	t := f.typeOf(lit)
	if t == nil {
		return false
	}
	values, names := f.elements(lit, t)
	return f.nested(values, func(i int) string { return names[i] })
}

// identity returns which fields or columns of a type or table identify a tenant. The name of
// one that has another key is for people.
func (f *Finder) identity(of string, names []string) func(name string) bool {
	tenants := tenantname.Speaks(of, f.more)
	keyed := tenants && slices.ContainsFunc(names, func(name string) bool { return tenantname.IsKeys(name) && !strings.EqualFold(name, "name") })
	return func(name string) bool {
		return tenantname.Identifies(name, f.more) || tenants && tenantname.IsKeys(name) && !(keyed && strings.EqualFold(name, "name"))
	}
}

// typed reports whether a value has a type that is named for what identifies tenants.
func (f *Finder) typed(value ast.Expr) bool {
	named, ok := types.Unalias(f.info.TypeOf(value)).(*types.Named)
	return ok && types.Identical(named.Underlying(), types.Typ[types.String]) && tenantname.Identifies(named.Obj().Name(), f.more)
}

// nested reports whether one of the values is the ID of another object that the program
// has made. A name within that object need not be unique by itself.
func (f *Finder) nested(values []ast.Expr, name func(int) string) bool {
	for i, value := range values {
		words := tenantname.Split(name(i))
		if len(words) < 2 || words[len(words)-1] != "id" || f.text(value) != "" || f.carrier(value) != nil {
			continue
		}
		if _, isLit := ast.Unparen(value).(*ast.BasicLit); !isLit {
			return true
		}
	}
	return false
}
