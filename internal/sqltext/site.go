package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// A site is a Site in the making: it collects the texts that the paths to one
// call bring.
type site struct {
	Site
	values []value.Value
	bound  []value.Value // texts whose fragments callers gave
	half   []value.Value // texts whose functions or handles callers gave, which have some of their own callers
	weak   bool          // a builder whose execution is not seen
}

// maxValues is the number of texts that a site collects from each side.
const maxValues = 64

// add notes another text.
func (s *site) add(v value.Value) {
	if len(s.values) < maxValues {
		s.values = append(s.values, v)
	}
}

// Complete notes a text that a caller has completed; such stand for those that leave
// the callers' part open.
func (s *site) Complete(v value.Value) {
	to := &s.bound
	if value.HasParam(v) {
		to = &s.half
	}
	if len(*to) < maxValues {
		*to = append(*to, v)
	}
}

// value returns all alternatives as one.
func (s *site) value() value.Value {
	all := s.values
	switch {
	case len(s.bound) > 0:
		all = slices.DeleteFunc(slices.Clone(all), value.HasParam)
		all = append(all, s.bound...)
	case len(s.half) > 0:
		all = slices.DeleteFunc(slices.Clone(all), func(v value.Value) bool { return value.Pends(v) || value.IsChain(v) && value.HasParam(v) })
		if len(all) < len(s.values) {
			all = append(all, s.half...)
		}
	}
	return value.Choose("site"+strconv.Itoa(int(s.Pos)), nil, all...)
}

// site returns the site of a query call, new or of an earlier round.
func (f *frame) site(call ast.Expr, q value.Query, form Form) *site {
	pos, end, owner, how := f.place(call, q)
	if form == "" {
		form = how
	}
	at := call.Pos()
	if old := f.sites[at]; old != nil && old.Owner == owner {
		return old
	}
	s := &site{}
	s.Pos, s.End, s.Form, s.Owner = pos, end, form, owner
	s.Call, _ = call.(*ast.CallExpr)
	if f.decl.Body != nil {
		s.Func = f.decl
	}
	s.Method, s.Handle, s.Dialect.Known = q.Method, q.Handle, q.Postgres
	if s.Call != nil {
		s.Args = f.placeholderArgs(s.Call, q)
	}
	f.sites[at] = s
	f.order = append(f.order, s)
	return s
}

// placeholderArgs returns the arguments of a query call behind its SQL.
func (f *frame) placeholderArgs(call *ast.CallExpr, q value.Query) []ast.Expr {
	fn := callee(f.info, call)
	if fn == nil || call.Ellipsis.IsValid() || q.Named {
		return nil
	}
	row := f.api.Of(fn)
	if row == nil {
		row = dbapi.QueryShaped(fn)
	}
	if row == nil || row.Args == dbapi.None || row.Args > len(call.Args) {
		return nil
	}
	return call.Args[row.Args:]
}

// place returns what a finding about the call's text should point at, and how
// the text is given.
func (f *frame) place(call ast.Expr, q value.Query) (pos, end token.Pos, owner types.Object, form Form) {
	e, isCall := call.(*ast.CallExpr)
	if !isCall {
		e := f.origin(call, 0)
		return e.Pos(), e.End(), nil, Builder
	}
	arg := f.textArg(e, q)
	if arg == nil {
		return e.Pos(), e.End(), nil, Builder
	}
	if obj := f.packageLevel(arg); obj != nil {
		if init := f.values[obj]; init != nil {
			return init.Pos(), init.End(), obj, Constant
		}
		return arg.Pos(), arg.End(), nil, Constant
	}
	from := f.origin(arg, 0)
	if obj := f.packageLevel(from); obj != nil && f.values[obj] != nil {
		init := f.values[obj]
		return init.Pos(), init.End(), obj, Constant
	}
	return from.Pos(), from.End(), nil, f.formOf(arg, from, q)
}

