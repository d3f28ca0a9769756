package flow

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"testing"
)

// tell tells a store: what takes the value, what is at the start of it, and the value.
func tell(s *Store) string {
	to, root := "-", ""
	if s.To != nil {
		to = s.To.Name()
	}
	if s.Elem {
		to += "[]"
	}
	if s.Root != nil && s.Root != s.To {
		root = " of " + s.Root.Name()
	}
	if s.Key != "" {
		root += fmt.Sprintf(" as %q", s.Key)
	}
	from := ""
	if s.Range {
		from = "range "
	}
	from += types.ExprString(s.Src)
	if s.Result > 0 {
		from += fmt.Sprint(" #", s.Result)
	}
	return to + root + " <- " + from
}

func TestStores(t *testing.T) {
	t.Parallel()
	const decls = `
		type T struct { a int; b *T; list []int; byName map[string]int; E }
		type E struct { deep int }
		type Box[V any] struct { value V }
		func one() int { return 1 }
		func two() (int, error) { return 1, nil }
		var global int
		`
	tests := []struct{ name, body, want string }{
		{"definition, assignment, declaration", "x := 1; x = 2; var y = x; var z int; _, _, _ = x, y, z", "x <- 1\nx <- 2\ny <- x"},
		{"several at once", "x, y := 1, 2; x, y = y, x", "x <- 1\ny <- 2\nx <- y\ny <- x"},
		{"results", "x, err := two(); _, err = two(); var y, e = two(); _, _, _, _ = x, err, y, e",
			"x <- two()\nerr <- two() #1\nerr <- two() #1\ny <- two()\ne <- two() #1"},
		{"the forms with ok", "var m map[string]int; x, ok := m[``]; var a any; y, ok := a.(int); var c chan int; z, ok := <-c; _, _, _, _ = x, y, z, ok",
			"x <- m[``]\nok <- m[``] #1\ny <- a.(int)\nok <- a.(int) #1\nz <- <-c\nok <- <-c #1"},
		{"with an operator", "x := 1; x += 2; x++", "x <- 1\nx <- 2\nx <- x"},
		{"blank", "_ = 1; _, _ = two(); var _ = one()", ""},
		{"variable of the package", "global = 1; func() { global = 2 }()", "global <- 1"},
		{"captured", "x := 1; func() { x = 2 }(); _ = x", "x <- 1"},
		{"field", "var t T; t.a = 1; t.b.a = 2; t.deep = 3; t.E.deep = 4; (&t).a = 5",
			"a of t as \"a\" <- 1\na of t as \"a\" <- 2\ndeep of t as \"deep\" <- 3\ndeep of t as \"deep\" <- 4\na of t as \"a\" <- 5"},
		{"field of a result", "get := func() *T { return nil }; get().a = 1", "get <- (func() *T literal)\na as \"a\" <- 1"},
		{"behind a pointer", "p := new(int); *p = 1; t := new(T); (*t).a = 2; *t.b = T{}", "p <- new(int)\np <- 1\nt <- new(T)\na of t as \"a\" <- 2\nb of t <- T{}"},
		{"element", "s := []int{1}; s[0] = 2; m := map[string]int{}; m[`k`] = 3; const k = `c`; m[k] = 4; m[string(rune(one()))] = 5",
			"s <- []int{…}\ns[] <- 2\nm <- map[string]int{}\nm[] as \"k\" <- 3\nm[] as \"c\" <- 4\nm[] <- 5"},
		{"element of an element", "var m map[string]map[string]int; m[`a`][`b`] = 1", "m[] as \"b\" <- 1"},
		{"element of a field", "var t T; t.list[0] = 1; t.byName[`k`] = 2; t.b.list[1] = 3",
			"list[] of t <- 1\nbyName[] of t as \"k\" <- 2\nlist[] of t <- 3"},
		{"field of an element", "var ts []T; ts[0].a = 1", "a of ts as \"a\" <- 1"},
		{"sent", "ch := make(chan int, 1); ch <- 1; select { case ch <- 2: case x := <-ch: _ = x }", "ch <- make(chan int, 1)\nch[] <- 1\nch[] <- 2\nx <- <-ch"},
		{"range", "for i, x := range []int{1} { _, _ = i, x }; for range 3 {}; var t T; for t.a = range 3 {}; for _, t.list[0] = range []int{2} {}",
			"i <- range []int{…}\nx <- range []int{…}\na of t as \"a\" <- range 3\nlist[] of t <- range []int{…}"},
		{"type switch", "var x any = 1; switch y := x.(type) { case int: _ = y; case string, error: _ = y; default: _ = y }; switch x.(type) {}",
			"x <- 1\ny <- x.((ast: <nil>))\ny <- x.((ast: <nil>))\ny <- x.((ast: <nil>))"},
		{"literal by key and by place", "_ = T{a: 1, E: E{2}}; _ = &T{b: &T{a: 3}}; _ = T{}",
			"a as \"a\" <- 1\nE as \"E\" <- E{…}\ndeep as \"deep\" <- 2\nb as \"b\" <- &T{…}\na as \"a\" <- 3"},
		{"literals in a literal", "_ = []E{{1}, {deep: 2}}; _ = []*E{{3}}; _ = map[string]E{`k`: {4}}; _ = [1]struct{ x int }{{5}}",
			"deep as \"deep\" <- 1\ndeep as \"deep\" <- 2\ndeep as \"deep\" <- 3\ndeep as \"deep\" <- 4\nx as \"x\" <- 5"},
		{"generic type", "b := Box[int]{value: 1}; _ = Box[string]{``}; b.value = 2", "b <- Box[int]{…}\nvalue as \"value\" <- 1\nvalue as \"value\" <- ``\nvalue of b as \"value\" <- 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := load(t, decls+"func run() { "+tt.body+" }")
			var got []string
			for _, s := range find(t, p, "run").Stores {
				got = append(got, tell(s))
			}
			lines(t, got, tt.want)
		})
	}
}

