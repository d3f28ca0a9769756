package tenantfilter

import (
	"cmp"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/tenancy"
	"github.com/poollint/poollint/internal/tenantname"
)

// byDesign is the tier of statements that are meant for the rows of all tenants.
const byDesign tenancy.Tier = "by-design"

// purposes say what shows the purpose of a statement.
var purposes = map[tenancy.Purpose]string{
	tenancy.Claim:   "claims rows with SKIP LOCKED",
	tenancy.Take:    "takes the next rows in a state with FOR UPDATE",
	tenancy.Sweep:   "sweeps by age",
	tenancy.Requeue: "moves on what is old",
	tenancy.Tally:   "only counts the rows of what all share",
}

// design returns what shows that a statement is meant for the rows of all tenants, empty
// if nothing does. One that only forgets the tenant it was given is not.
func (c *checker) design(l *leak) string {
	switch {
	case c.config.Tenant.ByDesign == "error", l.Tier == tenancy.Unseen:
		return ""
	case l.Tier == tenancy.ByID && c.byID.Fixed(l.site, l.Table.Name):
		return "names its row by a constant"
	case l.Purpose != tenancy.NoPurpose || l.Secret:
		if l.sometimes || l.site.Func != nil && c.tenantParameter(l.site.Func, l.Column) != "" {
			return ""
		}
		return cmp.Or(purposes[l.Purpose], "finds its row by a secret")
	case l.Reason == tenancy.NotPinned || l.Reason == tenancy.OptionalFilter:
		return c.runsOnce(l.site.Pos)
	}
	return ""
}

// once are words in the names of commands that somebody runs over all rows.
var once = []string{
	"backfill", "backfiller", "cleaner", "cleanup", "dedup", "dedupe", "migrate", "migration", "migrations", "migrator", "oneoff", "oneshot", "onetime",
	"prune", "pruner", "purge", "purger", "reencrypt", "rehash", "reindex", "rekey", "repair", "seed", "seeder", "vacuum",
}

// runsOnce says which command at the position is run by hand: a package main that is named
// for it and serves no requests; nobody else can call its functions.
func (c *checker) runsOnce(pos token.Pos) string {
	name, ok := c.config.Files.Rel(c.pass.Fset.PositionFor(pos, false).Filename)
	if !ok || c.pass.Pkg.Name() != "main" {
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
	if !named(path.Base(dir)) && !named(file) || c.serves() {
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
