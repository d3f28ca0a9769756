package byid

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// A membership is the search for an id among the rows that a load returns.
type membership struct {
	*reader
	in   *flow.Func
	load event
	rows map[*types.Var]bool
	id   source
	ways *flow.Ways
	from inspector.Cursor // the load, or the function that is given the rows

	depth int          // of the functions that search
	flags []*types.Var // that are taken to be unset while others, or they themselves, are judged
}

const maxFlags = 2 // that depend on one another

// isMember reports whether a node is reached only where one of the rows of a load has an id.
func (r *reader) isMember(f *flow.Func, load event, rows map[*types.Var]bool, id source, to ast.Node) bool {
	ways := r.code.Ways(f)
	m := &membership{reader: r, in: f, load: load, rows: rows, id: id, ways: ways, from: load.call.At}
	return !r.reaches(ways, m.missing(), to, ways.Node(load.call.At))
}

// missing returns the query for the ways behind a load where none of its rows has the id.
func (m *membership) missing() flow.Query {
	return flow.Query{From: m.from, Holds: func(cond ast.Expr) (yes, known bool) {
		if m.fails(cond) {
			return false, true
		}
		b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
		switch {
		case !ok || b.Op.Precedence() != token.EQL.Precedence():
			return false, false
		case b.Op == token.NEQ && m.matches(b.X, b.Y):
			return true, true
		case m.info.Types[b.Y].IsNil():
			return b.Op == token.EQL, m.isNone(b.X)
		}
		n := m.info.Types[b.Y].Value
		if n == nil || n.Kind() != constant.Int || !m.isNone(b.X) {
			return false, false
		}
		return constant.Compare(constant.MakeInt64(-1), b.Op, n), true
	}}
}

// matches reports whether one of two values is the id, and the other that of one of the rows.
func (m *membership) matches(a, b ast.Expr) bool {
	return m.isAsked(a) && m.isRows(b) || m.isAsked(b) && m.isRows(a)
}

// isAsked reports whether a value is the id that is searched for.
func (m *membership) isAsked(e ast.Expr) bool {
	return slices.ContainsFunc(m.sourcesOf(e, nil), m.id.equal)
}

// isRows reports whether a value is the id of one of the rows, or a list of them.
func (m *membership) isRows(e ast.Expr) bool {
	return slices.ContainsFunc(m.sourcesOf(e, nil), func(s source) bool {
		return s.isID(m.load.Key) && (m.rows[s.root] && !m.takesOther(s.root, m.rows, m.load, e) || m.isFilled(s, m.load, m.rows))
	})
}

// fails reports whether a condition does not hold if none of the rows has the id.
func (m *membership) fails(cond ast.Expr) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.Ident, *ast.IndexExpr:
		t := m.info.TypeOf(cond)
		return t != nil && isBool(t) && m.isNone(cond)
	case *ast.CallExpr:
		if a, b := equated(e); a != nil {
			return m.matches(a, b)
		}
		return m.searches(e, "Contains", "ContainsFunc") || m.finds(e)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.EQL:
			return m.matches(e.X, e.Y)
		case token.LAND:
			return m.fails(e.X) || m.fails(e.Y)
		case token.LOR:
			return m.fails(e.X) && m.fails(e.Y)
		}
	}
	return false
}

// searches reports whether a call of one of these functions of package slices searches the rows
// for the id.
func (m *membership) searches(call *ast.CallExpr, names ...string) bool {
	c := m.code.Call(call)
	if c == nil || c.Fn == nil || c.Fn.Pkg() == nil || c.Fn.Pkg().Path() != "slices" || !slices.Contains(names, c.Fn.Name()) || len(call.Args) != 2 {
		return false
	}
	lit, ok := ast.Unparen(call.Args[1]).(*ast.FuncLit)
	if !ok {
		return m.isAsked(call.Args[1]) && m.isRows(call.Args[0])
	}
	f := m.code.FuncAt(lit)
	if f == nil || len(lit.Body.List) != 1 || len(f.Results()) != 1 || f.Sig.Params().Len() != 1 || !m.isRows(call.Args[0]) {
		return false
	}
	in := *m
	in.rows = map[*types.Var]bool{f.Sig.Params().At(0): true}
	return in.fails(f.Results()[0])
}

