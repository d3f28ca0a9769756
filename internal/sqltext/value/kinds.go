package value

import "slices"

// What each kind of value is made of.

func (v *Text) placed(o Origin) Value     { w := *v; w.Origin = o; return &w }
func (v *Hole) placed(o Origin) Value     { w := *v; w.Origin = o; return &w }
func (v *Sequence) placed(o Origin) Value { w := *v; w.Origin = o; return &w }
func (v *List) placed(o Origin) Value     { w := *v; w.Origin = o; return &w }
func (v *Splice) placed(o Origin) Value   { w := *v; w.Origin = o; return &w }
func (v *Choice) placed(o Origin) Value   { w := *v; w.Origin = o; return &w }
func (v *Param) placed(o Origin) Value    { w := *v; w.Origin = o; return &w }
func (v *Record) placed(o Origin) Value   { w := *v; w.Origin = o; return &w }
func (v *Entry) placed(o Origin) Value    { w := *v; w.Origin = o; return &w }
func (v *Member) placed(o Origin) Value   { w := *v; w.Origin = o; return &w }
func (v *Lent) placed(o Origin) Value     { w := *v; w.Origin = o; return &w }
func (v *Join) placed(o Origin) Value     { w := *v; w.Origin = o; return &w }
func (v *Format) placed(o Origin) Value   { w := *v; w.Origin = o; return &w }
func (v *Func) placed(o Origin) Value     { w := *v; w.Origin = o; return &w }
func (v *Chain) placed(o Origin) Value    { w := *v; w.Origin = o; return &w }
func (v *Step) placed(o Origin) Value     { w := *v; w.Origin = o; return &w }
func (v *Unseen) placed(o Origin) Value   { w := *v; w.Origin = o; return &w }
func (v *Object) placed(o Origin) Value   { w := *v; w.Origin = o; return &w }
func (v *Mention) placed(o Origin) Value  { w := *v; w.Origin = o; return &w }

func (v *Text) each(func(Value))       {}
func (v *Hole) each(func(Value))       {}
func (v *Sequence) each(f func(Value)) { all(f, v.Parts) }
func (v *List) each(f func(Value))     { all(f, v.Elems) }
func (v *Splice) each(f func(Value))   { f(v.Of) }
func (v *Choice) each(f func(Value)) {
	if v.Cond != nil {
		f(v.Cond)
	}
	all(f, v.Alternatives)
}
func (v *Param) each(func(Value))    {}
func (v *Record) each(f func(Value)) { all(f, v.Parts) }
func (v *Entry) each(f func(Value)) {
	f(v.Of)
	if v.Key != nil {
		f(v.Key)
	}
}
func (v *Member) each(f func(Value)) { f(v.Of) }
func (v *Lent) each(f func(Value))   { f(v.Of) }
func (v *Join) each(f func(Value)) {
	f(v.List)
	if v.By != nil {
		f(v.By)
	}
}
func (v *Format) each(f func(Value)) { f(v.Format); all(f, v.Operands) }

// each leaves out queries and changes: they are no part of the text that a function makes.
func (v *Func) each(f func(Value))  { all(f, v.Results) }
func (v *Chain) each(f func(Value)) { f(v.Root); all(f, v.Steps) }
func (v *Step) each(f func(Value))  { all(f, v.Args) }

// each leaves out a function that is known.
func (v *Unseen) each(f func(Value)) {
	if v.pends() {
		f(v.By)
	}
}
func (v *Object) each(f func(Value))  { all(f, v.Entries) }
func (v *Mention) each(f func(Value)) { f(v.Of) }

func all(f func(Value), values []Value) {
	for _, v := range values {
		f(v)
	}
}

func (v *Text) swap(func(Value) Value) Value  { return v }
func (v *Hole) swap(func(Value) Value) Value  { return v }
func (v *Param) swap(func(Value) Value) Value { return v }

func (v *Sequence) swap(f func(Value) Value) Value {
	if parts, ok := swapAll(v.Parts, f); ok {
		w := *v
		w.Parts = parts
		return &w
	}
	return v
}

func (v *List) swap(f func(Value) Value) Value {
	if elems, ok := swapAll(v.Elems, f); ok {
		w := *v
		w.Elems = elems
		return &w
	}
	return v
}

