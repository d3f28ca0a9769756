package tenantfilter

import (
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/byid"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/routes"
)

// served are the evidence of a package for what is done before a handler runs.
type served struct {
	Routes      []routes.Route
	Middlewares []byid.Middleware
}

func recordRoutes(pass *analysis.Pass, report *finding.Reporter) {
	found := served{pass.ResultOf[routes.Analyzer].(*routes.Package).Routes, pass.ResultOf[byid.Analyzer].(*byid.Package).Middlewares}
	if len(found.Routes)+len(found.Middlewares) > 0 {
		report.Evidence(pass.Pkg.Path(), pass.Files[0].Package, found)
	}
}

// A router knows the routes and middlewares of all packages, by name.
type router struct {
	routes map[string][]routes.Route
	guards map[string][]byid.Guard
}

func (r router) add(s served) {
	for _, route := range s.Routes {
		r.routes[route.Of] = append(r.routes[route.Of], route)
	}
	for _, m := range s.Middlewares {
		r.guards[m.Func] = append(r.guards[m.Func], m.Guards...)
	}
}

// maxMounts bounds the routers and functions between a handler and its middlewares.
const maxMounts = 8

// guard returns what guards the row of a change wherever a request comes to the handler that asks for it.
func (r router) guard(by *asking) (first byid.Guard, ok bool) {
	fits := func(g byid.Guard) bool {
		return slices.Contains(by.Carried, g.Name) && (g.Asks || len(by.Tables) == 0 || len(g.Tables) == 0 ||
			slices.ContainsFunc(g.Tables, func(t string) bool { return slices.Contains(by.Tables, t) }))
	}
	return r.onEvery(by.Func, fits, maxMounts)
}

// onEvery returns such a guard on each of the routes to what has a name.
func (r router) onEvery(of string, fits func(byid.Guard) bool, hops int) (first byid.Guard, ok bool) {
	if hops == 0 {
		return first, false
	}
	for _, route := range r.routes[of] {
		if first, ok = r.behind(route.Behind, fits, hops-1); !ok {
			return first, false
		}
	}
	return first, ok
}

// behind returns such a guard among those of middlewares, or of what stands for some.
func (r router) behind(names []string, fits func(byid.Guard) bool, hops int) (first byid.Guard, ok bool) {
	for _, name := range names {
		if i := slices.IndexFunc(r.guards[name], fits); i >= 0 {
			return r.guards[name][i], true
		}
		if first, ok = r.onEvery(name, fits, hops); ok {
			return first, true
		}
	}
	return first, false
}

// settle notes which changes are asked for behind a middleware that guards their rows.
func (r router) settle(by *asking) {
	if by.Loaded || by.Func == "" {
		return
	}
	if g, ok := r.guard(by); ok {
		by.Loaded, by.Load, by.Asked = true, g.Query, g.Asks
	}
}
