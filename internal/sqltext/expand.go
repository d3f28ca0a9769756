package sqltext

import (
	"go/token"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqlast"
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
func expand(v *value, pos, end token.Pos) []*Text {
	if v.Kind == text && len(v.segments) > 0 {
		return []*Text{{SQL: v.Text, Through: v.Through, segments: v.segments}}
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

// sensible drops texts with an empty list, unless there is no other.
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
func conditions(v *value) (optional, exclusive map[string]int) {
	optional, exclusive = map[string]int{}, map[string]int{}
	walk(v, map[*value]bool{}, func(v *value) {
		if v.Kind != either || v.Cond != nil && v.Cond.settled() {
			return
		}
		full := -1
		for i, kid := range v.Kids {
			if isNil(kid) {
				continue
			}
			if full >= 0 {
				full = len(v.Kids)
				break
			}
			full = i
		}
		if old, ok := optional[v.Key]; full < len(v.Kids) && full >= 0 && len(v.Kids) == 2 && (!ok || old == full) && exclusive[v.Key] == 0 {
			optional[v.Key] = full
		} else {
			delete(optional, v.Key)
			exclusive[v.Key] = max(exclusive[v.Key], len(v.Kids))
		}
	})
	return optional, exclusive
}

// settled reports whether it can be told if v holds anything.
func (v *value) settled() bool {
	if v.Kind == mention {
		v = v.Kids[0]
	}
	return v.Kind != hole && v.Kind != param && v.Kind != member
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
	segments []segment
	spans    []sqlast.Span
	through  []dbapi.Name
	pos      token.Pos // of the innermost node that has one
	work     int
	cut      bool // a bound left something out
}

func (w *writer) text() *Text {
	return &Text{SQL: w.sql.String(), Holes: w.holes, Optional: w.spans, Through: w.through, Cut: w.cut, segments: w.segments}
}

// pick returns the alternative that is taken of an either.
func (w *writer) pick(v *value, depth int) (kid *value, optional bool) {
	i := 0
	full, isOptional := w.optional[v.Key]
	switch {
	case v.Cond != nil && v.Cond.settled():
		if w.isEmpty(v.Cond, depth+1) {
			i = 1
		}
	case isOptional:
		i = full
		if !w.on {
			i = 1 - full
		}
		optional = w.on
	default:
		i = w.picks[v.Key]
	}
	return v.Kids[min(i, len(v.Kids)-1)], optional
}

// isEmpty reports whether a text or list holds nothing in this alternative, or
// does not mention its word.
func (w *writer) isEmpty(v *value, depth int) bool {
	if w.work++; depth > maxNest || w.work > maxWork {
		return false
	}
	switch v.Kind {
	case text:
		return v.Text == ""
	case either:
		kid, _ := w.pick(v, depth)
		return w.isEmpty(kid, depth+1)
	case sequence, list, record:
		for _, kid := range v.Kids {
			if !w.isEmpty(kid, depth+1) || v.Kind == list && kid.Kind != either {
				return false
			}
		}
		return true
	case junction:
		return w.isEmpty(v.Kids[0], depth+1)
	case mention:
		own := &writer{picks: w.picks, optional: w.optional, on: w.on, work: w.work}
		own.value(v.Kids[0], depth+1)
		w.work = own.work
		return !strings.Contains(strings.ToLower(own.sql.String()), v.Text)
	}
	return false
}

// elements returns the elements of a list, chain or record in this alternative,
// and which of them are there on some condition only.
func (w *writer) elements(v *value, depth int) (kids []*value, optional map[*value]bool) {
	optional = map[*value]bool{}
	w.collect(v, depth, false, &kids, optional)
	return kids, optional
}

func (w *writer) collect(v *value, depth int, under bool, kids *[]*value, optional map[*value]bool) {
	if w.work++; depth > maxNest || w.work > maxWork {
		w.cut = true
		return
	}
	for i, kid := range v.Kids {
		if kid.Kind == either && !(v.Kind == chain && i == 0) {
			taken, opt := w.pick(kid, depth)
			for taken.Kind == either {
				taken, opt = w.pick(taken, depth)
			}
			if taken.Kind == list {
				w.collect(taken, depth+1, under || opt, kids, optional)
				continue
			}
			kid = taken
		}
		*kids = append(*kids, kid)
		if under {
			optional[kid] = true
		}
	}
}

// value writes v.
func (w *writer) value(v *value, depth int) {
	if w.work++; depth > maxNest || w.work > maxWork || w.sql.Len() > maxLength {
		w.cut = true
		return
	}
	if v.pos.IsValid() {
		defer func(pos token.Pos) { w.pos = pos }(w.pos)
		w.pos = v.pos
	}
	w.through = append(w.through, v.Through...)
	switch v.Kind {
	case text:
		w.known(v)
	case sequence:
		for _, kid := range v.Kids {
			w.value(kid, depth+1)
		}
	case either:
		kid, optional := w.pick(v, depth)
		start := w.sql.Len()
		w.value(kid, depth+1)
		w.mark(optional, start)
	case junction:
		w.junction(v, depth)
	case chain:
		w.chain(v, depth)
	case list:
		if strings.HasSuffix(v.Text, "And") || strings.HasSuffix(v.Text, "Or") {
			w.conditions(v, depth)
			return
		}
		w.junction(joined(v, ", ", v.pos), depth)
	case object:
		w.table(v)
	case record:
		w.conditions(v, depth)
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

func (w *writer) known(v *value) {
	offset := w.sql.Len()
	switch n := len(w.segments); {
	case len(v.segments) == 0:
		w.segments = append(w.segments, segment{offset: offset, pos: w.pos})
	case n > 0 && (v.pos < w.start || v.pos >= w.end) && bareName.MatchString(v.Text):
		last := w.segments[n-1]
		if last.exact {
			last.pos += token.Pos(max(0, offset-1-last.offset))
		}
		w.segments = append(w.segments, segment{offset: offset, pos: last.pos})
	default:
		for _, s := range v.segments {
			s.offset += offset
			w.segments = append(w.segments, s)
		}
	}
	w.sql.WriteString(v.Text)
}

func (w *writer) puts(s string) {
	w.segments = append(w.segments, segment{offset: w.sql.Len(), pos: w.pos})
	w.sql.WriteString(s)
}

func (w *writer) hole(v *value) {
	w.cut = w.cut || v.cut
	w.holes = append(w.holes, Hole{Offset: w.sql.Len(), Kind: v.Hole, Pos: w.pos, Expr: v.expr, Type: v.typ})
	w.puts(sqlast.HoleMark)
}

func (w *writer) junction(v *value, depth int) {
	if kid := v.Kids[0]; kid.Kind != list && kid.Kind != either {
		w.value(kid, depth+1)
		return
	}
	l := v.Kids[0]
	for l.Kind == either {
		l, _ = w.pick(l, depth)
	}
	kids, optional := w.elements(l, depth)
	for i, kid := range kids {
		start := w.sql.Len()
		switch {
		case i > 0 && len(v.Kids) > 1:
			w.value(v.Kids[1], depth+1)
		case i > 0:
			w.puts(v.Text)
		}
		w.value(kid, depth+1)
		w.mark(optional[kid], start)
	}
}
