package capacity

import (
	"go/ast"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// A vocabulary is how the libraries of the catalogue are told a limit.
type vocabulary struct {
	params, setters, options map[string]bool // of the DSN, methods of handles, functions
	inText                   *regexp.Regexp  // the parameters with their value, which is empty where the text goes on elsewhere
}

var words = sync.OnceValue(func() vocabulary {
	l := vocabulary{params: map[string]bool{}, setters: map[string]bool{}, options: map[string]bool{}}
	for row := range dbapi.Openers() {
		if limit := row.Limit; limit != nil {
			l.params[limit.Param] = true
			l.setters[limit.Setter] = true
			l.options[limit.Option] = true
		}
	}
	for _, set := range []map[string]bool{l.params, l.setters, l.options} {
		delete(set, "")
	}
	l.inText = regexp.MustCompile(`\b(` + strings.Join(slices.Sorted(maps.Keys(l.params)), "|") + `)=(\d*)`)
	return l
})

// An assignment gives a number to a limit or a timeout of a value: to a field, or by a
// method.
type assignment struct {
	key    string // see Setting
	amount ast.Expr
	in     *flow.Func
	of     *types.Var // of a field: the variable whose field it is, if only that is meant
	way    way
	last   bool // it holds only where nothing else gives a number
}

// setting returns a setting that says when the number holds.
func (a assignment) setting() Setting {
	return Setting{Key: a.key, Amount: Amount{Else: a.last}, Perhaps: a.way.perhaps}
}

// index notes what code assigns to limits, and the other methods that it calls: keepers
// are those with arguments, which the value that they begin at may keep.
func (r *reader) index() {
	r.number()
	for _, f := range r.code.Funcs() {
		for _, s := range f.Stores {
			if sel, ok := ast.Unparen(s.Dst).(*ast.SelectorExpr); ok && !s.Elem {
				if key := r.fieldKey(s.To); key != "" && !r.tooLate(s) {
					a := assignment{key: key, amount: s.Src, in: f}
					if at, ok := f.At(s.Dst); ok {
						a.way = r.wayTo(at, flow.Root(r.info, sel.X), s.Src)
					}
					r.assign(sel.X, a)
				}
			}
		}
		for _, c := range f.Calls {
			recv := c.Receiver()
			switch {
			case recv == nil:
			case words().setters[c.Fn.Name()] && len(c.Expr.Args) == 1:
				n := c.Expr.Args[0]
				r.assign(recv, assignment{key: c.Fn.Name() + "()", amount: n, in: f, way: r.wayTo(c.At, flow.Root(r.info, recv), n)})
			default:
				if v := flow.Var(r.info, recv); v != nil {
					r.methods[v] = append(r.methods[v], c)
				}
				if v := flow.Root(r.info, recv); v != nil && len(c.Expr.Args) > 0 && !dbapi.Handle(v.Type()) {
					r.keepers[v] = append(r.keepers[v], c)
				}
			}
		}
	}
	r.order()
}

// tooLate reports whether a function sets a field of a configuration behind the call that opens a pool by it:
// the pool has its size by then. A loop may come to the call again.
func (r *reader) tooLate(s *flow.Store) bool {
	if s.Root == nil || s.Dst == nil || r.fieldKey(s.To) == "" {
		return false
	}
	late := false
	for _, use := range r.code.Passed(s.Root) {
		opens := use.Call.Fn != nil && sizes(r.cat.Opener(use.Call.Fn), s.To)
		switch {
		case !opens:
		case use.Call.In != s.In || use.Call.Expr.Pos() > s.Dst.Pos() || flow.InLoop(use.Call.At):
			return false
		default:
			late = true
		}
	}
	return late
}

// sizes reports whether what a row opens takes its limit from a field.
func sizes(row *dbapi.Opener, field *types.Var) bool {
	return row != nil && row.Limit != nil && row.Limit.Field == field.Name()
}

// order notes which of the numbers that one value is given hold only where there is no other.
func (r *reader) order() {
	for _, all := range r.assigned {
		given := map[string]bool{} // by key
		for _, a := range all {
			given[a.key] = given[a.key] || a.way.given
		}
		for i, a := range all {
			all[i].last = a.way.after(given[a.key])
			set := all[i].setting()
			set.Amount.Else = set.Amount.Else || r.settingOf[a.amount].Amount.Else // what names it first does not matter
			r.settingOf[a.amount] = set
		}
	}
}

// number notes the fields of any name whose numbers functions are given. Only the package itself can
// give an unexported one its value.
func (r *reader) number() {
	for _, f := range r.code.Funcs() {
		for _, c := range f.Calls {
			for _, arg := range c.Expr.Args {
				if v := flow.Var(r.info, arg); v != nil && v.IsField() && !v.Exported() && v.Pkg() == r.pass.Pkg && isInteger(v.Type()) {
					r.numbers[v] = true
				}
			}
		}
	}
}

// assign notes an assignment to what e names, or to the result of the call that it is.
func (r *reader) assign(e ast.Expr, a assignment) {
	for {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			break
		}
		beneath := r.beneath(call)
		if beneath == nil {
			r.assigned[call] = append(r.assigned[call], a)
			return
		}
		e = beneath
	}
	last, first := flow.Var(r.info, e), flow.Root(r.info, e)
	if first != nil && first != last {
		r.assigned[first] = append(r.assigned[first], a)
		a.of = r.ownerOf(first)
	}
	if last != nil {
		r.assigned[last] = append(r.assigned[last], a)
	}
}

