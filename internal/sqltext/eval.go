package sqltext

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"strconv"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// eval returns the value of an expression and reads the calls and function
// literals in it. Every expression of a function is evaluated once.
func (f *frame) eval(e ast.Expr) value.Value {
	tv := f.info.Types[e]
	if tv.Value != nil {
		return f.constantValue(e, tv)
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.eval(e.X)
	case *ast.Ident:
		return f.ident(e)
	case *ast.SelectorExpr:
		return f.selector(e)
	case *ast.CallExpr:
		return f.evalMulti(e, 1)[0]
	case *ast.BinaryExpr:
		return f.binary(e)
	case *ast.UnaryExpr:
		v := f.eval(e.X)
		if e.Op == token.AND {
			return v
		}
	case *ast.StarExpr:
		return f.eval(e.X)
	case *ast.CompositeLit:
		return f.composite(e)
	case *ast.FuncLit:
		v := f.funcLit(e)
		if of := f.decorated(e, v); of != nil {
			return of
		}
		return v
	case *ast.IndexExpr:
		return f.index(e)
	case *ast.SliceExpr:
		f.evalOptional(e.Low)
		f.evalOptional(e.High)
		if v := f.eval(e.X); isList(v) {
			return v
		}
	case *ast.TypeAssertExpr:
		return f.eval(e.X)
	case *ast.KeyValueExpr:
		f.eval(e.Key)
		return f.eval(e.Value)
	}
	return value.Unknown(e, tv.Type)
}

// evalMulti returns the n values of a call or another expression with several.
func (f *frame) evalMulti(e ast.Expr, n int) []value.Value {
	values := make([]value.Value, n)
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		copy(values, f.call(call))
		tuple, _ := f.TypeOf(call).(*types.Tuple)
		for i := range values {
			if values[i] != nil {
				continue
			}
			t := f.TypeOf(call)
			if tuple != nil && i < tuple.Len() {
				t = tuple.At(i).Type()
			}
			values[i] = f.result(call, t)
		}
		return values
	}
	values[0] = f.eval(e)
	for i := 1; i < n; i++ {
		values[i] = value.Unknown(e, nil)
	}
	return values
}

// result returns the hole that a call of unknown outcome leaves.
func (f *frame) result(call *ast.CallExpr, t types.Type) value.Value {
	v := value.Unknown(call, t)
	if fn := callee(f.info, call); fn != nil {
		v.Through = []dbapi.Name{dbapi.NameOf(fn)}
	}
	return v
}

func (f *frame) constantValue(e ast.Expr, tv types.TypeAndValue) value.Value {
	if tv.Value.Kind() == constant.String {
		if v := f.constantText(e, 0); v != nil {
			return v
		}
		return value.Static(constant.StringVal(tv.Value), e.Pos())
	}
	s := tv.Value.ExactString()
	if tv.Value.Kind() == constant.Float {
		s = tv.Value.String()
	}
	return value.Static(s, e.Pos())
}

// constantText returns a constant string with the positions of its literals, nil
// if they cannot be seen.
func (r *reader) constantText(e ast.Expr, depth int) value.Value {
	if depth > maxDepth {
		return nil
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		return value.Literal(e)
	case *ast.ParenExpr:
		return r.constantText(e.X, depth)
	case *ast.BinaryExpr:
		var parts []value.Value
		for {
			y := r.constantText(e.Y, depth+1)
			if y == nil {
				return nil
			}
			parts = append(parts, y)
			x, ok := e.X.(*ast.BinaryExpr)
			if !ok {
				x := r.constantText(e.X, depth+1)
				if x == nil {
					return nil
				}
				parts = append(parts, x)
				break
			}
			e = x
		}
		for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
			parts[i], parts[j] = parts[j], parts[i]
		}
		return value.Concat(parts...)
	case *ast.CallExpr:
		if len(e.Args) == 1 {
			return r.constantText(e.Args[0], depth) // a conversion
		}
	case *ast.Ident:
		if c, ok := r.info.Uses[e].(*types.Const); ok {
			if init := r.values[c]; init != nil {
				return r.constantText(init, depth+1)
			}
			if c.Pkg() == r.pass.Pkg && c.Val().Kind() == constant.String {
				return value.Static(constant.StringVal(c.Val()), c.Pos())
			}
		}
	}
	if tv := r.info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.String {
		return value.Static(constant.StringVal(tv.Value), e.Pos())
	}
	return nil
}

