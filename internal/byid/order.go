package byid

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// loaded reports whether a query has loaded the row of a change for its tenant, on every way
// to it, and which.
func (r *reader) loaded(f *flow.Func, change event) (by Deed, ok bool) {
	to := []inspector.Cursor{change.call.At}
	for ; f != nil; f = f.Parent {
		for _, load := range r.loads[f] {
			late := func(at inspector.Cursor) bool { return r.looks <= 0 || !r.before(f, load, change, at) }
			if !slices.ContainsFunc(to, late) {
				return load.Deed, true
			}
		}
		to = r.runsAt(f)
	}
	return r.gathered(change)
}

// runsAt returns the places in the function around a literal that are passed before it runs: the
// calls of the variable that it is put into, if that is used for nothing else; else its own.
func (r *reader) runsAt(f *flow.Func) (calls []inspector.Cursor) {
	own := []inspector.Cursor{f.Cursor}
	if f.Lit == nil {
		return own
	}
	stores := r.code.From(f.Lit)
	if len(stores) != 1 || stores[0].To == nil || !stores[0].Whole(stores[0].To) || len(r.code.Into(stores[0].To)) != 1 {
		return own
	}
	for _, c := range r.code.Mentions(stores[0].To) {
		if c.Node() == stores[0].Dst {
			continue
		}
		call, ok := c.Parent().Node().(*ast.CallExpr)
		if !ok || call.Fun != c.Node() || r.code.Around(c) != f.Parent {
			return own
		}
		switch c.Parent().Parent().Node().(type) {
		case *ast.DeferStmt, *ast.GoStmt: // it runs later
			return own
		}
		calls = append(calls, c.Parent())
	}
	if len(calls) == 0 {
		return own
	}
	return calls
}

// counts reports whether a load is of a table that the change needs.
func (e event) counts(load event) bool {
	return len(e.Tables) == 0 || load.Asks || slices.ContainsFunc(e.Tables, func(t string) bool { return slices.Contains(load.Tables, t) })
}

// isBeside reports whether a change is of the rows that have in one column what a row of the same table has
// that was loaded: token.FamilyID, of all tokens of the family.
func (e event) isBeside(id source, load event) bool {
	return !load.Made && e.By != "" && slices.Contains(load.Tables, e.Of) && len(id.path) > 0 && id.isID([]string{e.By})
}

// before reports whether the load stands on every way to a place in the function, and has
// found or returned the id of the change.
func (r *reader) before(f *flow.Func, load, change event, to inspector.Cursor) bool {
	ways := r.code.Ways(f)
	if ways == nil {
		return false
	}
	then := ways.Node(to)
	return then != nil && r.beforeNode(f, load, change, to, then)
}

// beforeNode is before for a node of the ways through the function, or an end.
func (r *reader) beforeNode(f *flow.Func, load, change event, to inspector.Cursor, then ast.Node) bool {
	ways := r.code.Ways(f)
	first := ways.Node(load.call.At)
	if first == nil || first == then || r.reaches(ways, flow.Query{From: f.Cursor, Holds: r.isGiven(change)}, then, first) {
		return false
	}
	rows := r.rowsOf(f, load, first)
	if has := r.parentsBefore(f, change, to, then); load.Any && !r.parentIsLoaded(f, load, rows, has) &&
		r.passes(r.foreign(f, load, rows, has), rows, func(q flow.Query) bool { return r.reaches(ways, q, then, first) }) {
		return false
	}
	for _, id := range change.ids {
		if !load.Made && !rows[id.root] && r.heldBy(id, pedigree{r, rows}) != "" {
			return true
		}
		if !rows[id.root] && change.counts(load) && r.isFilled(id, load, rows) {
			return true
		}
		if r.resetBetween(id, rows, load, change, to) {
			continue
		}
		switch {
		case r.isReferred(id, load, change, rows), rows[id.root] && change.isBeside(id, load):
			return true
		case rows[id.root] && r.isOfPart(id):
			return !load.Made
		case rows[id.root]:
			return change.counts(load) && id.isID(load.Key) && (!load.Made || r.failureEnds(ways, f, load, first, then)) // the id may be given
		case change.counts(load) && slices.ContainsFunc(load.ids, id.equal):
			return r.failureEnds(ways, f, load, first, then)
		case change.counts(load) && !load.Any && !load.Made && !load.Asks && r.isMember(f, load, rows, id, then):
			return true
		}
	}
	return false
}

