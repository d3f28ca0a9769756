package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
)

// A site is a Site in the making: it collects the texts that the paths to one
// call bring.
type site struct {
	Site
	values []*value
	bound  []*value // texts whose fragments callers gave
	weak   bool     // a builder whose execution is not seen
	owner  types.Object
}

// add notes another text; bound ones, which callers complete, stand for those
// that leave the callers' part open.
func (s *site) add(v *value, bound bool) {
	const most = 64
	if bound {
		if len(s.bound) < most {
			s.bound = append(s.bound, v)
		}
	} else if len(s.values) < most {
		s.values = append(s.values, v)
	}
}

// value returns all alternatives as one.
func (s *site) value() *value {
	all := s.values
	if len(s.bound) > 0 {
		all = slices.DeleteFunc(slices.Clone(all), hasParam)
		all = append(all, s.bound...)
	}
	return choose("site"+strconv.Itoa(int(s.Pos)), nil, all...)
}

// site returns the site of a query call, new or of an earlier round.
func (f *frame) site(call ast.Expr, q query, form Form) *site {
	pos, end, owner, how := f.place(call, q)
	if form == "" {
		form = how
	}
	at := call.Pos()
	if owner != nil {
		at = pos
	}
	if old := f.sites[at]; old != nil && old.owner == owner {
		return old
	}
	s := &site{owner: owner}
	s.Pos, s.End, s.Form = pos, end, form
	s.Call, _ = call.(*ast.CallExpr)
	if f.decl.Body != nil {
		s.Func = f.decl
	}
	s.Method, s.Handle, s.Dialect = q.Method, q.Handle, q.Dialect
	if s.Call != nil {
		s.Args = f.placeholderArgs(s.Call, q)
	}
	f.sites[at] = s
	f.order = append(f.order, s)
	return s
}

