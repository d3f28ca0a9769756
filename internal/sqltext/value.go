package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/model"
)

// kind tells what a value stands for.
type kind uint8

const (
	hole      kind = iota // text that is not known
	text                  // known text
	sequence              // Kids one behind the other
	list                  // a slice or the operands of a junction; Kids are the elements
	either                // one of Kids
	param                 // parameter number Index of the function
	chain                 // a query builder for the verb Text: Kids[0] is what it starts from, the others are steps
	step                  // a call in a chain: method Text of library Lib with arguments Kids
	junction              // the elements of Kids[0] with Text or, if there is one, Kids[1] between them
	record                // a struct or a map of type Text: Kids are entries, perhaps behind what they change
	member                // the field Text of Kids[0]
	entry                 // Kids[0] under the name Text
	formatted             // the format Kids[0] with the operands behind it
	lambda                // a function value: Kids are its results
	object                // a value of a struct type that an object mapper knows: Table
	mention               // of a condition: it holds if the text of Kids[0] has the word Text in it
)

// A value is what the program can make of an expression: a tree, of which
// alternatives and unknown parts are nodes. Values are shared and never changed
// once they are built. The exported fields go into facts; positions and types,
// which mean nothing to another package, do not.
type value struct {
	Kind  kind
	Text  string
	Kids  []*value
	Index int

	// Key names the condition of an either, so that alternatives that depend on
	// one condition are chosen together. With Cond the choice is by what Cond
	// holds instead: the first alternative if it is not empty, or mentions the word,
	// else the second.
	Key  string
	Cond *value

	Lib     library
	Hole    HoleKind
	Table   *model.Table
	Through []dbapi.Name
	Queries []query // of a lambda: what it hands to databases

	segments []segment
	pos      token.Pos
	via      token.Pos // the call that brought what another function of the package makes
	expr     ast.Expr
	typ      types.Type
	cut      bool // of a hole: it stands for what is too large
}

// lambdaParam is the number of the first parameter of a function literal; each
// level of nesting adds as much again. Smaller numbers are parameters of the
// declared function.
const lambdaParam = 1000

var empty = &value{Kind: text}

// The bounds of values, for code that nobody writes by hand.
const (
	maxKids   = 4096 // parts of a text, elements of a list, steps of a chain
	maxLookup = 64   // records that one look-up goes through
	maxSets   = 6    // nesting of alternatives that a look-up sees
	maxSame   = 4    // depth to which values are compared
	maxWeight = 5000 // nodes of what a call returns

	maxWeights = 300_000 // nodes of what the calls of a package return
	maxPieces  = 100_000 // parts of the queries of a package: each may be the one before and more
	maxQueries = 512     // queries of a function, its callees included, that wait for what callers give
)

// isCut tells the holes that stand for what is beyond a bound.
func isCut(v *value) bool { return v.cut }

// brought returns what a call brings with its arguments put in, see substitute. It is
// a hole if that has too many nodes to be handed around, or too many were before.
func (r *reader) brought(v *value, base int, args map[int]*value, pos token.Pos, call bool) *value {
	if r.weight > maxWeights && v != nil && !v.isLeaf() {
		v = &value{Kind: hole, pos: v.pos, via: v.via, cut: true}
	}
	v = substitute(v, base, args, pos, call)
	if v == nil || v.isLeaf() {
		return v
	}
	seen := map[*value]bool{}
	few := weigh(v, seen)
	if r.weight += len(seen); !few || r.weight > maxWeights {
		return &value{Kind: hole, pos: v.pos, via: v.via, cut: true}
	}
	return v
}

// weigh notes the nodes of v and reports whether they are few enough.
func weigh(v *value, seen map[*value]bool) bool {
	if v == nil || seen[v] {
		return true
	}
	seen[v] = true
	if len(seen) > maxWeight || !weigh(v.Cond, seen) {
		return false
	}
	for _, q := range v.Queries {
		if !weigh(q.SQL, seen) {
			return false
		}
	}
	for _, kid := range v.Kids {
		if !weigh(kid, seen) {
			return false
		}
	}
	return true
}

// bounded returns v, or a hole if it has too many parts.
func bounded(v *value) *value {
	if len(v.Kids) > maxKids {
		return &value{Kind: hole, pos: v.pos, via: v.via, cut: true}
	}
	return v
}

// static returns text that the source does not hold as such; it stands for pos.
func static(s string, pos token.Pos) *value {
	v := &value{Kind: text, Text: s, pos: pos}
	if pos.IsValid() {
		v.segments = []segment{{pos: pos}}
	}
	return v
}

