package byid

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/tenantname"
)

// asking are the words, or their beginnings, of functions that are asked whether somebody may
// have to do with something: CanManage, CheckAccess, RequireMember. Short words stand for
// themselves alone.
var asking = []string{
	"can", "may",
	"access", "admin", "allow", "assert", "authori", "authz", "belong", "check", "enforce", "ensure", "forbid",
	"guard", "manager", "member", "owner", "permi", "require", "role", "validate", "verify",
}

const shortWord = 3

func asksBy(name string) bool {
	return slices.ContainsFunc(tenantname.Split(name), func(word string) bool {
		return slices.ContainsFunc(asking, func(a string) bool {
			return word == a || len(a) > shortWord && strings.HasPrefix(word, a)
		})
	})
}

// permitting are those of them that ask for a right, and nothing else.
var permitting = []string{"access", "authenticat", "authori", "authz", "belong", "enforce", "forbid", "permi"}

// changing are words that names begin with of what does something, and asks nothing: GrantAccess,
// DeletePermissions, SetAuthenticator.
var changing = []string{
	"add", "assign", "create", "delete", "drop", "grant", "insert", "put", "remove", "replace", "reset", "revoke",
	"save", "set", "store", "update", "upsert",
}

func changes(name string) bool {
	words := tenantname.Split(name)
	return len(words) > 0 && slices.Contains(changing, words[0])
}

// enforcers are words in the types of those who know who asks, and answer whatever they are asked.
var enforcers = []string{"authoris", "authoriz", "authz", "enforce", "guard", "rbac"}

// people are words for who asks.
var people = []string{"actor", "caller", "claims", "identity", "principal", "requester", "requestor", "subject", "user", "viewer"}

// makers are beginnings of words for whose a row is: author, creator, created by, owner.
var makers = []string{"author", "creat", "owner"}

// staff are words for who asks where rows are somebody's: row.CreatorID != employeeID.
var staff = append([]string{"employee", "member", "staff"}, people...)

func has(name string, beginnings []string) bool {
	return slices.ContainsFunc(tenantname.Split(name), func(word string) bool {
		return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(word, b) })
	})
}

// isIn reports whether a name asks if somebody is in a tenant: isUserInProject.
func isIn(name string) bool {
	words := tenantname.Split(name)
	i := slices.Index(words, "in")
	return i > 0 && i+1 < len(words) && tenantname.May(words[i+1])
}

// A question is what a call asks, by the names of the function and of its receiver.
type question struct {
	asks, permits bool
	enforcer      bool // the receiver knows who asks
}

func (r *reader) questionOf(call *ast.CallExpr) (q question) {
	c := r.code.Call(call)
	if c == nil {
		return q
	}
	name := r.nameOfCalled(c)
	if c.Fn == nil {
		q.permits = has(name, permitting) && !changes(name) || asksBy(name) && slices.ContainsFunc(call.Args, r.isPerson)
		q.asks = q.permits || asksBy(name)
		return q
	}
	if recv := c.Receiver(); recv != nil {
		q.enforcer = has(typeName(r.info.TypeOf(recv)), enforcers)
	} else if c.Fn.Pkg() != nil {
		q.permits = has(c.Fn.Pkg().Name(), enforcers)
	}
	q.permits = q.permits || q.enforcer
	if q.asks = q.permits; changes(name) {
		return q // who answers whatever is asked may be asked about a change: enforcer.Update(doc)
	}
	q.permits = q.permits || has(name, permitting) || asksBy(name) && slices.ContainsFunc(call.Args, r.isPerson)
	q.asks = q.permits || asksBy(name) || isIn(name)
	return q
}

// nameOfCalled is the name of the function that a call calls; of a function that the code around was given,
// that of its variable and its type. What else may be called has none.
func (r *reader) nameOfCalled(call *flow.Call) string {
	if call.Fn != nil {
		return call.Fn.Name()
	}
	if v := flow.Var(r.info, call.Expr.Fun); v != nil && call.Runs() && len(call.Targets()) == 0 {
		return v.Name() + typeName(v.Type())
	}
	return ""
}

