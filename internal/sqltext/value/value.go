// Package value has the values that stand for what a program can make of an
// expression as far as SQL is concerned: known text, holes, lists, records,
// alternatives, parameters, and chains of query builders. A value is a tree
// whose parts are shared and never changed once they are built.
package value

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/model"
)

// A Value is one of the pointers to structs of this package. Functions that make
// values of others keep them within the bounds of this package.
type Value interface {
	// At returns where the value comes from. It is not to be changed.
	At() *Origin

	// placed returns a copy that comes from elsewhere.
	placed(Origin) Value

	// each calls f for every part; a part that is not known is nil.
	each(f func(Value))

	// swap returns a copy with f of each part in its place, or the value itself if
	// that changes none.
	swap(f func(Value) Value) Value
}

// An Origin says where a value comes from. Positions mean nothing to another
// package: what comes from one has none.
type Origin struct {
	Pos     token.Pos    // what the value stands for
	Via     token.Pos    // the call that brought what another function of the package makes
	Through []dbapi.Name // the functions that the value passed
}

// At returns the origin.
func (o *Origin) At() *Origin { return o }

type (
	// Text is known text.
	Text struct {
		Origin
		S        string
		Bound    bool      // a placeholder: the value that it stands for is given apart
		Segments []Segment // where S stands in the source; empty if it does not
	}

	// A Hole is text that is not known.
	Hole struct {
		Origin
		Kind HoleKind
		Expr ast.Expr   // what the program puts in; nil if that is not known
		Type types.Type // of Expr; nil if not known
		Cut  bool       // it stands for what is beyond a bound
	}

	// A Sequence is text made of parts, one behind the other.
	Sequence struct {
		Origin
		Parts []Value
	}

	// A List is a slice, or the operands of a junction of conditions. Among its
	// elements, a Splice or a Choice of lists stands for any number of them.
	List struct {
		Origin
		Elems    []Value
		Type     string   // import/path.Name of its type, if that has one
		Junction Junction // between the elements, if those are conditions
		Spread   bool     // the elements are arguments of a call with "..."
	}

	// A Splice stands for the elements of another list among those of a list.
	Splice struct {
		Origin
		Of Value
	}

	// A Choice is one of its alternatives. Choices with one key are made together.
	// With Cond, the first alternative is chosen if Cond holds anything (or mentions
	// its word), else the second.
	Choice struct {
		Origin
		Key          string
		Cond         Value
		Alternatives []Value
	}

	// A Param is a parameter of the function that is read: see FuncParam and the others.
	Param struct {
		Origin
		Index int
		Type  types.Type // nil in facts
		Given int        // of a model of a type parameter, the number of the parameter that it is, from 1; else 0
	}

	// A Record is a struct or map. Its parts are entries, later ones before earlier
	// ones; a part that is none stands for any number of entries: a Choice of lists,
	// the Param or Member that the record was before it changed, a Hole, an Unseen.
	Record struct {
		Origin
		Type  string // import/path.Name of its type, if that has one
		Holds Holds
		Shape Shape // nil in facts and of maps
		Parts []Value

		Handed bool // to code that may have set more, of a struct's fields, than the parts say
	}

	// An Entry is a value under a name; AnyName if only the running program knows it, or callers.
	Entry struct {
		Origin
		Name string
		Of   Value
		Key  Value // the name, if only callers know it; else nil
	}

	// A Member is a field of a struct that is not known yet.
	Member struct {
		Origin
		Of   Value
		Name string
	}

	// A Lent is what only callers know, after code that cannot be followed had hold of it.
	Lent struct {
		Origin
		Of Value
	}

	// A Join is the elements of a list with a separator between them.
	Join struct {
		Origin
		List   Value
		Sep    string
		By     Value  // the separator, if it is not constant
		Before string // the first element
		Behind string // the last one
	}

	// A Format is what fmt.Sprintf makes of a format that is not known yet.
	Format struct {
		Origin
		Format   Value
		Operands []Value
	}

	// A Func is a function: its parameters are numbered from Base.
	Func struct {
		Origin
		Base    int
		Results []Value    // nil where of no use
		Queries []Query    // what it hands to databases
		Changes []Change   // what it makes of what its parameters point to
		Type    types.Type // its signature; nil in facts
	}

	// A Chain is a query builder: the steps from where it starts.
	Chain struct {
		Origin
		Library Library
		Verb    string // of the statement, if the type of the builder tells it
		Root    Value  // what it starts from
		Steps   []Value
	}

	// A Step is a call of a method in a chain.
	Step struct {
		Origin
		Library Library
		Method  string
		Args    []Value
	}

	// Unseen is what a function out of sight adds to a chain or a text. In a record, it may
	// have changed every part before it.
	Unseen struct {
		Origin
		By       Value  // the function, or a Splice of several in a row, if only callers know it
		Param    int    // the parameter of By that stands for what was there before
		Returned bool   // By returns it; else it is left in the parameter
		Field    string // the field of it; AnyName in a record
	}

	// An Object is a value of a struct type that an object mapper maps to a table.
	Object struct {
		Origin
		Table   *model.Table
		Made    Made
		Entries []Value // what its literal sets
		Handed  bool    // see Record
	}

	// A Mention is the condition that a text has a word, of lower case, in it.
	Mention struct {
		Origin
		Of   Value
		Word string
	}
)

// Library is the name of a query builder or object mapper.
type Library string

// Junction says how conditions are joined.
type Junction uint8

// The junctions.
const (
	NoJunction Junction = iota
	And
	Or
)

// Holds says what the entries of a record are.
type Holds uint8

