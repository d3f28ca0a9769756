package flow

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

const (
	maxTraced = 200  // variables that one trace visits; one of which several fields are asked for counts for each
	maxLooks  = 5000 // expressions that one trace looks at
	fewLooks  = 100  // those that it may look at in any case: the others of a package's traces are within maxWork
	maxAsked  = 4    // fields of fields that are told apart
)

// A Trace follows values back to what they are made of, whatever the order of statements:
// from an operation to its operands, from a variable or field to all that is put into it.
// It asks what else that means, and what a call is made of; a question that is nil is not asked.
type Trace struct {
	Text  func(text string)                                             // a constant text is a part of the value
	Var   func(v *types.Var) (into bool)                                // so is a variable or field; into says whether what is put into it is followed
	Field func(e *ast.SelectorExpr)                                     // so is a field of a value; those that are asked for several times are told each time
	Part  func(key string, field *types.Var, value ast.Expr) (yes bool) // so is what stands under a constant key or in a field (else nil); yes says whether it is followed
	Call  func(call *ast.CallExpr)                                      // so are the results of a call, a conversion included, which the asker follows
	Lit   func(f *Func)                                                 // so is a function literal, which the asker follows
	Join  func(e *ast.BinaryExpr)                                       // so are the operands of an operation
	Cases func(all []ast.Expr) []ast.Expr                               // one of the structs of a list, or of what is ranged over, is the value: those that are followed
	Skip  func(v *types.Var, s *Store) bool                             // a store into a variable or field that is not followed

	// Fields says that a field of a value is followed as such: what else the value holds is
	// followed beside it, unless it counts in any case.
	Fields bool
	Always func(key string) bool

	code   *code
	asked  Path
	ranged bool // what is followed is ranged over, or an element of it is looked up
	named  bool // the part at hand is what is asked for, by its fields
	beside bool
	vars   map[*types.Var]bool
	visits int // of variables
	steps  int // of expressions
	seen   map[seen]bool
}

// A Path leads from a value to what is asked for of it: "DB.Host" is a field of a field, "" all of it.
type Path string

// in returns the path that begins with a field.
func (p Path) in(field string) Path {
	if p == "" {
		return Path(field)
	}
	if strings.Count(string(p), ".")+2 > maxAsked {
		p = p[:strings.LastIndexByte(string(p), '.')]
	}
	return Path(field) + "." + p
}

// of returns what is asked for of a field, and whether anything is.
func (p Path) of(field string) (rest Path, is bool) {
	first, more, _ := strings.Cut(string(p), ".")
	return Path(more), p == "" || first == field
}

// Of returns what is asked for of what stands at a place in the value, and whether anything is.
func (p Path) Of(at Path) (rest Path, is bool) {
	rest, is = p, true
	for field := range strings.SplitSeq(string(at), ".") {
		if rest, is = rest.of(field); !is {
			return "", false
		}
	}
	return rest, true
}

// seen is what a trace has been at, and what it asked for there.
type seen struct {
	at     any // a variable, or an expression that is a call or a literal
	asked  Path
	beside bool
}

// NewTrace returns a trace that has not begun.
func (p *Package) NewTrace() *Trace {
	return &Trace{code: p.code()}
}

// Follow follows the values of expressions, whole.
func (t *Trace) Follow(exprs ...ast.Expr) { t.FollowAt("", exprs...) }

// FollowAt follows a part of the values of expressions.
func (t *Trace) FollowAt(p Path, exprs ...ast.Expr) {
	before := t.asked
	t.asked = p
	for _, e := range exprs {
		t.expr(ast.Unparen(e))
	}
	t.asked = before
}

// FollowBeside follows what stands beside what is asked for.
func (t *Trace) FollowBeside(exprs ...ast.Expr) {
	before := t.beside
	t.beside = true
	t.Follow(exprs...)
	t.beside = before
}

// Asked returns what is asked for of the value that is followed.
func (t *Trace) Asked() Path { return t.asked }

// Named reports whether the part that Part is asked about is the one that is asked for by name.
func (t *Trace) Named() bool { return t.named }

// Beside reports whether what is followed stands beside what is asked for.
func (t *Trace) Beside() bool { return t.beside }

// Spent reports whether the trace looks at nothing more, as it has looked at too much.
func (t *Trace) Spent() bool {
	return t.steps > maxLooks || t.steps > fewLooks && t.code.looks.Load() > maxWork
}

func (t *Trace) expr(e ast.Expr) {
	t.code.looks.Add(1)
	if t.steps++; t.Spent() {
		return
	}
	if text := Text(t.code.info, e); text != "" {
		if t.Text != nil {
			t.Text(text)
		}
		return
	}
	switch e := e.(type) {
	case *ast.Ident:
		t.variable(Var(t.code.info, e))
		return
	case *ast.SelectorExpr:
		if s := t.code.info.Selections[e]; s != nil {
			if t.Field != nil && s.Kind() == types.FieldVal {
				t.Field(e)
			}
			t.variable(Var(t.code.info, e))
			t.FollowAt(t.pathOf(s), e.X)
			return
		}
	case *ast.CompositeLit:
		t.composite(e)
		return
	case *ast.IndexExpr:
		before := t.ranged
		t.ranged = t.code.anyElement(e)
		t.FollowAt(t.asked, e.X)
		t.ranged = before
		return
	case *ast.CallExpr:
		if t.Call != nil && t.first(e) {
			t.Call(e)
		}
		return
	case *ast.FuncLit:
		if t.Lit != nil && t.first(e) {
			t.Lit(t.code.byNode[e])
		}
		return
	}
	if e, ok := e.(*ast.BinaryExpr); ok && t.Join != nil {
		t.Join(e)
	}
	t.FollowAt(t.asked, Parts(t.code.info, e)...)
}

