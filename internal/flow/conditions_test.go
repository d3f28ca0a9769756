package flow

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestConditions(t *testing.T) {
	t.Parallel()
	// In brackets stand those that the place stands in no arm of; a star says that other code may give the same.
	tests := []struct{ name, body, want string }{
		{"none", "place()", ""},
		{"arm", "if a { place() }", "a"},
		{"arm that returns", "if a { place(); return 1 }", "a*"},
		{"arm beside another", "if a { place() } else { b = true }", "a*"},
		{"else", "if a { b = true } else { place() }", "!a*"},
		{"else if", "if a { b = true } else if b { place() }", "b !a*"},
		{"within", "if a { if b { place() } }", "b a"},
		{"guard", "if a { return 1 }\nplace()", "[!a*]"},
		{"guard that ends the test", "if a { fatal() }\nplace()", "[!a]"},
		{"guard that panics", "if a { panic(1) }\nplace()", "[!a]"},
		{"guard that goes on", "for { if a { continue }\nplace() }", "[!a]"},
		{"no guard", "if a { b = true }\nplace()", ""},
		{"guard around", "if a { return 1 }\nif b { place() }", "b [!a*]"},
		{"chain of guards", "if a { return 1 } else if b { return 2 }\nplace()", "[!a*] [!b*]"},
		{"chain of one guard", "if a { c = 1 } else if b { return 2 }\nplace()", ""},
		{"other arm leaves", "if a { c = 1 } else { return 1 }\nplace()", "[a*]"},
		{"and", "_ = a && place()", "a"},
		{"or", "_ = a || place()", "!a"},
		{"case", "switch { case a: place() }", "a"},
		{"second case", "switch { case a: c = 1\ncase b: place() }", "b* !a*"},
		{"case of two", "switch { case a, b: place() }", ""},
		{"default", "switch { case a, b: c = 1\ndefault: place() }", "!a* !b*"},
		{"case that another falls into", "switch { case a: fallthrough\ncase b: place() }", ""},
		{"case behind one that falls", "switch { case a: fallthrough\ncase b: c = 1\ncase d: place() }", "d* !a* !b*"},
		{"case that leaves", "switch { case a: return 1\ncase b: c = 1 }\nplace()", "[!a*]"},
		{"case that leaves behind one that does not", "switch { case a: c = 1\ncase b: return 1 }\nplace()", ""},
		{"default that does not leave", "switch { default: c = 1\ncase b: return 1 }\nplace()", "[!b*]"},
		{"case that breaks", "switch { case a: break }\nplace()", ""},
		{"guard in a case", "switch { case a: if b { break }\nplace() }", "[!b] a"},
		{"tag", "switch c { case 1, 2: place() }", "c among 1 2"},
		{"tag of others", "switch c { case 1: a = true\ndefault: place() }", "!c among 1*"},
		{"tag that leaves", "switch c { case 1: return 1 }\nplace()", "[!c among 1*]"},
		{"literal", "if a { _ = func() { if b { place() } } }", "b"},
		{"type switch", "switch x.(type) { case error: place() }", ""},
		{"select", "select { default: if a { return 1 }\nplace() }", "[!a*]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := load(t, "var a, b, d bool; var c int; var x any; func place() bool; func fatal() { for {} }\nfunc run() int {\n"+test.body+"\nreturn 0 }")
			var got []string
			for c := range p.Conditions(p.Call(places(p)[0]).At) {
				text := types.ExprString(c.Expr)
				if !c.Holds {
					text = "!" + text
				}
				if c.Among != nil {
					text += " among"
				}
				for _, e := range c.Among {
					text += " " + types.ExprString(e)
				}
				if c.Besides {
					text += "*"
				}
				if !c.Around {
					text = "[" + text + "]"
				}
				got = append(got, text)
			}
			if all := strings.Join(got, " "); all != test.want {
				t.Errorf("%s\ngives %q, want %q", test.body, all, test.want)
			}
		})
	}
}

// places are the calls of place, in the order of the source.
func places(p *Package) (all []*ast.CallExpr) {
	for _, f := range p.Funcs() {
		for _, c := range f.Calls {
			if c.Fn != nil && c.Fn.Name() == "place" {
				all = append(all, c.Expr)
			}
		}
	}
	return all
}

// TestConditionsHold runs made-up functions with all values that their variables may have: where a place is
// reached, what is said of it holds.
func TestConditionsHold(t *testing.T) {
	t.Parallel()
	said := 0
	for seed := range uint64(400) {
		w := &writer{r: rand.New(rand.NewPCG(seed, 1))}
		body := w.block(int(1+seed%4), false)
		p := load(t, "var a, b, d bool; var c int; func place(n int) bool; func fatal() { for {} }\nfunc run() int "+body[:len(body)-1]+"return 0 }")
		for values := range 32 {
			m := &machine{values: values, at: func(call *ast.CallExpr, m *machine) {
				for c := range p.Conditions(p.Call(call).At) {
					said++
					if m.holds(c) != c.Holds {
						t.Fatalf("seed %d: %s holds: %v at %s in\n%s", seed, types.ExprString(c.Expr), !c.Holds, types.ExprString(call), body)
					}
				}
			}}
			m.run(find(t, p, "run").Body().(*ast.BlockStmt).List)
		}
	}
	if said < 10_000 {
		t.Errorf("%d conditions", said)
	}
}

// A writer writes functions with branches.
type writer struct {
	r *rand.Rand
	n int
}

func (w *writer) block(depth int, loop bool) string {
	return "{\n" + w.list(depth, loop) + "}"
}