func (v *Splice) swap(f func(Value) Value) Value {
	if of := f(v.Of); of != v.Of {
		return &Splice{v.Origin, of}
	}
	return v
}

func (v *Choice) swap(f func(Value) Value) Value {
	cond := f(v.Cond)
	if alternatives, ok := swapAll(v.Alternatives, f); ok || cond != v.Cond {
		return &Choice{v.Origin, v.Key, cond, alternatives}
	}
	return v
}

func (v *Record) swap(f func(Value) Value) Value {
	if parts, ok := swapAll(v.Parts, f); ok {
		w := *v
		w.Parts = parts
		return &w
	}
	return v
}

func (v *Entry) swap(f func(Value) Value) Value {
	of, key := f(v.Of), f(v.Key)
	if of == v.Of && key == v.Key {
		return v
	}
	return (&Entry{v.Origin, v.Name, of, key}).named()
}

func (v *Member) swap(f func(Value) Value) Value {
	if of := f(v.Of); of != v.Of {
		return &Member{v.Origin, of, v.Name}
	}
	return v
}

func (v *Lent) swap(f func(Value) Value) Value {
	if of := f(v.Of); of != v.Of {
		return &Lent{v.Origin, of}
	}
	return v
}

func (v *Unseen) swap(f func(Value) Value) Value {
	if v.By == nil {
		return v
	}
	if by := f(v.By); by != v.By {
		w := *v
		w.By = by
		return &w
	}
	return v
}

func (v *Join) swap(f func(Value) Value) Value {
	if list, by := f(v.List), f(v.By); list != v.List || by != v.By {
		w := *v
		w.List, w.By = list, by
		return &w
	}
	return v
}

func (v *Format) swap(f func(Value) Value) Value {
	format := f(v.Format)
	if operands, ok := swapAll(v.Operands, f); ok || format != v.Format {
		return &Format{v.Origin, format, operands}
	}
	return v
}

func (v *Func) swap(f func(Value) Value) Value {
	results, other := swapAll(v.Results, f)
	queries, some := swapQueries(v.Queries, f)
	if changes, ok := swapChanges(v.Changes, f); ok || some || other {
		return &Func{v.Origin, v.Base, results, queries, changes, v.Type}
	}
	return v
}

func (v *Chain) swap(f func(Value) Value) Value {
	root := f(v.Root)
	if steps, ok := swapAll(v.Steps, f); ok || root != v.Root {
		return &Chain{v.Origin, v.Library, v.Verb, root, steps}
	}
	return v
}

func (v *Step) swap(f func(Value) Value) Value {
	if args, ok := swapAll(v.Args, f); ok {
		return &Step{v.Origin, v.Library, v.Method, args}
	}
	return v
}

func (v *Object) swap(f func(Value) Value) Value {
	if entries, ok := swapAll(v.Entries, f); ok {
		w := *v
		w.Entries = entries
		return &w
	}
	return v
}

func (v *Mention) swap(f func(Value) Value) Value {
	if of := f(v.Of); of != v.Of {
		return &Mention{v.Origin, of, v.Word}
	}
	return v
}

// swapAll returns f of the values, and whether that changes any.
func swapAll(values []Value, f func(Value) Value) (swapped []Value, changed bool) {
	return swapIn(values, func(v *Value) *Value { return v }, f)
}

// swapQueries returns the queries with f of their texts, and whether that changes any.
func swapQueries(queries []Query, f func(Value) Value) (swapped []Query, changed bool) {
	return swapIn(queries, func(q *Query) *Value { return &q.SQL }, f)
}

// swapChanges returns the changes with f of what they leave, and whether that changes any.
func swapChanges(changes []Change, f func(Value) Value) (swapped []Change, changed bool) {
	return swapIn(changes, func(c *Change) *Value { return &c.To }, f)
}

// swapIn returns the list with f of the value in each of its elements, and whether that changes
// any; a list that stays the same is not copied.
func swapIn[E any](all []E, value func(*E) *Value, f func(Value) Value) (swapped []E, changed bool) {
	swapped = all
	for i := range all {
		v := *value(&all[i])
		w := f(v)
		if w == v {
			continue
		}
		if !changed {
			swapped, changed = slices.Clone(all), true
		}
		*value(&swapped[i]) = w
	}
	return swapped, changed
}
