// Package chi declares what tests use of the library.
package chi

import "net/http"

type Router interface {
	http.Handler
	Use(middlewares ...func(http.Handler) http.Handler)
	With(middlewares ...func(http.Handler) http.Handler) Router
	Group(fn func(r Router)) Router
	Route(path string, fn func(r Router)) Router
	Mount(path string, h http.Handler)
	Get(path string, h http.HandlerFunc)
	Delete(path string, h http.HandlerFunc)
	Method(method, path string, h http.Handler)
}

func NewRouter() Router                           { return nil }
func URLParam(r *http.Request, key string) string { return "" }
