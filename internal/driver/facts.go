package driver

import (
	"cmp"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// facts holds the facts of one unit, and finds those of the units that it imports,
// directly or indirectly. It does not change once it is sealed.
type facts struct {
	unit    *unit
	all     *factStore
	objects map[objectKey]analysis.Fact
	own     map[reflect.Type]analysis.Fact // about the package
	sealed  bool
	paths   map[types.Object]objectpath.Path // of objects with facts, once sealed
}

// A factStore has the facts of each analysed package of a run. An analyzer can ask only
// for packages that it has types of, which are those that its package imports.
type factStore struct{ sync.Map } // of *types.Package to *facts

type objectKey struct {
	object types.Object
	fact   reflect.Type
}

func (s *factStore) open(u *unit) *facts {
	f := &facts{
		unit:    u,
		all:     s,
		objects: map[objectKey]analysis.Fact{},
		own:     map[reflect.Type]analysis.Fact{},
	}
	s.Store(u.types, f)
	return f
}

// of returns the facts of a package, nil if it was not analysed.
func (f *facts) of(pkg *types.Package) *facts {
	if pkg == f.unit.types {
		return f
	}
	from, _ := f.all.Load(pkg)
	facts, _ := from.(*facts)
	return facts
}

func (f *facts) object(object types.Object, into analysis.Fact) bool {
	from := f.of(object.Pkg())
	return from != nil && assign(into, from.objects[objectKey{object, reflect.TypeOf(into)}])
}

func (f *facts) pkg(pkg *types.Package, into analysis.Fact) bool {
	from := f.of(pkg)
	return from != nil && assign(into, from.own[reflect.TypeOf(into)])
}

func assign(into, fact analysis.Fact) bool {
	if fact == nil {
		return false
	}
	reflect.ValueOf(into).Elem().Set(reflect.ValueOf(fact).Elem())
	return true
}

func (f *facts) exportObject(object types.Object, fact analysis.Fact) {
	if f.sealed || object.Pkg() != f.unit.types {
		panic(fmt.Sprintf("fact %T about %v is not of the package that is analysed", fact, object))
	}
	f.objects[objectKey{object, reflect.TypeOf(fact)}] = fact
}

func (f *facts) exportPackage(fact analysis.Fact) {
	if f.sealed {
		panic(fmt.Sprintf("fact %T comes after the analysis", fact))
	}
	f.own[reflect.TypeOf(fact)] = fact
}

// seal ends the analysis. It drops facts about objects that importers cannot name, as
// drivers do that write facts to files.
func (f *facts) seal() {
	f.sealed = true
	var paths objectpath.Encoder
	f.paths = map[types.Object]objectpath.Path{}
	for key := range f.objects {
		path, err := paths.For(key.object)
		if err != nil {
			delete(f.objects, key)
			continue
		}
		f.paths[key.object] = path
	}
}

// visible returns the unit's own facts and those of what it imports, by ID.
func (f *facts) visible() []*facts {
	var all []*facts
	seen := map[*unit]bool{}
	var visit func(u *unit)
	visit = func(u *unit) {
		if seen[u] || u.lends { // below are no units with facts
			return
		}
		seen[u] = true
		if u.facts != nil {
			all = append(all, u.facts)
		}
		for _, dep := range u.imports {
			visit(dep)
		}
	}
	visit(f.unit)
	slices.SortFunc(all, func(a, b *facts) int { return strings.Compare(a.unit.ID, b.unit.ID) })
	return all
}

func (f *facts) allObjects(factTypes []analysis.Fact) (all []analysis.ObjectFact) {
	wanted := typesOf(factTypes)
	for _, from := range f.visible() {
		start := len(all)
		for key, fact := range from.objects {
			if wanted[key.fact] {
				all = append(all, analysis.ObjectFact{Object: key.object, Fact: fact})
			}
		}
		slices.SortFunc(all[start:], func(a, b analysis.ObjectFact) int {
			return cmp.Or(cmp.Compare(a.Object.Pos(), b.Object.Pos()), strings.Compare(fmt.Sprintf("%T", a.Fact), fmt.Sprintf("%T", b.Fact)))
		})
	}
	return all
}

func (f *facts) allPackages(factTypes []analysis.Fact) (all []analysis.PackageFact) {
	for _, from := range f.visible() {
		for _, wanted := range factTypes {
			if fact := from.own[reflect.TypeOf(wanted)]; fact != nil {
				all = append(all, analysis.PackageFact{Package: from.unit.types, Fact: fact})
			}
		}
	}
	return all
}

func typesOf(factTypes []analysis.Fact) map[reflect.Type]bool {
	set := map[reflect.Type]bool{}
	for _, fact := range factTypes {
		set[reflect.TypeOf(fact)] = true
	}
	return set
}
