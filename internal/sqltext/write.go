package sqltext

import (
	"go/token"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// The bounds of one site's texts.
const (
	maxTexts  = 64
	maxLength = 256 << 10 // bytes of a text
	maxNest   = 200
	maxWork   = 200_000 // values that a text is written from
)

// expand returns the texts that v can be; nil if it has no known part. Names from
// outside the bounds stand where they are put in.
func expand(v value.Value, pos, end token.Pos) []*Text {
	if t, ok := v.(*value.Text); ok && len(t.Segments) > 0 {
		return []*Text{{SQL: t.S, Through: t.Through, segments: t.Segments}}
	}
	optional, exclusive := conditions(v)
	var texts []*Text
	for _, picks := range combinations(exclusive) {
		for _, on := range []bool{true, false} {
			if !on && len(optional) == 0 {
				continue
			}
			w := &writer{picks: picks, optional: optional, on: on, start: pos, end: end}
			w.value(v, 0)
			texts = append(texts, w.text())
		}
	}
	return sensible(unique(texts))
}

// emptyList is what no server accepts: programs guard against it out of sight.
var emptyList = regexp.MustCompile(`(?i)\bIN\s*\(\s*\)`)

// sensible drops texts with an value.Empty list, unless there is no other.
func sensible(texts []*Text) []*Text {
	if len(texts) < 2 {
		return texts
	}
	some := slices.DeleteFunc(slices.Clone(texts), func(t *Text) bool { return emptyList.MatchString(t.SQL) })
	if len(some) == 0 {
		return texts
	}
	return some
}

// conditions sorts the conditions of v: optional ones add something or nothing,
// with the number of the alternative that adds; exclusive ones choose between
// some number of alternatives.
func conditions(v value.Value) (optional, exclusive map[string]int) {
	optional, exclusive = map[string]int{}, map[string]int{}
	value.Walk(v, map[value.Value]bool{}, func(v value.Value) {
		c, ok := v.(*value.Choice)
		if !ok || decidable(c.Cond) {
			return
		}
		full, n := -1, len(c.Alternatives)
		for i, alternative := range c.Alternatives {
			if value.IsEmpty(alternative) {
				continue
			}
			if full >= 0 {
				full = n
				break
			}
			full = i
		}
		if old, ok := optional[c.Key]; full < n && full >= 0 && n == 2 && (!ok || old == full) && exclusive[c.Key] == 0 {
			optional[c.Key] = full
		} else {
			delete(optional, c.Key)
			exclusive[c.Key] = max(exclusive[c.Key], n)
		}
	})
	return optional, exclusive
}

// decidable reports whether it can be told if a condition holds anything.
func decidable(cond value.Value) bool {
	if m, ok := cond.(*value.Mention); ok {
		cond = m.Of
	}
	return cond != nil && !value.IsHole(cond) && !value.IsOpen(cond)
}

// combinations returns choices for the exclusive conditions: all of them while
// they are few, else each alternative of each condition at least once.
func combinations(exclusive map[string]int) []map[string]int {
	keys := make([]string, 0, len(exclusive))
	product, most := 1, 1
	for key, n := range exclusive {
		keys = append(keys, key)
		product = min(product*n, maxTexts+1)
		most = max(most, n)
	}
	sort.Strings(keys)
	if product > maxTexts/2 {
		product = min(most, maxTexts/2)
		all := make([]map[string]int, product)
		for i := range all {
			all[i] = map[string]int{}
			for _, key := range keys {
				all[i][key] = min(i, exclusive[key]-1)
			}
		}
		return all
	}
	all := []map[string]int{{}}
	for _, key := range keys {
		var next []map[string]int
		for i := range exclusive[key] {
			for _, picks := range all {
				more := map[string]int{key: i}
				for k, v := range picks {
					more[k] = v
				}
				next = append(next, more)
			}
		}
		all = next
	}
	return all
}

func unique(texts []*Text) []*Text {
	type id struct {
		sql string
		pos token.Pos
	}
	seen := map[id]bool{}
	return slices.DeleteFunc(texts, func(t *Text) bool {
		k := id{t.SQL, t.Pos(0)}
		dup := seen[k]
		seen[k] = true
		return dup
	})
}

// A writer writes one alternative.
type writer struct {
	picks    map[string]int
	optional map[string]int
	on       bool // optional parts are in

	start, end token.Pos // of what makes the text

	sql      strings.Builder
	holes    []Hole
	segments []value.Segment
	spans    []sqlast.Span
	through  []dbapi.Name
	pos      token.Pos // of the innermost node that has one
	work     int
	cut      bool // a bound left something out
}

func (w *writer) text() *Text {
	return &Text{SQL: w.sql.String(), Holes: w.holes, Optional: w.spans, Through: w.through, Cut: w.cut, segments: w.segments}
}

// pick returns the alternative that is taken of a choice.
func (w *writer) pick(c *value.Choice, depth int) (taken value.Value, optional bool) {
	i := 0
	full, isOptional := w.optional[c.Key]
	switch {
	case decidable(c.Cond):
		if w.isEmpty(c.Cond, depth+1) {
			i = 1
		}
	case isOptional:
		i = full
		if !w.on {
			i = 1 - full
		}
		optional = w.on
	default:
		i = w.picks[c.Key]
	}
	return c.Alternatives[min(i, len(c.Alternatives)-1)], optional
}

// settled returns what is chosen of v.
func (w *writer) settled(v value.Value, depth int) value.Value {
	for {
		c, ok := v.(*value.Choice)
		if !ok {
			return v
		}
		v, _ = w.pick(c, depth)
	}
}

// The writer is the alternative that builders ask.

func (w *writer) Settle(v value.Value) value.Value { return w.settled(v, 0) }

func (w *writer) Elements(parts []value.Value) ([]value.Value, map[value.Value]bool) {
	return w.elements(parts, 0)
}

func (w *writer) Pass(names []dbapi.Name) { w.through = append(w.through, names...) }

// isEmpty reports whether a text or list holds nothing in this alternative, or
// does not mention its word.
func (w *writer) isEmpty(v value.Value, depth int) bool {
	if w.work++; depth > maxNest || w.work > maxWork {
		return false
	}
	switch v := v.(type) {
	case *value.Text:
		return v.S == ""
	case *value.Choice:
		taken, _ := w.pick(v, depth)
		return w.isEmpty(taken, depth+1)
	case *value.Sequence:
		return w.areEmpty(v.Parts, depth)
	case *value.Record:
		return w.areEmpty(v.Parts, depth)
	case *value.List:
		return !slices.ContainsFunc(v.Elems, isElement) && w.areEmpty(v.Elems, depth)
	case *value.Splice:
		return w.isEmpty(v.Of, depth+1)
	case *value.Join:
		return w.isEmpty(v.List, depth+1)
	case *value.Mention:
		own := &writer{picks: w.picks, optional: w.optional, on: w.on, work: w.work}
		own.value(v.Of, depth+1)
		w.work = own.work
		return !strings.Contains(strings.ToLower(own.sql.String()), v.Word)
	}
	return false
}

func (w *writer) areEmpty(parts []value.Value, depth int) bool {
	return !slices.ContainsFunc(parts, func(v value.Value) bool { return !w.isEmpty(v, depth+1) })
}

// isElement reports whether an element of a list is one, whatever is chosen.
func isElement(v value.Value) bool {
	switch v.(type) {
	case *value.Choice, *value.Splice:
		return false
	}
	return true
}

// elements returns what stands among parts in this alternative, and which of it is
// there on some condition only.
func (w *writer) elements(parts []value.Value, depth int) (elems []value.Value, optional map[value.Value]bool) {
	optional = map[value.Value]bool{}
	w.collect(parts, depth, false, &elems, optional)
	return elems, optional
}

func (w *writer) collect(parts []value.Value, depth int, under bool, elems *[]value.Value, optional map[value.Value]bool) {
	if w.work++; depth > maxNest || w.work > maxWork {
		w.cut = true
		return
	}
	for _, part := range parts {
		if !isElement(part) {
			taken, opt := w.taken(part, depth)
			if l, ok := taken.(*value.List); ok {
				w.collect(l.Elems, depth+1, under || opt, elems, optional)
				continue
			}
			part = taken
		}
		*elems = append(*elems, part)
		if under {
			optional[part] = true
		}
	}
}

// taken returns what an element stands for, and whether the last choice in it is
// optional.
func (w *writer) taken(v value.Value, depth int) (taken value.Value, optional bool) {
	for {
		switch u := v.(type) {
		case *value.Splice:
			v, optional = u.Of, false
		case *value.Choice:
			v, optional = w.pick(u, depth)
		default:
			return v, optional
		}
	}
}

// value writes v.
func (w *writer) value(v value.Value, depth int) {
	if w.work++; depth > maxNest || w.work > maxWork || w.sql.Len() > maxLength {
		w.cut = true
		return
	}
	at := v.At()
	if at.Pos.IsValid() {
		defer func(pos token.Pos) { w.pos = pos }(w.pos)
		w.pos = at.Pos
	}
	w.Pass(at.Through)
	switch v := v.(type) {
	case *value.Text:
		w.known(v)
	case *value.Sequence:
		for _, part := range v.Parts {
			w.value(part, depth+1)
		}
	case *value.Choice:
		taken, optional := w.pick(v, depth)
		start := w.sql.Len()
		w.value(taken, depth+1)
		w.mark(optional, start)
	case *value.Splice:
		w.value(v.Of, depth+1)
	case *value.Join:
		w.join(v, depth)
	case *value.Chain:
		w.chain(v, depth)
	case *value.List:
		if junction := junctionOf(v); junction != value.NoJunction {
			w.conditions(v.Elems, junction, "", false, depth)
			return
		}
		w.join(value.Joined(v, ", ", v.Pos), depth)
	case *value.Object:
		w.table(v)
	case *value.Record:
		w.record(v, depth)
	default:
		w.hole(v)
	}
}

// mark notes that what was written from start on is optional.
func (w *writer) mark(optional bool, start int) {
	if optional && w.sql.Len() > start {
		w.spans = append(w.spans, sqlast.Span{Start: start, End: w.sql.Len()})
	}
}

// bareName is a text that is no more than a name: of a table, a column, an alias.
var bareName = regexp.MustCompile("^[\\w.\"`]*$")

func (w *writer) known(v *value.Text) {
	offset := w.sql.Len()
	switch n := len(w.segments); {
	case len(v.Segments) == 0:
		w.segments = append(w.segments, value.Segment{Offset: offset, Pos: w.pos})
	case n > 0 && (v.Pos < w.start || v.Pos >= w.end) && bareName.MatchString(v.S):
		last := w.segments[n-1]
		if last.Exact {
			last.Pos += token.Pos(max(0, offset-1-last.Offset))
		}
		w.segments = append(w.segments, value.Segment{Offset: offset, Pos: last.Pos})
	default:
		for _, s := range v.Segments {
			s.Offset += offset
			w.segments = append(w.segments, s)
		}
	}
	w.sql.WriteString(v.S)
}

func (w *writer) puts(s string) {
	if s == "" {
		return
	}
	w.segments = append(w.segments, value.Segment{Offset: w.sql.Len(), Pos: w.pos})
	w.sql.WriteString(s)
}

// hole writes what is not known.
func (w *writer) hole(v value.Value) {
	h := Hole{Offset: w.sql.Len(), Pos: w.pos}
	switch v := v.(type) {
	case *value.Hole:
		w.cut = w.cut || v.Cut
		h.Kind, h.Expr, h.Type = v.Kind, v.Expr, v.Type
	case *value.Param:
		h.Type = v.Type
	}
	w.holes = append(w.holes, h)
	w.puts(sqlast.HoleMark)
}

// join writes the elements of a list with separators.
func (w *writer) join(j *value.Join, depth int) {
	list, known := w.settled(j.List, depth).(*value.List)
	if !known {
		w.puts(j.Before)
		w.value(j.List, depth+1)
		w.puts(j.Behind)
		return
	}
	elems, optional := w.elements(list.Elems, depth)
	if len(elems) == 0 {
		return
	}
	w.puts(j.Before)
	for i, e := range elems {
		start := w.sql.Len()
		switch {
		case i > 0 && j.By != nil:
			w.value(j.By, depth+1)
		case i > 0:
			w.puts(j.Sep)
		}
		w.value(e, depth+1)
		w.mark(optional[e], start)
	}
	w.puts(j.Behind)
}