// typeName is the name of a type, or of what it points to.
func typeName(t types.Type) string {
	if t == nil {
		return ""
	}
	if named, ok := types.Unalias(flow.Pointee(t)).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

// namesPerson reports whether a name is that of somebody or of their id: userID, Subject, UserIDFromContext.
func namesPerson(name string) bool { return namesOne(name, people) }

// namesOne reports whether a name is that of somebody by one of the words, or of their id.
func namesOne(name string, of []string) bool {
	words := tenantname.Split(name)
	if i := slices.Index(words, "from"); i > 0 {
		words = words[:i]
	}
	if n := len(words); n > 1 && (words[n-1] == "id" || words[n-1] == "uuid") {
		words = words[:n-1]
	}
	return len(words) > 0 && has(words[len(words)-1], of)
}

// isPerson reports whether an argument is who asks, by its type, or is that one's id: userID, claims.Subject,
// auth.UserID(r).
func (r *reader) isPerson(arg ast.Expr) bool {
	t := r.info.TypeOf(arg)
	return has(typeName(t), people) || t != nil && mayBeID(t) && namesPerson(nameOf(arg))
}

// nameOf is the name of the variable, field or function that a value comes from.
func nameOf(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.StarExpr:
		return nameOf(e.X)
	case *ast.CallExpr:
		return nameOf(e.Fun)
	}
	return flow.Name(e)
}

// asks reports whether a call asks if somebody may have to do with the tenant of one of the
// rows: it is given the tenant, by itself or in what holds it, and another value, who that is. About
// a right, it may be asked by the row, or the key in it.
func (r *reader) asks(rows map[*types.Var]bool, call *ast.CallExpr) bool {
	if r.proves(rows, call) {
		return true // who knows the password has the row
	}
	q := r.questionOf(call)
	if !q.asks {
		return false
	}
	isTenant := func(arg ast.Expr) bool {
		return r.isTenantOf(rows, arg) || r.holdsTenantOf(rows, arg) || q.permits && (r.isRowOf(rows, arg) || r.isKeyIn(rows, arg))
	}
	isWho := func(arg ast.Expr) bool { return r.varies(arg) && !isTenant(arg) }
	return slices.ContainsFunc(call.Args, isTenant) && (q.enforcer || slices.ContainsFunc(call.Args, isWho))
}

// holdsTenantOf reports whether a value is a literal, such as a map, with the tenant of one of
// the rows in it.
func (r *reader) holdsTenantOf(rows map[*types.Var]bool, e ast.Expr) bool {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok {
		e = ast.Unparen(u.X)
	}
	if v := flow.Var(r.info, e); v != nil && !flow.Global(v) {
		stores := r.code.Into(v)
		if r.looks -= len(stores); r.looks < 0 {
			return false
		}
		return slices.ContainsFunc(stores, func(s *flow.Store) bool {
			if s.Whole(v) {
				lit, ok := ast.Unparen(s.Src).(*ast.CompositeLit)
				return ok && r.holdsTenantOf(rows, lit)
			}
			return r.isTenantOf(rows, s.Src)
		})
	}
	lit, ok := e.(*ast.CompositeLit)
	return ok && slices.ContainsFunc(lit.Elts, func(elt ast.Expr) bool {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			elt = kv.Value
		}
		return r.isTenantOf(rows, elt)
	})
}

// proving are names of functions that compare a password with its hash, comparing those of what may
// do so where it is given a password.
var (
	comparing = regexp.MustCompile(`(?i)^(compare|verify|check|match|valid)`)
	proving   = regexp.MustCompile(comparing.String() + `\w*(password|hash)`)
)

var passwords = []string{"password", "passwd", "pwd"}

// secretly are functions that compare so that the time says nothing: what is compared is secret.
var secretly = []string{"crypto/subtle.ConstantTimeCompare", "crypto/hmac.Equal"}

// proves reports whether a call compares a password, or another secret, with that in one of the rows.
func (r *reader) proves(rows map[*types.Var]bool, call *ast.CallExpr) bool {
	if fn := dbapi.Callee(r.info, call); fn != nil && slices.Contains(secretly, fn.FullName()) {
		return slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return r.isOf(rows, arg) })
	}
	name := nameOf(call.Fun)
	isPassword := func(arg ast.Expr) bool {
		return slices.ContainsFunc(r.sourcesOf(arg, nil), func(s source) bool {
			return rows[s.root] && slices.ContainsFunc(s.path, func(field string) bool { return has(field, passwords) })
		})
	}
	switch sel, method := ast.Unparen(call.Fun).(*ast.SelectorExpr); {
	case !comparing.MatchString(name):
		return false
	case len(call.Args) == 1 && method && r.info.Selections[sel] != nil:
		return proving.MatchString(name) && r.isOf(rows, sel.X)
	case len(call.Args) < 2:
		return false
	case slices.ContainsFunc(call.Args, isPassword):
		return true
	}
	return proving.MatchString(name) && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return r.isOf(rows, arg) })
}

// logsIn reports whether the password, or another secret, in what a query has found is compared in its function.
func (r *reader) logsIn(query *flow.Call) bool {
	ways := r.code.Ways(query.In)
	if ways == nil {
		return false
	}
	stmt := ways.Node(query.At)
	if stmt == nil {
		return false
	}
	rows := r.rowsOf(query.In, event{call: query}, stmt)
	return slices.ContainsFunc(query.In.Calls, func(call *flow.Call) bool {
		return call.Expr.Pos() > query.Expr.End() && r.proves(rows, call.Expr)
	})
}