func (f *frame) ident(e *ast.Ident) value.Value {
	obj := f.info.ObjectOf(e)
	if v, ok := f.env.vars[obj]; ok {
		return v
	}
	if v, ok := obj.(*types.Var); ok && !isLocal(v) {
		if g := f.global(v); g != nil {
			return f.placed(g, v, e)
		}
	}
	if _, ok := obj.(*types.Nil); ok {
		return value.Elements()
	}
	if fn, ok := obj.(*types.Func); ok {
		return f.functionValue(fn)
	}
	return value.Unknown(e, f.TypeOf(e))
}

// placed makes the value of another package's variable stand for the expression
// that names it.
func (f *frame) placed(g value.Value, v *types.Var, e ast.Expr) value.Value {
	if v.Pkg() == f.pass.Pkg {
		return g
	}
	return value.Substitute(g, 0, nil, e.Pos(), false)
}

// global returns the value of a package-level variable that nothing changes, nil
// if it is not known.
func (r *reader) global(v *types.Var) value.Value {
	if v.Pkg() != r.pass.Pkg {
		s := new(summary)
		if r.pass.ImportObjectFact(v, s) && len(s.Results) == 1 {
			return s.Results[0]
		}
		return nil
	}
	if g, ok := r.globals[v]; ok {
		return g
	}
	r.globals[v] = nil
	if !tracked(v.Type()) || r.isAssigned(v) {
		return nil
	}
	var g value.Value
	if file, ok := r.embeds[v]; ok {
		g = r.embedded(v, file)
	} else if init := r.values[v]; init != nil {
		g = r.outside(init)
	}
	if value.IsHole(g) {
		g = nil
	}
	r.globals[v] = g
	return g
}

// outside evaluates an expression apart from any function's variables.
func (r *reader) outside(e ast.Expr) value.Value {
	if r.depth > maxDepth {
		return nil
	}
	r.depth++
	defer func() { r.depth-- }()
	f := &frame{reader: r, decl: &ast.FuncDecl{Name: ast.NewIdent("init"), Type: &ast.FuncType{Func: e.Pos()}}, env: newEnv(), later: map[types.Object]bool{}}
	f.name = r.pass.Pkg.Path()
	return f.eval(e)
}

// promoted returns the embedded struct that a selector reaches its field through; what
// holds the field itself, or is not known, as it is.
func (f *frame) promoted(e *ast.SelectorExpr, base value.Value) value.Value {
	sel := f.info.Selections[e]
	if sel == nil || len(sel.Index()) < 2 {
		return base
	}
	t, v := sel.Recv(), base
	for _, i := range sel.Index()[:len(sel.Index())-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		field := t.Underlying().(*types.Struct).Field(i)
		if t, v = field.Type(), value.Field(v, field.Name()); v == nil {
			return base
		}
	}
	return v
}

func (f *frame) selector(e *ast.SelectorExpr) value.Value {
	switch obj := f.info.Uses[e.Sel].(type) {
	case *types.Var:
		if !obj.IsField() {
			if g := f.global(obj); g != nil {
				return f.placed(g, obj, e)
			}
			break
		}
		base := f.promoted(e, f.eval(e.X))
		switch base.(type) {
		case *value.Record, *value.Choice:
			if v := value.Field(base, obj.Name()); v != nil {
				return v
			}
		}
		if v := builder.ColumnOf(f, e, base); v != nil {
			return v
		}
		if value.IsOpen(base) && builder.Embeds(f.TypeOf(e.X)) { // a column of a table that callers give
			return value.Field(base, obj.Name())
		}
		if v := f.field(obj); v != nil {
			return v
		}
		if v := f.memberOf(base, obj); v != nil {
			return v
		}
	case *types.Func:
		f.eval(e.X)
		return f.functionValue(obj)
	}
	return value.Unknown(e, f.TypeOf(e))
}

// memberOf returns a field of a parameter that methods build a text in, nil for
// any other.
func (r *reader) memberOf(base value.Value, field *types.Var) value.Value {
	if !value.IsOpen(base) || !r.isGrown(field) {
		return nil
	}
	return value.Field(base, field.Name())
}

// field returns what the package assigns to a field, nil if that is not known.
func (r *reader) field(field *types.Var) value.Value {
	if field.Pkg() != r.pass.Pkg || !tracked(field.Type()) {
		return nil
	}
	if v, ok := r.members[field]; ok {
		return v
	}
	r.members[field] = nil
	exprs := r.given(field)
	if len(exprs) == 0 || len(exprs) > 16 || r.isGrown(field) {
		return nil
	}
	var kids []value.Value
	for _, e := range exprs {
		v := r.outside(e)
		if r, ok := v.(*value.Record); v == nil || value.IsHole(v) || ok && r.Type == "" {
			return nil
		}
		kids = append(kids, v)
	}
	v := value.Choose(field.Name(), nil, kids...)
	r.members[field] = v
	return v
}

