package main

import (
	"context"
	"fmt"
	"io"

	"github.com/poollint/poollint/internal/cache"
)

// manageCache says where the cache is and how large, or removes it.
func manageCache(_ context.Context, args []string, stdout, stderr io.Writer) int {
	clear := len(args) == 1 && args[0] == "clean"
	if len(args) > 0 && !clear {
		return fail(stderr, "cache takes nothing or clean")
	}
	dir, ok := cache.Dir()
	if !ok {
		fmt.Fprintln(stdout, "results are not kept; POOLLINT_CACHE may name an absolute directory for them")
		return clean
	}
	store, err := cache.Open(dir)
	if err != nil {
		return fail(stderr, "%v", err)
	}
	if clear {
		if err := store.Clean(); err != nil {
			return fail(stderr, "%v", err)
		}
		return clean
	}
	n, bytes := store.Size()
	fmt.Fprintf(stdout, "%s: %d entries, %.1f MiB\n", dir, n, float64(bytes)/(1<<20))
	return clean
}
