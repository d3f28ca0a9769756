package dbapi

import (
	"go/types"
	"strings"
	"sync"
)

// rows are what one package has, by member.
type rows struct {
	library    *Library
	openers    map[member]*Opener
	releases   map[member]*Release
	queries    map[member]*Query
	migrations map[member]int
	empties    map[member]int
	names      map[member]bool
	parts      map[member]bool
	dialers    map[string]bool // by the bare name of a function
	texts      map[member]Text
	origins    map[string]Origin // by a function's bare name
	handles    map[string]bool   // by type
	kinds      map[string]Kind   // of those of them whose name says it
	prepared   map[string]bool
	chains     map[string]bool
	configures map[member]bool
}

// A member is a function or method of a package: {"", "Open"}, {"DB", "Begin"}.
type member struct{ owner, name string }

// memberOf returns fn's place in its package, seen through generic instantiation.
func memberOf(fn *types.Func) member {
	fn = fn.Origin()
	recv := fn.Signature().Recv()
	if recv == nil {
		return member{"", fn.Name()}
	}
	if obj := typeName(recv.Type()); obj != nil {
		return member{obj.Name(), fn.Name()}
	}
	return member{"interface", fn.Name()} // without a name; no type is called that
}

// of returns the catalogue's name of a member.
func (m member) of(path string) Name {
	if m.owner == "" {
		return Name(path + "." + m.name)
	}
	return Name("(" + path + "." + m.owner + ")." + m.name)
}

// The indexes are derived from the libraries when they are first asked for.
var (
	byRoot    = sync.OnceValue(indexRoots)    // libraries by import path, without the major version
	byPackage = sync.OnceValue(indexPackages) // rows by import path
	executing = sync.OnceValue(indexExecutes) // what runs queries, by library
)

func indexRoots() map[string]*Library {
	byRoot := map[string]*Library{}
	for _, lib := range libraries {
		for _, root := range lib.Paths {
			byRoot[root] = lib
		}
	}
	return byRoot
}

func indexPackages() map[string]*rows {
	byPath := map[string]*rows{}
	for _, lib := range libraries {
		for path, p := range lib.packages {
			if byPath[path] == nil {
				byPath[path] = &rows{library: lib}
			}
			byPath[path].add(path, p)
		}
	}
	return byPath
}

func indexExecutes() map[*Library]map[member]bool {
	byLibrary := map[*Library]map[member]bool{}
	for _, lib := range libraries {
		runs := map[member]bool{}
		for _, row := range lib.Executes {
			for _, m := range row.members() {
				runs[m] = true
			}
		}
		byLibrary[lib] = runs
	}
	return byLibrary
}

// packages yields the packages of the library with their paths: first what the
// forks take over, then what is said of each, so that it holds instead.
func (l *Library) packages(yield func(path string, p *Package) bool) {
	for _, fork := range l.Paths[min(1, len(l.Paths)):] {
		for i := range l.Packages {
			for path := range strings.FieldsSeq(l.Packages[i].Paths) {
				if forked := forkOf(path, l.Paths[0], fork); forked != "" && !yield(forked, &l.Packages[i]) {
					return
				}
			}
		}
	}
	for i := range l.Packages {
		for path := range strings.FieldsSeq(l.Packages[i].Paths) {
			if !yield(path, &l.Packages[i]) {
				return
			}
		}
	}
}

// Forks returns the paths that a package has in the forks of its library.
func Forks(path string) []string {
	lib := libraryAt(path)
	if lib == nil {
		return nil
	}
	var forks []string
	for _, fork := range lib.Paths[1:] {
		if forked := forkOf(path, lib.Paths[0], fork); forked != "" {
			forks = append(forks, forked)
		}
	}
	return forks
}

// forkOf returns the path in a fork of a package, "" if the package is none of the
// library's own.
func forkOf(path, own, fork string) string {
	rest, ok := strings.CutPrefix(path, own)
	if !ok || rest != "" && rest[0] != '/' {
		return ""
	}
	if strings.HasPrefix(fork, "gopkg.in/") && len(rest) > 2 && rest[1] == 'v' && isDigit(rest[2]) {
		return fork + "." + rest[1:]
	}
	return fork + rest
}

