package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// call returns the values of a call as far as they are known, and records the
// queries that it makes.
func (f *frame) call(call *ast.CallExpr) []value.Value {
	f.account(call)
	results := f.resultsOf(call)
	f.hand(call)
	return results
}

func (f *frame) resultsOf(call *ast.CallExpr) []value.Value {
	tv := f.info.Types[call.Fun]
	switch {
	case tv.IsType():
		return []value.Value{f.conversion(call, tv.Type)}
	case tv.IsBuiltin():
		return f.builtin(call)
	}
	fn := callee(f.info, call)
	if fn == nil {
		fn = builderVar(f.info, call)
	}
	if fn == nil {
		target := f.eval(call.Fun)
		return f.apply(call, target, f.args(call), dbapi.Name(""))
	}
	var recv value.Value
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		if f.info.Selections[sel] != nil {
			recv = f.eval(sel.X)
		}
	}
	if known := textFuncNamed(dbapi.NameOf(fn)); known != nil {
		return known(f, call, recv, f.args(call))
	}
	if b := builder.OfFunc(fn); b != nil && (b.Queries || f.api.Of(fn) == nil) {
		return f.builderCall(b, fn, call, recv)
	}
	args := f.args(call)
	if q := f.api.Of(fn); q != nil {
		f.queryCall(call, q, args)
		return nil
	}
	if method := f.behind(call); method != nil {
		fn = method
	}
	if i := rebound(fn.Name(), len(args)); i >= 0 {
		return []value.Value{args[i]}
	}
	shaped := dbapi.QueryShaped(fn)
	if shaped != nil && (shaped.SQL >= len(args) || !mayBeSQL(shaped, args[shaped.SQL])) {
		shaped = nil
	}
	if s := f.summaryOf(fn); s != nil && !(shaped != nil && shaped.Struct && !s.uses(shaped.SQL)) {
		return f.applySummary(call, fn, s, recv, args)
	}
	if shaped != nil {
		f.queryCall(call, shaped, args)
		return nil
	}
	f.handOn(call, args, nil)
	f.escapes(call, args)
	f.lend(call, fn, nil)
	return f.extended(call, args, nil, nil)
}

// mayBeSQL reports whether a method that looks as if it takes SQL may be given some.
func mayBeSQL(q *dbapi.Query, arg value.Value) bool {
	switch {
	case q.Struct:
		return value.IsOpen(arg) || statementsOf(arg) != nil
	case q.Guess:
		return !value.IsOpen(arg) && !value.IsChain(arg) && !isWord(arg) && looksLikeSQL(arg)
	}
	return q.Copy || looksLikeSQL(arg) || value.IsHole(arg) && q.Surely
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

// builderVar returns what a call runs by way of a package's variable, if that is a builder's
// function: the variable itself, of the builder's package (var COUNT = jet.COUNT), or the
// function whose name and type it has (var Insert = statements.Insert). It is nil for any
// other call.
func builderVar(info *types.Info, call *ast.CallExpr) *types.Func {
	v, _ := typeutil.Callee(info, call).(*types.Var)
	if v == nil || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() {
		return nil
	}
	sig, ok := v.Type().Underlying().(*types.Signature)
	if !ok {
		return nil
	}
	if fn := types.NewFunc(v.Pos(), v.Pkg(), v.Name(), sig); builder.OfFunc(fn) != nil {
		return fn
	}
	return builder.Named(v.Name(), sig)
}

func (f *frame) args(call *ast.CallExpr) []value.Value {
	args := make([]value.Value, 0, len(call.Args))
	if len(call.Args) == 1 {
		if tuple, ok := f.TypeOf(call.Args[0]).(*types.Tuple); ok {
			return f.evalMulti(call.Args[0], tuple.Len())
		}
	}
	for _, a := range call.Args {
		if lit, ok := ast.Unparen(a).(*ast.FuncLit); ok && builderOf(f.info, call) == nil {
			args = append(args, f.funcLit(lit, args...))
		} else {
			args = append(args, f.eval(a))
		}
	}
	return args
}

// builderOf returns the builder whose function or method is called, nil if there is none.
func builderOf(info *types.Info, call *ast.CallExpr) *builder.Builder {
	fn := callee(info, call)
	if fn == nil {
		return nil
	}
	return builder.OfFunc(fn)
}

func (f *frame) conversion(call *ast.CallExpr, to types.Type) value.Value {
	if len(call.Args) != 1 {
		return value.Unknown(call, to)
	}
	of := f.eval(call.Args[0])
	if _, known := of.(*value.Text); !known && builder.IsIdent(to) {
		return value.Unknown(call, to).Of(value.NameHole)
	}
	switch v := of.(type) {
	case *value.Record:
		w, as := *v, recordOf(to, v.Pos)
		if w.Holds, w.Shape = as.Holds, as.Shape; as.Type != "" {
			w.Type = as.Type
		}
		return &w
	case *value.List:
		w := *v
		if name := dbapi.TypeName(to); name != "" {
			w.Type = name
		}
		return &w
	case *value.Hole:
		return value.Unknown(call, to)
	default:
		return v
	}
}

func (f *frame) builtin(call *ast.CallExpr) []value.Value {
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
			return []value.Value{value.Spread(args[0], args[1])}
		}
		return []value.Value{value.Extend(args[0], args[1:]...)}
	case "make":
		for _, a := range call.Args[1:] {
			f.eval(a)
		}
		t := f.TypeOf(call)
		if _, ok := t.Underlying().(*types.Map); ok {
			return []value.Value{recordOf(t, call.Pos())}
		}
		if s, ok := t.Underlying().(*types.Slice); ok {
			if n := f.info.Types[call.Args[min(1, len(call.Args)-1)]].Value; n != nil && n.ExactString() == "0" {
				return []value.Value{&value.List{Origin: value.Origin{Pos: call.Pos()}}}
			}
			return []value.Value{value.Elements(value.Unknown(call, s.Elem()))}
		}
	case "new":
		if p, ok := f.TypeOf(call).Underlying().(*types.Pointer); ok { // it is not where the type is unknown
			return []value.Value{zero(p.Elem())}
		}
	case "panic":
		f.args(call)
		f.env.dead = true
	default:
		f.args(call)
	}
	return nil
}