func TestIntoAndFrom(t *testing.T) {
	t.Parallel()
	p := load(t, `
		type Box[V any] struct { value V; all map[string]V }
		func two() (int, int) { return 1, 2 }
		var x, y = two()
		func run(b Box[int], c Box[string], m map[string]int) {
			b.value, b.all["k"] = two()
			c.value = ("")
			_ = Box[int]{value: x}
			m["k"] = x
			func() { x = y }()
			use(&x)
		}
		func use(*int) {}`)
	for name, want := range map[string]int{"x": 2, "y": 1, "value": 3, "all": 1, "b": 2, "c": 1, "m": 1} {
		v := variable(t, p, name).(*types.Var)
		if got := p.Into(v); len(got) != want {
			t.Errorf("%d stores into %s, want %d", len(got), name, want)
		}
	}
	b, all, m := variable(t, p, "b").(*types.Var), variable(t, p, "all").(*types.Var), variable(t, p, "m").(*types.Var)
	stores := p.Into(b)
	value, element, entry := stores[0], stores[1], p.Into(m)[0]
	if value.Whole(b) || !value.Whole(value.To) || value.KeyIn(b) != "value" || value.KeyIn(value.To) != "" {
		t.Error("b takes a part, its field value all")
	}
	if element.Whole(all) || element.KeyIn(all) != "k" || element.KeyIn(b) != "k" || entry.Whole(m) || entry.KeyIn(m) != "k" {
		t.Error("a map takes an element")
	}
	if from := p.From(element.Src); len(from) != 2 || from[0] != value || from[1] != element {
		t.Errorf("%d stores take the results of two, want 2", len(from))
	}
	paren := p.Into(variable(t, p, "c").(*types.Var))[0].Src
	if len(p.From(paren)) != 1 || len(p.From(ast.Unparen(paren))) != 1 {
		t.Error("parentheses make no difference")
	}
	inner := find(t, p, "run$1")
	if len(inner.Stores) != 1 || inner.Stores[0].In != inner || inner.Stores[0].To != variable(t, p, "x") {
		t.Error("the literal's store is its own")
	}
}

func TestRoot(t *testing.T) {
	t.Parallel()
	p := load(t, `import "example.com/other"
		type T struct{ f *T; list []T }
		func get() T { return T{} }
		func run(x T, p *T) {
			use(x, x.f, x.f.list[0].f, &x.f, *p, (*p).f, (x), x.list[0], get().f, get(), other.Default, 1, x.list[1:], any(x).(T).f)
		}
		func use(...any) {}`)
	info := p.code().info
	var got []string
	for _, arg := range find(t, p, "run").Calls[0].Expr.Args {
		root, v := "-", "-"
		if r := Root(info, arg); r != nil {
			root = r.Name()
		}
		if w := Var(info, arg); w != nil {
			v = w.Name()
		}
		got = append(got, types.ExprString(arg)+": "+root+" "+v)
	}
	lines(t, got, `
		x: x x
		x.f: x f
		x.f.list[0].f: x f
		&x.f: x f
		*p: p p
		(*p).f: p f
		(x): x x
		x.list[0]: x -
		get().f: - f
		get(): - -
		other.Default: Default Default
		1: - -
		x.list[1:]: - -
		any(x).(T).f: - f`)
}

func TestParts(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"x": "", "x.f": "x ", "[]int{1, 2}": "1 2 ", "T{a: 1}": "1 ", "x + y": "x y ", "-x": "x ", "*x": "x ",
		"(x)": "x ", "x[i]": "x ", "x[1:2]": "x ", "x.(T)": "x ", "f(x)": "", "func() {}": "",
	}
	for source, want := range tests {
		e, err := parser.ParseExpr(source)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, part := range Parts(new(types.Info), e) {
			got += types.ExprString(part) + " "
		}
		if got != want {
			t.Errorf("the parts of %s are %q, want %q", source, got, want)
		}
	}
	sel, _ := parser.ParseExpr("pkg.Name")
	pkg := types.NewPkgName(0, nil, "pkg", types.NewPackage("pkg", "pkg"))
	info := &types.Info{Uses: map[*ast.Ident]types.Object{sel.(*ast.SelectorExpr).X.(*ast.Ident): pkg}}
	if parts := Parts(info, sel); len(parts) != 1 || types.ExprString(parts[0]) != "Name" {
		t.Errorf("a name of a package has the parts %v", parts)
	}
}
