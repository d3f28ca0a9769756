// Package mux declares what tests use of the library.
package mux

import "net/http"

type (
	Router         struct{}
	Route          struct{}
	MiddlewareFunc func(http.Handler) http.Handler
)

func NewRouter() *Router                     { return nil }
func Vars(r *http.Request) map[string]string { return nil }

func (r *Router) ServeHTTP(http.ResponseWriter, *http.Request) {}
func (r *Router) Use(middlewares ...MiddlewareFunc)            {}
func (r *Router) PathPrefix(prefix string) *Route              { return nil }
func (r *Router) HandleFunc(path string, f func(http.ResponseWriter, *http.Request)) *Route {
	return nil
}
func (r *Route) Subrouter() *Router               { return nil }
func (r *Route) Methods(methods ...string) *Route { return r }
