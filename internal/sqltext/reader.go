package sqltext

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// The bounds of what is read of one function and of one package.
const (
	maxSteps   = 50_000 // statements of a function, unrolled loops counted each time
	maxDepth   = 60     // functions that call one another
	maxLevel   = 8      // literals of functions within one another
	maxUnroll  = 32     // rounds of a loop over known elements
	maxQueries = 512    // queries of a function, its callees included, that wait for what callers give
)

// A reader reads one package.
type reader struct {
	value.Budget
	pass *analysis.Pass
	info *types.Info
	api  *dbapi.Queries

	decls  map[*types.Func]*ast.FuncDecl
	values map[types.Object]ast.Expr // package-level constants and variables
	embeds map[types.Object]string   // variables that embed a file, with its name
	assignments

	done    map[*types.Func]*summary // nil while a function is being read
	globals map[types.Object]value.Value
	members map[types.Object]value.Value
	depth   int

	keepers       map[*types.Named]*types.Named     // see behind
	registrations map[*types.TypeName]*registration // nil until somebody asks

	sites map[token.Pos]*site
	order []*site
	ledger
}

func newReader(pass *analysis.Pass) *reader {
	conf := config.Of(pass)
	return &reader{
		pass:        pass,
		info:        pass.TypesInfo,
		api:         dbapi.NewQueries(conf.API.Queries),
		decls:       map[*types.Func]*ast.FuncDecl{},
		values:      map[types.Object]ast.Expr{},
		embeds:      map[types.Object]string{},
		assignments: assignments{code: flow.Of(pass), grows: map[*types.Var]bool{}},
		done:        map[*types.Func]*summary{}, globals: map[types.Object]value.Value{}, members: map[types.Object]value.Value{},
		keepers: map[*types.Named]*types.Named{},
		sites:   map[token.Pos]*site{},
		ledger:  newLedger(),
	}
}

// summaryOf returns what is known of fn: read now, or a fact of another package;
// nil if nothing is.
func (r *reader) summaryOf(fn *types.Func) *summary {
	fn = fn.Origin()
	if fn.Pkg() != r.pass.Pkg {
		s := new(summary)
		if fn.Pkg() != nil && r.pass.ImportObjectFact(fn, s) {
			return s
		}
		return nil
	}
	if s, ok := r.done[fn]; ok {
		return s
	}
	decl := r.decls[fn]
	if decl == nil || decl.Body == nil || r.depth > maxDepth {
		return nil
	}
	r.done[fn] = nil
	r.depth++
	s := r.readFunc(fn, decl)
	r.depth--
	r.done[fn] = s
	return s
}

func (r *reader) readFunc(fn *types.Func, decl *ast.FuncDecl) *summary {
	f := &frame{reader: r, decl: decl, name: fn.FullName(), env: newEnv(), later: map[types.Object]bool{}}
	f.bind(fn.Signature(), decl, 0)
	f.block(decl.Body.List)
	if !f.env.dead {
		f.exit(nil)
	}
	results := f.merged()
	if text := f.rebinds(fn.Signature(), decl.Body); text != nil {
		results = make([]value.Value, fn.Signature().Results().Len())
		results[0] = text
	}
	if takesContext(fn.Signature()) {
		for i, v := range results {
			results[i] = f.withAllOfContext(v)
		}
	}
	return &summary{Results: results, Queries: f.queries, Changes: f.changes()}
}

func takesContext(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if dbapi.TypeName(v.Type()) == "context.Context" {
			return true
		}
	}
	return false
}

// withAllOfContext returns what a function with a context makes of a parameter, with
// all parts that it adds on a condition of its own: a scoping helper adds the tenant
// if the context has one, and its callers rely on that.
func (f *frame) withAllOfContext(v value.Value) value.Value {
	if v == nil || !value.HasParam(v) {
		return v
	}
	return value.Rewrite(v, func(v value.Value) value.Value {
		if c, ok := v.(*value.Choice); ok && c.Cond == nil && len(c.Alternatives) == 2 && strings.HasPrefix(c.Key, f.name+"+") {
			switch a := c.Alternatives; {
			case value.IsEmpty(a[0]):
				return a[1]
			case value.IsEmpty(a[1]):
				return a[0]
			}
		}
		return v
	})
}

// bind makes the parameters of a function values of their own.
func (f *frame) bind(sig *types.Signature, decl *ast.FuncDecl, base int) {
	if decl != nil && decl.Recv != nil {
		for _, field := range decl.Recv.List {
			for _, name := range field.Names {
				f.bindParam(f.info.Defs[name], value.Receiver)
			}
		}
	}
	for i := range sig.Params().Len() {
		f.bindParam(sig.Params().At(i), base+i)
	}
	f.results = sig.Results()
	for i := range sig.Results().Len() {
		if v := sig.Results().At(i); v.Name() != "" && v.Name() != "_" {
			f.named = append(f.named, v)
			f.env.vars[v] = zero(v.Type())
		}
	}
}

