package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/poollint/poollint/internal/dbapi"
)

// call returns the values of a call as far as they are known, and records the
// queries that it makes.
func (f *frame) call(call *ast.CallExpr) []*value {
	f.account(call)
	return f.resultsOf(call)
}

func (f *frame) resultsOf(call *ast.CallExpr) []*value {
	tv := f.info.Types[call.Fun]
	switch {
	case tv.IsType():
		return []*value{f.conversion(call, tv.Type)}
	case tv.IsBuiltin():
		return f.builtin(call)
	}
	fn := callee(f.info, call)
	if fn == nil {
		target := f.eval(call.Fun)
		return f.apply(call, target, f.args(call), dbapi.Name(""))
	}
	var recv *value
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		if f.info.Selections[sel] != nil {
			recv = f.eval(sel.X)
		}
	}
	if known := textFuncs[dbapi.NameOf(fn)]; known != nil {
		return known(f, call, recv, f.args(call))
	}
	if lib := f.libraryCall(fn, call); lib != "" {
		return f.builderCall(lib, fn, call, recv)
	}
	args := f.args(call)
	if q := f.api.Of(fn); q != nil {
		f.queryCall(call, q, args)
		return nil
	}
	if i := rebound(fn.Name(), len(args)); i >= 0 {
		return []*value{args[i]}
	}
	if s := f.summaryOf(fn); s != nil {
		return f.applySummary(call, fn, s, recv, args)
	}
	if q := dbapi.QueryShaped(fn); q != nil && q.SQL < len(args) {
		if q.Copy || looksLikeSQL(args[q.SQL]) || args[q.SQL].Kind == hole && q.Surely {
			f.queryCall(call, q, args)
			return nil
		}
	}
	f.handOn(call, args, nil)
	f.escapes(call, args)
	f.lose(call)
	return f.extended(call, args, nil)
}

// rebound returns which of n arguments a function of the name gives back with
// other placeholders in it; -1 if it does no such thing.
func rebound(name string, n int) int {
	switch {
	case name == "Rebind":
		return n - 1
	case name == "BindNamed" && n == 2:
		return 0
	}
	return -1
}

// callee returns the function or method that a call names; nil for a function value.
func callee(info *types.Info, call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(info, call).(*types.Func)
	return fn
}

func (f *frame) args(call *ast.CallExpr) []*value {
	args := make([]*value, 0, len(call.Args))
	if len(call.Args) == 1 {
		if tuple, ok := f.typeOf(call.Args[0]).(*types.Tuple); ok {
			return f.evalMulti(call.Args[0], tuple.Len())
		}
	}
	for _, a := range call.Args {
		args = append(args, f.eval(a))
	}
	return args
}

func (f *frame) conversion(call *ast.CallExpr, to types.Type) *value {
	if len(call.Args) != 1 {
		return unknown(call, to)
	}
	v := f.eval(call.Args[0])
	switch {
	case v.Kind == record || v.Kind == list:
		w := *v
		w.typ = to
		if name := dbapi.TypeName(to); name != "" {
			w.Text = name
		}
		return &w
	case v.Kind == hole:
		return unknown(call, to)
	}
	return v
}

func (f *frame) builtin(call *ast.CallExpr) []*value {
	id, _ := ast.Unparen(call.Fun).(*ast.Ident)
	if id == nil {
		f.args(call)
		return nil
	}
	switch id.Name {
	case "append":
		args := f.args(call)
		if len(args) == 0 {
			return nil
		}
		if call.Ellipsis.IsValid() && len(args) == 2 {
			return []*value{spread(args[0], args[1])}
		}
		return []*value{extend(args[0], args[1:]...)}
	case "make":
		for _, a := range call.Args[1:] {
			f.eval(a)
		}
		t := f.typeOf(call)
		if _, ok := t.Underlying().(*types.Map); ok {
			return []*value{{Kind: record, Text: dbapi.TypeName(t), typ: t, pos: call.Pos()}}
		}
		if s, ok := t.Underlying().(*types.Slice); ok {
			if n := f.info.Types[call.Args[min(1, len(call.Args)-1)]].Value; n != nil && n.ExactString() == "0" {
				return []*value{{Kind: list, typ: t, pos: call.Pos()}}
			}
			return []*value{elements(unknown(call, s.Elem()))}
		}
	case "new":
		if p, ok := f.typeOf(call).Underlying().(*types.Pointer); ok { // it is not where the type is unknown
			return []*value{zero(p.Elem())}
		}
	case "panic":
		f.args(call)
		f.env.dead = true
	default:
		f.args(call)
	}
	return nil
}

