package value

import (
	"cmp"
	"go/token"
	"slices"
)

// Concat returns the values one behind the other. Nil stands for nothing.
func Concat(values ...Value) Value {
	var parts []Value
	for _, v := range values {
		parts = append(parts, Parts(v)...)
	}
	switch len(parts) {
	case 0:
		return Empty
	case 1:
		return parts[0]
	}
	return bounded(&Sequence{Origin: Origin{Pos: parts[0].At().Pos}, Parts: parts})
}

// Parts returns what a text is made of, one behind the other.
func Parts(v Value) []Value {
	switch v := v.(type) {
	case nil:
		return nil
	case *Sequence:
		return v.Parts
	case *Text:
		if v.S == "" {
			return nil
		}
	}
	return []Value{v}
}

// InParens puts a subquery in parentheses.
func InParens(v Value) Value {
	if c, ok := v.(*Chain); ok {
		return Concat(Static("(", c.Pos), c, Static(")", c.Pos))
	}
	return v
}

// Elements returns a list.
func Elements(elems ...Value) *List { return &List{Elems: elems} }

// Joined returns the elements of a list with separators.
func Joined(list Value, sep string, pos token.Pos) *Join {
	return &Join{Origin: Origin{Pos: pos}, List: list, Sep: sep}
}

// Extend returns the list with more elements; what is no list has elements that are
// not known.
func Extend(v Value, more ...Value) Value {
	w := &List{}
	switch v := v.(type) {
	case nil:
	case *List:
		*w = *v
	default:
		w.Elems = []Value{&Splice{Of: v}}
	}
	w.Elems = append(slices.Clip(w.Elems), more...)
	return bounded(w)
}

// Spread returns the list v with the elements of more.
func Spread(v, more Value) Value {
	if l, ok := more.(*List); ok {
		return Extend(v, l.Elems...)
	}
	return Extend(v, &Splice{Of: more})
}

// Then returns the chain with one more step: a Step or what stands for several.
func Then(from, next Value) Value {
	if c, ok := from.(*Chain); ok {
		return bounded(&Chain{
			Origin: Origin{Pos: c.Pos}, Library: cmp.Or(c.Library, libraryOf(next)), Root: c.Root,
			Steps: append(slices.Clip(c.Steps), next),
		})
	}
	return &Chain{Origin: Origin{Pos: next.At().Pos}, Library: libraryOf(next), Root: from, Steps: []Value{next}}
}

// libraryOf returns the library of a step, "" for what is added out of sight.
func libraryOf(next Value) Library {
	if s, ok := next.(*Step); ok {
		return s.Library
	}
	return ""
}

// Choose returns one of the alternatives, by the condition named key or, with cond,
// by what cond holds. What all alternatives begin with stands before it.
func Choose(key string, cond Value, alternatives ...Value) Value {
	first := alternatives[0]
	if !slices.ContainsFunc(alternatives, func(v Value) bool { return !same(v, first) }) {
		return first
	}
	for _, f := range factors {
		if slices.ContainsFunc(alternatives, f.applies) {
			if v := f.out(key, cond, alternatives); v != nil {
				return v
			}
		}
	}
	return &Choice{Origin: Origin{Pos: first.At().Pos}, Key: key, Cond: cond, Alternatives: alternatives}
}

// A factor takes out what alternatives of one kind begin with.
type factor struct {
	applies func(Value) bool                                  // to alternatives one of which is such
	parts   func(Value) (parts []Value, ok bool)              // of an alternative
	rest    func(parts []Value) Value                         // what remains of an alternative
	whole   func(alternatives, shared []Value, c Value) Value // what they share, then the choice
	always  bool                                              // even if they share nothing
}