func (f *frame) bindParam(obj types.Object, index int) {
	if obj == nil || !tracked(obj.Type()) {
		return
	}
	v := &value.Param{Origin: value.Origin{Pos: obj.Pos()}, Index: index, Type: obj.Type()}
	f.env.vars[obj] = v
	if leads(obj.Type()) {
		f.pointers = append(f.pointers, pointer{obj, v})
	}
}

// leads reports whether the caller sees what a function does to what a parameter of the
// type leads to. Most builders do nothing to it: their methods return another.
func leads(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Map:
		return true
	case *types.Pointer:
		return builder.Of(t) == nil || builder.InPlace(t) || types.NewMethodSet(u.Elem()).Len() > 0
	}
	return false
}

// A pointer is a parameter through which the caller sees changes.
type pointer struct {
	obj   types.Object
	param *value.Param
}

// tracked reports whether variables of the type can hold or make SQL.
func tracked(t types.Type) bool {
	for range 4 {
		if builder.Of(t) != nil {
			return true
		}
		switch u := t.Underlying().(type) {
		case *types.Basic:
			return u.Info()&types.IsString != 0 || u.Kind() == types.UntypedNil
		case *types.Slice:
			if b, ok := u.Elem().Underlying().(*types.Basic); ok && b.Kind() == types.Byte {
				return true
			}
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Map:
			t = u.Elem()
		case *types.Pointer:
			t = u.Elem()
		case *types.Interface:
			return u.NumMethods() == 0
		case *types.Struct, *types.Signature:
			return true
		default:
			return false
		}
	}
	return false
}

// zero returns the value of a variable that nothing was assigned to.
func zero(t types.Type) value.Value {
	if _, generic := types.Unalias(t).(*types.TypeParam); generic {
		return recordOf(t, token.NoPos)
	}
	if builder.Of(t) == nil {
		switch u := t.Underlying().(type) {
		case *types.Basic:
			if u.Info()&types.IsString != 0 {
				return value.Empty
			}
		case *types.Slice:
			return value.Elements()
		case *types.Map:
			return &value.Record{}
		case *types.Struct:
			switch dbapi.TypeName(t) {
			case "strings.Builder", "bytes.Buffer":
				return value.Empty
			}
			return recordOf(t, token.NoPos)
		}
	}
	return value.Unknown(nil, t)
}

// recordOf returns a struct or map of the type of which nothing is set.
func recordOf(t types.Type, pos token.Pos) *value.Record {
	r := &value.Record{Origin: value.Origin{Pos: pos}, Type: dbapi.TypeName(t), Holds: value.HoldsValues}
	if builder.HoldsOperands(t) {
		r.Holds = value.HoldsOperands
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		r.Shape = shape{s}
	}
	return r
}

// A shape is a struct type, for records.
type shape struct{ *types.Struct }

func (s shape) Unset(field string) value.Value {
	for f := range s.Fields() {
		if f.Name() == field && tracked(f.Type()) {
			return zero(f.Type())
		}
	}
	return nil
}

// What builders ask of the code:

// TypeOf returns the type of an expression; an invalid one where the package does
// not type-check.
func (r *reader) TypeOf(e ast.Expr) types.Type {
	if t := r.info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}

// IsNil reports whether an expression is the predeclared nil.
func (r *reader) IsNil(e ast.Expr) bool { return r.info.Types[e].IsNil() }

// IsTrue reports whether an expression is true, whatever the program does.
func (r *reader) IsTrue(e ast.Expr) bool {
	v := r.info.Types[e].Value
	return v != nil && v.Kind() == constant.Bool && constant.BoolVal(v)
}

// Table returns the table that an object mapper makes of the struct type behind t,
// nil if there is none.
func (r *reader) Table(t types.Type, m model.Mapper) *model.Table {
	table := model.Of(t, m, r.constantResult)
	if table != nil && m.Registers() {
		if reg := r.registration(t); reg != nil {
			return table.Registered(reg.table, reg.key)
		}
	}
	return table
}

// Variable returns the value of a package's variable, nil if it is not known.
func (r *reader) Variable(v *types.Var) value.Value { return r.global(v) }

// TypeArgs returns the type arguments of a generic function that is called, or of the type
// whose method is.
func (r *reader) TypeArgs(call *ast.CallExpr) *types.TypeList {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = ast.Unparen(x.X)
	case *ast.IndexListExpr:
		fun = ast.Unparen(x.X)
	}
	id, _ := fun.(*ast.Ident)
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		id = sel.Sel
	}
	if fn, ok := r.info.Uses[id].(*types.Func); ok && fn.Signature().Recv() != nil { // the method as instantiated
		t := fn.Signature().Recv().Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		if named, ok := types.Unalias(t).(*types.Named); ok {
			return named.TypeArgs()
		}
		return nil
	}
	return r.info.Instances[id].TypeArgs
}

// constantResult returns the text that a function returns, "" if it is not known.
func (r *reader) constantResult(fn *types.Func) string {
	if s := r.summaryOf(fn); s != nil && len(s.Results) > 0 && s.Results[0] != nil {
		if name, ok := value.Plain(s.Results[0]); ok {
			return name
		}
	}
	return ""
}