// spread returns the list v with the elements of w.
func spread(v, w *value) *value {
	if w.Kind == list {
		return extend(v, w.Kids...)
	}
	return extend(v, splice(w))
}

// applySummary returns the results of a function whose summary is known, with the
// arguments in their places.
func (f *frame) applySummary(call *ast.CallExpr, fn *types.Func, s *summary, recv *value, args []*value) []*value {
	bound := bindArgs(fn.Signature(), call, recv, args)
	f.bound[fn.Origin()] = true
	f.handOn(call, args, s)
	f.escapes(call, args)
	results := make([]*value, len(s.Results))
	name := dbapi.NameOf(fn)
	for i, r := range s.Results {
		if r != nil {
			results[i] = through(f.brought(r, 0, bound, call.Pos(), true), name)
		}
	}
	f.applyQueries(call, s.Queries, 0, bound, name)
	for _, c := range s.Changes {
		if target := argumentOf(call, c.Param); target != nil {
			f.store(target, through(f.brought(c.To, 0, bound, call.Pos(), true), name))
		}
	}
	return f.extended(call, args, results)
}

// argumentOf returns the expression that a call gives for a parameter.
func argumentOf(call *ast.CallExpr, i int) ast.Expr {
	var e ast.Expr
	if i < len(call.Args) {
		e = call.Args[i]
	} else if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && i == receiverParam {
		e = sel.X
	}
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.UnaryExpr:
			e = x.X
		case *ast.CallExpr: // methods that return their receiver
			sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
			if !ok {
				return nil
			}
			e = sel.X
		default:
			return x
		}
	}
}

// lose notes that a function that nobody knows may have changed what it was given
// the address of.
func (f *frame) lose(call *ast.CallExpr) {
	for _, a := range call.Args {
		u, ok := ast.Unparen(a).(*ast.UnaryExpr)
		if !ok || u.Op != token.AND {
			continue
		}
		old := f.local(u.X)
		if old == nil {
			continue
		}
		switch old.Kind {
		case list:
			f.store(u.X, extend(old, unknown(call, nil)))
		case record:
			f.store(u.X, old.changed(call))
		case text, sequence, either, junction:
			f.store(u.X, concat(old, unknown(call, nil)))
		case hole:
			f.store(u.X, unknown(call, f.typeOf(u.X))) // a field that is set now
		}
	}
}

// apply calls a function value.
func (f *frame) apply(call *ast.CallExpr, target *value, args []*value, name dbapi.Name) []*value {
	if target.Kind != lambda {
		f.handOn(call, args, nil)
		f.escapes(call, args)
		f.lose(call)
		return f.extended(call, args, nil)
	}
	sig, _ := target.typ.(*types.Signature)
	if sig == nil {
		sig, _ = f.typeOf(call.Fun).Underlying().(*types.Signature)
	}
	bound := bindArgs(sig, call, nil, args)
	results := make([]*value, len(target.Kids))
	for i, r := range target.Kids {
		if r != nil {
			results[i] = f.brought(r, target.Index, bound, call.Pos(), false)
		}
	}
	f.applyQueries(call, target.Queries, target.Index, bound, name)
	return results
}

func (f *frame) applyQueries(call *ast.CallExpr, queries []query, base int, bound map[int]*value, name dbapi.Name) {
	for _, q := range queries {
		q.SQL = f.brought(q.SQL, base, bound, call.Pos(), false)
		if name != "" {
			q.SQL = through(q.SQL, name)
		}
		f.ask(call, q, Wrapper)
	}
}

// through notes that a value passed the named function.
func through(v *value, name dbapi.Name) *value {
	if v.Kind == lambda {
		return v
	}
	w := *v
	w.Through = append(w.Through[:len(w.Through):len(w.Through)], name)
	return &w
}

// bindArgs numbers the arguments of a call by the parameters that take them.
func bindArgs(sig *types.Signature, call *ast.CallExpr, recv *value, args []*value) map[int]*value {
	bound := map[int]*value{}
	if recv != nil {
		bound[receiverParam] = recv
	}
	for i, a := range args {
		bound[i] = a
	}
	if sig != nil && sig.Variadic() && !call.Ellipsis.IsValid() {
		if last := sig.Params().Len() - 1; last <= len(args) {
			bound[last] = elements(args[last:]...)
		}
	}
	return bound
}

