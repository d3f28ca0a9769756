package value

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
)

// NewEntry returns the entry that has a value under the name that key says.
func NewEntry(key, of Value, pos token.Pos) *Entry {
	e := &Entry{Origin: Origin{Pos: pos}, Name: AnyName, Of: of, Key: key}
	return e.named()
}

// named returns the entry with the name that its key says, if that is known by now.
func (v *Entry) named() *Entry {
	if name, ok := Plain(v.Key); ok {
		v.Name, v.Key = name, nil
	} else if IsHole(v.Key) {
		v.Key = nil
	}
	return v
}

// With returns the record with the named entry set.
func (v *Record) With(name string, to Value) Value {
	return v.Put(&Entry{Origin: Origin{Pos: to.At().Pos}, Name: name, Of: to})
}

// Put returns the record with an entry, in the place of one with its name.
func (v *Record) Put(e *Entry) Value {
	w := *v
	w.Parts = nil
	for _, part := range v.Parts {
		if old, ok := part.(*Entry); !ok || old.Name != e.Name || e.Name == AnyName {
			w.Parts = append(w.Parts, part)
		}
	}
	w.Parts = append(w.Parts, e)
	return bounded(&w)
}

func (v *Record) and(part Value) Value {
	w := *v
	w.Parts = append(slices.Clip(v.Parts), part)
	return bounded(&w)
}

// Sets reports whether the object's literal sets the column.
func (v *Object) Sets(column string) bool {
	return slices.ContainsFunc(v.Entries, func(part Value) bool { return v.isOf(column, part) })
}

func (v *Object) isOf(column string, part Value) bool {
	e, ok := part.(*Entry)
	return ok && v.Table.ColumnOf(e.Name) == column
}

// IsNew reports whether the program has made the object and has not set its key, or to what no
// row can have: it is no row of the table yet.
func (v *Object) IsNew() bool {
	known := func(column string) bool {
		return slices.ContainsFunc(v.Entries, func(part Value) bool { return v.isOf(column, part) && !isFresh(part.(*Entry).Of) })
	}
	return v.Made == AsLiteral && !v.Handed && len(v.Table.Key()) > 0 && !slices.ContainsFunc(v.Table.Key(), known)
}

// making are names of functions that make an id: uuid.NewString, ulid.Make, NewV7.
var making = regexp.MustCompile(`^(?i:new|make|gen|generate)($|[A-Z0-9])`)

// isFresh reports whether a value is an id that is made for it.
func isFresh(v Value) bool {
	h, ok := v.(*Hole)
	return ok && makesID(h.Expr)
}

// makesID is isFresh for an expression: uuid.New().String(), uuid.Must(uuid.NewV7()).
func makesID(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) > 1 {
		return false
	}
	if len(call.Args) == 1 {
		return makesID(call.Args[0])
	}
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return making.MatchString(fun.Name)
	case *ast.SelectorExpr:
		return making.MatchString(fun.Sel.Name) || makesID(fun.X)
	}
	return false
}

// Field returns the named field of a struct, nil if it is not known.
func Field(v Value, name string) Value {
	return fieldOf(v, name, nil)
}

// fieldOf is Field with what is known of alternatives, which may share parts.
func fieldOf(v Value, name string, done map[Value]Value) Value {
	switch v := v.(type) {
	case *Param, *Member:
		return &Member{Origin: Origin{Pos: v.At().Pos}, Name: name, Of: v}
	case *Lent:
		return Loose(fieldOf(v.Of, name, done), &Unseen{Origin: v.Origin}, nil)
	case *Record:
		return v.Lookup(name)
	case *Choice:
		if w, ok := done[v]; ok {
			return w
		}
		if done == nil {
			done = map[Value]Value{}
		}
		done[v] = nil
		alternatives := make([]Value, len(v.Alternatives))
		for i, a := range v.Alternatives {
			if alternatives[i] = fieldOf(a, name, done); alternatives[i] == nil {
				return nil
			}
		}
		done[v] = Choose(v.Key, v.Cond, alternatives...)
		return done[v]
	}
	return nil
}

// Lookup returns the entry of a record, nil if it is not known.
func (v *Record) Lookup(name string) Value {
	work := maxLookup
	return v.find(name, &work)
}

func (v *Record) find(name string, work *int) Value {
	if *work--; *work < 0 {
		return nil
	}
	for i, part := range slices.Backward(v.Parts) {
		switch part := part.(type) {
		case *Choice:
			if sets(part, name, maxSets) {
				return v.findIn(i, part, name, work)
			}
		case *Entry:
			if part.Name == name {
				return part.Of
			}
		case *Unseen:
			before := *v
			before.Parts = v.Parts[:i]
			return Loose(before.find(name, work), part.of(name), nil)
		case *Param, *Member, *Lent:
			return Field(part, name).placed(Origin{Pos: v.Pos})
		case *Hole:
			return nil
		}
	}
	if v.Shape != nil {
		return v.Shape.Unset(name)
	}
	return nil
}

// findIn looks up an entry that some alternatives of part i set; the others have
// what stands before it.
func (v *Record) findIn(i int, choice *Choice, name string, work *int) Value {
	before := *v
	before.Parts = v.Parts[:i]
	var unset Value
	alternatives := make([]Value, len(choice.Alternatives))
	for j, a := range choice.Alternatives {
		if !sets(a, name, maxSets) {
			if unset == nil {
				unset = before.find(name, work)
			}
			alternatives[j] = unset
		} else {
			w := before
			w.Parts = slices.Concat(v.Parts[:i], Within(a))
			alternatives[j] = w.find(name, work)
		}
		if alternatives[j] == nil {
			return nil
		}
	}
	return Choose(choice.Key, choice.Cond, alternatives...)
}

// sets reports whether an alternative has the named entry, as deep as given.
func sets(v Value, name string, depth int) bool {
	return depth > 0 && slices.ContainsFunc(Within(v), func(v Value) bool {
		switch v := v.(type) {
		case *Entry:
			return v.Name == name
		case *Unseen:
			return true
		case *List, *Choice:
			return sets(v, name, depth-1)
		}
		return false
	})
}

// Within returns the elements of a list, the parts of a record or the alternatives
// of a choice, nil for any other value.
func Within(v Value) []Value {
	switch v := v.(type) {
	case *List:
		return v.Elems
	case *Record:
		return v.Parts
	case *Choice:
		return v.Alternatives
	}
	return nil
}
