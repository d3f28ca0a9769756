package main

import (
	"io"
	"os"
	"testing"

	"github.com/poollint/poollint/internal/command"
)

// BenchmarkLint runs everything on a module, testdata/service unless
// POOLLINT_BENCH_DIR names another, in each state of the cache.
func BenchmarkLint(b *testing.B) {
	dir := os.Getenv("POOLLINT_BENCH_DIR")
	if dir == "" {
		dir = "../../testdata/service"
	}
	lintOnce := func(b *testing.B) {
		if status := program().Main(b.Context(), []string{"-progress=off", "./..."}, io.Discard, os.Stderr); status == command.Failed {
			b.Log("some packages could not be analysed")
		}
	}
	for _, state := range []struct {
		name  string
		fresh bool
	}{{"first", true}, {"hot", false}} {
		b.Run(state.name, func(b *testing.B) {
			b.Chdir(dir)
			b.Setenv("POOLLINT_CACHE", b.TempDir())
			b.ReportAllocs()
			lintOnce(b)
			for b.Loop() {
				if state.fresh {
					b.Setenv("POOLLINT_CACHE", b.TempDir())
				}
				lintOnce(b)
			}
		})
	}
}