// finds reports whether a call of a function of the package, which is given the rows and the id,
// returns nothing if none has it.
func (m *membership) finds(call *ast.CallExpr) bool {
	c := m.code.Call(call)
	if c == nil || c.Fn == nil || m.depth == maxFlags {
		return false
	}
	f := m.code.Func(c.Fn)
	if f == nil || m.code.Ways(f) == nil || f.Sig.Variadic() || f.Sig.Results().Len() == 0 || len(call.Args) != f.Sig.Params().Len() {
		return false
	}
	in := &membership{reader: m.reader, in: f, load: event{Deed: m.load.Deed}, rows: map[*types.Var]bool{}, ways: m.code.Ways(f), from: f.Cursor, depth: m.depth + 1}
	for i, arg := range call.Args {
		switch p := f.Sig.Params().At(i); {
		case m.isAsked(arg):
			in.id = source{root: p}
		case m.isRows(arg):
			in.rows[p] = true
		}
	}
	if in.id.root == nil || len(in.rows) == 0 {
		return false
	}
	q := in.missing()
	q.Stops = func(n ast.Node) bool {
		ret, ok := n.(*ast.ReturnStmt)
		return ok && in.endsWithout(ret)
	}
	return in.ways.Out(q) == nil
}

// endsWithout reports whether a return statement says that no row has been found.
func (m *membership) endsWithout(ret *ast.ReturnStmt) bool {
	return len(ret.Results) > 0 && m.isNone(ret.Results[0])
}

// isNone reports whether a value says that no row has been found, if none has the id: it is
// false, nil or -1.
func (m *membership) isNone(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return m.fails(e)
	case *ast.CallExpr:
		return m.fails(e) || m.searches(e, "Index", "IndexFunc")
	case *ast.IndexExpr:
		return m.isAsked(e.Index) && m.isKeyed(flow.Var(m.info, e.X))
	case *ast.Ident:
		v := flow.Var(m.info, e)
		if v == nil {
			return m.info.Types[e].IsNil() || m.isFalse(e)
		}
		return m.isFlag(v)
	case *ast.UnaryExpr:
		return e.Op == token.SUB && m.info.Types[e].Value != nil && m.info.Types[e].Value.ExactString() == "-1"
	}
	return false
}

func (m *membership) isFalse(e ast.Expr) bool {
	value := m.info.Types[e].Value
	return value != nil && value.ExactString() == "false"
}

// isFlag reports whether a variable takes no value, but where a row has the id, other than that
// none was found.
func (m *membership) isFlag(v *types.Var) bool {
	if slices.Contains(m.flags, v) {
		return true
	}
	stores := m.code.Into(v)
	m.looks -= len(stores)
	if _, param := m.code.Param(v); param || len(m.flags) == maxFlags || m.looks < 0 || !m.code.Local(v) || m.code.AddressTaken(v) || flow.IsError(v.Type()) {
		return false
	}
	if len(stores) == 1 && m.isDefined(v, stores[0]) {
		return m.isNone(stores[0].Src)
	}
	in := *m
	in.flags = append(slices.Clone(m.flags), v)
	if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsBoolean == 0 && !slices.ContainsFunc(stores, func(s *flow.Store) bool { return in.isNone(s.Src) }) {
		return false // it begins with 0, an index
	}
	return !slices.ContainsFunc(stores, func(s *flow.Store) bool { return !s.Whole(v) || s.Dst == nil || !in.isNone(s.Src) && !in.isUnset(s) })
}

// isDefined reports whether a store is a variable's definition, before which nobody asks for it.
func (m *membership) isDefined(v *types.Var, s *flow.Store) bool {
	id, ok := s.Dst.(*ast.Ident)
	return ok && m.info.Defs[id] == v
}

// isUnset reports whether a store is made nowhere but where a row has the id.
func (m *membership) isUnset(s *flow.Store) bool {
	at, ok := s.In.At(s.Dst)
	if !ok || s.In != m.in {
		return false
	}
	node := m.ways.Node(at)
	if m.load.call == nil {
		return node != nil && !m.reaches(m.ways, m.missing(), node, nil)
	}
	load := m.ways.Node(m.load.call.At)
	return node != nil && node != load &&
		!m.reaches(m.ways, flow.Query{From: m.in.Cursor}, node, load) && !m.reaches(m.ways, m.missing(), node, load)
}

// isKeyed reports whether a variable is a map into which nothing was put but under the ids of rows.
func (m *membership) isKeyed(v *types.Var) bool {
	if v == nil || !isMap(v.Type()) || !m.code.Local(v) || m.code.AddressTaken(v) || m.isFilledElsewhere(v) {
		return false
	}
	stores := m.code.Into(v)
	m.looks -= len(stores)
	return m.looks > 0 && !slices.ContainsFunc(stores, func(s *flow.Store) bool {
		if s.Whole(v) {
			return !m.isEmpty(s.Src)
		}
		index, ok := ast.Unparen(s.Dst).(*ast.IndexExpr)
		return !ok || !m.isRows(index.Index)
	})
}