func (f *frame) binary(e *ast.BinaryExpr) value.Value {
	if e.Op != token.ADD || !value.IsText(f.TypeOf(e)) {
		f.eval(e.X)
		f.eval(e.Y)
		return value.Unknown(e, f.TypeOf(e))
	}
	// a + b + c … leans to the left: no recursion on its length.
	var operands []ast.Expr
	var x ast.Expr = e
	for {
		b, ok := ast.Unparen(x).(*ast.BinaryExpr)
		if !ok || b.Op != token.ADD || f.info.Types[x].Value != nil {
			operands = append(operands, x)
			break
		}
		operands = append(operands, b.Y)
		x = b.X
	}
	parts := make([]value.Value, len(operands))
	for i := range operands {
		parts[i] = f.eval(operands[len(operands)-1-i])
	}
	return value.Concat(parts...)
}

func (f *frame) composite(e *ast.CompositeLit) value.Value {
	t := f.TypeOf(e)
	of := t
	if p, ok := t.Underlying().(*types.Pointer); ok {
		of = p.Elem()
	}
	switch u := of.Underlying().(type) {
	case *types.Slice, *types.Array:
		l := &value.List{Origin: value.Origin{Pos: e.Pos()}, Type: dbapi.TypeName(t)}
		for _, elt := range e.Elts {
			l.Elems = append(l.Elems, f.eval(elt))
		}
		return l
	case *types.Struct:
		r := recordOf(t, e.Pos())
		for i, elt := range e.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok {
					r.Parts = append(r.Parts, entry(id.Name, f.eval(kv.Value), kv))
				}
			} else if i < u.NumFields() {
				r.Parts = append(r.Parts, entry(u.Field(i).Name(), f.eval(elt), elt))
			}
		}
		return builder.Literal(r)
	case *types.Map:
		r := recordOf(t, e.Pos())
		for _, elt := range e.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				r.Parts = append(r.Parts, f.mapEntry(kv, of))
			}
		}
		return r
	}
	for _, elt := range e.Elts {
		f.eval(elt)
	}
	return value.Unknown(e, of)
}

func entry(name string, of value.Value, at ast.Node) *value.Entry {
	return &value.Entry{Origin: value.Origin{Pos: at.Pos()}, Name: name, Of: of}
}

// mapEntry returns an entry of a map of the type.
func (f *frame) mapEntry(kv *ast.KeyValueExpr, typ types.Type) *value.Entry {
	key, v := f.eval(kv.Key), f.eval(kv.Value)
	if builder.HoldsOperands(typ) {
		v = builder.Operand(f, kv.Value, v)
	}
	return value.NewEntry(key, v, kv.Pos())
}

func (f *frame) index(e *ast.IndexExpr) value.Value {
	t := f.TypeOf(e)
	if _, ok := t.(*types.Signature); ok {
		return f.eval(e.X) // an instantiated function
	}
	base, at := f.eval(e.X), f.eval(e.Index)
	switch base := base.(type) {
	case *value.Record:
		if name, ok := value.Plain(at); ok {
			if v := base.Lookup(name); v != nil {
				return v
			}
		}
	case *value.List:
		if v := elementAt(base, at); v != nil {
			return v
		}
	default:
		return value.Unknown(e, t)
	}
	if v := f.elementOf(base, e); !value.IsHole(v) {
		return v
	}
	return value.Unknown(e, t)
}

// elementAt returns the element of a list at a known place, nil if that is not known.
func elementAt(l *value.List, at value.Value) value.Value {
	t, ok := at.(*value.Text)
	if !ok {
		return nil
	}
	n, err := strconv.Atoi(t.S)
	if err != nil || n < 0 || n >= len(l.Elems) || !isElement(l.Elems[n]) {
		return nil
	}
	return l.Elems[n]
}

func isList(v value.Value) bool {
	_, ok := v.(*value.List)
	return ok
}

// funcLit reads the body of a function literal where it stands, as if it ran
// there: most are bodies of transactions, retries and loops.
//
// It is given what stands beside it among the arguments of a call.
func (f *frame) funcLit(e *ast.FuncLit, beside ...value.Value) value.Value {
	sig, ok := f.TypeOf(e).(*types.Signature)
	if !ok || f.level > maxLevel {
		return value.Unknown(e, nil)
	}
	outer := *f
	f.level++
	f.named, f.returns, f.queries, f.path, f.pointers, f.lent = nil, nil, nil, nil, nil, nil
	own := f.level * value.FuncParam
	f.bind(sig, nil, own)
	f.bindBeside(sig, beside, e)
	f.block(e.Body.List)
	if !f.env.dead {
		f.exit(nil)
	}
	v := &value.Func{Origin: value.Origin{Pos: e.Pos()}, Base: own, Results: f.merged(), Changes: f.changes(), Type: sig}
	for _, q := range f.queries {
		if hasParam(q.SQL, own, math.MaxInt) {
			v.Queries = append(v.Queries, q)
		}
		if hasParam(q.SQL, 0, own) {
			outer.queries = append(outer.queries, q)
		}
	}
	env, steps := f.env, f.steps
	origins := f.origins
	*f = outer
	f.env, f.steps, f.origins = env, steps, origins
	f.env.dead = false
	return v
}