// ownerOf returns the variable at the start of a selector whose fields are its own: other values have
// them too. A function that others call when they like is given any; nil then.
func (r *reader) ownerOf(root *types.Var) *types.Var {
	if p, is := r.code.Param(root); is && p.Of.Obj == nil {
		return nil
	}
	return root
}

// receives reports whether a variable is the receiver of a method.
func (r *reader) receives(v *types.Var) bool {
	p, is := r.code.Param(v)
	return is && p.I == flow.Receiver
}

// beneath returns the handle beneath a wrapper, as in sqlx.NewDb(db, "pgx") or
// gormDB.DB(); nil if the call is no wrapper.
func (r *reader) beneath(call *ast.CallExpr) ast.Expr {
	fn := dbapi.Callee(r.info, call)
	if fn == nil {
		return nil
	}
	row := r.cat.Opener(fn)
	if row == nil || row.Kind != dbapi.Wrapper || row.LeavesOpen {
		return nil
	}
	if row.Over == dbapi.Receiver {
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return sel.X
		}
	} else if row.Over >= 0 && row.Over < len(call.Args) {
		return call.Args[row.Over]
	}
	return nil
}

// fieldKey returns the key of settings of a field that may hold a limit or a timeout,
// else "".
func (r *reader) fieldKey(v *types.Var) string {
	if v == nil || !v.IsField() || v.Pkg() == nil || !isLimitField(v) && !isTimeoutField(v) && !r.numbers[v] {
		return ""
	}
	return v.Pkg().Path() + "." + v.Name()
}

// isLimitField reports whether the field is an integer whose name speaks of
// connections.
func isLimitField(v *types.Var) bool {
	if !isInteger(flow.Pointee(v.Type())) || isTimeoutField(v) {
		return false
	}
	name := strings.ToLower(v.Name())
	return slices.ContainsFunc([]string{"conn", "pool", "open"}, func(part string) bool { return strings.Contains(name, part) })
}

func isTimeoutField(v *types.Var) bool {
	return strings.HasSuffix(v.Name(), "Timeout") && isInteger(v.Type())
}

// limitDepth bounds the structs inside structs where a limit is looked for.
const limitDepth = 3

// configures reports whether a value of the type may say what the limit of a pool is.
func (r *reader) configures(t types.Type) bool {
	yes, known := r.configs[t]
	if !known {
		yes = hasLimit(t, limitDepth)
		r.configs[t] = yes
	}
	return yes
}

// hasLimit reports whether a value of the type has, at some depth, a field for a
// limit. What handles have is their own.
func hasLimit(t types.Type, depth int) bool {
	s, ok := flow.Pointee(t).Underlying().(*types.Struct)
	if !ok || depth == 0 || dbapi.Handle(t) {
		return false
	}
	for f := range s.Fields() {
		if isLimitField(f) || hasLimit(f.Type(), depth-1) {
			return true
		}
	}
	return false
}

func isInteger(t types.Type) bool { return isBasic(t, types.IsInteger) }

func isText(t types.Type) bool { return isBasic(t, types.IsString) }

func isBasic(t types.Type, kind types.BasicInfo) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&kind != 0
}

func isContext(t types.Type) bool { return dbapi.TypeName(t) == "context.Context" }