// textArg returns the argument of the call that gives the SQL, nil for a
// terminal method of a builder.
func (f *frame) textArg(call *ast.CallExpr, q value.Query) ast.Expr {
	fn := callee(f.info, call)
	if fn != nil {
		row := f.api.Of(fn)
		if row == nil {
			row = dbapi.QueryShaped(fn)
		}
		if row != nil && row.SQL < len(call.Args) && (row.Name == q.Method || q.Method == "") {
			return call.Args[row.SQL]
		}
		if builder.OfFunc(fn) != nil {
			if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && f.info.Selections[sel] != nil {
				return call
			}
		}
	}
	// A wrapper: the argument that the text came from.
	for _, arg := range call.Args {
		if tv := f.info.Types[arg]; tv.Type != nil && (value.IsText(tv.Type) || builder.Of(tv.Type) != nil) && holds(q.SQL, arg) {
			return arg
		}
		if obj := f.packageLevel(arg); obj != nil && f.values[obj] != nil && isStruct(obj.Type()) && holds(q.SQL, f.values[obj]) {
			return arg
		}
	}
	return nil
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// holds reports whether v has a part that stands in the expression.
func holds(v value.Value, e ast.Expr) bool {
	return value.Has(v, func(v value.Value) bool {
		return within(v.At().Pos, e) || within(v.At().Via, e)
	})
}

func within(pos token.Pos, e ast.Expr) bool {
	return pos.IsValid() && e.Pos() <= pos && pos < e.End()
}

// packageLevel returns the constant or variable of this package that e names.
func (f *frame) packageLevel(e ast.Expr) types.Object {
	var obj types.Object
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		obj = f.info.Uses[e]
	case *ast.SelectorExpr:
		obj = f.info.Uses[e.Sel]
	}
	switch obj := obj.(type) {
	case *types.Const:
		if !isLocal(obj) {
			return obj
		}
	case *types.Var:
		if !obj.IsField() && !isLocal(obj) {
			return obj
		}
	}
	return nil
}

// origin follows local variables and builder chains to the expression that
// makes the text.
func (f *frame) origin(e ast.Expr, depth int) ast.Expr {
	if depth > 20 {
		return e
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		if c, ok := f.info.Uses[x].(*types.Const); ok && isLocal(c) {
			if init := f.origins[c]; init != nil {
				return init
			}
		}
		if from := f.origins[f.info.Uses[x]]; from != nil {
			return f.origin(from, depth+1)
		}
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			return f.origin(x.X, depth+1)
		}
	case *ast.CallExpr:
		sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
		if !ok {
			break
		}
		if i := rebound(sel.Sel.Name, len(x.Args)); i >= 0 {
			return f.origin(x.Args[i], depth+1)
		}
		if id, ok := rootOfChain(x).(*ast.Ident); ok {
			obj := f.info.Uses[id]
			if c, ok := f.env.vars[obj].(*value.Chain); ok && f.origins[obj] != nil && 1+size(c.Steps) > 2 {
				return f.origin(f.origins[obj], depth+1)
			}
		}
	}
	return e
}

// formOf names the form of the text from its argument and what that stands for.
func (f *frame) formOf(arg, from ast.Expr, q value.Query) Form {
	if value.Has(q.SQL, value.IsChain) {
		return Builder
	}
	switch x := ast.Unparen(from).(type) {
	case *ast.BasicLit:
		if from != arg {
			return Local
		}
		return Literal
	case *ast.BinaryExpr:
		return Concat
	case *ast.SelectorExpr, *ast.IndexExpr:
		return Field
	case *ast.CallExpr:
		fn := callee(f.info, x)
		if fn == nil {
			return Helper
		}
		switch name := dbapi.NameOf(fn); {
		case name == "fmt.Sprintf" || name == "fmt.Sprint":
			return Format
		case textFuncNamed(name) != nil:
			return Concat
		}
		return Helper
	}
	if _, ok := q.SQL.(*value.Sequence); ok {
		return Concat
	}
	return Local
}

// looksLikeSQL reports whether text that goes to a method of unknown make may be
// SQL.
func looksLikeSQL(v value.Value) bool {
	switch v := v.(type) {
	case *value.Text:
		return sqlast.IsStatement(v.S)
	case *value.Param, *value.Chain:
		return true
	case *value.Sequence:
		return looksLikeSQL(v.Parts[0])
	case *value.Choice:
		return slices.ContainsFunc(v.Alternatives, looksLikeSQL)
	}
	return false
}

// ownVerb reports whether a text that depends on parameters is a statement of
// its own, of which callers give parts.
func ownVerb(v value.Value) bool {
	switch v := v.(type) {
	case *value.Text:
		return sqlast.IsStatement(v.S) && !sqlast.Explains(v.S)
	case *value.Sequence:
		_, ok := v.Parts[0].(*value.Text)
		return ok && ownVerb(v.Parts[0])
	case *value.Choice:
		return slices.ContainsFunc(v.Alternatives, ownVerb)
	case *value.Chain:
		return complete(v)
	}
	return false
}

var queryName = regexp.MustCompile(`--\s*name:\s*(\w+)`)

