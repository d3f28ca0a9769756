package optional

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
)

// A path is a variable, and the fields that lead from it to a value.
type path struct {
	root   *types.Var
	fields []string
}

func (p path) equal(o path) bool { return p.root == o.root && slices.Equal(p.fields, o.fields) }

// leadsTo reports whether the other path goes on where this one ends.
func (p path) leadsTo(o path) bool {
	return p.root == o.root && len(p.fields) <= len(o.fields) && slices.Equal(p.fields, o.fields[:len(p.fields)])
}

// sites names the switches of queries: those of the parts of their texts that have a tenant column.
func (r *reader) sites(sites []*sqltext.Site, columns map[string]bool) {
	for _, site := range sites {
		call := r.code.Call(site.Call)
		if site.Call == nil || call == nil || call.In.File.Test {
			continue
		}
		text := site.Texts[0]
		for _, part := range text.Optional {
			if pos := tenantIn(text, part, columns); pos.IsValid() && r.names[site] == "" {
				r.names[site] = r.switchAt(pos, call, columns)
			}
		}
	}
}

var identifiers = regexp.MustCompile(`\w+`)

// tenantIn returns where in the source a part of a text names a tenant column.
func tenantIn(text *sqltext.Text, part sqlast.Span, columns map[string]bool) token.Pos {
	for _, at := range identifiers.FindAllStringIndex(text.SQL[part.Start:part.End], -1) {
		if columns[schema.Normal(text.SQL[part.Start+at[0]:part.Start+at[1]])] {
			return text.Pos(part.Start + at[0])
		}
	}
	return token.NoPos
}

// switchAt names the switch on which it depends whether code at a position adds the tenant to a query;
// empty if that is none, or not that alone.
func (r *reader) switchAt(pos token.Pos, query *flow.Call, columns map[string]bool) string {
	f := r.funcAt(pos)
	if f == nil {
		return ""
	}
	at, ok := f.Cursor.FindByPos(pos, pos)
	if !ok {
		return ""
	}
	also := map[ast.Expr]bool{}
	for c := range r.code.Conditions(query.At) {
		also[c.Expr] = true
	}
	by, filled, ok := r.decides(at, also)
	if helper, text := r.helper(f, pos, columns); !ok && helper != nil {
		f = helper
		by, filled, ok = r.decides(text, nil)
	}
	if !ok || r.isReplaced(by) {
		return ""
	}
	name, _ := r.add(f, by, filled)
	return name
}

// funcAt returns the declared function around a position.
func (r *reader) funcAt(pos token.Pos) *flow.Func {
	for _, f := range r.code.Funcs() {
		if f.Obj != nil && f.Cursor.Node().Pos() <= pos && pos < f.Cursor.Node().End() {
			return f
		}
	}
	return nil
}

// helper returns the function of the package whose call stands at a position of another, and the one text in
// it that names a tenant column.
func (r *reader) helper(f *flow.Func, pos token.Pos, columns map[string]bool) (helper *flow.Func, text inspector.Cursor) {
	for _, g := range withLiterals(f, nil) {
		for _, call := range g.Calls {
			if call.Fn == nil || pos < call.Expr.Pos() || call.Expr.Lparen <= pos {
				continue
			}
			if helper = r.code.Func(call.Fn); helper == nil || helper.Obj == nil {
				return nil, text
			}
			var texts []*ast.BasicLit
			for _, h := range withLiterals(helper, nil) {
				for _, lit := range h.Texts {
					if slices.ContainsFunc(identifiers.FindAllString(lit.Value, -1), func(w string) bool { return columns[schema.Normal(w)] }) {
						texts = append(texts, lit)
					}
				}
			}
			if len(texts) != 1 {
				return nil, text
			}
			text, _ = helper.Cursor.FindByPos(texts[0].Pos(), texts[0].End())
			return helper, text
		}
	}
	return nil, text
}

// withLiterals adds a function and the literals in it, at any depth.
func withLiterals(f *flow.Func, all []*flow.Func) []*flow.Func {
	all = append(all, f)
	for _, lit := range f.Lits {
		all = withLiterals(lit, all)
	}
	return all
}

// isReplaced reports whether something else is put where a path leads.
func (r *reader) isReplaced(p path) bool {
	return slices.ContainsFunc(r.code.Into(p.root), func(s *flow.Store) bool { _, ok := storedAt(s, p); return ok })
}

// decides returns the value on which alone it depends whether a place is reached, conditions left
// out that hold anyway.
func (r *reader) decides(at inspector.Cursor, anyway map[ast.Expr]bool) (by path, filled, ok bool) {
	for c := range r.code.Conditions(at) {
		if anyway[c.Expr] {
			continue
		}
		p, f, is := r.wants(c.Expr, c.Holds)
		if !is || c.Among != nil {
			return path{}, false, false
		}
		if by, filled, ok = join(by, filled, p, f); !ok {
			return path{}, false, false
		}
	}
	return by, filled, by.root != nil
}