var factors = []factor{
	{
		applies: IsChain,
		parts: func(v Value) ([]Value, bool) {
			if c, ok := v.(*Chain); ok {
				return append([]Value{c.Root}, c.Steps...), true
			}
			return []Value{v}, IsHole(v) || IsParam(v)
		},
		rest: list,
		whole: func(alternatives, shared []Value, c Value) Value {
			w := &Chain{}
			if first, ok := alternatives[0].(*Chain); ok {
				w.Library, w.Verb = first.Library, first.Verb
			}
			w.Pos, w.Root, w.Steps = alternatives[0].At().Pos, shared[0], append(slices.Clip(shared[1:]), c)
			return w
		},
	},
	{
		applies: is[*List],
		parts: func(v Value) ([]Value, bool) {
			if l, ok := v.(*List); ok {
				return l.Elems, true
			}
			return nil, IsEmpty(v)
		},
		rest: list,
		whole: func(alternatives, shared []Value, c Value) Value {
			w := &List{}
			if first, ok := alternatives[0].(*List); ok {
				w.Type, w.Junction, w.Spread = first.Type, first.Junction, first.Spread
			}
			w.Pos, w.Elems = alternatives[0].At().Pos, append(slices.Clip(shared), c)
			return w
		},
		always: true,
	},
	{
		applies: is[*Record],
		parts: func(v Value) ([]Value, bool) {
			if r, ok := v.(*Record); ok {
				return r.Parts, true
			}
			return []Value{v}, IsOpen(v)
		},
		rest: list,
		whole: func(alternatives, shared []Value, c Value) Value {
			w := &Record{}
			if first, ok := alternatives[0].(*Record); ok {
				w.Type, w.Holds, w.Shape = first.Type, first.Holds, first.Shape
			}
			w.Handed = slices.ContainsFunc(alternatives, func(v Value) bool {
				r, ok := v.(*Record)
				return ok && r.Handed
			})
			w.Pos, w.Parts = alternatives[0].At().Pos, append(slices.Clip(shared), c)
			return w
		},
		always: true,
	},
	{
		applies: func(v Value) bool { return is[*Text](v) || is[*Sequence](v) || IsHole(v) },
		parts: func(v Value) ([]Value, bool) {
			switch v := v.(type) {
			case *Sequence:
				return v.Parts, true
			case *Text:
				if v.S == "" {
					return nil, true
				}
			case *List, *Chain, *Record:
				return nil, false
			}
			return []Value{v}, true
		},
		rest: func(parts []Value) Value { return Concat(parts...) },
		whole: func(_, shared []Value, c Value) Value {
			return Concat(append(slices.Clip(shared), c)...)
		},
	},
}

func list(parts []Value) Value { return Elements(parts...) }

// out returns the alternatives with what they share taken out, nil if nothing can be.
func (f *factor) out(key string, cond Value, alternatives []Value) Value {
	parts := make([][]Value, len(alternatives))
	shared := 0
	for i, v := range alternatives {
		var ok bool
		if parts[i], ok = f.parts(v); !ok {
			return nil
		}
		if i == 0 {
			shared = len(parts[0])
			continue
		}
		n := 0
		for n < min(shared, len(parts[i])) && same(parts[0][n], parts[i][n]) {
			n++
		}
		shared = n
	}
	if shared == 0 && !f.always {
		return nil
	}
	choice := &Choice{Key: key, Cond: cond, Alternatives: make([]Value, len(parts))}
	for i, p := range parts {
		choice.Alternatives[i] = f.rest(p[shared:])
	}
	return f.whole(alternatives, parts[0][:shared], choice)
}

// same reports whether two values are known to be equal.
func same(a, b Value) bool { return sameTo(a, b, maxSame) }

func sameTo(a, b Value, depth int) bool {
	if a == b {
		return true
	}
	if depth == 0 {
		return false
	}
	each := func(a, b []Value) bool {
		return slices.EqualFunc(a, b, func(a, b Value) bool { return sameTo(a, b, depth-1) })
	}
	switch a := a.(type) {
	case *Text:
		b, ok := b.(*Text)
		return ok && a.S == b.S && a.Pos == b.Pos
	case *Choice:
		b, ok := b.(*Choice)
		return ok && a.Key == b.Key && a.Cond == b.Cond && each(a.Alternatives, b.Alternatives)
	case *Splice:
		b, ok := b.(*Splice)
		return ok && sameTo(a.Of, b.Of, depth-1)
	case *List:
		b, ok := b.(*List)
		return ok && each(a.Elems, b.Elems)
	case *Sequence:
		b, ok := b.(*Sequence)
		return ok && each(a.Parts, b.Parts)
	}
	return false
}
