package byid

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/schema"
)

// A source is what a value is written as: a variable, and the fields and functions that lead
// from it to the value.
type source struct {
	root *types.Var
	path []string
}

func (s source) equal(o source) bool { return s.root == o.root && slices.Equal(s.path, o.path) }

const (
	maxHops    = 8  // variables between a value and its source
	maxSources = 24 // of one value
)

// sourcesOf returns what the value that the path leads to from an expression may be written
// as, the nearest first: each is another name for the same value.
func (r *reader) sourcesOf(e ast.Expr, path []string) []source {
	var all []source
	r.follow(e, path, maxHops, &all)
	return all
}

func (r *reader) follow(e ast.Expr, path []string, hops int, all *[]source) {
	if r.looks--; r.looks < 0 || hops == 0 || len(*all) >= maxSources {
		return
	}
	if name, param := r.carriedBy(e); name != "" && param == nil {
		*all = append(*all, source{r.carried(name), path})
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v := flow.Var(r.info, e); v != nil && !flow.Global(v) {
			*all = append(*all, source{v, path})
			r.through(v, path, hops-1, all)
		}
	case *ast.SelectorExpr:
		if s := r.info.Selections[e]; s != nil && s.Kind() == types.FieldVal {
			r.follow(e.X, before(e.Sel.Name, path), hops, all)
		}
	case *ast.StarExpr:
		r.follow(e.X, path, hops, all)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			r.follow(e.X, path, hops, all)
		}
	case *ast.IndexExpr:
		r.follow(e.X, path, hops, all)
	case *ast.SliceExpr:
		r.follow(e.X, path, hops, all)
	case *ast.TypeAssertExpr:
		r.follow(e.X, path, hops, all)
	case *ast.CompositeLit:
		if part := r.partOf(e, path); part != nil {
			r.follow(part, path[min(1, len(path)):], hops, all)
		}
	case *ast.CallExpr:
		r.call(e, path, hops, all)
	}
}

// call follows a conversion, by a type, a function or a method.
func (r *reader) call(e *ast.CallExpr, path []string, hops int, all *[]source) {
	fun := ast.Unparen(e.Fun)
	sel, _ := fun.(*ast.SelectorExpr)
	switch {
	case len(e.Args) == 1 && r.info.Types[fun].IsType():
		r.follow(e.Args[0], path, hops, all)
	case r.converted(e) != nil:
		r.follow(r.converted(e), path, hops, all)
	case r.putInto(e, path) != nil:
		r.follow(r.putInto(e, path), path[1:], hops, all)
	case len(e.Args) == 1:
		if fn := flow.Var(r.info, fun); fn == nil {
			r.follow(e.Args[0], before(types.ExprString(fun)+"()", path), hops, all)
		}
	case len(e.Args) == 0 && sel != nil && r.info.Selections[sel] != nil:
		if t := r.info.TypeOf(sel.X); converting.MatchString(sel.Sel.Name) && (mayBeID(t) || rowType(t) != nil && isValue(t)) {
			r.follow(sel.X, path, hops, all) // id.String()
			return
		}
		r.follow(sel.X, before(sel.Sel.Name+"()", path), hops, all)
	}
}

// putInto returns the argument that a function of the package puts into a field of the literal that is all it
// returns: newParams(id, title).ID.
func (r *reader) putInto(call *ast.CallExpr, path []string) ast.Expr {
	c := r.code.Call(call)
	if len(path) == 0 || c == nil || c.Fn == nil {
		return nil
	}
	f := r.code.Func(c.Fn)
	if f == nil || len(f.Returns) != 1 || len(f.Returns[0].Results) != 1 {
		return nil
	}
	made := ast.Unparen(f.Returns[0].Results[0])
	if u, ok := made.(*ast.UnaryExpr); ok {
		made = ast.Unparen(u.X)
	}
	lit, ok := made.(*ast.CompositeLit)
	if !ok || len(lit.Elts) == 0 {
		return nil
	}
	part := r.partOf(lit, path)
	if part == nil {
		return nil
	}
	for _, s := range r.sourcesOf(part, nil) {
		if p, ok := r.code.Param(s.root); ok && p.Of == f && len(s.path) == 0 {
			if args := c.Args(f.Sig, p.I); len(args) == 1 {
				return args[0]
			}
		}
	}
	return nil
}

// converting are names of functions that write an id otherwise: Parse, MustParse, Atoi, ToUUID, FormatInt.
var converting = regexp.MustCompile(`(?i)^(must)?(parse|atoi|itoa|format|to|from)|(string|uuid|int64)$`)