// resetBetween reports whether the id of a change takes another value behind a load: before the
// place where what changes runs, or in the literal that changes. To take what the load returns is no other value.
func (r *reader) resetBetween(id source, rows map[*types.Var]bool, load, change event, to inspector.Cursor) bool {
	loaded, changed := load.call.Expr.End(), change.call.Expr.Pos()
	return r.reset(id, rows, loaded, max(changed, to.Node().Pos())) ||
		loaded > changed && r.reset(id, nil, change.call.In.Cursor.Node().Pos(), changed)
}

// reaches reports whether there is a way to one node that does not go through another.
func (r *reader) reaches(ways *flow.Ways, q flow.Query, to, through ast.Node) bool {
	if to, ok := to.(*end); ok {
		q.Stops = func(n ast.Node) bool { return n == through || to.stops[n] }
		return ways.Out(q) != nil
	}
	found := false
	q.Stops = func(n ast.Node) bool {
		found = found || n == to
		return n == to || n == through
	}
	ways.Escapes(q)
	return found
}

// rowsOf returns the variables that take what a load returns, in its statement or by a method
// that scans.
func (r *reader) rowsOf(f *flow.Func, load event, stmt ast.Node) map[*types.Var]bool {
	rows := r.resultsOf(stmt)
	for range maxScans {
		n := len(rows)
		for _, call := range f.Calls {
			if call.Expr.Pos() > load.call.Expr.End() && scans(call) && r.usesAny(call, rows) {
				if at := r.code.Ways(f).Node(call.At); at != nil {
					r.results(at, rows)
				}
			}
		}
		if len(rows) == n {
			break
		}
	}
	if load.Owner {
		maps.Copy(r.owners, rows)
	}
	r.scansOwner(f, load, rows)
	return rows
}

// scansOwner notes the variable that takes the column of the tenant, where a load is scanned.
func (r *reader) scansOwner(f *flow.Func, load event, rows map[*types.Var]bool) {
	for _, call := range f.Calls {
		recv := call.Receiver()
		if load.columns == 0 || load.owner < 0 || len(call.Expr.Args) != load.columns || recv == nil || call.Fn == nil || call.Fn.Name() != "Scan" ||
			ast.Unparen(recv) != load.call.Expr && !rows[flow.Var(r.info, recv)] {
			continue
		}
		if to, ok := ast.Unparen(call.Expr.Args[load.owner]).(*ast.UnaryExpr); ok && to.Op == token.AND {
			if v := flow.Var(r.info, to.X); v != nil {
				r.owners[v] = true
			}
		}
	}
}

// maxScans bounds the steps from a result to a row.
const maxScans = 3

var scanning = regexp.MustCompile(`[Ss]can|^Collect|^Find$|^First$|^Take$|^Last$|^One$|^All$|^LastInsertId$`)

// takesOne are names of functions that fail where a cursor has no row.
var takesOne = regexp.MustCompile(`^(Collect|Scan)(One|ExactlyOne)(Row)?$`)

func scans(call *flow.Call) bool { return call.Fn != nil && scanning.MatchString(call.Fn.Name()) }

// usesAny reports whether a method of one of the variables is called, or one is an argument.
func (r *reader) usesAny(call *flow.Call, vars map[*types.Var]bool) bool {
	if recv := call.Receiver(); recv != nil && vars[flow.Root(r.info, recv)] {
		return true
	}
	return slices.ContainsFunc(call.Expr.Args, func(arg ast.Expr) bool {
		id, ok := ast.Unparen(arg).(*ast.Ident)
		return ok && vars[flow.Var(r.info, id)]
	})
}

func (r *reader) resultsOf(stmt ast.Node) map[*types.Var]bool {
	vars := map[*types.Var]bool{}
	r.results(stmt, vars)
	return vars
}