func (w *writer) list(depth int, loop bool) (text string) {
	for range 1 + w.r.IntN(3) {
		text += w.stmt(depth, loop) + "\n"
	}
	ends := []string{"", "", "return 1\n", "fatal()\n"}
	if loop {
		ends = append(ends, "break\n", "continue\n")
	}
	return text + ends[w.r.IntN(len(ends))]
}

func (w *writer) stmt(depth int, loop bool) string {
	kind := w.r.IntN(6)
	if depth == 0 {
		kind = 0
	}
	switch kind {
	case 1, 2:
		text := "if " + w.cond(2) + w.block(depth-1, loop)
		for w.r.IntN(3) == 0 {
			text += " else if " + w.cond(1) + w.block(depth-1, loop)
		}
		if w.r.IntN(2) == 0 {
			text += " else " + w.block(depth-1, loop)
		}
		return text
	case 3:
		return w.switching("switch {\n", depth, func() string { return w.cond(1) })
	case 4:
		value := 0
		return w.switching("switch c {\n", depth, func() string { value++; return strconv.Itoa(value - 1) })
	case 5:
		return "for range 2 " + w.block(depth-1, true)
	}
	w.n++
	return fmt.Sprintf("place(%d)", w.n)
}

// switching writes a switch of two clauses, and perhaps a default somewhere.
func (w *writer) switching(text string, depth int, value func() string) string {
	clauses := []string{"case " + value() + ":\n", "case " + value() + ", " + value() + ":\n"}
	if w.r.IntN(2) == 0 {
		clauses = slices.Insert(clauses, w.r.IntN(3), "default:\n")
	}
	for i, c := range clauses {
		text += c + w.list(depth-1, false)
		if i < len(clauses)-1 && w.r.IntN(4) == 0 {
			text += "fallthrough\n"
		} else if w.r.IntN(4) == 0 {
			text += "break\n"
		}
	}
	return text + "}"
}

func (w *writer) cond(depth int) string {
	switch kind := w.r.IntN(6); {
	case depth > 0 && kind == 0:
		return "!(" + w.cond(depth-1) + ")"
	case depth > 0 && kind == 1:
		return "(" + w.cond(depth-1) + " && " + w.cond(depth-1) + ")"
	case depth > 0 && kind == 2:
		w.n++
		return fmt.Sprintf("(%s || place(%d))", w.cond(depth-1), w.n)
	}
	return []string{"a", "b", "d"}[w.r.IntN(3)]
}

// A machine runs statements with certain values of the variables. A place is true.
type machine struct {
	values int
	at     func(*ast.CallExpr, *machine)
}

// Where statements go on: behind them, or as a branch statement says; token.RETURN ends the function.
const onward = token.ILLEGAL

func (m *machine) run(list []ast.Stmt) token.Token {
	for _, s := range list {
		if to := m.stmt(s); to != onward {
			return to
		}
	}
	return onward
}

func (m *machine) stmt(s ast.Stmt) token.Token {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return m.run(s.List)
	case *ast.ReturnStmt:
		return token.RETURN
	case *ast.BranchStmt:
		return s.Tok
	case *ast.ExprStmt:
		if call := s.X.(*ast.CallExpr); call.Fun.(*ast.Ident).Name == "fatal" {
			return token.RETURN
		}
		m.eval(s.X)
	case *ast.IfStmt:
		if m.eval(s.Cond) {
			return m.run(s.Body.List)
		} else if s.Else != nil {
			return m.stmt(s.Else)
		}
	case *ast.RangeStmt:
		for range 2 {
			if to := m.run(s.Body.List); to == token.BREAK || to == token.RETURN {
				return map[token.Token]token.Token{token.BREAK: onward, token.RETURN: token.RETURN}[to]
			}
		}
	case *ast.SwitchStmt:
		to := token.FALLTHROUGH
		for i := m.clause(s); i >= 0 && to == token.FALLTHROUGH; i++ {
			to = m.run(s.Body.List[i].(*ast.CaseClause).Body)
		}
		if to == token.BREAK || to == token.FALLTHROUGH {
			return onward
		}
		return to
	}
	return onward
}

// clause returns the clause of a switch that runs; -1 if none does.
func (m *machine) clause(s *ast.SwitchStmt) int {
	other := -1
	for i, clause := range s.Body.List {
		list := clause.(*ast.CaseClause).List
		if list == nil {
			other = i
		}
		if s.Tag != nil && m.among(list) || s.Tag == nil && slices.ContainsFunc(list, m.eval) {
			return i
		}
	}
	return other
}

// among reports whether the number that switches ask for is one of some.
func (m *machine) among(list []ast.Expr) bool {
	return slices.ContainsFunc(list, func(e ast.Expr) bool { return e.(*ast.BasicLit).Value == strconv.Itoa(m.values>>3) })
}

func (m *machine) eval(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		m.at(e, m)
		return true
	case *ast.UnaryExpr:
		return !m.eval(e.X)
	case *ast.BinaryExpr:
		if x := m.eval(e.X); x == (e.Op == token.LOR) {
			return x
		}
		return m.eval(e.Y)
	case *ast.Ident:
		return m.values>>strings.Index("abd", e.Name)&1 == 1
	}
	panic(fmt.Sprintf("%T", e))
}

func (m *machine) holds(c Condition) bool {
	if c.Among != nil {
		return m.among(c.Among)
	}
	quiet := &machine{m.values, func(*ast.CallExpr, *machine) {}}
	return quiet.eval(c.Expr)
}
