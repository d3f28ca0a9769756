package flow

import (
	"go/ast"
	"go/types"
)

// maxTraced bounds the variables that one trace visits.
const maxTraced = 200

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
	Skip  func(v *types.Var, s *Store) bool                             // a store into a variable or field that is not followed

	code *code
	vars map[*types.Var]bool
	seen map[ast.Expr]bool // calls and literals
}

// NewTrace returns a trace that has not begun.
func (p *Package) NewTrace() *Trace {
	return &Trace{code: p.code()}
}

// Follow follows the values of expressions.
func (t *Trace) Follow(exprs ...ast.Expr) {
	for _, e := range exprs {
		t.expr(ast.Unparen(e))
	}
}

func (t *Trace) expr(e ast.Expr) {
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
		}
	case *ast.CompositeLit:
		t.composite(e)
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
	t.Follow(Parts(t.code.info, e)...)
}

func (t *Trace) first(e ast.Expr) bool {
	if t.seen[e] {
		return false
	}
	if t.seen == nil {
		t.seen = map[ast.Expr]bool{}
	}
	t.seen[e] = true
	return true
}

func (t *Trace) variable(v *types.Var) {
	if v == nil || t.vars[v] || len(t.vars) > maxTraced {
		return
	}
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
		if s.To != nil && IsError(s.To.Type()) || t.Skip != nil && t.Skip(v, s) {
			continue
		}
		t.part(s.KeyIn(v), s.field(v), s.Src)
	}
}

// field returns the field of v, which the store is into, that takes the value.
func (s *Store) field(v *types.Var) *types.Var {
	if s.To == nil || s.To == v || !s.To.IsField() || s.Elem {
		return nil
	}
	return s.To
}

func (t *Trace) composite(lit *ast.CompositeLit) {
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			t.Follow(e)
			continue
		}
		key, field := Text(t.code.info, kv.Key), (*types.Var)(nil)
		if id, ok := kv.Key.(*ast.Ident); ok && isField(t.code.info.Uses[id]) {
			key, field = id.Name, origin(t.code.info.Uses[id])
		}
		t.part(key, field, kv.Value)
	}
}

func (t *Trace) part(key string, field *types.Var, value ast.Expr) {
	if key == "" || t.Part == nil || t.Part(key, field, value) {
		t.Follow(value)
	}
}