// results adds the variables that a statement assigns, or gives to a call to be written to.
func (r *reader) results(stmt ast.Node, rows map[*types.Var]bool) {
	add := func(e ast.Expr) {
		if v := flow.Root(r.info, e); v != nil && !flow.IsError(v.Type()) {
			rows[v] = true
		}
	}
	ast.Inspect(stmt, func(n ast.Node) bool {
		r.looks--
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				add(l)
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				add(name)
			}
		case *ast.CallExpr:
			for _, arg := range n.Args {
				switch arg := ast.Unparen(arg).(type) {
				case *ast.UnaryExpr:
					if arg.Op == token.AND {
						add(arg.X)
					}
				case *ast.Ident: // a pointer that a mapper writes to
					if t := r.info.TypeOf(arg); t != nil && scansInto(n) && isPointer(t) {
						add(arg)
					}
				}
			}
		}
		return r.looks > 0
	})
}

// fills are names of functions that write a row to the pointer they are given.
var fills = regexp.MustCompile(`^(Get|Create|Insert|Upsert)|^Model$`)

func scansInto(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && (scanning.MatchString(sel.Sel.Name) || fills.MatchString(sel.Sel.Name))
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// failureEnds reports whether no way leads from a load that has failed to a node, other than
// through another load.
func (r *reader) failureEnds(ways *flow.Ways, f *flow.Func, load event, stmt, to ast.Node) bool {
	at, told := r.told(f, load, stmt)
	if told == nil || told == to || told == stmt && r.mayBeEmpty(load, stmt) && r.reaches(ways, r.empty(f, load, stmt), to, stmt) || told != stmt && r.reaches(ways, flow.Query{From: load.call.At}, to, told) {
		return false
	}
	failures, ok := r.failures(load, at, told)
	return ok && !slices.ContainsFunc(failures, func(q flow.Query) bool { return r.reaches(ways, q, to, stmt) })
}

// mayBeEmpty reports whether a load that has not failed may have found no row.
func (r *reader) mayBeEmpty(load event, stmt ast.Node) bool {
	return load.Counts || r.takesCursor(stmt)
}

// empty returns the query for the ways behind a load whose cursor has no row, nor has what that
// is collected into, or which has changed none.
func (r *reader) empty(f *flow.Func, load event, stmt ast.Node) flow.Query {
	cursors, lists := r.resultsOf(stmt), r.rowsOf(f, load, stmt)
	isLen := func(e ast.Expr) bool {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		return ok && len(call.Args) == 1 && r.info.Types[call.Fun].IsBuiltin() && types.ExprString(call.Fun) == "len" && lists[flow.Var(r.info, call.Args[0])]
	}
	isCount := func(e ast.Expr) bool {
		if v := flow.Var(r.info, e); v != nil && len(r.code.Into(v)) == 1 {
			e = r.code.Into(v)[0].Src
		}
		return load.Counts && r.callsOn(cursors, e, "RowsAffected")
	}
	return flow.Query{From: load.call.At, Holds: func(cond ast.Expr) (yes, known bool) {
		if r.callsOn(cursors, cond, "Next") {
			return false, true
		}
		return r.comparesZero(cond, func(e ast.Expr) bool { return isLen(e) || isCount(e) })
	}}
}

// callsOn reports whether an expression is a call of the method on one of the variables.
func (r *reader) callsOn(vars map[*types.Var]bool, e ast.Expr, method string) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && sel.Sel.Name == method && vars[flow.Var(r.info, sel.X)]
}

// emptyFails reports whether the function fails where the cursor of a load has no row.
func (r *reader) emptyFails(f *flow.Func, load event, stmt ast.Node) bool {
	q, end := r.empty(f, load, stmt), r.ends(f)
	q.Stops = func(n ast.Node) bool {
		ret, ok := n.(*ast.ReturnStmt)
		return ok && r.fails(ret, nil, stmt, end)
	}
	return r.code.Ways(f).Out(q) == nil
}

