package builder

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// A Reader tells what builders have to know of the code.
type Reader interface {
	// TypeOf returns the type of an expression, an invalid one if it has none.
	TypeOf(ast.Expr) types.Type

	// IsNil reports whether an expression is the predeclared nil.
	IsNil(ast.Expr) bool
	IsTrue(ast.Expr) bool

	// Table returns the table of the struct type behind t, nil if there is none.
	Table(t types.Type, m model.Mapper) *model.Table

	// Variable returns the value of a package's variable, nil if it is not known.
	Variable(*types.Var) value.Value

	// TypeArgs returns the type arguments of a generic function that is called, or of the
	// type whose method is.
	TypeArgs(*ast.CallExpr) *types.TypeList
}

// A Call is a call of a function or method of a builder's library.
type Call struct {
	Reader
	Fn   *types.Func
	Expr *ast.CallExpr
	Recv value.Value // nil for a function
	Args []value.Value

	// Asked are the statements that the call runs or, with Shown, whose text it gives.
	// Changed is what the variable that the chain starts from holds afterwards, nil for
	// what it held.
	Asked   []value.Query
	Shown   value.Value
	Changed value.Value

	builder *Builder
}

// Pos returns where the call begins.
func (c *Call) Pos() token.Pos { return c.Expr.Pos() }

// Name returns the name of the function or method.
func (c *Call) Name() string { return c.Fn.Name() }

// Owner returns the name of the type that the method belongs to, "" if there is none.
func (c *Call) Owner() string {
	if t := receiver(c.Fn); t != nil {
		return t.Name()
	}
	return ""
}

// Unknown returns a hole for what the call makes.
func (c *Call) Unknown() value.Value { return value.Unknown(c.Expr, c.TypeOf(c.Expr)) }

// Static returns text that stands for the call.
func (c *Call) Static(s string) value.Value { return value.Static(s, c.Pos()) }

// Run notes that the call runs a statement, by a method that does not say so.
func (c *Call) Run(sql value.Value) { c.Asked = append(c.Asked, value.Query{SQL: sql}) }

// Start returns a chain that begins with the call.
func (c *Call) Start() value.Value { return value.Then(value.Empty, c.step(c.Pos())) }

// named returns the step of a method.
func (b *Builder) named(c *Call) *value.Step {
	if b.Named != nil {
		if s := b.Named(c); s != nil {
			return s
		}
	}
	return c.step(c.NamePos())
}

func (c *Call) step(pos token.Pos) *value.Step {
	return &value.Step{Origin: value.Origin{Pos: pos}, Library: c.builder.Name, Method: c.Name(), Args: asParts(c.StepArgs())}
}

// asParts returns arguments in which SQL that is given as text is a part of a statement.
func asParts(args []value.Value) []value.Value {
	for i, a := range args {
		if value.Has(a, isRaw) {
			args[i] = value.Rewrite(a, func(v value.Value) value.Value {
				if runsRaw(v) {
					return value.HoleAt(v.At().Pos, value.AnyHole)
				}
				return v
			})
		}
	}
	return args
}

// rawStep is the step of a method that takes SQL as text.
const rawStep = "Raw"

// runsRaw reports whether a chain runs SQL that is given as text; one among the arguments of its
// steps is a part of a statement.
func runsRaw(v value.Value) bool {
	c, ok := v.(*value.Chain)
	return ok && (value.Has(c.Root, isRaw) || slices.ContainsFunc(c.Steps, isRaw))
}

func isRaw(v value.Value) bool {
	s, ok := v.(*value.Step)
	return ok && s.Method == rawStep
}

// Raw returns what a function that takes SQL as text makes, of its receiver if it is a
// method.
func (c *Call) Raw() value.Value {
	from := c.Recv
	if from == nil {
		from = value.Empty
	}
	return value.Then(from, &value.Step{Origin: value.Origin{Pos: c.Pos()}, Library: c.builder.Name, Method: rawStep})
}

