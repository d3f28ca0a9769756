// Package gin declares what tests use of the library.
package gin

import "net/http"

type (
	HandlerFunc func(*Context)
	Context     struct{ Request *http.Request }
	RouterGroup struct{}
	Engine      struct{ RouterGroup }
)

func New() *Engine { return nil }

func (g *RouterGroup) Group(path string, handlers ...HandlerFunc) *RouterGroup { return g }
func (g *RouterGroup) Use(handlers ...HandlerFunc)                             {}
func (g *RouterGroup) GET(path string, handlers ...HandlerFunc)                {}
func (g *RouterGroup) DELETE(path string, handlers ...HandlerFunc)             {}

func (c *Context) Param(name string) string           { return "" }
func (c *Context) Set(key string, value any)          {}
func (c *Context) MustGet(key string) any             { return nil }
func (c *Context) GetString(key string) string        { return "" }
func (c *Context) Next()                              {}
func (c *Context) AbortWithStatus(code int)           {}
func (c *Context) Status(code int)                    {}
func (c *Context) AbortWithError(code int, err error) {}
