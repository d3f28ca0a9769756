// Package echo declares what tests use of the library.
package echo

import "net/http"

type (
	HandlerFunc    func(c Context) error
	MiddlewareFunc func(next HandlerFunc) HandlerFunc
	Echo           struct{}
	Group          struct{}
	Context        interface {
		Param(name string) string
		Get(key string) any
		Set(key string, value any)
		Request() *http.Request
		NoContent(code int) error
	}
)

func New() *Echo { return nil }

func (e *Echo) Group(prefix string, m ...MiddlewareFunc) *Group         { return nil }
func (e *Echo) Use(m ...MiddlewareFunc)                                 {}
func (e *Echo) DELETE(path string, h HandlerFunc, m ...MiddlewareFunc)  {}
func (g *Group) Group(prefix string, m ...MiddlewareFunc) *Group        { return nil }
func (g *Group) Use(m ...MiddlewareFunc)                                {}
func (g *Group) DELETE(path string, h HandlerFunc, m ...MiddlewareFunc) {}
