package value

import (
	"go/token"
	"slices"
)

// Walk calls f for v and all that it is made of, conditions included, but not for
// what seen has, which grows.
func Walk(v Value, seen map[Value]bool, f func(Value)) {
	var visit func(Value)
	visit = func(v Value) {
		if v == nil || seen[v] {
			return
		}
		seen[v] = true
		f(v)
		v.each(visit)
	}
	visit(v)
}

// Has reports whether f holds for v or something that it is made of.
func Has(v Value, f func(Value) bool) bool {
	if IsLeaf(v) {
		return f(v)
	}
	seen := map[Value]bool{}
	found := false
	var visit func(Value)
	visit = func(v Value) {
		if found || v == nil || seen[v] {
			return
		}
		seen[v] = true
		if found = f(v); !found {
			v.each(visit)
		}
	}
	visit(v)
	return found
}

// HasParam reports whether v depends on a parameter.
func HasParam(v Value) bool { return Has(v, IsParam) }

// IsLeaf reports whether v has no parts.
func IsLeaf(v Value) bool {
	switch v := v.(type) {
	case nil:
		return false
	case *Text, *Hole, *Param:
		return true
	case *Unseen:
		return v.By == nil
	case *Func:
		return len(v.Results) == 0 && len(v.Queries) == 0 && len(v.Changes) == 0
	}
	return parts(v) == 0
}

// Rewrite returns v with f applied to everything that it is made of, from the
// leaves up. Shared parts are visited once. What has other parts now is put together
// as if it had been made of them.
func Rewrite(v Value, f func(Value) Value) Value { return rewrite(v, remade, f) }

// rewrite is Rewrite with a function that puts together what has other parts.
func rewrite(v Value, remade, f func(Value) Value) Value {
	if IsLeaf(v) {
		return f(v)
	}
	done := map[Value]Value{}
	var visit func(Value) Value
	visit = func(v Value) Value {
		if v == nil {
			return nil
		}
		if w, ok := done[v]; ok {
			return w
		}
		w := v.swap(visit)
		if w != v {
			w = remade(w)
		}
		w = f(w)
		done[v] = w
		return w
	}
	return visit(v)
}

// remade returns a value of the parts of v as the functions that make such values do.
func remade(v Value) Value {
	switch v := v.(type) {
	case *Chain:
		return bounded(v.Flat())
	case *Record:
		return bounded(v.flat())
	case *List:
		v.Elems = laidOpen(v.Elems)
		return bounded(v)
	case *Sequence:
		return Concat(v.Parts...)
	case *Member:
		if found := Field(v.Of, v.Name); found != nil {
			return found
		}
		return &Hole{Origin: Origin{Pos: v.Pos, Via: v.Via}}
	case *Lent:
		return Loose(v.Of, &Unseen{Origin: v.Origin}, nil)
	case *Unseen:
		return v.added()
	case *Format:
		return Formatted(v.Format, v.Operands, v.Pos)
	}
	return v
}

// Flat puts the steps of a chain that starts from a chain behind the steps of that, and in the
// place of a list the steps in it.
func (v *Chain) Flat() *Chain {
	root, ok := v.Root.(*Chain)
	isList := func(s Value) bool { _, ok := s.(*List); return ok }
	if !ok && !slices.ContainsFunc(v.Steps, isList) {
		return v
	}
	w := *v
	w.Steps = nil
	if ok {
		w.Root, w.Steps = root.Root, slices.Clone(root.Steps)
		if w.Library == "" { // it begins with a step out of sight
			w.Library, w.Verb = root.Library, root.Verb
		}
	}
	for _, s := range v.Steps {
		if l, ok := s.(*List); ok {
			w.Steps = append(w.Steps, l.Elems...)
		} else {
			w.Steps = append(w.Steps, s)
		}
	}
	return &w
}

// flat puts the entries of a record that changes a record behind the entries of that.
func (v *Record) flat() Value {
	if len(v.Parts) == 0 {
		return v
	}
	first, ok := v.Parts[0].(*Record)
	if !ok {
		return v
	}
	for _, part := range v.Parts[1:] {
		var next Value
		if e, ok := part.(*Entry); ok {
			next = first.Put(e)
		} else {
			next = first.and(part)
		}
		if first, ok = next.(*Record); !ok {
			return next
		}
	}
	return first
}

// laidOpen puts the elements of spliced lists in their places.
func laidOpen(elems []Value) []Value {
	spliced := func(v Value) *List {
		if s, ok := v.(*Splice); ok {
			l, _ := s.Of.(*List)
			return l
		}
		return nil
	}
	if !slices.ContainsFunc(elems, func(v Value) bool { return spliced(v) != nil }) {
		return elems
	}
	var open []Value
	for _, e := range elems {
		if l := spliced(e); l != nil {
			open = append(open, l.Elems...)
		} else {
			open = append(open, e)
		}
	}
	return open
}

// Substitute puts args in for the parameters of the level that begins with number
// base; a parameter without an argument becomes a hole. What has no position, as
// it comes from another package, gets pos; with call, everything but args notes
// that it came by pos.
func Substitute(v Value, base int, args map[int]Value, pos token.Pos, call bool) Value {
	return Rewrite(v, func(v Value) Value {
		if p, ok := v.(*Param); ok {
			i := p.Index - base
			if i < 0 || i >= FuncParam {
				return v
			}
			if a := args[i]; a != nil {
				return a
			}
			return &Hole{Origin: Origin{Pos: pos}, Type: p.Type}
		}
		if v == nil || !pos.IsValid() || v == Value(Empty) {
			return v
		}
		o := *v.At()
		bare := !o.Pos.IsValid()
		if !call && !bare {
			return v
		}
		if call {
			o.Via = pos
		}
		if bare {
			o.Pos = pos
		}
		w := v.placed(o)
		if t, ok := w.(*Text); ok && bare {
			t.Segments = []Segment{{Pos: pos}}
		}
		return w
	})
}

// Moved returns v with what other functions made moved to the calls that brought it.
func Moved(v Value) Value {
	return Rewrite(v, func(v Value) Value {
		o := *v.At()
		if !o.Via.IsValid() {
			return v
		}
		o.Pos = o.Via
		w := v.placed(o)
		if t, ok := w.(*Text); ok {
			t.Segments = []Segment{{Pos: o.Pos}}
		}
		return w
	})
}

// Bare returns v without what means nothing to another package: positions, types,
// expressions, and queries that have a Sink here.
func Bare(v Value) Value {
	asItIs := func(v Value) Value { return v }
	return rewrite(v, asItIs, func(v Value) Value {
		if v == nil || v == Value(Empty) {
			return v
		}
		v = v.placed(Origin{Through: v.At().Through})
		switch v := v.(type) {
		case *Text:
			v.Segments = nil
		case *Hole:
			v.Expr, v.Type = nil, nil
		case *Param:
			v.Type = nil
		case *Record:
			v.Shape = nil
		case *Func:
			v.Type, v.Queries = nil, Open(v.Queries)
		}
		return v
	})
}

// Open returns the queries that are the callers', bare.
func Open(queries []Query) []Query {
	var some []Query
	for _, q := range queries {
		if q.Sink == nil || q.Tableless {
			q.SQL, q.Sink = Bare(q.SQL), nil
			some = append(some, q)
		}
	}
	return some
}
