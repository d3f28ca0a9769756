// Package fiber declares what tests use of the library.
package fiber

import "context"

type (
	Handler = func(*Ctx) error
	Ctx     struct{}
	App     struct{}
	Router  interface {
		Use(args ...any) Router
		Group(prefix string, handlers ...Handler) Router
		Delete(path string, handlers ...Handler) Router
	}
)

func New() *App { return nil }

func (a *App) Use(args ...any) Router                          { return nil }
func (a *App) Group(prefix string, handlers ...Handler) Router { return nil }
func (a *App) Delete(path string, handlers ...Handler) Router  { return nil }

func (c *Ctx) Params(key string, defaultValue ...string) string { return "" }
func (c *Ctx) Locals(key any, value ...any) any                 { return nil }
func (c *Ctx) Context() context.Context                         { return nil }
func (c *Ctx) SendStatus(status int) error                      { return nil }
func (c *Ctx) Next() error                                      { return nil }