// failures returns the queries for the ways behind a statement that has met an error, or has no
// row; ok is false if one of them lets nobody know.
func (r *reader) failures(load event, at inspector.Cursor, stmt ast.Node) (all []flow.Query, ok bool) {
	if left := r.leftZero(stmt); len(left) > 0 {
		return []flow.Query{r.zero(at, left)}, true
	}
	failed, ok := r.failed(at, stmt)
	if !ok && !load.Mute || !load.Nil {
		return []flow.Query{failed}, ok
	}
	none := flow.Query{From: at, Known: map[*types.Var]bool{}}
	ok = true
	results := r.resultsOf(stmt)
	told := slices.ContainsFunc(slices.Collect(maps.Keys(results)), func(v *types.Var) bool { return isBool(v.Type()) })
	for v := range results {
		if !told || isBool(v.Type()) {
			none.Known[v], ok = true, ok && mayTell(v.Type())
		}
	}
	if load.Mute {
		none.Holds = func(cond ast.Expr) (yes, known bool) { return r.saysNo(cond, load.call.Expr) }
		_, isCond := stmt.(ast.Expr)
		return []flow.Query{none}, ok && (isCond || len(none.Known) > 0)
	}
	for v := range failed.Known {
		none.Known[v] = true
	}
	return []flow.Query{failed, r.zero(at, none.Known)}, ok && len(none.Known) > len(failed.Known)
}

// zero returns the query for the ways behind a statement that leaves variables zero.
func (r *reader) zero(at inspector.Cursor, vars map[*types.Var]bool) flow.Query {
	return flow.Query{From: at, Known: vars, Holds: func(cond ast.Expr) (yes, known bool) {
		return r.comparesZero(cond, func(e ast.Expr) bool { return vars[flow.Var(r.info, e)] })
	}}
}

// leftZero returns the variables that a load leaves zero where it fails, if nobody takes its
// error: _ = row.Scan(&found).
func (r *reader) leftZero(stmt ast.Node) map[*types.Var]bool {
	left := map[*types.Var]bool{}
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 || slices.ContainsFunc(assign.Lhs, func(e ast.Expr) bool { return flow.Name(e) != "_" }) {
		return left
	}
	if t := r.info.TypeOf(assign.Rhs[0]); t == nil || !flow.IsError(t) {
		return left
	}
	for v := range r.resultsOf(stmt) {
		if _, param := r.code.Param(v); !param && r.code.Local(v) && !r.reset(source{root: v}, nil, token.NoPos, stmt.Pos()) {
			left[v] = true
		}
	}
	return left
}

// saysNo says whether a condition that a call is holds, or its comparison with nil, if the call
// returns false or nil.
func (r *reader) saysNo(cond ast.Expr, call *ast.CallExpr) (yes, known bool) {
	cond = ast.Unparen(cond)
	if b, ok := cond.(*ast.BinaryExpr); ok && ast.Unparen(b.X) == call && r.info.Types[b.Y].IsNil() {
		return b.Op == token.EQL, true
	}
	return false, cond == ast.Expr(call)
}

// answer returns which result of a function tells whether there is a row: a flag behind it, or the row.
func answer(sig *types.Signature) int {
	last := sig.Results().Len() - 1
	if !isMute(sig) {
		last--
	}
	if last > 0 && isBool(sig.Results().At(last).Type()) {
		return last
	}
	return 0
}

// isMute reports whether a function has no error to return.
func isMute(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n == 0 || !flow.IsError(sig.Results().At(n-1).Type())
}

// mayTell reports whether the zero value of a type may say that there is no row: nil, false, 0.
func mayTell(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return true
	case *types.Basic:
		return u.Info()&(types.IsBoolean|types.IsInteger) != 0
	}
	return false
}

// comparesZero says whether a comparison of one of the values with a number or a text holds, if
// the value is 0 or empty.
func (r *reader) comparesZero(cond ast.Expr, isZero func(ast.Expr) bool) (yes, known bool) {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || !isZero(b.X) {
		return false, false
	}
	n := r.info.Types[b.Y].Value
	switch {
	case n == nil || b.Op.Precedence() != token.EQL.Precedence():
	case n.Kind() == constant.Int:
		return constant.Compare(constant.MakeInt64(0), b.Op, n), true
	case n.Kind() == constant.String:
		return constant.Compare(constant.MakeString(""), b.Op, n), true
	}
	return false, false
}

