package byid

import (
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/tenantname"
)

// An interface may be declared where it is used, and implemented in packages that are not
// imported there. What a call of such a method does is put together when all packages are
// read: it changes what the methods of its name and types change. That it loads a row for a
// tenant is told by its parameters.

// Distantly names what a method of an interface does with its parameter i, as its implementations do.
func Distantly(method *types.Func, i int) string {
	s := "." + method.Name()
	for v := range method.Signature().Params().Variables() {
		s += " " + v.Type().String()
	}
	return s + " #" + strconv.Itoa(i)
}

// MethodsOf returns the names of the methods that a value of a type has.
func MethodsOf(t types.Type) string {
	set := types.NewMethodSet(t)
	names := make([]string, set.Len())
	for i := range names {
		names[i] = set.At(i).Obj().Name()
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

var (
	// loading are names of methods that load a row, or tell whether there is one.
	loading = regexp.MustCompile(`^(Get|Find|Fetch|Load|Read|Look|Retrieve|Select|Check|Verif|Authori|Ensure|Require|Assert|Exists|Has|Is|Owns|Can)`)

	// harmless are names of others that change no row which is there.
	harmless = regexp.MustCompile(`^(List|Search|Count|Create|Insert|Add|New|Log|Handle|Publish|Send|Notify|Valid)`)
)

const (
	maxDistant      = 6  // parameters of a call that may say which row is meant
	maxDistantCalls = 40 // such calls of a function
)

// distant returns the deeds of a call of an interface's method whose implementations are out
// of sight.
func (r *reader) distant(call *flow.Call) []event {
	all, known := r.far[call]
	if !known && r.calls[call.In] < maxDistantCalls {
		if all = r.farDeeds(call); len(all) > 0 {
			r.calls[call.In]++
		}
	}
	r.far[call] = all
	return all
}

func (r *reader) farDeeds(call *flow.Call) []event {
	if r.tenants == nil || call.Fn == nil || !config.Ours(r.pass, call.Fn.Pkg()) || len(call.Methods()) > 0 || dbapi.QueryShaped(call.Fn) != nil || r.questionOf(call.Expr).enforcer {
		return nil
	}
	sig := call.Fn.Signature()
	if sig.Recv() == nil || !types.IsInterface(sig.Recv().Type()) {
		return nil
	}
	name, n := call.Fn.Name(), sig.Results().Len()
	if n == 0 || !flow.IsError(sig.Results().At(n-1).Type()) || harmless.MatchString(name) {
		return nil
	}
	loads, given := loading.MatchString(name), r.isGivenTenant(sig)
	anybodys := loads && !given // what is found by a secret is its tenant's
	if !loads && given || anybodys && !r.isTenants(sig.Results().At(0).Type()) {
		return nil
	}
	var all []event
	for i := 1; i <= sig.Params().Len() && len(all) < maxDistant; i++ {
		if !mayIdentify(sig.Params().At(i - 1).Type()) {
			continue
		}
		e := event{Deed: Deed{Query: name, Key: plainKey, Param: -1}, call: call}
		if loads {
			e.Nil, e.Any = isBool(sig.Results().At(0).Type()), anybodys && !isSecret(sig.Params().At(i-1))
		} else {
			e.Change, e.Methods = Distantly(call.Fn, i), MethodsOf(sig.Recv().Type())
		}
		for _, arg := range call.Args(sig, i) {
			e.ids = append(e.ids, r.sourcesOf(arg, nil)...)
		}
		all = append(all, e)
	}
	if len(all) == 1 {
		all[0].Own = loads && all[0].isNamedID(call)
	}
	return all
}

// isNamedID reports whether the parameter of a call that says which row is meant is an id, by its name.
func (e event) isNamedID(call *flow.Call) bool {
	for v := range call.Fn.Signature().Params().Variables() {
		if mayIdentify(v.Type()) {
			words := tenantname.Split(v.Name())
			return len(words) > 0 && slices.Contains([]string{"id", "uuid"}, words[len(words)-1])
		}
	}
	return false
}

// isGivenTenant reports whether a parameter is a tenant, by its name or its type's.
func (r *reader) isGivenTenant(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if r.tenants[schema.Normal(v.Name())] || tenantname.Identifies(v.Name(), nil) {
			return true
		}
	}
	return false
}

// isSecret reports whether a parameter is what only one tenant has, by its name.
func isSecret(v *types.Var) bool {
	words := tenantname.Split(v.Name())
	return len(words) > 0 && slices.Contains([]string{"token", "secret", "hash"}, words[len(words)-1])
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// mayIdentify reports whether a value of a type may say which row is meant.
func mayIdentify(t types.Type) bool {
	return mayBeID(t) || rowType(t) != nil
}

// implements notes which changes are asked for by those who know a function as a method of an
// interface.
func (r *reader) implements(f *flow.Func, d *Deeds) {
	if f.Obj == nil || f.Sig.Recv() == nil || !f.Obj.Exported() {
		return
	}
	for _, deed := range d.All {
		if deed.Change == "" || deed.Param <= 0 {
			continue
		}
		if on := Distantly(f.Obj, deed.Param); !strings.HasSuffix(deed.Change, on) { // else it wraps another implementation
			r.step(f, Step{
				Pos: f.Obj.Pos(), Change: deed.Change, On: on, Implements: MethodsOf(types.NewPointer(flow.Pointee(f.Sig.Recv().Type()))),
			})
		}
	}
}