// unknown returns a hole for the expression.
func unknown(expr ast.Expr, typ types.Type) *value {
	v := &value{Kind: hole, expr: expr, typ: typ}
	if expr != nil {
		v.pos = expr.Pos()
	}
	if typ != nil {
		if b, ok := typ.Underlying().(*types.Basic); ok && b.Info()&(types.IsNumeric|types.IsBoolean) != 0 {
			v.Hole = NumberHole
		}
	}
	return v
}

// concat returns the values one behind the other.
func concat(values ...*value) *value {
	var kids []*value
	for _, v := range values {
		switch {
		case v == nil || v.Kind == text && v.Text == "":
		case v.Kind == sequence:
			kids = append(kids, v.Kids...)
		default:
			kids = append(kids, v)
		}
	}
	switch len(kids) {
	case 0:
		return empty
	case 1:
		return kids[0]
	}
	return bounded(&value{Kind: sequence, Kids: kids, pos: kids[0].pos})
}

// elements returns a list.
func elements(kids ...*value) *value { return &value{Kind: list, Kids: kids} }

// extend returns the list with more elements; what was no list is one element.
func extend(v *value, more ...*value) *value {
	w := &value{Kind: list}
	switch {
	case v == nil:
	case v.Kind == list:
		*w = *v
	default:
		w.Kids = []*value{splice(v)}
	}
	w.Kids = append(slices.Clip(w.Kids), more...)
	return bounded(w)
}

// splice returns an element that stands for the elements of v.
func splice(v *value) *value { return &value{Kind: either, Key: "splice", Kids: []*value{v}} }

// then returns the chain with one more step.
func then(from, next *value) *value {
	if from.Kind == chain {
		return bounded(&value{Kind: chain, Lib: from.Lib, Kids: append(slices.Clip(from.Kids), next), pos: from.pos})
	}
	return &value{Kind: chain, Lib: next.Lib, Kids: []*value{from, next}, pos: next.pos}
}

// choose returns either of the alternatives, by the condition named key or, with
// cond, by what cond holds. What all alternatives begin with stands before it.
func choose(key string, cond *value, alternatives ...*value) *value {
	first := alternatives[0]
	if !slices.ContainsFunc(alternatives, func(v *value) bool { return !same(v, first) }) {
		return first
	}
	for _, k := range []kind{chain, list, record, sequence} {
		if !slices.ContainsFunc(alternatives, func(v *value) bool { return v.Kind == k || k == sequence && v.Kind <= text }) {
			continue
		}
		if v := factor(k, key, cond, alternatives); v != nil {
			return v
		}
	}
	return &value{Kind: either, Key: key, Cond: cond, Kids: alternatives, pos: first.pos}
}

// factor takes out what the alternatives, all of the kind, begin with.
func factor(k kind, key string, cond *value, alternatives []*value) *value {
	parts := make([][]*value, len(alternatives))
	shared := -1
	for i, v := range alternatives {
		switch {
		case v.Kind == k:
			parts[i] = v.Kids
		case k == list && isNil(v), k == sequence && v.Kind == text && v.Text == "":
		case k == chain && (v.Kind == hole || v.Kind == param), k == record && (v.Kind == param || v.Kind == member), k == sequence && v.Kind != list && v.Kind != chain && v.Kind != record:
			parts[i] = []*value{v}
		default:
			return nil
		}
		n := len(parts[i])
		if i > 0 {
			for n = 0; n < min(shared, len(parts[i])) && same(parts[0][n], parts[i][n]); n++ {
			}
		}
		shared = n
	}
	if shared == 0 && k != list && k != record {
		return nil
	}
	rest := make([]*value, len(parts))
	for i, p := range parts {
		if k == sequence {
			rest[i] = concat(p[shared:]...)
		} else {
			rest[i] = elements(p[shared:]...)
		}
	}
	tail := &value{Kind: either, Key: key, Cond: cond, Kids: rest}
	if k == sequence {
		return concat(append(slices.Clip(parts[0][:shared]), tail)...)
	}
	return &value{
		Kind: k, Text: alternatives[0].Text, Lib: alternatives[0].Lib, typ: alternatives[0].typ,
		Kids: append(slices.Clip(parts[0][:shared]), tail), pos: alternatives[0].pos,
	}
}

// unknownName is the name of an entry that only the running program knows.
const unknownName = "\x00"

// with returns the record with an entry set.
func (v *value) with(name string, to *value) *value {
	w := *v
	w.Kids = nil
	for _, kid := range v.Kids {
		if kid.Kind != entry || kid.Text != name || name == unknownName {
			w.Kids = append(w.Kids, kid)
		}
	}
	w.Kids = append(w.Kids, &value{Kind: entry, Text: name, Kids: []*value{to}, pos: to.pos})
	return bounded(&w)
}

// changed returns the record after a call that may have set every entry.
func (v *value) changed(call ast.Expr) *value {
	w := *v
	w.Kids = append(slices.Clip(v.Kids), unknown(call, nil))
	return bounded(&w)
}

