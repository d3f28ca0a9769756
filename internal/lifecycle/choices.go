package lifecycle

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// A question is which constants an expression must be for a place to be reached: one of some, or
// none of them.
type question struct {
	of     ast.Expr
	among  []string // as texts, also numbers and truth values
	none   bool
	scheme bool // it is the scheme of the text that is asked for
	other  bool // code beside the place runs where the answer is another one
}

// names reports whether the answer names a kind of database: by a text, or by its number in a list of some.
func (q question) names(info *types.Info) bool {
	t, named := types.Unalias(info.TypeOf(q.of)).(*types.Named)
	if named && is(t, types.IsInteger) {
		return true
	}
	return slices.ContainsFunc(q.among, func(text string) bool { return dbapi.OriginOfText(text) != 0 })
}

// subjectOf returns what a question is about, and what the answer needs of that.
func (g *graph) subjectOf(q question) (ast.Expr, need) {
	n := need(".=" + strings.Join(q.among, "|"))
	if q.none {
		n = need(".!" + strings.Join(q.among, "|"))
	}
	if q.scheme {
		return q.of, n.of(scheme)
	}
	if address := g.addressOf(q.of); address != nil {
		return address, n.of(scheme)
	}
	return q.of, n
}

var choice = regexp.MustCompile(`^[\w-]*$`)

var schemes = regexp.MustCompile(`^[\w+.-]+$`)

// questions returns what conditions around a place in a function, and before it, ask of texts, the
// nearest first.
func (g *graph) questions(at inspector.Cursor) (all []question) {
	for c := range g.code.Conditions(at) {
		all = append(all, g.put(c)...)
	}
	return together(all)
}

// together makes one question of what several exclude of the same expression.
func together(all []question) (fewer []question) {
	for _, q := range all {
		i := slices.IndexFunc(fewer, func(p question) bool { return p.none && q.none && p.asksAs(q) })
		if i < 0 {
			fewer = append(fewer, q)
			continue
		}
		fewer[i] = fewer[i].with(q)
	}
	return fewer
}

// choiceOf returns the constant that e is, one that may be chosen among others.
func (g *graph) choiceOf(e ast.Expr) (string, bool) {
	text, ok := constantOf(g.info, e)
	return text, ok && choice.MatchString(text)
}

// constants returns the constants that all of several expressions are.
func (g *graph) constants(list []ast.Expr) (texts []string, ok bool) {
	for _, e := range list {
		text, ok := g.choiceOf(e)
		if !ok {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, true
}

// constantOf returns the constant that e is, as a text: a text, a whole number or a truth value.
func constantOf(info *types.Info, e ast.Expr) (string, bool) {
	tv := info.Types[e]
	if tv.Value == nil || tv.Type == nil {
		return "", false
	}
	switch tv.Value.Kind() {
	case constant.String:
		return constant.StringVal(tv.Value), true
	case constant.Int, constant.Bool:
		return tv.Value.ExactString(), true
	}
	return "", false
}

// nothingOf returns the constant that is the zero value of a type, as a text.
func nothingOf(t types.Type) string {
	switch {
	case is(t, types.IsInteger):
		return "0"
	case is(t, types.IsBoolean):
		return "false"
	}
	return ""
}

func is(t types.Type, info types.BasicInfo) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&info != 0
}

// isText reports whether e is a constant text.
func isText(info *types.Info, e ast.Expr) bool {
	tv := info.Types[e]
	return tv.Value != nil && is(tv.Type, types.IsString)
}

// put returns what a condition asks of texts. A text that is there, or is not, is no choice among several.
func (g *graph) put(c flow.Condition) (all []question) {
	if c.Among == nil {
		all = g.answers(c.Expr, c.Holds)
	} else if texts, ok := g.constants(c.Among); ok {
		all = []question{{of: c.Expr, among: texts, none: !c.Holds}}
	}
	all = slices.DeleteFunc(all, func(q question) bool { return len(q.among) == 1 && q.among[0] == "" })
	for i := range all {
		all[i].other = c.Besides
	}
	return all
}

func (g *graph) answers(cond ast.Expr, holds bool) []question {
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return g.answers(e.X, !holds)
		}
	case *ast.CallExpr:
		fn := dbapi.Callee(g.info, e)
		if fn == nil || dbapi.NameOf(fn) != "strings.HasPrefix" || len(e.Args) != 2 {
			return nil
		}
		if name, ok := strings.CutSuffix(flow.Text(g.info, e.Args[1]), scheme); ok && schemes.MatchString(name) {
			return []question{{of: e.Args[0], among: []string{name}, none: !holds, scheme: true}}
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND, token.LOR:
			x, y := g.answers(e.X, holds), g.answers(e.Y, holds)
			if (e.Op == token.LAND) == holds { // both
				return append(x, y...)
			}
			return oneOf(x, y)
		case token.EQL, token.NEQ:
			if text, ok := g.choiceOf(e.Y); ok {
				return []question{{of: e.X, among: []string{text}, none: (e.Op == token.NEQ) == holds}}
			}
		}
	case *ast.Ident, *ast.SelectorExpr:
		if is(g.info.TypeOf(e), types.IsBoolean) {
			return []question{{of: e, among: []string{"true"}, none: !holds}}
		}
	}
	return nil
}