// anyElement reports whether an expression is one element or another of a list.
func (c *code) anyElement(e *ast.IndexExpr) bool {
	switch under(c.info.TypeOf(e.X)).(type) {
	case *types.Slice, *types.Array:
		return c.info.Types[e.Index].Value == nil
	}
	return false
}

// pathOf returns what is asked for of the value whose field is selected.
func (t *Trace) pathOf(s *types.Selection) Path {
	if !t.Fields || s.Kind() != types.FieldVal {
		return ""
	}
	asked := t.asked
	for _, field := range slices.Backward(fieldsOf(s)) {
		asked = asked.in(field)
	}
	return asked
}

func (t *Trace) first(at any) bool {
	s := seen{at, t.asked, t.beside}
	if t.seen[s] {
		return false
	}
	if t.seen == nil {
		t.seen = map[seen]bool{}
	}
	t.seen[s] = true
	return true
}

func (t *Trace) variable(v *types.Var) {
	if v == nil || t.visits > maxTraced || t.beside && t.vars[v] || !t.first(v) {
		return
	}
	t.visits++
	if t.vars == nil {
		t.vars = map[*types.Var]bool{}
	}
	t.vars[v] = true
	if t.Var == nil || t.Var(v) {
		t.Into(v)
	}
}

// Into follows what is put into a variable or field, errors left out.
func (t *Trace) Into(v *types.Var) {
	for _, s := range t.code.into[v] {
		if t.Spent() {
			return
		}
		if s.To != nil && IsError(s.To.Type()) || t.Skip != nil && t.Skip(v, s) {
			continue
		}
		before := t.ranged
		t.ranged = s.Range || t.ranged && s.Whole(v)
		t.part(s.KeyIn(v), s.field(v), s.fieldsIn(t.code.info, v), s.Src)
		t.ranged = before
	}
}

// PathIn returns the place in v at which the store, which is into v, puts its value.
func (p *Package) PathIn(s *Store, v *types.Var) Path {
	return Path(strings.Join(s.fieldsIn(p.code().info, v), "."))
}

// fieldsIn returns the fields of v on the way to the one that takes the value.
func (s *Store) fieldsIn(info *types.Info, v *types.Var) (names []string) {
	if v == s.To && !s.Elem {
		return nil
	}
	for e := s.Dst; e != nil; {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			if Var(info, x) == v {
				return names
			}
			if sel := info.Selections[x]; sel != nil {
				names = append(fieldsOf(sel), names...)
			}
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return names
		}
	}
	return names
}

// fieldsOf returns the fields that a selection leads through, embedded ones included.
func fieldsOf(s *types.Selection) (names []string) {
	t := s.Recv()
	for _, i := range s.Index() {
		u, ok := Pointee(t).Underlying().(*types.Struct)
		if !ok {
			return names
		}
		names, t = append(names, u.Field(i).Name()), u.Field(i).Type()
	}
	return names
}

// field returns the field of v, which the store is into, that takes the value.
func (s *Store) field(v *types.Var) *types.Var {
	if s.To == nil || s.To == v || !s.To.IsField() || s.Elem {
		return nil
	}
	return s.To
}

// under returns the type that a literal, whose own type may be left out for a pointer, is of.
func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return Pointee(t).Underlying()
}

func (t *Trace) composite(lit *ast.CompositeLit) {
	of, _ := under(t.code.info.TypeOf(lit)).(*types.Struct)
	elts := lit.Elts
	if t.Cases != nil && t.rows(lit) {
		elts = t.Cases(elts)
	}
	ranged := t.ranged
	t.ranged = false
	defer func() { t.ranged = ranged }()
	for i, e := range elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			if of == nil || i >= of.NumFields() {
				t.part("", nil, nil, e)
				continue
			}
			field := of.Field(i).Origin()
			t.part(field.Name(), field, []string{field.Name()}, e)
			continue
		}
		key, field := Text(t.code.info, kv.Key), (*types.Var)(nil)
		if id, ok := kv.Key.(*ast.Ident); ok && isField(t.code.info.Uses[id]) {
			key, field = id.Name, origin(t.code.info.Uses[id])
		}
		var fields []string
		if field != nil {
			fields = []string{key}
		}
		t.part(key, field, fields, kv.Value)
	}
}

// rows reports whether the elements of a literal are cases, of which a value is one.
func (t *Trace) rows(lit *ast.CompositeLit) bool {
	switch of := under(t.code.info.TypeOf(lit)).(type) {
	case *types.Slice:
		_, ok := under(of.Elem()).(*types.Struct)
		return ok || t.ranged
	case *types.Map, *types.Array:
		return t.ranged
	}
	return false
}

// part follows what stands under a key: of what has fields, as much as is asked for, and
// what is not asked for beside it.
func (t *Trace) part(key string, field *types.Var, fields []string, value ast.Expr) {
	asked, beside := t.asked, t.beside
	t.named = len(fields) > 0
	for _, f := range fields {
		t.named = t.named && asked != ""
		rest, is := asked.of(f)
		if asked = rest; !is {
			t.beside, asked, t.named = t.beside || t.Always == nil || !t.Always(key), "", false
			break
		}
	}
	if key == "" || t.Part == nil || t.Part(key, field, value) {
		t.FollowAt(asked, value)
	}
	t.beside = beside
}
