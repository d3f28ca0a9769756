package driver

import (
	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
)

// remembered is what an earlier run made of the files that it read.
type remembered[T any] struct {
	Reads []config.Read
	Value T
}

// Remember returns what compute makes of a module's files, which it reads through the
// configuration: that of an earlier run while the files that it read are unchanged. The
// value is plain data, so that the cache can hold it.
func Remember[T any](o Options, what string, c *config.Config, compute func(*config.Config) (T, error)) (T, error) {
	if o.Cache == nil {
		return compute(c)
	}
	h := cache.NewHash("remembered")
	h.Add(o.Tool, config.Given(), c.Files.Root(), what)
	var was remembered[T]
	if load(o.Cache, h.Key(), &was) && unchanged(c.Files, was.Reads) {
		return was.Value, nil
	}
	value, err := compute(c)
	if err == nil {
		err = save(o.Cache, h.Key(), remembered[T]{c.Files.Reads(), value})
	}
	return value, err
}