// lookup returns the entry of a record, nil if it is not known.
func (v *value) lookup(name string) *value {
	work := maxLookup
	return v.find(name, &work)
}

func (v *value) find(name string, work *int) *value {
	if *work--; *work < 0 {
		return nil
	}
	for i, kid := range slices.Backward(v.Kids) {
		switch {
		case kid.Kind == either && sets(kid, name, maxSets):
			return v.findIn(i, name, work)
		case kid.Kind == entry && kid.Text == name:
			return kid.Kids[0]
		case kid.Kind == param || kid.Kind == member:
			return &value{Kind: member, Text: name, Kids: []*value{kid}, pos: v.pos}
		case kid.Kind == hole:
			return nil
		}
	}
	if v.typ != nil {
		if s, ok := v.typ.Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				if f.Name() == name && tracked(f.Type()) {
					return zero(f.Type())
				}
			}
		}
	}
	return nil
}

// findIn looks up an entry that some alternatives of kid i set; the others have
// what stands before it.
func (v *value) findIn(i int, name string, work *int) *value {
	before := *v
	before.Kids = v.Kids[:i]
	var unset *value
	choice := v.Kids[i]
	alternatives := make([]*value, len(choice.Kids))
	for j, alternative := range choice.Kids {
		if !sets(alternative, name, maxSets) {
			if unset == nil {
				unset = before.find(name, work)
			}
			alternatives[j] = unset
		} else {
			w := before
			w.Kids = slices.Concat(v.Kids[:i], alternative.Kids)
			alternatives[j] = w.find(name, work)
		}
		if alternatives[j] == nil {
			return nil
		}
	}
	return choose(choice.Key, choice.Cond, alternatives...)
}

// sets reports whether an alternative has the named entry, as deep as given.
func sets(v *value, name string, depth int) bool {
	return depth > 0 && slices.ContainsFunc(v.Kids, func(v *value) bool {
		return v.Kind == entry && v.Text == name || (v.Kind == list || v.Kind == either) && sets(v, name, depth-1)
	})
}

// isNil reports whether v is a value that holds nothing yet.
func isNil(v *value) bool {
	return v.Kind == text && v.Text == "" || v.Kind == list && len(v.Kids) == 0
}

// same reports whether two values are known to be equal.
func same(a, b *value) bool { return sameTo(a, b, maxSame) }

func sameTo(a, b *value, depth int) bool {
	switch {
	case a == b:
		return true
	case a.Kind != b.Kind || depth == 0:
		return false
	case a.Kind == text:
		return a.Text == b.Text && a.pos == b.pos
	case a.Kind == either || a.Kind == list || a.Kind == sequence:
		return a.Key == b.Key && a.Cond == b.Cond && slices.EqualFunc(a.Kids, b.Kids, func(a, b *value) bool {
			return sameTo(a, b, depth-1)
		})
	}
	return false
}

// plain returns the text of v if it is known whole.
func plain(v *value) (string, bool) {
	switch v.Kind {
	case text:
		return v.Text, true
	case sequence:
		var s string
		for _, kid := range v.Kids {
			if kid.Kind != text {
				return "", false
			}
			s += kid.Text
		}
		return s, true
	}
	return "", false
}

// slice returns the bytes [from, to) of a text.
func (v *value) slice(from, to int) *value {
	if from == 0 && to == len(v.Text) {
		return v
	}
	part := &value{Kind: text, Text: v.Text[from:to]}
	for i, s := range v.segments {
		end := len(v.Text)
		if i+1 < len(v.segments) {
			end = v.segments[i+1].offset
		}
		if end <= from || s.offset >= to {
			continue
		}
		if s.offset < from {
			if s.exact {
				s.pos += token.Pos(from - s.offset)
			}
			s.offset = from
		}
		s.offset -= from
		part.segments = append(part.segments, s)
	}
	if len(part.segments) > 0 {
		part.pos = part.segments[0].pos
	}
	return part
}

// has reports whether f holds for some node of v.
func has(v *value, f func(*value) bool) bool {
	if v.isLeaf() {
		return f(v)
	}
	found := false
	walk(v, map[*value]bool{}, func(v *value) { found = found || f(v) })
	return found
}

func walk(v *value, seen map[*value]bool, f func(*value)) {
	if v == nil || seen[v] {
		return
	}
	seen[v] = true
	f(v)
	walk(v.Cond, seen, f)
	for _, kid := range v.Kids {
		walk(kid, seen, f)
	}
}

// isLeaf reports whether v has no parts.
func (v *value) isLeaf() bool {
	return v != nil && v.Cond == nil && len(v.Kids) == 0 && len(v.Queries) == 0
}

func hasParam(v *value) bool {
	return has(v, func(v *value) bool { return v.Kind == param })
}
