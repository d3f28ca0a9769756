package sqltext

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/model"
)

// eval returns the value of an expression and reads the calls and function
// literals in it. Every expression of a function is evaluated once.
func (f *frame) eval(e ast.Expr) *value {
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
		return f.funcLit(e)
	case *ast.IndexExpr:
		return f.index(e)
	case *ast.SliceExpr:
		f.evalOptional(e.Low)
		f.evalOptional(e.High)
		if v := f.eval(e.X); v.Kind == list {
			return v
		}
	case *ast.TypeAssertExpr:
		return f.eval(e.X)
	case *ast.KeyValueExpr:
		f.eval(e.Key)
		return f.eval(e.Value)
	}
	return unknown(e, tv.Type)
}

// evalMulti returns the n values of a call or another expression with several.
func (f *frame) evalMulti(e ast.Expr, n int) []*value {
	values := make([]*value, n)
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		copy(values, f.call(call))
		tuple, _ := f.typeOf(call).(*types.Tuple)
		for i := range values {
			if values[i] != nil {
				continue
			}
			t := f.typeOf(call)
			if tuple != nil && i < tuple.Len() {
				t = tuple.At(i).Type()
			}
			values[i] = f.result(call, t)
		}
		return values
	}
	values[0] = f.eval(e)
	for i := 1; i < n; i++ {
		values[i] = unknown(e, nil)
	}
	return values
}

// result returns the hole that a call of unknown outcome leaves.
func (f *frame) result(call *ast.CallExpr, t types.Type) *value {
	v := unknown(call, t)
	if fn := callee(f.info, call); fn != nil {
		v.Through = []dbapi.Name{dbapi.NameOf(fn)}
	}
	return v
}

func (f *frame) constantValue(e ast.Expr, tv types.TypeAndValue) *value {
	if tv.Value.Kind() == constant.String {
		if v := f.constantText(e, 0); v != nil {
			return v
		}
		return static(constant.StringVal(tv.Value), e.Pos())
	}
	s := tv.Value.ExactString()
	if tv.Value.Kind() == constant.Float {
		s = tv.Value.String()
	}
	return static(s, e.Pos())
}

// constantText returns a constant string with the positions of its literals, nil
// if they cannot be seen.
func (r *reader) constantText(e ast.Expr, depth int) *value {
	if depth > maxDepth {
		return nil
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		return literal(e)
	case *ast.ParenExpr:
		return r.constantText(e.X, depth)
	case *ast.BinaryExpr:
		var parts []*value
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
		return concat(parts...)
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
				return static(constant.StringVal(c.Val()), c.Pos())
			}
		}
	}
	if tv := r.info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.String {
		return static(constant.StringVal(tv.Value), e.Pos())
	}
	return nil
}

// literal returns the text of a string literal, each byte with its position.
func literal(lit *ast.BasicLit) *value {
	s, err := strconv.Unquote(lit.Value)
	if err != nil || lit.Kind != token.STRING {
		return nil
	}
	v := &value{Kind: text, Text: s, pos: lit.Pos(), expr: lit}
	if lit.Value[0] == '`' {
		v.segments = rawSegments(lit)
	} else {
		v.segments = quotedSegments(lit)
	}
	return v
}

// rawSegments maps a raw literal, from which carriage returns are dropped.
func rawSegments(lit *ast.BasicLit) []segment {
	segments := []segment{{pos: lit.Pos() + 1, exact: true}}
	dropped := 0
	for i := 1; i < len(lit.Value)-1; i++ {
		if lit.Value[i] == '\r' {
			dropped++
			segments = append(segments, segment{offset: i - dropped, pos: lit.Pos() + token.Pos(i) + 1, exact: true})
		}
	}
	return segments
}

// quotedSegments maps an interpreted literal: a new segment behind each escape.
func quotedSegments(lit *ast.BasicLit) []segment {
	segments := []segment{{pos: lit.Pos() + 1, exact: true}}
	rest := lit.Value[1 : len(lit.Value)-1]
	offset := 0
	for at := 1; rest != ""; {
		r, multibyte, tail, err := strconv.UnquoteChar(rest, '"')
		if err != nil {
			break
		}
		n := 1
		if multibyte {
			n = utf8.RuneLen(r)
		}
		width := len(rest) - len(tail)
		offset += n
		at += width
		if width != n && tail != "" {
			segments = append(segments, segment{offset: offset, pos: lit.Pos() + token.Pos(at), exact: true})
		}
		rest = tail
	}
	return segments
}

func (f *frame) ident(e *ast.Ident) *value {
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
		return elements()
	}
	if fn, ok := obj.(*types.Func); ok {
		return f.functionValue(fn)
	}
	return unknown(e, f.typeOf(e))
}