// What records hold.
const (
	HoldsUnknown  Holds = iota
	HoldsValues         // plain values: text in it is no SQL
	HoldsOperands       // a map of interfaces: expressions of a builder stand for SQL
)

// Made says how the program came by an object.
type Made uint8

// How objects are made.
const (
	Somehow    Made = iota
	AsLiteral       // a literal or zero value: only the entries are set
	AsElements      // elements of a list
)

// A Shape is a struct type.
type Shape interface {
	// Unset returns the value of a field that nothing has set, nil if it is of no use.
	Unset(field string) Value
}

// HoleKind says what the text in a hole can be.
type HoleKind uint8

// The kinds of holes.
const (
	AnyHole    HoleKind = iota // any text: a predicate too
	NumberHole                 // digits only
	NameHole                   // one quoted or checked identifier
	ListHole                   // placeholders or values with commas, no predicate
)

// Parameters are numbered from 0 in a declared function, from FuncParam in a
// function literal, and from as much again at each further level of nesting.
const (
	FuncParam = 1000
	Receiver  = 900 // of a method, among its parameters
	TypeParam = 950 // a value of the first type parameter of a function, or of its receiver's type
	TypeZero  = 975 // the same, with nothing set in it
)

// AnyName is the name of an entry that only the running program knows.
const AnyName = "\x00"

// A Query is a statement that a function hands to a database.
type Query struct {
	SQL       Value
	Method    dbapi.Name
	Handle    dbapi.Kind
	Postgres  bool // nothing else understands Method
	Named     bool // placeholders are names
	Tableless bool // callers give the model, wherever they are
	Sink      Sink // where SQL stands with its verb; nil if the text is the callers', and in facts
}

// A Change is what a function leaves in a parameter.
type Change struct {
	Param int
	To    Value
}

// A Sink takes the texts that callers make of a query.
type Sink interface{ Complete(Value) }

// Empty is the text without a byte.
var Empty = &Text{}

// Static returns text that the source does not hold as such; it stands for pos.
func Static(s string, pos token.Pos) *Text {
	v := &Text{S: s}
	if v.Pos = pos; pos.IsValid() {
		v.Segments = []Segment{{Pos: pos}}
	}
	return v
}

// Placeholder returns the "?" of a value that is given apart.
func Placeholder(pos token.Pos) *Text {
	v := Static("?", pos)
	v.Bound = true
	return v
}

// IsPlaceholder reports whether v is the "?" of a value.
func IsPlaceholder(v Value) bool {
	t, ok := v.(*Text)
	return ok && t.Bound
}

// HoleAt returns a hole of the kind for what stands at pos.
func HoleAt(pos token.Pos, k HoleKind) *Hole {
	return &Hole{Origin: Origin{Pos: pos}, Kind: k}
}

// Unknown returns a hole for the expression; both may be nil.
func Unknown(expr ast.Expr, typ types.Type) *Hole {
	v := &Hole{Expr: expr, Type: typ}
	if expr != nil {
		v.Pos = expr.Pos()
	}
	if typ != nil {
		if b, ok := typ.Underlying().(*types.Basic); ok && b.Info()&(types.IsNumeric|types.IsBoolean) != 0 {
			v.Kind = NumberHole
		}
	}
	return v
}

// Cut returns the hole that stands for what is beyond a bound.
func Cut(at *Origin) *Hole {
	return &Hole{Origin: Origin{Pos: at.Pos, Via: at.Via}, Cut: true}
}

// IsCut tells the holes that stand for what is beyond a bound.
func IsCut(v Value) bool {
	h, ok := v.(*Hole)
	return ok && h.Cut
}

// IsHole reports whether v is a hole.
func IsHole(v Value) bool { return is[*Hole](v) }

// IsChain reports whether v is a chain.
func IsChain(v Value) bool { return is[*Chain](v) }

// IsParam reports whether v is a parameter.
func IsParam(v Value) bool { return is[*Param](v) }

func is[T Value](v Value) bool {
	_, ok := v.(T)
	return ok
}

// IsOpen reports whether v is what only callers know: a parameter or a part of one.
func IsOpen(v Value) bool { return is[*Param](v) || is[*Member](v) || is[*Lent](v) }

// IsLent reports whether v is what only callers know, after code that cannot be followed
// had hold of it.
func IsLent(v Value) bool { return is[*Lent](v) }

// IsSplice reports whether v stands for the elements of a list.
func IsSplice(v Value) bool { return is[*Splice](v) }

// IsBase reports whether a part of a record brings entries that are not known.
func IsBase(v Value) bool { return IsHole(v) || IsOpen(v) || is[*Unseen](v) }

// IsEmpty reports whether v is a text or list that holds nothing.
func IsEmpty(v Value) bool {
	switch v := v.(type) {
	case *Text:
		return v.S == ""
	case *List:
		return len(v.Elems) == 0
	}
	return false
}

// Plain returns the text of v if it is known whole.
func Plain(v Value) (s string, ok bool) {
	switch v := v.(type) {
	case *Text:
		return v.S, true
	case *Sequence:
		for _, part := range v.Parts {
			t, ok := part.(*Text)
			if !ok {
				return "", false
			}
			s += t.S
		}
		return s, true
	}
	return "", false
}

// Through returns v with a name among the functions that it passed; a function
// value keeps none.
func Through(v Value, name dbapi.Name) Value {
	if is[*Func](v) {
		return v
	}
	o := *v.At()
	o.Through = append(o.Through[:len(o.Through):len(o.Through)], name)
	return v.placed(o)
}

// IsText reports whether the values of a type are strings.
func IsText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}
