package sqltext

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

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
	// holds instead: the first alternative if it is not empty, else the second.
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
)

// weighed returns v, or a hole if it has too many nodes to be handed around.
func weighed(v *value) *value {
	seen := map[*value]bool{}
	if v != nil && !weigh(v, seen) {
		return &value{Kind: hole, pos: v.pos, via: v.via}
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
		return &value{Kind: hole, pos: v.pos, via: v.via}
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

// rewrite returns v with f applied to every leaf and every inner node whose
// parts changed, from the leaves up. Shared parts are visited once.
func rewrite(v *value, f func(*value) *value) *value {
	return (&rewriter{f: f, done: map[*value]*value{}}).rewrite(v)
}

type rewriter struct {
	f    func(*value) *value
	done map[*value]*value
}

func (r *rewriter) rewrite(v *value) *value {
	if v == nil {
		return nil
	}
	if w, ok := r.done[v]; ok {
		return w
	}
	w := v
	kids, changed := r.all(v.Kids)
	cond := r.rewrite(v.Cond)
	queries := v.Queries
	for i, q := range v.Queries {
		if s := r.rewrite(q.SQL); s != q.SQL {
			if &queries[0] == &v.Queries[0] {
				queries = slices.Clone(queries)
			}
			queries[i].SQL = s
			changed = true
		}
	}
	if changed || cond != v.Cond {
		w = new(value)
		*w = *v
		w.Kids, w.Cond, w.Queries = kids, cond, queries
		switch w.Kind {
		case chain, record:
			w = bounded(flatten(w))
		case list:
			w.Kids = laidOpen(w.Kids)
			w = bounded(w)
		case sequence:
			w = concat(kids...)
		case member:
			w = w.resolve()
		case formatted:
			w = format(w.Kids[0], w.Kids[1:], w.pos)
		}
	}
	w = r.f(w)
	r.done[v] = w
	return w
}

func (r *rewriter) all(kids []*value) ([]*value, bool) {
	changed := false
	for i, kid := range kids {
		k := r.rewrite(kid)
		if k == kid {
			continue
		}
		if !changed {
			kids, changed = slices.Clone(kids), true
		}
		kids[i] = k
	}
	return kids, changed
}

// flatten puts the steps of a chain that starts from a chain behind its steps, and
// the entries of a record that changes a record behind its entries.
func flatten(v *value) *value {
	if len(v.Kids) == 0 || v.Kids[0].Kind != v.Kind {
		return v
	}
	if v.Kind == chain {
		w := *v
		w.Kids = slices.Concat(v.Kids[0].Kids, v.Kids[1:])
		return &w
	}
	changed := v.Kids[0]
	for _, kid := range v.Kids[1:] {
		if kid.Kind == entry {
			changed = changed.with(kid.Text, kid.Kids[0])
			continue
		}
		w := *changed
		w.Kids = append(slices.Clip(changed.Kids), kid)
		changed = &w
	}
	return changed
}

// laidOpen puts the elements of spliced lists in their places.
func laidOpen(kids []*value) []*value {
	spliced := func(v *value) bool { return v.Kind == either && len(v.Kids) == 1 && v.Kids[0].Kind == list }
	if !slices.ContainsFunc(kids, spliced) {
		return kids
	}
	var open []*value
	for _, kid := range kids {
		if spliced(kid) {
			open = append(open, kid.Kids[0].Kids...)
		} else {
			open = append(open, kid)
		}
	}
	return open
}

// resolve returns what a member is once what it is a member of is known.
func (v *value) resolve() *value {
	if found := v.Kids[0].field(v.Text); found != nil {
		return found
	}
	return &value{Kind: hole, pos: v.pos, via: v.via}
}

// field returns the named field of a struct, nil if it is not known.
func (v *value) field(name string) *value {
	switch v.Kind {
	case param, member:
		return &value{Kind: member, Text: name, Kids: []*value{v}, pos: v.pos}
	case record:
		return v.lookup(name)
	case either:
		alternatives := make([]*value, len(v.Kids))
		for i, kid := range v.Kids {
			if alternatives[i] = kid.field(name); alternatives[i] == nil {
				return nil
			}
		}
		return choose(v.Key, v.Cond, alternatives...)
	}
	return nil
}

// substitute puts args in for the parameters of the level that begins with number
// base; a parameter without an argument becomes a hole. What has no position, as
// it comes from another package, gets pos; with a call, everything but args notes
// that it came by pos.
func substitute(v *value, base int, args map[int]*value, pos token.Pos, call bool) *value {
	return rewrite(v, func(v *value) *value {
		switch v.Kind {
		case param:
			i := v.Index - base
			if i < 0 || i >= lambdaParam {
				return v
			}
			if a := args[i]; a != nil {
				return a
			}
			return &value{Kind: hole, Hole: v.Hole, pos: pos, typ: v.typ}
		}
		if (call || !v.pos.IsValid()) && pos.IsValid() && v != empty {
			w := *v
			if call {
				w.via = pos
			}
			if !v.pos.IsValid() {
				w.moveTo(pos)
			}
			return &w
		}
		return v
	})
}

// moveTo makes v stand for pos.
func (v *value) moveTo(pos token.Pos) {
	v.pos = pos
	if v.Kind == text {
		v.segments = []segment{{pos: pos}}
	}
}

// relocate moves what other functions made to the calls that brought it, unless
// one call brought the whole query: then its own place is what has to change.
func relocate(v *value) *value {
	if broughtWhole(v) {
		return v
	}
	return rewrite(v, func(v *value) *value {
		if !v.via.IsValid() {
			return v
		}
		w := *v
		w.moveTo(v.via)
		return &w
	})
}

// broughtWhole reports whether everything that says which rows a query reaches
// came by one call.
func broughtWhole(v *value) bool {
	via := token.NoPos
	whole := true
	walk(v, map[*value]bool{}, func(v *value) {
		switch {
		case v.Kind == step && !limits[v.Text] || v.Kind != text && v.Kind != step && v.Kind != param:
		case v.Kind == text && strings.TrimSpace(v.Text) == "":
		case !via.IsValid():
			via = v.via
			whole = whole && via.IsValid()
		default:
			whole = whole && v.via == via
		}
	})
	return whole && via.IsValid()
}

// limits are the steps of chains that decide which rows a query reaches.
var limits = names(`Where WhereOr WhereGroup WherePK And Or Not Having Join Joins InnerJoin LeftJoin JoinOn JoinClause
	Scopes Apply From FromSelect Table TableExpr Model Insert Into Update Delete With entRoot`)

// has reports whether f holds for some node of v.
func has(v *value, f func(*value) bool) bool {
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

func hasParam(v *value) bool {
	return has(v, func(v *value) bool { return v.Kind == param })
}

// sketch writes a value for facts' String and for tests: parameters as $n,
// alternatives in braces.
func sketch(v *value) string {
	var b strings.Builder
	sketchTo(&b, v, 0)
	return b.String()
}

func sketchTo(b *strings.Builder, v *value, depth int) {
	if v == nil || depth > 20 || b.Len() > 1000 {
		b.WriteByte('_')
		return
	}
	open, sep, end := "", "", ""
	switch v.Kind {
	case text:
		b.WriteString(v.Text)
		return
	case hole:
		b.WriteByte('_')
		return
	case param:
		fmt.Fprintf(b, "$%d", v.Index)
		return
	case object:
		b.WriteString(v.Table.Name)
		return
	case either:
		open, sep, end = "{", "|", "}"
	case list, record:
		open, sep, end = "[", ",", "]"
	case junction:
		open, sep, end = "", v.Text, ""
	case chain:
		sep = "."
	case step:
		open, sep, end = v.Text+"(", ",", ")"
	case entry:
		open = v.Text + ":"
	case lambda:
		open, end = "func(", ")"
	}
	b.WriteString(open)
	for i, kid := range v.Kids {
		if i > 0 {
			b.WriteString(sep)
		}
		sketchTo(b, kid, depth+1)
	}
	b.WriteString(end)
}