// told returns the place, and the statement, that lets the program know whether a load has
// failed: its own, or that of what scans the row; nil if there is none.
func (r *reader) told(f *flow.Func, load event, stmt ast.Node) (inspector.Cursor, ast.Node) {
	rows := r.resultsOf(stmt)
	if r.takesCursor(stmt) {
		for _, call := range f.Calls {
			if call.Fn != nil && takesOne.MatchString(call.Fn.Name()) && r.usesAny(call, rows) && call.Expr.Pos() > stmt.End() {
				return call.At, r.code.Ways(f).Node(call.At)
			}
		}
	}
	if _, ok := r.failed(load.call.At, stmt); ok || load.Mute || isReturn(stmt) || len(r.leftZero(stmt)) > 0 {
		return load.call.At, stmt
	}
	for _, call := range f.Calls {
		if scans(call) && r.usesAny(call, rows) && call.Expr.Pos() > stmt.End() {
			return call.At, r.code.Ways(f).Node(call.At)
		}
	}
	return load.call.At, nil
}

// failed returns the query for the ways behind a statement that has met an error; ok is false
// if it lets nobody know.
func (r *reader) failed(at inspector.Cursor, stmt ast.Node) (q flow.Query, ok bool) {
	q = flow.Query{From: at, Known: map[*types.Var]bool{}}
	holders := map[*types.Var]bool{} // what has the error in a field
	for _, e := range taken(stmt) {
		switch v := flow.Var(r.info, e); {
		case v == nil || v.Name() == "_":
		case flow.IsError(v.Type()):
			q.Known[v] = false
		case hasError(v.Type()):
			holders[v] = true
		}
	}
	cond, isCond := stmt.(ast.Expr)
	if len(q.Known) > 0 {
		return q, true
	}
	asked := isCond && (r.comparesError(cond, token.NEQ) || r.comparesError(cond, token.EQL))
	q.Holds = func(c ast.Expr) (yes, known bool) {
		b, is := ast.Unparen(c).(*ast.BinaryExpr)
		if !is || !r.info.Types[b.Y].IsNil() || b.Op != token.NEQ && b.Op != token.EQL {
			return false, false
		}
		if within(b, stmt) || holders[flow.Root(r.info, b.X)] && flow.IsError(r.info.TypeOf(b.X)) {
			return b.Op == token.NEQ, true
		}
		return false, false
	}
	return q, asked || len(holders) > 0
}

// taken returns what a statement assigns to.
func taken(stmt ast.Node) (all []ast.Expr) {
	switch s := stmt.(type) {
	case *ast.AssignStmt:
		return s.Lhs
	case *ast.ValueSpec:
		return flow.Names(s)
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok {
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					all = append(all, flow.Names(v)...)
				}
			}
		}
	}
	return all
}

func within(n, outer ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }

// comparesError reports whether a part of a condition is an error that is compared with nil.
func (r *reader) comparesError(cond ast.Expr, op token.Token) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && b.Op == op && r.info.Types[b.Y].IsNil() {
			t := r.info.TypeOf(b.X)
			found = found || t != nil && flow.IsError(t)
		}
		return !found
	})
	return found
}

// takesCursor reports whether a statement gets rows of which there may be none.
func (r *reader) takesCursor(stmt ast.Node) bool {
	return slices.ContainsFunc(taken(stmt), func(e ast.Expr) bool {
		v := flow.Var(r.info, e)
		return v != nil && isCursor(v.Type())
	})
}

// isCursor reports whether the rows of a value are still to be read.
func isCursor(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Next")
	_, ok := obj.(*types.Func)
	return ok
}

// hasError reports whether a field of a value is an error, as of a mapper's result.
func hasError(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Error")
	v, ok := obj.(*types.Var)
	return ok && flow.IsError(v.Type())
}