// placeholderArgs returns the arguments of a query call behind its SQL.
func (f *frame) placeholderArgs(call *ast.CallExpr, q query) []ast.Expr {
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
func (f *frame) place(call ast.Expr, q query) (pos, end token.Pos, owner types.Object, form Form) {
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
func (f *frame) textArg(call *ast.CallExpr, q query) ast.Expr {
	fn := callee(f.info, call)
	if fn != nil {
		row := f.api.Of(fn)
		if row == nil {
			row = dbapi.QueryShaped(fn)
		}
		if row != nil && row.SQL < len(call.Args) && (row.Name == q.Method || q.Method == "") {
			return call.Args[row.SQL]
		}
		if libraryOfFunc(fn) != "" {
			if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && f.info.Selections[sel] != nil {
				return call
			}
		}
	}
	// A wrapper: the argument that the text came from.
	for _, arg := range call.Args {
		if tv := f.info.Types[arg]; tv.Type != nil && (isText(tv.Type) || libraryOf(tv.Type) != "") && holds(q.SQL, arg) {
			return arg
		}
	}
	return nil
}

// holds reports whether v has a part that stands in the expression.
func holds(v *value, e ast.Expr) bool {
	return has(v, func(v *value) bool {
		return within(v.pos, e) || within(v.via, e)
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
		root := sel.X
		for {
			inner, ok := ast.Unparen(root).(*ast.CallExpr)
			if !ok {
				break
			}
			s, ok := ast.Unparen(inner.Fun).(*ast.SelectorExpr)
			if !ok {
				break
			}
			root = s.X
		}
		if id, ok := ast.Unparen(root).(*ast.Ident); ok {
			if v := f.env.vars[f.info.Uses[id]]; v != nil && v.Kind == chain && f.origins[f.info.Uses[id]] != nil && size(v) > 2 {
				return f.origin(f.origins[f.info.Uses[id]], depth+1)
			}
		}
	}
	return e
}

// formOf names the form of the text from its argument and what that stands for.
func (f *frame) formOf(arg, from ast.Expr, q query) Form {
	if has(q.SQL, func(v *value) bool { return v.Kind == chain }) {
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
		case textFuncs[name] != nil:
			return Concat
		}
		return Helper
	}
	if q.SQL.Kind == sequence {
		return Concat
	}
	return Local
}

// A statement begins with one of these words.
var verb = regexp.MustCompile(`(?i)^(\s|--[^\n]*(\n|$)|/\*.*?\*/|\()*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|REPLACE|UPSERT|VALUES|TRUNCATE|COPY|SET|CREATE|ALTER|DROP|CALL|EXPLAIN|LOCK|REFRESH|GRANT|REVOKE|PRAGMA|SHOW|VACUUM|ANALYZE|COMMENT|DO|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|LISTEN|NOTIFY|UNLISTEN|DECLARE|FETCH|CLOSE|REINDEX|TABLE)\b`)

// looksLikeSQL reports whether text that goes to a method of unknown make may be
// SQL.
func looksLikeSQL(v *value) bool {
	switch v.Kind {
	case text:
		return verb.MatchString(v.Text)
	case param, chain:
		return true
	case sequence:
		return v.Kids[0].Kind == text && verb.MatchString(v.Kids[0].Text) || v.Kids[0].Kind != text && looksLikeSQL(v.Kids[0])
	case either:
		return slices.ContainsFunc(v.Kids, looksLikeSQL)
	}
	return false
}

// ownVerb reports whether a text that depends on parameters is a statement of
// its own, of which callers give parts.
func (f *frame) ownVerb(v *value) bool {
	switch v.Kind {
	case text:
		return verb.MatchString(v.Text) && !explains.MatchString(v.Text)
	case sequence:
		return v.Kids[0].Kind == text && f.ownVerb(v.Kids[0])
	case either:
		return slices.ContainsFunc(v.Kids, f.ownVerb)
	case chain:
		return complete(v)
	}
	return false
}

// explains begins a text that goes on with a statement of its own.
var explains = regexp.MustCompile(`(?i)^\s*(EXPLAIN|DECLARE)\b`)

var queryName = regexp.MustCompile(`--\s*name:\s*(\w+)`)

// finish makes the result of the sites.
func (r *reader) finish() *Result {
	roots := map[token.Pos]bool{}
	for _, s := range r.order {
		if !s.weak {
			for _, v := range slices.Concat(s.values, s.bound) {
				if v.isLeaf() {
					continue
				}
				walk(v, map[*value]bool{}, func(v *value) {
					if isRoot(v) {
						roots[v.pos] = true
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
		if s.weak && has(v, func(v *value) bool { return isRoot(v) && roots[v.pos] }) {
			continue
		}
		if unfounded(v) {
			result.Unread = append(result.Unread, Unread{Pos: s.Pos, Why: unreadable(v), Cut: has(v, isCut)})
			continue
		}
		s.Texts = expand(v, s.Pos, s.End)
		if s.Texts == nil || !slices.ContainsFunc(s.Texts, func(t *Text) bool { return strings.Trim(t.SQL, "\x00 \n\t") != "" }) {
			result.Unread = append(result.Unread, Unread{Pos: s.Pos, Why: unreadable(v), Cut: has(v, isCut)})
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

// isRoot reports whether v is the step of a chain that names its table, by which
// two looks at one query know each other.
func isRoot(v *value) bool {
	return v.Kind == step && (tableSteps[v.Text] || slices.ContainsFunc(v.Kids, func(v *value) bool { return v.Kind == object }))
}

// unfounded reports whether a builder starts out of sight and no table is named
// here.
func unfounded(v *value) bool {
	switch v.Kind {
	case either:
		return !slices.ContainsFunc(v.Kids, func(v *value) bool { return !unfounded(v) })
	case chain:
		return !complete(v)
	}
	return false
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
func unreadable(v *value) string {
	if has(v, isCut) {
		return "the text has too many pieces"
	}
	what, start, in := "text", "the text is ", ""
	if has(v, isChain) {
		what, start = "table", "no table is named in the query that begins with "
		if len(v.Through) > 0 {
			in = " in " + v.Through[0].Short()
		}
	}
	for v.Kind == either || v.Kind == sequence || v.Kind == chain {
		if len(v.Kids) == 0 {
			break
		}
		v = v.Kids[0]
	}
	switch {
	case v.Kind == param:
		return "the " + what + " is a parameter of a function that no call in its package reaches"
	case v.expr != nil && what == "table":
		return start + shortened(v.expr) + in
	case v.expr != nil:
		return start + "the value of " + shortened(v.expr)
	case len(v.Through) > 0:
		return start + "the result of " + string(v.Through[0])
	}
	return "the " + what + " is not known" + strings.Replace(in, " in ", " in the query of ", 1)
}
