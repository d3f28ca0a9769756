package byid

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/schema"
)

// Whose a row is may be known whatever way led to its change: if all that its variable ever
// takes is a row which was loaded for its tenant, one that the program makes, or none.

// An origin is the search for what a variable of a row takes.
type origin struct {
	*reader
	change event
	seen   map[*types.Var]bool
	load   *Deed  // the first that was found
	anew   bool   // the program makes the row, with an id of its own
	holder string // gives who asks, whose row it is
}

// comesFrom returns the load that the row of a change comes from, or the INSERT, whatever
// else its variable may take being nobody's; or the holder of whom it belongs to.
func (r *reader) comesFrom(change event) (by Deed, holder string, ok bool) {
	for _, id := range change.ids {
		o := &origin{reader: r, change: change, seen: map[*types.Var]bool{}}
		switch ok := o.ofVar(id.root, id.path); {
		case ok && o.holder != "":
			return Deed{}, o.holder, false
		case ok && o.load != nil:
			return *o.load, "", true
		case ok && o.anew:
			return Deed{}, "", true
		}
	}
	return Deed{}, "", false
}

// handsOut notes that a function returns a row for its tenant, or the row's id, whether it finds
// that or makes it: whatever it returns is nobody else's.
func (r *reader) handsOut(f *flow.Func) bool {
	if f.Obj == nil || f.Sig.Results().Len() == 0 || !slices.ContainsFunc(withLiterals(f, nil), func(g *flow.Func) bool { return len(r.loads[g]) > 0 }) {
		return false
	}
	var returned []ast.Expr
	named := false
	r.inspect(f.Body(), func(n ast.Node) bool {
		if ret, ok := n.(*ast.ReturnStmt); ok {
			if named = named || len(ret.Results) == 0; !named {
				returned = append(returned, ret.Results[0])
			}
		}
		_, lit := n.(*ast.FuncLit)
		return !lit
	})
	o := &origin{reader: r}
	all := func() bool {
		o.seen = map[*types.Var]bool{}
		return !slices.ContainsFunc(returned, func(e ast.Expr) bool { return !r.isZero(e) && !o.of(e, nil) })
	}
	if named || len(returned) == 0 || !all() || o.load == nil || o.holder != "" {
		return false
	}
	if o.change.Tables = o.load.Tables; !all() { // all of one table
		return false
	}
	return r.add(f, Deed{Query: f.Obj.Name(), Tables: o.load.Tables, Key: o.load.Key, Made: o.load.Made, Param: -1})
}

// ofVar reports whether all that a variable takes is nobody's else; the path leads to the id.
func (o *origin) ofVar(v *types.Var, path []string) bool {
	if o.seen[v] {
		return true
	}
	o.seen[v] = true
	stores := o.code.Into(v)
	if o.looks -= len(stores); o.looks < 0 || v.IsField() || flow.Global(v) {
		return false
	}
	if p, isParam := o.code.Param(v); isParam {
		arg := o.argumentOf(p)
		return arg != nil && len(stores) == 0 && o.of(arg, path)
	}
	for _, s := range stores {
		if key := s.KeyIn(v); s.Adds || s.Result > 0 && !s.Range || (s.Whole(v) || s.Elem || isKey(key, path)) && !o.takes(s, v, path) {
			return false
		}
	}
	return !slices.ContainsFunc(o.code.Mentions(v), func(c inspector.Cursor) bool { return o.isFilled(v, c, path) })
}

// takes reports whether a store puts nobody else's row into the variable.
func (o *origin) takes(s *flow.Store, v *types.Var, path []string) bool {
	switch index, keyed := s.Dst.(*ast.IndexExpr); {
	case s.Elem && keyed && isMap(v.Type()) && len(path) == 0: // the id is a key or a value
		return o.of(index.Index, nil) && (!types.Identical(o.info.TypeOf(index.Index), o.info.TypeOf(index)) || o.of(s.Src, nil))
	case s.Whole(v) || s.Elem:
		return o.of(s.Src, path)
	}
	return o.isNew(s.Src) || o.of(s.Src, nil)
}

// isKey reports whether a field is that of the id.
func isKey(field string, path []string) bool {
	if field == "" {
		return false
	}
	if len(path) > 0 {
		return field == path[len(path)-1]
	}
	return schema.Normal(field) == plainKey[0]
}

// of is ofVar for an expression.
func (o *origin) of(e ast.Expr, path []string) bool {
	if o.looks--; o.looks < 0 {
		return false
	}
	e = ast.Unparen(e)
	if o.isEmpty(e) {
		return true
	}
	switch e := e.(type) {
	case *ast.Ident:
		v := flow.Var(o.info, e)
		return v != nil && o.ofVar(v, path)
	case *ast.SelectorExpr:
		s := o.info.Selections[e]
		return s != nil && s.Kind() == types.FieldVal && o.of(e.X, before(e.Sel.Name, path))
	case *ast.StarExpr:
		return o.of(e.X, path)
	case *ast.UnaryExpr:
		return e.Op == token.AND && o.of(e.X, path)
	case *ast.IndexExpr:
		return o.of(e.X, path)
	case *ast.SliceExpr:
		return o.of(e.X, path)
	case *ast.CompositeLit:
		return o.makes(e, path)
	case *ast.CallExpr:
		return o.ofCall(e, path)
	}
	return false
}

