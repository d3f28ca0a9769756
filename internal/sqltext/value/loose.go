package value

import (
	"go/ast"
	"slices"
)

// Loose returns what v may be after code out of sight, which is to be seen in more, had hold
// of it: what it was, and perhaps more. The expression, if there is one, stands for that
// code; nil stands for nothing known.
func Loose(v Value, more *Unseen, by ast.Expr) Value {
	l := &loosener{more: more, by: by, done: map[Value]Value{}}
	return l.of(v)
}

// A loosener loosens alternatives that share parts, each part once.
type loosener struct {
	more *Unseen
	by   ast.Expr
	done map[Value]Value
}

func (l *loosener) of(v Value) Value {
	if l.more.By == nil && isLoose(v) {
		return v
	}
	switch v := v.(type) {
	case nil:
		return nil
	case *Lent, *Func, *Object:
		return v
	case *Param, *Member:
		return &Lent{Origin: l.more.Origin, Of: v}
	case *Chain:
		return Then(v, l.more.added())
	case *Record:
		whole := *l.more
		whole.Field = AnyName
		return v.and(&whole)
	case *Hole:
		return &Hole{Origin: l.more.Origin, Expr: l.by, Type: v.Type}
	case *Choice:
		if !slices.ContainsFunc(v.Alternatives, isWritten) {
			return l.choice(v)
		}
	}
	added := Value(&Hole{Origin: l.more.Origin, Expr: l.by})
	if l.more.By != nil {
		added = l.more.added()
	}
	if list, ok := v.(*List); ok {
		return Extend(list, added)
	}
	return Concat(v, added)
}

func (l *loosener) choice(v *Choice) Value {
	if w, ok := l.done[v]; ok {
		return w
	}
	if len(l.done) == maxLoose {
		return Cut(&l.more.Origin)
	}
	l.done[v] = v
	alternatives, changed := swapAll(v.Alternatives, l.of)
	w := Value(v)
	if changed {
		w = Choose(v.Key, v.Cond, alternatives...)
	}
	l.done[v] = w
	return w
}

// isLoose reports whether v already ends in what nobody knows.
func isLoose(v Value) bool {
	ends := func(parts []Value) bool { return len(parts) > 0 && isLoose(parts[len(parts)-1]) }
	switch v := v.(type) {
	case *Hole:
		return v.Kind == AnyHole
	case *Unseen:
		return v.By == nil
	case *Chain:
		return ends(v.Steps)
	case *Record:
		return ends(v.Parts)
	case *Sequence:
		return ends(v.Parts)
	case *List:
		return ends(v.Elems)
	}
	return false
}

// isWritten reports whether v is text in part.
func isWritten(v Value) bool { return is[*Text](v) || is[*Sequence](v) || is[*Join](v) }

// pends reports whether callers may tell what v is.
func (v *Unseen) pends() bool {
	if s, ok := v.By.(*Splice); ok {
		return IsOpen(s.Of)
	}
	return IsOpen(v.By)
}

// Pends reports whether callers may tell what code out of sight adds to v.
func Pends(v Value) bool {
	return Has(v, func(v Value) bool {
		u, ok := v.(*Unseen)
		return ok && u.pends()
	})
}

// of returns what becomes of a field of a record that v has changed.
func (v *Unseen) of(field string) *Unseen {
	w := *v
	w.Field = field
	if v.Field != AnyName || v.Returned {
		w.By = nil
	}
	return &w
}

// added returns what v adds as far as it is known: steps of a chain, text, elements.
func (v *Unseen) added() Value {
	if v.By == nil || v.pends() || v.Field == AnyName {
		return v
	}
	with := func(by Value) Value {
		w := *v
		w.By = by
		return w.added()
	}
	switch by := v.By.(type) {
	case *Splice:
		return with(by.Of)
	case *List: // one after the other
		parts := make([]Value, len(by.Elems))
		for i, e := range by.Elems {
			parts[i] = with(e)
		}
		if slices.ContainsFunc(parts, is[*Splice]) {
			return &Splice{Origin: v.Origin, Of: Elements(parts...)}
		}
		return Concat(parts...)
	case *Choice:
		alternatives := make([]Value, len(by.Alternatives))
		for i, a := range by.Alternatives {
			alternatives[i] = with(a)
		}
		return Choose(by.Key, by.Cond, alternatives...)
	case *Func:
		if added := v.by(by); added != nil {
			return added
		}
	}
	return &Unseen{Origin: v.Origin}
}

// by returns what a function adds to what was empty, nil if that is not known.
func (v *Unseen) by(fn *Func) Value {
	var to Value
	switch i := slices.IndexFunc(fn.Changes, func(c Change) bool { return c.Param == fn.Base+v.Param }); {
	case v.Returned && len(fn.Results) > 0:
		to = fn.Results[0]
	case v.Returned:
	case i < 0:
		return Empty
	default:
		to = fn.Changes[i].To
	}
	if to == nil {
		return nil
	}
	before := Value(Empty)
	if v.Field != "" {
		before = &Record{Parts: []Value{&Entry{Name: v.Field, Of: Empty}}}
	}
	to = Substitute(to, fn.Base, map[int]Value{v.Param: before}, v.Pos, false)
	if v.Field != "" {
		to = Field(to, v.Field)
	}
	switch to := to.(type) {
	case *Chain:
		if to.Root == Value(Empty) {
			return &Splice{Origin: to.Origin, Of: Elements(to.Steps...)}
		}
	case *Text, *Sequence, *Join, *Format:
		return to
	}
	return nil
}
