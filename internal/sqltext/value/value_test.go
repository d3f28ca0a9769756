package value

import (
	"bytes"
	"encoding/gob"
	"go/ast"
	"go/token"
	"go/types"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/model"
)

func text(s string) *Text { return &Text{S: s} }

func at(s string, pos token.Pos) *Text { return Static(s, pos) }

func param(i int) *Param { return &Param{Index: i} }

func TestConcat(t *testing.T) {
	t.Parallel()
	a, b := text("a"), text("b")
	if v := Concat(nil, Empty, text("")); v != Value(Empty) {
		t.Errorf("nothing is %#v", v)
	}
	if v := Concat(Empty, a); v != Value(a) {
		t.Errorf("one part is %#v", v)
	}
	if v := Concat(Concat(a, b), Concat(b, param(1))); Sketch(v) != "abb$1" || parts(v) != 4 {
		t.Errorf("parts of parts are %s", Sketch(v))
	}
	many := make([]Value, maxParts+1)
	for i := range many {
		many[i] = a
	}
	if v := Concat(many...); !IsCut(v) {
		t.Errorf("too many parts are %T", v)
	}
}

func TestExtend(t *testing.T) {
	t.Parallel()
	a, b, p := text("a"), text("b"), param(1)
	list := &List{Elems: []Value{a}, Type: "example.com/p.List", Junction: Or}
	for _, c := range []struct {
		got  Value
		want string
	}{
		{Extend(nil, a), "[a]"},
		{Extend(list, b), "[a,b]"},
		{Extend(p, a), "[$1...,a]"},
		{Spread(list, Elements(b, b)), "[a,b,b]"},
		{Spread(list, p), "[a,$1...]"},
	} {
		if got := Sketch(c.got); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if l := Extend(list, b).(*List); l.Type != list.Type || l.Junction != Or || len(list.Elems) != 1 {
		t.Errorf("a longer list is %+v, the list %+v", l, list)
	}
	if v := Extend(&List{Elems: make([]Value, maxParts)}, a); !IsCut(v) {
		t.Errorf("too many elements are %T", v)
	}
}

func TestThen(t *testing.T) {
	t.Parallel()
	step := func(name string) *Step { return &Step{Library: "lib", Method: name} }
	c := Then(Then(Empty, step("A")), step("B")).(*Chain)
	if c.Library != "lib" || c.Root != Value(Empty) || len(c.Steps) != 2 {
		t.Errorf("chain %+v", c)
	}
	unseen := Then(param(1), &Unseen{}).(*Chain)
	if unseen.Library != "" {
		t.Errorf("what is out of sight is of %q", unseen.Library)
	}
	known := Substitute(Then(unseen, step("C")), 0, map[int]Value{1: c}, token.NoPos, false).(*Chain)
	if Sketch(known) != ".A().B().….C()" || known.Library != "lib" {
		t.Errorf("%s of %q", Sketch(known), known.Library)
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	a, b, c := at("a", 1), at("b", 2), at("c", 3)
	step := func(name string, pos token.Pos) *Step {
		return &Step{Origin: Origin{Pos: pos}, Library: "lib", Method: name}
	}
	one := Then(Empty, step("A", 1))
	base := &Record{Parts: []Value{&Entry{Name: "x", Of: a}}}
	for _, x := range []struct {
		alternatives []Value
		want         string
	}{
		{[]Value{a, a}, "a"},
		{[]Value{a, at("a", 1)}, "a"},
		{[]Value{a, at("a", 2)}, "{a|a}"},
		{[]Value{Concat(a, b), a}, "a{b|}"},
		{[]Value{a, Concat(a, b), Concat(a, c)}, "a{|b|c}"},
		{[]Value{Concat(a, b), Concat(b, c)}, "{ab|bc}"},
		{[]Value{Elements(a, b), Elements(a)}, "[a,{[b]|[]}]"},
		{[]Value{Elements(a), Empty}, "[{[a]|[]}]"},
		{[]Value{Elements(a), b}, "{[a]|b}"},
		{[]Value{Then(one, step("B", 2)), one}, ".A().{[B()]|[]}"},
		{[]Value{one, Then(Empty, step("C", 3))}, ".{[A()]|[C()]}"},
		{[]Value{one, a}, "{.A()|a}"},
		{[]Value{base.With("y", b), base}, "[x:a,{[y:b]|[]}]"},
		{[]Value{base, param(1)}, "[{[x:a]|[$1]}]"},
		{[]Value{param(1), param(2)}, "{$1|$2}"},
	} {
		if got := Sketch(Choose("key", nil, x.alternatives...)); got != x.want {
			t.Errorf("got %s, want %s", got, x.want)
		}
	}
}

func TestChoiceKeepsItsCondition(t *testing.T) {
	t.Parallel()
	cond := &Mention{Of: param(3), Word: "where"}
	v := Choose("key", cond, Concat(at("a", 1), at("b", 2)), at("a", 1)).(*Sequence)
	c := v.Parts[1].(*Choice)
	if c.Key != "key" || c.Cond != Value(cond) || !HasParam(c) {
		t.Errorf("%+v", c)
	}
	if Sketch(c) != "{b|}" || Sketch(cond) != "$3 has where" {
		t.Errorf("%s, %s", Sketch(c), Sketch(cond))
	}
}

type fields map[string]Value

func (f fields) Unset(name string) Value { return f[name] }

func TestRecord(t *testing.T) {
	t.Parallel()
	a, b, c := at("a", 1), at("b", 2), at("c", 3)
	r := &Record{Type: "example.com/p.T", Shape: fields{"unset": Empty}}
	set := r.With("x", a).(*Record).With("y", b).(*Record).With("x", c).(*Record)
	either := Choose("key", nil, set.With("x", a), set).(*Record)
	for _, x := range []struct {
		of   *Record
		name string
		want string
	}{
		{set, "x", "c"}, {set, "y", "b"}, {set, "unset", ""},
		{set.With(AnyName, a).(*Record), "x", "c"},
		{either, "x", "{a|c}"}, {either, "y", "b"},
		{&Record{Parts: []Value{param(1), &Entry{Name: "x", Of: a}}}, "x", "a"},
		{&Record{Parts: []Value{param(1), &Entry{Name: "x", Of: a}}}, "y", "$1.y"},
		{Loose(set, &Unseen{}, nil).(*Record), "x", "c_"},
		{Loose(set, &Unseen{}, nil).(*Record).With("x", a).(*Record), "x", "a"},
		{Choose("key", nil, Loose(set, &Unseen{}, nil), set).(*Record), "x", "c{_|}"},
		{&Record{Parts: []Value{Loose(param(1), &Unseen{}, nil)}}, "x", "$1.x…"},
	} {
		if got := x.of.Lookup(x.name); got == nil || Sketch(got) != x.want {
			t.Errorf("%s of %s is %s, want %s", x.name, Sketch(x.of), Sketch(got), x.want)
		}
	}
	for _, unknown := range []Value{
		set.Lookup("z"), Field(text("a"), "x"), Field(&Choice{Alternatives: []Value{set, a}}, "x"),
	} {
		if unknown != nil {
			t.Errorf("got %s for a field that is not known", Sketch(unknown))
		}
	}
	if got := Field(&Choice{Key: "key", Alternatives: []Value{set, r.With("x", a)}}, "x"); Sketch(got) != "{c|a}" {
		t.Errorf("a field of alternatives is %s", Sketch(got))
	}
	for i := range maxParts + 1 {
		set = &Record{Parts: append(set.Parts, &Entry{Name: string(rune(i))})}
	}
	if v := set.With("one more", a); !IsCut(v) {
		t.Errorf("too many entries are %T", v)
	}
}

func TestLookupIsBounded(t *testing.T) {
	t.Parallel()
	r := (&Record{}).With("x", at("a", 1)).(*Record)
	for i := range 40 { // 2⁴⁰ ways
		pos := token.Pos(i)
		alternative := Elements(&Entry{Name: "y", Of: at("b", pos)})
		r = &Record{Parts: append(slices.Clip(r.Parts), &Choice{Key: string(rune('a' + i)), Alternatives: []Value{Elements(), alternative}})}
	}
	r.Lookup("y")
	r.Lookup("x")
}

func TestText(t *testing.T) {
	t.Parallel()
	lit := &ast.BasicLit{ValuePos: 10, Kind: token.STRING, Value: `"a\tb'?'?"`}
	v := Literal(lit).(*Text)
	want := []Segment{{0, 11, true}, {2, 14, true}}
	if v.S != "a\tb'?'?" || !reflect.DeepEqual(v.Segments, want) {
		t.Errorf("literal %+v", v)
	}
	if part := v.Slice(2, 4); part.S != "b'" || part.Pos != 14 {
		t.Errorf("slice %+v", part)
	}
	if v.Slice(0, len(v.S)) != v {
		t.Error("all of a text is another")
	}
	raw := Literal(&ast.BasicLit{ValuePos: 10, Kind: token.STRING, Value: "`a\r\nb`"}).(*Text)
	if raw.S != "a\nb" || len(raw.Segments) != 2 || raw.Segments[1] != (Segment{1, 13, true}) {
		t.Errorf("raw literal %+v", raw)
	}
	if Literal(&ast.BasicLit{Kind: token.INT, Value: "1"}) != nil {
		t.Error("a number is text")
	}
	for got, want := range map[Value]string{
		Replace(Concat(at("a ? b", 1), param(1), at("?", 2)), "?", text("x")):                   "a x b$1x",
		TrimSuffix(Concat(param(1), at("a, ", 1)), ", "):                                        "$1a",
		TrimSuffix(param(1), ", "):                                                              "$1",
		Fill(at("a = ? AND b IN (?)", 1), []Value{at("x", 1), Then(Empty, &Step{Method: "Q"})}): "a = x AND b IN (.Q())",
		Fill(at("a = ?", 1), []Value{Placeholder(1)}):                                           "a = ?",
		Fill(at("'?' = ?", 1), []Value{at("x", 1)}):                                             "'?' = x",
		Fill(at("a = ?, b = ?", 1), []Value{HoleAt(1, AnyHole), at("x", 1)}):                    "a = ?, b = x",
	} {
		if Sketch(got) != want {
			t.Errorf("got %s, want %s", Sketch(got), want)
		}
	}
	if s, ok := Plain(Concat(at("a", 1), at("b", 2))); s != "ab" || !ok {
		t.Errorf("plain %q", s)
	}
	if _, ok := Plain(Concat(at("a", 1), param(1))); ok {
		t.Error("a parameter is plain")
	}
}

func TestFormatted(t *testing.T) {
	t.Parallel()
	a, b := at("a", 1), at("b", 2)
	for _, c := range []struct {
		format   Value
		operands []Value
		want     string
	}{
		{at("x %s y %-5d%%", 1), []Value{a, b}, "x a y b%"},
		{at("%[2]s %[1]q", 1), []Value{a, b}, `b "a"`},
		{at("%s %s", 1), []Value{a}, "a _"},
		{at("%v", 1), []Value{Elements(a)}, "_"},
		{at("100%", 1), nil, "100%"},
		{at("%[x", 1), []Value{a}, "%[x"},
		{&Choice{Key: "k", Alternatives: []Value{at("%s", 1), at("%s %s", 2)}}, []Value{a, b}, "{a|a b}"},
		{param(1), []Value{a}, "format($1,a)"},
	} {
		if got := Sketch(Formatted(c.format, c.operands, 1)); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	later := Substitute(Formatted(param(0), []Value{a}, 1), 0, map[int]Value{0: at("<%s>", 5)}, 9, false)
	if Sketch(later) != "<a>" {
		t.Errorf("a format that a caller gives makes %s", Sketch(later))
	}
	if h := Formatted(at("%d", 1), []Value{Unknown(nil, nil)}, 1).(*Hole); h.Kind != NumberHole {
		t.Errorf("%%d is %+v", h)
	}
}

func TestSubstitute(t *testing.T) {
	t.Parallel()
	a := at("a", 1)
	fn := &Func{Base: FuncParam, Results: []Value{Concat(param(0), param(FuncParam)), nil}, Queries: []Query{{SQL: param(0)}}}
	got := Substitute(fn, 0, map[int]Value{0: a}, 7, false).(*Func)
	if Sketch(got) != "func(a$1000,_)" || Sketch(got.Queries[0].SQL) != "a" || Sketch(fn.Queries[0].SQL) != "$0" {
		t.Errorf("%s, query %s", Sketch(got), Sketch(got.Queries[0].SQL))
	}
	hole := Substitute(param(3), 0, nil, 7, false)
	if !IsHole(hole) || hole.At().Pos != 7 {
		t.Errorf("no argument is %+v", hole)
	}
	brought := Substitute(Concat(text("x"), at("y", 2), param(0)), 0, map[int]Value{0: a}, 7, true).(*Sequence)
	x, y, arg := brought.Parts[0].(*Text), brought.Parts[1].(*Text), brought.Parts[2]
	if x.Pos != 7 || len(x.Segments) != 1 || y.Pos != 2 || y.Via != 7 || arg != Value(a) {
		t.Errorf("brought %+v %+v %+v", x, y, arg)
	}
	if moved := Moved(brought).(*Sequence); moved.Parts[1].At().Pos != 7 || moved.Parts[2] != Value(a) {
		t.Errorf("moved %s", Sketch(moved))
	}
	spliced := Substitute(Extend(param(0), a), 0, map[int]Value{0: Elements(a, a)}, 7, false)
	if Sketch(spliced) != "[a,a,a]" {
		t.Errorf("a list of the caller's is %s", Sketch(spliced))
	}
	changed := Substitute((&Record{Parts: []Value{param(0)}}).With("y", a), 0, map[int]Value{0: (&Record{}).With("x", a)}, 7, false)
	if Sketch(changed) != "[x:a,y:a]" {
		t.Errorf("a record of the caller's is %s", Sketch(changed))
	}
	member := Substitute(Field(param(0), "x"), 0, map[int]Value{0: (&Record{}).With("x", a)}, 7, false)
	if Sketch(member) != "a" || !IsHole(Substitute(Field(param(0), "x"), 0, map[int]Value{0: a}, 7, false)) {
		t.Errorf("a field of the caller's is %s", Sketch(member))
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	var b Budget
	wide := Elements()
	for range 100 {
		inner := Elements()
		for range 100 {
			inner.Elems = append(inner.Elems, text("x"))
		}
		wide.Elems = append(wide.Elems, inner)
	}
	if v := b.Bring(Concat(param(0), wide), 0, nil, 1, true); !IsCut(v) {
		t.Errorf("a call brings %T", v)
	}
	if v := b.Bring(Concat(text("a"), param(0)), 0, map[int]Value{0: text("b")}, 1, true); Sketch(v) != "ab" {
		t.Errorf("a call brings %s", Sketch(v))
	}
	b.weight = maxWeights
	if v := b.Bring(Concat(text("a"), param(0)), 0, nil, 1, true); !IsCut(v) {
		t.Errorf("a call too many brings %T", v)
	}
	if !b.Spend(Elements(text("a"))) {
		t.Error("the first query is too much")
	}
	b.pieces = maxPieces
	if b.Spend(Elements(text("a"))) {
		t.Error("no query is too much")
	}
}

// random makes values with shared parts.
type random struct {
	*rand.Rand
	pool []Value
}

func (r *random) value(depth int) Value {
	if len(r.pool) > 0 && r.IntN(4) == 0 {
		return r.pool[r.IntN(len(r.pool))]
	}
	v := r.make(depth)
	r.pool = append(r.pool, v)
	return v
}

func (r *random) values(depth int) []Value {
	var values []Value
	for range r.IntN(4) {
		values = append(values, r.value(depth))
	}
	return values
}

func (r *random) make(depth int) Value {
	o := Origin{Pos: token.Pos(r.IntN(100)), Via: token.Pos(r.IntN(3)), Through: [][]dbapi.Name{nil, {"example.com/p.F"}}[r.IntN(2)]}
	d := depth - 1
	kind := r.IntN(20)
	if depth == 0 {
		kind = r.IntN(4)
	}
	switch kind {
	case 0:
		return &Text{o, string(rune('a' + r.IntN(26))), r.IntN(2) == 0, []Segment{{0, o.Pos, true}}}
	case 1:
		return &Hole{o, HoleKind(r.IntN(4)), ast.NewIdent("x"), types.Typ[types.Int], r.IntN(2) == 0}
	case 2:
		return &Param{o, r.IntN(3), types.Typ[types.String], r.IntN(2)}
	case 3:
		return &Unseen{Origin: o}
	case 4:
		return &Sequence{o, append(r.values(d), r.value(d))}
	case 5:
		return &List{o, r.values(d), "example.com/p.T", Junction(r.IntN(3)), r.IntN(2) == 0}
	case 6:
		return &Splice{o, r.value(d)}
	case 7:
		return &Choice{o, "key", []Value{nil, r.value(d)}[r.IntN(2)], append(r.values(d), r.value(d))}
	case 8:
		return &Record{o, "example.com/p.T", Holds(r.IntN(3)), fields{}, append(r.values(d), &Entry{Origin: o, Name: "x", Of: r.value(d)}), r.IntN(2) == 0}
	case 9:
		return &Member{o, r.value(d), "x"}
	case 10:
		return &Join{o, r.value(d), ", ", []Value{nil, r.value(d)}[r.IntN(2)], " WHERE ", ")"}
	case 11:
		return &Format{o, r.value(d), r.values(d)}
	case 12:
		return &Func{o, r.IntN(2) * FuncParam, append(r.values(d), nil), []Query{{SQL: r.value(d), Method: "p.Q", Named: true}}, []Change{{1, r.value(d)}}, types.NewSignatureType(nil, nil, nil, nil, nil, false)}
	case 13:
		return &Chain{o, "lib", "SELECT", r.value(d), append(r.values(d), r.value(d))}
	case 14:
		return &Step{o, "lib", "Where", r.values(d)}
	case 15:
		return &Object{o, &model.Table{Name: "users"}, Made(r.IntN(3)), r.values(d), r.IntN(2) == 0}
	case 16:
		return &Mention{o, r.value(d), "where"}
	case 17:
		return &Lent{o, r.value(d)}
	case 18:
		return &Unseen{o, &Param{Origin: o, Index: r.IntN(3)}, 1, r.IntN(2) == 0, "x"}
	}
	return NewEntry([]Value{nil, r.value(d), &Param{Origin: o}}[r.IntN(3)], r.value(d), o.Pos)
}

// TestGob holds values that are written and read to those that were bare, with the
// same parts shared.
func TestGob(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		r := &random{Rand: rand.New(rand.NewPCG(seed, 0))}
		v := Bare(r.value(6))
		read, n := roundTrip(t, v)
		if !reflect.DeepEqual(v, read) {
			t.Fatalf("seed %d: %s became %s", seed, Sketch(v), Sketch(read))
		}
		if nodes := count(v); n != nodes || count(read) != nodes {
			t.Fatalf("seed %d: %d nodes in a table of %d, %d when read", seed, nodes, n, count(read))
		}
	}
}

func roundTrip(t *testing.T, v Value) (read Value, entries int) {
	t.Helper()
	type saved struct {
		Table Table
		N     int
	}
	var before, after saved
	before.N = before.Table.Number(v)
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(before); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewDecoder(&b).Decode(&after); err != nil {
		t.Fatal(err)
	}
	after.Table.Restore()
	return after.Table.Value(after.N), len(after.Table.Values)
}

// count returns the number of nodes, those of queries included.
func count(v Value) int {
	seen := map[Value]bool{}
	weigh(v, seen)
	return len(seen)
}

func TestGobSharesParts(t *testing.T) {
	t.Parallel()
	var deep Value = text("x") // a tree of 2⁶⁴ leaves
	for range 64 {
		deep = &Sequence{Parts: []Value{deep, deep}}
	}
	read, n := roundTrip(t, deep)
	if s := read.(*Sequence); n != 65 || s.Parts[0] != s.Parts[1] {
		t.Errorf("%d values, %v", n, s.Parts[0] == s.Parts[1])
	}
}

// TestRewrite holds rewriting that changes nothing to give the value itself, and
// any other to leave the value as it was.
func TestRewrite(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		r := &random{Rand: rand.New(rand.NewPCG(seed, 1))}
		v := r.value(6)
		if w := Rewrite(v, func(v Value) Value { return v }); w != v {
			t.Fatalf("seed %d: %s became %s", seed, Sketch(v), Sketch(w))
		}
		before := Sketch(v)
		w := Substitute(v, 0, map[int]Value{0: at("zero", 1), 1: Elements(at("one", 1))}, 9, true)
		if Sketch(v) != before {
			t.Fatalf("seed %d: %s is %s now", seed, before, Sketch(v))
		}
		if Has(w, func(v Value) bool { p, ok := v.(*Param); return ok && p.Index < 3 }) {
			t.Fatalf("seed %d: a parameter is left in %s", seed, Sketch(w))
		}
	}
}

func TestBare(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := &random{Rand: rand.New(rand.NewPCG(seed, 2))}
		Walk(Bare(r.value(6)), map[Value]bool{}, func(v Value) {
			if o := v.At(); o.Pos.IsValid() || o.Via.IsValid() {
				t.Fatalf("seed %d: %T has a position", seed, v)
			}
		})
	}
	sunk := &Func{Queries: []Query{{SQL: at("a", 1), Sink: sink{}}, {SQL: at("b", 2)}}}
	if f := Bare(sunk).(*Func); len(f.Queries) != 1 || f.Queries[0].SQL.At().Pos.IsValid() {
		t.Errorf("queries %+v", f.Queries)
	}
}

type sink struct{}

func (sink) Complete(Value) {}

func TestSketchIsBounded(t *testing.T) {
	t.Parallel()
	var v Value = text("x")
	for range 100 {
		v = Elements(v, v)
	}
	if s := Sketch(v); len(s) > 2000 || !strings.Contains(s, "_") {
		t.Errorf("%d bytes", len(s))
	}
}

func TestThrough(t *testing.T) {
	t.Parallel()
	a := text("a")
	b := Through(Through(a, "p.F"), "p.G")
	if !slices.Equal(b.At().Through, []dbapi.Name{"p.F", "p.G"}) || a.Through != nil {
		t.Errorf("through %v, before %v", b.At().Through, a.Through)
	}
	if f := (&Func{}); Through(f, "p.F") != Value(f) {
		t.Error("a function passes")
	}
}

// TestLoose holds what becomes of values that code out of sight has had hold of.
func TestLoose(t *testing.T) {
	t.Parallel()
	chain := Then(Empty, &Step{Method: "From"})
	for _, x := range []struct {
		of   Value
		want string
	}{
		{text("a"), "a_"}, {Concat(text("a"), param(1)), "a$1_"}, {param(1), "$1…"}, {chain, ".From().…"},
		{Elements(text("a")), "[a,_]"}, {&Record{}, "[…]"}, {&Hole{}, "_"}, {&Choice{Key: "k", Alternatives: []Value{chain, param(1)}}, "{.From().…|$1…}"},
	} {
		got := Loose(x.of, &Unseen{}, nil)
		if Sketch(got) != x.want {
			t.Errorf("%s becomes %s, want %s", Sketch(x.of), Sketch(got), x.want)
		}
		if again := Loose(got, &Unseen{}, nil); Sketch(again) != x.want {
			t.Errorf("%s becomes %s the second time", Sketch(got), Sketch(again))
		}
	}
	deep := Value(&Choice{Key: "k", Alternatives: []Value{chain, param(1)}})
	for range 60 { // as a tree, it would have more nodes than there is memory
		deep = &Choice{Key: "k", Alternatives: []Value{deep, param(2), deep}}
	}
	if n := count(Loose(deep, &Unseen{}, nil)); n > 300 {
		t.Errorf("%d nodes of %d", n, count(deep))
	}
}

// TestAdded holds what functions that callers give add to what their own text is.
func TestAdded(t *testing.T) {
	t.Parallel()
	where := func(s string) *Func {
		return &Func{Results: []Value{Then(param(0), &Step{Method: s})}, Changes: []Change{{1, Concat(param(1), text(s))}}}
	}
	field := &Func{Changes: []Change{{0, &Record{Parts: []Value{param(0), &Entry{Name: "x", Of: Concat(&Member{Of: param(0), Name: "x"}, text("b"))}}}}}}
	chain := Then(Then(Empty, &Step{Method: "From"}), &Unseen{By: param(5), Returned: true})
	list := Then(Then(Empty, &Step{Method: "From"}), &Unseen{By: &Splice{Of: param(5)}, Returned: true})
	plain := Concat(text("a"), &Unseen{By: param(5), Param: 1})
	record := Loose(&Record{Parts: []Value{&Entry{Name: "x", Of: text("a")}}}, &Unseen{By: param(5)}, nil)
	for _, x := range []struct {
		of, by Value
		want   string
	}{
		{chain, where("A"), ".From().[A()]..."},
		{chain, &Func{}, ".From().…"},
		{chain, &Hole{}, ".From().…"},
		{chain, &Choice{Key: "k", Alternatives: []Value{where("A"), where("B")}}, ".From().{[A()]...|[B()]...}"},
		{chain, param(6), ".From().…"},
		{list, Elements(where("A"), where("B")), ".From().[[A()]...,[B()]...]..."},
		{list, Elements(), ".From()."},
		{plain, where("A"), "aA"},
		{plain, field, "a"},
		{Field(record, "x"), field, "ab"},
		{&Member{Of: record, Name: "x"}, field, "ab"},
	} {
		if got := Sketch(Substitute(x.of, 0, map[int]Value{5: x.by}, 1, false)); got != x.want {
			t.Errorf("%s with %s is %s, want %s", Sketch(x.of), Sketch(x.by), got, x.want)
		}
	}
	if !Pends(chain) || Pends(Substitute(chain, 0, nil, 1, false)) {
		t.Error("a function that callers know pends, one that nobody knows does not")
	}
}