// asksAs reports whether two questions are about the same.
func (q question) asksAs(p question) bool {
	return q.scheme == p.scheme && types.ExprString(q.of) == types.ExprString(p.of)
}

func (q question) with(p question) question {
	q.among, q.other = append(slices.Clip(q.among), p.among...), q.other || p.other
	return q
}

// oneOf returns what is asked where one of two answers will do: of the same expression, to be
// one of the texts of both.
func oneOf(x, y []question) []question {
	if len(x) != 1 || len(y) != 1 || x[0].none || y[0].none || !x[0].asksAs(y[0]) {
		return nil
	}
	return []question{x[0].with(y[0])}
}

// chooses returns what text must be given to a parameter of a function, or a field of it, for a place in it
// to be reached, and which.
func (g *graph) chooses(at inspector.Cursor, in *flow.Func) (n need, of int) {
	for _, q := range g.questions(at) {
		e, want := g.subjectOf(q)
		if asked, param := g.needed(e, want, in); asked != "" && !asked.flag() {
			return asked, param
		} else if n == "" {
			n, of = asked, param // others say more
		}
	}
	return n, of
}

// passedOver reports whether a place in a function is not reached, since constants choose
// another driver.
func (g *graph) passedOver(at inspector.Cursor, in *flow.Func) bool {
	return slices.ContainsFunc(g.questions(at), func(q question) bool {
		if !q.other || !q.names(g.info) {
			return false
		}
		e, want := g.subjectOf(q)
		if n, _ := g.needed(e, want, in); n != "" {
			return false // callers decide
		}
		path, _ := want.split()
		s := settling{g: g, steps: maxSettled}
		return s.value(e, path) && !s.open && want.excludesAll(s.texts)
	})
}

// chosen returns what must be given to a parameter for what is opened to be a server: where other
// values that an argument may take lead to a file or a mock.
func (g *graph) chosen(e ast.Expr, in *flow.Func, hops int) (n need, of int) {
	if hops == 0 {
		return "", 0
	}
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		return g.chosenBy(call, in, hops)
	}
	v := g.variable(e)
	if v == nil || !g.code.Local(v) {
		return "", 0
	}
	var servers []inspector.Cursor
	var only ast.Expr
	stores := 0
	for _, s := range g.code.Into(v) {
		if !s.Whole(v) || s.Dst == nil {
			continue
		}
		stores, only = stores+1, s.Src
		if at, ok := s.In.At(s.Dst); ok && s.In == in && !g.spared(v)[s.Src] {
			servers = append(servers, at)
		}
	}
	if stores == 1 && len(servers) == 1 {
		if call, ok := ast.Unparen(only).(*ast.CallExpr); ok {
			return g.chosenBy(call, in, hops)
		}
		return "", 0
	}
	if len(servers) == stores {
		return "", 0
	}
	return g.choosesAny(servers, in)
}

// chosenBy returns what a call must give for a function of the package to return what leads to a
// server, in terms of the function around it.
func (g *graph) chosenBy(call *ast.CallExpr, in *flow.Func, hops int) (n need, of int) {
	c := g.code.Call(call)
	if c == nil {
		return "", 0
	}
	f := g.code.Func(c.Fn)
	if f == nil || len(f.Returns) < 2 {
		return "", 0
	}
	results := g.results(f)
	on := g.onServers(results)
	if len(on) == len(results) {
		return "", 0
	}
	var servers []inspector.Cursor
	for _, e := range on {
		if at, ok := f.At(e); ok && !isText(g.info, e) {
			servers = append(servers, at)
		}
	}
	if n, of = g.choosesAny(servers, f); n == "" {
		return "", 0
	}
	args := c.Args(f.Sig, of)
	if len(args) != 1 {
		return "", 0
	}
	return g.needed(args[0], n, in)
}

// choosesAny returns what must be given for one of several places to be reached: what all of them
// ask of the same.
func (g *graph) choosesAny(places []inspector.Cursor, in *flow.Func) (n need, of int) {
	for i, at := range places {
		m, param := g.chooses(at, in)
		if i == 0 {
			n, of = m, param
		} else if n = n.or(m); param != of {
			n = ""
		}
		if n == "" {
			return "", 0
		}
	}
	return n, of
}