// Call makes the call one of the builder.
func (b *Builder) Call(c Call) *Call {
	c.builder = b
	return &c
}

// Result returns what the call makes, nil if that is of no use.
func (c *Call) Result() value.Value {
	b := c.builder
	if sig := c.Fn.Signature(); len(c.Args) < sig.Params().Len() && !(sig.Variadic() && len(c.Args)+1 == sig.Params().Len()) {
		return nil // broken code
	}
	if v := b.Begin(c); v != nil || c.Recv == nil {
		return v
	}
	v := value.Then(c.Recv, b.named(c))
	if chain, ok := v.(*value.Chain); ok {
		chain.Verb = verbOf(c.Owner())
	}
	switch name := c.Name(); {
	case b.Renders[name]:
		c.Shown = v
		return v
	case b.Runs[name] && !runsRaw(v):
		c.Asked = append(c.Asked, value.Query{SQL: v, Method: dbapi.NameOf(c.Fn)})
		if b.Chained && Of(c.TypeOf(c.Expr)) == b {
			return c.Recv
		}
		return nil
	}
	if !isBuilder(c.TypeOf(c.Expr)) {
		return nil
	}
	if b.Mutable && !b.fresh(c.Recv) {
		c.Changed = v
	}
	return v
}

func (b *Builder) fresh(v value.Value) bool { return b.Fresh != nil && b.Fresh(v) }

// InPlace reports whether functions that are handed a value of the type change the
// statement of their callers.
func InPlace(t types.Type) bool {
	b, name := Of(t), ""
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		name = named.Obj().Name()
	}
	return b != nil && b.InPlace != nil && b.InPlace(name)
}

// isQuery tells the types that are named after queries.
func isQuery(name string) bool { return strings.HasSuffix(name, "Query") }

// Changeable reports whether code that is handed a chain may change it.
func Changeable(c *value.Chain) bool {
	b := byName[c.Library]
	return b != nil && b.Mutable && !b.fresh(c)
}

// Fresh reports whether a chain begins a new statement with each call.
func Fresh(c *value.Chain) bool {
	b := byName[c.Library]
	return b != nil && b.fresh(c)
}

// verbOf returns the verb of the statements that a type builds, "" if it builds several.
func verbOf(owner string) string {
	for _, verb := range []string{"Select", "Insert", "Update", "Delete"} {
		if strings.HasPrefix(owner, verb) {
			return strings.ToUpper(verb)
		}
	}
	return ""
}

// isBuilder reports whether a call's result goes on with the chain.
func isBuilder(t types.Type) bool {
	if tuple, ok := t.(*types.Tuple); ok {
		if tuple.Len() == 0 {
			return false
		}
		t = tuple.At(0).Type()
	}
	return Of(t) != nil
}

// NamePos returns the position of the method's name.
func (c *Call) NamePos() token.Pos { return NamePos(c.Expr) }

// NamePos returns the position of the method's name in a call.
func NamePos(call *ast.CallExpr) token.Pos {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.Sel.Pos()
	}
	return call.Pos()
}

// Value returns the argument i; one that nothing is known of if there is none, as of a function
// that has the name of another.
func (c *Call) Value(i int) value.Value {
	if i < len(c.Args) {
		return c.Args[i]
	}
	return c.Unknown()
}

