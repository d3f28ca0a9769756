package lifecycle

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// settled returns the texts that a value, or a field of it, may be as far as the code shows; ok is
// false if it may be another one. What the environment gives in place of a default does not count:
// there are no texts if that is all.
func (g *graph) settled(e ast.Expr, field flow.Path) (texts []string, ok bool) {
	s := settling{g: g, steps: maxSettled}
	ok = s.value(e, field)
	return s.texts, ok
}

// addressMarks stand in addresses that lack a scheme, which somebody may add. A word without them has none.
const addressMarks = ":/@=. "

// maxSettled bounds the values that one question looks at.
const maxSettled = 64

type settling struct {
	g     *graph
	texts []string
	open  bool         // the environment may give another
	calls []*flow.Call // that led to the functions around what is looked at
	steps int
}

func (s *settling) text(text string) bool {
	if !slices.Contains(s.texts, text) {
		s.texts = append(s.texts, text)
	}
	return true
}

// value adds the texts that e, or a field of it, may be, and reports whether those are all.
func (s *settling) value(e ast.Expr, field flow.Path) bool {
	if s.steps--; s.steps < 0 {
		return false
	}
	e = plain(s.g.info, e)
	switch {
	case isNil(s.g.info, e):
		return s.text("")
	case s.g.info.Types[e].Value != nil:
		text, ok := constantOf(s.g.info, e)
		if field == scheme {
			name, _, is := strings.Cut(text, scheme)
			if !is {
				return !strings.ContainsAny(text, addressMarks) && s.text("")
			}
			return s.text(name)
		}
		return ok && s.text(text)
	case field == scheme && s.g.begins(e) != nil:
		return s.value(s.g.begins(e), field)
	}
	switch e := e.(type) {
	case *ast.Ident:
		v := s.g.variable(e)
		return v != nil && s.variable(v, field, e)
	case *ast.SelectorExpr:
		if sel := s.g.info.Selections[e]; sel != nil {
			return sel.Kind() == types.FieldVal && s.value(e.X, join(e.Sel.Name, field)) && s.given(s.g.variable(e), s.g.root(e.X))
		}
		v := s.g.variable(e) // of another package
		return v != nil && s.variable(v, field, nil)
	case *ast.CompositeLit:
		return s.literal(e, field)
	case *ast.CallExpr:
		return s.result(e, 0, field)
	}
	return false
}

func join(field string, rest flow.Path) flow.Path {
	return flow.Path(strings.TrimSuffix(field+"."+string(rest), "."))
}

// literal adds what a field of a struct literal is.
func (s *settling) literal(lit *ast.CompositeLit, field flow.Path) bool {
	first, rest, _ := strings.Cut(string(field), ".")
	if first == "" {
		return false
	}
	for _, elem := range lit.Elts {
		kv, named := elem.(*ast.KeyValueExpr)
		if !named {
			return false
		}
		if key, ok := kv.Key.(*ast.Ident); ok && key.Name == first {
			return s.value(kv.Value, flow.Path(rest))
		}
	}
	return s.text(nothingOf(s.g.fieldOf(lit, field)))
}

// fieldOf returns the type of a field of what a literal is; nil if it is no struct's.
func (g *graph) fieldOf(lit *ast.CompositeLit, field flow.Path) types.Type {
	t := g.info.TypeOf(lit)
	for name := range strings.SplitSeq(string(field), ".") {
		if t == nil {
			return nil
		}
		v, _, _ := types.LookupFieldOrMethod(t, true, g.pass.Pkg, name)
		if v == nil {
			return nil
		}
		t = v.Type()
	}
	return t
}

// variable adds what is put into a variable, or into the field of what it holds, before it is
// mentioned as at; anywhere without that.
func (s *settling) variable(v *types.Var, field flow.Path, at *ast.Ident) bool {
	g := s.g
	if v.Pkg() != g.pass.Pkg {
		return false
	}
	if param, ok := g.code.Param(v); ok {
		return s.param(param, field) && s.stores(v, field, nil)
	}
	if g.code.AddressTaken(v) && field == "" {
		return false
	}
	return s.stores(v, field, g.setBefore(v, field, at))
}

// stores adds what the code of the package puts into a variable, or into the field, within a stretch
// of it; anywhere without that.
func (s *settling) stores(v *types.Var, field flow.Path, within *stretch) bool {
	for _, store := range s.g.code.Into(v) {
		if within != nil && !within.contains(store.Dst) {
			continue
		}
		rest, asked := field.Of(s.g.code.PathIn(store, v))
		switch {
		case store.Whole(v) && store.Range:
			if !s.elements(store, field) {
				return false
			}
		case store.Whole(v) && store.Adds:
			return false
		case store.Whole(v) && store.Result == 0:
			if !s.value(store.Src, field) {
				return false
			}
		case store.Whole(v):
			if call, ok := ast.Unparen(store.Src).(*ast.CallExpr); !ok || !s.result(call, store.Result, field) {
				return false
			}
		case asked && field != "":
			if store.Adds || store.Result != 0 || !s.value(store.Src, rest) {
				return false
			}
		}
	}
	return true
}

// elements adds what the elements of a list in the code are, which a store ranges over.
func (s *settling) elements(store *flow.Store, field flow.Path) bool {
	at, ok := store.In.At(store.Dst)
	if !ok || at.ParentEdgeKind() != edge.RangeStmt_Value {
		return false
	}
	list := store.Src
	if v := s.g.variable(list); v != nil {
		list = s.g.only(v)
	}
	lit, ok := list.(*ast.CompositeLit)
	if !ok {
		return false
	}
	return !slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
		if kv, is := e.(*ast.KeyValueExpr); is {
			e = kv.Value
		}
		return !s.value(e, field)
	})
}