// placed makes the value of another package's variable stand for the expression
// that names it.
func (f *frame) placed(g *value, v *types.Var, e ast.Expr) *value {
	if v.Pkg() == f.pass.Pkg {
		return g
	}
	return substitute(g, 0, nil, e.Pos(), false)
}

// global returns the value of a package-level variable that nothing changes, nil
// if it is not known.
func (r *reader) global(v *types.Var) *value {
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
	if r.assigned[v] || !tracked(v.Type()) {
		return nil
	}
	var g *value
	if file, ok := r.embeds[v]; ok {
		g = r.embedded(v, file)
	} else if init := r.values[v]; init != nil {
		g = r.outside(init)
	}
	if g != nil && g.Kind == hole {
		g = nil
	}
	r.globals[v] = g
	return g
}

// outside evaluates an expression apart from any function's variables.
func (r *reader) outside(e ast.Expr) *value {
	if r.depth > maxDepth {
		return nil
	}
	r.depth++
	defer func() { r.depth-- }()
	f := &frame{reader: r, decl: &ast.FuncDecl{Name: ast.NewIdent("init"), Type: &ast.FuncType{Func: e.Pos()}}, env: newEnv()}
	f.name = r.pass.Pkg.Path()
	return f.eval(e)
}

func (f *frame) selector(e *ast.SelectorExpr) *value {
	switch obj := f.info.Uses[e.Sel].(type) {
	case *types.Var:
		if !obj.IsField() {
			if g := f.global(obj); g != nil {
				return f.placed(g, obj, e)
			}
			break
		}
		base := f.eval(e.X)
		if base.Kind == record || base.Kind == either {
			if v := base.field(obj.Name()); v != nil {
				return v
			}
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
	v := unknown(e, f.typeOf(e))
	return v
}

// memberOf returns a field of a parameter that methods build a text in, nil for
// any other.
func (r *reader) memberOf(base *value, field *types.Var) *value {
	r.collectFields()
	if !r.grown[field] || base.Kind != param && base.Kind != member {
		return nil
	}
	return base.field(field.Name())
}

// field returns what the package assigns to a field, nil if that is not known.
func (r *reader) field(field *types.Var) *value {
	if field.Pkg() != r.pass.Pkg || !tracked(field.Type()) {
		return nil
	}
	if v, ok := r.members[field]; ok {
		return v
	}
	r.members[field] = nil
	r.collectFields()
	exprs := r.fields[field]
	if len(exprs) == 0 || len(exprs) > 16 || r.grown[field] {
		return nil
	}
	var kids []*value
	for _, e := range exprs {
		v := r.outside(e)
		if v == nil || v.Kind == hole || v.Kind == record && v.Text == "" {
			return nil
		}
		kids = append(kids, v)
	}
	v := choose(field.Name(), nil, kids...)
	r.members[field] = v
	return v
}

// collectFields notes what composite literals and assignments give to fields.
func (r *reader) collectFields() {
	if r.fields != nil {
		return
	}
	r.fields, r.grown = map[types.Object][]ast.Expr{}, map[types.Object]bool{}
	for _, file := range r.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				r.literalFields(n)
			case *ast.CallExpr:
				r.writtenField(n)
			case *ast.AssignStmt:
				for i, lhs := range n.Lhs {
					sel, ok := lhs.(*ast.SelectorExpr)
					if !ok {
						continue
					}
					if v, ok := r.info.Uses[sel.Sel].(*types.Var); ok && v.IsField() {
						if tracked(v.Type()) && (n.Tok == token.ADD_ASSIGN || mentions(r.info, n.Rhs[min(i, len(n.Rhs)-1)], v)) {
							r.grown[v] = true
						}
						if len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN {
							r.fields[v] = append(r.fields[v], n.Rhs[i])
						} else {
							r.fields[v] = append(r.fields[v], n.Rhs[0])
						}
					}
				}
			}
			return true
		})
	}
}

// writtenField notes a strings.Builder in a struct: x.f.WriteString(…).
func (r *reader) writtenField(call *ast.CallExpr) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !strings.HasPrefix(sel.Sel.Name, "Write") {
		return
	}
	if field, ok := sel.X.(*ast.SelectorExpr); ok {
		switch dbapi.TypeName(r.typeOf(field)) {
		case "strings.Builder", "bytes.Buffer":
			r.grown[r.info.Uses[field.Sel]] = true
		}
	}
}

func (r *reader) literalFields(lit *ast.CompositeLit) {
	s, ok := r.typeOf(lit).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				if obj := r.info.Uses[id]; obj != nil {
					r.fields[obj] = append(r.fields[obj], kv.Value)
				}
			}
		} else if i < s.NumFields() {
			r.fields[s.Field(i)] = append(r.fields[s.Field(i)], elt)
		}
	}
}

