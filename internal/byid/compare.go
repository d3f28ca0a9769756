package byid

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/schema"
)

// foreign returns the query for the ways behind a load that has found a row of another tenant:
// where the program compares the tenants, they differ, and where it asks if somebody may have
// to do with the row's, the answer is no.
func (r *reader) foreign(f *flow.Func, load event, rows map[*types.Var]bool, has parents) flow.Query {
	differ := func(a, b ast.Expr) bool { return r.tellsApart(f, rows, a, b) || r.isPart(load, rows, has, a, b) }
	var holds func(cond ast.Expr) (yes, known bool)
	holds = func(cond ast.Expr) (yes, known bool) {
		switch e := ast.Unparen(cond).(type) {
		case *ast.BinaryExpr:
			switch {
			case e.Op != token.EQL && e.Op != token.NEQ:
			case r.info.Types[e.Y].IsNil():
				return e.Op == token.NEQ, r.isAnswer(rows, e.X)
			default:
				return e.Op == token.NEQ, differ(e.X, e.Y)
			}
		case *ast.Ident:
			if flag := r.flagOf(e); flag != nil {
				return truth(flag, holds)
			}
			return false, r.isAnswer(rows, e)
		case *ast.CallExpr:
			if a, b := equated(e); a != nil {
				return false, differ(a, b)
			}
			return false, r.asks(rows, e)
		}
		return false, false
	}
	return flow.Query{From: load.call.At, Holds: holds}
}

// flagOf returns the condition whose answer alone a variable takes; nil if it takes others.
func (r *reader) flagOf(e ast.Expr) ast.Expr {
	v := flow.Var(r.info, e)
	if v == nil || !isBool(v.Type()) || !r.code.Local(v) || r.code.AddressTaken(v) {
		return nil
	}
	stores := r.code.Into(v)
	if len(stores) != 1 || !stores[0].Whole(v) || stores[0].Adds {
		return nil
	}
	switch src := ast.Unparen(stores[0].Src).(type) {
	case *ast.BinaryExpr, *ast.UnaryExpr:
		return src
	}
	return nil
}

// truth says if a condition holds, as far as that is known of its parts.
func truth(cond ast.Expr, holds func(ast.Expr) (yes, known bool)) (yes, known bool) {
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			yes, known = truth(e.X, holds)
			return !yes, known
		}
	case *ast.BinaryExpr:
		if e.Op != token.LAND && e.Op != token.LOR {
			break
		}
		x, isX := truth(e.X, holds)
		y, isY := truth(e.Y, holds)
		decides := e.Op == token.LOR // what one part alone decides
		if isX && x == decides || isY && y == decides {
			return decides, true
		}
		return !decides, isX && isY
	}
	return holds(cond)
}

// equated returns what a call says to be equal or not: a.Equal(b), bytes.Equal(a, b).
func equated(call *ast.CallExpr) (a, b ast.Expr) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	switch {
	case !ok || sel.Sel.Name != "Equal" && sel.Sel.Name != "EqualFold":
	case len(call.Args) == 1:
		return sel.X, call.Args[0]
	case len(call.Args) == 2:
		return call.Args[0], call.Args[1]
	}
	return nil, nil
}

// tellsApart reports whether one of two values is the tenant of one of the rows, and the other
// is one that may be asked for: no constant, and not the tenant of another row that may be
// anybody's; or one is whose the row is, and the other who asks.
func (r *reader) tellsApart(f *flow.Func, rows map[*types.Var]bool, a, b ast.Expr) bool {
	if r.isMine(f, rows, a, b) || r.isMine(f, rows, b, a) {
		return true
	}
	if !r.isTenantOf(rows, a) {
		a, b = b, a
	}
	return r.isTenantOf(rows, a) && r.varies(b) && !r.isTenantOf(r.anybodys(f), b)
}

// isMine reports whether a value says in one of the rows whose it is, and another who asks:
// note.UserID, userID; note.CreatedBy, employeeID.
func (r *reader) isMine(f *flow.Func, rows map[*types.Var]bool, in, who ast.Expr) bool {
	is := func(s source) bool {
		return rows[s.root] && (s.isWho() && r.isPerson(who) || s.isMade() && namesOne(nameOf(who), staff))
	}
	return slices.ContainsFunc(r.sourcesOf(in, nil), is) && r.varies(who) && !r.isOf(r.anybodys(f), who)
}

// anybodys returns the variables that hold rows which may be another tenant's.
func (r *reader) anybodys(f *flow.Func) map[*types.Var]bool {
	all := map[*types.Var]bool{}
	for _, load := range r.loads[f] {
		if ways := r.code.Ways(f); load.Any && ways != nil {
			if stmt := ways.Node(load.call.At); stmt != nil {
				for v := range r.rowsOf(f, load, stmt) {
					all[v] = true
				}
			}
		}
	}
	return all
}