// converted returns the id that a call writes otherwise: its one argument that may be an id, and is
// no constant; nil if the call does something else.
func (r *reader) converted(call *ast.CallExpr) (id ast.Expr) {
	if !converting.MatchString(nameOf(call.Fun)) {
		return nil
	}
	for _, arg := range call.Args {
		t := r.info.TypeOf(arg)
		switch {
		case r.info.Types[arg].Value != nil:
		case isContext(t):
			return nil
		case t != nil && (mayBeID(t) || rowType(t) != nil && isValue(t)):
			if id != nil {
				return nil
			}
			id = arg
		}
	}
	return id
}

// isValue reports whether a value of a type is no pointer: pgtype.UUID is, *http.Request is not.
func isValue(t types.Type) bool { return !isPointer(t) }

func before(first string, path []string) []string { return append([]string{first}, path...) }

// partOf returns the value of a field of a literal; if no field is asked for, its id, or the one
// value in it that is no constant.
func (r *reader) partOf(lit *ast.CompositeLit, path []string) (part ast.Expr) {
	var of *types.Struct
	if t := r.info.TypeOf(lit); t != nil {
		of, _ = t.Underlying().(*types.Struct)
	}
	for i, elt := range lit.Elts {
		name := ""
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				name = id.Name
			}
			elt = kv.Value
		} else if of != nil && i < of.NumFields() {
			name = of.Field(i).Name()
		}
		switch {
		case len(path) > 0 && name == path[0], len(path) == 0 && strings.EqualFold(name, "id"):
			return elt
		case len(path) == 0 && r.info.Types[elt].Value == nil:
			if part != nil {
				return nil
			}
			part = elt
		}
	}
	return part
}

// through follows what a variable is set to, if that is one value, or what its field is.
func (r *reader) through(v *types.Var, path []string, hops int, all *[]source) {
	var whole, field, deep []*flow.Store
	for _, s := range r.code.Into(v) {
		switch {
		case s.Whole(v):
			whole = append(whole, s)
		case len(path) > 1 && !s.Elem && slices.Equal(fieldsOf(s.Dst), path):
			deep = append(deep, s)
		case !s.Elem && (len(path) > 0 && s.Key == path[0] || len(path) == 0 && strings.EqualFold(s.Key, "id")):
			field = append(field, s)
		}
	}
	switch p, param := r.code.Param(v); {
	case param && len(whole) == 0:
		if arg := r.argumentOf(p); arg != nil {
			r.follow(arg, path, hops, all)
		}
	case !param && !slices.ContainsFunc(whole, func(s *flow.Store) bool { return !r.isEmpty(s.Src) }):
		if reads := r.reads(v); len(reads) == 1 {
			r.follow(reads[0].Args[0], nil, hops, all)
		}
	case !param && len(whole) == 1 && !r.severalValues(whole[0]):
		r.follow(whole[0].Src, path, hops, all)
	}
	given := slices.ContainsFunc(whole, func(s *flow.Store) bool { return r.isCall(s.Src) })
	if len(field) == 1 && !r.severalValues(field[0]) && !(given && r.onCondition(field[0])) {
		r.follow(field[0].Src, path[min(1, len(path)):], hops, all)
	}
	if len(deep) == 1 && !r.severalValues(deep[0]) && !r.onCondition(deep[0]) {
		r.follow(deep[0].Src, nil, hops, all)
	}
}

// reading are methods by which an id takes what a text says: id.Scan(text).
var reading = map[string]bool{"Scan": true, "Set": true, "UnmarshalText": true}

// reads returns the calls by which a variable takes its value from a text.
func (r *reader) reads(v *types.Var) (all []*ast.CallExpr) {
	if !isValue(v.Type()) || rowType(v.Type()) == nil && !mayBeID(v.Type()) {
		return nil
	}
	for _, use := range r.code.Mentions(v) {
		switch at := use.Parent().Node().(type) {
		case *ast.SelectorExpr:
			if call, ok := use.Parent().Parent().Node().(*ast.CallExpr); ok && at.X == use.Node() && reading[at.Sel.Name] && call.Fun == at && len(call.Args) == 1 {
				all = append(all, call)
			}
		case *ast.UnaryExpr:
			if call, ok := use.Parent().Parent().Node().(*ast.CallExpr); ok && at.Op == token.AND && scansText.MatchString(types.ExprString(call.Fun)) && call.Args[len(call.Args)-1] == at {
				all = append(all, call)
			}
		}
	}
	return all
}

// scansText are functions by which one variable takes what a text says: fmt.Sscanf(text, "%d", &id).
var scansText = regexp.MustCompile(`^fmt\.Sscan(f|ln)?$`)