// queryCall records a call of a function that takes SQL.
func (f *frame) queryCall(call *ast.CallExpr, row *dbapi.Query, args []*value) {
	if row.SQL >= len(args) {
		return
	}
	q := query{SQL: args[row.SQL], Method: row.Name, Handle: row.Handle, Named: row.Named}
	if row.Postgres {
		q.Dialect.Known = true
	}
	if row.Copy && row.SQL+1 < len(args) {
		q.SQL = copyText(call.Args[row.SQL].Pos(), args[row.SQL], args[row.SQL+1])
	}
	q.SQL = f.withArgs(q.SQL, call, row, args)
	f.ask(call, q, "")
}

// withArgs puts subqueries that are given as values into their places.
func (f *frame) withArgs(sql *value, call *ast.CallExpr, row *dbapi.Query, args []*value) *value {
	if row.Args == dbapi.None || row.Named || row.Args >= len(args) || call.Ellipsis.IsValid() {
		return sql
	}
	return fill(sql, f.operands(call, args, row.Args))
}

// copyText is the statement that pgx's CopyFrom amounts to.
func copyText(pos token.Pos, table, columns *value) *value {
	return concat(static("INSERT INTO ", pos), joined(table, ".", pos),
		static(" (", pos), joined(columns, ", ", pos), static(") VALUES (", pos), holeAt(pos, ListHole), static(")", pos))
}

// joined returns the elements of a list with separators.
func joined(v *value, sep string, pos token.Pos) *value {
	return &value{Kind: junction, Text: sep, Kids: []*value{v}, pos: pos}
}

// holeAt returns a hole of the kind for what stands at pos.
func holeAt(pos token.Pos, k HoleKind) *value { return &value{Kind: hole, Hole: k, pos: pos} }

// ask records a query, or leaves it to the callers if they give its text.
func (f *frame) ask(call *ast.CallExpr, q query, form Form) {
	f.asked[call.Rparen] = true
	if f.pieces += len(q.SQL.Kids); f.pieces > maxPieces || len(f.queries) >= maxQueries {
		q.SQL, q.site = &value{Kind: hole, pos: call.Pos(), cut: true}, nil
	}
	if q.site != nil {
		if hasParam(q.SQL) {
			f.queries = append(f.queries, q)
			return
		}
		q.site.add(q.SQL, true)
		return
	}
	if !hasParam(q.SQL) {
		f.site(call, q, form).add(q.SQL, false)
		return
	}
	if f.ownVerb(q.SQL) {
		q.site = f.site(call, q, form)
		q.site.add(q.SQL, false)
	} else if form == Builder {
		f.leaveOpen(call)
	}
	f.queries = append(f.queries, q)
}

// weakSite records a builder of which nobody is seen to run the query; it gives way
// to a site that is.
func (f *frame) weakSite(e ast.Expr, v *value) {
	s := f.site(e, query{SQL: v}, Builder)
	if len(s.values) == 0 {
		s.weak = true
	}
	if s.weak {
		s.add(v, false)
	}
}

// escapes records builders that are handed on, in case nobody is seen to run them.
// One that comes back may have more conditions then.
func (f *frame) escapes(call *ast.CallExpr, args []*value) {
	for i, a := range args {
		if a.Kind != chain || i >= len(call.Args) || !complete(a) || hasParam(a) {
			continue
		}
		if f.comesBack(call, i) {
			a = then(a, furtherStep(call))
		}
		f.weakSite(call.Args[i], a)
	}
}

// extended returns the results of a call with what is not known of a builder that
// was handed in and comes back: it has what it had, and perhaps more.
func (f *frame) extended(call *ast.CallExpr, args, results []*value) []*value {
	if len(results) > 0 && results[0] != nil {
		return results
	}
	for i, a := range args {
		if i < len(call.Args) && (has(a, isChain) || a.Kind == param) && f.comesBack(call, i) {
			results = append([]*value{then(a, furtherStep(call))}, results[min(1, len(results)):]...)
			if fn := callee(f.info, call); fn != nil {
				results[0] = through(results[0], dbapi.NameOf(fn))
			}
			break
		}
	}
	return results
}

func isChain(v *value) bool { return v.Kind == chain }

// comesBack reports whether argument i of a call is a builder, or of a type that
// may stand for one, and the first result has its type.
func (f *frame) comesBack(call *ast.CallExpr, i int) bool {
	t := f.typeOf(call.Args[i])
	result := f.typeOf(call)
	if tuple, ok := result.(*types.Tuple); ok && tuple.Len() > 0 {
		result = tuple.At(0).Type()
	}
	_, generic := types.Unalias(t).(*types.TypeParam)
	return (generic || libraryOf(t) != "") && types.Identical(t, result)
}

// furtherStep is what a function that nobody knows does to a builder.
func furtherStep(call *ast.CallExpr) *value {
	return &value{Kind: step, Text: further, pos: call.Pos()}
}
