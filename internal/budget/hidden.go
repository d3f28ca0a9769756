package budget

import (
	"go/types"
	"slices"
)

// An opening is a type with methods that open pools. Packages that do not import its own may call
// them, by way of an interface.
type opening struct {
	Package, Type string
	Generic       bool
	Names         []string // of all its methods
	Methods       []opener
}

// An opener is a method that opens pools.
type opener struct {
	Name   string
	Demand demand
}

// maxOpening bounds the types that are remembered. Where there are as many, there is no bound.
const maxOpening = 256

// hide notes the types that flow does not find behind an interface: those of packages that are not
// imported here, and generic ones.
func (r *reader) hide() {
	direct := map[string]bool{}
	for _, pkg := range r.pass.Pkg.Imports() {
		direct[pkg.Path()] = true
	}
	for _, o := range r.importedOpenings() {
		if o.Generic || !direct[o.Package] {
			r.hidden = append(r.hidden, o)
		}
	}
	for _, f := range r.code.Funcs() {
		if f.Obj != nil && f.Obj.Signature().RecvTypeParams().Len() > 0 {
			r.generic[f.Obj.Name()] = append(r.generic[f.Obj.Name()], f)
		}
	}
}

// importedOpenings returns the types that open pools of all packages below.
func (r *reader) importedOpenings() (all []opening) {
	for _, pkg := range r.pass.Pkg.Imports() {
		fact := new(starts)
		if !r.pass.ImportPackageFact(pkg, fact) {
			continue
		}
		for _, o := range fact.Types {
			if len(all) < maxOpening && !slices.ContainsFunc(all, func(p opening) bool { return p.Package == o.Package && p.Type == o.Type }) {
				all = append(all, o)
			}
		}
	}
	return all
}

// openings returns those, and the types of the package.
func (r *reader) openings() []opening {
	all := r.importedOpenings()
	scope := r.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
			continue
		}
		if o := r.opening(tn); len(o.Methods) > 0 && len(all) < maxOpening {
			all = append(all, o)
		}
	}
	return all
}

func (r *reader) opening(tn *types.TypeName) opening {
	o := opening{Package: r.pass.Pkg.Path(), Type: tn.Name()}
	if named, ok := tn.Type().(*types.Named); ok {
		o.Generic = named.TypeParams().Len() > 0
	}
	for method := range types.NewMethodSet(types.NewPointer(tn.Type())).Methods() {
		fn := method.Obj().(*types.Func)
		o.Names = append(o.Names, fn.Name())
		if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
			continue // of an interface that is embedded: what is put there has it too
		}
		for _, t := range r.named(fn) {
			if d := r.demand(t); d != nil && d.opens() {
				o.Methods = append(o.Methods, opener{fn.Name(), *d})
			}
		}
	}
	return o
}

// hiddenBehind returns what may run, of types that flow does not find, where a method of an interface is
// called: methods of the types that have all its names.
func (r *reader) hiddenBehind(method *types.Func) (all []target) {
	for _, f := range r.generic[method.Name()] {
		all = append(all, target{f: f})
	}
	iface, ok := method.Signature().Recv().Type().Underlying().(*types.Interface)
	if !ok {
		return all
	}
	for i := range r.hidden {
		o := &r.hidden[i]
		for j := range o.Methods {
			if m := &o.Methods[j]; m.Name == method.Name() && o.implements(iface) {
				all = append(all, target{fn: method, needs: &m.Demand})
			}
		}
	}
	return all
}

func (o *opening) implements(iface *types.Interface) bool {
	for m := range iface.Methods() {
		if !slices.Contains(o.Names, m.Name()) {
			return false
		}
	}
	return true
}