// isTenantOf reports whether a value is the tenant of one of the rows, by the names on the way
// to it.
func (r *reader) isTenantOf(rows map[*types.Var]bool, e ast.Expr) bool {
	return slices.ContainsFunc(r.sourcesOf(e, nil), func(s source) bool {
		return rows[s.root] && (r.leadsToTenant(s) || len(s.path) == 0 && r.isNamedForTenant(s.root))
	}) || r.asksTenantOf(rows, e)
}

// asksTenantOf reports whether a value is what a function that is named for the tenant says of one of the rows:
// ResolveWorkspaceID(ctx, task).
func (r *reader) asksTenantOf(rows map[*types.Var]bool, e ast.Expr) bool {
	if v := flow.Var(r.info, e); v != nil && r.code.Local(v) {
		if stores := r.code.Into(v); len(stores) == 1 && stores[0].Whole(v) && stores[0].Result == 0 {
			e = stores[0].Src
		}
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && r.endsWithTenant(nameOf(call.Fun)) && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return r.isWholeRow(rows, arg) })
}

// isWholeRow reports whether a value is one of the rows itself, whatever it has.
func (r *reader) isWholeRow(rows map[*types.Var]bool, e ast.Expr) bool {
	return rowType(r.info.TypeOf(e)) != nil && slices.ContainsFunc(r.sourcesOf(e, nil), func(s source) bool { return rows[s.root] && len(s.path) == 0 })
}

// leadsToTenant reports whether one of the fields and methods of a source is that of a tenant.
func (r *reader) leadsToTenant(s source) bool {
	t, of := s.root.Type(), ""
	for _, step := range s.path {
		name, _ := strings.CutSuffix(step, "()")
		if r.tenants[schema.Normal(of+name)] { // doc.Org.ID
			return true
		}
		of = name
		if r.tenants[schema.Normal(name)] || r.tenants[schema.Normal(strings.TrimPrefix(name, "Get"))] {
			return true
		}
		row := rowType(t)
		for i := 0; row != nil && i < row.NumFields(); i++ {
			if row.Field(i).Name() != name {
				continue
			}
			if r.isTenantField(row, i) {
				return true
			}
			t = row.Field(i).Type()
		}
	}
	return false
}

// isNamedForTenant reports whether a variable that takes a column is named for the tenant's, or
// takes that alone.
func (r *reader) isNamedForTenant(v *types.Var) bool {
	if r.owners[v] {
		return true
	}
	return r.endsWithTenant(v.Name())
}

// endsWithTenant reports whether a name ends with that of a tenant column.
func (r *reader) endsWithTenant(name string) bool {
	name = schema.Normal(name)
	for column := range r.tenants {
		if strings.HasSuffix(name, column) {
			return true
		}
	}
	return false
}

// varies reports whether a value may be another at each call.
func (r *reader) varies(e ast.Expr) bool {
	tv := r.info.Types[e]
	if tv.Value != nil || tv.IsNil() {
		return false
	}
	var v *types.Var
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v = flow.Var(r.info, e)
	case *ast.SelectorExpr: // uuid.Nil
		v, _ = r.info.Uses[e.Sel].(*types.Var)
	}
	return v == nil || !flow.Global(v)
}

// returnsNone reports whether a return statement returns no row: nil, or no by what the function answers with.
func (r *reader) returnsNone(f *flow.Func, ret *ast.ReturnStmt) bool {
	if isMute(f.Sig) {
		says := answer(f.Sig)
		return len(ret.Results) == f.Sig.Results().Len() && says < len(ret.Results) &&
			mayTell(f.Sig.Results().At(says).Type()) && r.isZero(ret.Results[says])
	}
	return len(ret.Results) > 1 && r.isZero(ret.Results[0])
}

// compares reports whether the function ends without a row where a load has found one of
// another tenant, or of a parent that is.
func (r *reader) compares(f *flow.Func, load event) bool {
	ways := r.code.Ways(f)
	stmt := ways.Node(load.call.At)
	if stmt == nil || isReturn(stmt) {
		return false
	}
	rows, has := r.rowsOf(f, load, stmt), r.parentsOnEveryWay(f)
	if r.parentIsLoaded(f, load, rows, has) {
		return true
	}
	q, end := r.foreign(f, load, rows, has), r.ends(f)
	q.Stops = func(n ast.Node) bool {
		ret, ok := n.(*ast.ReturnStmt)
		return ok && (!isMute(f.Sig) && r.fails(ret, nil, stmt, end) || r.returnsNone(f, ret))
	}
	return !r.passes(q, rows, func(q flow.Query) bool { return ways.Out(q) != nil })
}