// onEveryWay reports whether the function has made one of the loads wherever it returns without an
// error; if orNil is set, or without a row. A function without an error says no by nil or false.
func (r *reader) onEveryWay(f *flow.Func, orNil bool, loads ...event) bool {
	n := f.Sig.Results().Len()
	ways := r.code.Ways(f)
	if ways == nil || n == 0 {
		return false
	}
	mute, says := isMute(f.Sig), f.Sig.Results().At(answer(f.Sig)).Type()
	if mute && !(orNil && (isBool(says) || isPointer(says))) || !mute && orNil && (n == 1 || !mayTell(says)) {
		return false
	}
	at, told, made := make([]inspector.Cursor, len(loads)), make([]ast.Node, len(loads)), map[ast.Node]bool{}
	for i, load := range loads {
		stmt := ways.Node(load.call.At)
		if stmt == nil {
			return false
		}
		if at[i], told[i] = r.told(f, load, stmt); told[i] == nil {
			return false
		}
		made[told[i]] = true
	}
	end := r.ends(f)
	fails := func(n, load ast.Node, zero map[*types.Var]bool) bool {
		ret, ok := n.(*ast.ReturnStmt)
		if !ok || !mute && r.fails(ret, zero, load, end) {
			return ok
		}
		return orNil && len(ret.Results) == f.Sig.Results().Len() && r.saysNone(ret, ret.Results[answer(f.Sig)], zero, load)
	}
	if ways.Out(flow.Query{From: f.Cursor, Stops: func(n ast.Node) bool { return made[n] || fails(n, told[0], nil) }}) != nil {
		return false
	}
	for i, load := range loads {
		if isReturn(told[i]) {
			if load.Nil && !orNil {
				return false
			}
			continue
		}
		failures, ok := r.failures(load, at[i], told[i])
		again := r.madeAgain(f, load, end)
		if !ok || slices.ContainsFunc(failures, func(q flow.Query) bool {
			q.Stops = func(n ast.Node) bool { return n != told[i] && made[n] || fails(n, told[i], q.Known) || again[n] }
			return ways.Out(q) != nil
		}) {
			return false
		}
	}
	return true
}

// alike returns the loads of a function that load what one of them does: by a number, or else by id.
func (r *reader) alike(f *flow.Func, load event) (all []event) {
	for _, e := range r.loads[f] {
		if !e.Any && !e.Asks && slices.Equal(e.Tables, load.Tables) {
			all = append(all, e)
		}
	}
	return all
}

// madeAgain returns the statements that make a load again, and let nobody go on who has not the row.
func (r *reader) madeAgain(f *flow.Func, load event, end ends) map[ast.Node]bool {
	again, ways := map[ast.Node]bool{}, r.code.Ways(f)
	for _, e := range r.loads[f] {
		if e.call == load.call || e.Any || e.Query != load.Query || !slices.Equal(e.Tables, load.Tables) {
			continue
		}
		stmt := ways.Node(e.call.At)
		if stmt == nil || isReturn(stmt) {
			continue
		}
		if q, ok := r.failed(e.call.At, stmt); ok {
			q.Stops = func(n ast.Node) bool {
				ret, ok := n.(*ast.ReturnStmt)
				return ok && r.fails(ret, q.Known, stmt, end)
			}
			again[stmt] = ways.Out(q) == nil
		}
	}
	return again
}

// ends says how the return statements of a function end it.
type ends struct {
	guarded map[*ast.ReturnStmt]bool // they stand where an error is met
	err     *types.Var               // what those without values return; nil if none may be
	plain   bool                     // the last result is an error of whatever type
}

func (r *reader) ends(f *flow.Func) ends {
	end := ends{guarded: r.guarded(f)}
	if n := f.Sig.Results().Len(); n > 0 && flow.IsError(f.Sig.Results().At(n-1).Type()) {
		last := f.Sig.Results().At(n - 1)
		if end.plain = types.IsInterface(last.Type()); last.Name() != "" {
			end.err = last
		}
	}
	return end
}

// failing are names of functions that make an error, whatever they are given: NotFound("doc").
var failing = regexp.MustCompile(`(?i)^invalid|(notfound|forbidden|unauthori[sz]ed|unauthenticated|denied|badrequest|conflict)$`)