// foundBy returns the ids by which the row was found that an id of a change is in: whatever returns
// the row of an id returns that id.
func (r *reader) foundBy(f *flow.Func, change event) (all []source) {
	for _, id := range change.ids {
		if _, param := r.code.Param(id.root); param {
			continue
		}
		var found []source
		only := !slices.ContainsFunc(r.code.Into(id.root), func(s *flow.Store) bool {
			if !s.Whole(id.root) {
				return false
			}
			ids := r.givenFor(f, s, id)
			if !slices.ContainsFunc(ids, func(o source) bool { return o.root == id.root }) { // else the row itself, again
				found = append(found, ids...)
			}
			return len(ids) == 0
		})
		if only && !r.replaced(id) {
			all = append(all, found...)
		}
	}
	return all
}

// givenFor returns the ids that a call is given which returns the row of an id, or of the row that
// it changes.
func (r *reader) givenFor(f *flow.Func, s *flow.Store, id source) []source {
	for ; f != nil; f = f.Parent {
		for _, e := range r.rows[f] {
			if e.call.Expr == ast.Unparen(s.Src) && s.Result == 0 && (id.isID(e.Key) || id.isID(plainKey)) {
				return e.ids
			}
		}
	}
	return nil
}

// argumentOf returns what the one call of a literal gives to its parameter; nil if there are others.
func (r *reader) argumentOf(p flow.Param) ast.Expr {
	if p.Of.Lit == nil {
		return nil
	}
	calls := r.runsAt(p.Of)
	if len(calls) != 1 {
		return nil
	}
	at := calls[0]
	if at == p.Of.Cursor { // called where it stands
		at = at.Parent()
	}
	call, ok := at.Node().(*ast.CallExpr)
	if !ok || at == p.Of.Cursor.Parent() && ast.Unparen(call.Fun) != p.Of.Lit {
		return nil
	}
	if args := r.code.Call(call).Args(p.Of.Sig, p.I); len(args) == 1 {
		return args[0]
	}
	return nil
}

// fieldsOf returns the fields on the way from a variable to what an expression names.
func fieldsOf(e ast.Expr) (names []string) {
	for {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return names
		}
		names, e = before(sel.Sel.Name, names), sel.X
	}
}

func (r *reader) isCall(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && !r.info.Types[call.Fun].IsType() && !r.info.Types[call.Fun].IsBuiltin()
}

// onCondition reports whether a store is in a branch of its function.
func (r *reader) onCondition(s *flow.Store) bool {
	at, ok := s.In.At(s.Dst)
	if !ok {
		return true
	}
	for c := range at.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil), (*ast.CommClause)(nil)) {
		return s.In.Cursor.Contains(c)
	}
	return false
}

// severalValues reports whether a store takes one of the results of a call, or says whether
// there is a value.
func (r *reader) severalValues(s *flow.Store) bool {
	_, several := r.info.TypeOf(s.Src).(*types.Tuple)
	if call, ok := ast.Unparen(s.Src).(*ast.CallExpr); ok && s.Result == 0 {
		if name, _ := r.carriedBy(call); name != "" || r.converted(call) != nil {
			return false // or it has failed
		}
	}
	return several && (s.Result > 0 || r.isCall(s.Src))
}

// isID reports whether the fields lead from a row to one of its columns, as from a whole row
// or a list of them.
func (s source) isID(columns []string) bool {
	last := ""
	for _, p := range s.path {
		name, calls := strings.CutSuffix(p, "()")
		getter, gets := strings.CutPrefix(name, "Get")
		switch {
		case !calls:
			last = name
		case gets:
			last = getter
		}
	}
	return last == "" || slices.ContainsFunc(columns, func(c string) bool { return schema.Normal(c) == schema.Normal(last) })
}

// reset reports whether the source takes another value between the positions than what is
// scanned of the rows.
func (r *reader) reset(s source, rows map[*types.Var]bool, from, to token.Pos) bool {
	if slices.ContainsFunc(r.reads(s.root), func(call *ast.CallExpr) bool { return from < call.Pos() && call.Pos() < to }) {
		return true
	}
	return slices.ContainsFunc(r.code.Into(s.root), func(st *flow.Store) bool {
		if st.Dst == nil || st.Range || st.Dst.Pos() <= from || to <= st.Dst.Pos() || st.Src.Pos() <= to && to < st.Src.End() {
			return false
		}
		return (st.Whole(s.root) || len(s.path) > 0 && st.Key == s.path[0] || len(s.path) == 0 && strings.EqualFold(st.Key, "id")) && !r.isScanned(st.Src, rows)
	})
}