// given adds what code puts into a field of what it is given, such as a default.
func (s *settling) given(field, of *types.Var) bool {
	if field == nil {
		return false
	}
	for _, store := range s.g.code.Into(field) {
		if store.Dst != nil && store.Root != of && store.Whole(field) && s.g.reachesOthers(store) && !s.value(store.Src, "") {
			return false
		}
	}
	return true
}

// param adds what the call that led here gives for a parameter, or all calls of the package
// for a function that no other package can call.
func (s *settling) param(param flow.Param, field flow.Path) bool {
	if n := len(s.calls); n > 0 && s.g.code.Func(s.calls[n-1].Fn) == param.Of {
		c := s.calls[n-1]
		s.calls = s.calls[:n-1]
		defer func() { s.calls = append(s.calls, c) }()
		return s.args(c, param, field)
	}
	f := param.Of
	if f.Obj == nil || f.Obj.Exported() && !f.File.Test || len(f.Callers) == 0 || len(f.Uses) > 0 {
		return false
	}
	return !slices.ContainsFunc(f.Callers, func(c *flow.Call) bool { return !s.args(c, param, field) })
}

func (s *settling) args(c *flow.Call, param flow.Param, field flow.Path) bool {
	args := c.Args(param.Of.Sig, param.I)
	return len(args) == 1 && !slices.ContainsFunc(args, func(e ast.Expr) bool { return !s.value(e, field) })
}

// result adds what a result of a call may be.
func (s *settling) result(e *ast.CallExpr, i int, field flow.Path) bool {
	fn := dbapi.Callee(s.g.info, e)
	c := s.g.code.Call(e)
	if fn == nil || c == nil {
		return false
	}
	if dbapi.IsEnvironment(fn) {
		s.open = true
		return true
	}
	f := s.g.code.Func(fn)
	if f == nil {
		return i == 0 && field != "" && s.imported(fn, field)
	}
	s.calls = append(s.calls, c)
	defer func() { s.calls = s.calls[:len(s.calls)-1] }()
	for _, ret := range f.Returns {
		if len(ret.Results) <= i || !isNil(s.g.info, ret.Results[i]) && !s.value(ret.Results[i], field) {
			return false
		}
	}
	return len(f.Returns) > 0
}

// imported adds what the fact of another package's function says of the field.
func (s *settling) imported(fn *types.Func, field flow.Path) bool {
	for _, known := range s.g.funcOf(fn).Chosen {
		if of, texts, _ := strings.Cut(known, "="); of == string(field) {
			for text := range strings.SplitSeq(texts, "|") {
				s.text(text)
			}
			return true
		}
	}
	return false
}

// spelling matches the functions that return the text that they are given, or as good as that.
var spelling = regexp.MustCompile(`^strings\.(?:ToLower|ToUpper|TrimSpace|Clone)$`)

// plain returns what e is without what does not change the text that it is: conversions, pointers.
func plain(info *types.Info, e ast.Expr) ast.Expr {
	for {
		e = ast.Unparen(e)
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
			continue
		case *ast.UnaryExpr:
			if flow.Var(info, x) != nil || isLiteral(x.X) {
				e = x.X
				continue
			}
		case *ast.CallExpr:
			fn := dbapi.Callee(info, x)
			if len(x.Args) == 1 && (info.Types[x.Fun].IsType() || fn != nil && spelling.MatchString(string(dbapi.NameOf(fn)))) {
				e = x.Args[0]
				continue
			}
		}
		return e
	}
}

func isLiteral(e ast.Expr) bool {
	_, is := ast.Unparen(e).(*ast.CompositeLit)
	return is
}

// maxChosen bounds the structs inside structs whose fields are told.
const maxChosen = 3

// choicesOf returns what fields of the struct that a function returns say of which kind the
// database is, where those are known: "Database.Driver=sqlite".
func (g *graph) choicesOf(f *flow.Func) (all []string) {
	if f.Obj == nil || !f.Obj.Exported() || f.Sig.Results().Len() == 0 || len(f.Returns) == 0 {
		return nil
	}
	var walk func(t types.Type, path flow.Path, depth int)
	walk = func(t types.Type, path flow.Path, depth int) {
		s, ok := flow.Pointee(t).Underlying().(*types.Struct)
		if !ok || depth == 0 {
			return
		}
		for field := range s.Fields() {
			at := flow.Path(strings.TrimPrefix(string(path)+"."+field.Name(), "."))
			b, ok := field.Type().Underlying().(*types.Basic)
			if !ok {
				walk(field.Type(), at, depth-1)
				continue
			}
			if !field.Exported() || b.Info()&(types.IsString|types.IsInteger) == 0 || !dbapi.Decides(field.Name()) {
				continue
			}
			if texts, ok := g.settledIn(f, at); ok {
				all = append(all, string(at)+"="+strings.Join(texts, "|"))
			}
		}
	}
	walk(f.Sig.Results().At(0).Type(), "", maxChosen)
	return all
}

// settledIn returns the texts that a field of the function's first result may be.
func (g *graph) settledIn(f *flow.Func, field flow.Path) (texts []string, ok bool) {
	s := settling{g: g, steps: maxSettled}
	for _, ret := range f.Returns {
		if len(ret.Results) == 0 || !isNil(g.info, ret.Results[0]) && !s.value(ret.Results[0], field) {
			return nil, false
		}
	}
	slices.Sort(s.texts)
	return s.texts, len(s.texts) > 0 && !slices.ContainsFunc(s.texts, func(t string) bool { return !choice.MatchString(t) })
}
