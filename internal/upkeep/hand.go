package upkeep

import (
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/tenantname"
)

// once are words in the names of commands that somebody runs over all rows.
var once = []string{
	"backfill", "backfiller", "cleaner", "cleanup", "dedup", "dedupe", "migrate", "migration", "migrations", "migrator", "oneoff", "oneshot", "onetime",
	"prune", "pruner", "purge", "purger", "reencrypt", "rehash", "reindex", "rekey", "repair", "seed", "seeder", "vacuum",
}

// ByHand says which command at the position is run by hand: a package main that is named
// for it and serves no requests; nobody else can call its functions.
func (p *Package) ByHand(pos token.Pos) string {
	if p.reader == nil {
		return ""
	}
	return p.reader.byHand(pos)
}

func (r *reader) byHand(pos token.Pos) string {
	if r.pass.Pkg.Name() != "main" {
		return ""
	}
	name, ok := config.Of(r.pass).Files.Rel(r.pass.Fset.PositionFor(pos, false).Filename)
	if !ok {
		return ""
	}
	named := func(name string) bool {
		words := tenantname.Split(name)
		for i := range words[:max(0, len(words)-1)] {
			words = append(words, words[i]+words[i+1]) // clean-up
		}
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(once, w) })
	}
	dir, file := path.Split(strings.TrimSuffix(name, ".go"))
	if !named(path.Base(dir)) && !named(file) || r.serves() {
		return ""
	}
	return "is run by hand: " + strings.TrimSuffix(name, "/main.go")
}

// serves reports whether the package has a server or a handler of requests.
func serves(info *types.Info) bool {
	names := []string{"ListenAndServe", "ListenAndServeTLS", "Serve", "ServeHTTP", "ServeTLS", "HandleFunc", "ResponseWriter"}
	for id, obj := range info.Uses {
		if slices.Contains(names, id.Name) && !isVar(obj) || isHandlers(obj) {
			return true
		}
	}
	for id := range info.Defs {
		if id.Name == "ServeHTTP" {
			return true
		}
	}
	return false
}

func isVar(obj types.Object) bool {
	_, ok := obj.(*types.Var)
	return ok
}

// isHandlers reports whether the object is a type that web frameworks hand to what handles
// a request: a context that answers in JSON.
func isHandlers(obj types.Object) bool {
	t, ok := obj.(*types.TypeName)
	if !ok || t.Name() != "Context" && t.Name() != "Ctx" {
		return false
	}
	answer, _, _ := types.LookupFieldOrMethod(types.NewPointer(t.Type()), true, t.Pkg(), "JSON")
	_, ok = answer.(*types.Func)
	return ok
}