// StepArgs returns the arguments of a step: text, builders, tables of models, and
// placeholders for values.
func (c *Call) StepArgs() []value.Value {
	out := make([]value.Value, len(c.Args))
	sig := c.Fn.Signature()
	last := sig.Params().Len() - 1
	for i, a := range c.Args {
		e := c.Arg(i)
		variadic := sig.Variadic() && i >= last
		own := value.Value(nil)
		if c.builder.Arg != nil {
			own = c.builder.Arg(c, i)
		}
		switch {
		case c.isModel(e):
			out[i] = c.objectOf(e, a)
		case own != nil:
			out[i] = own
		case !c.builder.Exprs && variadic && isAny(sig.Params().At(last).Type()), i == 1 && c.builder.Setters[c.Name()]:
			out[i] = c.operand(i)
			if c.Expr.Ellipsis.IsValid() {
				out[i] = value.Placeholder(e.Pos())
			}
		case variadic && c.Expr.Ellipsis.IsValid() && isList(a) && i == last:
			spread := value.Elements(a.(*value.List).Elems...)
			spread.Spread, spread.Pos = true, e.Pos()
			return append(out[:i], spread)
		case c.builder.Models != "" && typeParam(c.TypeOf(e)) != nil:
			out[i] = paramOf(typeParam(c.TypeOf(e)), e, a)
		default:
			out[i] = a
		}
	}
	return out
}

// Arg returns the expression of an argument; the call itself stands for those of a
// call within it.
func (c *Call) Arg(i int) ast.Expr {
	if i < len(c.Expr.Args) {
		return c.Expr.Args[i]
	}
	return c.Expr
}

// IsText reports whether an argument is a string.
func (c *Call) IsText(i int) bool { return value.IsText(c.TypeOf(c.Arg(i))) }

func (c *Call) operand(i int) value.Value { return Operand(c, c.Arg(i), c.Value(i)) }

// Operands returns the operands that the arguments from index i on are.
func (c *Call) Operands(i int) []value.Value { return Operands(c, c.Expr, c.Args, i) }

// Operands returns the operands that the arguments of a call from index i on are.
func Operands(r Reader, call *ast.CallExpr, args []value.Value, i int) []value.Value {
	var out []value.Value
	for ; i < len(args) && i < len(call.Args); i++ {
		if call.Ellipsis.IsValid() && i == len(call.Args)-1 {
			break
		}
		out = append(out, Operand(r, call.Args[i], args[i]))
	}
	return out
}

// Operand returns what an argument puts in the place of a "?": an expression or a
// subquery of a builder, else a placeholder.
func Operand(r Reader, e ast.Expr, v value.Value) value.Value {
	t := r.TypeOf(e)
	switch {
	case value.IsChain(v), Of(t) != nil && !value.IsHole(v) && !value.IsParam(v):
		return v
	case isForm(v), textTypes[dbapi.TypeName(t)]:
		return v
	case identTypes[dbapi.TypeName(t)]:
		return nameOf(v)
	case r.IsNil(e):
		return value.Static("NULL", e.Pos())
	case r.IsTrue(e): // a flag that rows must have; what they must not have says less
		return value.Static("TRUE", e.Pos())
	}
	if s, ok := t.Underlying().(*types.Slice); ok {
		if b, ok := s.Elem().Underlying().(*types.Basic); !ok || b.Kind() != types.Byte {
			return value.HoleAt(e.Pos(), value.ListHole)
		}
	}
	return value.Placeholder(e.Pos())
}

// identTypes are the types of strings that are names, textTypes of those that are SQL.
var (
	identTypes = Names("github.com/uptrace/bun/schema.Ident github.com/uptrace/bun/schema.Name github.com/go-pg/pg/v10/types.Ident")
	textTypes  = Names("github.com/uptrace/bun/schema.Safe github.com/go-pg/pg/v10/types.Safe")
)

// isForm reports whether v is a record of a builder's type.
func isForm(v value.Value) bool {
	r, ok := v.(*value.Record)
	if !ok {
		return false
	}
	i := strings.LastIndexByte(r.Type, '.')
	return i > 0 && byPackage[r.Type[:i]] != nil
}

// HoldsOperands reports whether the values of a map type may be expressions of a
// builder.
func HoldsOperands(t types.Type) bool {
	m, ok := t.Underlying().(*types.Map)
	if !ok {
		return false
	}
	_, isInterface := m.Elem().Underlying().(*types.Interface)
	return isInterface
}