// makes reports whether a literal is a new row, or a list of rows that are nobody else's.
func (o *origin) makes(lit *ast.CompositeLit, path []string) bool {
	return !slices.ContainsFunc(lit.Elts, func(elt ast.Expr) bool {
		kv, keyed := elt.(*ast.KeyValueExpr)
		if !keyed {
			return !o.of(elt, path)
		}
		if name, ok := kv.Key.(*ast.Ident); ok && isKey(name.Name, path) {
			return !o.isNew(kv.Value) && !o.of(kv.Value, nil)
		}
		part, ok := ast.Unparen(kv.Value).(*ast.CompositeLit) // it may be embedded
		return ok && rowType(o.info.TypeOf(part)) != nil && !o.makes(part, path)
	})
}

// makesID are names of functions that give an id which nobody has.
var makesID = regexp.MustCompile(`(?i)^(must)?(new|gen|make|rand)|^(uu|x|ul|ks|nano)id$|^(next|unique)`)

// isNew reports whether an expression is an id that nobody has yet: uuid.New(), uuid.NewString().
func (o *origin) isNew(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	if inner, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && len(call.Args) == 0 && o.isNew(inner.X) {
		return true // uuid.New().String()
	}
	is := makesID.MatchString(nameOf(call.Fun)) && !slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return o.info.Types[arg].Value == nil && !o.isNew(arg) })
	o.anew = o.anew || is
	return is
}

// ofCall is of for a call: of append, or of a load.
func (o *origin) ofCall(call *ast.CallExpr, path []string) bool {
	if o.isBuiltin(call, "append") {
		return !slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return !o.of(arg, path) })
	}
	if o.info.Types[call.Fun].IsType() && len(call.Args) == 1 {
		return o.of(call.Args[0], path)
	}
	return len(path) == 0 && mayBeID(o.info.TypeOf(call)) && o.isNew(call) || o.gives(call, path)
}

// gives reports whether a call returns, or writes, rows for their tenant and no others: those of
// a query or of a function that makes one, by whatever methods follow. The path leads from a row
// to the id of the change.
func (o *origin) gives(expr *ast.CallExpr, path []string) bool {
	found := false
	for _, call := range o.chain(expr) {
		for _, e := range o.eventsOf(call) {
			again := func(id source) bool { // the row itself, or that of who asks
				by := o.heldBy(id, pedigree{reader: o.reader})
				o.holder = cmp.Or(o.holder, by)
				return by != "" || o.ofVar(id.root, id.path)
			}
			switch {
			case e.Change != "" || e.Asks:
			case !o.leads(e, source{path: path}), e.Any && !slices.ContainsFunc(e.ids, again):
				return false
			case !e.Any && o.load == nil:
				o.load = &e.Deed
				fallthrough
			default:
				found = true
			}
		}
	}
	return found
}

// leads reports whether a path leads from the row of a load to the id of the change: to its key, or
// from one that was there to that of a row which it refers to.
func (o *origin) leads(load event, path source) bool {
	if o.change.counts(load) && path.isID(load.Key) {
		return true
	}
	return !load.Made && slices.ContainsFunc(load.Parents, func(p Parent) bool {
		return len(path.path) > 0 && path.isID([]string{p.Column}) && slices.Contains(o.change.Tables, p.Table)
	})
}

// chain returns the calls that one is chained to, with it.
func (o *origin) chain(expr *ast.CallExpr) (all []*flow.Call) {
	call := o.code.Call(expr)
	if call == nil {
		return nil
	}
	all = append(all, call)
	for at := call.At; ; {
		sel, ok := at.Parent().Node().(*ast.SelectorExpr)
		if !ok || sel.X != at.Node() {
			break
		}
		outer, ok := at.Parent().Parent().Node().(*ast.CallExpr)
		if !ok || outer.Fun != sel {
			break
		}
		at = at.Parent().Parent()
		all = append(all, o.code.Call(outer))
	}
	for sel, ok := ast.Unparen(expr.Fun).(*ast.SelectorExpr); ok; sel, ok = ast.Unparen(expr.Fun).(*ast.SelectorExpr) {
		inner, is := ast.Unparen(sel.X).(*ast.CallExpr)
		if !is {
			break
		}
		expr = inner
		all = append(all, o.code.Call(inner))
	}
	return slices.DeleteFunc(all, func(c *flow.Call) bool { return c == nil })
}

// decodes are names of functions that write what somebody has sent to the pointer they are given.
var decodes = regexp.MustCompile(`(?i)unmarshal|decode|bind|parse|scan|copy|^(get|read|load|fill|from)`)

// isFilled reports whether a mention of the variable may put somebody else's row into it: a call
// takes its address, or the pointer that it is.
func (o *origin) isFilled(v *types.Var, mention inspector.Cursor, path []string) bool {
	at := mention
	for {
		sel, ok := at.Parent().Node().(*ast.SelectorExpr)
		if !ok || sel.X != at.Node() {
			break
		}
		at = at.Parent()
	}
	addr, isAddr := at.Parent().Node().(*ast.UnaryExpr)
	switch isAddr = isAddr && addr.Op == token.AND; {
	case isAddr:
		at = at.Parent()
	case at != mention || !isPointer(v.Type()):
		return false
	}
	call, ok := at.Parent().Node().(*ast.CallExpr)
	if !ok || call.Fun == at.Node() {
		return false
	}
	known, changes := false, false
	for _, c := range o.chain(call) {
		for _, e := range o.eventsOf(c) {
			known, changes = true, changes || e.Change != ""
		}
	}
	switch {
	case known:
		return !changes && !o.gives(call, path)
	case isAddr && !isPointer(v.Type()):
		return true
	}
	return decodes.MatchString(nameOf(call.Fun))
}