// join returns what two conditions say of the value to which the longer path leads.
func join(p path, pFilled bool, q path, qFilled bool) (by path, filled, ok bool) {
	switch {
	case p.root == nil || p.leadsTo(q) && len(p.fields) < len(q.fields):
		return q, qFilled, true
	case p.equal(q):
		return p, pFilled || qFilled, true
	case q.leadsTo(p):
		return p, pFilled, true
	}
	return path{}, false, false
}

// wants returns the value of which a condition says that there is one, where it holds or does not.
func (r *reader) wants(cond ast.Expr, holds bool) (by path, filled, ok bool) {
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return r.wants(e.X, !holds)
		}
	case *ast.BinaryExpr:
		if e.Op == token.LAND && holds || e.Op == token.LOR && !holds {
			p, pFilled, pOK := r.wants(e.X, holds)
			q, qFilled, qOK := r.wants(e.Y, holds)
			if !pOK || !qOK {
				return path{}, false, false
			}
			return join(p, pFilled, q, qFilled)
		}
		return r.differs(e, holds)
	case *ast.CallExpr:
		sel, method := ast.Unparen(e.Fun).(*ast.SelectorExpr)
		if !holds && method && len(e.Args) == 0 && (sel.Sel.Name == "IsZero" || sel.Sel.Name == "IsNil") {
			by, ok = r.pathOf(sel.X)
			return by, true, ok
		}
	case *ast.Ident, *ast.SelectorExpr:
		if holds {
			by, ok = r.pathOf(e)
			return by, true, ok
		}
	}
	return path{}, false, false
}

// differs is wants for a comparison with nil or zero.
func (r *reader) differs(e *ast.BinaryExpr, holds bool) (by path, filled, ok bool) {
	op := flow.Condition{Holds: holds}.Saying(e.Op)
	if op != token.NEQ && !(holds && e.Op == token.GTR) {
		return path{}, false, false
	}
	for _, sides := range [][2]ast.Expr{{e.X, e.Y}, {e.Y, e.X}} {
		isNil := r.info.Types[sides[1]].IsNil()
		if isNil || r.isZero(sides[1]) {
			by, ok = r.pathOf(sides[0])
			return by, !isNil, ok
		}
	}
	return path{}, false, false
}

// isZero reports whether an expression is the zero value of its type: "", 0, uuid.Nil, uuid.UUID{}.
func (r *reader) isZero(e ast.Expr) bool {
	if flow.IsZero(r.info, e) {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.Ident, *ast.SelectorExpr:
		v := flow.Var(r.info, e)
		return v != nil && flow.Global(v) && (v.Name() == "Nil" || v.Name() == "Zero" || v.Name() == "NilObjectID")
	}
	return false
}

// pathOf returns the path that an expression is, or whose length or text without spaces it is.
func (r *reader) pathOf(e ast.Expr) (p path, ok bool) {
	if r.looks--; r.looks < 0 {
		return path{}, false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v := flow.Var(r.info, e)
		if v == nil || flow.Global(v) {
			return path{}, false
		}
		if stores := r.code.Into(v); len(stores) == 1 && stores[0].Whole(v) && stores[0].Result == 0 && !stores[0].Range && !r.code.AddressTaken(v) {
			if p, ok := r.pathOf(stores[0].Src); ok {
				return p, true // another name for it
			}
		}
		return path{root: v}, true
	case *ast.StarExpr:
		return r.pathOf(e.X)
	case *ast.SelectorExpr:
		if s := r.info.Selections[e]; s != nil && s.Kind() == types.FieldVal {
			p, ok = r.pathOf(e.X)
			return path{p.root, append(p.fields[:len(p.fields):len(p.fields)], e.Sel.Name)}, ok
		}
	case *ast.CallExpr:
		if x, field := r.getter(e); x != nil {
			p, ok = r.pathOf(x)
			return path{p.root, append(p.fields[:len(p.fields):len(p.fields)], field)}, ok
		}
		if len(e.Args) == 1 && (flow.Name(e.Fun) == "len" || flow.Name(e.Fun) == "TrimSpace") {
			return r.pathOf(e.Args[0])
		}
	}
	return path{}, false
}

// getter returns the message of which a call gets a field, and that field: m.GetTenantId().
func (r *reader) getter(call *ast.CallExpr) (of ast.Expr, field string) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) > 0 || r.info.Selections[sel] == nil {
		return nil, ""
	}
	field, gets := strings.CutPrefix(sel.Sel.Name, "Get")
	if s, ok := flow.Pointee(r.info.TypeOf(sel.X)).Underlying().(*types.Struct); gets && ok {
		for f := range s.Fields() {
			if f.Name() == field {
				return sel.X, field
			}
		}
	}
	return nil, ""
}
