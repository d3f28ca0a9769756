package sqltext

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
)

// The bounds of what is read of one function and of one package.
const (
	maxSteps  = 50_000 // statements of a function, unrolled loops counted each time
	maxDepth  = 60     // functions that call one another
	maxUnroll = 32     // rounds of a loop over known elements
)

// A summary is what callers know of a function or a package-level variable. It
// is a fact, so that it crosses packages.
type summary struct {
	Results []*value // as far as they are text or builders; else nil
	Queries []query  // what the function hands to databases and gets from its callers
	Changes []change // what it makes of what its parameters point to
}

// A change is what a function leaves in a parameter.
type change struct {
	Param int
	To    *value
}

func (*summary) AFact() {}

func (s *summary) String() string {
	out := ""
	for i, r := range s.Results {
		if i > 0 {
			out += ", "
		}
		if r == nil {
			out += "_"
			continue
		}
		out += sketch(r)
	}
	for _, q := range s.Queries {
		out += " query(" + sketch(q.SQL) + ")"
	}
	for _, c := range s.Changes {
		out += fmt.Sprintf(" $%d=%s", c.Param, sketch(c.To))
	}
	return out
}

// A query is a statement that a function hands to a database. In a fact its SQL
// depends on the function's parameters.
type query struct {
	SQL     *value
	Method  dbapi.Name
	Handle  dbapi.Kind
	Dialect Dialect
	Named   bool

	site *site // in whose body SQL stands with its verb; nil if the text is the caller's
}

// A reader reads one package.
type reader struct {
	pieces int // see maxPieces
	weight int // see maxWeights
	pass   *analysis.Pass
	info   *types.Info
	api    *dbapi.Queries

	decls    map[*types.Func]*ast.FuncDecl
	values   map[types.Object]ast.Expr   // package-level constants and variables
	fields   map[types.Object][]ast.Expr // what is assigned to fields
	grown    map[types.Object]bool       // fields that methods add to
	assigned map[types.Object]bool       // package-level variables that functions change
	embeds   map[types.Object]string     // variables that embed a file, with its name

	done    map[*types.Func]*summary // nil while a function is being read
	globals map[types.Object]*value
	members map[types.Object]*value
	depth   int

	sites map[token.Pos]*site
	order []*site
	ledger
}

func newReader(pass *analysis.Pass) *reader {
	conf := config.Of(pass)
	return &reader{
		pass:   pass,
		info:   pass.TypesInfo,
		api:    dbapi.NewQueries(conf.API.Queries),
		decls:  map[*types.Func]*ast.FuncDecl{},
		values: map[types.Object]ast.Expr{}, fields: nil, assigned: map[types.Object]bool{},
		embeds: map[types.Object]string{},
		done:   map[*types.Func]*summary{}, globals: map[types.Object]*value{}, members: map[types.Object]*value{},
		sites:  map[token.Pos]*site{},
		ledger: newLedger(),
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
	f := &frame{reader: r, decl: decl, name: fn.FullName(), env: newEnv(), constant: unassigned(r.info, decl)}
	f.bind(fn.Signature(), decl, 0)
	f.block(decl.Body.List)
	if !f.env.dead {
		f.exit(nil)
	}
	results := f.merged()
	if takesContext(fn.Signature()) {
		for i, v := range results {
			results[i] = f.asAgreed(v)
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

// asAgreed returns the text or builder of a parameter with all that the function
// adds by what it finds in its context: callers count on it.
func (f *frame) asAgreed(v *value) *value {
	if v == nil || !hasParam(v) {
		return v
	}
	return rewrite(v, func(v *value) *value {
		if v.Kind == either && v.Cond == nil && len(v.Kids) == 2 && strings.HasPrefix(v.Key, f.name+"+") {
			switch {
			case isNil(v.Kids[0]):
				return v.Kids[1]
			case isNil(v.Kids[1]):
				return v.Kids[0]
			}
		}
		return v
	})
}

// receiverParam is the number of a method's receiver among its parameters.
const receiverParam = 900

// bind makes the parameters of a function values of their own.
func (f *frame) bind(sig *types.Signature, decl *ast.FuncDecl, base int) {
	if decl != nil && decl.Recv != nil {
		for _, field := range decl.Recv.List {
			for _, name := range field.Names {
				f.bindParam(f.info.Defs[name], receiverParam)
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
	v := &value{Kind: param, Index: index, typ: obj.Type(), pos: obj.Pos()}
	f.env.vars[obj] = v
	if _, ok := obj.Type().Underlying().(*types.Pointer); ok && f.level == 0 && libraryOf(obj.Type()) == "" {
		f.pointers = append(f.pointers, pointer{obj, v})
	}
}

// A pointer is a parameter through which the caller sees changes.
type pointer struct {
	obj   types.Object
	param *value
}

// unassigned returns the parameters of a function that nothing changes, whose
// conditions hold all through the body.
func unassigned(info *types.Info, decl *ast.FuncDecl) map[types.Object]bool {
	constant := map[types.Object]bool{}
	for _, list := range []*ast.FieldList{decl.Recv, decl.Type.Params} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			for _, name := range field.Names {
				constant[info.Defs[name]] = true
			}
		}
	}
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				delete(constant, rootObject(info, lhs))
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				delete(constant, rootObject(info, n.X))
			}
		case *ast.IncDecStmt:
			delete(constant, rootObject(info, n.X))
		}
		return true
	})
	return constant
}

// rootObject returns the variable that an expression such as x.f[i] begins with.
func rootObject(info *types.Info, e ast.Expr) types.Object {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return info.ObjectOf(x)
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// tracked reports whether variables of the type can hold or make SQL.
func tracked(t types.Type) bool {
	for range 4 {
		if libraryOf(t) != "" {
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
func zero(t types.Type) *value {
	if libraryOf(t) == "" {
		switch u := t.Underlying().(type) {
		case *types.Basic:
			if u.Info()&types.IsString != 0 {
				return empty
			}
		case *types.Slice:
			return elements()
		case *types.Map:
			return &value{Kind: record}
		case *types.Struct:
			switch dbapi.TypeName(t) {
			case "strings.Builder", "bytes.Buffer":
				return empty
			}
			return &value{Kind: record, Text: dbapi.TypeName(t), typ: t}
		}
	}
	return unknown(nil, t)
}

// typeOf returns the type of an expression; an invalid one where the package does
// not type-check.
func (r *reader) typeOf(e ast.Expr) types.Type {
	if t := r.info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}
