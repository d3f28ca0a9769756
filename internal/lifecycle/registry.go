package lifecycle

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// A call may find the function that it runs in a table, by a name or by the scheme of an address:
// drivers[name](dsn). What that function opens is opened where the name is one of its own.

// entry returns what must be given to a parameter for a call to find a function in a table, if that
// is so; not ok if constants name another.
func (g *graph) entry(c *flow.Call, n *flow.Func) (want need, of int, ok bool) {
	at := g.lookedUp(c.Expr.Fun)
	if at == nil {
		return "", 0, true
	}
	names := g.namesOf(registered{g.variable(at.X), n})
	if len(names) == 0 {
		return "", 0, true
	}
	want = need(".=" + strings.Join(names, "|"))
	key := at.Index
	if address := g.addressOf(key); address != nil {
		key, want = address, want.of(scheme)
	}
	if asked, of := g.needed(key, want, c.In); asked != "" {
		return asked, of, true
	}
	path, _ := want.split()
	texts, known := g.settled(key, path)
	return "", 0, !known || !want.excludesAll(texts)
}

// lookedUp returns the element of a table that a function is; nil if it is none.
func (g *graph) lookedUp(e ast.Expr) *ast.IndexExpr {
	for range maxFields {
		switch x := ast.Unparen(e).(type) {
		case *ast.IndexExpr:
			t := g.info.TypeOf(x.X)
			if t == nil {
				return nil
			}
			if _, is := t.Underlying().(*types.Map); !is {
				return nil
			}
			return x
		case *ast.SelectorExpr: // a field of the element
			e = x.X
		case *ast.Ident:
			v := g.variable(x)
			if v == nil || g.only(v) == nil {
				return nil
			}
			e = g.only(v)
		default:
			return nil
		}
	}
	return nil
}

// registered is a table and a function that may be in it.
type registered struct {
	table *types.Var
	f     *flow.Func
}

func (g *graph) namesOf(r registered) []string {
	names, known := g.registered[r]
	if !known && r.table != nil {
		names = g.namesIn(r.table, r.f)
		g.registered[r] = names
	}
	return names
}

// namesIn returns the names under which a table has a function, as far as they are constant; none if
// one is not.
func (g *graph) namesIn(table *types.Var, n *flow.Func) (names []string) {
	known := true
	add := func(key, value ast.Expr) {
		if !g.mayBe(value, n, maxFields) {
			return
		}
		name, ok := g.choiceOf(key)
		known = known && ok
		if ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, s := range g.code.Into(table) {
		if at, is := s.Dst.(*ast.IndexExpr); is && s.Elem {
			g.entries(plain(g.info, at.Index), s.Src, add)
		} else if lit, is := ast.Unparen(s.Src).(*ast.CompositeLit); is && s.Whole(table) {
			for _, elt := range lit.Elts {
				if kv, is := elt.(*ast.KeyValueExpr); is {
					add(kv.Key, kv.Value)
				}
			}
		}
	}
	if !known {
		return nil
	}
	slices.Sort(names)
	return names
}

// entries passes on what a table takes under a name: where both are parameters, what callers give.
func (g *graph) entries(key, value ast.Expr, add func(key, value ast.Expr)) {
	k, isParam := g.code.Param(g.variable(key))
	v, also := g.code.Param(g.variable(value))
	if !isParam || !also || k.Of != v.Of {
		add(key, value)
		return
	}
	for _, c := range k.Of.Callers {
		keys, values := c.Args(k.Of.Sig, k.I), c.Args(k.Of.Sig, v.I)
		if len(keys) == 1 && len(values) == 1 {
			add(keys[0], values[0])
		}
	}
}

// mayBe reports whether a value may be the function, or is a literal of which a field is.
func (g *graph) mayBe(value ast.Expr, n *flow.Func, depth int) bool {
	value = plain(g.info, value)
	lit, is := value.(*ast.CompositeLit)
	if !is || depth == 0 {
		return slices.Contains(g.code.FuncsOf(value), n)
	}
	return slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
		if kv, is := e.(*ast.KeyValueExpr); is {
			e = kv.Value
		}
		return g.mayBe(e, n, depth-1)
	})
}

// scheme stands for what an address begins with, before "://", as if that were a field of it.
const scheme = "://"

// cutters are functions that find the scheme of their first argument, or where it ends: the first result.
var cutters = map[dbapi.Name]bool{
	"net/url.Parse": true, "strings.Cut": true, "strings.Index": true, "strings.Split": true, "strings.SplitN": true,
}

// addressOf returns the address whose scheme an expression is: of uri[:strings.Index(uri, "://")] and
// what means the same; nil if it is none.
func (g *graph) addressOf(e ast.Expr) ast.Expr {
	for range maxFields {
		e = plain(g.info, e)
		switch x := e.(type) {
		case *ast.Ident:
			v := g.variable(x)
			if v == nil {
				return nil
			}
			e = g.only(v)
		case *ast.SliceExpr:
			if x.Low != nil || x.High == nil || g.addressOf(x.High) == nil {
				return nil
			}
			return x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			if x.Sel.Name != "Scheme" {
				return nil
			}
			e = x.X
		case *ast.CallExpr:
			fn := dbapi.Callee(g.info, x)
			if fn == nil || !cutters[dbapi.NameOf(fn)] || len(x.Args) > 1 && !strings.HasPrefix(flow.Text(g.info, x.Args[1]), ":") {
				return nil
			}
			return x.Args[0]
		default:
			return nil
		}
	}
	return nil
}

// begins returns what a text begins with, where code puts it together.
func (g *graph) begins(e ast.Expr) ast.Expr {
	switch x := e.(type) {
	case *ast.BinaryExpr:
		if x.Op == token.ADD {
			return x.X
		}
	case *ast.CallExpr:
		if fn := dbapi.Callee(g.info, x); fn != nil && dbapi.NameOf(fn) == "fmt.Sprintf" && len(x.Args) > 0 {
			return x.Args[0]
		}
	}
	return nil
}
