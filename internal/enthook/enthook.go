// Package enthook finds what adds the tenant to all that a client of ent does, or to all that is
// done to an entity: hooks, interceptors and privacy policies, of clients, schemas and mixins.
package enthook

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A Deed is what can be limited to a tenant.
type Deed uint8

// The deeds, those that change rows as ent numbers its operations.
const (
	Inserts Deed = 1 << iota
	updates
	updatesOne
	deletes
	deletesOne
	Reads

	Changes   = updates | updatesOne | deletes | deletesOne
	mutations = Inserts | Changes
)

// builders are what the types do that ent generates for changes, by the ends of their names.
var builders = map[string]Deed{"Update": updates, "UpdateOne": updatesOne, "Delete": deletes, "DeleteOne": deletesOne}

// A Does says that code adds the tenant to deeds, of an entity if it names one.
type Does struct {
	Deed   Deed
	Entity string // in lower case; empty for whatever the code is registered for
}

// A Registration is what a client or a schema is given.
type Registration struct {
	By     string // what it is registered by, for people
	Client string // the package of the client; empty for that of a schema
	Entity string // in lower case; empty for all
	Deed   Deed   // what runs it
	Does   []Does // as far as the package shows
	Calls  []Call // functions of other packages
}

// A Call is what a function of another package is called for.
type Call struct {
	Name string
	Deed Deed
}

// A Package is what a package registers, and what functions do that others may register.
type Package struct {
	Registered []Registration
	Functions  map[string][]Does
}

// A Target is something that is done to an entity.
type Target struct {
	Client, Entity string
	Deed           Deed
}

// builds ends the names of the types that ent generates for an entity.
var builds = regexp.MustCompile(`(Client|Query|Select|GroupBy|Create|CreateBulk|Update|UpdateOne|Delete|DeleteOne|Upsert\w*|Mutation|Filter)$`)

// entityOf returns the entity that a generated type is for.
func entityOf(typeName string) string {
	return strings.ToLower(builds.ReplaceAllString(typeName, ""))
}

// TargetOf returns the target of a method of a generated type, such as (shop/ent.DocQuery).All.
func TargetOf(method string, deed Deed) Target {
	owner, _, _ := strings.Cut(strings.TrimPrefix(method, "("), ").")
	i := strings.LastIndex(owner, ".")
	if i < 0 || !builds.MatchString(owner[i+1:]) {
		return Target{}
	}
	if of := builders[builds.FindString(owner[i+1:])]; of != 0 {
		deed &= of
	}
	return Target{owner[:i], entityOf(owner[i+1:]), deed}
}

// Hooks is what the packages of a module register, with what the functions of other packages do.
type Hooks []Registration

// Together returns what packages register.
func Together(packages []Package) (all Hooks) {
	functions := map[string][]Does{}
	for _, p := range packages {
		maps.Copy(functions, p.Functions)
	}
	for _, p := range packages {
		for _, r := range p.Registered {
			for _, call := range r.Calls {
				for _, d := range functions[call.Name] {
					r.Does = append(slices.Clip(r.Does), Does{d.Deed & call.Deed, d.Entity})
				}
			}
			all = append(all, r)
		}
	}
	return all
}

// Limits returns what limits a target to a tenant, empty if nothing does.
func (h Hooks) Limits(t Target) (by string) {
	if t.Entity == "" {
		return ""
	}
	for _, r := range h {
		if r.Deed&t.Deed == 0 || r.Client != "" && r.Client != t.Client || r.Entity != "" && r.Entity != t.Entity {
			continue
		}
		if slices.ContainsFunc(r.Does, func(d Does) bool { return d.Deed&t.Deed != 0 && (d.Entity == "" || d.Entity == t.Entity) }) {
			by = cmp.Or(min(by, r.By), r.By)
		}
	}
	return by
}