// applySummary returns the results of a function whose summary is known, with the
// arguments in their places.
func (f *frame) applySummary(call *ast.CallExpr, fn *types.Func, s *summary, recv value.Value, args []value.Value) []value.Value {
	bound := bindArgs(fn.Signature(), call, recv, args)
	f.bound[fn.Origin()] = true
	f.handOn(call, args, s)
	f.escapes(call, args)
	results := make([]value.Value, len(s.Results))
	name := dbapi.NameOf(fn)
	for i, r := range s.Results {
		if r != nil {
			results[i] = value.Through(f.Bring(builder.WithModels(f, r, call, 0, bound), 0, bound, call.Pos(), true), name)
		}
	}
	f.applyQueries(call, s.Queries, 0, bound, name)
	f.applyChanges(call, s.Changes, 0, bound, name)
	return f.extended(call, args, results, nil)
}

// assignable returns the variable whose address, or value, an argument is; nil if there is
// none.
func assignable(e ast.Expr) ast.Expr {
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

// apply calls a function value.
func (f *frame) apply(call *ast.CallExpr, target value.Value, args []value.Value, name dbapi.Name) []value.Value {
	fn, ok := target.(*value.Func)
	if !ok {
		f.handOn(call, args, nil)
		f.escapes(call, args)
		if !value.IsOpen(target) && !value.IsSplice(target) {
			target = nil
		}
		f.lend(call, nil, target)
		return f.extended(call, args, nil, target)
	}
	sig, _ := fn.Type.(*types.Signature)
	if sig == nil {
		sig, _ = f.TypeOf(call.Fun).Underlying().(*types.Signature)
	}
	bound := bindArgs(sig, call, nil, args)
	results := make([]value.Value, len(fn.Results))
	for i, r := range fn.Results {
		if r != nil {
			results[i] = f.Bring(r, fn.Base, bound, call.Pos(), false)
		}
	}
	f.applyQueries(call, fn.Queries, fn.Base, bound, name)
	f.applyChanges(call, fn.Changes, fn.Base, bound, name)
	return results
}

// applyChanges makes what a function leaves in its parameters the values of what a call
// gives for them.
func (f *frame) applyChanges(call *ast.CallExpr, changes []value.Change, base int, bound map[int]value.Value, name dbapi.Name) {
	for _, c := range changes {
		given := f.given(call, c.Param-base)
		target := assignable(given)
		if value.IsLent(c.To) {
			f.lendOut(loan{by: call}, given, maxAliases)
			continue
		}
		if target == nil {
			continue
		}
		to := f.Bring(c.To, base, bound, call.Pos(), name != "")
		if name != "" {
			to = value.Through(to, name)
		}
		f.store(target, to)
		if alias := f.aliasOf(target); alias != nil {
			f.store(assignable(alias), to)
		}
	}
}

// given returns what a call gives for a parameter, nil if that is not known, as of one of the
// function around a literal.
func (f *frame) given(call *ast.CallExpr, i int) ast.Expr {
	switch {
	case i == value.Receiver:
		return f.receiverOf(call)
	case 0 <= i && i < len(call.Args):
		return call.Args[i]
	}
	return nil
}

func (f *frame) applyQueries(call *ast.CallExpr, queries []value.Query, base int, bound map[int]value.Value, name dbapi.Name) {
	for _, q := range queries {
		q.SQL = f.Bring(builder.WithModels(f, q.SQL, call, base, bound), base, bound, call.Pos(), false)
		if name != "" {
			q.SQL = value.Through(q.SQL, name)
		}
		f.ask(call, q, Wrapper)
	}
}

// bindArgs numbers the arguments of a call by the parameters that take them.
func bindArgs(sig *types.Signature, call *ast.CallExpr, recv value.Value, args []value.Value) map[int]value.Value {
	bound := map[int]value.Value{}
	if recv != nil {
		bound[value.Receiver] = recv
	}
	for i, a := range args {
		bound[i] = a
	}
	if sig != nil && sig.Variadic() && !call.Ellipsis.IsValid() {
		if last := sig.Params().Len() - 1; last <= len(args) {
			bound[last] = value.Elements(args[last:]...)
		}
	}
	return bound
}

// queryCall records a call of a function that takes SQL.
func (f *frame) queryCall(call *ast.CallExpr, row *dbapi.Query, args []value.Value) {
	if row.SQL >= len(args) {
		return
	}
	q := value.Query{SQL: f.structText(call.Args[min(row.SQL, len(call.Args)-1)], args[row.SQL]), Method: row.Name, Handle: row.Handle, Named: row.Named, Postgres: row.Postgres}
	if row.Copy && row.SQL+1 < len(args) {
		q.SQL = copyText(call.Args[row.SQL].Pos(), args[row.SQL], args[row.SQL+1])
	}
	q.SQL = f.withArgs(q.SQL, call, row, args)
	f.ask(call, q, "")
}

// structText returns the text in a struct that is given for SQL: those of its fields that begin
// like statements, or the only one that can hold text. Anything else is its own text, and what
// callers give is theirs.
func (f *frame) structText(arg ast.Expr, v value.Value) value.Value {
	t := f.TypeOf(arg)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || builder.Of(t) != nil || value.IsOpen(v) {
		return v
	}
	if texts := statementsOf(v); texts != nil {
		return texts
	}
	var all []value.Value
	for field := range s.Fields() {
		if value.IsText(field.Type()) {
			all = append(all, value.Field(v, field.Name()))
		}
	}
	if len(all) == 1 && all[0] != nil {
		return all[0]
	}
	return value.Unknown(arg, t)
}

// statementsOf returns the fields of a struct that begin like statements, such as one for each
// dialect; nil if there is none.
func statementsOf(v value.Value) value.Value {
	var statements []value.Value
	var key string
	switch v := v.(type) {
	case *value.Record:
		key = "texts" + strconv.Itoa(int(v.Pos))
		for _, part := range v.Parts {
			e, ok := part.(*value.Entry)
			if ok && !value.IsOpen(e.Of) && !value.IsChain(e.Of) && !isWord(e.Of) && looksLikeSQL(e.Of) {
				statements = append(statements, e.Of)
			}
		}
	case *value.Choice:
		key = v.Key
		for _, a := range v.Alternatives {
			if s := statementsOf(a); s != nil {
				statements = append(statements, s)
			}
		}
	}
	if len(statements) == 0 {
		return nil
	}
	return value.Choose(key, nil, statements...)
}

// isWord reports whether v is one word, such as the name of a query: drop.
func isWord(v value.Value) bool {
	t, ok := v.(*value.Text)
	return ok && len(strings.Fields(t.S)) < 2
}

// withArgs puts subqueries that are given as values into their places.
func (f *frame) withArgs(sql value.Value, call *ast.CallExpr, row *dbapi.Query, args []value.Value) value.Value {
	if row.Args == dbapi.None || row.Named || row.Args >= len(args) || call.Ellipsis.IsValid() {
		return sql
	}
	return value.Fill(sql, builder.Operands(f, call, args, row.Args))
}

// copyText is the statement that pgx's CopyFrom amounts to.
func copyText(pos token.Pos, table, columns value.Value) value.Value {
	return value.Concat(value.Static("INSERT INTO ", pos), value.Joined(table, ".", pos),
		value.Static(" (", pos), value.Joined(columns, ", ", pos), value.Static(") VALUES (", pos), value.HoleAt(pos, value.ListHole), value.Static(")", pos))
}

// ask records a query, or leaves it to the callers if they give its text.
func (f *frame) ask(call *ast.CallExpr, q value.Query, form Form) {
	f.asked[call.Rparen] = true
	if texts := statementsOf(q.SQL); texts != nil {
		q.SQL = texts
	}
	if few := f.Spend(q.SQL); !few || len(f.queries) >= maxQueries {
		q.SQL, q.Sink = value.Cut(&value.Origin{Pos: call.Pos()}), nil
	}
	if q.Sink != nil {
		if value.HasParam(q.SQL) {
			f.queries = append(f.queries, q)
		}
		if !value.Pends(q.SQL) {
			q.Sink.Complete(q.SQL)
		}
		return
	}
	if !value.HasParam(q.SQL) {
		f.site(call, q, form).add(q.SQL)
		return
	}
	switch {
	case ownVerb(q.SQL):
		site := f.site(call, q, form)
		site.add(q.SQL)
		q.Sink = site
	case form == Builder && builder.TakesModel(q.SQL):
		q.Tableless, q.Sink = true, f.site(call, q, form)
		f.leaveOpen(call)
	case form == Builder:
		f.leaveOpen(call)
	}
	f.queries = append(f.queries, q)
}
