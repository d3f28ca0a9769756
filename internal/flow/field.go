package flow

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// Spare says which fields of a parameter, a struct or a pointer to one, a function leaves as they
// are, though it ends what others hold.
type Spare struct {
	Param  int
	Fields []string
}

func (s Spare) String() string {
	return fmt.Sprintf("spares %s of %d", strings.Join(s.Fields, " and "), s.Param)
}

// Spared reports whether what a field of a parameter holds stays as it is, though others are ended.
func (d *Deeds) Spared(i int, field string) bool {
	return slices.ContainsFunc(d.Spares, func(s Spare) bool { return s.Param == i && slices.Contains(s.Fields, field) })
}

// spared finds out which fields of parameter i of a function, v, it leaves as they are.
func (c *code) spared(f *Func, i int, v *types.Var) Spare {
	spared := Spare{Param: i}
	s, ok := Pointee(v.Type()).Underlying().(*types.Struct)
	if !ok {
		return spared
	}
	for field := range s.Fields() {
		if !mayHold(field.Type()) || isFunc(field.Type()) {
			continue
		}
		t := c.track(f, f.Cursor)
		t.field = field.Name()
		t.alias(v, itself)
		if !slices.ContainsFunc(t.run().Sinks, Sink.ends) {
			spared.Fields = append(spared.Fields, field.Name())
		}
	}
	return spared
}

// ends reports whether a sink ends the value, be it on errors alone.
func (s Sink) ends() bool { return s.Kind == Closed || s.Kind == Settled || s.Kind == Called }

// firstOf returns the field of its operand that a selector leads through first: the embedded one, of a
// promoted field or method. It is empty for a method of the operand itself.
func (c *code) firstOf(sel *ast.SelectorExpr) string {
	s := c.info.Selections[sel]
	if s == nil {
		return ""
	}
	fields, ok := Pointee(s.Recv()).Underlying().(*types.Struct)
	if !ok || s.Kind() != types.FieldVal && len(s.Index()) < 2 {
		return ""
	}
	return fields.Field(s.Index()[0]).Name()
}

// beside reports whether a selector leads to another field than that in which the value is. What a
// field holds that is a function may know of all others.
func (t *tracker) beside(sel *ast.SelectorExpr) bool {
	first, field := t.firstOf(sel), Var(t.info, sel)
	return t.field != "" && first != "" && first != t.field && !(field != nil && isFunc(field.Type()))
}

// fieldOf returns the field of the variable at the start of dst, or of its elements, in which the value
// is that dst takes.
func (t *tracker) fieldOf(dst ast.Expr) string {
	field := t.field
	for e := ast.Unparen(dst); ; {
		switch x := e.(type) {
		case *ast.SelectorExpr:
			field, e = t.firstOf(x), ast.Unparen(x.X)
		case *ast.IndexExpr:
			e = ast.Unparen(x.X)
		case *ast.StarExpr:
			e = ast.Unparen(x.X)
		default:
			return field
		}
	}
}

// fieldAt returns the field of a literal, or of its elements, in which the value is that is its i-th
// element, or in that.
func (t *tracker) fieldAt(lit *ast.CompositeLit, i int) string {
	fields, ok := Pointee(t.info.TypeOf(lit)).Underlying().(*types.Struct)
	if !ok {
		return t.field
	}
	if kv, ok := lit.Elts[i].(*ast.KeyValueExpr); ok {
		return Name(kv.Key)
	}
	return fields.Field(i).Name()
}

// mixed says that a function puts what parameter i holds into other fields of that too.
func (t *tracker) mixed(call *Call, fn *types.Func, i int) {
	t.fate.Mixed = true
	if call == nil || fn == nil {
		return
	}
	for _, arg := range call.Args(fn.Signature(), i) {
		if root := Root(t.info, arg); root != nil && (t.local(root) || t.holds(root, itself)) {
			t.alias(root, itself)
		}
	}
}

// holds reports whether a variable is known to hold the value, somewhere.
func (t *tracker) holds(v *types.Var, f face) bool {
	for a := range t.seen {
		if a.v == v && a.face == f {
			return true
		}
	}
	return false
}
