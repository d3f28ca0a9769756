package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/command"
)

// manageCache says where the cache is and how large, or removes it.
func manageCache(_ context.Context, args []string, stdout, _ io.Writer) (status int, err error) {
	clear := len(args) == 1 && args[0] == "clean"
	if len(args) > 0 && !clear {
		return 0, errors.New("takes nothing or clean")
	}
	dir, ok := cache.Dir()
	if !ok {
		fmt.Fprintln(stdout, "results are not kept; POOLLINT_CACHE may name an absolute directory for them")
		return command.Clean, nil
	}
	store, err := cache.Open(dir)
	if err != nil {
		return 0, err
	}
	if clear {
		if err := store.Clean(); err != nil {
			return 0, err
		}
		return command.Clean, nil
	}
	n, bytes := store.Size()
	fmt.Fprintf(stdout, "%s: %d entries, %.1f MiB\n", dir, n, float64(bytes)/(1<<20))
	return command.Clean, nil
}