// makesError reports whether a call that is returned as an error makes one: by its name, as it is of a
// type of errors, which a nil of would be no nil error, or as it is given the error that was met.
func (r *reader) makesError(call *ast.CallExpr, end ends, met bool) bool {
	if strings.Contains(strings.ToLower(types.ExprString(call.Fun)), "err") || failing.MatchString(nameOf(call.Fun)) || end.plain && isErrorOfItsOwn(r.info.TypeOf(call)) {
		return true
	}
	return met && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
		t := r.info.TypeOf(arg)
		return t != nil && flow.IsError(t)
	})
}

// isErrorOfItsOwn reports whether values of a type are errors, of a type that the program declares.
func isErrorOfItsOwn(t types.Type) bool {
	return t != nil && !types.IsInterface(t) && types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

// guarded returns the return statements that stand where an error is met.
func (r *reader) guarded(f *flow.Func) map[*ast.ReturnStmt]bool {
	all := map[*ast.ReturnStmt]bool{}
	mark := func(body ...ast.Stmt) {
		for _, s := range body {
			r.inspect(s, func(n ast.Node) bool {
				if ret, ok := n.(*ast.ReturnStmt); ok {
					all[ret] = true
				}
				return true
			})
		}
	}
	r.inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			if r.comparesError(n.Cond, token.NEQ) {
				mark(n.Body)
			}
		case *ast.CaseClause:
			if slices.ContainsFunc(n.List, func(e ast.Expr) bool { return r.comparesError(e, token.NEQ) }) {
				mark(n.Body...)
			}
		}
		return true
	})
	return all
}

// isZero reports whether a result says that there is no row.
func (r *reader) isZero(e ast.Expr) bool {
	tv := r.info.Types[e]
	return tv.IsNil() || tv.Value != nil && (tv.Value.ExactString() == "false" || tv.Value.ExactString() == "0")
}

// saysNone reports whether a result of a return statement says that there is no row,
// where zero says which variables a load has left so: nil, such a variable, count > 0.
func (r *reader) saysNone(ret *ast.ReturnStmt, says ast.Expr, zero map[*types.Var]bool, load ast.Node) bool {
	is := func(e ast.Expr) bool { return r.stillZero(e, zero, load, ret) }
	yes, known := r.comparesZero(says, is)
	return known && !yes || r.isZero(says) || is(says)
}

// stillZero reports whether a result is a variable that is zero behind a load, and has taken
// nothing since.
func (r *reader) stillZero(e ast.Expr, zero map[*types.Var]bool, load, ret ast.Node) bool {
	v := flow.Var(r.info, e)
	return zero[v] && !r.reset(source{root: v}, nil, load.End(), ret.Pos())
}

func isReturn(n ast.Node) bool {
	_, ok := n.(*ast.ReturnStmt)
	return ok
}

// fails reports whether a return statement hands on an error: where one is met, that of the
// load, or by what it looks like. Zero says which variables are, behind the load.
func (r *reader) fails(ret *ast.ReturnStmt, zero map[*types.Var]bool, load ast.Node, end ends) bool {
	of := func(v *types.Var) (fails, known bool) {
		isZero, known := zero[v]
		return !isZero, known && !r.reset(source{root: v}, nil, load.End(), ret.Pos())
	}
	if len(ret.Results) == 0 {
		fails, known := of(end.err)
		return end.err != nil && (known && fails || !known && end.guarded[ret])
	}
	switch last := ast.Unparen(ret.Results[len(ret.Results)-1]).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		v := flow.Var(r.info, last)
		if fails, known := of(v); known || v == nil || flow.Global(v) {
			return fails && !r.info.Types[last].IsNil()
		}
		return end.guarded[ret]
	case *ast.CallExpr:
		if sel, ok := last.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Err" && isCursor(r.info.TypeOf(sel.X)) {
			return end.guarded[ret]
		}
		return r.makesError(last, end, end.guarded[ret])
	case *ast.UnaryExpr, *ast.CompositeLit:
		return true
	}
	return false
}