// isOf reports whether a value is one of the rows, or stands in one.
func (r *reader) isOf(rows map[*types.Var]bool, e ast.Expr) bool {
	return slices.ContainsFunc(r.sourcesOf(e, nil), func(s source) bool { return rows[s.root] })
}

// isKeyIn reports whether a value is the id in one of the rows of what that belongs to: doc.FolderID.
func (r *reader) isKeyIn(rows map[*types.Var]bool, e ast.Expr) bool {
	return slices.ContainsFunc(r.sourcesOf(e, nil), func(s source) bool { return rows[s.root] && s.isKey() })
}

// isKey reports whether a source is named for the id of something else, and not for who asks: doc.FolderID.
func (s source) isKey() bool {
	if len(s.path) == 0 || s.isWho() {
		return false
	}
	words := tenantname.Split(strings.TrimSuffix(s.path[len(s.path)-1], "()"))
	return len(words) > 1 && words[len(words)-1] == "id"
}

// isRowOf reports whether a value is one of the rows, with its tenant in it.
func (r *reader) isRowOf(rows map[*types.Var]bool, e ast.Expr) bool {
	return r.isTenants(r.info.TypeOf(e)) && r.isOf(rows, e)
}

// asked returns the deeds of a call that asks if somebody may have to do with the row of an id:
// who goes on may change it.
func (r *reader) asked(call *flow.Call) []event {
	q := r.questionOf(call.Expr)
	if r.tenants == nil || !q.permits && (call.Fn != nil || !q.asks) {
		return nil
	}
	loads := func(d Deed) bool { return d.Change == "" && !d.Any }
	if slices.ContainsFunc(call.Methods(), func(fn *types.Func) bool { return slices.ContainsFunc(r.deedsOf(fn), loads) }) {
		return nil // what it asks by is known
	}
	sig, ok := r.info.TypeOf(call.Expr.Fun).Underlying().(*types.Signature)
	if !ok {
		return nil
	}
	n := sig.Results().Len()
	if n == 0 || !isBool(sig.Results().At(0).Type()) && !flow.IsError(sig.Results().At(n-1).Type()) {
		return nil
	}
	e := event{Deed: Deed{Query: r.nameOfCalled(call), Asks: true, Param: -1, Nil: isBool(sig.Results().At(0).Type()), Mute: isMute(sig)}, call: call}
	if !q.permits { // about nobody: what it returns may be asked about
		e.Asks, e.Any, e.Key = false, true, plainKey
	}
	for _, arg := range call.Expr.Args {
		if t := r.info.TypeOf(arg); t == nil || !mayBeID(t) {
			continue
		}
		for _, id := range r.sourcesOf(arg, nil) {
			if !r.leadsToTenant(id) && !r.isNamedForTenant(id.root) {
				e.ids = append(e.ids, id)
			}
		}
	}
	if len(e.ids) == 0 || len(call.Expr.Args) == 1 && call.Receiver() == nil {
		return nil
	}
	return []event{e}
}

// mayBeID reports whether a value of a type may be an id: a text, a number, a UUID.
func mayBeID(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsString|types.IsInteger) != 0
	case *types.Array:
		return true
	}
	return false
}

// isAnswer reports whether an expression is the answer to a call that asks: whether somebody
// may, or the error that says that they may not.
func (r *reader) isAnswer(rows map[*types.Var]bool, e ast.Expr) bool {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		return r.asks(rows, call)
	}
	v := flow.Var(r.info, e)
	if v == nil {
		return false
	}
	stores := r.code.Into(v)
	if r.looks -= len(stores); r.looks < 0 {
		return false
	}
	var last *flow.Store // before the expression, in the text
	for _, s := range stores {
		if s.Whole(v) && s.Dst != nil && s.Dst.Pos() < e.Pos() && (last == nil || last.Dst.Pos() < s.Dst.Pos()) {
			last = s
		}
	}
	if last == nil {
		return false
	}
	call, ok := ast.Unparen(last.Src).(*ast.CallExpr)
	return ok && r.says(call, last.Result) && r.asks(rows, call)
}

// says reports whether a result of a call is its answer: a bool, or else an error.
func (r *reader) says(call *ast.CallExpr, result int) bool {
	results, ok := r.info.TypeOf(call).(*types.Tuple)
	if !ok {
		return true
	}
	if result >= results.Len() {
		return false
	}
	bools := false
	for v := range results.Variables() {
		bools = bools || isBool(v.Type())
	}
	t := results.At(result).Type()
	return isBool(t) || !bools && flow.IsError(t)
}