// decorated returns the function that a literal of the same type calls with the texts that the
// literal is given, such as for a timer or a retry. It is nil for any other literal.
func (f *frame) decorated(lit *ast.FuncLit, v value.Value) value.Value {
	made, ok := v.(*value.Func)
	if !ok || len(made.Queries) > 0 {
		return nil
	}
	var of value.Value
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
				p, ok := f.env.vars[f.info.Uses[id]].(*value.Param)
				if ok && p.Type != nil && types.Identical(p.Type.Underlying(), made.Type) && f.forwards(call, made.Type.(*types.Signature)) {
					of = p
				}
			}
		}
		return of == nil
	})
	return of
}

// forwards reports whether a call hands on the texts among the parameters of a literal, in their
// places and as they are.
func (f *frame) forwards(call *ast.CallExpr, sig *types.Signature) bool {
	for i := range sig.Params().Len() {
		p := sig.Params().At(i)
		if !value.IsText(p.Type()) {
			continue
		}
		id, ok := ast.Unparen(call.Args[i]).(*ast.Ident)
		if !ok || f.info.Uses[id] != p || len(f.code.Into(p)) > 0 {
			return false
		}
	}
	return true
}

// bindBeside makes the builders that a function literal takes those that the same call is
// given, which is what a paginator does with a query and what reads a page.
func (f *frame) bindBeside(sig *types.Signature, beside []value.Value, lit *ast.FuncLit) {
	for r := range sig.Results().Variables() {
		if builder.Of(r.Type()) != nil {
			return // it makes one of another
		}
	}
	for p := range sig.Params().Variables() {
		of := builder.Of(p.Type())
		if of == nil {
			continue
		}
		for _, v := range beside {
			switch v := v.(type) {
			case *value.Param:
				if v.Type != nil && types.Identical(v.Type, p.Type()) {
					f.env.vars[p] = v
				}
			case *value.Chain:
				if v.Library == of.Name && !builder.Fresh(v) {
					f.env.vars[p] = value.Then(v, loan{by: lit}.unseen())
				}
			}
		}
	}
}

// hasParam reports whether v depends on a parameter with a number in [from, to).
func hasParam(v value.Value, from, to int) bool {
	return value.Has(v, func(v value.Value) bool {
		p, ok := v.(*value.Param)
		return ok && from <= p.Index && p.Index < to
	})
}

// functionValue returns a declared function as a value. Its parameters have numbers of their
// own, so that they are not taken for those of the function that hands it on.
func (f *frame) functionValue(fn *types.Func) value.Value {
	const own = (maxLevel + 2) * value.FuncParam
	s := f.summaryOf(fn)
	v := &value.Func{Type: fn.Type(), Base: own}
	if row := f.api.Of(fn); row != nil && !row.Copy {
		v.Queries = []value.Query{{SQL: &value.Param{Index: own + row.SQL}, Method: row.Name, Handle: row.Handle, Named: row.Named, Postgres: row.Postgres}}
		return v
	}
	if s == nil {
		return v
	}
	params := map[int]value.Value{}
	for i := range fn.Signature().Params().Len() {
		params[i] = &value.Param{Index: own + i, Type: fn.Signature().Params().At(i).Type()}
	}
	if recv := fn.Signature().Recv(); recv != nil {
		params[value.Receiver] = &value.Param{Index: value.Receiver, Type: recv.Type()}
	}
	renumbered := func(of value.Value) value.Value { return value.Substitute(of, 0, params, token.NoPos, false) }
	for _, r := range s.Results {
		if r != nil {
			r = renumbered(r)
		}
		v.Results = append(v.Results, r)
	}
	for _, q := range s.Queries {
		q.SQL = renumbered(q.SQL)
		v.Queries = append(v.Queries, q)
	}
	for _, c := range s.Changes {
		if c.Param >= 0 {
			c.Param += own
		}
		c.To = renumbered(c.To)
		v.Changes = append(v.Changes, c)
	}
	return v
}
