package routes

import (
	"go/types"
	"regexp"
	"slices"

	"github.com/poollint/poollint/internal/flow"
)

// A library is a library of routers.
type library struct {
	routers *regexp.Regexp // the types that are routers, by name
	first   bool           // the handler stands before its middlewares, not behind them
	params  []string       // what hands out a parameter of the URL by its name
	index   bool           // that hands out all of them, and an index takes one
	hides   bool           // a router's middlewares are told no parameter of the routes below it
}

// libraries are those that are known, by path without version.
var libraries = map[string]library{
	"net/http":                            {routers: regexp.MustCompile(`^ServeMux$`), params: []string{"PathValue"}},
	"github.com/go-chi/chi":               {routers: regexp.MustCompile(`^(Mux|Router)$`), params: []string{"URLParam", "URLParamFromCtx"}, hides: true},
	"github.com/gin-gonic/gin":            {routers: regexp.MustCompile(`^(Engine|RouterGroup|IRouter|IRoutes)$`), params: []string{"Param"}},
	"github.com/labstack/echo":            {routers: regexp.MustCompile(`^(Echo|Group)$`), first: true, params: []string{"Param"}},
	"github.com/gofiber/fiber":            {routers: regexp.MustCompile(`^(App|Group|Router)$`), params: []string{"Params"}},
	"github.com/gorilla/mux":              {routers: regexp.MustCompile(`^(Router|Route)$`), params: []string{"Vars"}, index: true},
	"github.com/julienschmidt/httprouter": {params: []string{"ByName"}},
	"github.com/uptrace/bunrouter":        {params: []string{"Param"}},
}

var version = regexp.MustCompile(`/v\d+$`)

// of returns the library that a package is of; the zero library if none is known.
func of(pkg *types.Package) library {
	if pkg == nil {
		return library{}
	}
	return libraries[version.ReplaceAllString(pkg.Path(), "")]
}

// HandsParam reports whether a function hands out a parameter of the URL by its name, the last argument or,
// if it is to be indexed, the index.
func HandsParam(fn *types.Func, indexed bool) bool {
	l := of(fn.Pkg())
	return slices.Contains(l.params, fn.Name()) && l.index == indexed
}

// HidesParams reports whether a package is of a library whose routers tell their middlewares no parameter
// of the routes below them.
func HidesParams(pkg *types.Package) bool { return of(pkg).hides }

// libraryOf returns the library of a router; ok is false if values of the type are none.
func libraryOf(t types.Type) (l library, ok bool) {
	if t == nil {
		return l, false
	}
	named, ok := types.Unalias(flow.Pointee(t)).(*types.Named)
	if !ok {
		return l, false
	}
	l = of(named.Obj().Pkg())
	return l, l.routers != nil && l.routers.MatchString(named.Obj().Name())
}

func isRouter(t types.Type) bool { _, ok := libraryOf(t); return ok }
