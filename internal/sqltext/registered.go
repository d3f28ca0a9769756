package sqltext

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// A registration says how a program maps a struct type to a table.
type registration struct {
	table string
	key   []string // fields
}

// registration returns what the package's calls say of a struct type's table, nil
// if there is none.
func (r *reader) registration(t types.Type) *registration {
	named := model.Struct(t)
	if named == nil {
		return nil
	}
	if r.registrations == nil {
		r.registrations = map[*types.TypeName]*registration{}
		for _, file := range r.pass.Files {
			if !isTest(r.pass, file) {
				ast.Inspect(file, r.register)
			}
		}
	}
	return r.registrations[named.Obj()]
}

// register notes a call that registers a struct type, and one of its result that
// names the key.
func (r *reader) register(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return true
	}
	if r.registered(call) == nil && r.calls(call, func(b *builder.Builder) builder.Set { return b.Keys }) {
		if made, ok := ast.Unparen(call.Fun.(*ast.SelectorExpr).X).(*ast.CallExpr); ok {
			if reg := r.registered(made); reg != nil {
				reg.key = r.texts(call.Args)
			}
		}
	}
	return true
}

// registered returns what a call registers, nil if it does no such thing.
func (r *reader) registered(call *ast.CallExpr) *registration {
	if !r.calls(call, func(b *builder.Builder) builder.Set { return b.Maps }) || len(call.Args) == 0 {
		return nil
	}
	named := model.Struct(r.TypeOf(call.Args[0]))
	if named == nil {
		return nil
	}
	reg := r.registrations[named.Obj()]
	if reg == nil {
		reg = &registration{table: named.Obj().Name()}
		r.registrations[named.Obj()] = reg
	}
	if len(call.Args) > 1 {
		reg.table = strings.Join(r.texts(call.Args[1:]), ".")
	}
	return reg
}

// calls reports whether a call is of a method that a builder has among some of its
// own.
func (r *reader) calls(call *ast.CallExpr, some func(*builder.Builder) builder.Set) bool {
	fn := callee(r.info, call)
	if fn == nil || fn.Signature().Recv() == nil {
		return false
	}
	b := builder.OfFunc(fn)
	_, plain := call.Fun.(*ast.SelectorExpr)
	return b != nil && plain && some(b)[fn.Name()]
}

// texts returns the arguments that are text, as far as it is known.
func (r *reader) texts(args []ast.Expr) []string {
	var all []string
	for _, a := range args {
		if s, ok := value.Plain(r.outside(a)); ok && value.IsText(r.TypeOf(a)) {
			all = append(all, s)
		}
	}
	return all
}