// finish makes the result of the sites.
func (r *reader) finish() *Result {
	roots := map[token.Pos]bool{}
	for _, s := range r.order {
		if !s.weak {
			for _, v := range slices.Concat(s.values, s.bound) {
				if value.IsLeaf(v) {
					continue
				}
				value.Walk(v, map[value.Value]bool{}, func(v value.Value) {
					if isRoot(v) {
						roots[v.At().Pos] = true
					}
				})
			}
		}
	}
	result := &Result{Unread: r.unread()}
	for _, s := range r.order {
		if len(s.values)+len(s.bound) == 0 {
			continue
		}
		v := relocate(s.value())
		if s.weak && value.Has(v, func(v value.Value) bool { return isRoot(v) && roots[v.At().Pos] }) {
			continue
		}
		if unfounded(v) {
			result.Unread = append(result.Unread, Unread{Pos: s.Pos, Why: unreadable(v), Cut: value.Has(v, value.IsCut)})
			continue
		}
		s.Texts = expand(v, s.Pos, s.End)
		if s.Texts == nil || !slices.ContainsFunc(s.Texts, func(t *Text) bool { return strings.ContainsFunc(t.SQL, unicode.IsLetter) }) {
			result.Unread = append(result.Unread, Unread{Pos: s.Pos, Why: unreadable(v), Cut: value.Has(v, value.IsCut)})
			continue
		}
		if m := queryName.FindStringSubmatch(s.Texts[0].SQL); m != nil {
			s.Name = m[1]
		}
		result.Sites = append(result.Sites, &s.Site)
	}
	slices.SortStableFunc(result.Sites, func(a, b *Site) int { return int(a.Pos - b.Pos) })
	slices.SortStableFunc(result.Unread, func(a, b Unread) int { return int(a.Pos - b.Pos) })
	result.Unread = slices.Compact(result.Unread)
	return result
}

// shortened writes an expression on one line.
func shortened(e ast.Expr) string {
	const most = 60
	s := types.ExprString(e)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// unreadable says why a text, or the table of a chain, is out of reach.
func unreadable(v value.Value) string {
	if value.Has(v, value.IsCut) {
		return "the text has too many pieces"
	}
	what, start, in := "text", "the text is ", ""
	if value.Has(v, value.IsChain) {
		what, start = "table", "no table is named in the query that begins with "
		if through := v.At().Through; len(through) > 0 {
			in = " in " + through[0].Short()
		}
	}
	v = beginning(v)
	shown := ""
	switch v := v.(type) {
	case *value.Param:
		return "the " + what + " is a parameter of a function that no call in its package reaches"
	case *value.Hole:
		if v.Expr != nil {
			shown = shortened(v.Expr)
		}
	case *value.Text:
		if len(v.Segments) > 0 && v.Segments[0].Exact {
			shown = strconv.Quote(v.S)
		}
	}
	through := v.At().Through
	switch {
	case shown != "" && what == "table":
		return start + shown + in
	case shown != "":
		return start + "the value of " + shown
	case len(through) > 0:
		return start + "the result of " + string(through[0])
	}
	return "the " + what + " is not known" + strings.Replace(in, " in ", " in the query of ", 1)
}

// beginning returns what a value begins with.
func beginning(v value.Value) value.Value {
	for {
		switch u := v.(type) {
		case *value.Choice:
			v = u.Alternatives[0]
		case *value.Sequence:
			v = u.Parts[0]
		case *value.Chain:
			v = u.Root
		default:
			return v
		}
	}
}

// relocate moves what other functions made to the calls that brought it, unless
// one call brought the whole query: then its own place is what has to change.
func relocate(v value.Value) value.Value {
	if broughtWhole(v) {
		return v
	}
	return value.Moved(v)
}

// broughtWhole reports whether everything that says which rows a query reaches
// came by one call.
func broughtWhole(v value.Value) bool {
	if value.IsLeaf(v) {
		return v.At().Via.IsValid()
	}
	via, whole := token.NoPos, true
	value.Walk(v, map[value.Value]bool{}, func(v value.Value) {
		switch v := v.(type) {
		case *value.Text:
			if strings.TrimSpace(v.S) == "" {
				return
			}
		case *value.Step:
			if !builder.Limits(v) {
				return
			}
		case *value.Param:
		default:
			return
		}
		if !via.IsValid() {
			via = v.At().Via
			whole = whole && via.IsValid()
		} else {
			whole = whole && v.At().Via == via
		}
	})
	return whole && via.IsValid()
}