func isAny(t types.Type) bool {
	s, ok := t.(*types.Slice)
	if !ok {
		return false
	}
	i, ok := s.Elem().Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}

// isModel reports whether the expression is a struct that the library maps to a
// table.
func (c *Call) isModel(e ast.Expr) bool {
	t := c.TypeOf(e)
	if Of(t) != nil || c.builder.Models == "" {
		return false
	}
	named := model.Struct(t)
	if named == nil || named.Obj().Pkg() == nil {
		return false
	}
	path := named.Obj().Pkg().Path()
	return byPackage[path] == nil && !valueTypes[path]
}

// valueTypes are the packages whose structs are values of columns.
var valueTypes = Names("time database/sql github.com/lib/pq context")

// objectOf returns the table of a model with what its literal sets.
func (c *Call) objectOf(e ast.Expr, v value.Value) value.Value {
	t := c.TypeOf(e)
	table := c.Table(t, c.builder.Models)
	if table == nil {
		return v
	}
	o := &value.Object{Origin: value.Origin{Pos: e.Pos()}, Table: table}
	switch v := v.(type) {
	case *value.Record:
		o.Entries, o.Handed = entriesOf(t, v.Parts), v.Handed
		if !slices.ContainsFunc(o.Entries, value.IsBase) {
			o.Made = value.AsLiteral
		}
	case *value.List:
		o.Made = value.AsElements
	}
	if isSlice(t) {
		o.Made = value.AsElements
	}
	if isConversion(e) {
		o.Made = value.AsLiteral // (*T)(nil)
	}
	return o
}

// entriesOf returns the parts of a struct with those of embedded structs in their place.
func entriesOf(t types.Type, parts []value.Value) (all []value.Value) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return parts
	}
	for _, part := range parts {
		inner, embedded := embeddedIn(s, part)
		if embedded {
			all = append(all, entriesOf(inner.Type(), part.(*value.Entry).Of.(*value.Record).Parts)...)
		} else {
			all = append(all, part)
		}
	}
	return all
}

// embeddedIn returns the embedded field of a struct that an entry sets to a known one.
func embeddedIn(s *types.Struct, part value.Value) (field *types.Var, ok bool) {
	e, isEntry := part.(*value.Entry)
	if !isEntry {
		return nil, false
	}
	if _, isRecord := e.Of.(*value.Record); !isRecord {
		return nil, false
	}
	for f := range s.Fields() {
		if f.Embedded() && f.Name() == e.Name {
			return f, true
		}
	}
	return nil, false
}

// isSlice reports whether values of the type are or point to elements.
func isSlice(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok := types.Unalias(t).Underlying().(*types.Slice)
	return ok
}

func isConversion(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok && id.Name == "new" {
		return true
	}
	_, ok = ast.Unparen(call.Fun).(*ast.StarExpr)
	return ok
}

func isList(v value.Value) bool {
	_, ok := v.(*value.List)
	return ok
}

// begin returns a chain that begins with a step of the library, made on what passed
// the functions.
func (c *Call) begin(method string, through []dbapi.Name, args ...value.Value) value.Value {
	return value.Then(value.Empty, &value.Step{
		Origin: value.Origin{Pos: c.Pos(), Through: through}, Library: c.builder.Name, Method: method, Args: args,
	})
}

// junction returns conditions joined as the name of the call says: And or Or.
func (c *Call) junction(terms ...value.Value) value.Value {
	l := value.Elements(terms...)
	l.Pos, l.Junction = c.Pos(), value.And
	if strings.EqualFold(c.Name(), "Or") {
		l.Junction = value.Or
	}
	return l
}

// terms returns the arguments of a variadic call, those of a slice in their places.
func (c *Call) terms() []value.Value {
	if !c.Expr.Ellipsis.IsValid() {
		return c.Args
	}
	return value.Within(value.Spread(value.Elements(), c.Value(0)))
}
