package poollimit

import (
	"go/ast"
	"go/types"
	"math"
	"regexp"

	"github.com/poollint/poollint/internal/capacity"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// remedy returns what limits the pool: a limit that is there is lowered, else there is what
// the library has and the code can reach.
func (f fixer) remedy() remedy {
	l := f.bound.Limit
	r := remedy{N: f.pool.MaxConns, Held: f.waits, Misused: f.bound.Misused == pgxpoolParam}
	switch {
	case f.bound.State == capacity.Default:
	case f.bound.State == capacity.Limited && f.bound.By == l.Setter && f.bound.From == "" && !f.site.Direct: // a constant that is not the tests' alone
		r.Means, r.Name = inside, l.Setter
		return r
	default:
		r.Means = lower
		return r
	}
	byDSN := l.Param != "" && !f.takesConfig()
	switch {
	case f.option != nil:
		r.Means, r.Name = option, dbapi.NameOf(f.option).Short()
	case f.field != "":
		r.Means, r.Name = field, f.field
	case l.Setter != "":
		r.Means, r.Name = setter, l.Setter
		var ok bool
		if r.On, ok = setterOf(f.handle(), l.Setter, f.pass.Pkg); !ok {
			r.Means = inside
		}
	case byDSN && (f.site.Direct || f.given(isDSN)):
		r.Means, r.Name = param, l.Param
		if !f.bound.Timeout {
			r.Timeout = f.seconds()
		}
	case l.Field != "" && (f.site.Direct || f.given(func(v *types.Var) bool { return hasField(v.Type(), l.Field) })):
		r.Means, r.Name = field, l.Field
	case l.Option != "" && f.site.Direct:
		r.Means, r.Name = option, l.Option
	default:
		r.Means, r.Name = inside, l.Field
		if l.Field == "" {
			r.Name = l.Param
		}
	}
	return r
}

// connectTimeout is the parameter of a DSN that bounds the time to connect, in
// seconds.
const connectTimeout = "connect_timeout"

// pgxpoolParam is the parameter of a DSN that only pgxpool takes out of it.
const pgxpoolParam = "pool_max_conns"

func (f fixer) seconds() int { return int(math.Ceil(f.pool.ConnectTimeout.Seconds())) }

// handle returns the type of what the site's call returns first.
func (f fixer) handle() types.Type {
	t := f.pass.TypesInfo.TypeOf(f.site.Call)
	if tuple, ok := t.(*types.Tuple); ok {
		if tuple.Len() == 0 {
			return nil
		}
		t = tuple.At(0).Type()
	}
	return t
}

// setterOf returns which of the handles that a value gives has the method: "" for the value
// itself, DB() for what a method returns, DB for a field; not ok if none has.
func setterOf(t types.Type, method string, from *types.Package) (on string, ok bool) {
	if t == nil {
		return "", false
	}
	if has(t, method, from) {
		return "", true
	}
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		fn, isFunc := set.At(i).Obj().(*types.Func)
		if !isFunc || !fn.Exported() && fn.Pkg() != from {
			continue
		}
		params, results := fn.Signature().Params(), fn.Signature().Results()
		if params.Len() == 0 && (results.Len() == 1 || results.Len() == 2 && flow.IsError(results.At(1).Type())) && has(results.At(0).Type(), method, from) {
			return fn.Name() + "()", true
		}
	}
	if p, isPointer := t.Underlying().(*types.Pointer); isPointer {
		t = p.Elem()
	}
	fields, isStruct := t.Underlying().(*types.Struct)
	for i := 0; isStruct && i < fields.NumFields(); i++ {
		v := fields.Field(i)
		if (v.Exported() || v.Pkg() == from) && has(v.Type(), method, from) {
			return v.Name(), true
		}
	}
	return "", false
}

func has(t types.Type, method string, from *types.Package) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, from, method)
	_, ok := obj.(*types.Func)
	return ok
}

// given reports whether one of the parameters by which the function called decides on the database is
// such a one.
func (f fixer) given(ok func(*types.Var) bool) bool {
	for _, o := range f.opens {
		for i := range o.Params.All {
			v := flow.ParamOf(f.site.Callee.Signature(), i)
			if v != nil && i != flow.Receiver && ok(v) {
				return true
			}
		}
	}
	return false
}

// dsnName matches the names of parameters that take a whole DSN: a host holds no limit.
var dsnName = regexp.MustCompile(`(?i)dsn|ur[li]$|conn`)

func isDSN(v *types.Var) bool { return isString(v.Type()) && dsnName.MatchString(v.Name()) }

func hasField(t types.Type, name string) bool {
	t = flow.Pointee(t)
	fields, ok := t.Underlying().(*types.Struct)
	for i := 0; ok && i < fields.NumFields(); i++ {
		if fields.Field(i).Name() == name {
			return true
		}
	}
	return false
}

// takesConfig reports whether the site's opener takes a configuration rather
// than a DSN.
func (f fixer) takesConfig() bool {
	e := f.source()
	return e != nil && !isString(f.pass.TypesInfo.TypeOf(e))
}

func isString(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// source returns the argument with the DSN or the configuration; nil unless the
// site is the call of an opener.
func (f fixer) source() ast.Expr {
	if !f.site.Direct {
		return nil
	}
	row := dbapi.NewCatalogue(nil).Opener(f.site.Callee)
	if row == nil || row.Source < 0 || row.Source >= len(f.site.Call.Args) {
		return nil
	}
	return ast.Unparen(f.site.Call.Args[row.Source])
}