func (f *frame) binary(e *ast.BinaryExpr) *value {
	if e.Op != token.ADD || !isText(f.typeOf(e)) {
		f.eval(e.X)
		f.eval(e.Y)
		return unknown(e, f.typeOf(e))
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
	parts := make([]*value, len(operands))
	for i := range operands {
		parts[i] = f.eval(operands[len(operands)-1-i])
	}
	return concat(parts...)
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func (f *frame) composite(e *ast.CompositeLit) *value {
	t := f.typeOf(e)
	v := &value{Kind: record, Text: dbapi.TypeName(t), pos: e.Pos(), typ: t}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	var fields *types.Struct
	switch u := t.Underlying().(type) {
	case *types.Slice, *types.Array:
		v.Kind = list
	case *types.Struct:
		fields = u
	case *types.Map:
	default:
		for _, elt := range e.Elts {
			f.eval(elt)
		}
		return unknown(e, t)
	}
	for i, elt := range e.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		switch {
		case v.Kind == list && ok:
			v.Kids = append(v.Kids, f.eval(kv.Value))
		case v.Kind == list:
			v.Kids = append(v.Kids, f.eval(elt))
		case fields != nil && ok:
			v.Kids = append(v.Kids, &value{Kind: entry, Text: kv.Key.(*ast.Ident).Name, Kids: []*value{f.eval(kv.Value)}, pos: kv.Pos()})
		case fields != nil && i < fields.NumFields():
			v.Kids = append(v.Kids, &value{Kind: entry, Text: fields.Field(i).Name(), Kids: []*value{f.eval(elt)}, pos: elt.Pos()})
		case ok:
			v.Kids = append(v.Kids, f.mapEntry(kv, t))
		}
	}
	return v
}

// mapEntry returns an entry of a map of the type.
func (f *frame) mapEntry(kv *ast.KeyValueExpr, typ types.Type) *value {
	name, ok := plain(f.eval(kv.Key))
	if !ok {
		name = unknownName
	}
	v := f.eval(kv.Value)
	if holdsOperands(typ) {
		v = f.operand(kv.Value, v)
	}
	return &value{Kind: entry, Text: name, Kids: []*value{v}, pos: kv.Pos()}
}

func (f *frame) index(e *ast.IndexExpr) *value {
	t := f.typeOf(e)
	if _, ok := t.(*types.Signature); ok {
		return f.eval(e.X) // an instantiated function
	}
	base, at := f.eval(e.X), f.eval(e.Index)
	if base.Kind == record {
		if name, ok := plain(at); ok {
			if v := base.lookup(name); v != nil {
				return v
			}
		}
	}
	if n, err := strconv.Atoi(at.Text); err == nil && at.Kind == text && base.Kind == list && n < len(base.Kids) && n >= 0 && base.Kids[n].Kind != either {
		return base.Kids[n]
	}
	if base.Kind == record || base.Kind == list {
		if v := f.elementOf(base, e); v.Kind != hole {
			return v
		}
	}
	return unknown(e, t)
}

// funcLit reads the body of a function literal where it stands, as if it ran
// there: most are bodies of transactions, retries and loops.
func (f *frame) funcLit(e *ast.FuncLit) *value {
	sig, ok := f.typeOf(e).(*types.Signature)
	if !ok || f.level > 8 {
		return unknown(e, nil)
	}
	outer := *f
	f.level++
	f.named, f.returns, f.queries, f.path, f.pointers = nil, nil, nil, nil, nil
	f.bind(sig, nil, f.level*lambdaParam)
	f.block(e.Body.List)
	v := &value{Kind: lambda, Index: f.level * lambdaParam, Kids: f.merged(), pos: e.Pos(), typ: sig}

	own := f.level * lambdaParam
	for _, q := range f.queries {
		if has(q.SQL, func(v *value) bool { return v.Kind == param && v.Index >= own }) {
			v.Queries = append(v.Queries, q)
		}
		if has(q.SQL, func(v *value) bool { return v.Kind == param && v.Index < own }) {
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

// functionValue returns a declared function as a value.
func (f *frame) functionValue(fn *types.Func) *value {
	s := f.summaryOf(fn)
	v := &value{Kind: lambda, typ: fn.Type()}
	if s != nil {
		v.Kids, v.Queries = s.Results, s.Queries
	}
	return v
}

// object returns the table that an object mapper makes of the type behind t.
func (r *reader) object(t types.Type, m model.Mapper, pos token.Pos) *value {
	table := model.Of(t, m, r.constantResult)
	if table == nil {
		return nil
	}
	return &value{Kind: object, Table: table, pos: pos, typ: t}
}

// constantResult returns the text that a function returns, "" if it is not known.
func (r *reader) constantResult(fn *types.Func) string {
	if s := r.summaryOf(fn); s != nil && len(s.Results) > 0 && s.Results[0] != nil {
		if name, ok := plain(s.Results[0]); ok {
			return name
		}
	}
	return ""
}