// add enters what a literal says of the package at the path.
func (r *rows) add(path string, p *Package) {
	r.addOpeners(path, p)
	for _, m := range members(p.Releases) {
		set(&r.releases, m, &Release{Name: m.of(path), Arg: Receiver})
		r.addHandle(m.owner, p)
	}
	for name, arg := range p.TakeBack {
		m := memberNamed(name)
		set(&r.releases, m, &Release{Name: m.of(path), Arg: arg})
	}
	for _, q := range p.Queries {
		for _, m := range (Methods{q.Types, q.Names}).members() {
			set(&r.queries, m, &Query{
				Name: m.of(path), SQL: q.SQL, Args: q.Args, Handle: p.handle(m.owner),
				Named: q.Flags&named != 0, Copy: q.Flags&copies != 0, Postgres: p.Postgres,
			})
		}
	}
	for name, text := range p.Texts {
		set(&r.texts, memberNamed(name), text)
	}
	for name, handle := range p.Migrates {
		set(&r.migrations, memberNamed(name), handle)
	}
	for _, m := range members(p.Drops) {
		set(&r.empties, m, None)
	}
	for name, condition := range p.Deletes {
		set(&r.empties, memberNamed(name), condition)
	}
	for name, origin := range p.Origins {
		set(&r.origins, name, origin)
	}
	for _, m := range members(p.Names) {
		set(&r.names, m, true)
	}
	for _, m := range members(p.Configures) {
		set(&r.configures, m, true)
	}
	for _, m := range members(p.Parts) {
		set(&r.parts, m, true)
	}
	for _, m := range members(p.Dialers) {
		set(&r.dialers, m.name, true)
	}
	for owner := range strings.FieldsSeq(p.Handles) {
		r.addHandle(owner, p)
	}
	setAll(&r.prepared, p.Prepared)
	setAll(&r.chains, p.Chains)
}

func (r *rows) addHandle(owner string, p *Package) {
	set(&r.handles, owner, true)
	if kind := p.handle(owner); kind != 0 {
		set(&r.kinds, owner, kind)
	}
}

func (r *rows) addOpeners(path string, p *Package) {
	ofReceiver := func(kind Kind, names string) openers {
		return openers{names, Opener{Kind: kind, Source: None, Driver: None, Over: Receiver}}
	}
	add := func(o openers) {
		for _, m := range members(o.names) {
			row := o.row
			row.Name = m.of(path)
			set(&r.openers, m, &row)
		}
	}
	for _, o := range p.Opens {
		add(o)
	}
	add(ofReceiver(Acquired, p.Acquires))
	add(ofReceiver(Tx, p.Begins))
	add(ofReceiver(Stmt, p.Prepares))
	add(ofReceiver(Wrapper, p.Wraps))
}

func set[K comparable, V any](m *map[K]V, key K, value V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[key] = value
}

func setAll(m *map[string]bool, names string) {
	for name := range strings.FieldsSeq(names) {
		set(m, name, true)
	}
}

// members reads a list of names.
func members(names string) []member {
	var all []member
	for name := range strings.FieldsSeq(names) {
		all = append(all, memberNamed(name))
	}
	return all
}

func memberNamed(name string) member {
	if owner, method, ok := strings.Cut(name, "."); ok {
		return member{owner, method}
	}
	return member{"", name}
}

// members returns each method of each type.
func (m Methods) members() []member {
	types := strings.Fields(m.Types)
	if len(types) == 0 {
		types = []string{""}
	}
	var all []member
	for _, owner := range types {
		for name := range strings.FieldsSeq(m.Names) {
			all = append(all, member{owner, name})
		}
	}
	return all
}

// rowsOf returns the rows of the package that declares fn; nil if it has none.
func rowsOf(fn *types.Func) *rows {
	if fn.Pkg() == nil {
		return nil
	}
	return byPackage()[fn.Pkg().Path()]
}

// rowsOfType returns the rows of the package that declares the type, or what it is
// a pointer to, and the type's name; nil if it has none.
func rowsOfType(t types.Type) (*rows, string) {
	obj := typeName(t)
	if obj == nil || obj.Pkg() == nil {
		return nil, ""
	}
	return byPackage()[obj.Pkg().Path()], obj.Name()
}

// libraryAt returns the library that the package at the path belongs to, that with
// the longest path if several do; nil if there is none.
func libraryAt(path string) *Library {
	roots := byRoot()
	for at := withoutVersion(path); at != ""; {
		if lib := roots[at]; lib != nil {
			return lib
		}
		at = at[:max(strings.LastIndexByte(at, '/'), 0)]
	}
	return nil
}

// withoutVersion returns an import path without its major version, which stands
// before the first slash that follows, or at the end.
func withoutVersion(path string) string {
	for i := 0; i+2 < len(path); i++ {
		if path[i+1] != 'v' || path[i] != '/' && path[i] != '.' || !isDigit(path[i+2]) {
			continue
		}
		end := i + 3
		for end < len(path) && isDigit(path[end]) {
			end++
		}
		if end == len(path) || path[end] == '/' {
			return withoutVersion(path[:i] + path[end:])
		}
	}
	return path
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
